"""
Answers calls of the functions by the engine.
"""

from collections.abc import Callable

from pulumi_rdsclone.domain.errors import RefusedError
from pulumi_rdsclone.domain.problems import named
from pulumi_rdsclone.domain.type_tokens import name_of
from pulumi_rdsclone.domain.values import Properties
from pulumi_rdsclone.lifecycle.functions import FUNCTIONS
from pulumi_rdsclone.lifecycle.region import Regions
from pulumi_rdsclone.presentation.documents import to_document
from pulumi_rdsclone.presentation.properties import from_properties, to_properties


def invoke(
    token: str,
    properties: Properties,
    *,
    regions: Regions,
    is_unknown: Callable[[object], bool],
) -> Properties:
    """
    Return the result of the function with *token*, as properties.

    Args:
        token: Such as rdsclone:index:getBackups.
        properties: Its arguments, in camelCase.
        regions: The configured regions.
        is_unknown: Returns whether a value is Pulumi's mark of an unknown one.

    Raises:
        CloneError: There is no such function, or no result; in snake_case.
    """
    function = FUNCTIONS.get(name_of(token))
    if function is None:
        known = ", ".join(FUNCTIONS)
        message = f"there is no function {named(token)} — use one of {known}"
        raise RefusedError(message)
    asked = from_properties(properties, is_unknown, parts=(function.arguments,))
    result = to_document(function.answer(asked, regions))
    # No result contains unknown values, so no mark is made.
    return to_properties(result, dict, parts=(function.result,))
