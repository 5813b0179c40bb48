"""
Every example, run as its README says, against the emulator.
"""

import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from pulumi_rdsclone.domain.times import format_instant
from rds_emulator import Emulator
from sandbox import environment
from tests.support.stacks import Stack, configure

pytestmark = pytest.mark.engine

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
RUN_HERE = {"quickstart"}


def test_every_example_is_run() -> None:
    """
    No example stands in the tree without a test.
    """
    assert {path.name for path in EXAMPLES.iterdir()} == RUN_HERE


def test_quickstart(tmp_path: Path, cli: Path, emulator: Emulator) -> None:
    """
    Two clones of one instance come up, by time and by backup set, and go again.
    """
    folder = tmp_path / "quickstart"
    shutil.copytree(EXAMPLES / "quickstart", folder)
    stack = Stack(folder, environment(tmp_path, cli))
    configure(stack, emulator)
    time = format_instant(emulator.clock.now() - timedelta(hours=1))
    stack.must(stack.run("config", "set", "source", "rm-demo-mysql80"))
    stack.must(stack.run("config", "set", "time", time))

    stack.must(stack.preview())
    stack.must(stack.up())
    outputs = stack.outputs()

    assert time == outputs["byTimeRestoredFrom"]["time"]
    assert "1000000109" == outputs["byBackupRestoredFrom"]["backupId"]
    assert outputs["byBackupEndpoint"].endswith(".mysql.rds.aliyuncs.com:3306")
    assert 150 in {i.storage_gb for i in emulator.instances() if i.restored_from}

    stack.must(stack.run("destroy", "--yes", "--skip-preview"))

    assert [] == [i for i in emulator.instances() if i.restored_from]
