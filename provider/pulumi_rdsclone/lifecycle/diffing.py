"""
Diff: compare a clone with its declaration, without asking the API.
"""

from typing import Any

from pulumi_rdsclone.domain.differences import Differences, compare
from pulumi_rdsclone.domain.live_state import (
    is_unfinished,
)
from pulumi_rdsclone.domain.parsing import parse_checked


def diff(olds: dict[str, Any], inputs: dict[str, Any]) -> Differences:
    """
    Return how a clone differs from its specification, without asking the cloud.

    Args:
        olds: The recorded outputs, a tree in snake_case.
        inputs: The checked inputs; may hold *UNKNOWN*.
    """
    differences = compare(olds, parse_checked(inputs).spec)
    if differences or not is_unfinished(olds):
        return differences
    return Differences(updates=("status",))
