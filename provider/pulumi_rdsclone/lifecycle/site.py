"""
One account in one region, with everything that its clones share.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from pulumi_rdsclone.lifecycle.learning import Library
from pulumi_rdsclone.lifecycle.ports import Clock, Rds
from pulumi_rdsclone.lifecycle.waiting import Watch


@dataclass(frozen=True, kw_only=True)
class Pace:
    """
    How fast to ask.

    Attributes:
        poll: Seconds between two looks at clones that are being made.
        settle: How long a new instance may be missing from list calls, in seconds.
        repeat: Seconds before an order whose reply was lost is repeated.
    """

    poll: float
    settle: float
    repeat: float


@dataclass(frozen=True, kw_only=True)
class Site:
    """
    Where clones are made.
    """

    rds: Rds
    clock: Clock
    pace: Pace
    library: Library
    watch: Watch

    @classmethod
    def of(cls, rds: Rds, clock: Clock, pace: Pace) -> "Site":
        """
        Put a site together.
        """
        return cls(
            rds=rds,
            clock=clock,
            pace=pace,
            library=Library(rds, clock),
            watch=Watch(rds, clock, pace.poll),
        )


class Sites(Protocol):
    """
    The regions that the configured credentials reach.
    """

    default_region: str | None
    """Region of clones that name none; None when nothing configures one."""

    identity: str
    """Sets apart two stacks of one name in one account; usually empty."""

    def at(self, region: str) -> Site:
        """
        Give the site of *region*, always the same one.
        """
        ...


DELETE_TIMEOUT = timedelta(minutes=20)
"""How long a release may take; an instance is usually gone within a minute."""
