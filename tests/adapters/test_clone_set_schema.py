import json
from pathlib import Path
from typing import Any

import pytest

from pulumi_rdsclone.domain.type_tokens import CLONE_SET_TYPE

SCHEMA = Path(__file__).resolve().parents[2] / "schema.json"
RESOURCES: dict[str, Any] = json.loads(SCHEMA.read_text("utf-8"))["resources"]
CLONE = RESOURCES["rdsclone:index:CloneInstance"]
SET = RESOURCES["rdsclone:index:CloneSet"]


def test_the_type_is_frozen() -> None:
    """
    A set has one type in every language; Python's stands in states, too.
    """
    assert CLONE_SET_TYPE == "rdsclone:index:CloneSet"
    assert SET["isComponent"]


def test_inputs_are_those_of_a_clone_and_the_quantity() -> None:
    quantity = SET["inputProperties"]["quantity"]

    assert SET["inputProperties"] == {"quantity": quantity, **CLONE["inputProperties"]}
    assert SET["requiredInputs"] == CLONE["requiredInputs"]
    assert (quantity["type"], quantity["plain"]) == ("integer", True)
    assert quantity["description"].endswith("Default: 1.")


@pytest.mark.parametrize(
    ("name", "one", "kind"),
    [
        ("instanceIds", "instanceId", "string"),
        ("statuses", "status", "string"),
        ("connectionStrings", "connectionString", "string"),
        ("ports", "port", "integer"),
    ],
)
def test_outputs_are_lists(name: str, one: str, kind: str) -> None:
    output = SET["properties"][name]

    assert (output["type"], output["items"]) == ("array", {"type": kind})
    assert output["description"].endswith(CLONE["properties"][one]["description"])
    assert name in SET["required"]
