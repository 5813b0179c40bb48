"""
Read-only calls, each made once for all who want to know, and never waited for long.
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

BUDGET: Final = timedelta(seconds=10)
"""How long a read may take before the checks go on without it."""


class SlowError(CloneError):
    """
    A read has not come back within the budget; it goes on by itself.
    """


@dataclass(frozen=True)
class Read:
    """
    A call that was begun: what it gives or will give, and when it began.
    """

    future: "Future[Any]"
    at: datetime


class Library:
    """
    The answers learnt in one region, shared by all clones and threads.

    Args:
        rds: Who answers.
        clock: What time it is.
        budget: How long a read may take, from its beginning.
    """

    def __init__(self, rds: Rds, clock: Clock, budget: timedelta = BUDGET) -> None:
        self.clock = clock
        self._rds = rds
        self._budget = budget
        self._lock = threading.Lock()
        self._reads: dict[Hashable, Read] = {}

    def ask(self, method: str, *args: Hashable, max_age: timedelta) -> Read:
        """
        Begin to call *method* of *Rds*, unless an answer is there or on its way.

        Args:
            method: Name of the method.
            args: What it is called with.
            max_age: How old an answer may be.
        """
        key = (method, *args)
        with self._lock:
            read = self._reads.get(key)
            if read is None or self._is_stale(read, max_age):
                began, call = self.clock.now(), getattr(self._rds, method)
                read = self._reads[key] = Read(in_background(call, *args), began)
        return read

    def take(self, read: Read) -> Any:
        """
        Give the answer of *read*, as soon as it is there.

        Raises:
            SlowError: It is not, within the budget.
            CloneError: The call's own error.
        """
        left = self._budget - (self.clock.now() - read.at)
        seconds = max(left.total_seconds(), 0)
        if not read.future.done() and not wait([read.future], seconds).done:
            msg = f"no answer came within {format_duration(self._budget)}"
            raise SlowError(msg)
        return read.future.result()

    def _is_stale(self, read: Read, max_age: timedelta) -> bool:
        if not read.future.done():
            return False
        if not timedelta() <= self.clock.now() - read.at <= max_age:
            return True
        error = read.future.exception()
        # A refusal would only be repeated; what failed in passing may work now.
        refused = isinstance(error, ApiError) and not error.retryable
        return error is not None and not refused
