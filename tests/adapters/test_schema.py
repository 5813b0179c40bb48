import importlib.util
import json
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from pulumi_rdsclone.domain.model import Change, Field, FieldGroup, fields_of
from pulumi_rdsclone.domain.outputs import CloneOutputs
from pulumi_rdsclone.domain.spec import CloneSpec
from pulumi_rdsclone.domain.type_tokens import CLONE_TYPE, DYNAMIC_CLONE_TYPE
from pulumi_rdsclone.presentation.spelling import to_camel
from tests.support.rows import row

ROOT = Path(__file__).resolve().parents[2]
SCHEMA: dict[str, Any] = json.loads((ROOT / "schema.json").read_text("utf-8"))
RESOURCE = SCHEMA["resources"]["rdsclone:index:CloneInstance"]


def generate() -> ModuleType:
    """
    Load tools/generate.py, which is a script and no package.
    """
    spec = importlib.util.spec_from_file_location("g", ROOT / "tools/generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def nested(part: type[FieldGroup]) -> Iterator[tuple[type[FieldGroup], Field]]:
    """
    Yield every field of every group below *part*, with its group.
    """
    for field in fields_of(part):
        if field.group:
            for inner in fields_of(field.group):
                yield field.group, inner
            yield from nested(field.group)


def references(tree: Any) -> Iterator[str]:
    if isinstance(tree, dict):
        for key, value in tree.items():
            if key == "$ref":
                yield value
            else:
                yield from references(value)
    elif isinstance(tree, list):
        for value in tree:
            yield from references(value)


def fields(*parts: type[FieldGroup]) -> list[Any]:
    found = {f.name: f for part in parts for f in fields_of(part)}
    return [row(name, field) for name, field in found.items()]


_INNER = [pair for root in (CloneSpec, CloneOutputs) for pair in nested(root)]
INNER = [row(f"{part.__name__}.{field.name}", part, field) for part, field in _INNER]


def test_names_are_frozen() -> None:
    assert SCHEMA["name"] == "rdsclone"
    assert CLONE_TYPE == "rdsclone:index:CloneInstance"
    assert DYNAMIC_CLONE_TYPE == "pulumi-python:dynamic:Clone"
    assert RESOURCE["aliases"] == [{"type": DYNAMIC_CLONE_TYPE}]


def test_generated_files_are_fresh() -> None:
    generated: dict[Path, str] = generate().generated()
    names = {path.name for path in generated}
    stale = [p.name for p, text in generated.items() if p.read_text("utf-8") != text]

    assert stale == []
    assert {"schema.json", "arguments.py"} <= names


@pytest.mark.parametrize("field", fields(CloneSpec))
def test_every_input_is_described_as_input_and_output(field: Field) -> None:
    name = to_camel(field.name)

    assert RESOURCE["inputProperties"][name]["description"].strip()
    assert RESOURCE["properties"][name]["description"].strip()


@pytest.mark.parametrize("field", fields(CloneOutputs))
def test_every_output_is_described_and_no_input(field: Field) -> None:
    name = to_camel(field.name)

    assert RESOURCE["properties"][name]["description"].strip()
    assert name not in RESOURCE["inputProperties"]


@pytest.mark.parametrize(("part", "field"), INNER)
def test_every_field_of_every_group_is_described(part: type[FieldGroup], field: Field) -> None:
    described = SCHEMA["types"][f"rdsclone:index:{part.__name__}"]

    assert described["description"].strip()
    assert described["properties"][to_camel(field.name)]["description"].strip()


def test_nothing_else_is_described() -> None:
    inputs = {to_camel(f.name) for f in fields_of(CloneSpec)}
    outputs = {to_camel(f.name) for f in fields_of(CloneOutputs)}

    assert inputs == set(RESOURCE["inputProperties"])
    assert inputs | outputs == set(RESOURCE["properties"])


def test_required_inputs_and_outputs_are_listed() -> None:
    types = SCHEMA["types"]

    assert RESOURCE["requiredInputs"] == ["sourceInstanceId", "restorePoint"]
    assert set(RESOURCE["required"]) == {
        "sourceInstanceId",
        "restorePoint",
        "instanceId",
        "status",
        "engine",
        "engineVersion",
        "restoredFrom",
        "cloneKey",
    }
    assert types["rdsclone:index:Serverless"]["required"] == ["minRcu", "maxRcu"]
    assert types["rdsclone:index:Account"]["required"] == ["password"]
    assert types["rdsclone:index:PgHbaRule"]["required"] == []
    assert types["rdsclone:index:RestoredFrom"]["required"] == ["sourceInstanceId"]
    assert types["rdsclone:index:RestorePoint"]["required"] == []


def test_references_resolve_and_every_type_is_referred_to() -> None:
    types = {f"#/types/{name}" for name in SCHEMA["types"]}

    assert types == set(references(SCHEMA))


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("sourceInstanceId", {"type": "string"}),
        ("deletionProtection", {"type": "boolean"}),
        ("createTimeout", {"type": "string"}),
        ("zones", {"type": "array", "items": {"type": "string"}}),
        ("tags", {"type": "object", "additionalProperties": {"type": "string"}}),
        ("capacity", {"$ref": "#/types/rdsclone:index:Capacity"}),
        (
            "securityIps",
            {
                "type": "object",
                "additionalProperties": {"type": "array", "items": {"type": "string"}},
            },
        ),
        (
            "accounts",
            {"type": "object", "additionalProperties": {"$ref": "#/types/rdsclone:index:Account"}},
        ),
        ("pgHba", {"type": "array", "items": {"$ref": "#/types/rdsclone:index:PgHbaRule"}}),
    ],
)
def test_each_kind_of_field_has_its_type(name: str, kind: dict[str, Any]) -> None:
    described = RESOURCE["inputProperties"][name]

    assert kind == {key: described[key] for key in kind}
    assert ("type" in described) != ("$ref" in described)


