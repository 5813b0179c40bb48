"""
The expiry of a clone: when it is not needed any more.
"""

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Final

from pulumi_rdsclone.domain.identity import EXPIRES_TAG
from pulumi_rdsclone.domain.spec import CloneSpec
from pulumi_rdsclone.domain.times import (
    format_duration,
    format_instant,
    parse_duration,
    parse_instant,
)
from pulumi_rdsclone.domain.values import Properties

SOON: Final = timedelta(days=1)
"""How long before its expiry the user is warned of it."""


def expiry_of(spec: CloneSpec, created: datetime) -> str | None:
    """
    Return when a clone expires, as a text for its tag; None for never.
    """
    end = spec.expires_at or (created + spec.ttl if spec.ttl else None)
    return format_instant(end) if end else None


def expiry_ordered(spec: CloneSpec) -> str | None:
    """
    Return the expiry with which a clone is ordered, as its tag has it; None for never.

    It is an instant, or a duration such as ``48h``: the cloud has yet to say when it
    creates the clone, and the clock of this machine may be wrong by days.
    """
    if spec.expires_at:
        return format_instant(spec.expires_at)
    return format_duration(spec.ttl) if spec.ttl else None


def expiry_tags(spec: CloneSpec, created: datetime | None) -> dict[str, str]:
    """
    Return the expiry tag of a clone that was created at *created*.

    Empty if it never expires, or if its creation time is not reported.
    """
    end = expiry_of(spec, created) if created else None
    return {EXPIRES_TAG: end} if end else {}


def expires_at(tags: Mapping[str, str], created: datetime | None) -> datetime | None:
    """
    Return the expiry in *tags*; None if they have none that can be parsed.

    Args:
        tags: The tags of a clone.
        created: When the cloud created it, from which a duration counts.
    """
    text = tags.get(EXPIRES_TAG, "")
    with suppress(ValueError):
        return parse_instant(text)
    with suppress(ValueError, OverflowError):
        return created + parse_duration(text) if created else None
    return None


def expiry_warning(outputs: Properties, now: datetime) -> str:
    """
    Return a warning if a clone with *outputs* expires soon or has expired; else empty.
    """
    try:
        end = parse_instant(outputs.get("expires") or "")
    except ValueError:
        return ""
    if end - now > SOON:
        return ""
    when = "expired at" if end <= now else "expires at"
    return (
        f"the clone {when} {format_instant(end)} — set a later ttl or expires_at, or "
        "let rdsclone reap release the clone"
    )
