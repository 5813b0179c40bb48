"""
What the clones of a program share is judged for all of them together.
"""

import json
from collections.abc import Iterator
from importlib import resources
from typing import Any

import pytest

from rds_emulator import Emulator
from tests.support.stacks import Run, Stack

pytestmark = pytest.mark.engine

_SMALL = {"id": "vsw-small", "zone": "cn-hangzhou-h", "cidr": "10.0.10.0/29"}
"""A vSwitch with four free addresses: four of the eight are the system's."""

_CLONES = """
for number in range({count}):
    rdsclone.CloneInstance(
        f"clone-{{number}}",
        source_instance_id="rm-demo-mysql80",
        restore_point={{"latest": "backup"}},
        network={{"vswitch_ids": ["vsw-small"]}},
        refresh_trigger={trigger!r},
    )
"""


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    """
    Give an emulator with a small vSwitch; a clone takes half a second.
    """
    text = resources.files("rds_emulator").joinpath("demo.json").read_text("utf-8")
    world: dict[str, Any] = json.loads(text)
    world["regions"][0]["vpcs"][0]["vswitches"].append(_SMALL)
    with Emulator(
        seed=world, clone_seconds=0.5, delete_seconds=0.1, change_seconds=0.3
    ) as running:
        yield running


def declare(stack: Stack, count: int, trigger: str = "1") -> None:
    """
    Declare *count* clones in the small vSwitch.
    """
    stack.write(_CLONES.format(count=count, trigger=trigger))


def orders(emulator: Emulator) -> int:
    """
    Count the orders of clones.
    """
    calls = emulator.journal.calls()
    return sum(call.action == "CloneDBInstance" for call in calls)


def crowded(run: Run) -> list[str]:
    """
    Give the lines of the diagnostics that tell that a vSwitch is too small.
    """
    return [line for line in run.problems if "(vswitch-crowded)" in line]


def test_a_vswitch_has_room_for_all(stack: Stack, emulator: Emulator) -> None:
    """
    Eight clones do not fit into four addresses: one error names them, nothing is done.
    """
    declare(stack, 8)

    run = stack.preview()

    assert run.code != 0
    [told] = crowded(run)
    assert (
        "8 clones of this program need an IP address in the vSwitch vsw-small" in told
    )
    assert "4 are free: 'clone-0' to 'clone-7'" in told
    assert 0 == orders(emulator)


def test_nothing_is_ordered_without_preview(stack: Stack, emulator: Emulator) -> None:
    """
    An up that skips its preview orders none of the clones that do not fit together.
    """
    declare(stack, 8)

    run = stack.up()

    assert run.code != 0
    assert any("'clone-0' to 'clone-7'" in line for line in crowded(run)), run.text
    assert 0 == orders(emulator)


def test_what_fits_is_made(stack: Stack, emulator: Emulator) -> None:
    """
    Four clones fill the four addresses; those that exist need no more.
    """
    declare(stack, 4)
    stack.must(stack.preview())
    stack.must(stack.up())

    assert 4 == orders(emulator)
    stack.must(stack.preview("--expect-no-changes"))
