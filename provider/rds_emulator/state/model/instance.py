"""
A database instance and its past.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from rds_emulator.state.model.access import (
    DEFAULT_RESOURCE_GROUP,
    LOOPBACK_ONLY,
    DatabaseAccount,
    IpGroup,
    PublicEndpoint,
    Ssl,
    Tde,
)
from rds_emulator.state.model.backups import BackupPolicy, LogGap
from rds_emulator.state.model.billing import AutoRenewal
from rds_emulator.state.model.settings import Hba, HighAvailability, StorageGrowth


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
    A task of an instance, as DescribeTasks shows it.
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
class InstanceProperties:
    """
    What an instance and an entry of a seed file have in common.

    Args:
        what: What is special about it, for people.
        converted: When the billing method was last changed.
        parameters: Those of the engine that were set.
        pending_parameters: Those of them that wait for a restart.
    """

    id: str
    engine: str
    category: str
    storage_gb: int
    storage_type: str
    instance_type: str = "Primary"
    status: str = "Running"
    lock_mode: str = "Unlock"
    lock_reason: str = ""
    network_type: str = "VPC"
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
    sql_audit_days: int = 30
    security_groups: tuple[str, ...] = ()
    security_ip_mode: str = "normal"
    storage_growth: StorageGrowth | None = None
    monitor_period: int = 300
    master_id: str | None = None
    maintain_time: str = "18:00Z-22:00Z"
    accounts: tuple[DatabaseAccount, ...] = ()
    resource_group_id: str = DEFAULT_RESOURCE_GROUP
    ssl: Ssl | None = None
    tde: Tde | None = None
    backup_policy: BackupPolicy = field(default_factory=BackupPolicy)
    log_gaps: tuple[LogGap, ...] = ()
    migrations: tuple[Migration, ...] = ()
    tasks: tuple[Task, ...] = ()
    databases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    what: str = ""


@dataclass(frozen=True, kw_only=True)
class Instance(InstanceProperties):
    """
    A database instance.

    Args:
        becomes: The status that comes next.
        becomes_at: When it comes.
        course: The steps from that one on, when the instance is on a course.
        coming: The fields that change when the course ends, in JSON.
        past_tags: Kept while lists may still show them, the oldest first.
        past_accounts: Kept for clones of the past, the oldest first.
    """

    # The store has one object for each document, so identity tells enough for a
    # cache, and the fields need not be hashable.
    __hash__ = object.__hash__

    region: str
    engine_version: str
    instance_class: str
    zones: tuple[str, ...]
    connection_string: str
    port: int
    created: datetime
    description: str = ""
    vpc_id: str = ""
    vswitch_ids: tuple[str, ...] = ()
    private_ip: str = ""
    ip_groups: tuple[IpGroup, ...] = LOOPBACK_ONLY
    restored_from: RestoredFrom | None = None
    becomes: str | None = None
    becomes_at: datetime | None = None
    course: tuple[Step, ...] = ()
    coming: Mapping[str, object] = field(default_factory=dict)
    past_tags: tuple[PastTags, ...] = ()
    past_accounts: tuple[PastAccounts, ...] = ()

    @property
    def is_locked(self) -> bool:
        """
        Whether it is locked, for whatever reason.
        """
        return self.lock_mode not in ("", "Unlock")


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
