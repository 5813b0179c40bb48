"""
Diff, read and update: what happens to a clone that exists.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from pulumi_rdsclone.domain.altering import aspects_to_change
from pulumi_rdsclone.domain.aspects import Aspect
from pulumi_rdsclone.domain.differences import Differences, compare
from pulumi_rdsclone.domain.errors import (
    AbandonedError,
    CloneError,
    DeadCloneError,
    NotFoundError,
    UnfinishedError,
)
from pulumi_rdsclone.domain.expiry import expiry_tags
from pulumi_rdsclone.domain.identity import (
    CREATING,
    EXPIRES_TAG,
    FINISHED,
    OWNED,
    SPEC_TAG,
    key_tags,
)
from pulumi_rdsclone.domain.instances import GONE, Instance, Verdict, judge_status
from pulumi_rdsclone.domain.ordering import hash_order
from pulumi_rdsclone.domain.parsing import parse, parse_checked
from pulumi_rdsclone.domain.spec import CloneSpec
from pulumi_rdsclone.domain.times import format_instant
from pulumi_rdsclone.lifecycle.applying import alter
from pulumi_rdsclone.lifecycle.creating import (
    finish,
    own_when_recorded,
    read_spec,
    unfinished,
)
from pulumi_rdsclone.lifecycle.looking import (
    PASSING,
    Clone,
    look_leniently,
    with_settled_tags,
)
from pulumi_rdsclone.lifecycle.ordering import Obtained
from pulumi_rdsclone.lifecycle.ports import Row
from pulumi_rdsclone.lifecycle.site import Sites, site_of
from pulumi_rdsclone.lifecycle.telling import (
    Seen,
    as_last_set,
    aspects_to_read,
    drifted_inputs,
    foretold_update,
    is_unfinished,
    kept_of,
    ordered_time,
    outputs_of,
)
from pulumi_rdsclone.lifecycle.visibility import is_gone, may_show_later
from pulumi_rdsclone.lifecycle.waiting import CHANGE_TIMEOUT


def diff(olds: dict[str, Any], inputs: dict[str, Any]) -> Differences:
    """
    Compare a clone with what is asked for now, without asking the cloud.

    Args:
        olds: The recorded outputs, a tree in snake_case.
        inputs: The checked inputs; may hold *UNKNOWN*.
    """
    differences = compare(olds, parse_checked(inputs).spec)
    if differences or not is_unfinished(olds):
        return differences
    return Differences(updates=("status",))


def refuse_dead(olds: dict[str, Any], sites: Sites) -> None:
    """
    Object to the update of a clone that is gone or going.

    The cloud is asked once, for its status; what is not answered in time says nothing.

    Args:
        olds: The recorded outputs.
        sites: Where.

    Raises:
        DeadCloneError: It is.
    """
    instance_id = olds["instance_id"]
    try:
        site = site_of(olds, sites)
        read = site.library.ask("instance", instance_id, max_age=timedelta(0))
        status = site.library.take(read).status
    except NotFoundError:
        if not is_gone(instance_id, site, ordered=ordered_time(olds)):
            return
        status = GONE
    except CloneError:
        return
    _refuse_status(instance_id, status)


def _refuse_status(instance_id: str, status: str) -> None:
    if judge_status(status) is Verdict.FAILED:
        raise DeadCloneError(instance_id, status)


@dataclass(frozen=True, kw_only=True)
class Reading:
    """
    A clone as it is now.

    Attributes:
        outputs: All outputs.
        inputs: The inputs, with live values where a declared field has drifted;
            None when the recorded inputs were not at hand.
        warnings: What could not be read now, one sentence each.
    """

    outputs: dict[str, Any]
    inputs: dict[str, Any] | None
    warnings: tuple[str, ...] = ()


def read(
    instance_id: str,
    olds: dict[str, Any],
    inputs: dict[str, Any] | None,
    sites: Sites,
) -> Reading | None:
    """
    Read a clone; None when it is known to be gone or going.

    What cannot be read now keeps its recorded value. A finished clone that is merely
    busy keeps all of them, its status included: what is told of it half-way is no
    drift, and it is not to be waited for.

    Args:
        instance_id: The clone.
        olds: The recorded outputs; only what the program says, for an instance that
            it looks up by its id.
        inputs: The recorded inputs, None where they cannot be had.
        sites: Where.

    Raises:
        UnfinishedError: It exists and is not ready yet.
        ApiError: It could not be read; that says nothing about its existence.
    """
    site = site_of(olds, sites)
    known = {**(as_last_set(inputs, olds) if inputs else olds), **kept_of(olds)}
    is_recorded = "instance_id" in olds
    aspects = aspects_to_read(_declared(known))
    try:
        seen = look_leniently(instance_id, site, aspects, olds)
    except NotFoundError:
        if not is_recorded:
            raise
        if may_show_later(ordered_time(olds), site):
            raise _not_visible(instance_id, olds) from None
        if is_gone(instance_id, site):
            return None
        seen = look_leniently(instance_id, site, aspects, olds)
    if is_recorded and seen.verdict is Verdict.FAILED:
        site.log.note_gone(instance_id, site.clock.now())
        return None
    if is_recorded and not is_unfinished(olds):
        seen = with_settled_tags(seen, site)
    is_busy = seen.verdict is Verdict.BUSY
    if is_recorded and (seen.stage == CREATING or (is_busy and is_unfinished(olds))):
        outputs = outputs_of(known, seen)
        text = (
            f"{instance_id} is {outputs['status']} — run pulumi up, which continues to "
            "wait"
        )
        raise UnfinishedError(text, outputs=outputs)
    if is_recorded and is_busy:
        text = (
            f"{instance_id} is now {seen.instance.status}, so the state keeps the last "
            f"known values — run pulumi refresh again when {instance_id} is Running"
        )
        return Reading(outputs=olds, inputs=inputs, warnings=(text,))
    outputs = outputs_of(known, seen)
    return Reading(
        outputs=outputs,
        inputs=drifted_inputs(inputs, outputs) if inputs else None,
        warnings=_unread(instance_id, seen),
    )


def _not_visible(instance_id: str, olds: dict[str, Any]) -> UnfinishedError:
    """
    Return the error that keeps a new clone in the state that no call shows yet.
    """
    text = (
        f"{instance_id} was just ordered and is not visible yet — run pulumi up, which "
        "continues to wait"
    )
    return UnfinishedError(text, outputs=olds)


def _unread(instance_id: str, seen: Seen) -> tuple[str, ...]:
    """
    Say what of an instance could not be read, with the first reason.
    """
    if not seen.unread:
        return ()
    names = ", ".join(sorted(seen.unread))
    reason = next(iter(seen.unread.values()))
    text = (
        f"{names} of {instance_id} could not be read, so the state keeps the last "
        f"known values: {reason}"
    )
    return (text,)


def _declared(values: dict[str, Any]) -> CloneSpec:
    """
    Read what inputs, or the outputs that carry their names, declare.
    """
    names = CloneSpec.model_fields.keys() & values.keys()
    return parse({name: values[name] for name in names}).spec


def update(
    instance_id: str,
    olds: dict[str, Any],
    inputs: dict[str, Any],
    sites: Sites,
    row: Row,
    *,
    timeout: timedelta | None = None,
) -> dict[str, Any]:
    """
    Bring a clone to what *inputs* ask for, in place, and give its outputs.

    A clone that was not finished is waited for first.

    Args:
        instance_id: The clone.
        olds: The recorded outputs.
        inputs: The checked inputs, all known.
        sites: Where.
        row: Where progress is shown.
        timeout: How long one change may keep the clone busy, by default half an hour.
            For an unfinished clone it overrides the inputs' create timeout.

    Raises:
        UnfinishedError: The clone is still not ready, or was changed in part only: the
            outputs hold what is left as it was, so that the next comparison shows it.
        AlterationError: The first change was refused; nothing was changed.
        DeadCloneError: The clone is gone or going.
        ApiError: The clone could not be read; nothing was changed.
    """
    spec = read_spec(inputs)
    site = site_of(olds, sites)
    known = {**inputs, **kept_of(olds)}
    clone = Clone(
        id=instance_id,
        known=known,
        spec=spec,
        site=site,
        row=row,
        watch=site.releasing,
        patience=timeout or CHANGE_TIMEOUT,
    )
    ordered = ordered_time(olds)
    instance = _living(clone, ordered)
    if is_unfinished(olds) or instance is None:
        if ordered:
            known["created_time"] = format_instant(ordered)
        marks = {**key_tags(inputs["clone_key"]), SPEC_TAG: hash_order(spec)}
        new = Obtained(
            id=instance_id, ordered=None if instance else ordered, unmarked=marks
        )
        return finish(replace(clone, watch=site.making), timeout, new)
    tags = clone.insist(partial(site.rds.tags, instance_id))
    # What calls of its own tell is read later: while it is made they are refused.
    seen = Seen(instance=instance, tags=tags)
    # A mark that is not seen may only be late: it is made once more.
    if seen.stage not in (FINISHED, OWNED):
        new = Obtained(id=instance_id)
        return finish(replace(clone, watch=site.making), timeout, new)
    seen = _look_at_aspects(clone, seen, olds)
    if seen.stage == FINISHED:
        own_when_recorded(instance_id, site, row)
    done = list[Aspect]()
    try:
        seen = alter(clone, olds, seen, done)
    except AbandonedError:
        raise
    except Exception as error:
        if not done:
            raise
        raise unfinished(clone, error, olds, done) from error
    if Aspect.EXPIRY in done:
        # Its tag may show late.
        tags = {k: v for k, v in seen.tags.items() if k != EXPIRES_TAG}
        ends = expiry_tags(spec, seen.instance.created)
        seen = replace(seen, tags={**tags, **ends})
    return outputs_of(known, seen)


def _living(clone: Clone, ordered: datetime | None) -> Instance | None:
    """
    Return a clone that is neither gone nor going; None where no call shows it yet.

    Args:
        clone: The clone.
        ordered: When it was ordered, if no call had shown it when it was recorded.

    Raises:
        DeadCloneError: It is gone or going.
    """
    try:
        instance = clone.site.rds.instance(clone.id)
    except NotFoundError:
        if may_show_later(ordered, clone.site):
            return None
        if is_gone(clone.id, clone.site, clone.row):
            raise DeadCloneError(clone.id, GONE) from None
        instance = clone.site.rds.instance(clone.id)
    _refuse_status(clone.id, instance.status)
    return instance


def _look_at_aspects(clone: Clone, seen: Seen, olds: dict[str, Any]) -> Seen:
    """
    See what is to be changed of a clone, too, as soon as it can be read.
    """
    aspects = {*aspects_to_change(olds, clone.spec), *aspects_to_read(clone.spec)}
    try:
        return replace(seen, values=clone.site.rds.live(clone.id, aspects))
    except PASSING:
        return clone.look_when_usable(aspects)


def foretell_update(olds: dict[str, Any], inputs: dict[str, Any]) -> dict[str, Any]:
    """
    Give the outputs of a clone after an update, as far as they are known before it.
    """
    return foretold_update(olds, inputs, parse_checked(inputs).spec)
