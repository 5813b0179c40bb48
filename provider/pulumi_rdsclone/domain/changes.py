"""
Changes in place: which aspects change, and from which values to which. Pure.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from pulumi_rdsclone.domain.aspect_reading import AspectReading
from pulumi_rdsclone.domain.aspects import Aspect
from pulumi_rdsclone.domain.clone_state import CloneState
from pulumi_rdsclone.domain.desired import DesiredClone
from pulumi_rdsclone.domain.differences import Differences, compare, differs
from pulumi_rdsclone.domain.instances import Instance
from pulumi_rdsclone.domain.market import Price
from pulumi_rdsclone.domain.model import Effect, Field, leaves_of
from pulumi_rdsclone.domain.spec import CloneSpec
from pulumi_rdsclone.domain.values import FieldValues, PropertyValue


@dataclass(frozen=True, kw_only=True)
class AspectChange:
    """
    The change of one aspect of a clone.

    Attributes:
        instance: The clone as it is now.
        aspect: What is changed.
        old: What was read, with the live values of all fields of the aspect.
        new: The desired values, by dotted path; None where nothing is declared.
        accepted: The accounts whose password has been set by an earlier try, or by
            this one: each other password is set again, as no call reports passwords.
    """

    instance: Instance
    aspect: Aspect
    old: AspectReading
    new: FieldValues
    accepted: set[str] = field(default_factory=set, compare=False)

    def desired(self, path: str) -> PropertyValue:
        """
        Return the desired value at *path*, else the live one.
        """
        value = self.new.get(path)
        return self.old.at(path) if value is None else value

    @property
    def is_made(self) -> bool:
        """
        Whether all desired values are reported.
        """
        return not any(
            differs(field, old=self.old.at(field.path), new=self.new.get(field.path))
            for field in fields_in({self.aspect})
        )

    def differing(self, path: str) -> PropertyValue:
        """
        Return the desired value at *path* where the live one differs; else None.
        """
        value = self.new.get(path)
        return None if value == self.old.at(path) else value


def aspects_to_change(old: CloneState, new: DesiredClone) -> tuple[Aspect, ...]:
    """
    Return the aspects in which *new* differs from the outputs *old*, in their order.
    """
    changed = set(compare(old, new).updates)
    found = {f.aspect for f in leaves_of(CloneSpec) if f.path in changed}
    return tuple(aspect for aspect in Aspect if aspect in found)


def fields_in(aspects: Collection[Aspect]) -> list[Field]:
    """
    Return the fields that belong to one of *aspects*.
    """
    return [field for field in leaves_of(CloneSpec) if field.aspect in aspects]


def summarize(differences: Differences, price: Price | None = None) -> str:
    """
    Return a line that summarizes *differences* of a clone; empty without any.

    A new clone has all values from the beginning, so where one is needed the changes in
    place are left out.

    Args:
        differences: What differs.
        price: What the clone costs afterwards; None where that is not known.
    """
    fields = {field.path: field for field in leaves_of(CloneSpec)}
    if differences.replaces:
        needed = [_with_reason(fields[path]) for path in differences.replaces]
        parts = [f"needs a new clone: {', '.join(needed)}"]
    else:
        updates = [fields[path] for path in differences.updates if path in fields]
        parts = list(_changes_in_place(updates))
    if price:
        parts.append(f"price after the change: {price}")
    return " · ".join(parts)


def _changes_in_place(updates: Collection[Field]) -> Iterator[str]:
    """
    Return the paths of *updates*, one part of the line for each effect of a change.
    """
    for effect in (None, *Effect):
        what = f"changes in place, {effect}" if effect else "changes in place"
        if paths := [field.path for field in updates if field.effect is effect]:
            yield f"{what}: {', '.join(paths)}"


def explain_kept(differences: Differences) -> list[str]:
    """
    Return why each desired value that cannot be set stays as it is.
    """
    fields = {field.path: field for field in leaves_of(CloneSpec)}
    return [f"{_with_reason(fields[p])} stays as it is" for p in differences.kept]


def _with_reason(field: Field) -> str:
    return (
        f"{field.path} ({field.except_when.why})" if field.except_when else field.path
    )
