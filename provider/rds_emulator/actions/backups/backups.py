"""
Backup sets, the backup policy and the restorable window.
"""

import zlib
from datetime import datetime, timedelta
from typing import Final

from rds_emulator.actions import list_ranges
from rds_emulator.actions.backups import backup_policies
from rds_emulator.actions.registry import Answer, Invocation, action
from rds_emulator.protocol import paging, timestamps
from rds_emulator.protocol.errors import ApiError
from rds_emulator.protocol.parameters import Parameters
from rds_emulator.rules import nodes, recovery
from rds_emulator.state import backup_schedule
from rds_emulator.state.cloud import Cloud
from rds_emulator.state.model import Backup, BackupPolicy, Instance

_WINDOW_ENGINES: Final = ("MySQL", "PostgreSQL", "MariaDB")
_HOSTS: Final = ("rdsbak.example", "rdsbak-internal.example")
_OFF: Final = {"1": "0", "True": "False", "true": "false"}


@action(
    "DescribeBackups",
    models=(
        "All filters; pages of 30 to 100, the newest set first. The schedule of"
        " the policy makes a set when its window begins and the instance is Running, 25"
        " minutes long, as emulated time goes by, not in the first hour after a"
        " start at the real time; a set seeded for"
        " the future appears when it has ended. Once the schedule has made a set, sets"
        " expire with their retention; the last usable full set stays. The"
        " download links lead nowhere; what cannot be downloaded has empty ones. Links"
        " to single databases are left out."
    ),
    evidence=(
        "Parameters, response tree and the envelope of strings from SDK 16.0.2, of"
        " which Encryption ({}) and the empty link of a snapshot are the documented"
        " samples; error table of the official page. That the range is compared with"
        " the start of a set is inferred. Ours: hosts, checksums, that the standby"
        " makes the sets, and that a set is to expire after the retention of now."
    ),
    not_found="InvalidDBInstanceName.NotFound",
)
def describe_backups(invocation: Invocation) -> Answer:
    """
    List the backup sets of one instance.
    """
    instance, parameters = invocation.instance(), invocation.parameters
    number, size = list_ranges.page(parameters)
    found = select(_shown(invocation.cloud, instance), parameters)
    page = paging.numbered(found, number=number, size=size)
    now = invocation.cloud.clock.now()
    return {
        "Items": {
            "Backup": [described(backup, instance, now=now) for backup in page.entries]
        },
        "PageNumber": str(number),
        "PageRecordCount": str(len(page.entries)),
        "TotalRecordCount": str(len(found)),
        "TotalEcsSnapshotSize": 0,
    }


@action(
    "DescribeBackupPolicy",
    models=(
        "Data and log backup and PITR protection as seeded; a clone has its source's."
        " SQL Server with a log schedule slower than five minutes says off, as the real"
        " one does; so does MySQL that has PITR protection alone, and PostgreSQL Basic,"
        " which has no log backup. A seed chooses the words for on. Archives are off,"
        " with the defaults of ModifyBackupPolicy, and so are increments; the fields of"
        " a high-frequency backup, which follow from those, are left out."
    ),
    evidence=(
        "Response tree and field texts of SDK 16.0.2, which has ReleasedKeepPolicy"
        " depend on the disk until it is set. That EnableIncrementDataBackup is always"
        " a boolean is what Terraform's provider takes for granted, whose pull request"
        " 9724 has the logs of passed acceptance tests. What the other fields say next"
        " to PITR protection is inferred."
    ),
    not_found="InvalidDBInstanceName.NotFound",
)
def describe_policy(invocation: Invocation) -> Answer:
    """
    Describe what is backed up when.
    """
    instance = invocation.instance()
    invocation.parameters.choice(
        "BackupPolicyMode", ("DataBackupPolicy", "LogBackupPolicy")
    )
    policy = instance.backup_policy
    log_on = recovery.reports_log_backup(instance)
    return {
        "PreferredBackupPeriod": ",".join(policy.preferred_days),
        "PreferredBackupTime": policy.preferred_time,
        "PreferredNextBackupTime": _next_backup(policy, invocation.cloud.clock.now()),
        "BackupRetentionPeriod": policy.data_retention_days,
        "BackupMethod": "Physical",
        "BackupLog": _word(policy.backup_log_on, is_on=log_on),
        "EnableBackupLog": _word(policy.enable_backup_log_on, is_on=log_on),
        "LogBackupRetentionPeriod": policy.log_retention_days,
        **backup_policies.local_logs(policy),
        "Category": policy.category,
        **({"CompressType": policy.compress_type} if policy.compress_type else {}),
        "EnableIncrementDataBackup": False,
        **_archives(instance),
        **_released_keep(instance),
        **_pitr_protection(instance),
        **_log_schedule(instance),
    }


@action(
    "DescribeLocalAvailableRecoveryTime",
    models=(
        "From the end of the first usable full set, or from the log retention, up to a"
        " few seconds behind now; after a gap in the logs from the first full set"
        " behind it. SQL Server has no such call."
    ),
    evidence=(
        "Parameters and error table of the official page; how the window follows from"
        " sets and logs is inferred. The region parameter is called Region here."
    ),
    not_found="InvalidDBInstance.NotFound",
)
def describe_window(invocation: Invocation) -> Answer:
    """
    Return the first and the newest restorable second.
    """
    instance = invocation.instance()
    region = invocation.parameters.text("Region")
    if region not in (None, instance.region):
        raise ApiError(code=invocation.action.not_found)
    _check_window(instance)
    backups = recovery.finished_backups(invocation.cloud, instance)
    window = recovery.window(instance, backups, now=invocation.cloud.clock.now())
    return {
        "DBInstanceId": instance.id,
        "RecoveryBeginTime": timestamps.to_seconds(window.begin),
        "RecoveryEndTime": timestamps.to_seconds(window.end),
    }


