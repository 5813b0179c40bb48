"""
Between Pulumi's properties and this package's values: camelCase there, snake_case here.

The only file that knows how the two spellings relate.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any

from pulumi_rdsclone.domain.outputs import CloneOutputs
from pulumi_rdsclone.domain.part import Field, fields_of, groups_of, leaves_of
from pulumi_rdsclone.domain.problems import Problem
from pulumi_rdsclone.domain.spec import CloneSpec
from pulumi_rdsclone.domain.unknown import UNKNOWN

_WORD = re.compile(r"[a-z]+(?:_[a-z0-9]+)+")


def to_camel(name: str) -> str:
    """
    Give the camelCase spelling of *name*; ``vswitch_ids`` is ``vswitchIds``.
    """
    first, *others = name.split("_")
    return first + "".join(word.capitalize() for word in others)


def spell(text: str) -> str:
    """
    Write every field name in *text* as Pulumi's users know it.
    """
    return _WORD.sub(lambda word: _spelling().get(word[0], word[0]), text)


def to_message(problem: Problem) -> str:
    """
    Give the line that tells *problem*.
    """
    return spell(str(problem))


def from_properties(
    properties: Mapping[str, Any], is_unknown: Callable[[Any], bool]
) -> dict[str, Any]:
    """
    Read *properties* into a tree in snake_case.

    Names that no field has stay as they are, so that they can be refused by name;
    keys of the user's own maps are never touched. What Pulumi adds for itself, and
    what is None, is left out.

    Args:
        properties: Inputs or outputs as Pulumi gives them.
        is_unknown: Tells Pulumi's mark of an unknown value.
    """
    own = {name: v for name, v in properties.items() if not name.startswith("__")}
    return {
        field.name if field else name: _from_value(value, field, is_unknown)
        for name, value in own.items()
        if value is not None
        for field in [_fields()[""].get(name)]
    }


def to_properties(
    values: Mapping[str, Any], unknown: Callable[[], Any]
) -> dict[str, Any]:
    """
    Write *values*, a tree in snake_case, as Pulumi's properties. None is left out.

    Args:
        values: Inputs or outputs.
        unknown: Makes Pulumi's mark of an unknown value.
    """
    return {
        to_camel(name): _to_value(value, field, unknown)
        for name, value in values.items()
        if value is not None
        for field in [_fields()[""].get(to_camel(name))]
    }


def _from_value(
    value: Any, field: Field | None, is_unknown: Callable[[Any], bool]
) -> Any:
    if is_unknown(value):
        return UNKNOWN
    if isinstance(value, list | tuple):
        return [_from_value(item, None, is_unknown) for item in value]
    if not isinstance(value, Mapping):
        return value
    inner = _fields()[field.path] if field and field.part else {}
    return {
        inner[name].name if name in inner else name: _from_value(
            item, inner.get(name), is_unknown
        )
        for name, item in value.items()
        if item is not None
    }


def _to_value(value: Any, field: Field | None, unknown: Callable[[], Any]) -> Any:
    if value is UNKNOWN:
        return unknown()
    if isinstance(value, list | tuple):
        return [_to_value(item, None, unknown) for item in value]
    if not isinstance(value, Mapping):
        return value
    grouped = bool(field and field.part)
    inner = _fields()[field.path] if field and grouped else {}
    return {
        to_camel(name) if grouped else name: _to_value(
            item, inner.get(to_camel(name)), unknown
        )
        for name, item in value.items()
        if item is not None
    }


@cache
def _fields() -> dict[str, dict[str, Field]]:
    """
    Give all fields by the path of their group and their camelCase name.
    """
    roots = (CloneSpec, CloneOutputs)
    groups = {"": _by_name(field for root in roots for field in fields_of(root))}
    for root in roots:
        for path, group in groups_of(root):
            groups[path] = _by_name(fields_of(group, f"{path}."))
    return groups


def _by_name(fields: Iterable[Field]) -> dict[str, Field]:
    return {to_camel(field.name): field for field in fields}


@cache
def _spelling() -> dict[str, str]:
    names = {
        step
        for part in (CloneSpec, CloneOutputs)
        for field in leaves_of(part)
        for step in field.path.split(".")
    }
    return {name: to_camel(name) for name in names}
