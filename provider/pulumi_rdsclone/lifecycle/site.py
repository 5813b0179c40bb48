"""
One account in one region, with everything that its clones share.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final, Protocol

from pulumi_rdsclone.domain.errors import ConfigurationError
from pulumi_rdsclone.domain.identity import CREATING, OWNED
from pulumi_rdsclone.lifecycle.demands import Demands
from pulumi_rdsclone.lifecycle.library import BUDGET, Library
from pulumi_rdsclone.lifecycle.order_log import OrderLog
from pulumi_rdsclone.lifecycle.pace import Pace
from pulumi_rdsclone.lifecycle.ports import Clock, Rds
from pulumi_rdsclone.lifecycle.waiting import Watch

DELETE_TIMEOUT: Final = timedelta(minutes=20)
"""How long a release may take; an instance is usually gone within a minute."""


@dataclass(frozen=True, kw_only=True)
class SiteOptions:
    """
    What is configured of a site.

    Attributes:
        budget: How long a read may hold up the checks.
        log: Where this machine keeps its orders; by default in memory.
        instance_quota: How many instances there may be; None where that is not known.
    """

    budget: timedelta = BUDGET
    log: OrderLog = field(default_factory=OrderLog)
    instance_quota: int | None = None


@dataclass(frozen=True, kw_only=True)
class Site:
    """
    Where clones are made.
    """

    rds: Rds
    clock: Clock
    pace: Pace
    library: Library
    log: OrderLog
    making: Watch
    """Sees the clones that are being made."""
    releasing: Watch
    """Sees the owned ones, those that are being released among them."""
    demands: Demands
    """What the clones that this process has checked need together."""

    @classmethod
    def of(
        cls,
        rds: Rds,
        clock: Clock,
        pace: Pace,
        options: SiteOptions | None = None,
    ) -> "Site":
        """
        Put a site together.
        """
        options = options or SiteOptions()
        return cls(
            rds=rds,
            clock=clock,
            pace=pace,
            library=Library(rds, clock, options.budget),
            log=options.log,
            making=Watch(rds, clock, pace, CREATING),
            releasing=Watch(rds, clock, pace, OWNED),
            demands=Demands(options.instance_quota),
        )


class Sites(Protocol):
    """
    The regions that the configured credentials reach.
    """

    default_region: str | None
    """Region of clones that name none; None when nothing configures one."""

    skip_checks: tuple[str, ...]
    """Ids of checks that no clone of the stack wants."""

    max_price_per_hour: float | None
    """The most that an hour of any clone of the stack may cost; None for no limit."""

    identity: str
    """Sets apart two stacks of one name in one account; usually empty."""

    def at(self, region: str) -> Site:
        """
        Give the site of *region*, always the same one.
        """
        ...


_NO_REGION: Final = (
    "no region is configured — set rdsclone:region in the stack's configuration, or "
    "ALIBABA_CLOUD_REGION_ID in the environment"
)


def site_of(outputs: Mapping[str, Any], sites: Sites) -> Site:
    """
    Give the site of the clone with *outputs*.

    Raises:
        ConfigurationError: Neither they nor the configuration name a region.
    """
    return sites.at(region_of(outputs, sites))


def region_of(values: Mapping[str, Any], sites: Sites) -> Any:
    """
    Give the region that *values* or else the configuration name.

    Raises:
        ConfigurationError: Neither does.
    """
    region = values.get("region") or sites.default_region
    if not region:
        raise ConfigurationError(_NO_REGION)
    return region
