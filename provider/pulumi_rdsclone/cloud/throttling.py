"""
Limits the rate of API actions by what throttled calls have shown.
"""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final, TypeVar

from pulumi_rdsclone.domain.errors import ThrottledError
from pulumi_rdsclone.lifecycle.ports import Clock

T = TypeVar("T")

FIRST_GAP: Final = timedelta(seconds=0.1)
LONGEST_GAP: Final = timedelta(seconds=5)
"""Between two calls of one action. The API publishes no limit: it has to be found."""

_GAP_FACTOR: Final = 0.9
"""Multiplies the gap after each call that is not throttled."""


class RateLimiter:
    """
    Spaces the calls of one action after the API has throttled one of them.

    Each throttled call doubles the gap, or begins with the first; calls that were
    under way at the same time count as one. Safe to use from many threads.

    Args:
        clock: The clock.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._gap = timedelta()
        self._free_at: datetime | None = None
        self._throttled = 0

    def run(self, call: Callable[[], T]) -> T:
        """
        Return the result of *call*, made when it is its turn.

        Raises:
            ThrottledError: The API throttled it nevertheless.
        """
        seen = self._wait_for_turn()
        try:
            answer = call()
        except ThrottledError as error:
            self._slow_down(seen, error.retry_after)
            raise
        self._speed_up()
        return answer

    def _wait_for_turn(self) -> int:
        """
        Sleep until the next call may be made; return how often calls were throttled.
        """
        with self._lock:
            now = self._clock.now()
            turn = max(now, self._free_at or now)
            if self._gap or turn > now:
                self._free_at = turn + self._gap
            seen = self._throttled
        if turn > now:
            self._clock.sleep((turn - now).total_seconds())
        return seen

    def _slow_down(self, seen: int, retry_after: timedelta) -> None:
        with self._lock:
            now = self._clock.now()
            if seen == self._throttled:
                self._throttled += 1
                self._gap = min(max(self._gap * 2, FIRST_GAP), LONGEST_GAP)
            pause = max(retry_after, self._gap)
            self._free_at = max(self._free_at or now, now + pause)

    def _speed_up(self) -> None:
        with self._lock:
            self._gap *= _GAP_FACTOR
            if self._gap < FIRST_GAP:
                self._gap = timedelta()


class RateLimiters:
    """
    The rate limiters of all actions.

    Args:
        clock: The clock.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._limiters: dict[str, RateLimiter] = {}

    def of(self, action: str) -> RateLimiter:
        """
        Return the limiter of *action*, always the same one.
        """
        with self._lock:
            return self._limiters.setdefault(action, RateLimiter(self._clock))
