"""
A function as Pulumi's engine calls it: properties in, properties out.
"""

from collections.abc import Callable, Mapping
from typing import Any

from pulumi_rdsclone.domain.errors import RefusedError
from pulumi_rdsclone.domain.problems import named
from pulumi_rdsclone.domain.type_tokens import name_of
from pulumi_rdsclone.lifecycle.asking import FUNCTIONS
from pulumi_rdsclone.lifecycle.region import Regions
from pulumi_rdsclone.presentation.documents import to_document
from pulumi_rdsclone.presentation.properties import from_properties, to_properties


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
    function = FUNCTIONS.get(name_of(token))
    if function is None:
        msg = f"there is no function {named(token)} — use one of {', '.join(FUNCTIONS)}"
        raise RefusedError(msg)
    asked = from_properties(properties, is_unknown, (function.arguments,))
    told = to_document(function.answer(asked, sites))
    # Nothing in an answer is unknown, so the mark is never made.
    return to_properties(told, dict, (function.result,))
