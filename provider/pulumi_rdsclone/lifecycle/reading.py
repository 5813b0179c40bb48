"""
Read: a clone as it is now, for refresh and for look-ups by id.
"""

from collections.abc import Callable
from functools import partial

from pulumi_rdsclone.domain.clone_state import CloneState
from pulumi_rdsclone.domain.desired import DesiredClone
from pulumi_rdsclone.domain.errors import NotFoundError, UnfinishedError
from pulumi_rdsclone.domain.identity import CREATING
from pulumi_rdsclone.domain.instances import Instance, StatusKind
from pulumi_rdsclone.domain.live_state import (
    ObservedClone,
    aspects_to_read,
    drifted_inputs,
    outputs_of,
    with_last_applied,
)
from pulumi_rdsclone.domain.spec import CloneSpec
from pulumi_rdsclone.domain.values import Properties
from pulumi_rdsclone.lifecycle.observing import (
    Reading,
    observe_leniently,
    with_settled_tags,
)
from pulumi_rdsclone.lifecycle.region import RegionContext, Regions, region_of
from pulumi_rdsclone.lifecycle.visibility import is_gone, may_show_later


def read(
    instance_id: str,
    olds: CloneState,
    *,
    desired: DesiredClone | None,
    regions: Regions,
) -> Reading | None:
    """
    Read a clone; None when it is known to be gone or going.

    What cannot be read now keeps its recorded value. A finished clone that is merely
    busy keeps all of them, its status included: values reported half-way are not drift,
    and a read does not wait.

    Args:
        instance_id: The clone.
        olds: The recorded outputs; of an instance that the program looks up by its id,
            the inputs that it declares.
        desired: What the recorded inputs ask for; None where they cannot be had.
        regions: The regions that the credentials reach.

    Raises:
        UnfinishedError: It exists and is not ready yet.
        ApiError: It could not be read; it may exist nevertheless.
    """
    region = region_of(olds, regions)
    known = {
        **(with_last_applied(dict(desired.inputs), olds) if desired else olds.outputs),
        **olds.order_outputs,
    }
    aspects = aspects_to_read(_declared_by(known))
    look = partial(observe_leniently, instance_id, region, aspects=aspects, olds=olds)
    if "instance_id" not in olds.outputs:
        return _reading_of(look(), known, desired=desired)
    seen = _look_until_gone(look, instance_id, olds=olds, region=region)
    if seen is None:
        return None
    if not olds.is_unfinished:
        seen = with_settled_tags(seen, region)
    is_busy = seen.status_kind is StatusKind.BUSY
    if seen.stage == CREATING or (is_busy and olds.is_unfinished):
        raise _not_ready(instance_id, outputs_of(known, seen))
    if is_busy:
        return _as_recorded(seen.instance, olds, desired=desired)
    return _reading_of(seen, known, desired=desired)


def _look_until_gone(
    look: Callable[[], ObservedClone],
    instance_id: str,
    *,
    olds: CloneState,
    region: RegionContext,
) -> ObservedClone | None:
    """
    Return a recorded clone as *look* shows it; None when it is gone or going.

    Raises:
        UnfinishedError: It was just ordered, so that it may show later.
    """
    try:
        seen = look()
    except NotFoundError:
        if may_show_later(olds.ordered_time, region):
            raise _not_visible(instance_id, olds) from None
        if is_gone(instance_id, region):
            return None
        seen = look()
    if seen.status_kind is StatusKind.FAILED:
        region.log.note_gone(instance_id, region.clock.now())
        return None
    return seen


def _reading_of(
    seen: ObservedClone, known: Properties, *, desired: DesiredClone | None
) -> Reading:
    """
    Return what was *seen*, completed by what is *known*, and where it has drifted.
    """
    outputs = outputs_of(known, seen)
    return Reading(
        outputs=outputs,
        inputs=drifted_inputs(desired, outputs) if desired else None,
        warnings=_unread(seen),
    )


def _as_recorded(
    instance: Instance, olds: CloneState, *, desired: DesiredClone | None
) -> Reading:
    """
    Return what the state holds of a clone that is busy now.
    """
    text = (
        f"{instance.id} is now {instance.status}, so the state keeps the last "
        f"known values — run pulumi refresh again when {instance.id} is Running"
    )
    return Reading(
        outputs=dict(olds.outputs),
        inputs=dict(desired.inputs) if desired else None,
        warnings=(text,),
    )


def _not_ready(instance_id: str, outputs: Properties) -> UnfinishedError:
    """
    Return the error that keeps an unfinished clone in the state, with its *outputs*.
    """
    text = (
        f"{instance_id} is {outputs['status']} — run pulumi up, which continues to wait"
    )
    return UnfinishedError(text, outputs=outputs)


def _not_visible(instance_id: str, olds: CloneState) -> UnfinishedError:
    """
    Return the error that keeps a new clone in the state that no call shows yet.
    """
    text = (
        f"{instance_id} was just ordered and is not visible yet — run pulumi up, which "
        "continues to wait"
    )
    return UnfinishedError(text, outputs=dict(olds.outputs))


def _unread(seen: ObservedClone) -> tuple[str, ...]:
    """
    Return a warning about aspects that could not be read, with the first reason.
    """
    if not seen.unread:
        return ()
    names = ", ".join(sorted(seen.unread))
    reason = next(iter(seen.unread.values()))
    text = (
        f"{names} of {seen.instance.id} could not be read, so the state keeps the last "
        f"known values: {reason}"
    )
    return (text,)


def _declared_by(values: Properties) -> DesiredClone:
    """
    Return the specification in inputs, or in outputs that carry their names.
    """
    names = CloneSpec.model_fields.keys() & values.keys()
    return DesiredClone.from_inputs({name: values[name] for name in names})
