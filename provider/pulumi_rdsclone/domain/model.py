"""
The form in which every field is described: type, doc, default, change policy.

Schema, argument classes, comparison and documentation are derived from models
that build on *FieldGroup*.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from difflib import get_close_matches
from enum import StrEnum
from functools import cache
from typing import Annotated, Final, TypeVar, get_args, get_origin

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

from pulumi_rdsclone.domain.aspects import Aspect
from pulumi_rdsclone.domain.problems import FormError, quoted
from pulumi_rdsclone.domain.times import format_duration, format_instant
from pulumi_rdsclone.domain.unknown import has_unknown, is_unknown, known_part
from pulumi_rdsclone.domain.values import Properties, PropertyValue

M = TypeVar("M")
T = TypeVar("T")
P = TypeVar("P", bound="FieldGroup")


class Change(StrEnum):
    """
    The effect of a later change of a field on a clone that exists.
    """

    UPDATE = "update"
    """The clone is changed in place."""

    REPLACE = "replace"
    """A new clone is made, then the old one is released."""

    CREATE_ONLY = "create-only"
    """Nothing: the field counts while the clone is being made, and only then."""


class Effect(StrEnum):
    """
    Marks a field whose change in place is felt by those who use the clone, and how.
    """

    RESTART = "connections are interrupted"
    """The clone restarts or fails over."""

    MOVE = "clients must use another address"
    """It is reached elsewhere: connections to the old address or port end."""


class Secret:
    """
    Marks a secret field, which the API never reports.
    """


class MapOwnership(StrEnum):
    """
    Marks a map that the program does not own as a whole.
    """

    DECLARED = "declared"
    """Only the keys that are declared count: the clone has others, which stay."""


@dataclass(frozen=True)
class ExceptWhen:
    """
    Marks a field some of whose changes have another effect than the others.

    Attributes:
        holds: Returns whether the change from one value to another is such a change.
        change: Its effect.
        why: Reason for the exception, a clause for the message.
    """

    holds: Callable[[PropertyValue, PropertyValue], bool]
    change: Change
    why: str


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
        self, source: object, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return no_info_before_validator_function(self.correct, handler(source))

    def correct(self, value: T) -> T | str:
        """
        Return *value* in the spelling of the table.

        Raises:
            FormError: *value* is not in a closed table.
        """
        if not isinstance(value, str):
            return value
        known = {word.casefold(): word for word in self.values}
        if value.casefold() in known:
            return known[value.casefold()]
        if self.closed:
            what = f"{quoted(value)} is not one of {', '.join(self.values)}"
            near = get_close_matches(value.casefold(), known, n=1)
            remedy = f"did you mean {known[near[0]]}?" if near else "use one of them"
            raise FormError(what, remedy)
        return value


class FieldGroup(BaseModel):
    """
    A group of described fields. Any of them may hold *UNKNOWN* during preview.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    @field_validator("*", mode="wrap")
    @classmethod
    def _let_unknown_pass(
        cls, value: object, validate: ValidatorFunctionWrapHandler, info: ValidationInfo
    ) -> object:
        if is_unknown(value):
            return value
        field = cls.model_fields[str(info.field_name)]
        if not has_unknown(value):
            return validate(value)
        kind = _bare_type(field.annotation)
        if kind not in (list, dict):
            if not issubclass(kind, FieldGroup):
                raise FormError(_NO_PLAIN_VALUE, "correct the value")
            return validate(value)
        item = _item_group(field.annotation)
        if item:
            return _validated(value, validate, item)
        return _validated_in_part(value, validate)

    def given(self) -> Properties:
        """
        Return the fields that were set as a tree of plain, normalised values.
        """
        names = [
            name for name in type(self).model_fields if name in self.model_fields_set
        ]
        return {name: _plain(getattr(self, name), FieldGroup.given) for name in names}

    def complete(self) -> Properties:
        """
        Return all fields, with their static defaults, as *given* does.

        What the groups in lists and maps leave out, and has no default, is not there.
        """
        names = type(self).model_fields
        return {
            name: _plain(getattr(self, name), FieldGroup.complete) for name in names
        }


_NO_PLAIN_VALUE: Final = "must be one value, not a list or map"


def _validated(
    groups: PropertyValue,
    validate: Callable[[object], PropertyValue],
    item: type[FieldGroup],
) -> PropertyValue:
    """
    Validate a list or map of groups, some of which are unknown as a whole.
    """
    stand_in = item.model_construct()
    if isinstance(groups, dict):
        filled = {k: stand_in if is_unknown(v) else v for k, v in groups.items()}
        valid = validate(filled)
        return {k: v if is_unknown(v) else valid[k] for k, v in groups.items()}
    valid = validate([stand_in if is_unknown(group) else group for group in groups])
    return [g if is_unknown(g) else v for g, v in zip(groups, valid, strict=True)]


def _validated_in_part(
    values: object, validate: Callable[[object], PropertyValue]
) -> object:
    """
    Validate what is known of a list or map; what holds an unknown value stays as it is.

    The order of a list is not known before all of its items are.
    """
    valid = validate(known_part(values))
    if not isinstance(values, dict):
        return values
    return {**valid, **{k: v for k, v in values.items() if has_unknown(v)}}


def _dump_item(item: object, dump: Callable[[FieldGroup], Properties]) -> PropertyValue:
    """
    Return the plain value of an item; fields of a group that are None are left out.
    """
    plain = _plain(item, dump)
    if not isinstance(item, FieldGroup):
        return plain
    return {name: value for name, value in plain.items() if value is not None}


