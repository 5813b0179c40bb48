"""
The time of this machine.
"""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

_GLANCE: Final = 0.2
"""Seconds between two looks at what may end a sleep early."""


class SystemClock:
    """
    `lifecycle.ports.Clock` as it really passes.
    """

    def now(self) -> datetime:
        """
        Give the present instant in UTC.
        """
        return datetime.now(UTC)

    def sleep(self, seconds: float, until: Callable[[], bool] | None = None) -> None:
        """
        See *Clock.sleep*.
        """
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            if until and until():
                return
            time.sleep(min(left, _GLANCE) if until else left)
