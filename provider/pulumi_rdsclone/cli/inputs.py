"""
Reads the inputs of a clone from options, as a tree in snake_case, without checks.
"""

import json
import re
from collections.abc import Iterable, Iterator
from typing import Final

import typer

from pulumi_rdsclone.domain.model import FieldGroup, fields_of
from pulumi_rdsclone.domain.spec import CloneSpec
from pulumi_rdsclone.domain.values import FieldValues, Properties, PropertyValue
from pulumi_rdsclone.presentation.properties import from_properties
from pulumi_rdsclone.presentation.spelling import to_camel

_ASSIGNMENT: Final = re.compile(r"([A-Za-z]\w*(?:\.[^=]+)?)=(.*)", re.DOTALL)


def read(options: FieldValues, assignments: Iterable[str]) -> Properties:
    """
    Return the inputs that *options* and *assignments* set.

    Args:
        options: Values by dotted path; None is left out.
        assignments: PATH=VALUE, where a value is JSON if it parses, else text.

    Raises:
        BadParameter: An assignment is malformed, or an input is given twice.
    """
    tree: dict[str, PropertyValue] = {}
    for path, value in (*_given(options), *map(_assigned, assignments)):
        steps, _ = _place(path)
        for step in reversed(steps):
            value = {step: value}  # noqa: PLW2901 - it grows from its leaf
        _merge(tree, from_properties(value, lambda _: False), path=path)
    return tree


def _given(options: FieldValues) -> Iterator[tuple[str, PropertyValue]]:
    return ((path, value) for path, value in options.items() if value is not None)


def _assigned(text: str) -> tuple[str, PropertyValue]:
    match = _ASSIGNMENT.fullmatch(text)
    if match is None:
        message = f"{text!r} is not PATH=VALUE"
        raise _usage_error(message)
    path, value = match.groups()
    _, kind = _place(path)
    return path, _value(value, kind)


def _value(text: str, kind: type | None) -> PropertyValue:
    """
    Return *text* read as JSON if it is valid; a text input takes 123 and true as text.
    """
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return text
    return text if kind is str and not isinstance(value, str) else value


def _place(path: str) -> tuple[list[str], type | None]:
    """
    Return the steps of *path*, in camelCase, and the type that belongs there.

    *path* is in either spelling. What follows a map's name is one key, dots and all.
    The type of an unknown property is None.
    """
    group: type[FieldGroup] = CloneSpec
    steps: list[str] = []
    rest = path
    while True:
        step, _, rest = rest.partition(".")
        steps.append(to_camel(step))
        fields = {to_camel(field.name): field for field in fields_of(group)}
        field = fields.get(steps[-1])
        if field is None or field.subgroup is None or not rest:
            break
        group = field.subgroup
    if not rest:
        return steps, field.kind if field else None
    return [*steps, rest], str if field and field.kind is dict else None


def _merge(tree: dict[str, PropertyValue], more: Properties, *, path: str) -> None:
    for name, value in more.items():
        if name not in tree:
            tree[name] = value
        elif isinstance(value, dict) and isinstance(tree[name], dict):
            _merge(tree[name], value, path=path)
        else:
            message = f"{path} is given twice"
            raise _usage_error(message)


def _usage_error(text: str) -> typer.BadParameter:
    return typer.BadParameter(text, param_hint="'--set'")
