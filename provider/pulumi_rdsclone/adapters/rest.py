"""
Detects when the engine has checked all clones that it can check for now.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from pulumi_rdsclone.adapters.calls import Call

_REST_SECONDS: Final = 0.25
"""The engine checks the next clone within milliseconds, if a program has one."""

_MOST_SECONDS: Final = 10.0
"""The longest wait for a program that declares clones."""

_LOOK_SECONDS: Final = 0.02


class Rest:
    """
    Notes when the engine checks new clones, and counts those that are being made.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: set[str] = set()
        self._asked = 0
        self._making = 0
        self._last = time.monotonic()

    @contextmanager
    def asking(self, urn: str) -> Iterator[None]:
        """
        Note that the clone *urn* is being checked, as long as it takes.
        """
        with self._lock:
            is_new = urn not in self._known
            self._known.add(urn)
            self._asked += is_new
        try:
            yield
        finally:
            with self._lock:
                self._asked -= is_new
                self._last = time.monotonic() if is_new else self._last

    @contextmanager
    def making(self) -> Iterator[None]:
        """
        Count a clone that is being made, as long as it takes.
        """
        with self._lock:
            self._making += 1
        try:
            yield
        finally:
            with self._lock:
                self._making -= 1

    @property
    def is_making(self) -> bool:
        """
        Whether a clone is being made.
        """
        return self._making > 0

    def wait(self, call: Call) -> None:
        """
        Wait until no new clone has been checked for a while, or *call* is abandoned.
        """
        end = time.monotonic() + _MOST_SECONDS
        while not self._is_over() and time.monotonic() < end:
            if not call.is_attended or call.is_cancelled:
                return
            time.sleep(_LOOK_SECONDS)

    def may_ask_more(self, at_once: int) -> bool:
        """
        Return whether the engine may have more clones that it cannot check yet.

        It checks the next clone when a worker is free for the one before.

        Args:
            at_once: How many resources it makes at once; 0 if not known.
        """
        return self._making >= at_once

    def _is_over(self) -> bool:
        with self._lock:
            return not self._asked and time.monotonic() - self._last > _REST_SECONDS
