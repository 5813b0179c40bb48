"""
The functions in the package schema, derived from their table.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, TypeAlias

from pulumi_rdsclone.domain.model import Field, FieldGroup, fields_of
from pulumi_rdsclone.domain.type_tokens import token_of
from pulumi_rdsclone.lifecycle.functions import FUNCTIONS
from pulumi_rdsclone.presentation.spelling import spell, to_camel

Schema: TypeAlias = dict[str, Any]
"""A part of the package schema: an object of JSON."""

Describe = Callable[[type[FieldGroup], Field], Schema]


def functions(describe: Describe) -> Schema:
    """
    Return the section ``functions``.

    Args:
        describe: Returns the schema of one property.
    """
    return {
        token_of(name): {
            "description": spell(function.doc),
            "inputs": _object(function.arguments, describe),
            "outputs": _object(function.result, describe),
        }
        for name, function in FUNCTIONS.items()
    }


def function_parts() -> Iterator[type[FieldGroup]]:
    """
    Yield the arguments and the result of each function.
    """
    for function in FUNCTIONS.values():
        yield from (function.arguments, function.result)


def _object(part: type[FieldGroup], describe: Describe) -> Schema:
    # Arguments have no clone that a later change could affect.
    fields = [replace(field, change=None) for field in fields_of(part)]
    return {
        "type": "object",
        "description": spell((part.__doc__ or "").strip()),
        "properties": {to_camel(field.name): describe(part, field) for field in fields},
        "required": [to_camel(field.name) for field in fields if field.required],
    }
