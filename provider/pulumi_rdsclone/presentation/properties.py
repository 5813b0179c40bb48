"""
Translates between Pulumi's properties in camelCase and trees in snake_case.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any, Final

from pulumi_rdsclone.domain.model import Field, FieldGroup, fields_of, groups_of
from pulumi_rdsclone.domain.outputs import CloneOutputs
from pulumi_rdsclone.domain.spec import CloneSpec
from pulumi_rdsclone.domain.unknown import UNKNOWN
from pulumi_rdsclone.presentation.spelling import to_camel

CLONE: Final[tuple[type[FieldGroup], ...]] = (CloneSpec, CloneOutputs)
"""The groups that describe the properties of a clone."""


def from_properties(
    properties: Mapping[str, Any],
    is_unknown: Callable[[Any], bool],
    parts: tuple[type[FieldGroup], ...] = CLONE,
) -> dict[str, Any]:
    """
    Return *properties* as a tree in snake_case.

    Names that no field has stay as they are, so that they can be refused by name; keys
    of the user's own maps stay, too. Pulumi's own properties and None are left out.

    Args:
        properties: Inputs or outputs from Pulumi.
        is_unknown: Returns whether a value is Pulumi's mark of an unknown one.
        parts: The groups that describe them.
    """
    known = _fields(parts)
    own = {name: v for name, v in properties.items() if not name.startswith("__")}
    return {
        field.name if field else name: _from_value(value, field, is_unknown, known)
        for name, value in own.items()
        if value is not None
        for field in [known[""].get(name)]
    }


def to_properties(
    values: Mapping[str, Any],
    unknown: Callable[[], Any],
    parts: tuple[type[FieldGroup], ...] = CLONE,
) -> dict[str, Any]:
    """
    Return *values*, a tree in snake_case, as Pulumi's properties without None.

    Args:
        values: Inputs or outputs.
        unknown: Returns Pulumi's mark of an unknown value.
        parts: The groups that describe them.
    """
    known = _fields(parts)
    return {
        to_camel(name): _to_value(value, field, unknown, known)
        for name, value in values.items()
        if value is not None
        for field in [known[""].get(to_camel(name))]
    }


Known = Mapping[str, Mapping[str, Field]]
"""Fields by the path of their group and their camelCase name."""


def _from_value(
    value: Any, field: Field | None, is_unknown: Callable[[Any], bool], known: Known
) -> Any:
    if is_unknown(value):
        return UNKNOWN
    if isinstance(value, list | tuple):
        item_field = field.item_field if field else None
        return [_from_value(item, item_field, is_unknown, known) for item in value]
    if not isinstance(value, Mapping):
        return value
    if field and field.item:
        return {
            key: _from_value(item, field.item_field, is_unknown, known)
            for key, item in value.items()
            if item is not None
        }
    inner = known[field.path] if field and field.subgroup else {}
    return {
        inner[name].name if name in inner else name: _from_value(
            item, inner.get(name), is_unknown, known
        )
        for name, item in value.items()
        if item is not None
    }


def _to_value(
    value: Any, field: Field | None, unknown: Callable[[], Any], known: Known
) -> Any:
    if value is UNKNOWN:
        return unknown()
    if isinstance(value, list | tuple):
        item_field = field.item_field if field else None
        return [_to_value(item, item_field, unknown, known) for item in value]
    if not isinstance(value, Mapping):
        return value
    if field and field.item:
        return {
            key: _to_value(item, field.item_field, unknown, known)
            for key, item in value.items()
            if item is not None
        }
    grouped = bool(field and field.subgroup)
    inner = known[field.path] if field and grouped else {}
    return {
        to_camel(name) if grouped else name: _to_value(
            item, inner.get(to_camel(name)), unknown, known
        )
        for name, item in value.items()
        if item is not None
    }


@cache
def _fields(parts: tuple[type[FieldGroup], ...]) -> Known:
    """
    Return all fields of *parts* by the path of their group and their camelCase name.
    """
    groups = {"": _by_name(field for part in parts for field in fields_of(part))}
    for root in parts:
        for path, group in groups_of(root):
            groups[path] = _by_name(fields_of(group, f"{path}."))
    return groups


def _by_name(fields: Iterable[Field]) -> dict[str, Field]:
    return {to_camel(field.name): field for field in fields}
