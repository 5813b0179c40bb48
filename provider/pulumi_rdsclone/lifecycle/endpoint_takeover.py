"""
Take over the endpoint names of a replaced clone.

The old clone keeps them while the new one is created; they move when the new one is
ready, and the engine releases the old one afterwards.
"""

from contextlib import suppress
from dataclasses import replace
from typing import Final

from pulumi_rdsclone.domain.aspects import Aspect
from pulumi_rdsclone.domain.changes import AspectChange
from pulumi_rdsclone.domain.errors import (
    ConflictError,
    DeadCloneError,
    NotFoundError,
    NotVisibleError,
    UnavailableError,
)
from pulumi_rdsclone.domain.identity import KEY_TAG, root_of
from pulumi_rdsclone.lifecycle.ports import Progress
from pulumi_rdsclone.lifecycle.region import RegionContext
from pulumi_rdsclone.lifecycle.wait import refuse_without_listener, rest
from pulumi_rdsclone.lifecycle.waiting import (
    CHANGE_TIMEOUT,
    Timeouts,
    wait_until_ready,
    wait_until_shown,
)

_PREFIXES: Final = {
    Aspect.ENDPOINT: "network.connection_prefix",
    Aspect.PUBLIC_ENDPOINT: "network.public_connection_prefix",
}
"""The field with the name, by the aspect that changes it."""


_TRIES: Final = 5
"""How often the renaming of the earlier clone is tried."""


def take_over_name(
    wanted: AspectChange, key: str, *, region: RegionContext, progress: Progress
) -> bool:
    """
    Take the name that *wanted* needs from an earlier clone of the same resource.

    Args:
        wanted: The change that was refused.
        key: The clone key of the clone that wants it.
        region: The region of the instance.
        progress: Where progress is shown.

    Returns:
        Whether an earlier clone of the resource had it and has given it up.

    Raises:
        ChangeError: The earlier clone keeps the name.
    """
    path = _PREFIXES[wanted.aspect]
    for summary in region.rds.list_instances({KEY_TAG: root_of(key)}):
        if summary.id == wanted.instance.id:
            continue
        try:
            old = _renaming(summary.id, wanted.aspect, region=region)
        except (NotFoundError, NotVisibleError):
            continue
        if old.old.at(path) == wanted.new[path]:
            progress.show(f"taking the name {wanted.new[path]} from {summary.id}")
            _rename(old, region, progress=progress)
            return True
    return False


def _rename(old: AspectChange, region: RegionContext, *, progress: Progress) -> None:
    """
    Take the name from the earlier clone; one that is being released gives it up.

    Whether a call that has failed is repeated is decided after looking at that clone:
    where the reply was lost, the name is gone that the call would change.

    Raises:
        ChangeError: The earlier clone keeps the name, or the run was cancelled.
    """
    with suppress(DeadCloneError, NotFoundError):
        for tries_left in reversed(range(_TRIES)):
            try:
                region.rds.apply(old)
                break
            except (ConflictError, UnavailableError):
                if not tries_left:
                    raise
            rest(region.schedule.first_interval, region.clock, progress=progress)
            refuse_without_listener(progress, f"the {old.aspect} of {old.instance.id}")
            wait_until_ready(
                old.instance.id,
                region.finished_clones,
                clock=region.clock,
                progress=progress,
                timeout=CHANGE_TIMEOUT,
            )
            if _is_renamed(old, region):
                return
        _wait_until_renamed(old, region, progress=progress)


def _renaming(
    instance_id: str, aspect: Aspect, *, region: RegionContext
) -> AspectChange:
    """
    Return the change that gives an endpoint the name of its instance's creation.
    """
    instance = region.rds.instance(instance_id)
    host = instance.connection_string or ""
    reading = region.rds.read_aspects(instance.id, [aspect])
    of_the_instance = {
        "network.connection_prefix": host.partition(".")[0],
        "network.port": instance.port,
    }
    old = replace(reading, fields={**of_the_instance, **reading.fields})
    is_public = aspect is Aspect.PUBLIC_ENDPOINT
    own_name = f"{instance.id}-public" if is_public else instance.id
    new = {_PREFIXES[aspect]: own_name, "network.public_endpoint": is_public}
    return AspectChange(instance=instance, aspect=aspect, old=old, new=new)


def _is_renamed(old: AspectChange, region: RegionContext) -> bool:
    """
    Return whether the earlier clone shows that it has given up the name.
    """
    path = _PREFIXES[old.aspect]
    try:
        now = _renaming(old.instance.id, old.aspect, region=region)
    except (ConflictError, NotFoundError):
        return False
    return bool(now.old.at(path) == old.new[path])


def _wait_until_renamed(
    old: AspectChange, region: RegionContext, *, progress: Progress
) -> None:
    path = _PREFIXES[old.aspect]

    def missing() -> tuple[str, ...]:
        return () if _is_renamed(old, region) else (path,)

    wait_until_shown(
        old.instance.id,
        region.finished_clones,
        clock=region.clock,
        progress=progress,
        missing=missing,
        timeouts=Timeouts(),
    )
