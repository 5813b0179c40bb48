"""
The backup policy: DescribeBackupPolicy and ModifyBackupPolicy.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from pulumi_rdsclone.cloud.aspects.codec import (
    AspectCodec,
    Request,
    to_parameters,
)
from pulumi_rdsclone.cloud.reading import (
    Answer,
    is_on,
    read_int,
    read_text,
)
from pulumi_rdsclone.domain.aspect_reading import AspectReading
from pulumi_rdsclone.domain.aspects import Aspect
from pulumi_rdsclone.domain.changes import AspectChange
from pulumi_rdsclone.domain.instances import SQL_SERVER
from pulumi_rdsclone.domain.times import in_week_order

_LOCAL_LOGS: Final = (
    "LocalLogRetentionHours",
    "LocalLogRetentionSpace",
    "HighSpaceUsageProtection",
)
"""What MySQL needs again with each change of its log backup."""

_RETENTION: Final = "backup_policy.retention_days"
_LOG_BACKUP: Final = "backup_policy.log_backup"
_LOG_RETENTION: Final = "backup_policy.log_retention_days"
_OF_DATA_BACKUP: Final = frozenset(
    {"backup_policy.days", "backup_policy.time", _RETENTION}
)


def read_backup_policy(answer: Answer) -> AspectReading:
    """
    Read the answer of DescribeBackupPolicy.
    """
    days = in_week_order(read_text(answer, "PreferredBackupPeriod").split(","))
    values = {
        "backup_policy.days": days or None,
        "backup_policy.time": read_text(answer, "PreferredBackupTime") or None,
        "backup_policy.retention_days": read_int(answer, "BackupRetentionPeriod")
        or None,
        _LOG_BACKUP: is_on(_word(answer, "BackupLog")),
        _LOG_RETENTION: read_int(answer, "LogBackupRetentionPeriod") or None,
    }
    return AspectReading(
        fields={path: value for path, value in values.items() if value is not None},
        log_backup_frequency=read_text(answer, "LogBackupFrequency") or None,
        local_logs={n: text for n in _LOCAL_LOGS if (text := _word(answer, n))},
    )


def _word(answer: Answer, name: str) -> str:
    """
    Return the text *name*, which may be a number or a boolean.
    """
    is_number = isinstance(answer.get(name), int)
    return str(answer[name]) if is_number else read_text(answer, name)


def _change_backup_policy(change: AspectChange) -> Iterator[Request]:
    """
    Change what differs; logs must not be kept for longer than data backups.

    Source: ModifyBackupPolicy, LogBackupRetentionPeriod.
    """
    differs = {path for path in change.new if change.differing(path) is not None}
    if change.instance.engine == SQL_SERVER:
        # Source: ModifyBackupPolicy, its logs belong to the policy for data.
        yield _data_backup(change, **_log_schedule(change))
        return
    most = change.differing(_RETENTION)
    shorter = most is not None and most < (change.old.at(_RETENTION) or 0)
    outlived = shorter and (_log_retention(change) or 0) > most
    data = [_data_backup(change)] if differs & _OF_DATA_BACKUP else []
    log = [_log_backup(change)] if differs - _OF_DATA_BACKUP or outlived else []
    yield from (*log, *data) if shorter else (*data, *log)


def _data_backup(change: AspectChange, **logs: str | None) -> Request:
    days = change.desired("backup_policy.days")
    return "ModifyBackupPolicy", to_parameters(
        BackupPolicyMode="DataBackupPolicy",
        PreferredBackupPeriod=",".join(days) if days else None,
        PreferredBackupTime=change.desired("backup_policy.time"),
        BackupRetentionPeriod=change.desired(_RETENTION),
        **logs,
    )


def _log_schedule(change: AspectChange) -> dict[str, str | None]:
    """
    Return the log backup of SQL Server: a change of its data backups resets it.

    Source: ModifyBackupPolicy, BackupLog and LogBackupFrequency.
    """
    if change.desired(_LOG_BACKUP):
        return {"BackupLog": "Enable"}
    if change.differing(_LOG_BACKUP) is not None:
        return {"BackupLog": "Disabled"}
    return {"LogBackupFrequency": change.old.log_backup_frequency}


def _log_backup(change: AspectChange) -> Request:
    on = change.desired(_LOG_BACKUP)
    days = (_log_retention(change), change.desired(_RETENTION))
    return "ModifyBackupPolicy", to_parameters(
        BackupPolicyMode="LogBackupPolicy",
        BackupLog="Enable" if on else "Disabled",
        EnableBackupLog="1" if on else "0",
        LogBackupRetentionPeriod=min(days) if all(days) else days[0],
        **change.old.local_logs,
    )


def _log_retention(change: AspectChange) -> int | None:
    """
    Return how many days logs are kept; of MariaDB the declared value alone.

    Source: ModifyBackupPolicy, LogBackupRetentionPeriod is not for MariaDB.
    """
    is_own = change.instance.engine != "MariaDB"
    values = change.desired if is_own else change.new.get
    days: int | None = values(_LOG_RETENTION)
    return days


BACKUPS: Final[Mapping[Aspect, AspectCodec]] = {
    Aspect.BACKUP_POLICY: AspectCodec(
        change=_change_backup_policy,
        parameters={
            "backup_policy.days": "ModifyBackupPolicy.PreferredBackupPeriod",
            "backup_policy.time": "ModifyBackupPolicy.PreferredBackupTime",
            _RETENTION: "ModifyBackupPolicy.BackupRetentionPeriod",
            _LOG_BACKUP: "ModifyBackupPolicy.BackupLog",
            _LOG_RETENTION: "ModifyBackupPolicy.LogBackupRetentionPeriod",
        },
        read_action="DescribeBackupPolicy",
        read=read_backup_policy,
    ),
}
