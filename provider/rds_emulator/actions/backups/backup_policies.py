"""
Changing when an instance is backed up and how long sets and logs are kept.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Final

from rds_emulator.actions.registry import Answer, Invocation, action
from rds_emulator.protocol.errors import ApiError, invalid, missing
from rds_emulator.protocol.parameters import Parameters
from rds_emulator.rules import recovery
from rds_emulator.rules.preconditions import check_engine, refuse_unmodelled, unmodelled
from rds_emulator.rules.windows import is_window
from rds_emulator.state.model import BackupPolicy, Instance

WITH_THE_DATA: Final = 24 * 60 * 60
"""Seconds; how long a log file of SQL Server is that is backed up with the data."""

_PROMPTLY: Final = 300
_EVERY_HALF_HOUR: Final = 1800
_LEAST_DAYS: Final = 7
_MOST_DAYS: Final = 730
_MOST_HOURS: Final = 168
_MOST_SPACE: Final = 50
_LEAST_FILES: Final = 6
_MOST_FILES: Final = 100
_ALL_FILES: Final = -1
_DAYS: Final = (
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
)
_LEAST_WEEKDAYS: Final = 2
_RETENTION: Final = "InvalidBackupRetentionPeriod.Malformed"
_KEEP_POLICIES: Final = ("None", "Lastest", "All")  # codespell:ignore lastest
_COMPRESSION: Final[Mapping[str, tuple[str, ...]]] = {
    "4": ("5.6", "5.7"),
    "8": ("8.0",),
}
_COMPRESSIONS: Final = ("0", "1", "2", *_COMPRESSION)
_NOT_MODELLED: Final = ("BackupInterval", "BackupPriority", "IncBackupInterval")
_OFF: Final[Mapping[str, str]] = {
    "ArchiveBackupKeepCount": "1",
    "ArchiveBackupKeepPolicy": "0",
    "ArchiveBackupRetentionPeriod": "0",
    "BackupMethod": "physical",
    "EnableAdvancedBackupPolicy": "0",
    "EnableIncrementDataBackup": "false",
}
_LISTS: Final = ("AdvancedDataPolicies.", "AdvancedLogPolicies.")


@action(
    "ModifyBackupPolicy",
    writes=True,
    models=(
        "At once, in any status. DataBackupPolicy (the default): days, window and"
        " retention, which it must be given, CompressType, Category, ReleasedKeepPolicy"
        " and BackupLog; SQL Server backs up its logs promptly with BackupLog=Enable,"
        " every half hour with LogBackupFrequency=LogInterval, once a day with neither."
        " EnablePitrProtection has an effect with BackupLog=Enable on MySQL alone."
        " LogBackupPolicy: EnableBackupLog, LogBackupLocalRetentionNumber and, which"
        " MySQL must be given, LocalLogRetentionHours, LocalLogRetentionSpace and"
        " HighSpaceUsageProtection. LogBackupRetentionPeriod in both, for MySQL and"
        " PostgreSQL, at most the data retention. What belongs to the other mode has no"
        " effect. Archiving, incremental, snapshot and advanced backups and"
        " BackupPriority are answered with 501 unless they are to stay off. The"
        " schedule follows from then on; sets and logs go with a shorter retention, and"
        " none comes back with a longer one."
    ),
    evidence=(
        "Parameters with their ranges of SDK 16.0.2, error table of the official page."
        " Inferred: that a retention of logs beyond that of the data, given or left"
        " behind, is InvalidBackupRetentionPeriod.Malformed; which code stands for"
        " SQL Server's log backup switched off (OperationDenied.ModifyBackupSwitchOff),"
        " for its LogBackupPolicy and PostgreSQL Basic's log backup"
        " (OperationDenied.ApiForbidden); that Flash needs MySQL on cloud disks; that"
        " ReleasedKeepPolicy but None needs MySQL (InvalidReleasedKeepPolicy.Format,"
        " documented for most actions)."
    ),
)
def modify_policy(invocation: Invocation) -> Answer:
    """
    Change the backup policy of an instance.
    """
    parameters = invocation.parameters
    _check_modelled(parameters)
    mode = parameters.choice(
        "BackupPolicyMode", ("DataBackupPolicy", "LogBackupPolicy")
    )
    instance, cloud = invocation.instance(), invocation.cloud
    if mode == "LogBackupPolicy":
        policy = _log_policy(instance, parameters, now=cloud.clock.now())
    else:
        policy = _data_policy(instance, parameters, now=cloud.clock.now())
    policy = _with_log_retention(
        instance, policy, parameters=parameters, now=cloud.clock.now()
    )
    cloud.change(replace(instance, backup_policy=policy))
    return {
        "DBInstanceID": instance.id,
        "EnableBackupLog": "1" if policy.log_enabled else "0",
        "EnablePitrProtection": policy.pitr_protection,
        "EnableIncrementDataBackup": False,
        **local_logs(policy),
    }


def local_logs(policy: BackupPolicy) -> Answer:
    """
    Return the fields about the logs that stay on the instance.
    """
    protection = "Enable" if policy.high_space_usage_protection else "Disable"
    return {
        "LocalLogRetentionHours": policy.local_log_hours,
        "LocalLogRetentionSpace": str(policy.local_log_space),
        "LogBackupLocalRetentionNumber": policy.local_log_files,
        "HighSpaceUsageProtection": protection,
    }


def _check_modelled(parameters: Parameters) -> None:
    refuse_unmodelled(parameters, _NOT_MODELLED)
    for name, off in _OFF.items():
        value = parameters.text(name)
        if value is not None and value.lower() != off:
            raise unmodelled(what=f"{name}={value}")
    for name in parameters.given():
        if name.startswith(_LISTS):
            raise unmodelled(what=f"the parameter {name}")


def _data_policy(
    instance: Instance, parameters: Parameters, *, now: datetime
) -> BackupPolicy:
    window = parameters.required("PreferredBackupTime")
    if not is_window(window):
        raise invalid(name="PreferredBackupTime")
    policy = replace(
        instance.backup_policy,
        preferred_days=_days(parameters.required("PreferredBackupPeriod")),
        preferred_time=window,
        data_retention_days=_required_days(parameters),
        compress_type=_compression(instance, parameters),
        category=_category(instance, parameters),
        released_keep_policy=_keep_policy(instance, parameters),
    )
    log = parameters.choice("BackupLog", ("Enable", "Disabled"))
    if instance.engine == "SQLServer":
        return _sql_server_schedule(policy, parameters, log=log)
    if log is not None:
        policy = _switched(instance, policy, now=now, is_on=log == "Enable")
    protected = parameters.boolean("EnablePitrProtection")
    if instance.engine == "MySQL" and log == "Enable" and protected is not None:
        policy = replace(policy, pitr_protection=protected)
    return policy


def _log_policy(
    instance: Instance, parameters: Parameters, *, now: datetime
) -> BackupPolicy:
    if instance.engine == "SQLServer":
        raise ApiError(code="OperationDenied.ApiForbidden")
    policy = instance.backup_policy
    wanted = parameters.choice(
        "EnableBackupLog", ("True", "true", "1", "False", "false", "0")
    )
    if wanted is not None:
        is_on = wanted.lower() in ("true", "1")
        policy = _switched(instance, policy, now=now, is_on=is_on)
    if instance.engine != "MySQL":
        return policy
    for name in ("LocalLogRetentionHours", "LocalLogRetentionSpace"):
        parameters.required(name)
    protection = parameters.choice("HighSpaceUsageProtection", ("Enable", "Disable"))
    if protection is None:
        raise missing(name="HighSpaceUsageProtection")
    return replace(
        policy,
        local_log_hours=parameters.integer(
            "LocalLogRetentionHours", default=0, least=0, most=_MOST_HOURS
        ),
        local_log_space=parameters.integer(
            "LocalLogRetentionSpace", default=0, least=0, most=_MOST_SPACE
        ),
        local_log_files=_files(policy, parameters),
        high_space_usage_protection=protection == "Enable",
    )


def _days(text: str) -> tuple[str, ...]:
    days = text.split(",")
    well_known = set(days) <= set(_DAYS) and len(set(days)) == len(days)
    if not well_known or len(days) < _LEAST_WEEKDAYS:
        raise invalid(name="PreferredBackupPeriod")
    return tuple(days)


def _required_days(parameters: Parameters) -> int:
    parameters.required("BackupRetentionPeriod")
    return parameters.integer(
        "BackupRetentionPeriod",
        default=_LEAST_DAYS,
        least=_LEAST_DAYS,
        most=_MOST_DAYS,
        refusal=_RETENTION,
    )


def _compression(instance: Instance, parameters: Parameters) -> str:
    wanted = parameters.choice("CompressType", _COMPRESSIONS)
    if wanted is None:
        return instance.backup_policy.compress_type
    versions = _COMPRESSION.get(wanted)
    is_mysql = instance.engine == "MySQL"
    if versions and not (is_mysql and instance.engine_version in versions):
        raise invalid(name="CompressType")
    return wanted


def _category(instance: Instance, parameters: Parameters) -> str:
    wanted = parameters.choice("Category", ("Flash", "Standard"))
    is_possible = instance.engine == "MySQL" and instance.storage_type != "local_ssd"
    if wanted == "Flash" and not is_possible:
        raise ApiError(code="IncorrectCategory")
    return wanted or instance.backup_policy.category


def _keep_policy(instance: Instance, parameters: Parameters) -> str | None:
    refusal = "InvalidReleasedKeepPolicy.Format"
    wanted = parameters.choice("ReleasedKeepPolicy", _KEEP_POLICIES, refusal=refusal)
    if wanted not in (None, "None") and instance.engine != "MySQL":
        raise ApiError(code=refusal)
    return wanted or instance.backup_policy.released_keep_policy


def _sql_server_schedule(
    policy: BackupPolicy, parameters: Parameters, *, log: str | None
) -> BackupPolicy:
    if log == "Disabled":
        raise ApiError(code="OperationDenied.ModifyBackupSwitchOff")
    refusal = "InvalidLogBackupFrequency.Malformed"
    frequency = parameters.choice(
        "LogBackupFrequency", ("LogInterval",), refusal=refusal
    )
    if frequency and log:
        raise ApiError(code=refusal)
    seconds = _PROMPTLY if log else WITH_THE_DATA
    return replace(
        policy,
        log_enabled=True,
        log_lag_seconds=_EVERY_HALF_HOUR if frequency else seconds,
    )


def _switched(
    instance: Instance, policy: BackupPolicy, *, now: datetime, is_on: bool
) -> BackupPolicy:
    if is_on and (instance.engine, instance.category) == ("PostgreSQL", "Basic"):
        raise ApiError(code="OperationDenied.ApiForbidden")
    since = now if is_on and not policy.log_enabled else policy.log_since
    return replace(policy, log_enabled=is_on, log_since=since)


def _files(policy: BackupPolicy, parameters: Parameters) -> int:
    name = "LogBackupLocalRetentionNumber"
    if parameters.text(name) == str(_ALL_FILES):
        return _ALL_FILES
    return parameters.integer(
        name, default=policy.local_log_files, least=_LEAST_FILES, most=_MOST_FILES
    )


def _with_log_retention(
    instance: Instance, policy: BackupPolicy, *, parameters: Parameters, now: datetime
) -> BackupPolicy:
    has_own = instance.engine in ("MySQL", "PostgreSQL")
    if "LogBackupRetentionPeriod" in parameters:
        check_engine(instance, ("MySQL", "PostgreSQL"))
    days = parameters.integer(
        "LogBackupRetentionPeriod",
        default=policy.log_retention_days,
        least=_LEAST_DAYS,
        most=_MOST_DAYS,
        refusal=_RETENTION,
    )
    if has_own and days > policy.data_retention_days:
        raise ApiError(code=_RETENTION)
    is_longer = days > policy.log_retention_days
    if is_longer and recovery.backs_up_logs(replace(instance, backup_policy=policy)):
        # Logs that are gone do not come back.
        policy = replace(policy, log_since=recovery.logs_begin(instance, now))
    return replace(policy, log_retention_days=days)