def _check_window(instance: Instance) -> None:
    if instance.engine not in _WINDOW_ENGINES:
        raise ApiError(code="IncorrectDBInstanceEngine")
    if instance.instance_type != "Primary":
        raise ApiError(code="IncorrectDBInstanceCharacterType")
    if instance.status != "Running":
        raise ApiError(code="IncorrectDBInstanceState")
    if instance.is_locked:
        raise ApiError(code="IncorrectDBInstanceLockMode")
    if not recovery.backs_up_logs(instance):
        raise ApiError(code="LogBackupNotEnabled")


def _shown(cloud: Cloud, instance: Instance) -> list[Backup]:
    lag = timedelta(seconds=cloud.account.temper.backup_lag_seconds)
    newest = cloud.clock.now() - lag
    finished = recovery.finished_backups(cloud, instance)
    return [backup for backup in finished if backup.ended <= newest]


def select(backups: list[Backup], parameters: Parameters) -> list[Backup]:
    """
    Return the sets that the filters of a request leave.
    """
    wanted = {
        "id": parameters.text("BackupId"),
        "status": parameters.text("BackupStatus"),
        "mode": parameters.text("BackupMode"),
        "type": parameters.text("BackupType"),
    }
    begin, end = list_ranges.minutes(parameters)
    return [
        backup
        for backup in backups
        if all(value in (None, vars(backup)[name]) for name, value in wanted.items())
        and (begin is None or begin <= backup.started)
        and (end is None or backup.started <= end)
    ]


def described(backup: Backup, instance: Instance, *, now: datetime) -> Answer:
    """
    Return a backup set as DescribeBackups tells it.
    """
    is_deletable = backup_schedule.is_deletable(backup, instance, now=now)
    return {
        "BackupId": backup.id,
        "DBInstanceId": instance.id,
        "BackupStatus": backup.status,
        "BackupMode": backup.mode,
        "BackupMethod": backup.method,
        "BackupType": backup.type,
        "BackupStartTime": timestamps.to_seconds(backup.started),
        "BackupEndTime": timestamps.to_seconds(backup.ended),
        "BackupSize": backup.size_bytes,
        "IsAvail": int(backup.available),
        "ConsistentTime": 0,
        "StoreStatus": "Enabled" if is_deletable else "Disabled",
        "MetaStatus": backup.meta_status,
        "StorageClass": "0",
        "Engine": instance.engine,
        "EngineVersion": instance.engine_version,
        **_origin(backup, instance),
    }


def _origin(backup: Backup, instance: Instance) -> Answer:
    expires = backup_schedule.expires(backup, instance.backup_policy)
    answer = {
        "BackupInitiator": "User" if backup.mode == "Manual" else "System",
        "HostInstanceID": nodes.node_ids(instance)[:2][-1],
        "Encryption": "{}",
        "Checksum": str(zlib.crc32(f"{instance.id}/{backup.id}".encode())),
        "ExpectExpireTime": timestamps.to_seconds(expires) if expires else "",
        **_links(backup, instance),
    }
    if instance.engine == "SQLServer":
        answer["CopyOnlyBackup"] = "0"
    return answer


def _links(backup: Backup, instance: Instance) -> Answer:
    names = ("BackupDownloadURL", "BackupIntranetDownloadURL")
    if not backup.available or backup.method == "Snapshot":
        return dict.fromkeys(names, "")
    return {
        name: f"https://{host}/{instance.id}/{backup.id}"
        for name, host in zip(names, _HOSTS, strict=True)
    }


def _word(word: str, *, is_on: bool) -> str:
    return word if is_on else _OFF.get(word, "Disabled")


def _pitr_protection(instance: Instance) -> Answer:
    policy = instance.backup_policy
    if instance.engine != "MySQL" or not policy.pitr_protection:
        return {"EnablePitrProtection": False}
    return {
        "EnablePitrProtection": True,
        "PitrRetentionPeriod": policy.pitr_retention_days,
    }


def _archives(instance: Instance) -> Answer:
    if instance.engine != "MySQL":
        return {}
    return {
        "ArchiveBackupRetentionPeriod": "0",
        "ArchiveBackupKeepCount": "1",
        "ArchiveBackupKeepPolicy": "0",
    }


def _released_keep(instance: Instance) -> Answer:
    if instance.engine != "MySQL":
        return {}
    return {"ReleasedKeepPolicy": backup_schedule.keep_policy(instance)}


def _log_schedule(instance: Instance) -> Answer:
    if instance.engine != "SQLServer":
        return {}
    seconds = recovery.log_interval(instance)
    slow = recovery.SQL_SERVER_PROMPT_LAG < seconds < backup_policies.WITH_THE_DATA
    return {
        "BackupInterval": str(seconds // 60),
        "LogBackupFrequency": "LogInterval" if slow else "",
    }


def _next_backup(policy: BackupPolicy, now: datetime) -> str:
    hour, minute = policy.preferred_time.split("Z")[0].split(":")
    slot = now.replace(hour=int(hour), minute=int(minute), second=0, microsecond=0)
    days = (slot + timedelta(days=ahead) for ahead in range(8))
    upcoming = (
        timestamps.to_minutes(day)
        for day in days
        if day > now and f"{day:%A}" in policy.preferred_days
    )
    return next(upcoming, "")
