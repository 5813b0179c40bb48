"""
Implements `lifecycle.ports.Clock` with the system's clock.
"""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

from typing_extensions import override

from pulumi_rdsclone.lifecycle.ports import Clock

_CHECK_SECONDS: Final = 0.2
"""How often a sleep checks whether it is to end early."""


class SystemClock(Clock):
    """
    The system's clock.
    """

    @override
    def now(self) -> datetime:
        return datetime.now(UTC)

    @override
    def sleep(self, seconds: float, until: Callable[[], bool] | None = None) -> None:
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            if until and until():
                return
            time.sleep(min(left, _CHECK_SECONDS) if until else left)
