"""
Release one instance, for delete and for the command line.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from pulumi_rdsclone.domain.errors import (
    ConflictError,
    NotFoundError,
    RefusedError,
    WaitCancelledError,
)
from pulumi_rdsclone.domain.instances import GONE, Instance, StatusKind, status_kind
from pulumi_rdsclone.domain.times import format_instant
from pulumi_rdsclone.lifecycle.ports import Progress
from pulumi_rdsclone.lifecycle.region import (
    DELETE_TIMEOUT,
    RegionContext,
)
from pulumi_rdsclone.lifecycle.visibility import is_gone, may_show_later
from pulumi_rdsclone.lifecycle.wait import Wait, refuse_abandoned, rest
from pulumi_rdsclone.lifecycle.waiting import LookOptions, looks, wait_until_gone

_RACES = 3
"""How often a Running instance may refuse its release before the error is raised."""


def polls(
    instance_id: str,
    region: RegionContext,
    *,
    progress: Progress,
    limit: timedelta,
    doing: str | None = None,
) -> Iterator[Wait]:
    """
    Yield the progress after each look for as long as the release is wanted.

    Raises:
        AbandonedError: Nobody waits any more.
        RefusedError: The run was cancelled.
    """
    try:
        options = LookOptions(doing=doing)
        yield from looks(
            instance_id,
            region.finished_clones,
            clock=region.clock,
            progress=progress,
            limit=limit,
            options=options,
        )
    except WaitCancelledError:
        raise _kept(instance_id) from None


def refuse_when_cancelled(instance_id: str, progress: Progress) -> None:
    """
    Raise if the release is not wanted any more.

    Raises:
        AbandonedError: Nobody waits any more.
        RefusedError: The run was cancelled.
    """
    refuse_abandoned(progress)
    if progress.is_cancelled:
        raise _kept(instance_id)


def _kept(instance_id: str) -> RefusedError:
    """
    Return the error that says that a cancelled run has released nothing.
    """
    message = (
        f"the run was cancelled before {instance_id} was released — run the "
        f"same command again to release {instance_id}"
    )
    return RefusedError(message)


def release(
    instance_id: str,
    region: RegionContext,
    *,
    progress: Progress,
    limit: timedelta = DELETE_TIMEOUT,
    keep_policy: str | None = None,
    ordered: datetime | None = None,
) -> None:
    """
    Release an instance and wait until it is gone; see *delete*.

    Args:
        instance_id: The instance.
        region: The region of the instance.
        progress: Where progress is shown.
        limit: How long the release may take.
        keep_policy: Which of its backup sets are kept.
        ordered: When it was ordered, if no call may have shown it yet.
    """
    instance = existing_instance(
        instance_id, region, progress=progress, ordered=ordered
    )
    if instance is None:
        return
    refuse_release(instance)
    _begin_release(
        instance_id, region, progress=progress, limit=limit, keep_policy=keep_policy
    )
    wait_until_gone(
        instance_id,
        region.finished_clones,
        clock=region.clock,
        progress=progress,
        timeout=limit,
    )
    region.log.note_gone(instance_id, region.clock.now())


def existing_instance(
    instance_id: str,
    region: RegionContext,
    *,
    progress: Progress,
    ordered: datetime | None,
) -> Instance | None:
    """
    Return an instance, None if it is gone; wait for a new one until it must show.

    Raises:
        RefusedError: The run was cancelled before that is known.
    """
    while True:
        try:
            return region.rds.instance(instance_id)
        except NotFoundError:
            if may_show_later(ordered, region):
                progress.show(f"waiting for {instance_id}, which is not visible yet")
                rest(region.schedule.first_interval, region.clock, progress=progress)
            elif is_gone(instance_id, region, progress=progress):
                return None
        refuse_when_cancelled(instance_id, progress)


def _begin_release(
    instance_id: str,
    region: RegionContext,
    *,
    progress: Progress,
    limit: timedelta,
    keep_policy: str | None,
) -> None:
    """
    Start the release as soon as the instance's state allows it.

    DeleteDBInstance takes instances in status Running only.

    Raises:
        RefusedError: The run was cancelled before.
    """
    refused_while_ready = 0
    seen = polls(instance_id, region, progress=progress, limit=limit)
    while True:
        refuse_when_cancelled(instance_id, progress)
        try:
            region.rds.release(instance_id, keep_policy)
        except ConflictError:
            wait = next(seen)
            if wait.status in ("Deleting", GONE):
                return
            refused_while_ready += status_kind(wait.status) is StatusKind.READY
            if refused_while_ready > _RACES or wait.waited >= limit:
                raise
        else:
            return


def refuse_release(instance: Instance) -> None:
    """
    Raise if an instance must not be released.

    Raises:
        RefusedError: It is protected, or a subscription.
    """
    if instance.deletion_protection:
        message = (
            f"{instance.id} is protected against release — set deletion_protection to "
            "false and run pulumi up first"
        )
        raise RefusedError(message)
    if instance.payment == "Subscription":
        until = f" until {format_instant(instance.expires)}" if instance.expires else ""
        message = (
            f"{instance.id} is a subscription, paid{until}, and cannot be released — "
            "set on_delete to convertAndRelease, or to retain, and run pulumi up first"
        )
        raise RefusedError(message)
