"""
What a changed specification does to a clone that exists. Pure: values in, values out.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pulumi_rdsclone.domain.part import Change, Field, leaves_of
from pulumi_rdsclone.domain.spec import CloneSpec
from pulumi_rdsclone.domain.unknown import UNKNOWN, has_unknown


@dataclass(frozen=True, kw_only=True)
class Differences:
    """
    The paths that differ, in snake_case.

    Attributes:
        updates: Changed in place.
        replaces: A new clone is needed.
        undecided: The new value is unknown where it could force a replacement.
    """

    updates: tuple[str, ...] = ()
    replaces: tuple[str, ...] = ()
    undecided: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.updates or self.replaces or self.undecided)


def compare(old: Mapping[str, Any], new: CloneSpec) -> Differences:
    """
    Compare what is recorded of a clone with what is asked for now.

    An input that is no longer given goes back to its static default where that is
    an update in place; otherwise it is no change, the clone stays as it is. An
    unknown value may or may not be a change, so it never counts as a replacement:
    the engine asks again when it is known.

    Args:
        old: The recorded outputs, a tree in snake_case.
        new: The specification as parsed.
    """
    given, complete = new.given(), new.complete()
    changed = []
    for field in leaves_of(CloneSpec):
        wanted = complete if field.change is Change.UPDATE else given
        value = recorded(wanted, field.path)
        if _differs(recorded(old, field.path), value):
            changed.append((field, value))
    return Differences(
        updates=_paths(changed, Change.UPDATE),
        replaces=_paths(changed, Change.REPLACE, known=True),
        undecided=_paths(changed, Change.REPLACE, known=False),
    )


def recorded(tree: Mapping[str, Any], path: str) -> Any:
    """
    Give the value at *path* of *tree*; None where it ends early, or *UNKNOWN*.
    """
    value: Any = tree
    for step in path.split("."):
        if value is UNKNOWN or not isinstance(value, Mapping):
            return value if value is UNKNOWN else None
        value = value.get(step)
    return value


def _differs(old: Any, new: Any) -> bool:
    if new is None:
        return False
    if has_unknown(new):
        return True
    if not new and old is None:
        return False
    return bool(old != new)


def _paths(
    changed: list[tuple[Field, Any]], change: Change, *, known: bool | None = None
) -> tuple[str, ...]:
    return tuple(
        field.path
        for field, value in changed
        if field.change is change and (known is None or known != has_unknown(value))
    )
