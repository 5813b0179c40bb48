"""
Backups.
"""

from datetime import datetime, timedelta
from typing import Final

from pulumi_rdsclone.domain.backups import (
    BackupPolicy,
    BackupSet,
    NoWindow,
    RecoveryWindow,
)
from pulumi_rdsclone.domain.checking import Finding, Rules
from pulumi_rdsclone.domain.instances import SQL_SERVER, Instance
from pulumi_rdsclone.domain.problems import Severity, named
from pulumi_rdsclone.domain.restoring import is_by_time, newest_usable
from pulumi_rdsclone.domain.spec import CloneSpec
from pulumi_rdsclone.domain.times import format_instant

RULES = Rules()

_POINT: Final = ("restore_point", "restore_point.time", "restore_point.latest")
_BY_SET: Final = "restore a backup set with backup_id or latest: backup"
_SWITCH_ON: Final = f"enable log backups for later times, or {_BY_SET}"


@RULES.check("data-backup-on", "source_instance_id", severity=Severity.WARNING)
def data_is_backed_up(spec: CloneSpec, backup_policy: BackupPolicy) -> Finding | None:
    """
    Data backups are scheduled: without new ones the old ones run out.

    Source: the prerequisites of cloning of 2018, which want data backup on; later
    texts want one completed set only, so this warns.
    """
    if backup_policy.data:
        return None
    return Finding(
        f"no data backups of {named(spec.source_instance_id)} are scheduled",
        "choose at least two days a week in its backup policy",
    )


@RULES.check("log-backup-on", *_POINT)
def logs_are_backed_up(
    spec: CloneSpec, backup_policy: BackupPolicy, source: Instance
) -> Finding | None:
    """
    A point in time needs log backups.

    Source: the prerequisites of cloning in the product documentation;
    DescribeBackupPolicy. PITR protection counts as log backup. SQL Server's logs are
    always backed up: its flags are on only where that is done every five minutes.
    """
    if backup_policy.log or not is_by_time(spec.restore_point):
        return None
    if source.engine == SQL_SERVER or keeps_no_logs(source):
        return None
    return Finding(
        f"log backups of {named(spec.source_instance_id)} are disabled, so no point in "
        "time can be restored",
        _SWITCH_ON,
    )


@RULES.check("log-backup-edition", *_POINT)
def edition_has_log_backup(spec: CloneSpec, source: Instance) -> Finding | None:
    """
    PostgreSQL on RDS Basic Edition has no log backup, so no point in time.

    Source: the user guide of restoring PostgreSQL instances.
    """
    if not keeps_no_logs(source) or not is_by_time(spec.restore_point):
        return None
    return Finding(
        f"{named(spec.source_instance_id)} is PostgreSQL of edition Basic, which has "
        "no log backups",
        _BY_SET,
    )


_WAYS_OUT: Final = {
    NoWindow.LOG_BACKUP_OFF: _SWITCH_ON,
    NoWindow.NO_BACKUP: f"wait for a full backup, or {_BY_SET}",
    NoWindow.NOT_TOLD: _BY_SET,
}


@RULES.check("window-known", *_POINT)
def a_window_is_told(
    spec: CloneSpec,
    window: RecoveryWindow | NoWindow,
    backup_policy: BackupPolicy | None = None,
) -> Finding | None:
    """
    Something can be restored by time: logs, and a full backup before them.

    Source: error codes LogBackupNotEnabled, InvalidBackup.NotFound and
    InvalidBinlog.NotFound of DescribeLocalAvailableRecoveryTime.
    """
    if isinstance(window, RecoveryWindow) or window is NoWindow.NOT_NOW:
        return None
    if not is_by_time(spec.restore_point):
        return None
    policy_says_so = backup_policy is not None and not backup_policy.log
    if window is NoWindow.LOG_BACKUP_OFF and policy_says_so:
        return None
    return Finding(
        f"{named(spec.source_instance_id)} has no restorable time: {window.value}",
        _WAYS_OUT[window],
    )


