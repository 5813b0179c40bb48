"""
Create: check once more, get exactly one clone, wait for it; and go on waiting later.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final

from pulumi_rdsclone.domain.adoption import Claim
from pulumi_rdsclone.domain.aspects import Aspect
from pulumi_rdsclone.domain.errors import (
    AbandonedError,
    CloneError,
    DeadCloneError,
    InvalidSpecError,
    PrerequisiteError,
    UnfinishedError,
    WaitError,
)
from pulumi_rdsclone.domain.expiry import expiry_ordered, expiry_tags
from pulumi_rdsclone.domain.facts import told
from pulumi_rdsclone.domain.identity import (
    FINISHED,
    KEY_TAG,
    OWNED,
    STAGE_TAG,
    Birth,
    key_tags,
)
from pulumi_rdsclone.domain.instances import UNSEEN, Instance
from pulumi_rdsclone.domain.ordering import hash_order, order_for
from pulumi_rdsclone.domain.parsing import Parsed, parse_checked
from pulumi_rdsclone.domain.problems import Problem
from pulumi_rdsclone.domain.reporting import Report
from pulumi_rdsclone.domain.restoring import Restore
from pulumi_rdsclone.domain.spec import CloneSpec
from pulumi_rdsclone.domain.times import format_instant
from pulumi_rdsclone.lifecycle.applying import alter
from pulumi_rdsclone.lifecycle.background import in_background
from pulumi_rdsclone.lifecycle.checking import examine
from pulumi_rdsclone.lifecycle.learning import BEFORE_ORDERING
from pulumi_rdsclone.lifecycle.looking import Clone, look_leniently
from pulumi_rdsclone.lifecycle.ordering import Obtained, mark, obtain
from pulumi_rdsclone.lifecycle.ports import Row
from pulumi_rdsclone.lifecycle.searching import twins_of, unmarked_since
from pulumi_rdsclone.lifecycle.site import Site, Sites
from pulumi_rdsclone.lifecycle.telling import (
    aspects_to_read,
    outputs_of,
    undone,
    unless_told,
    without_secrets,
)
from pulumi_rdsclone.lifecycle.waiting import LookOptions, wait_until_ready

_LAST_LOOK: Final = 5.0
"""Seconds in which a cancelled run must hear how a clone is, to record that."""


def create(
    inputs: dict[str, Any],
    sites: Sites,
    row: Row,
    *,
    stack: str,
    timeout: timedelta | None = None,
) -> dict[str, Any]:
    """
    Make the clone that *inputs* describe and give its outputs.

    Args:
        inputs: Checked inputs, all known, a tree in snake_case.
        sites: Where.
        row: Where progress is shown.
        stack: Project and stack, for the birth tags.
        timeout: Overrides the inputs' create timeout.

    Raises:
        PrerequisiteError: A prerequisite does not hold any more; nothing was ordered.
        RefusedError: An instance with our key may not be adopted; nothing was ordered.
        ApiError: The order was refused; nothing was ordered.
        UnfinishedError: The clone exists and is not ready.
    """
    spec = read_spec(inputs)
    source, restore, report = _prepare(Parsed(spec, ()), sites, inputs["clone_key"])
    site = sites.at(str(spec.region))
    birth = Birth(
        key=inputs["clone_key"],
        spec_hash=hash_order(spec),
        stack=stack,
        restored=restore.to_tag(source.id),
        expires=expiry_ordered(spec),
    )
    claim = Claim(birth=birth, adopt=spec.adopt)
    obtained = obtain(site, order_for(spec, source, restore), claim, row)
    known = dict(inputs)
    if price := told(report.facts.price):
        known["estimated_price"] = price.tree()
    if obtained.ordered:
        known["created_time"] = format_instant(obtained.ordered)
    clone = Clone(
        id=obtained.id,
        known=known,
        spec=spec,
        site=site,
        row=row,
        watch=site.making,
        marks=obtained.marks,
    )
    outputs = finish(clone, timeout, obtained)
    _tell_twins(clone, claim, obtained.lost)
    return outputs


def _tell_twins(clone: Clone, claim: Claim, lost: Sequence[datetime]) -> None:
    """
    Warn of other instances that were ordered for the same resource, or may have been.

    They show late: an order that was not answered may have had its effect.

    Args:
        clone: The clone.
        claim: How it is known.
        lost: When orders were sent that were not answered.
    """
    try:
        twins = twins_of(clone.id, claim, clone.site)
        strangers = unmarked_since(lost[0], clone.site) if lost else []
    except CloneError:
        return
    for stranger in strangers:
        clone.row.warn(
            f"{stranger} was created after an order that was not answered, and does "
            f"not carry the tag {KEY_TAG} — release {stranger} if nobody else has "
            "ordered it"
        )
    for twin in twins:
        clone.row.warn(
            f"{twin} was ordered for this resource too, and costs money — release it "
            f"with rdsclone clones release {twin}"
        )


def finish(
    clone: Clone, timeout: timedelta | None, obtained: Obtained
) -> dict[str, Any]:
    """
    Wait for a clone that was ordered, mark it as finished and give its outputs.

    What it was not ordered with is changed. It is owned from when the engine has
    recorded it: a run that is killed before that adopts it once more.

    Args:
        clone: The clone.
        timeout: How long to wait from now on; default: the create timeout.
        obtained: How it was ordered.

    Raises:
        UnfinishedError: The clone exists and is not ready.
    """
    site, row = clone.site, clone.row
    olds, done = without_secrets(clone.known), list[Aspect]()
    unmarked = obtained.unmarked

    def mark_soon() -> None:
        nonlocal unmarked
        if unmarked:
            unmarked = mark(clone.id, unmarked, site)

    try:
        row.say(f"waiting for {clone.id}; Ctrl-C leaves that to the next pulumi up")
        wait_until_ready(
            clone.id,
            site.making,
            site.clock,
            row,
            timeout or clone.spec.create_timeout,
            LookOptions(ordered=obtained.ordered, meanwhile=mark_soon),
        )
        seen = clone.look_soon()
        olds = outputs_of(unless_told(olds), seen)
        seen = alter(clone, olds, seen, done)
        # An adopted one may have been of a later generation, of a state that is lost;
        # an imported one has no marks.
        marks = {
            **unmarked,
            STAGE_TAG: FINISHED,
            **key_tags(clone.known["clone_key"]),
            **expiry_tags(clone.spec, seen.instance.created),
        }
        clone.insist(partial(site.rds.set_tags, clone.id, marks))
    except AbandonedError:
        raise
    except Exception as error:
        raise unfinished(clone, error, olds, done) from error
    own_when_recorded(clone.id, site, row)
    # Its tags may show late.
    return outputs_of(
        clone.known, replace(seen, tags={**clone.marks, **marks, **seen.tags})
    )


def own_when_recorded(instance_id: str, site: Site, row: Row) -> None:
    """
    Mark a clone as owned as soon as the engine has recorded it.
    """
    row.after_answer(lambda: site.rds.set_tags(instance_id, {STAGE_TAG: OWNED}))


def read_spec(inputs: dict[str, Any]) -> CloneSpec:
    """
    Read checked inputs that are all known.

    Raises:
        InvalidSpecError: They are not what check gives.
    """
    parsed = parse_checked(inputs)
    if parsed.problems:
        raise InvalidSpecError(parsed.problems)
    return parsed.spec


def _prepare(
    parsed: Parsed[CloneSpec], sites: Sites, clone_key: str
) -> tuple[Instance, Restore, Report]:
    """
    Check on fresh facts and resolve the restore point.
    """
    report = examine(parsed, sites, BEFORE_ORDERING, clone_key)
    if report.errors:
        raise PrerequisiteError(report.errors)
    source = told(report.facts.source)
    restore = report.restore
    if source is None or restore is None:
        raise PrerequisiteError(_UNREADABLE)
    return source, restore, report


_UNREADABLE = (
    Problem(
        check="may-look",
        path="source_instance_id",
        what="the source or its backups could not be read, so nothing can be ordered",
        remedy="grant the RAM permissions rds:DescribeDBInstanceAttribute, "
        "rds:DescribeBackups and rds:DescribeLocalAvailableRecoveryTime, or run again "
        "later if they are granted",
    ),
)


def _with_what_next(instance_id: str, error: Exception) -> str:
    """
    Return what has happened and what happens next, one line.
    """
    if isinstance(error, DeadCloneError):
        return str(error)
    told = str(error)
    mark = ";" if " — " in told else " —"
    waits = " to wait" if isinstance(error, WaitError) else ""
    return (
        f"{told}{mark} {instance_id} is kept in the state, and the next pulumi up "
        f"continues{waits}"
    )


def unfinished(
    clone: Clone, error: Exception, olds: dict[str, Any], done: Collection[Aspect]
) -> UnfinishedError:
    """
    Say that *error* has left a clone as it must be kept in the state.

    Args:
        clone: The clone.
        error: What has happened.
        olds: Its outputs as they were before.
        done: What of it has been changed since.
    """
    outputs = undone(_outputs_so_far(clone, olds), olds, clone.spec, done)
    return UnfinishedError(_with_what_next(clone.id, error), outputs=outputs)


def _outputs_so_far(clone: Clone, olds: dict[str, Any]) -> dict[str, Any]:
    """
    Return what can be told of an unfinished clone; its id in any case.

    An aspect that cannot be read takes nothing else down: it is told as declared.
    Whoever has cancelled the run does not wait long for a cloud that does not answer.
    """
    aspects = aspects_to_read(clone.spec)
    look = in_background(partial(look_leniently, clone.id, clone.site, aspects, olds))
    try:
        seen = look.result(_LAST_LOOK if clone.row.is_cancelled else None)
        seen = replace(seen, tags={**clone.marks, **seen.tags})
        return outputs_of(clone.known, seen)
    except Exception:  # noqa: BLE001 - whatever fails now, the id must not be lost
        return {**olds, **clone.known, "instance_id": clone.id, "status": UNSEEN}
