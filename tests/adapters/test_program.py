"""
What a program's clones tell each other, and what the provider reads of it.
"""

from typing import Any

import pytest

from pulumi_rdsclone.adapters.program import PROGRAM, Program, known_values, program_from
from pulumi_rdsclone.adapters.siblings import Sibling, siblings_of
from pulumi_rdsclone.domain.unknown import UNKNOWN
from pulumi_rdsclone.domain.urn import name_in
from tests.support.rows import row

TYPE = "pulumi-python:dynamic:Clone"
HEAD = "urn:pulumi:dev::shop::"
URN = f"{HEAD}{TYPE}::own"
UNKNOWN_TEXT = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
INPUTS = {"sourceInstanceId": "rm-source", "restorePoint": {"backupId": "103"}}
TREE = {"source_instance_id": "rm-source", "restore_point": {"backup_id": "103"}}


def program(*names: str, recorded: Any = None, **inputs: Any) -> Program:
    clone = {"inputs": {**INPUTS, **inputs}, "nested": False, "recorded": recorded}
    return Program(clones=[{"name": name, **clone} for name in ("own", *names)])


def test_what_is_packed_is_told() -> None:
    whole = Program(clones=program("first").clones, keys={URN: "key"})

    assert whole == program_from({PROGRAM: whole.pack()})


def test_siblings_are_all_others_with_inputs_and_urns() -> None:
    assert [
        Sibling(name=name, urn=f"{HEAD}{TYPE}::{name}", inputs=TREE, recorded=None)
        for name in ("first", "second")
    ] == list(siblings_of(URN, program("first", "second")))


@pytest.mark.parametrize("hidden", [None, 7, UNKNOWN])
def test_program_without_the_hidden_input_has_no_siblings(hidden: object) -> None:
    assert Program() == program_from({PROGRAM: hidden})


def test_values_to_come_are_unknown() -> None:
    (sibling,) = siblings_of(URN, program("first", region=UNKNOWN_TEXT))

    assert sibling.inputs["region"] is UNKNOWN


@pytest.mark.parametrize(
    ("recorded", "expected"),
    [
        row("not in the state", None, True),
        row("unchanged", INPUTS, False),
        row("updated", {**INPUTS, "description": "other"}, False),
        row("replaced", {**INPUTS, "restorePoint": {"backupId": "9"}}, True),
        row("a secret became plain", {**INPUTS, "sourceInstanceId": UNKNOWN_TEXT}, True),
    ],
)
def test_sibling_is_to_be_made_if_the_state_lacks_it_or_it_is_replaced(
    recorded: Any, *, expected: bool
) -> None:
    text = program("first", recorded=recorded, description="mine")
    (sibling,) = siblings_of(URN, text)

    assert expected == sibling.is_to_be_made


def test_a_sibling_of_a_nested_clone() -> None:
    """
    The URN of a clone without a parent does not hold another's parents.
    """
    nested = f"{HEAD}shop:index:Group${TYPE}::own"
    (sibling,) = siblings_of(nested, program("first"))

    assert f"{HEAD}{TYPE}::first" == sibling.urn


def test_names_may_hold_colons() -> None:
    assert "a::b" == name_in(f"{HEAD}{TYPE}::a::b")


@pytest.mark.parametrize(
    ("declared", "recorded", "expected"),
    [
        row("plain", "a", "b", "b"),
        row("an output", UNKNOWN_TEXT, "secret", UNKNOWN_TEXT),
        row("one in a list", ["a", UNKNOWN_TEXT], ["a", "secret"], UNKNOWN_TEXT),
        row("a list", ["a"], ["b"], ["b"]),
        row(
            "a group",
            {"a": UNKNOWN_TEXT, "b": "x"},
            {"a": "secret", "b": "y", "c": "not declared"},
            {"a": UNKNOWN_TEXT, "b": "y"},
        ),
        row("a whole group", UNKNOWN_TEXT, {"a": "secret"}, UNKNOWN_TEXT),
    ],
)
def test_secrets_of_the_state_are_not_handed_along(
    declared: Any, recorded: Any, expected: Any
) -> None:
    assert expected == known_values(recorded, declared)