def _plain(value: object, dump: Callable[[FieldGroup], Properties]) -> PropertyValue:
    match value:
        case FieldGroup():
            return dump(value)
        case list():
            return [_dump_item(item, dump) for item in value]
        case dict():
            return {key: _dump_item(item, dump) for key, item in value.items()}
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
        kind: The bare Python type: str, int, float, bool, list, dict or a *FieldGroup*.
        item: The group that each item of a list or map holds; None for others.
        item_kind: What each item is if it is not a group: str, or list of str.
        choices: Known values of a text, empty for free text.
        closed: Whether other values than *choices* are refused.
        required: Whether a value must be given.
        default: The static default as written in the model, else None.
        change: What a later change does; None on outputs.
        aspect: What of the clone a change in place changes; None for the others, and
            for what only the state keeps.
        effect: What those who use the clone feel of that.
        except_when: Which changes have another consequence; None where all are alike.
        secret: Whether nobody may read it.
        ownership: How much of a map is the program's; None for all of it.
    """

    path: str
    doc: str
    kind: type
    item: type[FieldGroup] | None = None
    item_kind: type = str
    choices: tuple[str, ...] = ()
    closed: bool = True
    required: bool = False
    default: PropertyValue = None
    change: Change | None = None
    aspect: Aspect | None = None
    effect: Effect | None = None
    except_when: ExceptWhen | None = None
    secret: bool = False
    ownership: MapOwnership | None = None

    @property
    def item_field(self) -> "Field | None":
        """
        The description of each item of a list or map of groups; None of others.
        """
        return replace(self, kind=self.item, item=None) if self.item else None

    @property
    def name(self) -> str:
        """
        The last part of the path.
        """
        return self.path.rpartition(".")[2]

    @property
    def subgroup(self) -> type[FieldGroup] | None:
        """
        The group this field holds, None for a plain value.
        """
        return self.kind if issubclass(self.kind, FieldGroup) else None

    @property
    def group(self) -> type[FieldGroup] | None:
        """
        The group that this field or each of its items holds, None for plain values.
        """
        return self.subgroup or self.item


def fields_of(group: type[FieldGroup], prefix: str = "") -> Iterator[Field]:
    """
    Yield the direct fields of *group*, in the order in which they are written.
    """
    for name, info in group.model_fields.items():
        yield _described(f"{prefix}{name}", info)


def groups_of(
    group: type[FieldGroup], prefix: str = ""
) -> Iterator[tuple[str, type[FieldGroup]]]:
    """
    Yield path and model of all groups below *group*, inner ones first.
    """
    for field in fields_of(group, prefix):
        if field.group:
            yield from groups_of(field.group, f"{field.path}.")
            yield field.path, field.group


@cache
def leaves_of(group: type[FieldGroup], prefix: str = "") -> tuple[Field, ...]:
    """
    Return all fields below *group* that are not groups themselves; lists of groups are.
    """
    return tuple(
        leaf
        for field in fields_of(group, prefix)
        for leaf in (
            leaves_of(field.subgroup, f"{field.path}.") if field.subgroup else (field,)
        )
    )


def value_at(group: FieldGroup, path: str) -> PropertyValue:
    """
    Return the value at the dotted *path*; None or *UNKNOWN* where it ends early.
    """
    value: object = group
    for step in path.split("."):
        if value is None or is_unknown(value):
            return value
        value = getattr(value, step)
    return value


def with_value_at(group: P, path: str, *, value: object) -> P:
    """
    Return *group* with *value* at the dotted *path*; its groups must be there.
    """
    name, _, rest = path.partition(".")
    changed = with_value_at(getattr(group, name), rest, value=value) if rest else value
    return group.model_copy(update={name: changed})


def _described(path: str, info: FieldInfo) -> Field:
    choices = _mark(info, Choices)
    default = None if info.default is PydanticUndefined else info.default
    return Field(
        path=path,
        doc=info.description or "",
        kind=_bare_type(info.annotation),
        item=_item_group(info.annotation),
        item_kind=_item_kind(info.annotation),
        choices=choices.values if choices else (),
        closed=choices.closed if choices else True,
        required=info.is_required(),
        default=default,
        change=_mark(info, Change),
        aspect=_mark(info, Aspect),
        effect=_mark(info, Effect),
        except_when=_mark(info, ExceptWhen),
        secret=_mark(info, Secret) is not None,
        ownership=_mark(info, MapOwnership),
    )


def _mark(info: FieldInfo, kind: type[M]) -> M | None:
    """
    Return the mark of *kind* that a field is annotated with.
    """
    return next((mark for mark in info.metadata if isinstance(mark, kind)), None)


_NONE: Final = type(None)


def _bare_type(annotation: object) -> type:
    if get_origin(annotation) is Annotated:
        return _bare_type(get_args(annotation)[0])
    if isinstance(annotation, type) and get_origin(annotation) is None:
        return annotation
    if (origin := get_origin(annotation)) in (list, tuple, dict):
        return dict if origin is dict else list
    (bare,) = {_bare_type(a) for a in get_args(annotation) if a is not _NONE}
    return bare


def _item_group(annotation: object) -> type[FieldGroup] | None:
    """
    Return the group in a list or map of groups; None for other annotations.
    """
    kind = _item_kind(annotation)
    return kind if issubclass(kind, FieldGroup) else None


def _item_kind(annotation: object) -> type:
    """
    Return the type of the items of a list or map in *annotation*, by default str.
    """
    arguments = get_args(annotation)
    if get_origin(annotation) in (list, dict):
        return _bare_type(arguments[-1])
    found = (kind for each in arguments if (kind := _item_kind(each)) is not str)
    return next(found, str)
