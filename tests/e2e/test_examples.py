"""
Every example, run as its README says, against the emulator.
"""

import shutil
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from pulumi_rdsclone.domain.times import format_instant
from rds_emulator import Emulator
from sandbox import environment
from tests.support.stacks import Stack, configure

pytestmark = pytest.mark.engine

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
RUN_HERE = {"preview-report", "quickstart"}


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


def test_preview_report(tmp_path: Path, cli: Path, emulator: Emulator) -> None:
    """
    The reports of good and bad clones become one table, with what is wrong below.
    """
    folder = tmp_path / "preview-report"
    shutil.copytree(EXAMPLES / "preview-report", folder)
    stack = Stack(folder, environment(tmp_path, cli))
    stack.env["RDSCLONE_REPORT"] = "report.json"
    configure(stack, emulator)
    comments = []
    for source in ("rm-demo-mysql80", "rm-demo-no-log-backup"):
        stack.must(stack.run("config", "set", "source", source))
        stack.preview()
        comments.append(comment(folder))
    good, bad = comments

    assert 2 == good.count("| ✅ |")
    assert "MySQL `rm-demo-mysql80` as of 20" in good
    assert "CNY per hour" in good
    assert (1, 1) == (bad.count("| ✅ |"), bad.count("| ❌ |"))
    assert "- **newest** error: `restorePoint` log backup of rm-demo-no-log" in bad


def comment(folder: Path) -> str:
    """
    Run the example's comment.py.
    """
    done = subprocess.run(
        [sys.executable, "comment.py", "report.json"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout
