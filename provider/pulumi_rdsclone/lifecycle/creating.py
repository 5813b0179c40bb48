"""
Create: check on fresh facts, adopt or order one clone, and wait for it.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from pulumi_rdsclone.domain.adoption import Claim
from pulumi_rdsclone.domain.desired import DesiredClone
from pulumi_rdsclone.domain.errors import (
    CloneError,
    PrerequisiteError,
)
from pulumi_rdsclone.domain.expiry import expiry_ordered
from pulumi_rdsclone.domain.facts import known_or_none
from pulumi_rdsclone.domain.identity import (
    KEY_TAG,
    CloneMarks,
)
from pulumi_rdsclone.domain.instances import Instance
from pulumi_rdsclone.domain.ordering import hash_order, order_for
from pulumi_rdsclone.domain.parsing import Parsed
from pulumi_rdsclone.domain.problems import Problem
from pulumi_rdsclone.domain.reporting import Report
from pulumi_rdsclone.domain.restoring import Restore
from pulumi_rdsclone.domain.spec import CloneSpec
from pulumi_rdsclone.domain.times import format_instant
from pulumi_rdsclone.domain.values import Properties
from pulumi_rdsclone.lifecycle.examining import examine
from pulumi_rdsclone.lifecycle.fact_reading import ORDER_MAX_AGE
from pulumi_rdsclone.lifecycle.finishing import finish
from pulumi_rdsclone.lifecycle.observing import CloneTask
from pulumi_rdsclone.lifecycle.ordering import adopt_or_order
from pulumi_rdsclone.lifecycle.ports import Progress
from pulumi_rdsclone.lifecycle.region import Regions
from pulumi_rdsclone.lifecycle.searching import twins_of, unmarked_since


def create(
    desired: DesiredClone,
    regions: Regions,
    *,
    progress: Progress,
    stack: str,
    timeout: timedelta | None = None,
) -> Properties:
    """
    Create the clone that *inputs* describe and return its outputs.

    Args:
        desired: What is asked for, all of it known.
        regions: The regions that the credentials reach.
        progress: Where progress is shown.
        stack: Project and stack, for the birth tags.
        timeout: Overrides the inputs' create timeout.

    Raises:
        PrerequisiteError: A prerequisite does not hold any more; nothing was ordered.
        RefusedError: An instance with its key may not be adopted; nothing was ordered.
        ApiError: The order was refused; nothing was ordered.
        UnfinishedError: The clone exists and is not ready.
    """
    spec = desired.spec_or_raise()
    source, restore, report = _prepare(
        Parsed(spec, ()), regions, clone_key=desired.clone_key
    )
    region = regions.at(str(spec.region))
    marks = CloneMarks(
        key=desired.clone_key,
        spec_hash=hash_order(spec),
        stack=stack,
        restored=restore.to_tag(source.id),
        expires=expiry_ordered(spec),
    )
    claim = Claim(marks=marks, adopt=spec.adopt)
    obtained = adopt_or_order(
        region, order_for(spec, source, restore=restore), claim=claim, progress=progress
    )
    known = dict(desired.inputs)
    if price := known_or_none(report.facts.price):
        known["estimated_price"] = price.tree()
    if obtained.ordered:
        known["created_time"] = format_instant(obtained.ordered)
    clone = CloneTask(
        id=obtained.id,
        known=known,
        desired=desired,
        region=region,
        progress=progress,
        watch=region.new_clones,
        tags=obtained.tags,
    )
    outputs = finish(clone, timeout, obtained=obtained)
    _warn_of_twins(clone, claim, lost=obtained.lost)
    return outputs


def _warn_of_twins(clone: CloneTask, claim: Claim, *, lost: Sequence[datetime]) -> None:
    """
    Warn of other instances that were ordered for the same resource, or may have been.

    They show late: an order that was not answered may have had its effect.

    Args:
        clone: The clone.
        claim: How its resource recognizes it.
        lost: When orders were sent that were not answered.
    """
    try:
        twins = twins_of(clone.id, claim, region=clone.region)
        strangers = unmarked_since(lost[0], clone.region) if lost else []
    except CloneError:
        return
    for stranger in strangers:
        clone.progress.warn(
            f"{stranger} was created after an order that was not answered, and does "
            f"not carry the tag {KEY_TAG} — release {stranger} if nobody else has "
            "ordered it"
        )
    for twin in twins:
        clone.progress.warn(
            f"{twin} was ordered for this resource too, and costs money — release it "
            f"with rdsclone clones release {twin}"
        )


def _prepare(
    parsed: Parsed[CloneSpec], regions: Regions, *, clone_key: str
) -> tuple[Instance, Restore, Report]:
    """
    Check on fresh facts and resolve the restore point.
    """
    report = examine(parsed, regions, max_age=ORDER_MAX_AGE, clone_key=clone_key)
    if report.errors:
        raise PrerequisiteError(report.errors)
    source = known_or_none(report.facts.source)
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
