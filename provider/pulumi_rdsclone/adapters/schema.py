"""
The package schema, derived from the one description of the fields.
"""

from collections.abc import Iterator
from dataclasses import fields
from typing import Any, Final

from pulumi_rdsclone.adapters.function_schema import function_groups, functions
from pulumi_rdsclone.adapters.properties import spell, to_camel
from pulumi_rdsclone.cloud.settings import Settings
from pulumi_rdsclone.domain.outputs import CloneOutputs
from pulumi_rdsclone.domain.part import Change, Field, Part, fields_of, groups_of
from pulumi_rdsclone.domain.spec import CloneSpec
from pulumi_rdsclone.version import VERSION

RESOURCE_TYPE: Final = "rdsclone:index:CloneInstance"
DYNAMIC_TYPE: Final = "pulumi-python:dynamic/rds:CloneInstance"

_TYPES: Final = {str: "string", int: "integer", float: "number", bool: "boolean"}


def schema() -> dict[str, Any]:
    """
    Give the schema as Pulumi's tools read it.
    """
    settings = {to_camel(f.name): _setting(f.metadata) for f in fields(Settings)}
    return {
        "name": "rdsclone",
        "displayName": "ApsaraDB RDS clones",
        "version": VERSION,
        "description": "Clones of ApsaraDB RDS instances (Alibaba Cloud).",
        "keywords": ["pulumi", "kind/native", "category/cloud"],
        "license": "Apache-2.0",
        "meta": {"moduleFormat": "(.*)"},
        "config": {"variables": settings},
        "provider": {"inputProperties": settings},
        "types": dict(_types()),
        "resources": {RESOURCE_TYPE: _resource()},
        "functions": functions(_property),
        "language": {
            "python": {
                "packageName": "pulumi_rdsclone_sdk",
                "requires": {"pulumi": ">=3.216.0,<4.0.0"},
                "inputTypes": "classes-and-dicts",
                "pyproject": {"enabled": True},
                "respectSchemaVersion": True,
            },
            "nodejs": {"respectSchemaVersion": True},
            "go": {
                "generateResourceContainerTypes": True,
                "respectSchemaVersion": True,
            },
        },
    }


def _resource() -> dict[str, Any]:
    inputs = {to_camel(f.name): f for f in fields_of(CloneSpec)}
    outputs = {**inputs, **{to_camel(f.name): f for f in fields_of(CloneOutputs)}}
    return {
        "description": (
            "A clone of an ApsaraDB RDS instance: a new, independent instance that "
            "holds the source's data as of a backup set or of any second inside the "
            "backup period. It costs money from the moment it is ordered."
        ),
        "properties": {name: _property(field) for name, field in outputs.items()},
        "required": [name for name, field in outputs.items() if field.required],
        "inputProperties": {name: _property(field) for name, field in inputs.items()},
        "requiredInputs": [name for name, field in inputs.items() if field.required],
        "aliases": [{"type": DYNAMIC_TYPE}],
    }


def _types() -> Iterator[tuple[str, dict[str, Any]]]:
    groups = (*groups_of(CloneSpec), *groups_of(CloneOutputs), *function_groups())
    for part in dict.fromkeys(group for _, group in groups):
        described = {to_camel(f.name): f for f in fields_of(part)}
        yield (
            f"rdsclone:index:{part.__name__}",
            {
                "type": "object",
                "description": spell((part.__doc__ or "").strip()),
                "properties": {name: _property(f) for name, f in described.items()},
                "required": [name for name, f in described.items() if f.required],
            },
        )


def _property(field: Field) -> dict[str, Any]:
    described: dict[str, Any] = {**_type(field), "description": _description(field)}
    if field.change is Change.REPLACE:
        described["willReplaceOnChanges"] = True
    return described


def _description(field: Field) -> str:
    """
    Give the doc with the known values of the field and its static default.
    """
    text = spell(field.doc)
    if field.choices:
        others = "" if field.closed else "; values the cloud adds are passed on"
        text += f" One of {', '.join(field.choices)}{others}."
    if field.change is Change.CREATE_ONLY:
        text += " Later changes have no effect on a clone that exists."
    return text


def _type(field: Field) -> dict[str, Any]:
    if field.part:
        return _reference(field.part)
    if field.kind is list:
        item = {"type": "string"} if field.item is None else _reference(field.item)
        return {"type": "array", "items": item}
    if field.kind is dict:
        return {"type": "object", "additionalProperties": {"type": "string"}}
    return {"type": _TYPES.get(field.kind, "string")}


def _reference(part: type[Part]) -> dict[str, Any]:
    return {"$ref": f"#/types/rdsclone:index:{part.__name__}"}


def _setting(metadata: Any) -> dict[str, Any]:
    described: dict[str, Any] = {"type": "string", "description": metadata["doc"]}
    if metadata["secret"]:
        described["secret"] = True
    if metadata["variables"]:
        described["defaultInfo"] = {"environment": list(metadata["variables"])}
    return described
