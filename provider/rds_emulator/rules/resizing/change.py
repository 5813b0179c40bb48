"""
A change of an instance's shape together with all that a rule may look at.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from rds_emulator.market import catalogue
from rds_emulator.market.catalogue import Offer, Shape
from rds_emulator.rules.resizing.wanted import Wanted, completed
from rds_emulator.state.model import Account, Instance, Region, Serverless

_FULL_DISK: Final = ("LockByDiskQuota", "LockReadInstanceByDiskQuota")


@dataclass(frozen=True, kw_only=True)
class Change:
    """
    The matter to decide.

    Args:
        wanted: What was asked for.
        instance: The instance as it is now.
        region: Where it is.
        account: What all requests have in common.
    """

    wanted: Wanted
    instance: Instance
    region: Region
    account: Account

    @property
    def instance_class(self) -> str:
        """
        The class that the instance will have.
        """
        return self.wanted.instance_class or self.instance.instance_class

    @property
    def storage_gb(self) -> int:
        """
        The storage that it will have.
        """
        return self.wanted.storage_gb or self.instance.storage_gb

    @property
    def storage_type(self) -> str:
        """
        The disk that it will have.
        """
        named = self.wanted.storage_type or self.instance.storage_type
        return catalogue.storage_type(named)

    @property
    def changes_class(self) -> bool:
        """
        Whether it will have another class.
        """
        return self.instance_class != self.instance.instance_class

    @property
    def changes_disk(self) -> bool:
        """
        Whether it will have another disk.
        """
        return self.storage_type != catalogue.storage_type(self.instance.storage_type)

    @property
    def grows(self) -> bool:
        """
        Whether it will have more storage.
        """
        return self.storage_gb > self.instance.storage_gb

    @property
    def bursting(self) -> bool:
        """
        Whether I/O bursting will be on.
        """
        wanted = self.wanted.bursting
        return self.instance.bursting if wanted is None else wanted

    @property
    def io_acceleration(self) -> bool:
        """
        Whether the buffer pool extension will be on.
        """
        wanted = self.wanted.io_acceleration
        return self.instance.io_acceleration if wanted is None else wanted

    @cached_property
    def serverless(self) -> Serverless | None:
        """
        The range in which it will scale, if it is serverless.
        """
        current, given = self.instance.serverless, self.wanted.serverless
        return completed(given, current) if current and given else current

    @cached_property
    def shape(self) -> Shape:
        """
        What its class is looked up for in the catalogue.
        """
        return Shape(
            engine=self.instance.engine,
            engine_version=self.instance.engine_version,
            category=self.instance.category,
            storage_type=self.storage_type,
        )

    @cached_property
    def offers(self) -> Mapping[str, Offer]:
        """
        The classes that the primary's zone sells for it, by name.
        """
        zone = self.instance.zones[0] if self.instance.zones else ""
        retired = self.account.retired_classes
        found = catalogue.offers(self.region, retired, zone=zone, shape=self.shape)
        return {offer.instance_class: offer for offer in found}

    def relieves(self) -> bool:
        """
        Whether it gives a full disk the room that it lacks.
        """
        return self.instance.lock_mode in _FULL_DISK and self.grows

    def fields(self) -> Mapping[str, object]:
        """
        Return the fields that the instance has when the change is over.
        """
        lock = {"lock_mode": "Unlock", "lock_reason": ""} if self.relieves() else {}
        return {
            "instance_class": self.instance_class,
            "storage_gb": self.storage_gb,
            "storage_type": self.storage_type,
            "serverless": self.serverless,
            "bursting": self.bursting,
            "io_acceleration": self.io_acceleration,
            **lock,
        }
