"""
The clock of this machine.
"""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

_CHECK_SECONDS: Final = 0.2
"""How often a sleep checks whether it is to end early."""


class SystemClock:
    """
    `lifecycle.ports.Clock` of the system.
    """

    def now(self) -> datetime:
        """
        Return the present instant in UTC.
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
            time.sleep(min(left, _CHECK_SECONDS) if until else left)
