"""
An order together with all that a rule may look at, and what comes out of both.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Final

from rds_emulator.market import catalogue
from rds_emulator.market.catalogue import Offer, Shape
from rds_emulator.rules.cloning.order import Order
from rds_emulator.state.model import Account, Backup, Instance, Region

MOST_ZONES: Final[Mapping[str, int]] = {
    "Basic": 1,
    "serverless_basic": 1,
    "HighAvailability": 2,
    "serverless_standard": 2,
    "serverless_ha": 2,
    "AlwaysOn": 2,
    "Finance": 3,
    "cluster": 3,
}
"""The editions, and how many zones each may be spread over."""


@dataclass(frozen=True, kw_only=True)
class CloneRequest:
    """
    The matter to decide.

    Args:
        order: What was asked for.
        source: The instance to be cloned, as it is now.
        backups: The source's finished backup sets, the newest first.
        neighbours: All instances of the region.
        region: Where source and clone are.
        account: What all requests have in common.
        now: The emulated time.
    """

    order: Order
    source: Instance
    backups: tuple[Backup, ...]
    neighbours: tuple[Instance, ...]
    region: Region
    account: Account
    now: datetime

    @property
    def is_serverless(self) -> bool:
        """
        Whether the clone is to be serverless.
        """
        return self.order.pay_type == "Serverless"

    @cached_property
    def category(self) -> str:
        """
        The clone's edition.
        """
        inherited = self.source.category
        if self.order.category:
            return self.order.category
        if not self.is_serverless or inherited.startswith("serverless_"):
            return inherited
        if self.source.engine == "SQLServer":
            return "serverless_ha"
        return "serverless_basic" if inherited == "Basic" else "serverless_standard"

    @cached_property
    def instance_class(self) -> str:
        """
        The clone's class.
        """
        if self.order.instance_class:
            return self.order.instance_class
        if self.is_serverless and ".serverless." not in self.source.instance_class:
            key = (self.source.engine, self.category)
            return catalogue.SERVERLESS_CLASSES.get(key, self.source.instance_class)
        return self.source.instance_class

    @cached_property
    def storage_gb(self) -> int:
        """
        The clone's storage.
        """
        return self.order.storage_gb or self.source.storage_gb

    @cached_property
    def storage_type(self) -> str:
        """
        The clone's storage type.
        """
        named = self.order.storage_type or self.source.storage_type
        return catalogue.storage_type(named)

    @cached_property
    def zones(self) -> tuple[str, ...]:
        """
        The clone's zones, the primary's first.
        """
        order, source = self.order, self.source
        if not order.zone and not order.standby_zones:
            return source.zones[: MOST_ZONES.get(self.category, 1)]
        return (order.zone or source.zones[0], *order.standby_zones)

    @cached_property
    def shape(self) -> Shape:
        """
        What the clone's class is looked up for in the catalogue.
        """
        return Shape(
            engine=self.source.engine,
            engine_version=self.source.engine_version,
            category=self.category,
            storage_type=self.storage_type,
        )

    def offers(self, zone: str) -> tuple[Offer, ...]:
        """
        Return the classes that *zone* sells for the clone.
        """
        retired = self.account.retired_classes
        return catalogue.offers(self.region, retired, zone=zone, shape=self.shape)

    @cached_property
    def sold_shapes(self) -> frozenset[Shape]:
        """
        Everything of the engine that any zone sells.
        """
        retired = self.account.retired_classes
        return catalogue.shapes_of_region(
            self.region, retired, engine=self.source.engine
        )

    @cached_property
    def network_type(self) -> str:
        """
        The clone's network.
        """
        return self.order.network_type or self.source.network_type

    @cached_property
    def vpc_id(self) -> str:
        """
        The clone's VPC.
        """
        return self.order.vpc_id or self.source.vpc_id

    @cached_property
    def vswitch_ids(self) -> tuple[str, ...]:
        """
        The clone's vSwitches, the primary's first.
        """
        return self.order.vswitch_ids or self.source.vswitch_ids
