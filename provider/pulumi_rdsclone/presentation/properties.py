"""
Translates between Pulumi's properties in camelCase and trees in snake_case.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from pulumi_rdsclone.domain.model import Field, FieldGroup, fields_of, groups_of
from pulumi_rdsclone.domain.outputs import CloneOutputs
from pulumi_rdsclone.domain.spec import CloneSpec
from pulumi_rdsclone.domain.unknown import UNKNOWN
from pulumi_rdsclone.domain.values import Properties, PropertyValue
from pulumi_rdsclone.presentation.spelling import to_camel

CLONE: Final[tuple[type[FieldGroup], ...]] = (CloneSpec, CloneOutputs)
"""The groups that describe the properties of a clone."""


def from_properties(
    properties: Properties,
    is_unknown: Callable[[object], bool],
    *,
    parts: tuple[type[FieldGroup], ...] = CLONE,
) -> Properties:
    """
    Return *properties* as a tree in snake_case.

    Names that no field has stay as they are, so that they can be refused by name; keys
    of the user's own maps stay, too. Pulumi's own properties and None are left out.

    Args:
        properties: Inputs or outputs from Pulumi.
        is_unknown: Returns whether a value is Pulumi's mark of an unknown one.
        parts: The groups that describe them.
    """
    known = _fields(parts)
    own = {name: v for name, v in properties.items() if not name.startswith("__")}
    conversion = _Conversion(known, is_unknown, lambda: UNKNOWN, _to_field_name)
    return conversion.of_group(own, known[""])


def to_properties(
    values: Properties,
    unknown: Callable[[], PropertyValue],
    *,
    parts: tuple[type[FieldGroup], ...] = CLONE,
) -> Properties:
    """
    Return *values*, a tree in snake_case, as Pulumi's properties without None.

    Args:
        values: Inputs or outputs.
        unknown: Returns Pulumi's mark of an unknown value.
        parts: The groups that describe them.
    """
    known = _fields(parts)
    conversion = _Conversion(known, _is_ours, unknown, _to_property_name)
    return conversion.of_group(values, known[""])


Group = Mapping[str, Field]
"""The fields of one group by their camelCase name."""

Known = Mapping[str, Group]
"""The groups by their path."""


@dataclass(frozen=True)
class _Conversion:
    """
    Converts trees of values from one spelling and one mark of unknown values to others.

    Attributes:
        known: The groups that describe them.
        is_unknown: Returns whether a value is the mark that is replaced.
        unknown: Returns the mark that replaces it.
        rename: Returns the other name of an entry of a group, and its field; None for
            a group is an object that no group describes.
    """

    known: Known
    is_unknown: Callable[[object], bool]
    unknown: Callable[[], PropertyValue]
    rename: Callable[[str, Group | None], tuple[str, Field | None]]

    def of_group(self, values: Properties, group: Group | None) -> Properties:
        """
        Return the entries of a group; None is left out.
        """
        return {
            renamed: self._of_value(value, field)
            for name, value in values.items()
            if value is not None
            for renamed, field in [self.rename(name, group)]
        }

    def _of_value(self, value: PropertyValue, field: Field | None) -> PropertyValue:
        if self.is_unknown(value):
            return self.unknown()
        if isinstance(value, list | tuple):
            item_field = field.item_field if field else None
            return [self._of_value(item, item_field) for item in value]
        if not isinstance(value, Mapping):
            return value
        if field and field.item:
            return self._of_map(value, field.item_field)
        group = self.known[field.path] if field and field.subgroup else None
        return self.of_group(value, group)

    def _of_map(self, values: Properties, item_field: Field | None) -> Properties:
        """
        Return the entries of a map, whose keys are the user's own; None is left out.
        """
        return {
            key: self._of_value(item, item_field)
            for key, item in values.items()
            if item is not None
        }


def _is_ours(value: object) -> bool:
    return value is UNKNOWN


def _to_field_name(name: str, group: Group | None) -> tuple[str, Field | None]:
    field = group.get(name) if group else None
    return (field.name if field else name), field


def _to_property_name(name: str, group: Group | None) -> tuple[str, Field | None]:
    if group is None:
        return name, None
    camel = to_camel(name)
    return camel, group.get(camel)


@cache
def _fields(parts: tuple[type[FieldGroup], ...]) -> Known:
    """
    Return all fields of *parts* by the path of their group and their camelCase name.
    """
    groups = {"": _by_name(field for part in parts for field in fields_of(part))}
    for root in parts:
        for path, group in groups_of(root):
            groups[path] = _by_name(fields_of(group, f"{path}."))
    return groups


def _by_name(fields: Iterable[Field]) -> dict[str, Field]:
    return {to_camel(field.name): field for field in fields}
