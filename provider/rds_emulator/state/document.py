"""
Frozen values as JSON documents and back, checked by their type annotations.

The same reader serves the database, seed files and the control API, so that a
misspelt field is named in the same words wherever it comes from.
"""

import dataclasses
import json
import math
import sys
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache
from types import NoneType, UnionType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

T = TypeVar("T")
Instants = Callable[[str], datetime]


class DocumentError(ValueError):
    """
    A document that does not fit; the message names the place and the remedy.
    """


def to_json(value: object) -> str:
    """
    Return a dataclass, or a structure of them, as one line of JSON.
    """
    return json.dumps(value, default=_plain, ensure_ascii=False, separators=(",", ":"))


def from_json(kind: type[T], text: str) -> T:
    """
    Return what `to_json` wrote.
    """
    return read(kind, json.loads(text))


def read(
    kind: type[T],
    value: object,
    *,
    at: str = "",
    instants: Instants = datetime.fromisoformat,
) -> T:
    """
    Return parsed JSON as *kind*.

    Args:
        kind: A dataclass or any type that one of its fields may have.
        value: What the JSON parser made.
        at: Where *value* stands, for messages.
        instants: Reads the text of an instant.
    """
    result: T = _read(kind, value, at=at, instants=instants)
    return result


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    if dataclasses.is_dataclass(value):
        return {
            field.name: getattr(value, field.name)
            for field in dataclasses.fields(value)
        }
    message = f"cannot write {type(value).__name__} as JSON"
    raise TypeError(message)


@cache
def _fields(kind: type) -> dict[str, tuple[Any, bool]]:
    hints = get_type_hints(kind)
    return {
        field.name: (
            hints[field.name],
            field.default is dataclasses.MISSING
            and field.default_factory is dataclasses.MISSING,
        )
        for field in dataclasses.fields(kind)
    }


def _read(kind: Any, value: object, *, at: str, instants: Instants) -> Any:
    origin = get_origin(kind)
    if dataclasses.is_dataclass(kind) and isinstance(value, kind):  # type: ignore[arg-type]
        return value
    if origin is UnionType:
        return _read_optional(kind, value, at=at, instants=instants)
    if dataclasses.is_dataclass(kind):
        return _read_dataclass(kind, value, at=at, instants=instants)
    if origin is tuple:
        return _read_tuple(kind, value, at=at, instants=instants)
    if origin is Mapping:
        entries = _expect(dict, "an object", value=value, at=at).items()
        inner = get_args(kind)[1]
        return {
            k: _read(inner, v, at=f"{at}.{k}", instants=instants) for k, v in entries
        }
    return _read_leaf(kind, value, at=at, instants=instants)


def _read_leaf(kind: Any, value: object, *, at: str, instants: Instants) -> Any:
    if kind is datetime:
        return _read_instant(value, at, instants=instants)
    if kind is object:
        return value
    return _read_scalar(kind, value, at=at)


def _read_optional(kind: Any, value: object, *, at: str, instants: Instants) -> Any:
    if value is None:
        return None
    (inner,) = (option for option in get_args(kind) if option is not NoneType)
    return _read(inner, value, at=at, instants=instants)


def _read_dataclass(kind: Any, value: object, *, at: str, instants: Instants) -> Any:
    entries = _expect(dict, "an object", value=value, at=at)
    fields = _fields(kind)
    prefix = f"{at}." if at else ""
    for key in entries:
        if key not in fields:
            known = ", ".join(sorted(fields))
            message = f"{prefix}{key}: there is no such field; known are {known}"
            raise DocumentError(message)
    for name, (_, required) in fields.items():
        if required and name not in entries:
            message = f"{prefix}{name}: is required"
            raise DocumentError(message)
    return kind(
        **{
            key: _read(fields[key][0], item, at=prefix + key, instants=instants)
            for key, item in entries.items()
        }
    )


def _read_tuple(kind: Any, value: object, *, at: str, instants: Instants) -> Any:
    items = list(_expect((list, tuple), "a list", value=value, at=at))
    inner = get_args(kind)[0]
    return tuple(
        _read(inner, item, at=f"{at}[{position}]", instants=instants)
        for position, item in enumerate(items)
    )


def _read_instant(value: object, at: str, *, instants: Instants) -> datetime:
    if isinstance(value, datetime):
        return value
    try:
        instant = instants(_expect(str, "an instant", value=value, at=at))
    except (ValueError, OverflowError) as error:
        message = f"{at}: {value!r} is no instant ({error})"
        raise DocumentError(message) from error
    if instant.tzinfo is None:
        message = f"{at}: {value!r} has no time zone; end it with Z for UTC"
        raise DocumentError(message)
    return instant


def _read_scalar(kind: Any, value: object, *, at: str) -> Any:
    names = {str: "text", int: "a whole number", float: "a number", bool: "true/false"}
    if kind is float and isinstance(value, int | float) and not isinstance(value, bool):
        return _read_number(value, at)
    if isinstance(value, bool) and kind is not bool:
        value = _expect((), names[kind], value=value, at=at)
    return _expect(kind, names[kind], value=value, at=at)


def _read_number(value: float, at: str) -> float:
    if abs(value) > sys.float_info.max or math.isnan(value):
        message = f"{at or 'the document'}: must be a finite number"
        raise DocumentError(message)
    return float(value)


def _expect(kind: Any, name: str, *, value: Any, at: str) -> Any:
    if not isinstance(value, kind):
        message = f"{at or 'the document'}: must be {name}, not {value!r}"
        raise DocumentError(message)
    return value
