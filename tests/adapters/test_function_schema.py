"""
The functions in the schema.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from pulumi_rdsclone.domain.model import fields_of
from pulumi_rdsclone.lifecycle.asking import FUNCTIONS
from pulumi_rdsclone.presentation.spelling import to_camel

ROOT = Path(__file__).resolve().parents[2]
SCHEMA: dict[str, Any] = json.loads((ROOT / "schema.json").read_text("utf-8"))


def function(name: str) -> Any:
    """
    Return what the schema says of the function *name*.
    """
    return SCHEMA["functions"][f"rdsclone:index:{name}"]


def test_names_are_frozen() -> None:
    """
    The tokens are those that programs name.
    """
    assert list(SCHEMA["functions"]) == [
        f"rdsclone:index:{name}"
        for name in (
            "getRestorableWindow",
            "getBackups",
            "getLatestBackup",
            "checkClone",
            "getClonePrice",
        )
    ]


@pytest.mark.parametrize("name", FUNCTIONS)
def test_everything_is_described(name: str) -> None:
    """
    Arguments and results have all their fields, each described.
    """
    for side, part in (("inputs", FUNCTIONS[name].arguments), ("outputs", FUNCTIONS[name].result)):
        described = function(name)[side]["properties"]
        assert list(described) == [to_camel(field.name) for field in fields_of(part)]
        assert all(field["description"].strip() for field in described.values())
    assert function(name)["description"]


def test_clone_is_asked_about_as_it_is_declared() -> None:
    """
    The arguments of checkClone are the inputs of a clone, which nothing replaces.
    """
    resource = SCHEMA["resources"]["rdsclone:index:CloneInstance"]
    asked = function("checkClone")["inputs"]

    assert asked["properties"].keys() == resource["inputProperties"].keys()
    assert asked["required"] == resource["requiredInputs"]
    assert "willReplaceOnChanges" not in json.dumps(asked)
    assert "Later changes" not in json.dumps(asked)


def test_required_arguments_and_results_are_listed() -> None:
    """
    What must be given, and what is always told.
    """
    asked = function("getBackups")["inputs"]["required"]
    told = function("getBackups")["outputs"]["required"]

    assert ["sourceInstanceId"] == asked
    assert ["sourceInstanceId", "region", "backups"] == told


def test_lists_of_groups() -> None:
    """
    A list of groups refers to their type.
    """
    backups = function("getBackups")["outputs"]["properties"]["backups"]

    assert backups["type"] == "array"
    assert backups["items"] == {"$ref": "#/types/rdsclone:index:Backup"}
    size = SCHEMA["types"]["rdsclone:index:Backup"]["properties"]["sizeBytes"]
    assert size["type"] == "number"
