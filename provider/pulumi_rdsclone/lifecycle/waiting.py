"""
Wait for instances: one loop judges the statuses that a watch sees.

This module does not retry failed calls; it decides when to poll next.
"""

from collections.abc import Callable, Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from pulumi_rdsclone.domain.aspects import Aspect
from pulumi_rdsclone.domain.errors import (
    ChangeError,
    DeadCloneError,
    NeverShownError,
    ThrottledError,
    UnavailableError,
    WaitError,
)
from pulumi_rdsclone.domain.instances import GONE, StatusKind, status_kind
from pulumi_rdsclone.lifecycle.background import in_background
from pulumi_rdsclone.lifecycle.ports import Clock, Progress
from pulumi_rdsclone.lifecycle.wait import Wait, refuse_abandoned
from pulumi_rdsclone.lifecycle.watching import Watch

CHANGE_TIMEOUT: Final = timedelta(minutes=30)
"""How long one change in place may keep an instance busy by default."""

SHOWN_WITHIN: Final = timedelta(minutes=3)
"""How long an accepted change may not show: the cloud begins some of them late."""

_PAYMENT_SHOWN_WITHIN: Final = timedelta(minutes=6)
"""The same for another payment. Source: Terraform's provider waits five minutes."""

_WAIT_ON: Final = "run the same command again to continue to wait"


@dataclass(frozen=True, kw_only=True)
class Timeouts:
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


def wait_until_ready(
    instance_id: str,
    watch: Watch,
    *,
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
    for wait in looks(
        instance_id,
        watch,
        clock=clock,
        progress=progress,
        limit=timeout,
        options=options,
    ):
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
    *,
    clock: Clock,
    progress: Progress,
    missing: Callable[[], tuple[str, ...]],
    timeouts: Timeouts,
) -> None:
    """
    Wait until *instance_id* is usable and shows all changes.

    Args:
        instance_id: The instance.
        watch: Who sees its status.
        clock: What time it is.
        progress: Where progress is shown.
        missing: Returns the changes that do not show yet.
        timeouts: How long to wait.

    Raises:
        ChangeError: Some did not show although the instance was usable.
        WaitCancelledError: The user has cancelled the run.
        WaitTimedOutError: It was still busy for too long.
        DeadCloneError: It is gone or about to go.
    """
    usable_since: datetime | None = None
    for wait in looks(
        instance_id, watch, clock=clock, progress=progress, limit=timeouts.busy
    ):
        kind = status_kind(wait.status)
        if kind is StatusKind.FAILED:
            raise DeadCloneError(instance_id, wait.status)
        if kind is StatusKind.BUSY:
            usable_since = None
            wait.refuse_after(timeouts.busy)
            continue
        paths = wait.answer_of(in_background(missing))
        if not paths:
            return
        usable_since = usable_since or clock.now()
        if clock.now() - usable_since >= timeouts.unseen:
            names = ", ".join(paths)
            message = (
                f"{instance_id} still does not show these values, although the change "
                f"was accepted: {names}"
            )
            raise ChangeError(message)


def wait_until_gone(
    instance_id: str,
    watch: Watch,
    *,
    clock: Clock,
    progress: Progress,
    timeout: timedelta,
) -> None:
    """
    Wait until *instance_id* does not exist any more.

    Raises:
        WaitTimedOutError: It still existed after *timeout*.
    """
    try:
        options = LookOptions(is_going=True)
        for wait in looks(
            instance_id,
            watch,
            clock=clock,
            progress=progress,
            limit=timeout,
            options=options,
        ):
            if wait.status == GONE:
                return
            wait.refuse_after(timeout)
    except WaitError as error:
        raise error.with_remedy(_WAIT_ON) from None


def looks(
    instance_id: str,
    watch: Watch,
    *,
    clock: Clock,
    progress: Progress,
    limit: timedelta,
    options: LookOptions | None = None,
) -> Iterator[Wait]:
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
    wait = Wait(instance_id, progress, clock=clock, limit=limit, doing=options.doing)
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
