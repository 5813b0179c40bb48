"""
What was learnt about a source and its surroundings, or why it was not.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any

from pulumi_rdsclone.domain.accounts import DatabaseAccount
from pulumi_rdsclone.domain.backups import (
    BackupPolicy,
    BackupSet,
    Contents,
    NoWindow,
    RecoveryWindow,
)
from pulumi_rdsclone.domain.demand import Demand
from pulumi_rdsclone.domain.instances import Instance
from pulumi_rdsclone.domain.market import ClassOffer, Price, VSwitch, ZoneOffer
from pulumi_rdsclone.domain.neighbours import Neighbour
from pulumi_rdsclone.domain.tuning import ParameterTemplate


class Gap(Enum):
    """
    Why a fact is not there.
    """

    NOT_NEEDED = "not needed"
    """Nothing that was declared depends on it."""

    DEFERRED = "deferred"
    """It cannot be asked for before an input is known."""

    UNVERIFIED = "unverified"
    """It was asked for and not told."""


@dataclass(frozen=True, kw_only=True)
class Facts:
    """
    What the rules may ask for, by these names.

    Attributes:
        exists: Whether the source is an instance of this region and account.
        source: The source as it is now.
        backup_policy: What of the source is backed up.
        backup_sets: All data backups of the source.
        window: Which of its seconds can be restored.
        migrations: Databases that are being imported into the source.
        tasks: Names of the tasks that run on the source.
        zone_offers: What the zones sell for the source's engine and version.
        class_offers: The classes sold for the clone's zone, edition and disk.
        vswitches: All vSwitches of the clone's VPC.
        contents: What the backup holds that is to be restored.
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

    exists: bool | Gap = Gap.NOT_NEEDED
    source: Instance | Gap = Gap.NOT_NEEDED
    backup_policy: BackupPolicy | Gap = Gap.NOT_NEEDED
    backup_sets: tuple[BackupSet, ...] | Gap = Gap.NOT_NEEDED
    window: RecoveryWindow | NoWindow | Gap = Gap.NOT_NEEDED
    migrations: tuple[str, ...] | Gap = Gap.NOT_NEEDED
    tasks: tuple[str, ...] | Gap = Gap.NOT_NEEDED
    zone_offers: tuple[ZoneOffer, ...] | Gap = Gap.NOT_NEEDED
    class_offers: tuple[ClassOffer, ...] | Gap = Gap.NOT_NEEDED
    vswitches: tuple[VSwitch, ...] | Gap = Gap.NOT_NEEDED
    contents: Contents | Gap = Gap.NOT_NEEDED
    price: Price | Gap = Gap.NOT_NEEDED
    price_per_hour: Price | Gap = Gap.NOT_NEEDED
    parameter_templates: tuple[ParameterTemplate, ...] | Gap = Gap.NOT_NEEDED
    source_parameters: Mapping[str, str] | Gap = Gap.NOT_NEEDED
    accounts: Mapping[str, DatabaseAccount] | Gap = Gap.NOT_NEEDED
    others: tuple[Neighbour, ...] | Gap = Gap.NOT_NEEDED
    adopts: bool | Gap = Gap.NOT_NEEDED
    instances: int | Gap = Gap.NOT_NEEDED
    demand: Demand | Gap = Gap.NOT_NEEDED
    now: datetime | Gap = Gap.NOT_NEEDED


def told(fact: Any) -> Any:
    """
    Give *fact*, or None where it is not there.
    """
    return None if isinstance(fact, Gap) else fact
