"""
Delete: a clone is released, or left to its user.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from pulumi_rdsclone.domain.aspects import Aspect
from pulumi_rdsclone.domain.errors import (
    ConflictError,
    NotFoundError,
    RefusedError,
    UnavailableError,
    WaitCancelledError,
    WaitTimedOutError,
)
from pulumi_rdsclone.domain.identity import RETAINED, STAGE_TAG
from pulumi_rdsclone.domain.instances import GONE, Instance, Verdict, judge_status
from pulumi_rdsclone.domain.parsing import parse
from pulumi_rdsclone.domain.times import format_instant
from pulumi_rdsclone.lifecycle.ports import Row
from pulumi_rdsclone.lifecycle.site import DELETE_TIMEOUT, Site, Sites, site_of
from pulumi_rdsclone.lifecycle.telling import Seen, alteration_of, ordered_time
from pulumi_rdsclone.lifecycle.visibility import is_gone, may_show_later
from pulumi_rdsclone.lifecycle.waiting import (
    LookOptions,
    Progress,
    looks,
    refuse_abandoned,
    rest,
    shown_within,
    wait_until_gone,
)

_RACES = 3
"""How often a Running instance may refuse its release before that is believed."""


def delete(
    instance_id: str,
    olds: dict[str, Any],
    sites: Sites,
    row: Row,
    *,
    timeout: timedelta | None = None,
) -> None:
    """
    Release a clone and come back when it is gone; one already gone is no error.

    Args:
        instance_id: The clone.
        olds: The recorded outputs.
        sites: Where.
        row: Where progress is shown.
        timeout: How long the release may take; default 20 minutes.

    Raises:
        RefusedError: It is protected, or a subscription.
        WaitTimedOutError: It is not gone yet.
    """
    site, limit = site_of(olds, sites), timeout or DELETE_TIMEOUT
    ordered, way = ordered_time(olds), olds.get("on_delete")
    if way == "retain":
        _retain(instance_id, site, row, ordered)
        return
    if way == "convertAndRelease":
        _convert(instance_id, site, row, limit)
    keep = olds.get("released_keep_policy")
    release(instance_id, site, row, limit, keep=keep, ordered=ordered)


def _retain(instance_id: str, site: Site, row: Row, ordered: datetime | None) -> None:
    """
    Let an instance be nobody's: no later clone of its resource takes it over.
    """
    if _existing(instance_id, site, row, ordered) is None:
        return
    site.rds.set_tags(instance_id, {STAGE_TAG: RETAINED})
    row.warn(
        f"{instance_id} was not released because on_delete is retain, and it still "
        f"costs money — run rdsclone clones release {instance_id} when "
        f"{instance_id} is no longer needed"
    )


def _convert(instance_id: str, site: Site, row: Row, limit: timedelta) -> None:
    """
    Make a subscription pay-as-you-go, so that it can be released.

    Two conversions need more than 15 minutes between them, so it may take a while.
    Source: TransformDBInstancePayType, OperationDenied.TimeLimit. What is accepted
    shows late and is not asked for again; what is not answered may have been accepted,
    and is asked for again when it must have shown.

    Raises:
        RefusedError: The run was cancelled before.
        WaitTimedOutError: It is a subscription still.
    """
    asks_again_at: datetime | None = site.clock.now()
    doing = "converting to pay-as-you-go"
    if not _is_subscription(instance_id, site):
        return
    for progress in _looks(instance_id, site, row, limit, doing):
        if progress.status == GONE or not _is_subscription(instance_id, site):
            return
        if progress.waited >= limit:
            waited = progress.waited
            remedy = f"run the same command again to release {instance_id}"
            raise WaitTimedOutError(instance_id, "a subscription", waited, remedy)
        _refuse_when_cancelled(instance_id, row)
        now = site.clock.now()
        if asks_again_at and now >= asks_again_at:
            asks_again_at = _ask_to_convert(instance_id, site)


def _is_subscription(instance_id: str, site: Site) -> bool:
    """
    Return whether an instance is a subscription, as far as the API knows it now.
    """
    try:
        return site.rds.instance(instance_id).payment == "Subscription"
    except NotFoundError:
        # Whether it is gone is told by two looks, some seconds apart.
        return True


def _ask_to_convert(instance_id: str, site: Site) -> datetime | None:
    """
    Ask for the conversion; return when to ask again, None if it was accepted.
    """
    spec = parse({"payment": {"type": "PayAsYouGo"}}).spec
    try:
        seen = Seen(instance=site.rds.instance(instance_id), tags={})
        site.rds.change(alteration_of(Aspect.PAYMENT, {}, seen, spec))
    except (ConflictError, NotFoundError):
        return site.clock.now()
    except UnavailableError:
        return site.clock.now() + shown_within({Aspect.PAYMENT})
    return None


def _looks(
    instance_id: str, site: Site, row: Row, limit: timedelta, doing: str | None = None
) -> Iterator[Progress]:
    """
    Yield the progress after each look for as long as the release is wanted.

    Raises:
        AbandonedError: Nobody waits any more.
        RefusedError: The run was cancelled.
    """
    try:
        options = LookOptions(doing=doing)
        yield from looks(instance_id, site.releasing, site.clock, row, limit, options)
    except WaitCancelledError:
        raise _kept(instance_id) from None


def _refuse_when_cancelled(instance_id: str, row: Row) -> None:
    """
    Release nothing that the user does not want to be released any more.

    Raises:
        AbandonedError: Nobody waits any more.
        RefusedError: The run was cancelled.
    """
    refuse_abandoned(row)
    if row.is_cancelled:
        raise _kept(instance_id)


def _kept(instance_id: str) -> RefusedError:
    """
    Return the error that says that a cancelled run has released nothing.
    """
    msg = (
        f"the run was cancelled before {instance_id} was released — run the "
        f"same command again to release {instance_id}"
    )
    return RefusedError(msg)


def release(
    instance_id: str,
    site: Site,
    row: Row,
    limit: timedelta = DELETE_TIMEOUT,
    *,
    keep: str | None = None,
    ordered: datetime | None = None,
) -> None:
    """
    Release an instance and come back when it is gone; see *delete*.

    Args:
        instance_id: The instance.
        site: Where it is.
        row: Where progress is shown.
        limit: How long the release may take.
        keep: Which of its backup sets outlive it.
        ordered: When it was ordered, if no call may have shown it yet.
    """
    instance = _existing(instance_id, site, row, ordered)
    if instance is None:
        return
    refuse_release(instance)
    _begin_release(instance_id, site, row, limit, keep)
    wait_until_gone(instance_id, site.releasing, site.clock, row, limit)
    site.log.note_gone(instance_id, site.clock.now())


def _existing(
    instance_id: str, site: Site, row: Row, ordered: datetime | None
) -> Instance | None:
    """
    Return an instance, None if it is gone; a new one is waited for until it must show.

    Raises:
        RefusedError: The run was cancelled before that is known.
    """
    while True:
        try:
            return site.rds.instance(instance_id)
        except NotFoundError:
            if may_show_later(ordered, site):
                row.say(f"waiting for {instance_id}, which is not visible yet")
                rest(site.pace.poll, site.clock, row)
            elif is_gone(instance_id, site, row):
                return None
        _refuse_when_cancelled(instance_id, row)


def _begin_release(
    instance_id: str,
    site: Site,
    row: Row,
    limit: timedelta,
    keep: str | None,
) -> None:
    """
    Begin the release as soon as the instance's state allows it.

    DeleteDBInstance takes instances in status Running only.

    Raises:
        RefusedError: The run was cancelled before.
    """
    refused_while_ready = 0
    seen = _looks(instance_id, site, row, limit)
    while True:
        _refuse_when_cancelled(instance_id, row)
        try:
            site.rds.release(instance_id, keep)
        except ConflictError:
            progress = next(seen)
            if progress.status in ("Deleting", GONE):
                return
            refused_while_ready += judge_status(progress.status) is Verdict.READY
            if refused_while_ready > _RACES or progress.waited >= limit:
                raise
        else:
            return


def refuse_release(instance: Instance) -> None:
    """
    Object to the release of what must be kept.

    Raises:
        RefusedError: It is protected, or a subscription.
    """
    if instance.deletion_protection:
        msg = (
            f"{instance.id} is protected against release — set deletion_protection to "
            "false and run pulumi up first"
        )
        raise RefusedError(msg)
    if instance.payment == "Subscription":
        until = f" until {format_instant(instance.expires)}" if instance.expires else ""
        msg = (
            f"{instance.id} is a subscription, paid{until}, and cannot be released — "
            "set on_delete to convertAndRelease, or to retain, and run pulumi up first"
        )
        raise RefusedError(msg)
