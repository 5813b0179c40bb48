"""
Marks secrets in the protocol's properties: what was secret in a call is in its answer.

The engine does this itself for a provider that does not accept secrets; a provider
with components must accept them.
"""

from typing import Final

from google.protobuf import struct_pb2

from pulumi_rdsclone.domain.model import Field, FieldGroup, fields_of
from pulumi_rdsclone.presentation.spelling import to_camel

SIGNATURE: Final = "4dabf18193072939515e22adb298388d"
"""Key by which the protocol marks a secret, an output and others."""

SECRET: Final = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105 - the mark of one
OUTPUT: Final = "d0e6a833031e9bbcd3f4e8bde6ca49a4"


def copy_marks(answer: struct_pb2.Struct, asked: struct_pb2.Struct) -> None:
    """
    Mark the values of *answer* whose names have secret values in *asked*.

    A list that holds a secret is marked as a whole, as the engine does.
    """
    for name in asked.fields.keys() & answer.fields.keys():
        old, new = asked.fields[name], answer.fields[name]
        if _is_object(old) and _is_object(new):
            copy_marks(new.struct_value, old.struct_value)
        elif _has_secret(old) and not _is_secret(new):
            new.CopyFrom(_secret(new))


def mark_declared(inputs: struct_pb2.Struct, part: type[FieldGroup]) -> None:
    """
    Mark the values of *inputs* whose fields in *part* are secret.

    No SDK marks those in a list or map: they would be stored as plain text.
    """
    for field in fields_of(part):
        name = to_camel(field.name)
        if name in inputs.fields:
            _mark_value(inputs.fields[name], field)


def _mark_value(value: struct_pb2.Value, field: Field) -> None:
    if field.secret and not _is_secret(value):
        value.CopyFrom(_secret(value))
    elif field.subgroup and _is_object(value):
        mark_declared(value.struct_value, field.subgroup)
    elif field.item_field:
        items = value.struct_value.fields.values() if _is_object(value) else ()
        for item in (*items, *value.list_value.values):
            _mark_value(item, field.item_field)


def _secret(value: struct_pb2.Value) -> struct_pb2.Value:
    mark = struct_pb2.Value(string_value=SECRET)
    fields = {SIGNATURE: mark, "value": value}
    return struct_pb2.Value(struct_value=struct_pb2.Struct(fields=fields))


def _is_object(value: struct_pb2.Value) -> bool:
    return value.HasField("struct_value") and SIGNATURE not in value.struct_value.fields


def _is_secret(value: struct_pb2.Value) -> bool:
    """
    Return whether *value* is marked as a secret or as a secret output.
    """
    if not value.HasField("struct_value"):
        return False
    fields = value.struct_value.fields
    mark = fields[SIGNATURE].string_value if SIGNATURE in fields else ""
    if mark == OUTPUT:
        return "secret" in fields and fields["secret"].bool_value
    return mark == SECRET


def _has_secret(value: struct_pb2.Value) -> bool:
    if _is_secret(value):
        return True
    if value.HasField("list_value"):
        return any(map(_has_secret, value.list_value.values))
    return any(map(_has_secret, value.struct_value.fields.values()))
