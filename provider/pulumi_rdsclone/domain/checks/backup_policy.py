"""
Backup policy.

RDS would refuse it only after the clone has been ordered.
"""

from typing import Final

from pulumi_rdsclone.domain import backups
from pulumi_rdsclone.domain.checking import Finding, Rules
from pulumi_rdsclone.domain.checks.backups import keeps_no_logs
from pulumi_rdsclone.domain.instances import SQL_SERVER, Instance
from pulumi_rdsclone.domain.model import value_at
from pulumi_rdsclone.domain.spec import CloneSpec

RULES = Rules()

_LEAST_WEEKDAYS: Final = 2
_LEAST, _MOST = 7, 730
_DATA: Final = "backup_policy.retention_days"
_LOGS: Final = "backup_policy.log_retention_days"
_SWITCH: Final = "backup_policy.log_backup"
KEEPING_LOGS: Final = ("MySQL", "PostgreSQL")


@RULES.check("backup-days", "backup_policy.days")
def two_days_are_named(spec: CloneSpec) -> Finding | None:
    """
    An instance is backed up on two days of the week at least.

    Source: ModifyBackupPolicy, PreferredBackupPeriod.
    """
    days = value_at(spec, "backup_policy.days")
    if days is None or len(days) >= _LEAST_WEEKDAYS:
        return None
    named = f"only {days[0]} is" if days else "no day is"
    return Finding(f"{named} set", f"set at least {_LEAST_WEEKDAYS} different days")


@RULES.check("backup-retention", _DATA, _LOGS)
def retention_is_in_range(spec: CloneSpec) -> Finding | None:
    """
    Data and logs are kept for 7 to 730 days.

    Source: ModifyBackupPolicy, BackupRetentionPeriod and LogBackupRetentionPeriod.
    """
    for path in (_DATA, _LOGS):
        days = value_at(spec, path)
        if days is not None and not _LEAST <= days <= _MOST:
            return Finding(
                f"{days} days are not between {_LEAST} and {_MOST} days",
                f"use {_LEAST} to {_MOST}",
                path,
            )
    return None


@RULES.check("log-retention", _LOGS, _DATA)
def logs_are_not_kept_longer(
    spec: CloneSpec, backup_policy: backups.BackupPolicy
) -> Finding | None:
    """
    Logs are not kept for longer than data backups.

    What is not declared is the source's. Source: ModifyBackupPolicy,
    LogBackupRetentionPeriod; the documentation of cloning says that the policy comes
    along.
    """
    logs = value_at(spec, _LOGS)
    data = value_at(spec, _DATA) or backup_policy.retention_days
    if not logs or not data or logs <= data:
        return None
    whose = "" if value_at(spec, _DATA) else " (the current policy)"
    return Finding(
        f"log backups would be kept for {logs} days, but data backups for only {data} "
        f"days{whose}",
        f"set {_DATA} to at least {logs}, or {_LOGS} to at most {data}",
    )


@RULES.check("log-retention-engine", _LOGS, _SWITCH)
def engine_keeps_logs(spec: CloneSpec, source: Instance) -> Finding | None:
    """
    How long logs are kept is set for MySQL and PostgreSQL whose logs are backed up.

    Source: ModifyBackupPolicy, LogBackupRetentionPeriod.
    """
    if value_at(spec, _LOGS) is None:
        return None
    if source.engine not in KEEPING_LOGS:
        return Finding(
            f"{source.engine} does not support a retention of log backups",
            f"remove {_LOGS}",
        )
    if value_at(spec, _SWITCH) is False:
        return Finding(
            "log backups are disabled, so they have no retention",
            f"remove {_LOGS}, or set {_SWITCH} to true",
        )
    return None


@RULES.check("log-backup-switch", _SWITCH)
def log_backup_can_be_switched(spec: CloneSpec, source: Instance) -> Finding | None:
    """
    SQL Server always backs up its logs, PostgreSQL on RDS Basic Edition never.

    Source: ModifyBackupPolicy, BackupLog; the user guide of restoring PostgreSQL
    instances.
    """
    wanted = value_at(spec, _SWITCH)
    if source.engine == SQL_SERVER and wanted is False:
        return Finding(
            "log backups of SQL Server cannot be disabled", f"remove {_SWITCH}"
        )
    if wanted and keeps_no_logs(source):
        return Finding(
            f"PostgreSQL of edition {source.edition} does not support log backups",
            f"remove {_SWITCH}",
        )
    return None
