"""
When a clone is not needed any more.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from pulumi_rdsclone.domain.identity import EXPIRES_TAG
from pulumi_rdsclone.domain.spec import CloneSpec
from pulumi_rdsclone.domain.times import format_instant, parse_instant

SOON: Final = timedelta(days=1)
"""How long before its end a clone is spoken of."""


def expiry_of(spec: CloneSpec, created: datetime) -> str | None:
    """
    Give the instant at which a clone expires, as its tag has it; None for never.
    """
    end = spec.expires_at or (created + spec.ttl if spec.ttl else None)
    return format_instant(end) if end else None


def expires_at(tags: Mapping[str, str]) -> datetime | None:
    """
    Give the instant that *tags* tell; None where they tell none that can be read.
    """
    try:
        return parse_instant(tags.get(EXPIRES_TAG, ""))
    except ValueError:
        return None


def foretell_expiry(outputs: Mapping[str, Any], now: datetime) -> str:
    """
    Say that a clone with *outputs* expires soon, or has; empty where it does not.
    """
    try:
        end = parse_instant(outputs.get("expires") or "")
    except ValueError:
        return ""
    if end - now > SOON:
        return ""
    when = "has expired at" if end <= now else "expires at"
    return (
        f"the clone {when} {format_instant(end)} — give it another ttl or expires_at, "
        "or let rdsclone reap release it"
    )
