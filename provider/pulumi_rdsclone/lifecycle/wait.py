"""
One wait: what it has seen, what it shows, and when it ends early.
"""

from concurrent.futures import Future
from concurrent.futures import wait as wait_for
from datetime import datetime, timedelta
from typing import Final, TypeVar

from pulumi_rdsclone.domain.errors import (
    AbandonedError,
    ChangeError,
    WaitCancelledError,
    WaitTimedOutError,
)
from pulumi_rdsclone.domain.instances import GONE, NOT_VISIBLE, UNSEEN
from pulumi_rdsclone.lifecycle.ports import Clock, Progress

T = TypeVar("T")

_TELL_AGAIN: Final = timedelta(minutes=1)
_SILENCE: Final = timedelta(seconds=30)
"""How long the API may not answer before that is shown."""

_GLANCE: Final = 0.2
"""Seconds between two looks at whether a run has ended that waits for an answer."""


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
        *,
        clock: Clock,
        limit: timedelta,
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
            raise WaitCancelledError(self._instance_id, self.status, waited=self.waited)

    def refuse_after(self, timeout: timedelta) -> None:
        """
        Raise if the wait has lasted for *timeout*.

        Raises:
            WaitTimedOutError: It has.
        """
        if self.waited >= timeout:
            raise WaitTimedOutError(self._instance_id, self.status, waited=self.waited)

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
        ChangeError: The run was cancelled.
    """
    refuse_abandoned(progress)
    if progress.is_cancelled:
        message = f"the run was cancelled before {what} could be changed"
        raise ChangeError(message)


def refuse_abandoned(progress: Progress) -> None:
    """
    Raise if nobody waits for the run any more.

    Raises:
        AbandonedError: Nobody waits any more.
    """
    if not progress.has_listener:
        message = "nobody waits for it any more"
        raise AbandonedError(message)


def rest(seconds: float, clock: Clock, *, progress: Progress) -> None:
    """
    Sleep *seconds*; return early when nobody waits any more.
    """
    clock.sleep(seconds, lambda: progress.is_cancelled or not progress.has_listener)


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
