"""
Manual backups: the job that makes a set, its progress, and the end of the set.
"""

from datetime import timedelta
from typing import Final

from rds_emulator.actions.registry import Answer, Invocation, action
from rds_emulator.protocol.errors import ApiError
from rds_emulator.protocol.parameters import Parameters
from rds_emulator.rules import preconditions
from rds_emulator.state import ids
from rds_emulator.state.model import Backup, Instance

_LOGICAL, _PHYSICAL, _SNAPSHOT = METHODS = ("Logical", "Physical", "Snapshot")
_LONG_TERM: Final = "-1"
_LEAST_DAYS, _MOST_DAYS = 7, 730
_MOST_DELETED: Final = 100
_FINISHED, _RUNNING = "Finished", "Uploading"
_NOT_SUPPORTED: Final = "InvalidBackupMethod.ValueNotSupport"


@action(
    "CreateBackup",
    models=(
        "A full set of a Running instance, which is there after backup_seconds; one job"
        " at a time. Logical sets are MySQL's on local disks and need a database."
        " BackupRetentionPeriod (7 to 730 days, or -1) is kept with the set and only"
        " told. BackupStrategy db and DBName are checked, but the set has all"
        " databases; BackupType Auto of SQL Server makes a full set, too."
    ),
    evidence=(
        "Parameters of SDK 16.0.2. BackupJobExists is what Terraform's provider waits"
        " out; OperationDenied.NoDatabase and .DBInstanceStatus stood in an old"
        " table, InvalidBackupMethod.ValueNotSupport in an issue"
        " (WeBankPartners/wecube-plugins-alicloud 99). Inferred: that on cloud disks"
        " Physical, the default, makes a snapshot, as the page says of MariaDB."
    ),
    writes=True,
)
def create_backup(invocation: Invocation) -> Answer:
    """
    Begin to make a backup set.
    """
    instance, parameters = invocation.instance(), invocation.parameters
    method = _method(instance, parameters)
    days = _retention_days(parameters)
    _check_databases(instance, parameters, method=method)
    preconditions.check_steady(instance)
    preconditions.check_unlocked(instance)
    cloud = invocation.cloud
    now = cloud.clock.now()
    sets = cloud.store.backups(instance.id)
    if any(_is_running(invocation, backup) for backup in sets):
        raise ApiError(code="BackupJobExists")
    job_id = ids.task_id()
    cloud.store.save_backup(
        Backup(
            id=ids.backup_id(),
            instance_id=instance.id,
            job_id=job_id,
            started=now,
            ended=now + timedelta(seconds=cloud.account.backup_seconds),
            mode="Manual",
            method=method,
            retention_days=days,
        )
    )
    return {"BackupJobId": job_id}


@action(
    "DescribeBackupTasks",
    models=(
        "The jobs of CreateBackup: the one that BackupJobId names, for as long as there"
        " is its set, else those that run. Automated sets are never seen in the making,"
        " so BackupMode Automated finds none. A running job is Uploading, with the"
        " percentage of its time; Flag and ClientToken have no effect."
    ),
    evidence=(
        "Parameters and response tree of SDK 16.0.2; no error table was found. That"
        " BackupStatus becomes Finished, and that the entry has BackupId then, is what"
        " Terraform's provider waits for (service_alicloud_rds.go). Ours: Uploading,"
        " NormalBackupTask, and that a named job is shown when it has ended."
    ),
)
def describe_tasks(invocation: Invocation) -> Answer:
    """
    List the backup jobs of an instance, or one of them.
    """
    instance, parameters = invocation.instance(), invocation.parameters
    mode = parameters.choice("BackupMode", ("Automated", "Manual"))
    status = parameters.choice("BackupJobStatus", ("NoStart", "Progressing"))
    named = parameters.text("BackupJobId")
    found = [
        backup
        for backup in invocation.cloud.store.backups(instance.id)
        if backup.job_id
        and mode in (None, backup.mode)
        and status in (None, "Progressing")
        and (backup.job_id == named if named else _is_running(invocation, backup))
    ]
    return {"Items": {"BackupJob": [_job(invocation, backup) for backup in found]}}


