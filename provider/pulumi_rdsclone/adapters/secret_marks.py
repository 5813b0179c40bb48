"""
Secrets in the protocol's properties: what was secret in a call is so in its answer.

The engine does this itself for a provider that does not accept secrets; one that has
components must accept them, and do it.
"""

from typing import Final

from google.protobuf import struct_pb2

from pulumi_rdsclone.domain.model import Field, FieldGroup, fields_of
from pulumi_rdsclone.presentation.spelling import to_camel

SIGNATURE: Final = "4dabf18193072939515e22adb298388d"
"""Key by which the protocol marks a value as something else than it looks."""

SECRET: Final = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105 - the mark of one
OUTPUT: Final = "d0e6a833031e9bbcd3f4e8bde6ca49a4"


def copy_marks(answer: struct_pb2.Struct, asked: struct_pb2.Struct) -> None:
    """
    Mark the values of *answer* whose names stand for secrets in *asked*.

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
    Mark what nobody may read of *inputs*, as *part* describes them.

    No SDK marks it where it stands in a list or map: a plain text would be stored.
    """
    for field in fields_of(part):
        name = to_camel(field.name)
        if name in inputs.fields:
            _hide_value(inputs.fields[name], field)


def _hide_value(value: struct_pb2.Value, field: Field) -> None:
    if field.secret and not _is_secret(value):
        value.CopyFrom(_secret(value))
    elif field.subgroup and _is_object(value):
        mark_declared(value.struct_value, field.subgroup)
    elif field.item_field:
        held = value.struct_value.fields.values() if _is_object(value) else ()
        for item in (*held, *value.list_value.values):
            _hide_value(item, field.item_field)


def _secret(value: struct_pb2.Value) -> struct_pb2.Value:
    mark = struct_pb2.Value(string_value=SECRET)
    fields = {SIGNATURE: mark, "value": value}
    return struct_pb2.Value(struct_value=struct_pb2.Struct(fields=fields))


def _is_object(value: struct_pb2.Value) -> bool:
    return value.HasField("struct_value") and SIGNATURE not in value.struct_value.fields


def _is_secret(value: struct_pb2.Value) -> bool:
    """
    Tell whether *value* is marked, as a secret or as an output that is one.
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
