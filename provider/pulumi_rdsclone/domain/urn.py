"""
URNs of resources: urn:pulumi:STACK::PROJECT::PARENT_TYPES$TYPE::NAME.
"""

import re
from typing import Final

_SEPARATOR: Final = "::"
_NAME_INDEX: Final = 3
_HEAD: Final = re.compile(r"urn:pulumi:(?P<stack>.+?)::(?P<project>.+?)::")


def name_in(urn: str) -> str:
    """
    Return the name of the resource with *urn*.
    """
    return urn.split(_SEPARATOR, _NAME_INDEX)[-1]


def stack_in(urn: str) -> str:
    """
    Return PROJECT/STACK of the resource with *urn*; "unknown" where it has none.
    """
    match = _HEAD.match(urn)
    return "{project}/{stack}".format(**match.groupdict()) if match else "unknown"


def sibling_urn(name: str, urn: str) -> str:
    """
    Return the URN of the resource *name* of the same type, which has no parent.

    Args:
        name: The resource's name.
        urn: The URN of another resource of the same type and stack.
    """
    stack, project, types, _ = urn.split(_SEPARATOR, _NAME_INDEX)
    return _SEPARATOR.join((stack, project, types.rpartition("$")[2], name))


def urn_prefix(project: str, stack: str) -> str:
    """
    Return what the URNs of all resources of a stack begin with.
    """
    return f"urn:pulumi:{stack}::{project}::"
