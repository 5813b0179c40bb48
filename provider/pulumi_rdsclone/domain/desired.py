"""
A clone as a program asks for it: its checked inputs, parsed once.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Final, Self

from pulumi_rdsclone.domain.model import Change, Field, leaves_of
from pulumi_rdsclone.domain.parsing import Parsed, parse
from pulumi_rdsclone.domain.paths import get_value
from pulumi_rdsclone.domain.problems import Problem
from pulumi_rdsclone.domain.spec import CloneSpec
from pulumi_rdsclone.domain.values import FieldValues, Properties, PropertyValue

_KEY: Final = "clone_key"


@dataclass(frozen=True, kw_only=True)
class DesiredClone:
    """
    What a program asks for.

    Attributes:
        inputs: The checked inputs, a tree in snake_case; may hold *UNKNOWN*.
        parsed: The same inputs as a specification, with what is wrong with their form.
    """

    inputs: Properties
    parsed: Parsed[CloneSpec]

    @classmethod
    def from_inputs(cls, inputs: Properties) -> Self:
        """
        Return what *inputs* ask for: those that Check has answered with.
        """
        declared = {name: inputs[name] for name in inputs if name != _KEY}
        return cls(inputs=inputs, parsed=parse(declared))

    @property
    def clone_key(self) -> str:
        """
        Which resource the clone belongs to.
        """
        return str(self.inputs[_KEY])

    @property
    def spec(self) -> CloneSpec:
        """
        The specification; *UNKNOWN* stands where a value is wrong.
        """
        return self.parsed.spec

    @property
    def problems(self) -> tuple[Problem, ...]:
        """
        What is wrong with the form of the inputs.
        """
        return self.parsed.problems

    def spec_or_raise(self) -> CloneSpec:
        """
        Return the specification.

        Raises:
            InvalidSpecError: Something is wrong with its form.
        """
        return self.parsed.spec_or_raise()

    def at(self, path: str) -> PropertyValue:
        """
        Return the desired value of the field at *path*; None where there is none.

        A field that changes in place and is not declared has its default.
        """
        return self._values[path]

    def is_given(self, path: str) -> bool:
        """
        Return whether the program declares a value at *path*.
        """
        return get_value(self._given, path) is not None

    @cached_property
    def _given(self) -> Properties:
        return self.spec.given()

    @cached_property
    def _values(self) -> FieldValues:
        complete = self.spec.complete()
        return {
            field.path: _desired_value(field, given=self._given, complete=complete)
            for field in leaves_of(CloneSpec)
        }


def _desired_value(
    field: Field, *, given: Properties, complete: Properties
) -> PropertyValue:
    if field.change is not Change.UPDATE:
        return get_value(given, field.path)
    if field.path in KEPT_WHEN_OMITTED:
        return get_value(given, field.path)
    value = get_value(complete, field.path)
    # In a group that is not there nothing is on.
    return field.default if value is None and not field.default else value


CLEARED_WHEN_OMITTED: Final = frozenset({"ttl", "expires_at"})
"""Fields that end when they are removed, so that no clone is reaped by surprise."""

KEPT_WHEN_OMITTED: Final = frozenset({"payment.type"})
"""Fields that keep their value when removed: a subscription is not cancelled so."""
