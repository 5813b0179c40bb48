"""
Update: change a clone in place, and preview that.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from pulumi_rdsclone.domain.aspects import Aspect
from pulumi_rdsclone.domain.changes import aspects_to_change
from pulumi_rdsclone.domain.clone_state import CloneState
from pulumi_rdsclone.domain.desired import DesiredClone
from pulumi_rdsclone.domain.errors import (
    AbandonedError,
    CloneError,
    DeadCloneError,
    NotFoundError,
)
from pulumi_rdsclone.domain.expiry import expiry_tags
from pulumi_rdsclone.domain.identity import (
    EXPIRES_TAG,
    FINISHED,
    OWNED,
    SPEC_TAG,
    key_tags,
)
from pulumi_rdsclone.domain.instances import GONE, Instance, StatusKind, status_kind
from pulumi_rdsclone.domain.live_state import (
    ObservedClone,
    aspects_to_read,
    outputs_of,
    preview_update_outputs,
)
from pulumi_rdsclone.domain.ordering import hash_order
from pulumi_rdsclone.domain.spec import CloneSpec
from pulumi_rdsclone.domain.times import format_instant
from pulumi_rdsclone.domain.values import Properties
from pulumi_rdsclone.lifecycle.changing_in_place import apply_changes
from pulumi_rdsclone.lifecycle.finishing import finish, own_when_recorded, unfinished
from pulumi_rdsclone.lifecycle.observing import PASSING, CloneTask
from pulumi_rdsclone.lifecycle.ordering import OrderedClone
from pulumi_rdsclone.lifecycle.ports import Progress
from pulumi_rdsclone.lifecycle.region import Regions, region_of
from pulumi_rdsclone.lifecycle.visibility import is_gone, may_show_later
from pulumi_rdsclone.lifecycle.waiting import CHANGE_TIMEOUT


def refuse_dead(olds: CloneState, regions: Regions) -> None:
    """
    Raise if a clone is gone or going, before it is updated.

    Its status is read once; without an answer in time the update goes on.

    Args:
        olds: The recorded outputs.
        regions: The regions that the credentials reach.

    Raises:
        DeadCloneError: It is gone or going.
    """
    instance_id = olds.instance_id
    try:
        region = region_of(olds, regions)
        read = region.cache.start("instance", instance_id, max_age=timedelta(0))
        status = region.cache.result(read).status
    except NotFoundError:
        if not is_gone(instance_id, region, ordered=olds.ordered_time):
            return
        status = GONE
    except CloneError:
        return
    _refuse_status(instance_id, status)


def _refuse_status(instance_id: str, status: str) -> None:
    if status_kind(status) is StatusKind.FAILED:
        raise DeadCloneError(instance_id, status)


def update(
    instance_id: str,
    olds: CloneState,
    *,
    desired: DesiredClone,
    regions: Regions,
    progress: Progress,
    timeout: timedelta | None = None,
) -> Properties:
    """
    Change a clone in place to what *inputs* declare, and return its outputs.

    A clone that was not finished is waited for first.

    Args:
        instance_id: The clone.
        olds: The recorded outputs.
        desired: What is asked for, all of it known.
        regions: The regions that the credentials reach.
        progress: Where progress is shown.
        timeout: How long one change may keep the clone busy, by default half an hour.
            For an unfinished clone it overrides the inputs' create timeout.

    Raises:
        UnfinishedError: The clone is still not ready, or was changed in part only: the
            outputs keep the old values of the rest, so that the next diff shows it.
        ChangeError: The first change was refused; nothing was changed.
        DeadCloneError: The clone is gone or going.
        ApiError: The clone could not be read; nothing was changed.
    """
    desired.spec_or_raise()
    region = region_of(olds, regions)
    clone = CloneTask(
        id=instance_id,
        known={**desired.inputs, **olds.order_outputs},
        desired=desired,
        region=region,
        progress=progress,
        watch=region.finished_clones,
        busy_timeout=timeout or CHANGE_TIMEOUT,
    )
    ordered = olds.ordered_time
    instance = _living(clone, ordered)
    if olds.is_unfinished or instance is None:
        return _finish_ordered(
            clone, ordered, timeout=timeout, is_seen=instance is not None
        )
    tags = clone.retry_while_busy(partial(region.rds.tags, instance_id))
    # What calls of its own tell is read later: while it is made they are refused.
    seen = ObservedClone(instance=instance, tags=tags)
    # A mark that is not seen may only be late: it is made once more.
    if seen.stage not in (FINISHED, OWNED):
        new = OrderedClone(id=instance_id)
        return finish(replace(clone, watch=region.new_clones), timeout, obtained=new)
    seen = _look_at_aspects(clone, seen, olds=olds)
    if seen.stage == FINISHED:
        own_when_recorded(instance_id, region, progress=progress)
    return outputs_of(clone.known, _change(clone, olds, seen=seen))


def _finish_ordered(
    clone: CloneTask,
    ordered: datetime | None,
    *,
    timeout: timedelta | None,
    is_seen: bool,
) -> Properties:
    """
    Finish a clone that was not ready when it was recorded, and return its outputs.

    Args:
        clone: The clone.
        ordered: When it was ordered, if no call had shown it when it was recorded.
        timeout: How long to wait; default: the create timeout.
        is_seen: Whether a call shows it now.
    """
    created = {"created_time": format_instant(ordered)} if ordered else {}
    new = OrderedClone(
        id=clone.id,
        ordered=None if is_seen else ordered,
        missing_tags={
            **key_tags(clone.desired.clone_key),
            SPEC_TAG: hash_order(clone.spec),
        },
    )
    clone = replace(
        clone, known={**clone.known, **created}, watch=clone.region.new_clones
    )
    return finish(clone, timeout, obtained=new)


def _change(
    clone: CloneTask, olds: CloneState, *, seen: ObservedClone
) -> ObservedClone:
    """
    Change what differs in a clone, and return the clone as it is then.

    Raises:
        UnfinishedError: It was changed in part only.
        ChangeError: The first change was refused.
    """
    done = list[Aspect]()
    try:
        seen = apply_changes(clone, olds, seen=seen, done=done)
    except AbandonedError:
        raise
    except Exception as error:
        if not done:
            raise
        raise unfinished(clone, error, olds=olds, done=done) from error
    return _with_new_expiry(clone.spec, seen) if Aspect.EXPIRY in done else seen


def _with_new_expiry(spec: CloneSpec, seen: ObservedClone) -> ObservedClone:
    """
    Return a clone with the expiry that it was just given, as its tag may show late.
    """
    tags = {key: value for key, value in seen.tags.items() if key != EXPIRES_TAG}
    return replace(seen, tags={**tags, **expiry_tags(spec, seen.instance.created)})


def _living(clone: CloneTask, ordered: datetime | None) -> Instance | None:
    """
    Return a clone that is neither gone nor going; None where no call shows it yet.

    Args:
        clone: The clone.
        ordered: When it was ordered, if no call had shown it when it was recorded.

    Raises:
        DeadCloneError: It is gone or going.
    """
    try:
        instance = clone.region.rds.instance(clone.id)
    except NotFoundError:
        if may_show_later(ordered, clone.region):
            return None
        if is_gone(clone.id, clone.region, progress=clone.progress):
            raise DeadCloneError(clone.id, GONE) from None
        instance = clone.region.rds.instance(clone.id)
    _refuse_status(clone.id, instance.status)
    return instance


def _look_at_aspects(
    clone: CloneTask, seen: ObservedClone, *, olds: CloneState
) -> ObservedClone:
    """
    Return a clone with the aspects to be changed, as soon as it can be read.
    """
    aspects = {
        *aspects_to_change(olds, clone.desired),
        *aspects_to_read(clone.desired),
    }
    try:
        reading = clone.region.rds.read_aspects(clone.id, aspects)
        return replace(seen, reading=reading)
    except PASSING:
        return clone.observe_when_usable(aspects)


def preview_update(olds: CloneState, desired: DesiredClone) -> Properties:
    """
    Return the outputs of a clone after an update, as far as they are known before it.
    """
    return preview_update_outputs(olds, desired)
