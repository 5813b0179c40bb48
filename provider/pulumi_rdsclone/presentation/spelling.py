"""
Spelling of field names: snake_case in this package, camelCase for users.
"""

import re
from functools import cache
from typing import Final

from pulumi_rdsclone.domain.model import FieldGroup, fields_of, groups_of
from pulumi_rdsclone.domain.outputs import CloneOutputs
from pulumi_rdsclone.domain.problems import Problem
from pulumi_rdsclone.domain.spec import CloneSpec
from pulumi_rdsclone.lifecycle.functions import FUNCTIONS

_QUOTED: Final = r"""(?<!\w)(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
"""A user's own value in a text; an apostrophe opens none, as a letter precedes it."""

_NAME: Final = r"[a-z]+(?:_[a-z0-9]+)+\b(?!\.conf\b)"
"""A name in a text; pg_hba.conf is a file."""

_WORD: Final = re.compile(f"{_QUOTED}|{_NAME}")


def to_camel(name: str) -> str:
    """
    Return the camelCase spelling of *name*; ``vswitch_ids`` is ``vswitchIds``.
    """
    first, *others = name.split("_")
    return first + "".join(word.capitalize() for word in others)


def spell(text: str) -> str:
    """
    Return *text* with its field names in camelCase; quoted values stay as they are.
    """
    return _WORD.sub(lambda word: _spelling().get(word[0], word[0]), text)


def to_message(problem: Problem) -> str:
    """
    Return the message for *problem*, one line.
    """
    return spell(str(problem))


@cache
def _spelling() -> dict[str, str]:
    """
    Return the spelling of every field of a clone and of the functions' arguments.
    """
    asked: list[type[FieldGroup]] = [f.arguments for f in FUNCTIONS.values()]
    roots: tuple[type[FieldGroup], ...] = (CloneSpec, CloneOutputs, *asked)
    groups = {group for root in roots for _, group in groups_of(root)}
    names = {field.name for part in (*roots, *groups) for field in fields_of(part)}
    return {name: to_camel(name) for name in names}
