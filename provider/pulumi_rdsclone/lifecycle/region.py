"""
One account in one region, with everything that its clones share.
"""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final, Protocol

from pulumi_rdsclone.domain.clone_state import CloneState
from pulumi_rdsclone.domain.errors import ConfigurationError
from pulumi_rdsclone.domain.identity import CREATING, OWNED
from pulumi_rdsclone.domain.messages import NO_REGION, REGION_SOURCES
from pulumi_rdsclone.domain.values import Properties, PropertyValue
from pulumi_rdsclone.lifecycle.demands import Demands
from pulumi_rdsclone.lifecycle.order_log import OrderLog
from pulumi_rdsclone.lifecycle.polling import PollSchedule
from pulumi_rdsclone.lifecycle.ports import Clock, Rds
from pulumi_rdsclone.lifecycle.read_cache import READ_TIMEOUT, ReadCache
from pulumi_rdsclone.lifecycle.watching import Watch

DELETE_TIMEOUT: Final = timedelta(minutes=20)
"""How long a release may take; an instance is usually gone within a minute."""


@dataclass(frozen=True, kw_only=True)
class RegionOptions:
    """
    What is configured for a region.

    Attributes:
        read_timeout: How long a read may delay the checks.
        log: Where this machine keeps its orders; by default in memory.
        instance_quota: How many instances there may be; None if not known.
    """

    read_timeout: timedelta = READ_TIMEOUT
    log: OrderLog = field(default_factory=OrderLog)
    instance_quota: int | None = None


@dataclass(frozen=True, kw_only=True)
class RegionContext:
    """
    A region, with what all operations on its clones share.
    """

    rds: Rds
    clock: Clock
    schedule: PollSchedule
    cache: ReadCache
    log: OrderLog
    new_clones: Watch
    """Sees the status of clones that are not finished."""
    finished_clones: Watch
    """Sees the status of owned clones, also of those that are being released."""
    demands: Demands
    """The demand of the clones that this process has checked."""

    @property
    def id(self) -> str:
        """
        Such as cn-hangzhou.
        """
        return self.rds.region

    @classmethod
    def of(
        cls,
        rds: Rds,
        clock: Clock,
        *,
        schedule: PollSchedule,
        options: RegionOptions | None = None,
    ) -> "RegionContext":
        """
        Return the context of the region that *rds* calls.
        """
        options = options or RegionOptions()
        return cls(
            rds=rds,
            clock=clock,
            schedule=schedule,
            cache=ReadCache(rds, clock, timeout=options.read_timeout),
            log=options.log,
            new_clones=Watch(rds, clock, schedule=schedule, stage=CREATING),
            finished_clones=Watch(rds, clock, schedule=schedule, stage=OWNED),
            demands=Demands(options.instance_quota),
        )


class Regions(Protocol):
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

    def at(self, region_id: str) -> RegionContext:
        """
        Return the region with *region_id*, always the same object.
        """
        ...


def region_of(clone: CloneState, regions: Regions) -> RegionContext:
    """
    Return the region of a clone.

    Raises:
        ConfigurationError: Neither its outputs nor the configuration name a region.
    """
    return regions.at(region_id_of(clone.outputs, regions))


def region_id_of(values: Properties, regions: Regions) -> PropertyValue:
    """
    Return the id of the region that *values* or else the configuration name.

    Raises:
        ConfigurationError: Neither does.
    """
    region_id = values.get("region") or regions.default_region
    if not region_id:
        message = f"{NO_REGION} — set {REGION_SOURCES}"
        raise ConfigurationError(message)
    return region_id
