"""
A function as Pulumi's engine calls it: properties in, properties out.
"""

from collections.abc import Callable, Mapping
from typing import Any

from pulumi_rdsclone.adapters.properties import from_properties, to_properties
from pulumi_rdsclone.adapters.reports import report_document
from pulumi_rdsclone.domain.errors import RefusedError
from pulumi_rdsclone.domain.problems import named
from pulumi_rdsclone.lifecycle.asking import FUNCTIONS
from pulumi_rdsclone.lifecycle.region import Regions

_MODULE = "rdsclone:index:"


def token_of(name: str) -> str:
    """
    Give the token of the function *name*, such as rdsclone:index:getBackups.
    """
    return f"{_MODULE}{name}"


def invoke(
    token: str,
    properties: Mapping[str, Any],
    sites: Regions,
    is_unknown: Callable[[Any], bool],
) -> dict[str, Any]:
    """
    Answer the function with *token*.

    Args:
        token: Such as rdsclone:index:getBackups.
        properties: Its arguments, in camelCase.
        sites: Where to look.
        is_unknown: Tells Pulumi's mark of an unknown value.

    Raises:
        CloneError: There is no such function, or no answer; in snake_case.
    """
    function = FUNCTIONS.get(token.removeprefix(_MODULE))
    if function is None:
        msg = f"there is no function {named(token)} — use one of {', '.join(FUNCTIONS)}"
        raise RefusedError(msg)
    asked = from_properties(properties, is_unknown, (function.arguments,))
    told = report_document(function.answer(asked, sites))
    # Nothing in an answer is unknown, so the mark is never made.
    return to_properties(told, dict, (function.result,))
