"""
The real Pulumi engine against the emulator.
"""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from rds_emulator import Emulator
from sandbox import environment
from tests.support.stacks import Stack, make_stack


@pytest.fixture(scope="session")
def cli() -> Path:
    """
    Give the folder of the Pulumi CLI; without one the test is skipped.
    """
    found = os.environ.get("RDSCLONE_PULUMI") or shutil.which("pulumi")
    if found:
        return Path(found).parent if Path(found).is_file() else Path(found)
    if os.environ.get("RDSCLONE_REQUIRE_ENGINE"):
        pytest.fail("there is no Pulumi CLI, and this run must have one")
    pytest.skip("there is no Pulumi CLI: run make pulumi")


@pytest.fixture(scope="session")
def sdk_floor() -> str:
    """
    Give an interpreter with the oldest supported Pulumi SDK.
    """
    found = os.environ.get("RDSCLONE_FLOOR")
    if found:
        return found
    if os.environ.get("RDSCLONE_REQUIRE_ENGINE"):
        pytest.fail("there is no oldest SDK, and this run must have one")
    pytest.skip("the oldest Pulumi SDK is not set up: run make test")


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    """
    Give an emulator with the demo's sources; a clone takes half a second.
    """
    with Emulator(clone_seconds=0.5, delete_seconds=0.1) as running:
        yield running


@pytest.fixture
def stack(tmp_path: Path, cli: Path, emulator: Emulator) -> Stack:
    """
    Give a project that runs with the newest Pulumi SDK.
    """
    return make_stack(tmp_path / "project", environment(tmp_path, cli), emulator)


@pytest.fixture
def floor_stack(tmp_path: Path, cli: Path, sdk_floor: str, emulator: Emulator) -> Stack:
    """
    Give a project that runs with the oldest supported Pulumi SDK.
    """
    env = environment(tmp_path, cli, sdk_floor)
    return make_stack(tmp_path / "project", env, emulator)
