"""
What the restore point must be like.
"""

from rds_emulator import recovery
from rds_emulator.cloning.case import Case
from rds_emulator.errors import ApiError
from rds_emulator.model import Backup


def backup_is_known(case: Case) -> None:
    """
    Demand that the backup set exists, and is one of this source.
    """
    if case.order.backup_id is not None:
        ordered_backup(case)


def backup_is_physical(case: Case) -> None:
    """
    Refuse a logical set: nothing can be cloned from it.
    """
    if case.order.backup_id and ordered_backup(case).method == "Logical":
        raise ApiError(code="IncorrectBackupSetMethod")


def backup_is_usable(case: Case) -> None:
    """
    Demand a set that succeeded and is still there.
    """
    if case.order.backup_id and not ordered_backup(case).usable:
        raise ApiError(code="IncorrectBackupSetState")


def backup_has_the_type(case: Case) -> None:
    """
    Demand that BackupType, when given, is the type of the set.
    """
    order = case.order
    if not order.backup_id or not order.backup_type:
        return
    if ordered_backup(case).type != order.backup_type:
        raise ApiError(code="InvalidBackupType.Format")


def backup_lists_its_tables(case: Case) -> None:
    """
    Demand, for single tables, a set that knows its tables.
    """
    order = case.order
    if not order.backup_id or not order.table_meta:
        return
    if ordered_backup(case).meta_status != "OK":
        raise ApiError(code="IncorrectBackupSetState")


def logs_are_backed_up(case: Case) -> None:
    """
    Refuse a point in time of a source without log backup.
    """
    if case.order.restore_time and not recovery.backs_up_logs(case.source):
        raise ApiError(code="InvalidBackupLogStatus")


def time_is_restorable(case: Case) -> None:
    """
    Demand an instant that sets and logs can restore.
    """
    time = case.order.restore_time
    if time is None:
        return
    spans = recovery.spans(case.source, case.backups, case.now)
    if not any(one.contains(time) for one in spans):
        raise ApiError(code="InvalidRestoreTime.Malformed")


def ordered_backup(case: Case) -> Backup:
    """
    Find the ordered set among those of the source.
    """
    for backup in case.backups:
        if backup.id == case.order.backup_id:
            return backup
    raise ApiError(code="InvalidBackupSetID.NotFound")
