"""
Backup sets, and when they and the logs are made and kept.
"""

from dataclasses import dataclass
from datetime import datetime


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
class BackupProperties:
    """
    What a backup set and its entry in a seed file have in common.
    """

    started: datetime
    status: str = "Success"
    method: str = "Physical"
    mode: str = "Automated"
    type: str = "FullBackup"
    available: bool = True
    meta_status: str = "OK"
    size_bytes: int = 2_147_483_648


@dataclass(frozen=True, kw_only=True)
class Backup(BackupProperties):
    """
    A backup set; it restores the moment of its end.

    Args:
        id: What the API calls BackupId.
        instance_id: What was backed up.
        ended: When it was finished, or will be.
        job_id: The job that made it; empty for a set of a seed.
        retention_days: How long it is kept; the policy decides when it is None.
        databases: Those in it; empty for all.
    """

    id: str
    instance_id: str
    ended: datetime
    job_id: str = ""
    retention_days: int | None = None
    databases: tuple[str, ...] = ()

    @property
    def is_scheduled(self) -> bool:
        """
        Whether the schedule made it, in the emulated time.
        """
        return bool(self.job_id) and self.mode == "Automated"

    @property
    def usable(self) -> bool:
        """
        Whether a clone can be made from this set.
        """
        return (
            self.status == "Success"
            and self.available
            and self.method != "Logical"
            and not self.databases
        )
