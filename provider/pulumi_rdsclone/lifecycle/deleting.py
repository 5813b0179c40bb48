"""
Delete: release a clone, or retain it.
"""

from datetime import datetime, timedelta

from pulumi_rdsclone.domain.aspects import Aspect
from pulumi_rdsclone.domain.clone_state import CloneState
from pulumi_rdsclone.domain.desired import DesiredClone
from pulumi_rdsclone.domain.errors import (
    ConflictError,
    NotFoundError,
    UnavailableError,
    WaitTimedOutError,
)
from pulumi_rdsclone.domain.identity import RETAINED, STAGE_TAG
from pulumi_rdsclone.domain.instances import GONE
from pulumi_rdsclone.domain.live_state import ObservedClone, change_of
from pulumi_rdsclone.lifecycle.ports import Progress
from pulumi_rdsclone.lifecycle.region import (
    DELETE_TIMEOUT,
    RegionContext,
    Regions,
    region_of,
)
from pulumi_rdsclone.lifecycle.releasing import (
    existing_instance,
    polls,
    refuse_when_cancelled,
    release,
)
from pulumi_rdsclone.lifecycle.waiting import (
    shown_within,
)


def delete(
    instance_id: str,
    olds: CloneState,
    *,
    regions: Regions,
    progress: Progress,
    timeout: timedelta | None = None,
) -> None:
    """
    Release a clone and wait until it is gone; it may be gone already.

    Args:
        instance_id: The clone.
        olds: The recorded outputs.
        regions: The regions that the credentials reach.
        progress: Where progress is shown.
        timeout: How long the release may take; default 20 minutes.

    Raises:
        RefusedError: It is protected, or a subscription.
        WaitTimedOutError: It is not gone yet.
    """
    region, limit = region_of(olds, regions), timeout or DELETE_TIMEOUT
    ordered, way = olds.ordered_time, olds.at("on_delete")
    if way == "retain":
        _retain(instance_id, region, progress=progress, ordered=ordered)
        return
    if way == "convertAndRelease":
        _convert(instance_id, region, progress=progress, limit=limit)
    keep_policy = olds.at("released_keep_policy")
    release(
        instance_id,
        region,
        progress=progress,
        limit=limit,
        keep_policy=keep_policy,
        ordered=ordered,
    )


def _retain(
    instance_id: str,
    region: RegionContext,
    *,
    progress: Progress,
    ordered: datetime | None,
) -> None:
    """
    Tag the instance as retained, so that no later run adopts it.
    """
    if (
        existing_instance(instance_id, region, progress=progress, ordered=ordered)
        is None
    ):
        return
    region.rds.set_tags(instance_id, {STAGE_TAG: RETAINED})
    progress.warn(
        f"{instance_id} was not released because on_delete is retain, and it still "
        f"costs money — run rdsclone clones release {instance_id} when "
        f"{instance_id} is no longer needed"
    )


def _convert(
    instance_id: str, region: RegionContext, *, progress: Progress, limit: timedelta
) -> None:
    """
    Convert a subscription to pay-as-you-go, so that it can be released.

    Conversions must be more than 15 minutes apart, so this may wait. Source:
    TransformDBInstancePayType, OperationDenied.TimeLimit. An accepted conversion shows
    late and is not requested again; one without an answer may have been accepted, and
    is requested again when it should have shown.

    Raises:
        RefusedError: The run was cancelled before.
        WaitTimedOutError: It is a subscription still.
    """
    asks_again_at: datetime | None = region.clock.now()
    doing = "converting to pay-as-you-go"
    if not _is_subscription(instance_id, region):
        return
    for wait in polls(instance_id, region, progress=progress, limit=limit, doing=doing):
        if wait.status == GONE or not _is_subscription(instance_id, region):
            return
        if wait.waited >= limit:
            waited = wait.waited
            remedy = f"run the same command again to release {instance_id}"
            raise WaitTimedOutError(
                instance_id, "a subscription", waited=waited, remedy=remedy
            )
        refuse_when_cancelled(instance_id, progress)
        now = region.clock.now()
        if asks_again_at and now >= asks_again_at:
            asks_again_at = _ask_to_convert(instance_id, region)


def _is_subscription(instance_id: str, region: RegionContext) -> bool:
    """
    Return whether an instance is a subscription, as far as the API knows it now.
    """
    try:
        return region.rds.instance(instance_id).payment == "Subscription"
    except NotFoundError:
        # Whether it is gone is told by two looks, some seconds apart.
        return True


def _ask_to_convert(instance_id: str, region: RegionContext) -> datetime | None:
    """
    Request the conversion; return when to try again, None if it was accepted.
    """
    desired = DesiredClone.from_inputs({"payment": {"type": "PayAsYouGo"}})
    try:
        seen = ObservedClone(instance=region.rds.instance(instance_id), tags={})
        region.rds.apply(
            change_of(Aspect.PAYMENT, CloneState({}), seen=seen, desired=desired)
        )
    except (ConflictError, NotFoundError):
        return region.clock.now()
    except UnavailableError:
        return region.clock.now() + shown_within({Aspect.PAYMENT})
    return None
