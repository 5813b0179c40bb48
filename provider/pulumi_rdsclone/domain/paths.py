"""
Read and set values in properties, by dotted path in snake_case.
"""

from collections.abc import Mapping

from pulumi_rdsclone.domain.unknown import UNKNOWN
from pulumi_rdsclone.domain.values import Properties, PropertyValue


def get_value(tree: Properties, path: str) -> PropertyValue:
    """
    Return the value at *path* of *tree*; None where it ends early, or *UNKNOWN*.
    """
    value: PropertyValue = tree
    for step in path.split("."):
        if value is UNKNOWN or not isinstance(value, Mapping):
            return value if value is UNKNOWN else None
        value = value.get(step)
    return value


def set_value(tree: Properties, path: str, *, value: PropertyValue) -> Properties:
    """
    Return a copy of *tree* with *value* at *path*; groups on the way are made.
    """
    step, _, rest = path.partition(".")
    return {
        **tree,
        step: set_value(tree.get(step) or {}, rest, value=value) if rest else value,
    }
