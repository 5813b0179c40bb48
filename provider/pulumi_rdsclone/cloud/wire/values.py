"""
Values that several actions spell alike: PayType, times, lists, tags.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Final, TypeVar

from pulumi_rdsclone.domain.times import parse_instant

T = TypeVar("T")
R = TypeVar("R")

PAY_TYPES: Final = {
    "PayAsYouGo": "Postpaid",
    "Subscription": "Prepaid",
    "Serverless": "Serverless",
}
"""The PayType of each billing method."""

SERVERLESS_LIMITS: Final = {
    "min_rcu": "MinCapacity",
    "max_rcu": "MaxCapacity",
    "auto_pause": "AutoPause",
    "switch_force": "SwitchForce",
}
"""Fields of capacity.serverless as orders and changes spell them in their JSON."""


def tag_list(tags: Mapping[str, str]) -> dict[str, str]:
    """
    Return *tags* as the parameters Tag.N.Key and Tag.N.Value.
    """
    return {
        f"Tag.{n}.{side}": text
        for n, pair in enumerate(sorted(tags.items()), start=1)
        for side, text in zip(("Key", "Value"), pair, strict=True)
    }


def indexed(name: str, values: list[str]) -> dict[str, str]:
    """
    Return *values* as the parameters NAME.1, NAME.2 and so on.
    """
    return {f"{name}.{n}": value for n, value in enumerate(values, start=1)}


def split_list(text: str) -> tuple[str, ...]:
    """
    Return the parts of *text* between commas, without empty ones.
    """
    return tuple(filter(None, text.split(",")))


def to_instant(text: str) -> datetime | None:
    """
    Return the instant *text*, which may be cut to the minute; None for an empty one.
    """
    if not text:
        return None
    try:
        return parse_instant(text)
    except ValueError:
        return datetime.strptime(text, "%Y-%m-%dT%H:%MZ").replace(tzinfo=UTC)


def to_text(value: object) -> str:
    """
    Return *value* as a parameter's text; booleans are true and false.
    """
    return str(value).lower() if isinstance(value, bool) else str(value)


def optional(value: T | None, convert: Callable[[T], R]) -> R | None:
    """
    Return *value* converted; None stays None.
    """
    return None if value is None else convert(value)
