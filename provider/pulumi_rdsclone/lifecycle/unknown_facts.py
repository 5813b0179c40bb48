"""
Why facts could not be read, and what would help.
"""

from typing import Final

from pulumi_rdsclone.domain.errors import (
    AccessDeniedError,
    ApiError,
    CloneError,
    ConflictError,
    UnavailableError,
)
from pulumi_rdsclone.domain.judging import UnknownFact
from pulumi_rdsclone.domain.ram import ram_action

CONTENTS_UNKNOWN: Final = UnknownFact(
    fact="contents",
    why="the API tells what a backup holds for MySQL on local disks only",
    remedy="compare the names with the source's",
)

_LATER: Final = "run again later"


def unknown_fact(fact: str, error: CloneError) -> UnknownFact:
    """
    Return why *fact* could not be read, and the remedy.
    """
    if not isinstance(error, ApiError):
        return UnknownFact(fact=fact, why=str(error), remedy=_LATER)
    action = error.fault.action
    if isinstance(error, AccessDeniedError):
        return UnknownFact(
            fact=fact,
            why=f"{ram_action(action)} is not permitted",
            remedy="allow this RAM action to have it checked in preview",
        )
    if isinstance(error, UnavailableError):
        why = f"gave no usable answer: {error.fault}"
        return UnknownFact(fact=fact, why=f"{action} {why}", remedy=_LATER)
    hindered = isinstance(error, ConflictError)
    return UnknownFact(
        fact=fact,
        why=f"{action} answered {error.fault.code}",
        remedy="look again when the source is Running" if hindered else _LATER,
    )
