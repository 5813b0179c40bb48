"""
The functions in the schema.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from pulumi_rdsclone.domain.model import fields_of
from pulumi_rdsclone.lifecycle.functions import FUNCTIONS
from pulumi_rdsclone.presentation.spelling import to_camel

ROOT = Path(__file__).resolve().parents[2]
SCHEMA: dict[str, Any] = json.loads((ROOT / "schema.json").read_text("utf-8"))


def function(name: str) -> Any:
    return SCHEMA["functions"][f"rdsclone:index:{name}"]


def test_names_are_frozen() -> None:
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
    for side, part in (("inputs", FUNCTIONS[name].arguments), ("outputs", FUNCTIONS[name].result)):
        described = function(name)[side]["properties"]
        assert list(described) == [to_camel(field.name) for field in fields_of(part)]
        assert all(field["description"].strip() for field in described.values())
    assert function(name)["description"]


def test_clone_is_asked_about_as_it_is_declared() -> None:
    resource = SCHEMA["resources"]["rdsclone:index:CloneInstance"]
    asked = function("checkClone")["inputs"]

    assert asked["properties"].keys() == resource["inputProperties"].keys()
    assert asked["required"] == resource["requiredInputs"]
    assert "willReplaceOnChanges" not in json.dumps(asked)
    assert "Later changes" not in json.dumps(asked)


def test_required_arguments_and_results_are_listed() -> None:
    asked = function("getBackups")["inputs"]["required"]
    told = function("getBackups")["outputs"]["required"]

    assert ["sourceInstanceId"] == asked
    assert ["sourceInstanceId", "region", "backups"] == told


def test_lists_of_groups_refer_to_their_type() -> None:
    backups = function("getBackups")["outputs"]["properties"]["backups"]

    assert backups["type"] == "array"
    assert backups["items"] == {"$ref": "#/types/rdsclone:index:Backup"}
    size = SCHEMA["types"]["rdsclone:index:Backup"]["properties"]["sizeBytes"]
    assert size["type"] == "number"
