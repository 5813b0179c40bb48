"""
What the clones of a program share is judged for all of them together.
"""

import json
from collections.abc import Iterator

import pytest

from tests.support.emulators import Emulator, demo_seed
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
    Return an emulator with a small vSwitch; a clone takes half a second.
    """
    world = demo_seed()
    world["regions"][0]["vpcs"][0]["vswitches"].append(_SMALL)
    with Emulator(seed=world, clone_seconds=0.5, delete_seconds=0.1, change_seconds=0.3) as running:
        yield running


def declare(stack: Stack, count: int, trigger: str = "1") -> None:
    stack.write(_CLONES.format(count=count, trigger=trigger))


def orders(emulator: Emulator) -> int:
    calls = emulator.journal.calls()
    return sum(call.action == "CloneDBInstance" for call in calls)


def crowded(run: Run) -> list[str]:
    """
    Return the lines of the diagnostics that tell that a vSwitch is too small.
    """
    return [line for line in run.problems if "(vswitch-crowded)" in line]


def test_one_error_names_clones_that_do_not_fit(stack: Stack, emulator: Emulator) -> None:
    declare(stack, 8)

    run = stack.preview()

    assert run.code != 0
    [told] = crowded(run)
    assert "8 clones of this program need an IP address in the vSwitch vsw-small" in told
    assert "4 are free: 'clone-0' to 'clone-7'" in told
    assert 0 == orders(emulator)


def test_up_without_preview_orders_none_that_do_not_fit(stack: Stack, emulator: Emulator) -> None:
    declare(stack, 8)

    run = stack.up()

    assert run.code != 0
    assert any("'clone-0' to 'clone-7'" in line for line in crowded(run)), run.text
    assert 0 == orders(emulator)


def test_four_clones_fill_four_addresses(stack: Stack, emulator: Emulator) -> None:
    declare(stack, 4)
    stack.must(stack.preview())
    stack.must(stack.up())

    assert 4 == orders(emulator)
    stack.must(stack.preview("--expect-no-changes"))


def test_existing_clones_need_no_address_replaced_and_new_ones_one_each(stack: Stack) -> None:
    declare(stack, 2)
    stack.must(stack.up())
    declare(stack, 4)
    stack.must(stack.preview())
    declare(stack, 3, trigger="2")

    run = stack.preview()

    assert run.code != 0
    [told] = crowded(run)
    assert "3 clones of this program" in told
    assert "where 2 are free: 'clone-0' to 'clone-2'" in told
    declare(stack, 2, trigger="2")
    stack.must(stack.preview())


def test_clones_that_are_no_longer_declared_make_no_room_in_the_same_run(stack: Stack) -> None:
    declare(stack, 3)
    stack.must(stack.up())
    declare(stack, 2)
    program = (stack.folder / "__main__.py").read_text("utf-8")
    others = program.partition("\n\n")[2].replace("clone-", "other-")
    stack.write(others)

    [told] = crowded(stack.preview())

    assert "where 1 is free: 'other-0', 'other-1'" in told.replace(" to ", ", ")


@pytest.mark.parametrize("parallel", [1, 2])
def test_the_program_tells_more_than_the_engine(
    stack: Stack, emulator: Emulator, parallel: int
) -> None:
    """
    A program in Python is known as a whole before the engine asks about its clones.

    The plugin knows of those that the engine has asked about, and orders no others.
    """
    declare(stack, 8)
    known = 8 if stack.border == "dynamic" else 4

    run = stack.up("--parallel", str(parallel))

    assert run.code != 0
    assert crowded(run), run.text
    assert orders(emulator) <= 8 - known


def test_targets_alone_count(stack: Stack, emulator: Emulator) -> None:
    declare(stack, 8)
    urn = f"urn:pulumi:dev::shop::{stack.type}::clone-"
    targets = [f"--target={urn}{number}" for number in range(4)]

    stack.must(stack.preview(*targets))
    stack.must(stack.up(*targets))

    assert 4 == orders(emulator)


_SET = """
rdsclone.CloneSet(
    "set",
    quantity=5,
    source_instance_id="rm-demo-mysql80",
    restore_point={"latest": "backup"},
    network={"vswitch_ids": ["vsw-small"]},
)
"""


def test_a_set_is_judged_as_its_clones(stack: Stack, emulator: Emulator) -> None:
    stack.write(_SET)

    [told] = crowded(stack.preview())
    stack.up()

    assert "'set-1' to 'set-5'" in told
    assert 0 == orders(emulator)


def test_clones_that_no_state_has_are_adopted(stack: Stack, emulator: Emulator) -> None:
    declare(stack, 4)
    stack.must(stack.up())
    stages = {"rdsclone:stage": "creating"}
    for one in emulator.instances():
        if one.restored_from:
            emulator.change(one.id, tags={**one.tags, **stages})
    forget(stack)

    stack.must(stack.preview())
    stack.must(stack.up())

    assert 4 == orders(emulator)


def forget(stack: Stack) -> None:
    for urn in [clone["urn"] for clone in stack.clones()]:
        stack.must(stack.run("state", "delete", urn, "--yes"))


def test_quota_counts_clones_and_existing_instances(stack: Stack, emulator: Emulator) -> None:
    count = len([one for one in emulator.instances() if one.region == emulator.region])
    stack.set_config(instanceQuota=str(count + 3))
    declare(stack, 4)

    run = stack.preview()
    stack.up()

    [told] = [line for line in run.problems if "(instance-quota)" in line]
    assert f"4 clones would be ordered in a region with {count} instances" in told
    assert f"at most {count + 3} are allowed: 'clone-0' to 'clone-3'" in told
    assert 0 == orders(emulator)


def test_price_of_all_clones_is_told_once_and_in_the_report(stack: Stack) -> None:
    stack.env["RDSCLONE_REPORT"] = "report.json"
    declare(stack, 4)

    run = stack.must(stack.preview())
    report = json.loads((stack.folder / "report.json").read_text("utf-8"))

    _, _, diagnostics = run.text.partition("Diagnostics:")
    assert 1 == diagnostics.count("4 clones, 9.00 CNY per hour in all")
    assert {
        "clones": 4,
        "ordered": 4,
        "withoutPrice": 0,
        "prices": [{"amount": 9.0, "currency": "CNY", "per": "hour"}],
    } == report["program"]


_TWINS = """
for name, network in {networks!r}.items():
    rdsclone.CloneInstance(
        name,
        source_instance_id="rm-demo-mysql80",
        restore_point={{"latest": "backup"}},
        network=network,
    )
"""


@pytest.mark.parametrize(
    ("network", "check"),
    [
        ({"private_ip_address": "10.0.0.77"}, "address-twins"),
        ({"connection_prefix": "orders"}, "endpoint-twins"),
    ],
)
def test_twins_are_not_ordered_without_preview(
    stack: Stack, emulator: Emulator, network: dict[str, str], check: str
) -> None:
    stack.write(_TWINS.format(networks={"a": network, "b": network}))

    run = stack.up()

    assert run.code != 0
    assert f"({check})" in run.text
    assert 0 == orders(emulator)
