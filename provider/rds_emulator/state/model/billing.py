"""
How an instance is paid for: when a subscription ends, and how it is renewed.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

SERVERLESS: Final = "Serverless"
PAY_TYPES: Final = ("Postpaid", "Prepaid", SERVERLESS)
"""The billing methods: pay-as-you-go, subscription, by the use of capacity units."""

_DAYS_OF_MONTH: Final = 30


@dataclass(frozen=True, kw_only=True)
class AutoRenewal:
    """
    Whether a subscription is renewed by itself, and for how many months each time.
    """

    enabled: bool = False
    months: int = 1


def expiry(begin: datetime, months: int) -> datetime | None:
    """
    Return when a subscription of so many months is over; None for none.
    """
    return begin + timedelta(days=months * _DAYS_OF_MONTH) if months else None
