"""
How an instance is kept: what is set once and rarely changed. Plain, frozen values.
"""

import re
from dataclasses import dataclass

UPGRADED_ENGINES = ("MySQL", "PostgreSQL")
"""The engines whose minor versions may be upgraded by themselves."""

_WINDOW = re.compile(r"{0}-{0}".format(r"([01]\d|2[0-3]):[0-5]\dZ"))


@dataclass(frozen=True, kw_only=True)
class AutoRenewal:
    """
    Whether a subscription is renewed by itself, and for how many months each time.
    """

    enabled: bool = False
    months: int = 1


@dataclass(frozen=True, kw_only=True)
class HighAvailability:
    """
    How an instance replicates, what it prefers when a node fails, how it is probed.

    *connection* is LONG or SHORT: the connections that find out whether it is there.
    """

    sync_mode: str = "Semi-sync"
    ha_mode: str = "RPO"
    connection: str = "LONG"


def is_window(text: str) -> bool:
    """
    Whether *text* is a stretch of the day in UTC, ``HH:mmZ-HH:mmZ``.
    """
    return _WINDOW.fullmatch(text) is not None
