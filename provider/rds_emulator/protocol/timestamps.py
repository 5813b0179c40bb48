"""
The two shapes in which the API writes an instant, always in UTC.

No clock lives here: these functions only turn text into instants and back.
"""

from datetime import UTC, datetime
from functools import lru_cache
from typing import Final

_SECONDS: Final = "%Y-%m-%dT%H:%M:%SZ"
_MINUTES: Final = "%Y-%m-%dT%H:%MZ"


@lru_cache(maxsize=4096)
def to_seconds(instant: datetime) -> str:
    """
    Return *time* as ``yyyy-MM-ddTHH:mm:ssZ``.
    """
    return instant.astimezone(UTC).strftime(_SECONDS)


def to_minutes(instant: datetime) -> str:
    """
    Return *time* as ``yyyy-MM-ddTHH:mmZ``.
    """
    return instant.astimezone(UTC).strftime(_MINUTES)


def to_exact(instant: datetime) -> str:
    """
    Return *time* to the microsecond, so that texts sort as times do.
    """
    return instant.astimezone(UTC).isoformat(timespec="microseconds")


def from_seconds(text: str) -> datetime | None:
    """
    Return the time ``yyyy-MM-ddTHH:mm:ssZ``, or None when *text* is none.
    """
    return _parse(text, _SECONDS)


def from_minutes(text: str) -> datetime | None:
    """
    Return the time ``yyyy-MM-ddTHH:mmZ``, or None when *text* is none.
    """
    return _parse(text, _MINUTES)


def _parse(text: str, shape: str) -> datetime | None:
    try:
        instant = datetime.strptime(text, shape).replace(tzinfo=UTC)
    except ValueError:
        return None
    # strptime forgives missing zeros ("2026-1-2"); the API does not.
    return instant if instant.strftime(shape) == text else None
