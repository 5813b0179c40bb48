import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from pulumi_rdsclone.presentation.properties import from_properties
from rds_emulator import Emulator
from tests.support.sandboxes import PROVIDER, environment
from tests.support.stacks import make_stack

pytestmark = pytest.mark.engine


def program(**point: str) -> str:
    return f"""
    rdsclone.CloneInstance(
        "staging",
        source_instance_id="rm-demo-mysql80",
        restore_point={point!r},
        description="staging",
    )
    """


def write_file(emulator: Emulator, path: Path, *clones: str) -> None:
    env = {
        **os.environ,
        "PYTHONPATH": str(PROVIDER),
        "ALIBABA_CLOUD_ACCESS_KEY_ID": emulator.access_key_id,
        "ALIBABA_CLOUD_ACCESS_KEY_SECRET": emulator.access_key_secret,
        "ALIBABA_CLOUD_REGION_ID": emulator.region,
    }
    command = [sys.executable, "-m", "pulumi_rdsclone.cli", "import-file", *clones]
    told = subprocess.run(
        [*command, "--endpoint", emulator.url], env=env, capture_output=True, text=True, check=True
    )
    path.write_text(told.stdout, "utf-8")


def test_lost_clone_comes_back_and_the_inputs_of_the_file_change_nothing(
    tmp_path: Path, cli: Path, emulator: Emulator
) -> None:
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


def test_inputs_of_the_file_clone_again(tmp_path: Path, cli: Path, emulator: Emulator) -> None:
    stack = make_stack(tmp_path / "project", environment(tmp_path, cli), emulator)
    stack.write(
        """
    rdsclone.CloneInstance(
        "staging",
        source_instance_id="rm-demo-mysql80",
        restore_point={"latest": "backup"},
        capacity={"storage_gb": 200},
        network={"connection_prefix": "orders-a", "public_endpoint": True},
    )
    """
    )
    stack.must(stack.up())
    resource = stack.resources()["staging"]
    stack.must(stack.run("state", "delete", resource["urn"], "--yes"))
    file = tmp_path / "clones.json"
    write_file(emulator, file, f"staging={resource['id']}")

    (brought,) = json.loads(file.read_text("utf-8"))["resources"]
    hidden = {"__provider", "cloneKey"}
    inputs = {n: value for n, value in brought["inputs"].items() if n not in hidden}
    arguments = from_properties(inputs, lambda _: False)
    stack.write(
        f"""
    for name in ("staging", "second"):
        rdsclone.CloneInstance(name, **{arguments!r})
    """
    )
    stack.must(stack.run("import", "--file", str(file), "--yes", "--generate-code=false"))
    up = stack.must(stack.up())
    clones = [emulator.instance(one["id"]) for one in stack.resources().values()]

    assert {
        "sourceInstanceId": "rm-demo-mysql80",
        "restorePoint": {"backupId": "1000000109"},
        "region": "cn-hangzhou",
        "capacity": {"storageGb": 200},
        "network": {"publicEndpoint": True},
    } == inputs
    assert "+ 1 created" in up.text
    assert [200, 200] == [one.storage_gb for one in clones]
    assert all(one.public_endpoint for one in clones)
    stack.must(stack.preview("--expect-no-changes"))
