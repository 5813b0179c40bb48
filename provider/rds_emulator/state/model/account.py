"""
What is the same for every request: the account with its keys and regions.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from rds_emulator.state.model.access import DEFAULT_RESOURCE_GROUP
from rds_emulator.state.temper import Temper

CHINA, INTERNATIONAL = "china", "international"
SITES: Final = (CHINA, INTERNATIONAL)
"""The sites of the cloud, each with commodity codes and a currency of its own."""


@dataclass(frozen=True, kw_only=True)
class AccessKey:
    """
    A key that may sign requests; temporary (STS) when it has a security token.

    *policy* is a RAM policy as its owner would write it; without one the key
    may do everything. Keys of all accounts see the same instances.
    """

    id: str
    secret: str
    account_id: str = "1234567890123456"
    security_token: str | None = None
    expires: datetime | None = None
    policy: Mapping[str, object] | None = None


@dataclass(frozen=True, kw_only=True)
class VSwitch:
    """
    A virtual switch: a range of addresses in one zone.

    Args:
        created: None stands for a time long ago.
    """

    id: str
    zone: str
    cidr: str
    exhausted: bool = False
    name: str = ""
    description: str = ""
    created: datetime | None = None
    # Regions are keys of caches, and a mapping has no hash.
    tags: Mapping[str, str] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, kw_only=True)
class Vpc:
    """
    A virtual private cloud and its switches.

    Args:
        cidr: The range of its addresses; empty for the one that its first vSwitch
            tells.
        user_cidrs: Ranges that count as private besides it.
        created: None stands for a time long ago.
    """

    id: str
    vswitches: tuple[VSwitch, ...] = ()
    name: str = ""
    description: str = ""
    cidr: str = ""
    user_cidrs: tuple[str, ...] = ()
    dns_hostnames: bool = False
    resource_group_id: str = DEFAULT_RESOURCE_GROUP
    created: datetime | None = None
    tags: Mapping[str, str] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, kw_only=True)
class Unsold:
    """
    What a region does not sell although the catalogue has it.

    A field that is None stands for anything.
    """

    zone: str | None = None
    engine: str | None = None
    engine_version: str | None = None
    category: str | None = None
    storage_type: str | None = None
    instance_class: str | None = None


@dataclass(frozen=True, kw_only=True)
class Region:
    """
    A region: its zones, its networks, what it sells and how much it may hold.
    """

    id: str
    name: str = ""
    zones: tuple[str, ...] = ()
    sold_out_zones: tuple[str, ...] = ()
    unsold: tuple[Unsold, ...] = ()
    vpcs: tuple[Vpc, ...] = ()
    instance_quota: int | None = None

    def vpc(self, vpc_id: str) -> Vpc | None:
        """
        Return a VPC of this region by its id, or None.
        """
        return next((vpc for vpc in self.vpcs if vpc.id == vpc_id), None)

    def vswitch(self, vswitch_id: str) -> VSwitch | None:
        """
        Return a vSwitch in any VPC of this region by its id, or None.
        """
        every = (vswitch for vpc in self.vpcs for vswitch in vpc.vswitches)
        return next((found for found in every if found.id == vswitch_id), None)


@dataclass(frozen=True, kw_only=True)
class Durations:
    """
    How long things take, in emulated seconds.

    Args:
        clone_seconds: How long a clone is Creating.
        delete_seconds: How long an instance is Deleting.
        change_seconds: How long a slow change of an instance takes.
        backup_seconds: How long a backup that was ordered takes.
    """

    clone_seconds: float = 120.0
    delete_seconds: float = 5.0
    change_seconds: float = 2.0
    backup_seconds: float = 60.0


@dataclass(frozen=True, kw_only=True)
class Account(Durations):
    """
    What is the same for every request.

    Args:
        access_keys: Who may call; the first one is the tests'.
        regions: The first one is the default.
        retired_classes: Classes that are no longer sold.
        site: Where the account was opened, one of *SITES*.
        temper: How kind the cloud is.
    """

    access_keys: tuple[AccessKey, ...]
    regions: tuple[Region, ...]
    retired_classes: tuple[str, ...] = ()
    site: str = CHINA
    temper: Temper = field(default_factory=Temper)

    def key(self, access_key_id: str) -> AccessKey | None:
        """
        Return an access key by its id, or None.
        """
        every = self.access_keys
        return next((found for found in every if found.id == access_key_id), None)

    def region(self, region_id: str) -> Region | None:
        """
        Return a region by its id, or None.
        """
        return next((found for found in self.regions if found.id == region_id), None)
