"""
The facts about a source and its surroundings that checks use, or why one is missing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import TypeVar

from pulumi_rdsclone.domain.accounts import DatabaseAccount
from pulumi_rdsclone.domain.backups import (
    BackupPolicy,
    BackupSet,
    Contents,
    NoWindow,
    RecoveryWindow,
)
from pulumi_rdsclone.domain.demand import Demand
from pulumi_rdsclone.domain.engine_parameters import ParameterTemplate
from pulumi_rdsclone.domain.instances import Instance
from pulumi_rdsclone.domain.market import ClassOffer, Price, VSwitch, ZoneOffer
from pulumi_rdsclone.domain.neighbours import Neighbour


class Missing(Enum):
    """
    Why a fact is missing.
    """

    NOT_NEEDED = "not needed"
    """Nothing that was declared depends on it."""

    DEFERRED = "deferred"
    """It cannot be read before an input is known."""

    UNVERIFIED = "unverified"
    """It was asked for and could not be read."""


T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Facts:
    """
    The facts that rules may use, by these names.

    Attributes:
        exists: Whether the source is an instance of this region and account.
        source: The source as it is now.
        backup_policy: The backup policy of the source.
        backup_sets: All data backups of the source.
        window: Which of its seconds can be restored.
        migrations: Databases that are being imported into the source.
        tasks: Names of the tasks that run on the source.
        zone_offers: The offers of the zones for the source's engine and version.
        class_offers: The classes sold for the clone's zone, edition and disk.
        vswitches: All vSwitches of the clone's VPC.
        contents: The databases and tables in the backup that is to be restored.
        price: What the clone would cost.
        price_per_hour: What an hour of the clone would cost at most; asked for only
            where that is limited.
        parameter_templates: The parameters of the source's engine and version.
        source_parameters: The values of the source's parameters, by their names.
        accounts: The accounts that the source has now, by their names.
        others: The clones that the program has declared before.
        adopts: Whether the clone exists already and is only adopted.
        instances: How many instances the region has; asked for only where that is
            limited.
        demand: What the clone needs together with others of the program.
        now: The present instant in UTC.
    """

    exists: bool | Missing = Missing.NOT_NEEDED
    source: Instance | Missing = Missing.NOT_NEEDED
    backup_policy: BackupPolicy | Missing = Missing.NOT_NEEDED
    backup_sets: tuple[BackupSet, ...] | Missing = Missing.NOT_NEEDED
    window: RecoveryWindow | NoWindow | Missing = Missing.NOT_NEEDED
    migrations: tuple[str, ...] | Missing = Missing.NOT_NEEDED
    tasks: tuple[str, ...] | Missing = Missing.NOT_NEEDED
    zone_offers: tuple[ZoneOffer, ...] | Missing = Missing.NOT_NEEDED
    class_offers: tuple[ClassOffer, ...] | Missing = Missing.NOT_NEEDED
    vswitches: tuple[VSwitch, ...] | Missing = Missing.NOT_NEEDED
    contents: Contents | Missing = Missing.NOT_NEEDED
    price: Price | Missing = Missing.NOT_NEEDED
    price_per_hour: Price | Missing = Missing.NOT_NEEDED
    parameter_templates: tuple[ParameterTemplate, ...] | Missing = Missing.NOT_NEEDED
    source_parameters: Mapping[str, str] | Missing = Missing.NOT_NEEDED
    accounts: Mapping[str, DatabaseAccount] | Missing = Missing.NOT_NEEDED
    others: tuple[Neighbour, ...] | Missing = Missing.NOT_NEEDED
    adopts: bool | Missing = Missing.NOT_NEEDED
    instances: int | Missing = Missing.NOT_NEEDED
    demand: Demand | Missing = Missing.NOT_NEEDED
    now: datetime | Missing = Missing.NOT_NEEDED


def known_or_none(fact: T | Missing) -> T | None:
    """
    Return *fact*, or None where it is missing.
    """
    return None if isinstance(fact, Missing) else fact
