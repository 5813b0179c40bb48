"""
How long a subscription runs.
"""

from datetime import datetime, timedelta

_DAYS_OF_MONTH = 30


def expiry(begin: datetime, months: int) -> datetime | None:
    """
    Tell when a subscription of so many months is over; None for none.
    """
    return begin + timedelta(days=months * _DAYS_OF_MONTH) if months else None
