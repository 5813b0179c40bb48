"""
Instances that exist become dynamic clones by a file.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from rds_emulator import Emulator
from tests.support.sandboxes import PROVIDER, environment
from tests.support.stacks import make_stack

pytestmark = pytest.mark.engine


def program(**point: str) -> str:
    """
    Give a program with one clone of a restore point.
    """
    return f"""
    rdsclone.CloneInstance(
        "staging",
        source_instance_id="rm-demo-mysql80",
        restore_point={point!r},
        description="staging",
    )
    """


def write_file(emulator: Emulator, path: Path, *clones: str) -> None:
    """
    Write the import file for *clones*.
    """
    env = {
        **os.environ,
        "PYTHONPATH": str(PROVIDER),
        "ALIBABA_CLOUD_ACCESS_KEY_ID": emulator.access_key_id,
        "ALIBABA_CLOUD_ACCESS_KEY_SECRET": emulator.access_key_secret,
        "ALIBABA_CLOUD_REGION_ID": emulator.region,
    }
    command = [sys.executable, "-m", "pulumi_rdsclone.cli", "import-file", *clones]
    told = subprocess.run(
        [*command, "--endpoint", emulator.url],
        env=env,
        capture_output=True,
        text=True,
        check=True,
    )
    path.write_text(told.stdout, "utf-8")


def test_clone_that_the_state_has_lost(
    tmp_path: Path, cli: Path, emulator: Emulator
) -> None:
    """
    A clone comes back into the state; a program with the file's inputs changes nothing.
    """
    stack = make_stack(tmp_path / "project", environment(tmp_path, cli), emulator)
    stack.write(program(latest="time"))
    stack.must(stack.up())
    resource = stack.resources()["staging"]
    stack.must(stack.run("state", "delete", resource["urn"], "--yes"))
    file = tmp_path / "clones.json"
    write_file(emulator, file, f"staging={resource['id']}")

    (brought,) = json.loads(file.read_text("utf-8"))["resources"]
    stack.write(program(**brought["inputs"]["restorePoint"]))
    imported = stack.must(
        stack.run(
            "import",
            "--file",
            str(file),
            "--yes",
            "--skip-preview",
            "--generate-code=false",
            "--protect=false",
        )
    )

    assert "1 imported" in imported.text
    assert resource["id"] == stack.resources()["staging"]["id"]
    stack.must(stack.run("up", "--yes", "--expect-no-changes"))
    assert 1 == emulator.journal.count("CloneDBInstance")
