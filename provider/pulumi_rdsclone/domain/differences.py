"""
Compare an existing clone with a changed specification. Pure.
"""

from dataclasses import dataclass
from typing import Final

from pulumi_rdsclone.domain.clone_state import CloneState
from pulumi_rdsclone.domain.desired import CLEARED_WHEN_OMITTED, DesiredClone
from pulumi_rdsclone.domain.model import Change, Field, MapOwnership, leaves_of
from pulumi_rdsclone.domain.spec import CloneSpec
from pulumi_rdsclone.domain.unknown import has_unknown
from pulumi_rdsclone.domain.values import PropertyValue


@dataclass(frozen=True, kw_only=True)
class Differences:
    """
    The paths that differ, in snake_case.

    Attributes:
        updates: Changed in place.
        replaces: A new clone is needed.
        undecided: The new value is unknown where it could force a replacement.
        kept: Desired, but an existing clone cannot be changed to it.
    """

    updates: tuple[str, ...] = ()
    replaces: tuple[str, ...] = ()
    undecided: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.updates or self.replaces or self.undecided)


def compare(old: CloneState, new: DesiredClone) -> Differences:
    """
    Compare the recorded outputs of a clone with its specification.

    An input that is no longer given goes back to its static default where that is
    an update in place; otherwise it is no change, the clone stays as it is. An
    unknown value may or may not be a change, so it never counts as a replacement:
    the engine asks again when it is known.

    Args:
        old: The outputs, recorded or live.
        new: What is asked for.
    """
    changed = []
    for field in leaves_of(CloneSpec):
        value = new.at(field.path)
        before = comparable_value(field, old.at(field.path), value=value, new=new)
        if differs(field, old=before, new=value):
            change = _change_of(field, before, new=value)
            changed.append((field.path, change, has_unknown(value)))
    return Differences(
        updates=_paths(changed, Change.UPDATE),
        replaces=_paths(changed, Change.REPLACE, unknown=False),
        undecided=_paths(changed, Change.REPLACE, unknown=True),
        kept=_paths(
            [entry for entry in changed if entry[0] in _MAY_BE_KEPT],
            Change.CREATE_ONLY,
        ),
    )


def comparable_value(
    field: Field, old: PropertyValue, *, value: PropertyValue, new: DesiredClone
) -> PropertyValue:
    """
    Return the part of *old* that is compared with *value* of *new*.

    With *accounts_exclusive* an account that is declared no more is a change, too.
    """
    if field.path == "accounts" and new.spec.accounts_exclusive is True:
        return old
    return declared_keys(field, old, new=value)


def declared_keys(
    field: Field, old: PropertyValue, *, new: PropertyValue
) -> PropertyValue:
    """
    Return *old* without the keys of a map that the program does not declare.
    """
    if (
        field.ownership is not MapOwnership.DECLARED
        or not isinstance(new, dict)
        or not old
    ):
        return old
    return {key: old[key] for key in new if key in old}


def _change_of(
    field: Field, old: PropertyValue, *, new: PropertyValue
) -> Change | None:
    """
    Return what a change does; an unknown value may yet need a new clone.
    """
    unless = field.except_when
    if unless is None:
        return field.change
    if has_unknown(new):
        return unless.change if unless.change is Change.REPLACE else field.change
    return unless.change if unless.holds(old, new) else field.change


_MAY_BE_KEPT: Final = frozenset(
    field.path
    for field in leaves_of(CloneSpec)
    if field.except_when and field.except_when.change is Change.CREATE_ONLY
)


def differs(field: Field, *, old: PropertyValue, new: PropertyValue) -> bool:
    """
    Return whether *new* is a change; a default is none if nothing is recorded.
    """
    if new is None:
        return field.path in CLEARED_WHEN_OMITTED and old is not None
    if has_unknown(new):
        return True
    if old is None and (not new or field.aspect is None):
        return bool(new != field.default)
    return bool(old != new)


def _paths(
    changed: list[tuple[str, Change | None, bool]],
    wanted: Change,
    *,
    unknown: bool | None = None,
) -> tuple[str, ...]:
    return tuple(
        path
        for path, change, is_open in changed
        if change is wanted and unknown in (None, is_open)
    )
