"""
Backups: sets, policy, logs, the recovery window, the content of a backup.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeVar

from pulumi_rdsclone.cloud.reading import (
    Answer,
    is_on,
    read_id,
    read_int,
    read_required_text,
    read_text,
)
from pulumi_rdsclone.cloud.wire.pages import records_in
from pulumi_rdsclone.cloud.wire.values import split_list, to_instant
from pulumi_rdsclone.domain.backups import (
    BackupPolicy,
    BackupSet,
    RecoveryWindow,
    Span,
)
from pulumi_rdsclone.domain.restoring import Restore
from pulumi_rdsclone.domain.times import format_instant, parse_instant

T = TypeVar("T")


def to_backup_sets(answer: Answer) -> tuple[BackupSet, ...]:
    """
    Return the backup sets on one page of DescribeBackups.

    A missing IsAvail counts as available.
    """
    return tuple(
        BackupSet(
            id=read_id(item, "BackupId"),
            succeeded=item.get("BackupStatus") == "Success",
            available=str(item.get("IsAvail", 1)) == "1",
            method=_read_leniently(read_text, item, name="BackupMethod") or "",
            full=item.get("BackupType") != "IncrementalBackup",
            listed=item.get("MetaStatus", "OK") == "OK",
            ended=parse_instant(item["BackupEndTime"]),
            started=_read_leniently(_read_instant, item, name="BackupStartTime"),
            size_bytes=_read_leniently(_read_size, item, name="BackupSize"),
        )
        for item in records_in("DescribeBackups", answer)
        if item.get("BackupEndTime")
    )


def _read_leniently(
    read: Callable[[Answer, str], T], item: Answer, *, name: str
) -> T | None:
    """
    Return the value *name*, which is only displayed; None if it is malformed.
    """
    try:
        return read(item, name)
    except (TypeError, ValueError, ArithmeticError):
        return None


def _read_size(item: Answer, name: str) -> int | None:
    size = read_int(item, name, default=-1)
    return size if size >= 0 else None


def _read_instant(item: Answer, name: str) -> datetime | None:
    return to_instant(read_text(item, name))


def to_window(answer: Answer) -> RecoveryWindow:
    """
    Return the window in the answer of DescribeLocalAvailableRecoveryTime.
    """
    begin, end = answer["RecoveryBeginTime"], answer["RecoveryEndTime"]
    return RecoveryWindow((Span(parse_instant(begin), parse_instant(end)),))


def to_backup_policy(answer: Answer) -> BackupPolicy:
    """
    Return the policy in the answer of DescribeBackupPolicy.

    Data backup has no switch: it is on when days and a retention are set. Log backup is
    also on when PITR protection, its newer form, is on; ModifyBackupPolicy switches
    BackupLog alone, see `aspects.backups`.
    """
    flags = ("EnableBackupLog", "BackupLog", "EnablePitrProtection")
    kept = read_int(answer, "BackupRetentionPeriod")
    return BackupPolicy(
        data=bool(answer.get("PreferredBackupPeriod")) and kept > 0,
        log=any(is_on(answer.get(flag)) for flag in flags),
        retention_days=kept or None,
    )


def from_restore(restore: Restore) -> dict[str, str]:
    """
    Return the parameters of DescribeMetaList that name a restore point.
    """
    if restore.backup_id:
        return {"RestoreType": "BackupSetID", "BackupSetID": restore.backup_id}
    time = format_instant(restore.time) if restore.time else ""
    return {"RestoreType": "RestoreTime", "RestoreTime": time}


def to_databases(answer: Answer) -> frozenset[str]:
    """
    Return the databases in one answer of DescribeMetaList.
    """
    return frozenset(
        read_required_text(item, "Database")
        for item in records_in("DescribeMetaList", answer)
    )


def to_tables(answer: Answer, database: str) -> frozenset[str]:
    """
    Return the tables of *database* in one answer of DescribeMetaList.

    Inferred: an entry holds one table, or several with commas between.
    """
    return frozenset(
        f"{database}.{table}"
        for item in records_in("DescribeMetaList", answer)
        for table in split_list(read_text(item, "Tables"))
    )


def to_minutes(span: Span) -> dict[str, str]:
    """
    Return StartTime and EndTime in whole minutes, which hold all of *span*.
    """
    up = timedelta(minutes=1, microseconds=-1)
    begin, end = (f"{t:%Y-%m-%dT%H:%MZ}" for t in (span.begin, span.end + up))
    return {"StartTime": begin, "EndTime": end}


def to_logs(answer: Answer) -> tuple[Span, ...]:
    """
    Return the spans of the logs on one page of DescribeLogBackupFiles.
    """
    return tuple(
        Span(parse_instant(item["LogBeginTime"]), parse_instant(item["LogEndTime"]))
        for item in records_in("DescribeLogBackupFiles", answer)
    )
