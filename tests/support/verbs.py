"""
The verbs of the lifecycle, called with trees of values as an engine sends them.
"""

from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import Any

from pulumi_rdsclone.domain import changes, differences
from pulumi_rdsclone.domain.aspects import Aspect
from pulumi_rdsclone.domain.clone_state import CloneState
from pulumi_rdsclone.domain.desired import DesiredClone
from pulumi_rdsclone.domain.differences import Differences
from pulumi_rdsclone.lifecycle import (
    checking_changes,
    creating,
    deleting,
    diffing,
    reading,
    updating,
)
from pulumi_rdsclone.lifecycle.checking_changes import CheckedChange
from pulumi_rdsclone.lifecycle.observing import Reading
from pulumi_rdsclone.lifecycle.ports import Progress
from pulumi_rdsclone.lifecycle.region import Regions

Tree = Mapping[str, Any]


def desired(inputs: Tree) -> DesiredClone:
    return DesiredClone.from_inputs(inputs)


def compare(olds: Tree, new: DesiredClone) -> Differences:
    return differences.compare(CloneState(olds), new)


def aspects_to_change(olds: Tree, new: DesiredClone) -> tuple[Aspect, ...]:
    return changes.aspects_to_change(CloneState(olds), new)


def diff(olds: Tree, inputs: Tree) -> Differences:
    return diffing.diff(CloneState(olds), desired(inputs))


def check_change(
    inputs: Tree, olds: Tree, changed: Collection[str], regions: Regions
) -> CheckedChange:
    return checking_changes.check_change(
        desired(inputs), CloneState(olds), changed=changed, regions=regions
    )


def create(inputs: Tree, regions: Regions, progress: Progress, **options: Any) -> dict[str, Any]:
    return dict(creating.create(desired(inputs), regions, progress=progress, **options))


def read(instance_id: str, olds: Tree, inputs: Tree | None, regions: Regions) -> Reading | None:
    asked = desired(inputs) if inputs else None
    return reading.read(instance_id, CloneState(olds), desired=asked, regions=regions)


def update(
    instance_id: str,
    olds: Tree,
    inputs: Tree,
    regions: Regions,
    progress: Progress,
    *,
    timeout: timedelta | None = None,
) -> dict[str, Any]:
    return dict(
        updating.update(
            instance_id,
            CloneState(olds),
            desired=desired(inputs),
            regions=regions,
            progress=progress,
            timeout=timeout,
        )
    )


def preview_update(olds: Tree, inputs: Tree) -> dict[str, Any]:
    return dict(updating.preview_update(CloneState(olds), desired(inputs)))


def refuse_dead(olds: Tree, regions: Regions) -> None:
    updating.refuse_dead(CloneState(olds), regions)


def delete(
    instance_id: str,
    olds: Tree,
    regions: Regions,
    progress: Progress,
    *,
    timeout: timedelta | None = None,
) -> None:
    deleting.delete(
        instance_id, CloneState(olds), regions=regions, progress=progress, timeout=timeout
    )
