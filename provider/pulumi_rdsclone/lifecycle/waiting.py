"""
Wait for instances: one watch polls all of them, one loop judges the statuses.

This module does not retry failed calls; it decides when to poll next.
"""

import threading
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import Future
from concurrent.futures import wait as wait_for
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, TypeVar

from pulumi_rdsclone.domain.aspects import Aspect
from pulumi_rdsclone.domain.errors import (
    AbandonedError,
    AlterationError,
    DeadCloneError,
    NeverShownError,
    NotFoundError,
    ThrottledError,
    UnavailableError,
    WaitCancelledError,
    WaitError,
    WaitTimedOutError,
)
from pulumi_rdsclone.domain.identity import STAGE_TAG
from pulumi_rdsclone.domain.instances import (
    GONE,
    NOT_VISIBLE,
    UNSEEN,
    StatusKind,
    status_kind,
)
from pulumi_rdsclone.lifecycle.background import in_background
from pulumi_rdsclone.lifecycle.polling import PollSchedule
from pulumi_rdsclone.lifecycle.ports import Clock, Progress, Rds

T = TypeVar("T")

CHANGE_TIMEOUT: Final = timedelta(minutes=30)
"""How long one change in place may keep an instance busy by default."""

SHOWN_WITHIN: Final = timedelta(minutes=3)
"""How long an accepted change may not show: the cloud begins some of them late."""

_PAYMENT_SHOWN_WITHIN: Final = timedelta(minutes=6)
"""The same for another payment. Source: Terraform's provider waits five minutes."""

_TELL_AGAIN: Final = timedelta(minutes=1)
_SILENCE: Final = timedelta(seconds=30)
"""How long the API may not answer before that is shown."""

_GLANCE: Final = 0.2
"""Seconds between two looks at whether a run has ended that waits for an answer."""

_WAIT_ON: Final = "run the same command again to continue to wait"


@dataclass(frozen=True, kw_only=True)
class Patience:
    """
    How long a change is waited for.

    Attributes:
        busy: How long the instance may be busy.
        unseen: How long it may be usable while the change does not show.
    """

    busy: timedelta = CHANGE_TIMEOUT
    unseen: timedelta = SHOWN_WITHIN


@dataclass(frozen=True, kw_only=True)
class LookOptions:
    """
    How an instance is looked at while it is waited for.

    Attributes:
        doing: Text shown instead of its status.
        ordered: When it was ordered, if no call has shown it yet.
        is_going: Whether its release was accepted: it is gone if one look does not find
            it. Otherwise two looks some seconds apart must not find it.
        meanwhile: Called after each look.
    """

    doing: str | None = None
    ordered: datetime | None = None
    is_going: bool = False
    meanwhile: Callable[[], None] | None = None


