"""
Type tokens of the package. Users' states hold those of resources: they are frozen.
"""

from typing import Final

PACKAGE: Final = "rdsclone"
_MODULE: Final = f"{PACKAGE}:index:"


def token_of(name: str) -> str:
    """
    Return the token of a type or function of the package, such as rdsclone:index:NAME.
    """
    return f"{_MODULE}{name}"


def name_of(token: str) -> str:
    """
    Return the name in *token*; another package's token stays as it is.
    """
    return token.removeprefix(_MODULE)


CLONE_TYPE: Final = token_of("CloneInstance")
"""A clone that the plugin manages."""

CLONE_SET_TYPE: Final = token_of("CloneSet")
"""A set of clones, of the plugin as of the dynamic provider."""

DYNAMIC_CLONE_TYPE: Final = "pulumi-python:dynamic:Clone"
"""
A clone that the dynamic provider manages.

It is short so that a row of 80 columns has room for progress beside the name.
"""
