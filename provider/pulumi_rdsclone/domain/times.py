"""
Instants and durations as users write them, and the one way they are written back.
"""

import re
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

from pydantic import BeforeValidator

_UNIT_SECONDS = {"h": 3600, "m": 60, "s": 1}
_DURATION = re.compile(
    r"(?:(\d+(?:\.\d+)?)h)?(?:(\d+(?:\.\d+)?)m)?(?:(\d+(?:\.\d+)?)s)?"
)


def parse_instant(value: Any) -> datetime:
    """
    Read an RFC 3339 instant and give it in UTC, cut to the second.

    The cut is the API's grain: CloneDBInstance takes ``yyyy-MM-ddTHH:mm:ssZ``.

    Raises:
        ValueError: *value* is not an instant, or has no time zone.
    """
    instant = value if isinstance(value, datetime) else _from_text(value)
    if instant.tzinfo is None:
        msg = f"{value!r} has no time zone: add Z for UTC or an offset such as +08:00"
        raise ValueError(msg)
    return instant.astimezone(UTC).replace(microsecond=0)


def _from_text(value: Any) -> datetime:
    msg = f"{value!r} is not a time: write it like 2026-11-20T04:00:00Z"
    if not isinstance(value, str) or not re.match(r"\d{4}-\d\d-\d\d[Tt ]\d", value):
        raise ValueError(msg)
    try:
        return datetime.fromisoformat(value)
    except ValueError:
        raise ValueError(msg) from None


def format_instant(instant: datetime) -> str:
    """
    Write *instant* as ``yyyy-MM-ddTHH:mm:ssZ`` in UTC.
    """
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def parse_duration(value: Any) -> timedelta:
    """
    Read a duration such as ``90m``, ``1h30m`` or a number of seconds.

    Raises:
        ValueError: *value* is no duration, or not longer than zero.
    """
    if isinstance(value, timedelta):
        return value
    msg = f"{value!r} is not a duration: write it like 90m or 1h30m"
    if isinstance(value, int | float) and not isinstance(value, bool):
        seconds = float(value)
    elif isinstance(value, str) and value and (match := _DURATION.fullmatch(value)):
        seconds = sum(
            float(number) * _UNIT_SECONDS[unit]
            for number, unit in zip(match.groups(default="0"), "hms", strict=True)
        )
    else:
        raise ValueError(msg)
    if seconds <= 0:
        raise ValueError(msg)
    return timedelta(seconds=seconds)


def format_duration(duration: timedelta) -> str:
    """
    Write *duration* in hours, minutes and seconds: ``1h30m``, ``90s`` as ``1m30s``.
    """
    seconds = duration.total_seconds()
    parts = []
    for unit, size in _UNIT_SECONDS.items():
        count, seconds = divmod(seconds, size)
        if unit == "s":
            count += seconds
        if count:
            parts.append(f"{count:g}{unit}")
    return "".join(parts)


Instant = Annotated[datetime, BeforeValidator(parse_instant)]
Duration = Annotated[timedelta, BeforeValidator(parse_duration)]
