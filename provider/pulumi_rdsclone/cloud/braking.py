"""
Going slower where the API throttles: all callers of an action together.
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
"""Between two calls of one action; no limit is published, so it has to be found."""

_QUICKER: Final = 0.9
"""By this factor the gap shrinks with each call that is not throttled."""


class Brake:
    """
    Spaces the calls of one action, once the API has throttled one of them.

    Each throttled call doubles the gap, or begins with the first; calls that were
    under way at the same time count as one. Safe to use from many threads.

    Args:
        clock: What time it is.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._gap = timedelta()
        self._free_at: datetime | None = None
        self._braked = 0

    def through(self, call: Callable[[], T]) -> T:
        """
        Make *call* when it is its turn.

        Raises:
            ThrottledError: It was throttled nevertheless.
        """
        braked = self._wait_for_turn()
        try:
            answer = call()
        except ThrottledError as error:
            self._slow_down(braked, error.retry_after)
            raise
        self._speed_up()
        return answer

    def _wait_for_turn(self) -> int:
        with self._lock:
            now = self._clock.now()
            turn = max(now, self._free_at or now)
            if self._gap or turn > now:
                self._free_at = turn + self._gap
            braked = self._braked
        if turn > now:
            self._clock.sleep((turn - now).total_seconds())
        return braked

    def _slow_down(self, braked: int, retry_after: timedelta) -> None:
        with self._lock:
            now = self._clock.now()
            if braked == self._braked:
                self._braked += 1
                self._gap = min(max(self._gap * 2, FIRST_GAP), LONGEST_GAP)
            pause = max(retry_after, self._gap)
            self._free_at = max(self._free_at or now, now + pause)

    def _speed_up(self) -> None:
        with self._lock:
            self._gap *= _QUICKER
            if self._gap < FIRST_GAP:
                self._gap = timedelta()


class Brakes:
    """
    One brake for each action.

    Args:
        clock: What time it is.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._brakes: dict[str, Brake] = {}

    def of(self, action: str) -> Brake:
        """
        Give the brake of *action*, always the same one.
        """
        with self._lock:
            return self._brakes.setdefault(action, Brake(self._clock))