@action(
    "DeleteBackup",
    models=(
        "The named sets, up to 100 at once, at once. Only sets whose StoreStatus is"
        " Enabled can be deleted: here those that CreateBackup made."
    ),
    evidence=(
        "Parameters of SDK 16.0.2, whose text has the limit and the condition; no error"
        " table was found. Ours: the codes, and that no set is deleted when one cannot"
        " be."
    ),
    writes=True,
)
def delete_backup(invocation: Invocation) -> Answer:
    """
    Delete backup sets.
    """
    instance, parameters = invocation.instance(), invocation.parameters
    names = parameters.required("BackupId").split(",")
    if len(names) > _MOST_DELETED:
        raise ApiError(code="InvalidBackupId.Malformed")
    sets = {backup.id: backup for backup in invocation.cloud.store.backups(instance.id)}
    for name in names:
        if name not in sets or _is_running(invocation, sets[name]):
            raise ApiError(code="InvalidBackupSetID.NotFound")
        if not sets[name].can_be_deleted:
            raise ApiError(code="OperationDenied.BackupStoreStatus")
    for name in names:
        invocation.cloud.store.delete_backup(sets[name])
    return {}


def _method(instance: Instance, parameters: Parameters) -> str:
    method = parameters.choice("BackupMethod", METHODS, refusal=_NOT_SUPPORTED)
    is_local = instance.storage_type == "local_ssd"
    if method == _LOGICAL and not (is_local and instance.engine == "MySQL"):
        raise ApiError(code=_NOT_SUPPORTED)
    if method == _SNAPSHOT and is_local:
        raise ApiError(code=_NOT_SUPPORTED)
    if method == _LOGICAL:
        return method
    return _PHYSICAL if is_local else _SNAPSHOT


def _retention_days(parameters: Parameters) -> int | None:
    name = "BackupRetentionPeriod"
    if name not in parameters:
        return None
    if parameters.text(name) == _LONG_TERM:
        return int(_LONG_TERM)
    return parameters.integer(
        name,
        default=_LEAST_DAYS,
        least=_LEAST_DAYS,
        most=_MOST_DAYS,
        refusal="InvalidBackupRetentionPeriod.Malformed",
    )


def _check_databases(
    instance: Instance, parameters: Parameters, *, method: str
) -> None:
    strategy = parameters.choice("BackupStrategy", ("db", "instance"))
    full = parameters.choice("BackupType", ("Auto", "FullBackup")) == "FullBackup"
    if method == _LOGICAL and not instance.databases:
        raise ApiError(code="OperationDenied.NoDatabase")
    chooses = method == _LOGICAL or (instance.engine == "SQLServer" and full)
    names = parameters.text("DBName") if chooses and strategy == "db" else None
    if names and not set(names.split(",")) <= set(instance.databases):
        raise ApiError(code="InvalidDBName.NotFound")


def _is_running(invocation: Invocation, backup: Backup) -> bool:
    now = invocation.cloud.clock.now()
    return bool(backup.job_id) and backup.started <= now < backup.ended


def _job(invocation: Invocation, backup: Backup) -> Answer:
    runs = _is_running(invocation, backup)
    past = invocation.cloud.clock.now() - backup.started
    percent = int(100 * (past / (backup.ended - backup.started))) if runs else 100
    status = _RUNNING if runs else _FINISHED
    return {
        "BackupJobId": backup.job_id,
        "BackupId": "" if runs else backup.id,
        "BackupStatus": status,
        "BackupProgressStatus": status,
        "JobMode": backup.mode,
        "Process": str(percent),
        "TaskAction": "NormalBackupTask",
    }
