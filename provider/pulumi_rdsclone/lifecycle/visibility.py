"""
Decide whether an instance exists, from the answers of the API.

DescribeDBInstanceAttribute decides it, with a delay: it may not know a new instance
for a while, nor one of its backends an old one. Source: logs of the real cloud,
github.com/alibaba/terraform-provider issues 147 and 185; Terraform's provider sleeps
three minutes before it asks.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeVar

from pulumi_rdsclone.domain.errors import NotFoundError
from pulumi_rdsclone.lifecycle.ports import Progress
from pulumi_rdsclone.lifecycle.region import RegionContext
from pulumi_rdsclone.lifecycle.wait import rest

T = TypeVar("T")


def may_show_later(ordered: datetime | None, region: RegionContext) -> bool:
    """
    Return whether an instance may be new to the API still.

    Args:
        ordered: When it was ordered; None for one that was seen.
        region: The region of the instance.
    """
    if ordered is None:
        return False
    return region.clock.now() - ordered < timedelta(
        seconds=region.schedule.visibility_timeout
    )


def find_until_visible(
    look: Callable[[], T | None],
    seconds: float,
    *,
    region: RegionContext,
    progress: Progress,
) -> T | None:
    """
    Return the result of *look* within *seconds*; None without one.

    A cancelled run does not wait.
    """
    waited, pause = 0.0, region.schedule.retry_delay
    while waited < seconds and not progress.is_cancelled:
        rest(pause, region.clock, progress=progress)
        waited += pause
        if (found := look()) is not None:
            return found
    return None


def is_gone(
    instance_id: str,
    region: RegionContext,
    *,
    progress: Progress | None = None,
    ordered: datetime | None = None,
) -> bool:
    """
    Return whether an instance is still unknown some seconds after it was so once.

    A new instance is not gone before it must have shown. That it is gone is noted, so
    that a later order knows what its token stands for.

    Args:
        instance_id: An instance that was just answered not to exist.
        region: The region of the instance.
        progress: Whose run it is; one that ends does not wait.
        ordered: When it was ordered; None for one that was seen.
    """
    if may_show_later(ordered, region):
        return False
    if progress is None:
        region.clock.sleep(region.schedule.retry_delay)
    else:
        rest(region.schedule.retry_delay, region.clock, progress=progress)
    try:
        region.rds.instance(instance_id)
    except NotFoundError:
        region.log.note_gone(instance_id, region.clock.now())
        return True
    return False
