"""
What the restore point must be like.
"""

from rds_emulator.protocol.errors import ApiError
from rds_emulator.rules import recovery
from rds_emulator.rules.cloning.clone_request import CloneRequest
from rds_emulator.state.model import Backup


def backup_is_known(request: CloneRequest) -> None:
    """
    Demand that the backup set exists, and is one of this source.
    """
    if request.order.backup_id is not None:
        ordered_backup(request)


def backup_is_physical(request: CloneRequest) -> None:
    """
    Refuse a logical set: nothing can be cloned from it.
    """
    if request.order.backup_id and ordered_backup(request).method == "Logical":
        raise ApiError(code="IncorrectBackupSetMethod")


def backup_is_usable(request: CloneRequest) -> None:
    """
    Demand a set that succeeded and is still there.
    """
    if request.order.backup_id and not ordered_backup(request).usable:
        raise ApiError(code="IncorrectBackupSetState")


def backup_has_the_type(request: CloneRequest) -> None:
    """
    Demand that BackupType, when given, is the type of the set.
    """
    order = request.order
    if not order.backup_id or not order.backup_type:
        return
    if ordered_backup(request).type != order.backup_type:
        raise ApiError(code="InvalidBackupType.Format")


def backup_lists_its_tables(request: CloneRequest) -> None:
    """
    Demand, for single tables, a set that knows its tables.
    """
    order = request.order
    if not order.backup_id or not order.table_meta:
        return
    if ordered_backup(request).meta_status != "OK":
        raise ApiError(code="IncorrectBackupSetState")


def logs_are_backed_up(request: CloneRequest) -> None:
    """
    Refuse a point in time of a source without log backup.
    """
    if request.order.restore_time and not recovery.backs_up_logs(request.source):
        raise ApiError(code="InvalidBackupLogStatus")


def time_is_restorable(request: CloneRequest) -> None:
    """
    Demand an instant that sets and logs can restore.
    """
    time = request.order.restore_time
    if time is None:
        return
    spans = recovery.spans(request.source, request.backups, now=request.now)
    if not any(span.contains(time) for span in spans):
        raise ApiError(code="InvalidRestoreTime.Malformed")


def ordered_backup(request: CloneRequest) -> Backup:
    """
    Return the ordered set among those of the source.
    """
    for backup in request.backups:
        if backup.id == request.order.backup_id:
            return backup
    raise ApiError(code="InvalidBackupSetID.NotFound")
