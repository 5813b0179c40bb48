"""
Between Pulumi's properties and this package's values: camelCase there, snake_case here.

The only file that knows how the two spellings relate.
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
"""What the properties of a clone are described by."""


def from_properties(
    properties: Mapping[str, Any],
    is_unknown: Callable[[Any], bool],
    parts: tuple[type[FieldGroup], ...] = CLONE,
) -> dict[str, Any]:
    """
    Read *properties* into a tree in snake_case.

    Names that no field has stay as they are, so that they can be refused by name;
    keys of the user's own maps are never touched. What Pulumi adds for itself, and
    what is None, is left out.

    Args:
        properties: Inputs or outputs as Pulumi gives them.
        is_unknown: Tells Pulumi's mark of an unknown value.
        parts: What they are described by.
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
    Write *values*, a tree in snake_case, as Pulumi's properties. None is left out.

    Args:
        values: Inputs or outputs.
        unknown: Makes Pulumi's mark of an unknown value.
        parts: What they are described by.
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
        held = field.item_field if field else None
        return [_from_value(item, held, is_unknown, known) for item in value]
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
        held = field.item_field if field else None
        return [_to_value(item, held, unknown, known) for item in value]
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
    Give all fields of *parts* by the path of their group and their camelCase name.
    """
    groups = {"": _by_name(field for part in parts for field in fields_of(part))}
    for root in parts:
        for path, group in groups_of(root):
            groups[path] = _by_name(fields_of(group, f"{path}."))
    return groups


def _by_name(fields: Iterable[Field]) -> dict[str, Field]:
    return {to_camel(field.name): field for field in fields}
