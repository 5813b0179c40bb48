"""
Validation of arguments, before heavy modules are loaded (see `cli.command`).
"""

import re
from typing import Final

import typer

_REGION: Final = re.compile(r"(?!(?:rm|rr|pgm|pgr)-)[a-z]{2,3}-[a-z]+(?:-[a-z0-9]+)*")
"""
Such as cn-hangzhou and cn-shanghai-finance-1 (DescribeRegions). The ids of instances
begin with two or three letters, too: rm, rr, pgm or pgr.
"""

_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]*")
"""Ids of instances and of backup sets; the API publishes no narrower form."""

_STACK: Final = re.compile(r"[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+")
"""Project and stack; the engine takes these characters in both names."""

_COUNT: Final = re.compile(r"[0-9]{1,9}")

_NO_TIME: Final = re.compile(r"0[dhms]?")


def region_fault(text: str) -> str:
    """
    Return what is wrong with *text* as the id of a region; empty if nothing is.
    """
    if _REGION.fullmatch(text):
        return ""
    return f"{text!r} is not a region id; write it like cn-hangzhou"


def id_fault(text: str) -> str:
    """
    Return what is wrong with *text* as the id of an instance; empty if nothing is.
    """
    if _ID.fullmatch(text):
        return ""
    return f"{text!r} is not an id; an id has letters, digits and hyphens only"


def region(text: str | None) -> str | None:
    """
    Return *text*, the id of a region or None.

    Raises:
        BadParameter: It is not such an id.
    """
    return _valid(text, "" if text is None else region_fault(text))


def instance_id(text: str | None) -> str | None:
    """
    Return *text*, the id of an instance or a backup set, or None.

    Raises:
        BadParameter: It is not such an id.
    """
    return _valid(text, "" if text is None else id_fault(text))


def stack(text: str | None) -> str | None:
    """
    Return *text*, the names of a project and a stack, or None.

    Raises:
        BadParameter: It is not PROJECT/STACK.
    """
    if text is None or _STACK.fullmatch(text):
        return text
    remedy = "; leave the organization out" if text.count("/") > 1 else ""
    return _valid(text, f"{text!r} is not PROJECT/STACK, such as shop/dev{remedy}")


def not_blank(text: str | None) -> str | None:
    """
    Return *text*; None where the option is not given.

    Raises:
        BadParameter: It is blank, like a shell variable that is not set.
    """
    blank = text is not None and not text.strip()
    fault = f"{text!r} is blank; give it a value or leave the option out"
    return _valid(text, fault if blank else "")


def grace(text: str | None) -> str | None:
    """
    Return *text*, a duration as *parse_duration* reads it; None for none.

    Raises:
        BadParameter: It is not a duration.
    """
    if text is None or _NO_TIME.fullmatch(text):
        return None

    from pulumi_rdsclone.domain.problems import FormError  # noqa: PLC0415
    from pulumi_rdsclone.domain.times import parse_duration  # noqa: PLC0415

    try:
        parse_duration(text)
    except FormError as error:
        return _valid(text, f"{error.what}; {error.remedy}")
    return text


def count(text: str | None) -> str | None:
    """
    Return *text*, a whole number or None.

    Raises:
        BadParameter: It is not a whole number, or less than 0.
    """
    if text is None or _COUNT.fullmatch(text):
        return text
    return _valid(text, f"{text!r} is not a whole number; write it like 0 or 5")


def _valid(text: str | None, fault: str) -> str | None:
    if fault:
        raise typer.BadParameter(fault)
    return text
