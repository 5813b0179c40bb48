"""
What the emulated cloud consists of: plain, frozen values.

Nothing here knows the API's spelling, the database or the time.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from rds_emulator.belongings import (
    DEFAULT_RESOURCE_GROUP,
    LOOPBACK_ONLY,
    DatabaseAccount,
    IpGroup,
    PublicEndpoint,
    Ssl,
    Tde,
)
from rds_emulator.temper import Temper
from rds_emulator.upkeep import AutoRenewal, Hba, HighAvailability

CHINA, INTERNATIONAL = "china", "international"
SITES = (CHINA, INTERNATIONAL)
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
    """

    id: str
    zone: str
    cidr: str
    exhausted: bool = False
    name: str = ""


@dataclass(frozen=True, kw_only=True)
class Vpc:
    """
    A virtual private cloud and its switches.
    """

    id: str
    vswitches: tuple[VSwitch, ...] = ()


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
        Find a VPC of this region.
        """
        return next((vpc for vpc in self.vpcs if vpc.id == vpc_id), None)

    def vswitch(self, vswitch_id: str) -> VSwitch | None:
        """
        Find a vSwitch in any VPC of this region.
        """
        every = (vswitch for vpc in self.vpcs for vswitch in vpc.vswitches)
        return next((found for found in every if found.id == vswitch_id), None)


@dataclass(frozen=True, kw_only=True)
class Account:
    """
    What is the same for every request: keys, regions, classes, durations, temper.

    All seconds are emulated. *site* is where the account was opened.
    """

    access_keys: tuple[AccessKey, ...]
    regions: tuple[Region, ...]
    retired_classes: tuple[str, ...] = ()
    site: str = CHINA
    clone_seconds: float = 120.0
    delete_seconds: float = 5.0
    change_seconds: float = 2.0
    temper: Temper = field(default_factory=Temper)

    def key(self, access_key_id: str) -> AccessKey | None:
        """
        Find an access key by its id.
        """
        every = self.access_keys
        return next((found for found in every if found.id == access_key_id), None)

    def region(self, region_id: str) -> Region | None:
        """
        Find a region by its id.
        """
        return next((found for found in self.regions if found.id == region_id), None)


@dataclass(frozen=True, kw_only=True)
class BackupPolicy:
    """
    When an instance is backed up and how long logs and sets are kept.

    *log_lag_seconds* is how far the newest restorable second is behind now, for
    SQL Server how long a log file is; *log_since* is when log backup was
    switched on. *pitr_protection* is MySQL's newer form of log backup.
    *enable_backup_log_on* and *backup_log_on* are the words for "on" in the
    fields EnableBackupLog and BackupLog: the pages disagree about them. Without
    a *released_keep_policy* the default of the disk holds.
    """

    data_retention_days: int = 7
    preferred_days: tuple[str, ...] = ("Monday", "Wednesday", "Friday", "Sunday")
    preferred_time: str = "18:00Z-19:00Z"
    log_enabled: bool = True
    log_retention_days: int = 7
    log_lag_seconds: int = 5
    log_since: datetime | None = None
    pitr_protection: bool = False
    pitr_retention_days: int = 7
    local_log_hours: int = 18
    local_log_space: int = 30
    local_log_files: int = 60
    high_space_usage_protection: bool = True
    compress_type: str = ""
    category: str = "Standard"
    released_keep_policy: str | None = None
    enable_backup_log_on: str = "1"
    backup_log_on: str = "Enable"


@dataclass(frozen=True, kw_only=True)
class LogGap:
    """
    A stretch of time for which no log was kept.
    """

    begin: datetime
    end: datetime


@dataclass(frozen=True, kw_only=True)
class Migration:
    """
    An import of a backup file into SQL Server.
    """

    task_id: str
    created: datetime
    db_name: str = "app"
    status: str = "Running"
    backup_mode: str = "FULL"
    ended: datetime | None = None
    description: str = ""


@dataclass(frozen=True, kw_only=True)
class Task:
    """
    A task of an instance, as DescribeTasks tells it.
    """

    task_id: str
    began: datetime
    action: str = "CreateBackup"
    status: str = "Running"
    progress: str = "0"


@dataclass(frozen=True, kw_only=True)
class Serverless:
    """
    The range in which a serverless instance scales, in RCU.
    """

    min_capacity: float
    max_capacity: float
    auto_pause: bool | None = None
    switch_force: bool | None = None


@dataclass(frozen=True, kw_only=True)
class RestoredFrom:
    """
    What a clone was made from: the real API does not tell, the emulator does.

    Exactly one of *backup_id* and *time* is the order's; *databases* is empty
    for a full clone.
    """

    source_instance_id: str
    backup_id: str | None = None
    time: datetime | None = None
    databases: tuple[str, ...] = ()
    table_meta: str | None = None


@dataclass(frozen=True, kw_only=True)
class Step:
    """
    A status in the course of an instance, and how many emulated seconds it lasts.

    Without seconds it lasts until something else changes it.
    """

    status: str
    seconds: float | None = None


@dataclass(frozen=True, kw_only=True)
class PastTags:
    """
    The tags that an instance had until an instant.
    """

    tags: Mapping[str, str]
    until: datetime


@dataclass(frozen=True, kw_only=True)
class PastAccounts:
    """
    The accounts that an instance had until an instant.
    """

    accounts: tuple[DatabaseAccount, ...]
    until: datetime


@dataclass(frozen=True, kw_only=True)
class Instance:
    """
    A database instance.

    *becomes* and *becomes_at* announce the status change that is under way;
    *course* has the steps from that one on, when they were ordered. *past_tags*
    are kept while lists may still show them, the oldest first, *past_accounts* for
    clones of the past. *coming* has the
    fields that change when the course ends, in JSON. *converted* is when the
    billing method was last changed. *parameters* are those of the engine that were
    set, *pending_parameters* those that wait for a restart.
    """

    # The store has one object for each document, so identity tells enough for a
    # cache, and the fields need not be hashable.
    __hash__ = object.__hash__

    id: str
    region: str
    engine: str
    engine_version: str
    category: str
    instance_class: str
    storage_gb: int
    storage_type: str
    zones: tuple[str, ...]
    connection_string: str
    port: int
    created: datetime
    instance_type: str = "Primary"
    status: str = "Running"
    lock_mode: str = "Unlock"
    lock_reason: str = ""
    description: str = ""
    network_type: str = "VPC"
    vpc_id: str = ""
    vswitch_ids: tuple[str, ...] = ()
    private_ip: str = ""
    public_endpoint: PublicEndpoint | None = None
    pay_type: str = "Postpaid"
    expires: datetime | None = None
    deletion_protection: bool = False
    tags: Mapping[str, str] = field(default_factory=dict)
    serverless: Serverless | None = None
    bursting: bool = False
    io_acceleration: bool = False
    auto_renewal: AutoRenewal = field(default_factory=AutoRenewal)
    converted: datetime | None = None
    auto_upgrade_minor_version: str = "Auto"
    high_availability: HighAvailability = field(default_factory=HighAvailability)
    parameters: Mapping[str, str] = field(default_factory=dict)
    pending_parameters: Mapping[str, str] = field(default_factory=dict)
    hba: Hba = field(default_factory=Hba)
    sql_audit: bool = False
    monitor_period: int = 300
    master_id: str | None = None
    maintain_time: str = "18:00Z-22:00Z"
    ip_groups: tuple[IpGroup, ...] = LOOPBACK_ONLY
    accounts: tuple[DatabaseAccount, ...] = ()
    resource_group_id: str = DEFAULT_RESOURCE_GROUP
    ssl: Ssl | None = None
    tde: Tde | None = None
    backup_policy: BackupPolicy = field(default_factory=BackupPolicy)
    log_gaps: tuple[LogGap, ...] = ()
    migrations: tuple[Migration, ...] = ()
    tasks: tuple[Task, ...] = ()
    databases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    restored_from: RestoredFrom | None = None
    becomes: str | None = None
    becomes_at: datetime | None = None
    course: tuple[Step, ...] = ()
    coming: Mapping[str, object] = field(default_factory=dict)
    past_tags: tuple[PastTags, ...] = ()
    past_accounts: tuple[PastAccounts, ...] = ()
    what: str = ""


@dataclass(frozen=True, kw_only=True)
class Backup:
    """
    A backup set; its restorable instant is its end.
    """

    id: str
    instance_id: str
    started: datetime
    ended: datetime
    status: str = "Success"
    method: str = "Physical"
    mode: str = "Automated"
    type: str = "FullBackup"
    available: bool = True
    meta_status: str = "OK"
    size_bytes: int = 2_147_483_648

    @property
    def usable(self) -> bool:
        """
        Whether a clone can be made from this set.
        """
        return self.status == "Success" and self.available and self.method != "Logical"


@dataclass(frozen=True, kw_only=True)
class StatusChange:
    """
    An instance got *status* at an emulated instant, at *wall* in real time.

    *wall* is in seconds since the epoch. It is when the change became due,
    whether or not anybody asked at that moment. *keep_policy* is what a release
    asked for its backup sets.
    """

    status: str
    at: datetime
    wall: float
    keep_policy: str | None = None
