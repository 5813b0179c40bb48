"""
The form in which every field is described, once: type, doc, default, change policy.

Schema, argument classes, comparison and documentation are derived from models
that build on *Part*; nothing else in this project describes a field.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from typing import Annotated, Any, Final, get_args, get_origin

from pydantic import (
    BaseModel,
    ConfigDict,
    GetCoreSchemaHandler,
    ValidationInfo,
    ValidatorFunctionWrapHandler,
    field_validator,
)
from pydantic.fields import FieldInfo
from pydantic_core import CoreSchema, PydanticUndefined
from pydantic_core.core_schema import no_info_before_validator_function

from pulumi_rdsclone.domain.problems import FormError
from pulumi_rdsclone.domain.times import format_duration, format_instant
from pulumi_rdsclone.domain.unknown import has_unknown, is_unknown


class Change(StrEnum):
    """
    What a later change of a field does to a clone that exists.
    """

    UPDATE = "update"
    """The clone is changed in place."""

    REPLACE = "replace"
    """A new clone is made, then the old one is released."""

    CREATE_ONLY = "create-only"
    """Nothing: the field counts while the clone is being made, and only then."""


class Choices:
    """
    Marks a text field with the values it is known to take. Case is corrected.

    Args:
        values: As the API spells them.
        closed: Whether other values are refused; otherwise they pass, as the cloud
            may have learnt a word that this table does not know.
    """

    def __init__(self, *values: str, closed: bool = True) -> None:
        self.values = values
        self.closed = closed

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return no_info_before_validator_function(self.correct, handler(source))

    def correct(self, value: Any) -> Any:
        """
        Give *value* in the spelling of the table.

        Raises:
            FormError: *value* is not in a closed table.
        """
        if not isinstance(value, str):
            return value
        for known in self.values:
            if known.casefold() == value.casefold():
                return known
        if self.closed:
            what = f"{value!r} is not one of {', '.join(self.values)}"
            raise FormError(what, "use one of them")
        return value


class Part(BaseModel):
    """
    A group of described fields. Any of them may hold *UNKNOWN* during preview.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    @field_validator("*", mode="wrap")
    @classmethod
    def _let_unknown_pass(
        cls, value: Any, validate: ValidatorFunctionWrapHandler, info: ValidationInfo
    ) -> Any:
        if is_unknown(value):
            return value
        field = cls.model_fields[str(info.field_name)]
        if _bare_type(field.annotation) in (list, dict) and has_unknown(value):
            return value
        return validate(value)

    def given(self) -> dict[str, Any]:
        """
        Give the fields that were set as a tree of plain, normalised values.
        """
        names = [
            name for name in type(self).model_fields if name in self.model_fields_set
        ]
        return {name: _plain(getattr(self, name), Part.given) for name in names}

    def complete(self) -> dict[str, Any]:
        """
        Give all fields, with their static defaults, as *given* does.
        """
        names = type(self).model_fields
        return {name: _plain(getattr(self, name), Part.complete) for name in names}


def _plain(value: Any, part: Callable[[Part], dict[str, Any]]) -> Any:
    match value:
        case Part():
            return part(value)
        case list():
            return [_plain(item, part) for item in value]
        case datetime():
            return format_instant(value)
        case timedelta():
            return format_duration(value)
        case _:
            return value


@dataclass(frozen=True, kw_only=True)
class Field:
    """
    The description of one field, as read from its model.

    Attributes:
        path: Dotted path from the root, in snake_case.
        doc: One or more sentences for users.
        kind: The bare Python type: str, int, float, bool, list, dict or a *Part*.
        item: The group that each item of a list holds; None for texts.
        choices: Known values of a text, empty for free text.
        closed: Whether other values than *choices* are refused.
        required: Whether a value must be given.
        default: The static default as written in the model, else None.
        change: What a later change does; None on outputs.
    """

    path: str
    doc: str
    kind: type
    item: type[Part] | None = None
    choices: tuple[str, ...] = ()
    closed: bool = True
    required: bool = False
    default: Any = None
    change: Change | None = None

    @property
    def name(self) -> str:
        """
        The last part of the path.
        """
        return self.path.rpartition(".")[2]

    @property
    def part(self) -> type[Part] | None:
        """
        The group this field holds, None for a plain value.
        """
        return self.kind if issubclass(self.kind, Part) else None

    @property
    def group(self) -> type[Part] | None:
        """
        The group that this field or each of its items holds, None for plain values.
        """
        return self.part or self.item


def fields_of(part: type[Part], prefix: str = "") -> Iterator[Field]:
    """
    Yield the direct fields of *part*, in the order in which they are written.
    """
    for name, info in part.model_fields.items():
        yield _described(f"{prefix}{name}", info)


def groups_of(part: type[Part], prefix: str = "") -> Iterator[tuple[str, type[Part]]]:
    """
    Yield path and model of all groups below *part*, inner ones first.
    """
    for field in fields_of(part, prefix):
        if field.group:
            yield from groups_of(field.group, f"{field.path}.")
            yield field.path, field.group


@cache
def leaves_of(part: type[Part], prefix: str = "") -> tuple[Field, ...]:
    """
    Give all fields below *part* that are no groups themselves.
    """
    return tuple(
        leaf
        for field in fields_of(part, prefix)
        for leaf in (
            leaves_of(field.group, f"{field.path}.") if field.group else (field,)
        )
    )


def value_at(part: Part, path: str) -> Any:
    """
    Give the value at the dotted *path*; None or *UNKNOWN* where it ends early.
    """
    value: Any = part
    for step in path.split("."):
        if value is None or is_unknown(value):
            return value
        value = getattr(value, step)
    return value


def _described(path: str, info: FieldInfo) -> Field:
    choices = next((m for m in info.metadata if isinstance(m, Choices)), None)
    default = None if info.default is PydanticUndefined else info.default
    return Field(
        path=path,
        doc=info.description or "",
        kind=_bare_type(info.annotation),
        item=_item_of(info.annotation),
        choices=choices.values if choices else (),
        closed=choices.closed if choices else True,
        required=info.is_required(),
        default=default,
        change=next((m for m in info.metadata if isinstance(m, Change)), None),
    )


_NONE: Final = type(None)


def _bare_type(annotation: Any) -> type:
    if get_origin(annotation) is Annotated:
        return _bare_type(get_args(annotation)[0])
    if isinstance(annotation, type) and get_origin(annotation) is None:
        return annotation
    if (origin := get_origin(annotation)) in (list, tuple, dict):
        return dict if origin is dict else list
    (bare,) = {_bare_type(a) for a in get_args(annotation) if a is not _NONE}
    return bare


def _item_of(annotation: Any) -> type[Part] | None:
    """
    Give the group in a list of groups, None for whatever else *annotation* is.
    """
    arguments = get_args(annotation)
    if get_origin(annotation) is not list:
        found = (item for one in arguments if (item := _item_of(one)))
        return next(found, None)
    bare = _bare_type(arguments[0])
    return bare if issubclass(bare, Part) else None
