"""
Parse and format instants and durations.
"""

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Annotated, Final

from pydantic import BeforeValidator

from pulumi_rdsclone.domain.problems import FormError, quoted

_UNIT_SECONDS: Final = {"d": 86400, "h": 3600, "m": 60, "s": 1}
_DURATION: Final = re.compile(
    "".join(rf"(?:(\d+(?:\.\d+)?){unit})?" for unit in _UNIT_SECONDS), re.ASCII
)
_LONGEST: Final = timedelta(days=3653)
"""Ten years: a longer duration is a slip, and a date far away breaks calendars."""


def parse_instant(value: object) -> datetime:
    """
    Return an RFC 3339 instant in UTC, cut to the second.

    The cut is the API's grain: CloneDBInstance takes ``yyyy-MM-ddTHH:mm:ssZ``.

    Raises:
        FormError: *value* is not an instant, or has no time zone.
    """
    instant = value if isinstance(value, datetime) else _from_text(value)
    if instant.tzinfo is None:
        what = f"{quoted(value)} has no time zone"
        raise FormError(what, "add Z for UTC or an offset such as +08:00")
    try:
        return instant.astimezone(UTC).replace(microsecond=0)
    except OverflowError:
        raise _no_instant(value) from None


def _from_text(value: object) -> datetime:
    if not isinstance(value, str) or not re.match(r"\d{4}-\d\d-\d\d[Tt ]\d", value):
        raise _no_instant(value)
    try:
        return datetime.fromisoformat(value.upper())
    except ValueError:
        raise _no_instant(value) from None


def _no_instant(value: object) -> FormError:
    return FormError(
        f"{quoted(value)} is not a time", "write it like 2026-11-20T04:00:00Z"
    )


def format_instant(instant: datetime) -> str:
    """
    Return *instant* as ``yyyy-MM-ddTHH:mm:ssZ`` in UTC.
    """
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def parse_duration(value: object) -> timedelta:
    """
    Return the duration that a text such as ``90m``, ``1d12h`` or ``2d`` denotes.

    A number without a unit is refused.

    Raises:
        FormError: *value* is no duration, not longer than zero, or of over ten years.
    """
    if isinstance(value, timedelta):
        return value
    if _is_number(value):
        what = f"{quoted(value)} has no unit"
        raise FormError(what, _with_units(value))
    match = _DURATION.fullmatch(value) if isinstance(value, str) else None
    duration = timedelta() if match is None else _sum_of(match)
    if duration <= timedelta():
        what = f"{quoted(value)} is not a duration"
        raise FormError(what, "write it like 90m, 36h or 2d")
    if duration > _LONGEST:
        what = f"{quoted(value)} is more than ten years"
        raise FormError(what, "write a shorter one, such as 48h or 2d")
    return duration


def _is_number(value: object) -> bool:
    if isinstance(value, str):
        return re.fullmatch(r"\s*[-+]?\d+(\.\d*)?\s*", value) is not None
    return isinstance(value, int | float) and not isinstance(value, bool)


def _with_units(number: object) -> str:
    """
    Return how *number* may have been meant; an example where it makes no duration.
    """
    # As a text: an integer may be larger than any float.
    count = float(str(number))
    if not 0 < count <= _LONGEST.days:
        return "write it with a unit, such as 48h or 2d"
    return f"write {count:g}h for hours, {count:g}d for days, {count:g}m for minutes"


def _sum_of(match: re.Match[str]) -> timedelta:
    """
    Return the sum of the parts of a duration; one too long to count is the longest.
    """
    numbers = zip(match.groups(default="0"), _UNIT_SECONDS.values(), strict=True)
    try:
        return timedelta(seconds=sum(float(number) * size for number, size in numbers))
    except OverflowError:
        return timedelta.max


def format_duration(duration: timedelta) -> str:
    """
    Return *duration* in hours, minutes and seconds: ``1h30m``, ``90s`` as ``1m30s``.

    A day is 24 hours, so equal durations are written alike.
    """
    minutes, seconds = divmod(duration, timedelta(minutes=1))
    hours, minutes = divmod(minutes, 60)
    fraction = f"{seconds.microseconds:06}".rstrip("0")
    parts = {
        "h": str(hours),
        "m": str(minutes),
        "s": f"{seconds.seconds}.{fraction}".rstrip("."),
    }
    return "".join(f"{text}{unit}" for unit, text in parts.items() if text != "0")


Instant = Annotated[datetime, BeforeValidator(parse_instant)]
Duration = Annotated[timedelta, BeforeValidator(parse_duration)]


WEEKDAYS: Final = (
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
)


def in_week_order(days: Iterable[str]) -> list[str]:
    """
    Return the names of weekdays, sorted, each once, in the spelling of *WEEKDAYS*.

    Others are left out.
    """
    wanted = {day.strip().casefold() for day in days}
    return [day for day in WEEKDAYS if day.casefold() in wanted]
