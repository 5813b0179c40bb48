"""
Cache of read-only calls: each is made once for all clones, within a timeout.
"""

import threading
from collections.abc import Hashable
from concurrent.futures import Future, wait
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from pulumi_rdsclone.domain.errors import ApiError, CloneError
from pulumi_rdsclone.domain.times import format_duration
from pulumi_rdsclone.lifecycle.background import in_background
from pulumi_rdsclone.lifecycle.ports import Clock, Rds

READ_TIMEOUT: Final = timedelta(seconds=10)
"""How long a read may take before the checks continue without it."""


class ReadTimedOutError(CloneError):
    """
    A read was not answered within the timeout; it continues in the background.
    """


@dataclass(frozen=True)
class PendingRead:
    """
    A call that was started, perhaps answered already.

    Attributes:
        future: Its result.
        started: When it was sent.
    """

    future: "Future[Any]"
    started: datetime


class ReadCache:
    """
    Results of read-only calls in one region, shared by all clones and threads.

    Args:
        rds: Makes the calls.
        clock: Dates the results.
        timeout: How long a read may take, from its start.
    """

    def __init__(
        self, rds: Rds, clock: Clock, *, timeout: timedelta = READ_TIMEOUT
    ) -> None:
        self.clock = clock
        self._rds = rds
        self._timeout = timeout
        self._lock = threading.Lock()
        self._reads: dict[Hashable, PendingRead] = {}

    def start(self, method: str, *args: Hashable, max_age: timedelta) -> PendingRead:
        """
        Return the call of *method* of *Rds*, started now unless a usable one exists.

        Args:
            method: Name of the method.
            args: Its arguments.
            max_age: How old a result may be.
        """
        key = (method, *args)
        with self._lock:
            read = self._reads.get(key)
            if read is None or self._is_stale(read, max_age):
                started, call = self.clock.now(), getattr(self._rds, method)
                read = self._reads[key] = PendingRead(
                    in_background(call, *args), started
                )
        return read

    def result(self, read: PendingRead) -> Any:
        """
        Return the result of *read*; wait for it, if need be.

        Raises:
            ReadTimedOutError: There is none within the timeout.
            CloneError: The call's own error.
        """
        left = self._timeout - (self.clock.now() - read.started)
        seconds = max(left.total_seconds(), 0)
        if not read.future.done() and not wait([read.future], seconds).done:
            message = f"no answer came within {format_duration(self._timeout)}"
            raise ReadTimedOutError(message)
        return read.future.result()

    def _is_stale(self, read: PendingRead, max_age: timedelta) -> bool:
        if not read.future.done():
            return False
        if not timedelta() <= self.clock.now() - read.started <= max_age:
            return True
        error = read.future.exception()
        # A refusal would only be repeated; what failed in passing may work now.
        refused = isinstance(error, ApiError) and not error.retryable
        return error is not None and not refused