@RULES.check("time-in-window", "restore_point.time")
def time_is_restorable(
    spec: CloneSpec, window: RecoveryWindow | NoWindow
) -> Finding | None:
    """
    The restore time lies inside the restorable window and in no gap of the logs.

    Source: DescribeLocalAvailableRecoveryTime; for SQL Server the full backup sets
    and DescribeLogBackupFiles, a combination that is inferred.
    """
    time = spec.restore_point.time
    if time is None or isinstance(window, NoWindow) or window.holds(time):
        return None
    before, after = window.neighbours(time)
    if before is None:
        place = "is before the oldest restorable time"
    elif after is None:
        place = "is after the newest restorable time"
    else:
        place = "is in a gap of the log backups"
    nearest = " and ".join(format_instant(t) for t in (before, after) if t)
    verb = "are" if before and after else "is"
    return Finding(
        f"{format_instant(time)} {place}",
        f"choose a time from {format_instant(window.begin)} to "
        f"{format_instant(window.end)}; the nearest {verb} {nearest}",
    )


@RULES.check("backup-exists", "restore_point.backup_id")
def backup_set_is_the_sources(
    spec: CloneSpec, backup_sets: tuple[BackupSet, ...]
) -> Finding | None:
    """
    The named backup set is one of the source's own.

    Sets of other instances and regions are for other API actions.
    """
    wanted = spec.restore_point.backup_id
    if wanted is None or _named(wanted, backup_sets):
        return None
    return Finding(
        f"{named(spec.source_instance_id)} has no backup set {named(wanted)}",
        _advise(backup_sets),
    )


@RULES.check("backup-usable", "restore_point.backup_id")
def backup_set_is_usable(
    spec: CloneSpec, backup_sets: tuple[BackupSet, ...]
) -> Finding | None:
    """
    The named backup set succeeded, is available and is not a logical dump.

    Source: DescribeBackups (BackupStatus, IsAvail, BackupMethod) and the user guide
    of restoring MySQL instances.
    """
    wanted = spec.restore_point.backup_id
    backup = _named(wanted, backup_sets)
    if backup is None or backup.usable:
        return None
    return Finding(f"the backup set {backup.id} {backup.why_not}", _advise(backup_sets))


@RULES.check("backup-latest", "restore_point.latest", "restore_point.before")
def some_backup_set_is_usable(
    spec: CloneSpec, backup_sets: tuple[BackupSet, ...]
) -> Finding | None:
    """
    With `latest: backup` at least one usable set exists, before *before* if given.

    Source: the prerequisites of cloning in the product documentation.
    """
    point = spec.restore_point
    if point.latest != "backup" or newest_usable(backup_sets, point.before):
        return None
    limit = f" that ended before {format_instant(point.before)}" if point.before else ""
    return Finding(
        f"{named(spec.source_instance_id)} has no usable backup set{limit}",
        _advise(backup_sets, point.before),
    )


_STALE: Final = timedelta(days=8)


@RULES.check(
    "backup-fresh",
    "restore_point.latest",
    "restore_point.before",
    severity=Severity.WARNING,
)
def newest_backup_set_is_recent(
    spec: CloneSpec, backup_sets: tuple[BackupSet, ...], now: datetime
) -> Finding | None:
    """
    With `latest: backup` the newest usable set is not older than eight days.

    Data is backed up at least twice a week, says the user guide: an older set is a
    sign that backups fail.
    """
    point = spec.restore_point
    newest = newest_usable(backup_sets)
    if point.latest != "backup" or point.before or newest is None:
        return None
    age = now - newest.ended
    if age <= _STALE:
        return None
    return Finding(
        f"the newest usable backup set {newest.id} is {age.days} days old, so later "
        "changes will not be in the clone",
        "find out why the source has no newer backup set",
    )


def keeps_no_logs(source: Instance) -> bool:
    """
    Return whether *source* cannot back up its logs: PostgreSQL on RDS Basic Edition.
    """
    return (source.engine, source.edition.casefold()) == ("PostgreSQL", "basic")


def _named(wanted: str | None, backup_sets: tuple[BackupSet, ...]) -> BackupSet | None:
    return next((b for b in backup_sets if b.id == wanted), None)


def _advise(backup_sets: tuple[BackupSet, ...], before: datetime | None = None) -> str:
    newest = newest_usable(backup_sets)
    if newest is None:
        return "create a backup of the source first"
    other = (
        "remove before, or set before to a later time"
        if before
        else "choose another backup set"
    )
    ended = format_instant(newest.ended)
    return f"{other}; the newest usable one is {newest.id} of {ended}"