def test_secrets_alone_are_marked() -> None:
    types = {f"rdsclone:index:{part.__name__}": part for part, _ in _INNER}
    marked = {
        (name.rpartition(":")[2], key)
        for name in types
        for key, field in SCHEMA["types"][name]["properties"].items()
        if field.get("secret")
    }

    assert {("Account", "password"), ("Ssl", "serverKey")} == marked
    assert not [name for name, field in RESOURCE["properties"].items() if "secret" in field]


def test_whole_numbers_differ_from_others() -> None:
    capacity = SCHEMA["types"]["rdsclone:index:Capacity"]["properties"]
    serverless = SCHEMA["types"]["rdsclone:index:Serverless"]["properties"]

    assert capacity["storageGb"]["type"] == "integer"
    assert serverless["minRcu"]["type"] == "number"


def test_replacement_is_told() -> None:
    inputs = RESOURCE["inputProperties"]
    kept = {name for name in inputs if not inputs[name].get("willReplaceOnChanges")}

    updates = {
        to_camel(field.name) for field in fields_of(CloneSpec) if field.change is Change.UPDATE
    }
    assert kept == updates | {"adopt", "createTimeout", "checks"}
    assert "no effect on a clone that exists" in inputs["createTimeout"]["description"]


def test_choices_are_told() -> None:
    network = SCHEMA["types"]["rdsclone:index:Network"]["properties"]
    edition = RESOURCE["inputProperties"]["edition"]["description"]

    assert network["type"]["description"].endswith("One of VPC, Classic.")
    assert "AlwaysOn" in edition
    assert "values the cloud adds are passed on" in edition


def test_known_values_are_offered() -> None:
    payment = SCHEMA["types"]["rdsclone:index:Payment"]["properties"]
    name = "rdsclone:index:PaymentPeriod"

    offered = [{"type": "string"}, {"$ref": f"#/types/{name}"}]
    assert offered == payment["period"]["oneOf"]
    assert ["Month", "Year"] == [v["value"] for v in SCHEMA["types"][name]["enum"]]
    assert "rdsclone:index:Edition" in SCHEMA["types"]


def test_descriptions_are_spelled_for_users() -> None:
    assert "backup_id" not in json.dumps(SCHEMA)
    assert "backupId" in RESOURCE["inputProperties"]["restorePoint"]["description"]


def test_settings_are_described_and_secrets_marked() -> None:
    settings = SCHEMA["config"]["variables"]

    assert settings == SCHEMA["provider"]["inputProperties"]
    assert all(setting["description"].strip() for setting in settings.values())
    assert {"accessKeySecret", "securityToken"} == {
        name for name, setting in settings.items() if setting.get("secret")
    }
    assert "ALIBABA_CLOUD_REGION_ID" in settings["region"]["defaultInfo"]["environment"]
