"""
What a terminal shows, narrow and wide: while a run goes on, and at its end.

The pictures stand in snapshots; RDSCLONE_SNAPSHOTS=write draws them anew.
"""

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest

from rds_emulator import Emulator
from tests.e2e.test_checks import ADVICE, MYSQL, declare, of
from tests.support.clones import clone_ids
from tests.support.emulators import stop_clock
from tests.support.snapshots import is_writing, read_snapshot, write_snapshot
from tests.support.stacks import Stack
from tests.support.terminal import Terminal

pytestmark = pytest.mark.engine

UP: Final = ("up", "--yes", "--skip-preview")
DESTROY: Final = ("destroy", "--yes", "--skip-preview")

BEGUN: Final = " of 90"
"""What the row of a clone that is being made shows, wherever it is cut."""

NAME: Final = "orders-stg"
"""A name of ten letters."""

_PULUMI: Final = "v3.259.0"
"""Whose pictures stand in the snapshots: other versions may draw other ones."""

_SETUP: Final = Path(__file__).resolve().parents[2] / "tools" / "pulumi" / "setup.py"

TWO: Final = """
import asyncio
from pathlib import Path

async def source():
    while not Path("source").exists():
        await asyncio.sleep(0.02)
    return Path("source").read_text("utf-8")

rdsclone.CloneInstance(
    "orders-stg",
    source_instance_id="rm-demo-mysql80",
    restore_point={"latest": "backup"},
)
rdsclone.CloneInstance(
    "orders-dev",
    source_instance_id=pulumi.Output.from_input(source()),
    restore_point={"latest": "backup"},
)
"""
"""The source of the second clone is told when the first one is being made."""


@dataclass(frozen=True)
class Pictures:
    """
    What a terminal of one width shows with one border.
    """

    stack: Stack
    columns: int
    is_pinned: bool

    def terminal(self, *command: str) -> Terminal:
        return Terminal(self.stack, self.columns, *command)

    def expect(self, terminal: Terminal, name: str, text: str = "") -> None:
        """
        Come back when *terminal* shows the picture *name*.

        Args:
            terminal: Where.
            name: The picture's: the situation, and the moment in it.
            text: What the picture has at least, with any version of the CLI.
        """
        situation, _, moment = name.partition(": ")
        snapshot = f"terminal/{situation}-{self.stack.border}-{self.columns}"
        terminal.wait_for(text)
        if is_writing():
            time.sleep(3)  # until all of it is drawn
            write_snapshot(snapshot, {moment: _framed(terminal.lines())})
        if self.is_pinned:
            picture = read_snapshot(snapshot)[moment]
            terminal.expect([line.removeprefix("|") for line in picture])


def _framed(lines: list[str]) -> list[str]:
    return [f"|{line}" for line in lines]


@pytest.fixture(params=[80, 200])
def pictures(request: pytest.FixtureRequest, stack: Stack, emulator: Emulator) -> Pictures:
    """
    Return terminals of 80, then of 200 columns; no clone gets ready in them.
    """
    stop_clock(emulator)
    stack.set_config(skipChecks=ADVICE)
    version = stack.must(stack.run("version")).text.strip()
    return Pictures(stack, request.param, version == _PULUMI)


def tell_source(stack: Stack, source: str) -> None:
    (stack.folder / "told").write_text(source, "utf-8")
    (stack.folder / "told").rename(stack.folder / "source")


def test_pictures_are_of_the_version_that_is_built() -> None:
    """
    Another version of the CLI in the set-up asks for new pictures.
    """
    assert f'VERSION = "{_PULUMI}"' in _SETUP.read_text("utf-8")


def test_preview_is_told_in_full_for_one_clone_of_a_source(pictures: Pictures) -> None:
    pictures.stack.write(
        """
    first = rdsclone.CloneInstance(
        "orders-stg",
        source_instance_id="rm-demo-mysql80",
        restore_point={"latest": "backup"},
    )
    rdsclone.CloneInstance(
        "orders-dev",
        source_instance_id="rm-demo-mysql80",
        restore_point={"latest": "backup"},
        capacity={"storage_gb": 200},
        opts=pulumi.ResourceOptions(depends_on=[first]),
    )
    """
    )

    with pictures.terminal("preview") as terminal:
        assert 0 == terminal.end()
        pictures.expect(terminal, "preview: at the end")


def test_row_shows_progress_and_then_the_clone(pictures: Pictures, emulator: Emulator) -> None:
    declare(pictures.stack, {NAME: MYSQL})

    with pictures.terminal(*UP) as terminal:
        pictures.expect(terminal, "up: on the way", BEGUN)
        emulator.clock.set_speed(1)
        assert 0 == terminal.end()
        pictures.expect(terminal, "up: at the end")


def test_ctrl_c_tells_what_becomes_of_the_clone(pictures: Pictures, emulator: Emulator) -> None:
    declare(pictures.stack, {NAME: MYSQL})

    with pictures.terminal(*UP) as terminal:
        terminal.wait_for(BEGUN)
        terminal.press_ctrl_c()
        assert 0 != terminal.end()
        pictures.expect(terminal, "ctrl-c: creating")
    emulator.clock.set_speed(1)
    pictures.stack.must(pictures.stack.up())
    stop_clock(emulator)
    with pictures.terminal(*DESTROY) as terminal:
        pictures.expect(terminal, "ctrl-c: on the way to delete", " of 20")
        terminal.press_ctrl_c()
        assert 0 != terminal.end()
        pictures.expect(terminal, "ctrl-c: deleting")


def test_clone_that_cannot_be_made_is_told_with_reason_and_remedy(pictures: Pictures) -> None:
    declare(pictures.stack, {NAME: of("nowhere")})

    with pictures.terminal("preview") as terminal:
        assert 0 != terminal.end()
        pictures.expect(terminal, "preview-fails: at the end")


def test_refused_clone_says_why_while_another_is_being_made(pictures: Pictures) -> None:
    pictures.stack.write(TWO)

    with pictures.terminal(*UP) as terminal:
        terminal.wait_for(BEGUN)
        tell_source(pictures.stack, "rm-nowhere")
        pictures.expect(terminal, "create-refused: on the way", "error")


def test_create_fails(pictures: Pictures, emulator: Emulator) -> None:
    """
    A clone that dies says so on its row, while another one is being made.

    That the row tells it in the provider's words counts as no second error.
    """
    pictures.stack.write(TWO)

    with pictures.terminal(*UP) as terminal:
        terminal.wait_for(BEGUN)
        (dying,) = clone_ids(emulator)
        tell_source(pictures.stack, "rm-demo-mysql80")
        terminal.wait_for(BEGUN, times=2)
        emulator.change(dying, status="Deleting")
        pictures.expect(terminal, "create-fails: on the way", "failed")
        emulator.clock.set_speed(1)
        assert 0 != terminal.end()
        pictures.expect(terminal, "create-fails: at the end")
