"""
The two shapes in which the API writes an instant, always in UTC.

No clock lives here: these functions only turn text into instants and back.
"""

from datetime import UTC, datetime
from functools import lru_cache

_SECONDS = "%Y-%m-%dT%H:%M:%SZ"
_MINUTES = "%Y-%m-%dT%H:%MZ"


@lru_cache(maxsize=4096)
def to_seconds(instant: datetime) -> str:
    """
    Write *instant* as ``yyyy-MM-ddTHH:mm:ssZ``.
    """
    return instant.astimezone(UTC).strftime(_SECONDS)


def to_minutes(instant: datetime) -> str:
    """
    Write *instant* as ``yyyy-MM-ddTHH:mmZ``.
    """
    return instant.astimezone(UTC).strftime(_MINUTES)


def to_exact(instant: datetime) -> str:
    """
    Write *instant* to the microsecond, so that texts sort as instants do.
    """
    return instant.astimezone(UTC).isoformat(timespec="microseconds")


def from_seconds(text: str) -> datetime | None:
    """
    Read ``yyyy-MM-ddTHH:mm:ssZ``, or answer None when *text* is anything else.
    """
    return _parse(text, _SECONDS)


def from_minutes(text: str) -> datetime | None:
    """
    Read ``yyyy-MM-ddTHH:mmZ``, or answer None when *text* is anything else.
    """
    return _parse(text, _MINUTES)


def _parse(text: str, shape: str) -> datetime | None:
    try:
        instant = datetime.strptime(text, shape).replace(tzinfo=UTC)
    except ValueError:
        return None
    # strptime forgives missing zeros ("2026-1-2"); the API does not.
    return instant if instant.strftime(shape) == text else None
