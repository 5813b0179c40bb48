"""
What a program's clones tell each other, and what the provider reads of it.
"""

from typing import Any

import pytest

from pulumi_rdsclone.adapters.program import pack
from pulumi_rdsclone.adapters.siblings import Sibling, name_in, siblings_of
from pulumi_rdsclone.domain.unknown import UNKNOWN

TYPE = "pulumi-python:dynamic/rds:CloneInstance"
HEAD = "urn:pulumi:dev::shop::"
URN = f"{HEAD}{TYPE}::own"
UNKNOWN_TEXT = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
INPUTS = {"sourceInstanceId": "rm-source", "restorePoint": {"backupId": "103"}}
TREE = {"source_instance_id": "rm-source", "restore_point": {"backup_id": "103"}}


def program(recorded: object, *names: str, **inputs: Any) -> str:
    """
    Give the hidden input of a program with clones of these names.
    """
    clones = [
        {"name": name, "inputs": {**INPUTS, **inputs}, "nested": False}
        for name in ("own", *names)
    ]
    return pack({"clones": clones, "recorded": recorded})


def test_siblings_are_the_others() -> None:
    """
    A clone is told of all others, with their inputs and their URNs.
    """
    assert [
        Sibling(name=name, urn=f"{HEAD}{TYPE}::{name}", inputs=TREE, recorded=None)
        for name in ("first", "second")
    ] == list(siblings_of(URN, program({}, "first", "second")))


def test_nothing_is_told_of_a_state_that_is_not_known() -> None:
    """
    Without the state nobody knows which clones are to be made.
    """
    assert [] == list(siblings_of(URN, program(None, "first")))


@pytest.mark.parametrize("hidden", [None, 7, UNKNOWN])
def test_no_hidden_input(hidden: object) -> None:
    """
    A program that hands nothing along has no siblings.
    """
    assert [] == list(siblings_of(URN, hidden))


def test_values_to_come_are_unknown() -> None:
    """
    What was an output when it was noted is unknown here.
    """
    (sibling,) = siblings_of(URN, program({}, "first", region=UNKNOWN_TEXT))

    assert sibling.inputs["region"] is UNKNOWN


@pytest.mark.parametrize(
    ("recorded", "expected"),
    [
        pytest.param({}, True, id="not in the state"),
        pytest.param({f"{HEAD}{TYPE}::first": INPUTS}, False, id="unchanged"),
        pytest.param(
            {f"{HEAD}{TYPE}::first": {**INPUTS, "description": "other"}},
            False,
            id="updated in place",
        ),
        pytest.param(
            {f"{HEAD}{TYPE}::first": {**INPUTS, "restorePoint": {"backupId": "9"}}},
            True,
            id="replaced",
        ),
        pytest.param(
            {f"{HEAD}shop:index:Group${TYPE}::first": INPUTS}, False, id="nested"
        ),
    ],
)
def test_which_siblings_are_to_be_made(
    recorded: dict[str, Any], *, expected: bool
) -> None:
    """
    A sibling is to be made when the state lacks it or it is replaced.
    """
    text = program(recorded, "first", description="mine")
    (sibling,) = siblings_of(URN, text)

    assert expected == sibling.is_to_be_made


def test_a_sibling_of_a_nested_clone() -> None:
    """
    The URN of a clone without a parent does not hold another's parents.
    """
    nested = f"{HEAD}shop:index:Group${TYPE}::own"
    (sibling,) = siblings_of(nested, program({}, "first"))

    assert f"{HEAD}{TYPE}::first" == sibling.urn


def test_names_may_hold_colons() -> None:
    """
    A resource's name is all that follows its type.
    """
    assert "a::b" == name_in(f"{HEAD}{TYPE}::a::b")
