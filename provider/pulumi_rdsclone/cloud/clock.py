"""
The time of this machine.
"""

import time
from datetime import UTC, datetime


class SystemClock:
    """
    `lifecycle.ports.Clock` as it really passes.
    """

    def now(self) -> datetime:
        """
        Give the present instant in UTC.
        """
        return datetime.now(UTC)

    def sleep(self, seconds: float) -> None:
        """
        Come back after *seconds*.
        """
        time.sleep(seconds)
