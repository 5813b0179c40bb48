"""
Backups on demand: asking for one, looking how far it is, deleting a set.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from rds_emulator.actions.registry import Answer, Invocation, action
from rds_emulator.protocol.errors import ApiError, invalid
from rds_emulator.protocol.parameters import Parameters
from rds_emulator.rules.preconditions import check_steady, check_unlocked
from rds_emulator.state import backup_schedule
from rds_emulator.state.cloud import Cloud
from rds_emulator.state.model import Backup, Instance

_METHODS: Final = ("Physical", "Snapshot", "Logical")
_BAD_METHOD: Final = "InvalidBackupMethod.ValueNotSupport"
_BAD_RETENTION: Final = "InvalidBackupRetentionPeriod.Malformed"
_LEAST_DAYS: Final = 7
_MOST_DAYS: Final = 730
_MOST_A_DAY: Final = 20
_MOST_IDS: Final = 100
_STEPS: Final = ("Preparing", "Waiting", "Uploading", "Checking")
_BUSY: Final = ("NoStart", "Progressing")


@dataclass(frozen=True, kw_only=True)
class _Wanted:
    method: str
    type: str
    databases: tuple[str, ...]
    retention_days: int | None


@action(
    "CreateBackup",
    writes=True,
    models=(
        "A manual set of a Running, unlocked instance, which takes backup_seconds; one"
        " job at a time, twenty sets in 24 hours. BackupMethod: Logical for MySQL on"
        " local disks, Snapshot for cloud disks, Physical (the default) for all: it"
        " makes a snapshot where nothing else is made. BackupStrategy=db with DBName"
        " for logical sets of MySQL and full physical ones of SQL Server; elsewhere"
        " both have no effect. BackupType: Auto makes full sets, too."
        " BackupRetentionPeriod"
        " of MySQL, and of single databases of SQL Server; it has no effect elsewhere."
        " Sets of single databases cannot be cloned."
    ),
    evidence=(
        "Parameters, engines and limits of SDK 16.0.2 and of the official page, whose"
        " table has BackupType.NotSupport and InvalidBackupMethod.ValueNotSupport;"
        " BackupJobExists and BackupTimesExceeded (400) are of the table of common"
        " errors, the first is what Terraform's provider repeats on;"
        " OperationDenied.NoDatabase is of the old client error table. A snapshot with"
        " DBName was refused (wecube-plugins-alicloud, issue 99). Inferred: that"
        " Physical makes a snapshot on cloud disks, as it does for MariaDB by the page,"
        " the days of the limit, that an explicit Snapshot of local disks is refused."
    ),
)
def create_backup(invocation: Invocation) -> Answer:
    """
    Begin to back up an instance.
    """
    instance, cloud = invocation.instance(), invocation.cloud
    wanted = _wanted(invocation.parameters, instance)
    check_steady(instance)
    check_unlocked(instance)
    sets, now = cloud.backups(instance), cloud.clock.now()
    _check_jobs(sets, now)
    job_id = backup_schedule.new_id(instance.id, now.isoformat(), str(len(sets)))
    cloud.store.save_backup(
        Backup(
            id=backup_schedule.new_id(instance.id, job_id),
            job_id=job_id,
            instance_id=instance.id,
            started=now,
            ended=now + timedelta(seconds=cloud.account.backup_seconds),
            mode="Manual",
            method=wanted.method,
            type=wanted.type,
            databases=wanted.databases,
            retention_days=wanted.retention_days,
            meta_status=backup_schedule.meta_status(instance, wanted.method),
            size_bytes=sets[0].size_bytes if sets else Backup.size_bytes,
        )
    )
    return {"BackupJobId": job_id}


@action(
    "DescribeBackupTasks",
    models=(
        "Jobs that run, of the schedule as well; with BackupJobId that job, also when"
        " it has finished, as long as its set is there. BackupMode and BackupJobStatus"
        " filter; a job begins at once, so none is NoStart. The progress grows evenly;"
        " BackupId is there when the job is Finished. Flag and ClientToken are ignored."
    ),
    evidence=(
        "Parameters, response tree and statuses of SDK 16.0.2 and of the official page,"
        " which has 0 and 1 for BackupJobStatus in older editions. TempBackupTask of a"
        " manual job, the missing BackupId before its end and an empty list for an"
        " unknown job are pasted answers of the cloud and what Terraform's provider"
        " expects (RdsBackupStateRefreshFunc). BackupJobId is a text as in the SDK; one"
        " pasted answer has a number, and 125 for Process at the end."
    ),
)
def describe_tasks(invocation: Invocation) -> Answer:
    """
    List the backup jobs of one instance.
    """
    instance, parameters = invocation.instance(), invocation.parameters
    job_id = parameters.text("BackupJobId")
    if job_id is not None and not job_id.isdigit():
        raise invalid(name="BackupJobId")
    mode = parameters.choice("BackupMode", ("Automated", "Manual"))
    status = parameters.choice("BackupJobStatus", (*_BUSY, "0", "1"))
    now = invocation.cloud.clock.now()
    return {
        "Items": {
            "BackupJob": [
                _job(backup, now)
                for backup in invocation.cloud.backups(instance)
                if (backup.job_id == job_id if job_id else now < backup.ended)
                and backup.job_id
                and mode in (None, backup.mode)
                and (
                    status is None
                    or (status in ("Progressing", "1") and now < backup.ended)
                )
            ]
        }
    }


@action(
    "DeleteBackup",
    writes=True,
    models=(
        "Up to a hundred sets, all or none, of Running MySQL and PostgreSQL"
        " HighAvailability: without log backup those older than seven days, else those"
        " older than the retention of the logs, where it is shorter than that of the"
        " data. Those have StoreStatus Enabled in DescribeBackups. The last usable full"
        " set stays."
    ),
    evidence=(
        "Parameters and prerequisites of SDK 16.0.2 and of the official page, of which"
        " no error table was found. Inferred: the codes InvalidBackupSetID.NotFound and"
        " IncorrectBackupSetState (documented for RestoreTable), and"
        " IncorrectDBInstanceEngine, IncorrectDBInstanceType and"
        " IncorrectDBInstanceState of the other calls about sets. Ours: that the last"
        " set stays."
    ),
)
def delete_backup(invocation: Invocation) -> Answer:
    """
    Delete backup sets.
    """
    instance, cloud = invocation.instance(), invocation.cloud
    names = invocation.parameters.required("BackupId").split(",")
    if len(names) > _MOST_IDS:
        raise invalid(name="BackupId")
    if instance.status != "Running":
        raise ApiError(code="IncorrectDBInstanceState")
    if instance.engine not in ("MySQL", "PostgreSQL"):
        raise ApiError(code="IncorrectDBInstanceEngine")
    if instance.category != "HighAvailability":
        raise ApiError(code="IncorrectDBInstanceType")
    for backup in _named(cloud, instance, names=names):
        cloud.store.delete_backup(backup)
    return {}


def _named(cloud: Cloud, instance: Instance, *, names: list[str]) -> list[Backup]:
    now = cloud.clock.now()
    finished = [b for b in cloud.backups(instance) if b.ended <= now]
    known = {backup.id: backup for backup in finished}
    if not set(names) <= set(known):
        raise ApiError(code="InvalidBackupSetID.NotFound")
    for name in names:
        if not backup_schedule.is_deletable(known[name], instance, now=now):
            raise ApiError(code="IncorrectBackupSetState")
    usable = {b.id for b in finished if b.usable and b.type == "FullBackup"}
    if usable and usable <= set(names):
        raise ApiError(code="IncorrectBackupSetState")
    return [known[name] for name in names]


def _wanted(parameters: Parameters, instance: Instance) -> _Wanted:
    method = parameters.choice("BackupMethod", _METHODS, refusal=_BAD_METHOD)
    strategy = parameters.choice("BackupStrategy", ("instance", "db"))
    kind = parameters.choice(
        "BackupType", ("Auto", "FullBackup"), refusal="BackupType.NotSupport"
    )
    made = _method(method, instance)
    if method == "Snapshot" and "DBName" in parameters:
        raise ApiError(code=_BAD_METHOD)
    if method == "Logical" and not instance.databases:
        raise ApiError(code="OperationDenied.NoDatabase")
    is_single = strategy == "db" and (
        method == "Logical" or (instance.engine == "SQLServer" and kind == "FullBackup")
    )
    return _Wanted(
        method=made,
        type="FullBackup",
        databases=_databases(parameters, instance) if is_single else (),
        retention_days=_retention(parameters, instance, is_single=is_single),
    )


def _method(wanted: str | None, instance: Instance) -> str:
    """
    Return how the set is made.
    """
    is_local = instance.storage_type == "local_ssd"
    if wanted == "Logical" and not (instance.engine == "MySQL" and is_local):
        raise ApiError(code=_BAD_METHOD)
    if wanted == "Snapshot" and (is_local or instance.engine == "MariaDB"):
        raise ApiError(code=_BAD_METHOD)
    if wanted == "Physical" and instance.engine == "PostgreSQL":
        return wanted
    return backup_schedule.method(instance) if wanted in (None, "Physical") else wanted


def _databases(parameters: Parameters, instance: Instance) -> tuple[str, ...]:
    names = tuple(parameters.required("DBName").split(","))
    if not set(names) <= set(instance.databases):
        raise ApiError(code="InvalidDBName.NotFound")
    return names


def _retention(
    parameters: Parameters, instance: Instance, *, is_single: bool
) -> int | None:
    text = parameters.text("BackupRetentionPeriod")
    if text is None:
        return None
    days = backup_schedule.FOR_EVER
    if text != str(days):
        days = parameters.integer(
            "BackupRetentionPeriod",
            default=_LEAST_DAYS,
            least=_LEAST_DAYS,
            most=_MOST_DAYS,
            refusal=_BAD_RETENTION,
        )
    return days if instance.engine == "MySQL" or is_single else None


def _check_jobs(sets: list[Backup], now: datetime) -> None:
    if any(backup.job_id and now < backup.ended for backup in sets):
        raise ApiError(code="BackupJobExists")
    day = now - timedelta(days=1)
    today = [b for b in sets if b.mode == "Manual" and b.job_id and b.started > day]
    if len(today) >= _MOST_A_DAY:
        raise ApiError(code="BackupTimesExceeded")


def _job(backup: Backup, now: datetime) -> Answer:
    is_manual = backup.mode == "Manual"
    answer = {
        "BackupJobId": backup.job_id,
        "JobMode": backup.mode,
        "TaskAction": "TempBackupTask" if is_manual else "NormalBackupTask",
    }
    if backup.ended <= now:
        done = {"Process": "100", "BackupId": backup.id}
        status = "Finished"
    else:
        share = (now - backup.started) / (backup.ended - backup.started)
        done, status = {"Process": str(int(share * 100))}, _STEPS[int(share * 4)]
    return {**answer, **done, "BackupStatus": status, "BackupProgressStatus": status}
