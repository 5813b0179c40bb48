import re

import pytest

from rds_emulator import Emulator
from tests.support.clones import clone_ids
from tests.support.stacks import Stack

pytestmark = pytest.mark.engine

PROGRAM = """
clone = rdsclone.CloneInstance(
    "staging",
    source_instance_id="rm-demo-mysql80",
    restore_point={"latest": "time"},
    EXTRA
)
pulumi.export("id", clone.id)
"""


def program(extra: str = "") -> str:
    return PROGRAM.replace("EXTRA", extra)


def urn(stack: Stack) -> str:
    return str(stack.resources()["staging"]["urn"])


def lose(stack: Stack) -> None:
    """
    Let the state forget the clone.
    """
    stack.must(stack.run("state", "delete", "--yes", urn(stack)))


@pytest.mark.parametrize("border", ["dynamic"], indirect=True)
def test_forced_replacements_each_order_a_new_clone(stack: Stack, emulator: Emulator) -> None:
    stack.write(program())
    stack.must(stack.up())
    seen = clone_ids(emulator)

    for _ in range(3):
        stack.must(stack.run("up", "--yes", "--replace", urn(stack)))
        (now,) = clone_ids(emulator)
        assert now not in seen
        assert now == stack.outputs()["id"]
        seen.append(now)

    orders = [c for c in emulator.journal.writes() if c.action == "CloneDBInstance"]
    assert 4 == len(orders)


@pytest.mark.parametrize("border", ["dynamic"], indirect=True)
def test_a_replacement_that_was_killed_is_adopted_not_the_old_clone(
    stack: Stack, emulator: Emulator
) -> None:
    stack.write(program())
    stack.must(stack.up())
    (old,) = clone_ids(emulator)
    emulator.deny("rds:TagResources")
    failed = stack.up("--replace", urn(stack))
    emulator.allow_all()
    ordered = [one for one in clone_ids(emulator) if one != old]

    stack.must(stack.up())

    assert failed.code != 0
    assert clone_ids(emulator) == ordered
    assert stack.outputs()["id"] == ordered[0]


@pytest.fixture
def lost(stack: Stack, emulator: Emulator) -> str:
    """
    Return the id of a finished clone that the state has lost.
    """
    stack.write(program())
    stack.must(stack.up())
    lose(stack)
    (instance_id,) = clone_ids(emulator)
    return instance_id


def test_preview_refuses_a_lost_clone(stack: Stack, emulator: Emulator, lost: str) -> None:
    """
    A finished clone that the state has lost is neither adopted nor duplicated.

    Preview says so, with the ways out.
    """
    previewed = stack.preview()
    done = stack.up()

    assert previewed.code != 0
    assert done.code != 0
    (line,) = previewed.problems
    assert f"adopt: {lost} is a finished clone of this resource but is not in the state" in line
    assert 'set adopt to "always"' in line.replace("'", '"')
    assert f"rdsclone clones release {lost}" in line
    assert [lost] == clone_ids(emulator)


def test_lost_clone_is_adopted_on_demand(stack: Stack, emulator: Emulator, lost: str) -> None:
    """
    Nothing is ordered, and what differs from the lost clone is applied.
    """
    stack.write(program('adopt="always", description="back-again"'))
    previewed = stack.must(stack.preview())
    stack.must(stack.up())

    assert re.search(rf"adopt: {lost}, which was finished before", previewed.text)
    assert "will be adopted, so no new clone is ordered" in previewed.text
    assert lost == stack.outputs()["id"]
    assert [lost] == clone_ids(emulator)
    assert "back-again" == emulator.instance(lost).description
    assert 1 == len(emulator.journal.calls("CloneDBInstance"))
    assert "2 unchanged" in stack.must(stack.preview()).text


def test_lost_clone_of_other_inputs_is_refused(stack: Stack, emulator: Emulator, lost: str) -> None:
    stack.write(program('adopt="always", edition="Basic"'))

    previewed = stack.preview()

    assert previewed.code != 0
    assert "was ordered for this resource with other inputs" in previewed.text
    assert [lost] == clone_ids(emulator)


@pytest.mark.parametrize("border", ["dynamic"], indirect=True)
def test_a_lost_clone_that_replaced_another_is_found(stack: Stack, emulator: Emulator) -> None:
    """
    The key of a clone that replaced others is found without the state, too.

    Its token stands for it: the next replacement must not take it for the new one.
    """
    by_set = program('adopt="always"').replace('"time"', '"backup"')
    stack.write(by_set)
    stack.must(stack.up())
    stack.must(stack.up("--replace", urn(stack)))
    (replaced,) = clone_ids(emulator)
    lose(stack)
    stack.write(by_set.replace("always", "interrupted"))
    refused = stack.preview()
    stack.write(by_set)
    stack.must(stack.up())
    adopted = stack.outputs()["id"]
    stack.must(stack.up("--replace", urn(stack)))
    orders = [c for c in emulator.journal.writes() if c.action == "CloneDBInstance"]

    assert f"{replaced} is a finished clone of this resource" in refused.text
    assert replaced == adopted
    assert [stack.outputs()["id"]] == clone_ids(emulator)
    assert adopted != stack.outputs()["id"]
    assert 3 == len(orders)


def test_nothing_is_ordered_without_permission_to_list(stack: Stack, emulator: Emulator) -> None:
    emulator.deny("rds:DescribeDBInstances")
    stack.write(program())

    previewed = stack.preview()

    made = stack.up()

    assert 0 == previewed.code
    assert "warning: adopt: rds:DescribeDBInstances is not permitted" in previewed.text
    assert "pulumi up will not order a clone" in previewed.text
    assert made.code != 0
    assert "grant the caller the RAM permission rds:DescribeDBInstances" in made.text
