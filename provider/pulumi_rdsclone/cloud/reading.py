"""
Taking values out of an answer that may hold anything.

Every function here raises TypeError, ValueError, LookupError or ArithmeticError when
a value has another form than the one that is documented; `errors.understood` says so
in words.
"""

import math
import re
import sys
from collections.abc import Mapping
from typing import Any, Final

_ID: Final = re.compile(r"[\w.-]{1,128}")
_SWITCH: Final = {"true": True, "1": True, "false": False, "0": False}


def read_records(tree: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    """
    Read a list of records; one that is null or left out holds none.
    """
    found = tree.get(name)
    if found is None:
        return []
    if isinstance(found, list) and all(isinstance(one, dict) for one in found):
        return found
    raise TypeError(name)


def read_text(item: Mapping[str, Any], name: str) -> str:
    """
    Read a text; one that is null or left out is empty.

    Half a character is refused: nobody could print or store it.
    """
    text = item.get(name)
    if text is None:
        return ""
    if not isinstance(text, str):
        raise TypeError(name)
    text.encode()
    return text


def read_name(item: Mapping[str, Any], name: str) -> str:
    """
    Read a text that must be there.
    """
    text = read_text(item, name)
    if not text:
        raise ValueError(name)
    return text


def read_id(item: Mapping[str, Any], name: str) -> str:
    """
    Read an id, which will stand in sentences; some are numbers.
    """
    value = item[name]
    told = str(value) if type(value) is int else value
    if not is_id(told):
        raise ValueError(name)
    return str(told)


def is_id(value: object) -> bool:
    """
    Tell whether *value* can be an id.
    """
    return isinstance(value, str) and _ID.fullmatch(value) is not None


def read_number(item: Mapping[str, Any], name: str, untold: int = 0) -> int:
    """
    Read a whole number, which may be a text; null, empty or left out is *untold*.
    """
    value = item.get(name)
    if value in (None, ""):
        return untold
    if type(value) not in (int, str):
        raise TypeError(name)
    number = int(value)
    if abs(number) > sys.maxsize:
        raise OverflowError(name)
    return number


def read_measure(item: Mapping[str, Any], name: str) -> float | None:
    """
    Read a number that need not be whole and may be a text; None when it is not told.
    """
    value = item.get(name)
    if value is None:
        return None
    number = float(value)
    if isinstance(value, bool) or not math.isfinite(number):
        raise ValueError(name)
    return number


def read_switch(item: Mapping[str, Any], name: str) -> bool | None:
    """
    Read a switch, which may be a text or a digit; None when it is not told.
    """
    value = item.get(name)
    return None if value in (None, "") else _SWITCH[str(value).casefold()]
