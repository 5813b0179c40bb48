"""
The package schema, derived from the description of the fields.
"""

from collections.abc import Iterator
from dataclasses import fields
from importlib.resources import files
from typing import Any, Final

from pulumi_rdsclone.adapters.clone_set_schema import clone_set
from pulumi_rdsclone.adapters.function_schema import Schema, function_parts, functions
from pulumi_rdsclone.cloud.settings import Settings
from pulumi_rdsclone.domain.model import Change, Field, FieldGroup, fields_of, groups_of
from pulumi_rdsclone.domain.outputs import CloneOutputs
from pulumi_rdsclone.domain.spec import CloneSpec
from pulumi_rdsclone.domain.type_tokens import (
    CLONE_SET_TYPE,
    CLONE_TYPE,
    DYNAMIC_CLONE_TYPE,
    PACKAGE,
    token_of,
)
from pulumi_rdsclone.presentation.spelling import spell, to_camel
from pulumi_rdsclone.version import VERSION

_TYPES: Final = {str: "string", int: "integer", float: "number", bool: "boolean"}
_ROOTS: Final[tuple[type[FieldGroup], ...]] = (CloneSpec, CloneOutputs)

_LANGUAGES: Final = {
    "python": {
        # This package's own name is taken; one environment may hold both.
        "packageName": "pulumi_rdsclone_sdk",
        "requires": {"pulumi": ">=3.216.0,<4.0.0"},
        "inputTypes": "classes-and-dicts",
        "pyproject": {"enabled": True},
        "respectSchemaVersion": True,
    },
    "nodejs": {"packageName": "pulumi-rdsclone", "respectSchemaVersion": True},
    "go": {
        # A path that no host serves: programs name the folder by a replace directive.
        "importBasePath": "pulumi-rdsclone/sdk/go/rdsclone",
        "generateResourceContainerTypes": True,
        "respectSchemaVersion": True,
    },
    "java": {"basePackage": "com.pulumi", "buildFiles": "gradle"},
}


def schema() -> Schema:
    """
    Return the schema as Pulumi's tools read it.
    """
    settings = {to_camel(f.name): _setting(f.metadata) for f in fields(Settings)}
    clone = _resource()
    return {
        "name": PACKAGE,
        "displayName": "ApsaraDB RDS clones",
        "version": VERSION,
        "description": "Clones of ApsaraDB RDS instances (Alibaba Cloud).",
        "keywords": ["pulumi", "kind/native", "category/cloud"],
        "license": "Apache-2.0",
        "meta": {"moduleFormat": "(.*)", "supportPack": True},
        "config": {"variables": settings},
        "provider": {"inputProperties": settings},
        "types": {**dict(_objects()), **dict(_enums())},
        "resources": {CLONE_TYPE: clone, CLONE_SET_TYPE: clone_set(clone)},
        "functions": functions(_property),
        "language": _LANGUAGES,
    }


def described(field: Field) -> str:
    """
    Return the doc with the known values of the field.
    """
    text = spell(field.doc)
    if field.choices:
        others = "" if field.closed else "; values the cloud adds are passed on"
        text += f" One of {', '.join(field.choices)}{others}."
    return text


def _resource() -> Schema:
    inputs = _properties(CloneSpec)
    outputs = {**inputs, **_properties(CloneOutputs)}
    page = files(__package__) / "clone_instance.md"
    return {
        "description": page.read_text("utf-8").strip(),
        "properties": outputs,
        "required": [*_required(CloneSpec), *_required(CloneOutputs)],
        "inputProperties": inputs,
        "requiredInputs": _required(CloneSpec),
        "aliases": [{"type": DYNAMIC_CLONE_TYPE}],
    }


def _objects() -> Iterator[tuple[str, Schema]]:
    """
    Yield the type of every group.
    """
    for part in _groups():
        yield (
            token_of(part.__name__),
            {
                "type": "object",
                "description": spell((part.__doc__ or "").strip()),
                "properties": _properties(part),
                "required": _required(part),
            },
        )


def _enums() -> Iterator[tuple[str, Schema]]:
    """
    Yield the type of every input with known values.

    Any text is accepted with it: the cloud may have values that no SDK knows.
    """
    for part in dict.fromkeys((*_ROOTS, *_groups())):
        for field in fields_of(part):
            if _is_enum(field):
                yield (
                    _enum(part, field),
                    {
                        "type": "string",
                        "description": spell(field.doc),
                        "enum": [
                            {"name": _pascal(value), "value": value}
                            for value in field.choices
                        ],
                    },
                )


def _is_enum(field: Field) -> bool:
    """
    Return whether *field* is an input with known values.

    Outputs are plain text: generated Python takes a union for an object.
    """
    return bool(field.choices) and field.change is not None


def _groups() -> dict[type[FieldGroup], None]:
    """
    Return the groups of fields in inputs, outputs, arguments and results.
    """
    roots = (*_ROOTS, *function_parts())
    return dict.fromkeys(group for root in roots for _, group in groups_of(root))


def _properties(part: type[FieldGroup]) -> Schema:
    return {to_camel(f.name): _property(part, f) for f in fields_of(part)}


def _required(part: type[FieldGroup]) -> list[str]:
    return [to_camel(f.name) for f in fields_of(part) if f.required]


def _property(part: type[FieldGroup], field: Field) -> Schema:
    text = described(field)
    if field.change is Change.CREATE_ONLY:
        text += " Later changes have no effect on a clone that exists."
    entry: Schema = {**_type(part, field), "description": text}
    if field.change is Change.REPLACE:
        entry["willReplaceOnChanges"] = True
    if field.secret:
        entry["secret"] = True
    return entry


def _type(part: type[FieldGroup], field: Field) -> Schema:
    if field.subgroup:
        return _reference(token_of(field.subgroup.__name__))
    if _is_enum(field):
        return {"oneOf": [{"type": "string"}, _reference(_enum(part, field))]}
    if field.kind is list:
        return {"type": "array", "items": _item_type(field)}
    if field.kind is dict:
        return {"type": "object", "additionalProperties": _item_type(field)}
    return {"type": _TYPES.get(field.kind, "string")}


def _item_type(field: Field) -> Schema:
    """
    Return the type of the items of a list or map.
    """
    if field.item:
        return _reference(token_of(field.item.__name__))
    texts = {"type": "string"}
    return {"type": "array", "items": texts} if field.item_kind is list else texts


def _reference(token: str) -> Schema:
    return {"$ref": f"#/types/{token}"}


def _enum(part: type[FieldGroup], field: Field) -> str:
    """
    Return the token of the known values of *field*, named after its group, if any.
    """
    group = "" if part in _ROOTS else part.__name__
    return token_of(group + _pascal(field.name))


def _pascal(name: str) -> str:
    return "".join(word[0].upper() + word[1:] for word in name.split("_"))


def _setting(metadata: Any) -> Schema:
    described: Schema = {"type": "string", "description": metadata["doc"]}
    if metadata["secret"]:
        described["secret"] = True
    if metadata["variables"]:
        described["defaultInfo"] = {"environment": list(metadata["variables"])}
    return described
