"""
Waiting for instances: one watch asks for all, one loop judges what it saw.

Asking the API again and waiting for an instance are two things: this module never
repeats a failed call, it only decides when to look next.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Final

from pulumi_rdsclone.domain.errors import (
    AbandonedError,
    AlterationError,
    NotFoundError,
    ThrottledError,
    UnavailableError,
    WaitCancelledError,
    WaitFailedError,
    WaitTimedOutError,
)
from pulumi_rdsclone.domain.identity import STAGE_TAG
from pulumi_rdsclone.domain.instances import GONE, Verdict, judge_status
from pulumi_rdsclone.lifecycle.pace import Pace
from pulumi_rdsclone.lifecycle.ports import Clock, Rds, Row

CHANGE_TIMEOUT: Final = timedelta(minutes=30)
"""How long one change in place may keep an instance busy, if nobody says otherwise."""

SHOWN_WITHIN: Final = timedelta(minutes=3)
"""How long an accepted change may not show: the cloud begins some of them late."""

_TELL_AGAIN = timedelta(minutes=1)


class Watch:
    """
    What was last seen of all clones of one stage in one region.

    Whoever finds it too old asks for everybody: the calls do not grow with the
    number of clones.

    Args:
        rds: Who answers.
        clock: What time it is.
        pace: How fast to ask.
        stage: The stage of the clones, as their birth tags tell it.
    """

    def __init__(self, rds: Rds, clock: Clock, pace: Pace, stage: str) -> None:
        self.pace = pace
        self.looks = 0
        """How often it has looked: whoever waits for news compares."""
        self._rds = rds
        self._clock = clock
        self._stage = stage
        self._lock = threading.Lock()
        self._seen: dict[str, str] = {}
        self._seen_at: datetime | None = None

    def status(self, instance_id: str, max_age: float) -> str:
        """
        Tell the status of *instance_id* as of less than *max_age* seconds ago.

        An instance that the list call does not show is asked for by itself: its
        tags may not have arrived yet, or it is gone.
        """
        with self._lock:
            if self._is_older_than(max_age):
                sightings = self._rds.sightings({STAGE_TAG: self._stage})
                self._seen = {s.id: s.status for s in sightings}
                self._seen_at = self._clock.now()
                self.looks += 1
            seen = self._seen.get(instance_id)
        return seen or self.ask(instance_id)

    def ask(self, instance_id: str) -> str:
        """
        Tell the status of *instance_id* by a call for it alone; *GONE* if it is.
        """
        try:
            return self._rds.instance(instance_id).status
        except NotFoundError:
            return GONE

    def _is_older_than(self, seconds: float) -> bool:
        if self._seen_at is None:
            return True
        age = (self._clock.now() - self._seen_at).total_seconds()
        return not 0 <= age < seconds


def wait_until_ready(
    instance_id: str, watch: Watch, clock: Clock, row: Row, timeout: timedelta
) -> None:
    """
    Come back when *instance_id* is usable.

    Raises:
        WaitTimedOutError: It was still busy after *timeout*.
        WaitFailedError: It is gone or about to go.
    """
    for status, waited in _statuses(instance_id, watch, clock, row):
        verdict = judge_status(status)
        if verdict is Verdict.READY:
            return
        if verdict is Verdict.FAILED:
            raise WaitFailedError(instance_id, status, waited)
        if waited >= timeout:
            raise WaitTimedOutError(instance_id, status, waited)


def wait_until_shown(
    instance_id: str,
    watch: Watch,
    clock: Clock,
    row: Row,
    missing: Callable[[], tuple[str, ...]],
    timeout: timedelta,
) -> None:
    """
    Come back when *instance_id* is usable and nothing is missing any more.

    Args:
        instance_id: The instance.
        watch: Who sees its status.
        clock: What time it is.
        row: Where progress is shown.
        missing: Names the changes that do not show yet.
        timeout: How long it may be busy.

    Raises:
        AlterationError: Some did not show although the instance was usable.
        WaitTimedOutError: It was still busy after *timeout*.
        WaitFailedError: It is gone or about to go.
    """
    usable_since: datetime | None = None
    for status, waited in _statuses(instance_id, watch, clock, row):
        verdict = judge_status(status)
        if verdict is Verdict.FAILED:
            raise WaitFailedError(instance_id, status, waited)
        if verdict is Verdict.BUSY:
            usable_since = None
            if waited >= timeout:
                raise WaitTimedOutError(instance_id, status, waited)
            continue
        paths = missing()
        if not paths:
            return
        usable_since = usable_since or clock.now()
        if clock.now() - usable_since >= SHOWN_WITHIN:
            names = ", ".join(paths)
            msg = (
                f"{instance_id} is not as declared, although the change was accepted: "
                f"{names}"
            )
            raise AlterationError(msg)


def wait_until_gone(
    instance_id: str, watch: Watch, clock: Clock, row: Row, timeout: timedelta
) -> None:
    """
    Come back when *instance_id* does not exist any more.

    Raises:
        WaitTimedOutError: It still existed after *timeout*.
    """
    for status, waited in _statuses(instance_id, watch, clock, row):
        if status == GONE:
            return
        if waited >= timeout:
            raise WaitTimedOutError(instance_id, status, waited)


def _statuses(
    instance_id: str, watch: Watch, clock: Clock, row: Row
) -> Iterator[tuple[str, timedelta]]:
    """
    Yield each status that is seen and the time waited, and keep the row informed.

    A look that fails for a passing reason tells nothing and ends nothing.

    Raises:
        WaitCancelledError: The user has cancelled the run.
        AbandonedError: Nobody waits any more. A run that took over must find the
            instance as it was ordered, not finished behind its back.
    """
    started = clock.now()
    told_status, told_at = "", started
    status = "unknown"
    while True:
        if not row.is_attended:
            msg = "nobody waits for it any more"
            raise AbandonedError(msg)
        interval = watch.pace.interval(clock.now() - started)
        with suppress(ThrottledError, UnavailableError):
            status = watch.status(instance_id, interval)
        now = clock.now()
        if status != told_status or now - told_at >= _TELL_AGAIN:
            row.say(_progress(status, now - started))
            told_status, told_at = status, now
        yield status, now - started
        if row.is_cancelled:
            raise WaitCancelledError(instance_id, status, now - started)
        _rest(interval, watch, clock, row)


def _rest(seconds: float, watch: Watch, clock: Clock, row: Row) -> None:
    """
    Come back after *seconds*, or when there are news, or nobody waits for them.
    """
    looks = watch.looks

    def is_over() -> bool:
        return watch.looks != looks or row.is_cancelled or not row.is_attended

    clock.sleep(seconds, is_over)


def _progress(status: str, waited: timedelta) -> str:
    minutes = int(waited.total_seconds() // 60)
    return f"{status}, {minutes} min" if minutes else status
