"""
The real Pulumi engine against the emulator.
"""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from rds_emulator import Emulator
from sandbox import environment
from tests.support.stacks import BORDERS, Border, Stack, make_stack

SCHEMA: Final = Path(__file__).parents[2] / "schema.json"


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


@pytest.fixture(scope="session")
def python_sdk(tmp_path_factory: pytest.TempPathFactory, cli: Path) -> Path:
    """
    Give the folder of the Python SDK that Pulumi generates for the plugin.
    """
    folder = tmp_path_factory.mktemp("sdk")
    command = ["pulumi", "package", "gen-sdk", str(SCHEMA), "--language", "python"]
    subprocess.run(
        [*command, "--out", str(folder)],
        env=environment(folder / "home", cli),
        check=True,
        capture_output=True,
    )
    # What pip would leave: the package asks for its own version.
    info = folder / "python" / "pulumi_rdsclone_sdk.dist-info"
    info.mkdir()
    version = json.loads(SCHEMA.read_text("utf-8"))["version"]
    (info / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: pulumi_rdsclone_sdk\nVersion: {version}\n",
        "utf-8",
    )
    return folder / "python"


@pytest.fixture(params=BORDERS)
def border(request: pytest.FixtureRequest) -> Border:
    """
    Give the borders by which a program reaches the provider, one after the other.
    """
    chosen: Border = request.param
    return chosen


@pytest.fixture
def sdk(border: Border, request: pytest.FixtureRequest) -> Path | None:
    """
    Give the generated SDK where the border is the plugin.
    """
    return request.getfixturevalue("python_sdk") if border == "plugin" else None


@pytest.fixture
def stack(tmp_path: Path, cli: Path, emulator: Emulator, sdk: Path | None) -> Stack:
    """
    Give a project that runs with the newest Pulumi SDK.
    """
    env = environment(tmp_path, cli)
    return make_stack(tmp_path / "project", env, emulator, sdk)


@pytest.fixture
def floor_stack(tmp_path: Path, cli: Path, sdk_floor: str, emulator: Emulator) -> Stack:
    """
    Give a project that runs with the oldest supported Pulumi SDK.
    """
    env = environment(tmp_path, cli, sdk_floor)
    return make_stack(tmp_path / "project", env, emulator)
