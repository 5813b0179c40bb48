"""
Instants and durations as users write them, and the one way they are written back.
"""

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Final

from pydantic import BeforeValidator

from pulumi_rdsclone.domain.problems import FormError

_UNIT_SECONDS = {"h": 3600, "m": 60, "s": 1}
_DURATION = re.compile(
    r"(?:(\d+(?:\.\d+)?)h)?(?:(\d+(?:\.\d+)?)m)?(?:(\d+(?:\.\d+)?)s)?"
)


def parse_instant(value: Any) -> datetime:
    """
    Read an RFC 3339 instant and give it in UTC, cut to the second.

    The cut is the API's grain: CloneDBInstance takes ``yyyy-MM-ddTHH:mm:ssZ``.

    Raises:
        FormError: *value* is not an instant, or has no time zone.
    """
    instant = value if isinstance(value, datetime) else _from_text(value)
    if instant.tzinfo is None:
        what = f"{value!r} has no time zone"
        raise FormError(what, "add Z for UTC or an offset such as +08:00")
    try:
        return instant.astimezone(UTC).replace(microsecond=0)
    except OverflowError:
        raise _no_instant(value) from None


def _from_text(value: Any) -> datetime:
    if not isinstance(value, str) or not re.match(r"\d{4}-\d\d-\d\d[Tt ]\d", value):
        raise _no_instant(value)
    try:
        return datetime.fromisoformat(value.upper())
    except ValueError:
        raise _no_instant(value) from None


def _no_instant(value: Any) -> FormError:
    return FormError(f"{value!r} is not a time", "write it like 2026-11-20T04:00:00Z")


def format_instant(instant: datetime) -> str:
    """
    Write *instant* as ``yyyy-MM-ddTHH:mm:ssZ`` in UTC.
    """
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def parse_duration(value: Any) -> timedelta:
    """
    Read a duration such as ``90m``, ``1h30m`` or a number of seconds.

    Raises:
        FormError: *value* is no duration, or not longer than zero.
    """
    if isinstance(value, timedelta):
        return value
    try:
        duration = timedelta(seconds=_seconds(value))
    except (OverflowError, ValueError):
        duration = timedelta()
    if duration <= timedelta():
        what = f"{value!r} is not a duration"
        raise FormError(what, "write it like 90m or 1h30m")
    return duration


def _seconds(value: Any) -> float:
    """
    Count the seconds of *value*; zero where it makes no sense.
    """
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    match = _DURATION.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        return 0
    numbers = zip(match.groups(default="0"), _UNIT_SECONDS.values(), strict=True)
    return sum(float(number) * size for number, size in numbers)


def format_duration(duration: timedelta) -> str:
    """
    Write *duration* in hours, minutes and seconds: ``1h30m``, ``90s`` as ``1m30s``.
    """
    minutes, seconds = divmod(duration, timedelta(minutes=1))
    hours, minutes = divmod(minutes, 60)
    fraction = f"{seconds.microseconds:06}".rstrip("0")
    told = {
        "h": str(hours),
        "m": str(minutes),
        "s": f"{seconds.seconds}.{fraction}".rstrip("."),
    }
    return "".join(f"{text}{unit}" for unit, text in told.items() if text != "0")


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
    Sort the names of weekdays, each once, in the spelling of *WEEKDAYS*.

    Others are left out.
    """
    wanted = {day.strip().casefold() for day in days}
    return [day for day in WEEKDAYS if day.casefold() in wanted]