class Watch:
    """
    The last statuses of all clones of one stage in one region.

    Whoever finds them too old polls for all waits: the number of calls does not grow
    with the number of clones.

    Args:
        rds: Makes the calls.
        clock: Dates the statuses.
            schedule: How often to poll.
        stage: The stage of the clones, as in their birth tags.
    """

    def __init__(
        self, rds: Rds, clock: Clock, schedule: PollSchedule, stage: str
    ) -> None:
        self.schedule = schedule
        self.looks = 0
        """How often it has polled; waits compare this to notice a newer poll."""
        self._rds = rds
        self._clock = clock
        self._stage = stage
        self._lock = threading.Lock()
        self._seen: dict[str, str] = {}
        self._seen_at: datetime | None = None

    def status(self, instance_id: str, max_age: float) -> str:
        """
        Return the status of *instance_id*, less than *max_age* seconds old.

        An instance that the list call does not show is read by itself: its tags may not
        show yet, or it is gone.
        """
        with self._lock:
            if self._is_older_than(max_age):
                summaries = self._rds.list_instances({STAGE_TAG: self._stage})
                self._seen = {s.id: s.status for s in summaries}
                self._seen_at = self._clock.now()
                self.looks += 1
            seen = self._seen.get(instance_id)
        return seen or self._ask(instance_id)

    def _ask(self, instance_id: str) -> str:
        """
        Return the status of *instance_id* by a call for it alone; *GONE* if it is gone.
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
    instance_id: str,
    watch: Watch,
    clock: Clock,
    progress: Progress,
    timeout: timedelta,
    options: LookOptions | None = None,
) -> None:
    """
    Wait until *instance_id* is usable.

    Args:
        instance_id: The instance.
        watch: Who sees its status.
        clock: What time it is.
        progress: Where progress is shown.
        timeout: How long it may be busy.
        options: How it is looked at.

    Raises:
        WaitTimedOutError: It was still busy after *timeout*.
        DeadCloneError: It is gone or about to go.
        NeverShownError: No call has shown it for the time that *watch* allows.
    """
    options = options or LookOptions()
    for wait in looks(instance_id, watch, clock, progress, timeout, options):
        kind = status_kind(wait.status)
        if kind is StatusKind.READY:
            return
        if kind is StatusKind.FAILED:
            if options.ordered and not wait.is_seen:
                raise NeverShownError(instance_id, clock.now() - options.ordered)
            raise DeadCloneError(instance_id, wait.status)
        wait.refuse_after(timeout)


def shown_within(aspects: Collection[Aspect]) -> timedelta:
    """
    Return for how long an accepted change of *aspects* may not show.
    """
    return _PAYMENT_SHOWN_WITHIN if Aspect.PAYMENT in aspects else SHOWN_WITHIN


def wait_until_shown(
    instance_id: str,
    watch: Watch,
    clock: Clock,
    progress: Progress,
    missing: Callable[[], tuple[str, ...]],
    patience: Patience,
) -> None:
    """
    Wait until *instance_id* is usable and shows all changes.

    Args:
        instance_id: The instance.
        watch: Who sees its status.
        clock: What time it is.
        progress: Where progress is shown.
        missing: Returns the changes that do not show yet.
        patience: How long to wait.

    Raises:
        AlterationError: Some did not show although the instance was usable.
        WaitCancelledError: The user has cancelled the run.
        WaitTimedOutError: It was still busy for too long.
        DeadCloneError: It is gone or about to go.
    """
    usable_since: datetime | None = None
    for wait in looks(instance_id, watch, clock, progress, patience.busy):
        kind = status_kind(wait.status)
        if kind is StatusKind.FAILED:
            raise DeadCloneError(instance_id, wait.status)
        if kind is StatusKind.BUSY:
            usable_since = None
            wait.refuse_after(patience.busy)
            continue
        paths = wait.answer_of(in_background(missing))
        if not paths:
            return
        usable_since = usable_since or clock.now()
        if clock.now() - usable_since >= patience.unseen:
            names = ", ".join(paths)
            message = (
                f"{instance_id} still does not show these values, although the change "
                f"was accepted: {names}"
            )
            raise AlterationError(message)


def wait_until_gone(
    instance_id: str, watch: Watch, clock: Clock, progress: Progress, timeout: timedelta
) -> None:
    """
    Wait until *instance_id* does not exist any more.

    Raises:
        WaitTimedOutError: It still existed after *timeout*.
    """
    try:
        options = LookOptions(is_going=True)
        for wait in looks(instance_id, watch, clock, progress, timeout, options):
            if wait.status == GONE:
                return
            wait.refuse_after(timeout)
    except WaitError as error:
        raise error.with_remedy(_WAIT_ON) from None


def looks(
    instance_id: str,
    watch: Watch,
    clock: Clock,
    progress: Progress,
    limit: timedelta,
    options: LookOptions | None = None,
) -> Iterator["Wait"]:
    """
    Yield the wait after each look at the status, and show its progress.

    A look that fails with a transient error is ignored.

    Args:
        instance_id: The instance.
        watch: Who looks.
        clock: What time it is.
        progress: Where progress is shown.
        limit: How long the wait lasts at most; the caller ends it.
        options: How it is looked at.

    Raises:
        WaitCancelledError: The user has cancelled the run.
        AbandonedError: Nobody waits any more. A run that took over must find the
            instance as it was ordered, not finished behind its back.
    """
    schedule, options = watch.schedule, options or LookOptions()
    wait = Wait(instance_id, progress, clock, limit, doing=options.doing)
    wait.missing_for = timedelta(
        seconds=0 if options.is_going else schedule.retry_delay
    )
    if options.ordered:
        wait.shows_by = options.ordered + timedelta(seconds=schedule.visibility_timeout)
    while True:
        refuse_abandoned(progress)
        interval = schedule.interval(wait.waited)
        look = in_background(watch.status, instance_id, interval)
        with suppress(ThrottledError, UnavailableError):
            wait.note(wait.answer_of(look))
        if options.meanwhile:
            wait.answer_of(in_background(options.meanwhile))
        wait.show()
        yield wait
        wait.refuse_cancelled()
        _rest_until_news(interval, watch, clock=clock, progress=progress)


class Wait:
    """
    One wait and its progress: changes at once, otherwise a line every minute.

    Args:
        instance_id: The instance.
            progress: Where progress is shown.
            clock: Measures the wait.
        limit: How long the wait lasts at most.
        doing: Text shown instead of the status.
    """

    def __init__(
        self,
        instance_id: str,
        progress: Progress,
        clock: Clock,
        limit: timedelta,
        *,
        doing: str | None = None,
    ) -> None:
        self.status = UNSEEN
        self.is_seen = False
        """Whether any look has found the instance."""
        self.shows_by: datetime | None = None
        """Until when one that no look has found is not gone; None for one that was."""
        self.missing_for = timedelta()
        """How long an instance must not be found to be gone."""
        self._missing_since: datetime | None = None
        self._doing = doing
        self._instance_id = instance_id
        self._progress = progress
        self._clock = clock
        self._limit = limit
        self._started = self._answered_at = self._told_at = clock.now()
        self._told: tuple[str, bool] | None = None

    @property
    def waited(self) -> timedelta:
        """
        How long the wait has lasted.
        """
        return self._clock.now() - self._started

    def answer_of(self, look: Future[T]) -> T:
        """
        Return the result of *look*; a run that ends does not wait for it.

        Raises:
            WaitCancelledError: The user has cancelled the run.
            AbandonedError: Nobody waits any more.
        """
        while not wait_for([look], _GLANCE).done:
            refuse_abandoned(self._progress)
            self.refuse_cancelled()
            self._show_silence()
        return look.result()

    def refuse_cancelled(self) -> None:
        """
        Raise if the user has cancelled the run.

        Raises:
            WaitCancelledError: The user has.
        """
        if self._progress.is_cancelled:
            raise WaitCancelledError(self._instance_id, self.status, self.waited)

    def refuse_after(self, timeout: timedelta) -> None:
        """
        Raise if the wait has lasted for *timeout*.

        Raises:
            WaitTimedOutError: It has.
        """
        if self.waited >= timeout:
            raise WaitTimedOutError(self._instance_id, self.status, self.waited)

    def note(self, status: str) -> None:
        """
        Note a status. An instance that is not found keeps its last status for a while.
        """
        now = self._answered_at = self._clock.now()
        if status != GONE:
            self.status, self.is_seen, self._missing_since = status, True, None
            return
        self._missing_since = self._missing_since or now
        if self.shows_by and not self.is_seen and now < self.shows_by:
            self.status = NOT_VISIBLE
        elif now - self._missing_since >= self.missing_for:
            self.status = GONE

    def _show_silence(self) -> None:
        """
        Show that the API does not answer, if that has lasted long.
        """
        if self._silence >= _SILENCE:
            self.show()

    def show(self) -> None:
        """
        Show the status and the time, if either has changed.
        """
        now, silence = self._clock.now(), self._silence
        is_silent = silence >= _SILENCE
        news = (self._doing or self.status, is_silent)
        if news == self._told and now - self._told_at < _TELL_AGAIN:
            return
        self._told, self._told_at = news, now
        if is_silent:
            self._progress.show(_silent(self.status, silence))
        elif self.status != UNSEEN:
            doing = self._doing or self.status
            self._progress.show(_progress(doing, waited=self.waited, limit=self._limit))

    @property
    def _silence(self) -> timedelta:
        return self._clock.now() - self._answered_at


def refuse_without_listener(progress: Progress, what: str) -> None:
    """
    Raise if nobody waits for the outcome of a change.

    Args:
        progress: Whose outcome it is.
        what: Name of the change.

    Raises:
        AbandonedError: Nobody waits any more.
        AlterationError: The run was cancelled.
    """
    refuse_abandoned(progress)
    if progress.is_cancelled:
        message = f"the run was cancelled before {what} could be changed"
        raise AlterationError(message)


def refuse_abandoned(progress: Progress) -> None:
    """
    Raise if nobody waits for the run any more.

    Raises:
        AbandonedError: Nobody waits any more.
    """
    if not progress.has_listener:
        message = "nobody waits for it any more"
        raise AbandonedError(message)


def rest(seconds: float, clock: Clock, progress: Progress) -> None:
    """
    Sleep *seconds*; return early when nobody waits any more.
    """
    clock.sleep(seconds, lambda: progress.is_cancelled or not progress.has_listener)


def _rest_until_news(
    seconds: float, watch: Watch, *, clock: Clock, progress: Progress
) -> None:
    """
    Sleep *seconds*; return early on a newer poll, or when nobody waits any more.
    """
    looks = watch.looks

    def is_over() -> bool:
        return (
            watch.looks != looks or progress.is_cancelled or not progress.has_listener
        )

    clock.sleep(seconds, is_over)


def _progress(status: str, *, waited: timedelta, limit: timedelta) -> str:
    """
    Return the time waited and allowed, then the status: ``2 of 90 min, Creating``.

    A narrow row shows only the beginning. Without times for an instance that is gone.
    """
    if status == GONE:
        return status
    seconds = 60 if limit >= timedelta(minutes=2) else 1
    unit = "min" if seconds > 1 else "s"
    passed, most = (int(t.total_seconds()) // seconds for t in (waited, limit))
    return f"{passed} of {most} {unit}, {status}"


def _silent(status: str, silence: timedelta) -> str:
    """
    Return for how long the API has not answered, and the last status.
    """
    minutes, seconds = divmod(int(silence.total_seconds()), 60)
    text = f"{minutes} min" if minutes else f"{seconds} s"
    seen = "" if status == UNSEEN else f", last seen {status}"
    return f"no answer for {text}{seen}"
