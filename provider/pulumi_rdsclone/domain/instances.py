"""
Instances as the API reports them, and the meaning of their statuses.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum


class StatusKind(Enum):
    """
    The meaning of a status for a wait until a clone is usable.
    """

    READY = "ready"
    BUSY = "busy"
    FAILED = "failed"


SQL_SERVER = "SQLServer"
"""The engine that differs most: its window is not told, its databases keep names."""

PORTS = {"MySQL": 3306, "MariaDB": 3306, "PostgreSQL": 5432, SQL_SERVER: 1433}
"""The engines' own ports."""

GONE = "gone"
"""Our own word for the status of an instance that the API knows not to exist."""

UNSEEN = "unknown"
"""Our own word for the status of an instance before the first answer."""

NOT_VISIBLE = "not visible"
"""Our own word for the status of a new instance that no call shows yet."""

_STATUS_KINDS = {
    GONE: StatusKind.FAILED,
    "Running": StatusKind.READY,
    "Deleting": StatusKind.FAILED,
    "Released": StatusKind.FAILED,
}


def status_kind(status: str) -> StatusKind:
    """
    Return the meaning of *status* for a clone that is being created.

    An unknown status counts as busy: a new status of the cloud may slow a deployment
    down, but must not break it.

    Args:
        status: DBInstanceStatus, spelled as the API spells it, or *GONE*.
    """
    return _STATUS_KINDS.get(status, StatusKind.BUSY)


@dataclass(frozen=True, kw_only=True)
class InstanceSummary:
    """
    An instance as list calls report it.
    """

    id: str
    status: str
    created: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Instance:
    """
    One RDS instance, source or clone.

    Attributes:
        id: Such as rm-uf6wjk5xxxx.
        region: Region id.
        status: DBInstanceStatus, as the API spells it.
        lock_mode: LockMode, as the API spells it; "Unlock" is free.
        role: DBInstanceType: Primary, Readonly, Guard or Temp.
        zones: The primary's zone first.
        storage_gb: In GB.
        serverless: Scaling limits in the words of the specification.
        payment: PayAsYouGo, Subscription or Serverless.
        port: Of the private endpoint.
        created, expires: In UTC; *expires* of a subscription only.
    """

    id: str
    region: str
    status: str
    lock_mode: str
    role: str
    engine: str
    engine_version: str
    edition: str
    zones: tuple[str, ...]
    instance_class: str
    storage_gb: int
    storage_type: str
    payment: str
    network_type: str
    description: str
    deletion_protection: bool
    vpc_id: str | None = None
    vswitch_ids: tuple[str, ...] = ()
    serverless: dict[str, object] | None = None
    connection_string: str | None = None
    port: int | None = None
    bursting: bool = False
    io_acceleration: bool = False
    maintenance_window: str | None = None
    minor_version_upgrade: str | None = None
    resource_group_id: str | None = None
    created: datetime | None = None
    expires: datetime | None = None
