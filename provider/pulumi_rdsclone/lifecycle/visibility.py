"""
Whether an instance exists, as far as the API tells.

Only DescribeDBInstanceAttribute tells it, and not at once: it may not know a new one
for a while, nor one of its backends an old one. Source: logs of the real cloud,
github.com/alibaba/terraform-provider issues 147 and 185; Terraform's provider sleeps
three minutes before it asks.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeVar

from pulumi_rdsclone.domain.errors import NotFoundError
from pulumi_rdsclone.lifecycle.ports import Row
from pulumi_rdsclone.lifecycle.site import Site
from pulumi_rdsclone.lifecycle.waiting import rest

T = TypeVar("T")


def may_show_later(ordered: datetime | None, site: Site) -> bool:
    """
    Return whether an instance may be new to the API still.

    Args:
        ordered: When it was ordered; None for one that was seen.
        site: Where.
    """
    if ordered is None:
        return False
    return site.clock.now() - ordered < timedelta(seconds=site.pace.unseen)


def look_for(
    look: Callable[[], T | None], seconds: float, site: Site, row: Row
) -> T | None:
    """
    Return what *look* finds within *seconds*; None if that is nothing.

    Nobody is kept waiting who has cancelled the run.
    """
    waited, pause = 0.0, site.pace.repeat
    while waited < seconds and not row.is_cancelled:
        rest(pause, site.clock, row)
        waited += pause
        if (found := look()) is not None:
            return found
    return None


def is_gone(
    instance_id: str,
    site: Site,
    row: Row | None = None,
    *,
    ordered: datetime | None = None,
) -> bool:
    """
    Return whether an instance is still unknown some seconds after it was so once.

    A new one is not gone before it must have shown. That one is gone is noted, so a
    later order knows what its token stands for.

    Args:
        instance_id: An instance that was just answered not to exist.
        site: Where.
        row: Whose run it is; one that ends does not wait.
        ordered: When it was ordered; None for one that was seen.
    """
    if may_show_later(ordered, site):
        return False
    if row is None:
        site.clock.sleep(site.pace.repeat)
    else:
        rest(site.pace.repeat, site.clock, row)
    try:
        site.rds.instance(instance_id)
    except NotFoundError:
        site.log.note_gone(instance_id, site.clock.now())
        return True
    return False
