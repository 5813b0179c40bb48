"""
Parse trees of values into a specification, and collect all errors of form.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from itertools import pairwise
from typing import Final, Generic, TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from pulumi_rdsclone.domain.errors import InvalidSpecError
from pulumi_rdsclone.domain.model import FieldGroup, fields_of, groups_of
from pulumi_rdsclone.domain.problems import Problem, quoted
from pulumi_rdsclone.domain.spec import CloneSpec
from pulumi_rdsclone.domain.unknown import UNKNOWN
from pulumi_rdsclone.domain.values import Properties, PropertyValue

P = TypeVar("P", bound=FieldGroup)

_EXPECTED: Final = {
    "string_type": "a string",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "float_parsing": "a number",
    "finite_number": "a number",
    "greater_than": "more than 0",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "list_type": "a list",
    "dict_type": "a map",
    "model_type": "an object",
    "model_attributes_type": "an object",
}
"""Messages for pydantic's error types, for users who do not know pydantic."""

_FAULTS: Final = {
    "missing": ("missing", "give it a value"),
    "string_too_short": ("empty", "give it a value"),
    "greater_than_equal": ("must be at least 1", "correct the value"),
}
"""Message and remedy for error types that need more than another form."""


_MOST_NAMES: Final = 10
"""More names in one message nobody reads."""


@dataclass(frozen=True)
class Parsed(Generic[P]):
    """
    A specification, or other described values, and what was wrong with its form.

    Where a value was wrong or missing the specification holds *UNKNOWN*, so that
    everything else can still be judged.
    """

    spec: P
    problems: tuple[Problem, ...]

    def spec_or_raise(self) -> P:
        """
        Return the specification if its form is right.

        Raises:
            InvalidSpecError: Its form is wrong.
        """
        if self.problems:
            raise InvalidSpecError(self.problems)
        return self.spec


def parse(values: Properties) -> Parsed[CloneSpec]:
    """
    Read *values*, a tree in snake_case, into a specification.
    """
    return parse_as(CloneSpec, values)


def parse_as(part: type[P], values: Properties) -> Parsed[P]:
    """
    Read *values*, a tree in snake_case, into the fields of *part*.
    """
    try:
        return Parsed(part.model_validate(values), ())
    except ValidationError as error:
        faults = error.errors(include_url=False)
    problems = tuple(_problem(fault, part) for fault in faults)
    for fault in faults:
        values = _mended(values, fault["loc"], drop=_is_extra(fault))
    return Parsed(part.model_validate(values), problems)


def _is_extra(fault: ErrorDetails) -> bool:
    return fault["type"] == "extra_forbidden"


def _mended(
    value: PropertyValue, loc: Sequence[int | str], *, drop: bool
) -> PropertyValue:
    """
    Return *value* with the place *loc* dropped or unknown.
    """
    if not loc or not isinstance(value, dict):
        return UNKNOWN
    key, *rest = loc
    others = {k: v for k, v in value.items() if k != key}
    if drop and not rest:
        return others
    return {**others, str(key): _mended(value.get(str(key)), rest, drop=drop)}


def _problem(fault: ErrorDetails, root: type[FieldGroup]) -> Problem:
    path = _path(fault["loc"], root)
    match fault["type"]:
        case "extra_forbidden":
            return _fault(path, "no such property", remedy=_nearest(fault["loc"], root))
        case "value_error":
            error = fault["ctx"]["error"]
            return _fault(path, error.what, remedy=error.remedy)
        case "too_long" if path == "zones":
            return _fault(
                path, "more than three zones are set", remedy="set at most three"
            )
        case kind if kind in _FAULTS:
            what, remedy = _FAULTS[kind]
            return _fault(path, what, remedy=remedy)
        case "dict_type" if _holds_texts(fault["loc"], root):
            return _fault(path, "must be a map of strings", remedy="correct the value")
        case kind:
            expected = _EXPECTED.get(kind)
            what = f"must be {expected}" if expected else f"is not accepted ({kind})"
            return _fault(path, what, remedy="correct the value")


def _path(loc: Sequence[int | str], root: type[FieldGroup]) -> str:
    """
    Return the path of *loc*; the number of an item stays if the item is a group.
    """
    path = loc[:-1] if isinstance(loc[-1], int) else loc
    maps = _maps_in(root)
    steps = (
        _step(step, _KEY if map_ in maps else _INPUT)
        for map_, step in pairwise(("", *path))
    )
    return "".join(steps).removeprefix(".")


_INPUT: Final = re.compile(r"[A-Za-z0-9_-]{1,40}")
_KEY: Final = re.compile(r"[A-Za-z0-9-]{1,40}")
"""A user's key; with an underscore it would be spelled like an input."""


def _step(step: int | str, plain: re.Pattern[str]) -> str:
    """
    Return a step of a path; in brackets if it is not *plain*.
    """
    if isinstance(step, int):
        return f"[{step}]"
    return f".{step}" if plain.fullmatch(step) else f"[{quoted(step)}]"


@cache
def _maps_in(root: type[FieldGroup]) -> frozenset[str]:
    """
    Return the names of the fields below *root* whose keys are the user's.
    """
    parts = {root, *(group for _, group in groups_of(root))}
    fields = (field for part in parts for field in fields_of(part))
    return frozenset(field.name for field in fields if field.kind is dict)


def _fault(path: str, what: str, *, remedy: str) -> Problem:
    return Problem(check="input-form", path=path, what=what, remedy=remedy)


def _nearest(loc: Sequence[int | str], root: type[FieldGroup]) -> str:
    """
    Return the remedy for the unknown property at *loc*: the most similar one.
    """
    *groups, wrong = loc
    names = list(_group_at(groups, root).model_fields)
    folded = {name.replace("_", "").casefold(): name for name in names}
    wanted = str(wrong).replace("_", "").casefold()
    for match in get_close_matches(wanted, folded, n=1, cutoff=0.6):
        return f"did you mean {folded[match]}?"
    if len(names) > _MOST_NAMES:
        return "remove it, or see docs/reference.md for what there is"
    return f"remove it, or use one of {', '.join(names)}"


def _group_at(loc: Sequence[int | str], root: type[FieldGroup]) -> type[FieldGroup]:
    """
    Return the group at *loc*; in a list or map a step is a number or the user's key.
    """
    part = root
    steps = iter(loc)
    for step in steps:
        field = next(f for f in fields_of(part) if f.name == step)
        part = field.group or FieldGroup
        if field.item:
            next(steps)
    return part


def _holds_texts(loc: Sequence[int | str], root: type[FieldGroup]) -> bool:
    """
    Return whether the map at *loc* contains texts, not lists or groups.
    """
    *groups, name = loc
    fields = fields_of(_group_at(groups, root))
    return any(field.item_kind is str for field in fields if field.name == name)


def problems_by_path(problems: Sequence[Problem]) -> Iterator[Problem]:
    """
    Yield *problems* in the order in which their inputs are described.
    """
    order = list(CloneSpec.model_fields)

    def place(problem: Problem) -> int:
        root = re.split(r"[.\[]", problem.path)[0]
        return order.index(root) if root in order else len(order)

    yield from sorted(problems, key=place)
