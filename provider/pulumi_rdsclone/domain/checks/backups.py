"""
Whether the source's backups hold what the restore point asks for.
"""

from pulumi_rdsclone.domain.checking import Finding, Rules
from pulumi_rdsclone.domain.instances import BackupSet, NoWindow, RecoveryWindow
from pulumi_rdsclone.domain.restoring import newest_usable
from pulumi_rdsclone.domain.spec import CloneSpec
from pulumi_rdsclone.domain.times import format_instant

RULES = Rules()


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
        f"{spec.source_instance_id} has no backup set {wanted}", _advise(backup_sets)
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
    if not backup.succeeded:
        what = "failed"
    elif backup.logical:
        what = "is a logical backup"
    else:
        what = "is not available"
    return Finding(f"backup set {wanted} {what}", _advise(backup_sets))


@RULES.check("backup-latest", "restore_point.latest", "restore_point.before")
def some_backup_set_is_usable(
    spec: CloneSpec, backup_sets: tuple[BackupSet, ...]
) -> Finding | None:
    """
    With `latest: backup` at least one usable set exists, before *before* if given.
    """
    point = spec.restore_point
    if point.latest != "backup" or newest_usable(backup_sets, point.before):
        return None
    limit = f" that ended before {format_instant(point.before)}" if point.before else ""
    return Finding(
        f"{spec.source_instance_id} has no usable backup set{limit}",
        _advise(backup_sets),
    )


@RULES.check("time-in-window", "restore_point.time")
def time_is_restorable(
    spec: CloneSpec, window: RecoveryWindow | NoWindow
) -> Finding | None:
    """
    The restore time lies inside the window that the API tells.

    Source: DescribeLocalAvailableRecoveryTime.
    """
    time = spec.restore_point.time
    if time is None or isinstance(window, NoWindow):
        return None
    if window.begin <= time <= window.end:
        return None
    begin, end = format_instant(window.begin), format_instant(window.end)
    place = "before the oldest" if time < window.begin else "after the newest"
    nearest = begin if time < window.begin else end
    return Finding(
        f"{format_instant(time)} is {place} restorable second",
        f"choose a time from {begin} to {end}, the nearest is {nearest}",
    )


@RULES.check(
    "log-backup-on", "restore_point", "restore_point.time", "restore_point.latest"
)
def logs_allow_a_point_in_time(
    spec: CloneSpec, window: RecoveryWindow | NoWindow
) -> Finding | None:
    """
    A point in time needs log backups and a full backup before it.

    Source: the prerequisites of cloning in the product documentation; error codes
    LogBackupNotEnabled, InvalidBackup.NotFound and InvalidBinlog.NotFound of
    DescribeLocalAvailableRecoveryTime.
    """
    point = spec.restore_point
    if point.time is None and point.latest != "time":
        return None
    match window:
        case NoWindow.LOG_BACKUP_OFF | NoWindow.NO_BACKUP:
            return Finding(
                f"{spec.source_instance_id} has no restorable time: {window.value}",
                "switch log backup on and wait for a full backup, or restore a set "
                "with backup_id or latest: backup",
            )
        case NoWindow.NOT_TOLD if point.latest == "time":
            return Finding(
                f"no newest time is known for {spec.source_instance_id}: "
                f"{window.value}",
                "give a time, or use latest: backup",
            )
    return None


def _named(wanted: str | None, backup_sets: tuple[BackupSet, ...]) -> BackupSet | None:
    return next((b for b in backup_sets if b.id == wanted), None)


def _advise(backup_sets: tuple[BackupSet, ...]) -> str:
    newest = newest_usable(backup_sets)
    if newest is None:
        return "make a backup of the source first: it has no usable set"
    return f"the newest usable set is {newest.id} of {format_instant(newest.ended)}"
