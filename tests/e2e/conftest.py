"""
The real Pulumi engine against the emulator.
"""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import pytest

from sdks import generate_sdk
from tests.support.emulators import Emulator
from tests.support.languages import Toolbox, as_installed, compile_java_sdk, compile_typescript_sdk
from tests.support.sandboxes import environment
from tests.support.stacks import BORDERS, Border, Stack, make_stack


@pytest.fixture(scope="session")
def cli() -> Path:
    """
    Return the folder of the Pulumi CLI; without one the test is skipped.
    """
    found = os.environ.get("RDSCLONE_PULUMI") or shutil.which("pulumi")
    if not found:
        lack("there is no Pulumi CLI: run make pulumi")
    return Path(found).parent if Path(found).is_file() else Path(found)


@pytest.fixture(scope="session")
def sdk_floor() -> str:
    found = os.environ.get("RDSCLONE_FLOOR")
    if not found:
        lack("the oldest Pulumi SDK is not set up: run make test")
    return found


@pytest.fixture(scope="session")
def sdk_folder(cli: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sdk")
    for language in ("python", "nodejs", "go"):
        generate_sdk(language, folder, cli)
    return folder


@pytest.fixture(scope="session")
def toolbox(sdk_folder: Path) -> Toolbox:
    return Toolbox(sdk_folder)


@pytest.fixture(scope="session")
def go_toolbox(toolbox: Toolbox) -> Toolbox:
    """
    Return what programs in Go are made with; without Go the test is skipped.
    """
    if shutil.which("go") is None:
        lack("there is no Go: install it as https://go.dev/doc/install says")
    return toolbox


@pytest.fixture(scope="session")
def typescript_toolbox(sdk_folder: Path) -> Toolbox:
    node = ready("RDSCLONE_NODE")
    if node is None or shutil.which("node") is None:
        lack("TypeScript is not set up: install Node.js 20 or newer, run make test")
    made = Toolbox(sdk_folder, node=node)
    compile_typescript_sdk(made)
    return made


@pytest.fixture(scope="session")
def java_toolbox(sdk_folder: Path, cli: Path) -> Toolbox:
    """
    Return what programs in Java are made with, the SDK compiled; Java is optional.
    """
    java = ready("RDSCLONE_JAVA")
    if java is None or not (cli / "pulumi-language-java").exists():
        pytest.skip("Java is not set up: install a JDK and Maven, run make test")
    generate_sdk("java", sdk_folder, cli)
    made = Toolbox(sdk_folder, java=java)
    compile_java_sdk(made)
    return made


def ready(variable: str) -> Path | None:
    """
    Return the folder that *variable* names, if its set-up has ended well.
    """
    folder = Path(os.environ.get(variable) or "nowhere")
    return folder if (folder / ".ready").is_file() else None


def lack(what: str) -> NoReturn:
    """
    Skip a test for want of *what*; fail it where nothing may be left out.
    """
    if os.environ.get("RDSCLONE_REQUIRE_ENGINE"):
        pytest.fail(f"this run must not skip a test: {what}")
    pytest.skip(what)


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    """
    Return an emulator with the demo's sources; a clone takes half a second.
    """
    with Emulator(clone_seconds=0.5, delete_seconds=0.1, change_seconds=0.3) as running:
        yield running


@pytest.fixture(scope="session")
def python_sdk(sdk_folder: Path) -> Path:
    return as_installed(sdk_folder / "python")


@pytest.fixture(params=BORDERS)
def border(request: pytest.FixtureRequest) -> Border:
    chosen: Border = request.param
    return chosen


@pytest.fixture
def sdk(border: Border, request: pytest.FixtureRequest) -> Path | None:
    """
    Return the generated SDK where the border is the plugin.
    """
    return request.getfixturevalue("python_sdk") if border == "plugin" else None


@pytest.fixture
def stack(tmp_path: Path, cli: Path, emulator: Emulator, sdk: Path | None) -> Stack:
    env = environment(tmp_path, cli)
    return make_stack(tmp_path / "project", env, emulator, sdk)


@pytest.fixture
def floor_stack(tmp_path: Path, cli: Path, sdk_floor: str, emulator: Emulator) -> Stack:
    env = environment(tmp_path, cli, sdk_floor)
    return make_stack(tmp_path / "project", env, emulator)
