"""
Reads values from an answer whose content cannot be trusted.

Functions raise TypeError, ValueError, LookupError or ArithmeticError when
a value has another form than the one that is documented; `errors.reject_malformed`
turns these into an API error.
"""

import math
import re
import sys
from collections.abc import Mapping
from typing import Final, TypeAlias, TypeGuard

Answer: TypeAlias = Mapping[str, object]
"""An answer of the API, or an object in one: JSON in which anything may stand."""

_ID: Final = re.compile(r"[\w.-]{1,128}")
_BOOLS: Final = {"true": True, "1": True, "false": False, "0": False}

_ON: Final = ("1", "true", "enable", "enabled")


def read_records(tree: Answer, name: str) -> list[Answer]:
    """
    Return the list of records *name*; empty where it is null or left out.
    """
    found = tree.get(name)
    if found is None:
        return []
    if isinstance(found, list) and all(isinstance(record, dict) for record in found):
        return found
    raise TypeError(name)


def read_listed(answer: Answer, group: str, *, name: str) -> list[Answer]:
    """
    Return the list of records *name* in the object *group*, which must be there.
    """
    return read_records(read_required_object(answer, group), name)


def read_object(item: Answer, name: str) -> Answer:
    """
    Return the object *name*; empty where it is null, empty or left out.
    """
    found = item.get(name) or {}
    if not isinstance(found, dict):
        raise TypeError(name)
    return found


def read_required_object(item: Answer, name: str) -> Answer:
    """
    Return the object *name*, which must be there, though it may be empty.
    """
    found = item[name]
    if not isinstance(found, dict):
        raise TypeError(name)
    return found


def read_text(item: Answer, name: str) -> str:
    """
    Return the text *name*; empty where it is null or left out.

    A lone surrogate is refused: it can be neither printed nor stored.
    """
    text = item.get(name)
    if text is None:
        return ""
    if not isinstance(text, str):
        raise TypeError(name)
    text.encode()
    return text


def read_required_text(item: Answer, name: str) -> str:
    """
    Return the text *name*, which must not be empty.
    """
    text = read_text(item, name)
    if not text:
        raise ValueError(name)
    return text


def read_id(item: Answer, name: str) -> str:
    """
    Return the id *name*, which messages will quote; some ids are numbers.
    """
    value = item[name]
    text = str(value) if type(value) is int else value
    if not is_id(text):
        raise ValueError(name)
    return text


def is_id(value: object) -> TypeGuard[str]:
    """
    Return whether *value* can be an id.
    """
    return isinstance(value, str) and _ID.fullmatch(value) is not None


def read_int(item: Answer, name: str, *, default: int = 0) -> int:
    """
    Return the integer *name*, which may be a text; null, empty or left out: *default*.
    """
    value = item.get(name)
    if value in (None, ""):
        return default
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise TypeError(name)
    number = int(value)
    if abs(number) > sys.maxsize:
        raise OverflowError(name)
    return number


def read_float(item: Answer, name: str) -> float | None:
    """
    Return the number *name*, which may be a text; None where it is left out.
    """
    value = item.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise TypeError(name)
    number = float(value)
    if not math.isfinite(number):
        raise ValueError(name)
    return number


def read_bool(item: Answer, name: str) -> bool | None:
    """
    Return the boolean *name*, which may be a text or a digit; None if left out.
    """
    value = item.get(name)
    return None if value in (None, "") else _BOOLS[str(value).casefold()]


def is_on(value: object) -> bool:
    """
    Return whether *value* means that a feature is on.

    Pages of the API reference spell it in each of these ways.
    """
    return str(value).casefold() in _ON
