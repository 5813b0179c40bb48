"""
Finish an ordered clone: wait for it, apply the remaining changes, tag it as finished.
"""

from collections.abc import Collection
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Final

from pulumi_rdsclone.domain.aspects import Aspect
from pulumi_rdsclone.domain.clone_state import CloneState
from pulumi_rdsclone.domain.errors import (
    AbandonedError,
    DeadCloneError,
    UnfinishedError,
    WaitError,
)
from pulumi_rdsclone.domain.expiry import expiry_tags
from pulumi_rdsclone.domain.identity import (
    FINISHED,
    OWNED,
    STAGE_TAG,
    key_tags,
)
from pulumi_rdsclone.domain.instances import UNSEEN
from pulumi_rdsclone.domain.live_state import (
    aspects_to_read,
    outputs_of,
    with_pending_changes,
    without_optional_ssl,
    without_secrets,
)
from pulumi_rdsclone.domain.values import Properties
from pulumi_rdsclone.lifecycle.background import in_background
from pulumi_rdsclone.lifecycle.changing_in_place import apply_changes
from pulumi_rdsclone.lifecycle.observing import CloneTask, observe_leniently
from pulumi_rdsclone.lifecycle.ordering import OrderedClone, add_missing_tags
from pulumi_rdsclone.lifecycle.ports import Progress
from pulumi_rdsclone.lifecycle.region import RegionContext
from pulumi_rdsclone.lifecycle.waiting import LookOptions, wait_until_ready

_LAST_LOOK: Final = 5.0
"""Seconds in which a cancelled run must hear how a clone is, to record that."""


def finish(
    clone: CloneTask, timeout: timedelta | None, *, obtained: OrderedClone
) -> Properties:
    """
    Wait for an ordered clone, tag it as finished and return its outputs.

    Settings that an order cannot carry are changed in place. The clone is tagged as
    owned when the engine has recorded it: a run killed before that adopts it again.

    Args:
        clone: The clone.
        timeout: How long to wait from now on; default: the create timeout.
        obtained: How it was ordered.

    Raises:
        UnfinishedError: The clone exists and is not ready.
    """
    region, progress = clone.region, clone.progress
    olds, done = CloneState(without_secrets(clone.known)), list[Aspect]()
    missing_tags = obtained.missing_tags

    def mark_soon() -> None:
        nonlocal missing_tags
        if missing_tags:
            missing_tags = add_missing_tags(clone.id, missing_tags, region=region)

    try:
        progress.show(
            f"waiting for {clone.id}; Ctrl-C leaves that to the next pulumi up"
        )
        wait_until_ready(
            clone.id,
            region.new_clones,
            clock=region.clock,
            progress=progress,
            timeout=timeout or clone.spec.create_timeout,
            options=LookOptions(ordered=obtained.ordered, meanwhile=mark_soon),
        )
        seen = clone.observe_soon()
        olds = CloneState(outputs_of(without_optional_ssl(dict(olds.outputs)), seen))
        seen = apply_changes(clone, olds, seen=seen, done=done)
        # An adopted one may have been of a later generation, of a state that is lost;
        # an imported one has no marks.
        marks = {
            **missing_tags,
            STAGE_TAG: FINISHED,
            **key_tags(clone.known["clone_key"]),
            **expiry_tags(clone.spec, seen.instance.created),
        }
        clone.retry_while_busy(partial(region.rds.set_tags, clone.id, marks))
    except AbandonedError:
        raise
    except Exception as error:
        raise unfinished(clone, error, olds=olds, done=done) from error
    own_when_recorded(clone.id, region, progress=progress)
    # Its tags may show late.
    return outputs_of(
        clone.known, replace(seen, tags={**clone.tags, **marks, **seen.tags})
    )


def own_when_recorded(
    instance_id: str, region: RegionContext, *, progress: Progress
) -> None:
    """
    Tag a clone as owned as soon as the engine has recorded it.
    """
    progress.after_recorded(
        lambda: region.rds.set_tags(instance_id, {STAGE_TAG: OWNED})
    )


def unfinished(
    clone: CloneTask, error: Exception, *, olds: CloneState, done: Collection[Aspect]
) -> UnfinishedError:
    """
    Return the error that keeps a clone in the state after *error*.

    Args:
        clone: The clone.
        error: The cause.
        olds: Its outputs as they were before.
        done: The aspects that have been changed since.
    """
    outputs = with_pending_changes(
        _outputs_so_far(clone, olds), olds, desired=clone.desired, done=done
    )
    return UnfinishedError(_with_what_next(clone.id, error), outputs=outputs)


def _with_what_next(instance_id: str, error: Exception) -> str:
    """
    Return the cause and what happens next, one line.
    """
    if isinstance(error, DeadCloneError):
        return str(error)
    cause = str(error)
    mark = ";" if " — " in cause else " —"
    waits = " to wait" if isinstance(error, WaitError) else ""
    return (
        f"{cause}{mark} {instance_id} is kept in the state, and the next pulumi up "
        f"continues{waits}"
    )


def _outputs_so_far(clone: CloneTask, olds: CloneState) -> Properties:
    """
    Return the known outputs of an unfinished clone, at least its id.

    An aspect that cannot be read has its declared values. A cancelled run does not wait
    long for an answer.
    """
    aspects = aspects_to_read(clone.desired)
    look = in_background(
        partial(observe_leniently, clone.id, clone.region, aspects=aspects, olds=olds)
    )
    try:
        seen = look.result(_LAST_LOOK if clone.progress.is_cancelled else None)
        seen = replace(seen, tags={**clone.tags, **seen.tags})
        return outputs_of(clone.known, seen)
    except Exception:  # noqa: BLE001 - whatever fails now, the id must not be lost
        return {
            **olds.outputs,
            **clone.known,
            "instance_id": clone.id,
            "status": UNSEEN,
        }
