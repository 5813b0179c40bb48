"""
How a clone is kept.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from pulumi_rdsclone.cloud.aspects.dialect import Answer, Dialect, Request, told
from pulumi_rdsclone.cloud.reading import (
    read_name,
    read_number,
    read_records,
    read_text,
)
from pulumi_rdsclone.cloud.wire import indexed, tag_list, to_text
from pulumi_rdsclone.domain.aspects import Aspect
from pulumi_rdsclone.domain.changes import (
    DEFAULT_PG_HBA,
    WAITING_FOR_RESTART,
    AspectChange,
)
from pulumi_rdsclone.domain.identity import EXPIRES_TAG
from pulumi_rdsclone.domain.instances import SQL_SERVER
from pulumi_rdsclone.domain.times import in_week_order


def _change_description(alteration: AspectChange) -> Iterator[Request]:
    description = alteration.new["description"]
    yield "ModifyDBInstanceDescription", {"DBInstanceDescription": description}


def _change_protection(alteration: AspectChange) -> Iterator[Request]:
    on = to_text(alteration.new["deletion_protection"])
    yield "ModifyDBInstanceDeletionProtection", {"DeletionProtection": on}


def _change_tags(alteration: AspectChange) -> Iterator[Request]:
    old, new = alteration.old.get("tags") or {}, alteration.new["tags"]
    instance = {
        "ResourceType": "INSTANCE",
        **indexed("ResourceId", [alteration.instance.id]),
    }
    if removed := sorted(old.keys() - new.keys()):
        yield "UntagResources", {**instance, **indexed("TagKey", removed)}
    if added := {key: new[key] for key in new if old.get(key) != new[key]}:
        yield "TagResources", {**instance, **tag_list(added)}


def _change_expiry(alteration: AspectChange) -> Iterator[Request]:
    end = alteration.new["expires_at"]
    instance = {
        "ResourceType": "INSTANCE",
        **indexed("ResourceId", [alteration.instance.id]),
    }
    if end:
        yield "TagResources", {**instance, **tag_list({EXPIRES_TAG: end})}
    else:
        yield "UntagResources", {**instance, **indexed("TagKey", [EXPIRES_TAG])}


def _change_window(alteration: AspectChange) -> Iterator[Request]:
    window = alteration.new["maintenance_window"]
    yield "ModifyDBInstanceMaintainTime", {"MaintainTime": window}


def _sends(
    action: str, **parameters: str
) -> Callable[[AspectChange], Iterator[Request]]:
    """
    Make a change that is one call, with the values asked for under *parameters*.

    Args:
        action: The call.
        parameters: Paths of fields by the names of the parameters that carry them.
    """

    def change(alteration: AspectChange) -> Iterator[Request]:
        new = {name: alteration.new[path] for name, path in parameters.items()}
        yield action, told(**new)

    return change


def _tells(**fields: str) -> Callable[[Answer], dict[str, Any]]:
    """
    Make a reader of the texts in an answer, by the paths of their fields.
    """

    def tell(answer: Answer) -> dict[str, Any]:
        texts = {path: read_text(answer, name) for name, path in fields.items()}
        return {path: text for path, text in texts.items() if text}

    return tell


def _simple(action: str, reads: str = "", **parameters: str) -> Dialect:
    """
    Give the dialect of texts that one call changes and another one tells.
    """
    return Dialect(
        change=_sends(action, **parameters),
        parameters={path: f"{action}.{name}" for name, path in parameters.items()},
        reads=reads,
        tell=_tells(**parameters),
    )


def _change_availability(alteration: AspectChange) -> Iterator[Request]:
    """
    Both modes are sent, and this action alone spells the instance's id like this.
    """
    yield (
        "ModifyDBInstanceHAConfig",
        told(
            DbInstanceId=alteration.instance.id,
            HAMode=alteration.desired("high_availability.mode"),
            SyncMode=alteration.desired("high_availability.sync_mode"),
        ),
    )


_ON: Final = ("1", "true", "enable", "enabled")
"""Pages of the API reference spell it in each of these ways."""


_LOCAL_LOGS: Final = (
    "LocalLogRetentionHours",
    "LocalLogRetentionSpace",
    "HighSpaceUsageProtection",
)
"""What MySQL wants to be told again with each change of its log backup."""

_KEPT: Final = "local_logs"
_FREQUENCY: Final = "log_backup_frequency"
_RETENTION: Final = "backup_policy.retention_days"
_LOG_BACKUP: Final = "backup_policy.log_backup"
_LOG_RETENTION: Final = "backup_policy.log_retention_days"
_OF_DATA_BACKUP: Final = frozenset(
    {"backup_policy.days", "backup_policy.time", _RETENTION}
)


def tell_backup_policy(answer: Answer) -> dict[str, Any]:
    """
    Read the answer of DescribeBackupPolicy.
    """
    days = in_week_order(read_text(answer, "PreferredBackupPeriod").split(","))
    told_values = {
        "backup_policy.days": days or None,
        "backup_policy.time": read_text(answer, "PreferredBackupTime") or None,
        "backup_policy.retention_days": read_number(answer, "BackupRetentionPeriod")
        or None,
        _LOG_BACKUP: _word(answer, "BackupLog").casefold() in _ON,
        _LOG_RETENTION: read_number(answer, "LogBackupRetentionPeriod") or None,
        _FREQUENCY: read_text(answer, "LogBackupFrequency") or None,
    }
    kept = {name: text for name in _LOCAL_LOGS if (text := _word(answer, name))}
    known = {path: value for path, value in told_values.items() if value is not None}
    return {**known, _KEPT: kept}


def _word(answer: Answer, name: str) -> str:
    """
    Read a text that may be told as a number or a switch.
    """
    is_number = isinstance(answer.get(name), int)
    return str(answer[name]) if is_number else read_text(answer, name)


def _change_backup_policy(alteration: AspectChange) -> Iterator[Request]:
    """
    Change what differs; logs are never to be kept for longer than data backups.

    Source: ModifyBackupPolicy, LogBackupRetentionPeriod.
    """
    differs = {
        path for path in alteration.new if alteration.differing(path) is not None
    }
    if alteration.instance.engine == SQL_SERVER:
        # Source: ModifyBackupPolicy, its logs belong to the policy for data.
        yield _data_backup(alteration, **_log_schedule(alteration))
        return
    most = alteration.differing(_RETENTION)
    shorter = most is not None and most < (alteration.old.get(_RETENTION) or 0)
    outlived = shorter and (_log_retention(alteration) or 0) > most
    data = [_data_backup(alteration)] if differs & _OF_DATA_BACKUP else []
    log = [_log_backup(alteration)] if differs - _OF_DATA_BACKUP or outlived else []
    yield from (*log, *data) if shorter else (*data, *log)


def _data_backup(alteration: AspectChange, **logs: Any) -> Request:
    days = alteration.desired("backup_policy.days")
    return "ModifyBackupPolicy", told(
        BackupPolicyMode="DataBackupPolicy",
        PreferredBackupPeriod=",".join(days) if days else None,
        PreferredBackupTime=alteration.desired("backup_policy.time"),
        BackupRetentionPeriod=alteration.desired(_RETENTION),
        **logs,
    )


def _log_schedule(alteration: AspectChange) -> dict[str, Any]:
    """
    Give how SQL Server backs up its logs: a change of its data backups forgets it.

    Source: ModifyBackupPolicy, BackupLog and LogBackupFrequency.
    """
    if alteration.desired(_LOG_BACKUP):
        return {"BackupLog": "Enable"}
    if alteration.differing(_LOG_BACKUP) is not None:
        return {"BackupLog": "Disabled"}
    return {"LogBackupFrequency": alteration.old.get(_FREQUENCY)}


def _log_backup(alteration: AspectChange) -> Request:
    on = alteration.desired(_LOG_BACKUP)
    days = (_log_retention(alteration), alteration.desired(_RETENTION))
    return "ModifyBackupPolicy", told(
        BackupPolicyMode="LogBackupPolicy",
        BackupLog="Enable" if on else "Disabled",
        EnableBackupLog="1" if on else "0",
        LogBackupRetentionPeriod=min(days) if all(days) else days[0],
        **(alteration.old.get(_KEPT) or {}),
    )


def _log_retention(alteration: AspectChange) -> int | None:
    """
    Give for how many days logs are kept where that has a limit of its own.

    Source: ModifyBackupPolicy, LogBackupRetentionPeriod is not for MariaDB.
    """
    is_own = alteration.instance.engine != "MariaDB"
    values = alteration.desired if is_own else alteration.new.get
    days: int | None = values(_LOG_RETENTION)
    return days


def tell_audit(answer: Answer) -> dict[str, Any]:
    """
    Read the answer of DescribeSQLCollectorPolicy.
    """
    status = read_text(answer, "SQLCollectorStatus")
    return {"sql_audit": status.casefold() in _ON}


def _change_audit(alteration: AspectChange) -> Iterator[Request]:
    status = "Enable" if alteration.new["sql_audit"] else "Disabled"
    yield "ModifySQLCollectorPolicy", {"SQLCollectorStatus": status}


def tell_monitoring(answer: Answer) -> dict[str, Any]:
    """
    Read the answer of DescribeDBInstanceMonitor.
    """
    period = read_number(answer, "Period")
    return {"monitoring_period": period} if period else {}


_HBA: Final = {
    "type": "Type",
    "database": "Database",
    "user": "User",
    "address": "Address",
    "mask": "Mask",
    "method": "Method",
    "option": "Option",
}


def tell_hba(answer: Answer) -> dict[str, Any]:
    """
    Read the answer of DescribePGHbaConfig: the lines that count, and the cloud's own.
    """
    default = _hba_lines(answer.get("DefaultHbaItems") or {})
    return {
        "pg_hba": _hba_lines(answer["RunningHbaItems"]),
        **({DEFAULT_PG_HBA: default} if default else {}),
    }


def _hba_lines(group: Answer) -> list[dict[str, str]]:
    """
    Read lines of pg_hba.conf, in their order.
    """
    items = read_records(group, "HbaItem")
    ordered = sorted(items, key=lambda item: read_number(item, "PriorityId"))
    return [
        {name: text for name, key in _HBA.items() if (text := read_text(item, key))}
        for item in ordered
    ]


def _change_hba(alteration: AspectChange) -> Iterator[Request]:
    parameters = {"OpsType": "update"}
    for number, rule in enumerate(alteration.new["pg_hba"]):
        item = f"HbaItem.{number + 1}"
        parameters[f"{item}.PriorityId"] = str(number)
        for name, key in _HBA.items():
            if rule.get(name):
                parameters[f"{item}.{key}"] = rule[name]
    yield "ModifyPGHbaConfig", parameters


def tell_parameters(answer: Answer) -> dict[str, Any]:
    """
    Read the answer of DescribeParameters: what holds, and what waits for a restart.
    """
    running = _by_name(answer, "RunningParameters")
    configured = _by_name(answer, "ConfigParameters")
    waiting = {n for n, v in configured.items() if n in running and running[n] != v}
    return {"parameters": running, WAITING_FOR_RESTART: sorted(waiting)}


def _by_name(answer: Answer, group: str) -> dict[str, str]:
    records = read_records(answer.get(group) or {}, "DBInstanceParameter")
    return {
        read_name(one, "ParameterName"): read_text(one, "ParameterValue")
        for one in records
    }


def _change_parameters(alteration: AspectChange) -> Iterator[Request]:
    old = alteration.old.get("parameters") or {}
    new = alteration.new["parameters"]
    changed = {name: new[name] for name in sorted(new) if old.get(name) != new[name]}
    if changed:
        yield (
            "ModifyParameter",
            {
                "Parameters": json.dumps(changed),
                "Forcerestart": to_text(bool(alteration.new["allow_restart"])),
            },
        )


OPERATIONS: Final[Mapping[Aspect, Dialect]] = {
    Aspect.DESCRIPTION: Dialect(
        change=_change_description,
        parameters={"description": "ModifyDBInstanceDescription.DBInstanceDescription"},
    ),
    Aspect.TAGS: Dialect(
        change=_change_tags,
        parameters={"tags": "TagResources.Tag.N"},
        also=("UntagResources",),
    ),
    Aspect.DELETION_PROTECTION: Dialect(
        change=_change_protection,
        parameters={
            "deletion_protection": (
                "ModifyDBInstanceDeletionProtection.DeletionProtection"
            )
        },
    ),
    Aspect.MAINTENANCE_WINDOW: Dialect(
        change=_change_window,
        parameters={"maintenance_window": "ModifyDBInstanceMaintainTime.MaintainTime"},
    ),
    Aspect.EXPIRY: Dialect(
        change=_change_expiry,
        parameters={
            "ttl": "TagResources.Tag.N",
            "expires_at": "TagResources.Tag.N (rdsclone:expires)",
        },
        also=("UntagResources",),
    ),
    Aspect.RESOURCE_GROUP: _simple(
        "ModifyResourceGroup", ResourceGroupId="resource_group_id"
    ),
    Aspect.MINOR_VERSION: _simple(
        "ModifyDBInstanceAutoUpgradeMinorVersion",
        AutoUpgradeMinorVersion="minor_version_upgrade",
    ),
    Aspect.HIGH_AVAILABILITY: replace(
        _simple(
            "ModifyDBInstanceHAConfig",
            "DescribeDBInstanceHAConfig",
            HAMode="high_availability.mode",
            SyncMode="high_availability.sync_mode",
        ),
        change=_change_availability,
    ),
    Aspect.TCP_CONNECTION: _simple(
        "ModifyHADiagnoseConfig",
        "DescribeHADiagnoseConfig",
        TcpConnectionType="tcp_connection_type",
    ),
    Aspect.BACKUP_POLICY: Dialect(
        change=_change_backup_policy,
        parameters={
            "backup_policy.days": "ModifyBackupPolicy.PreferredBackupPeriod",
            "backup_policy.time": "ModifyBackupPolicy.PreferredBackupTime",
            _RETENTION: "ModifyBackupPolicy.BackupRetentionPeriod",
            _LOG_BACKUP: "ModifyBackupPolicy.BackupLog",
            _LOG_RETENTION: "ModifyBackupPolicy.LogBackupRetentionPeriod",
        },
        reads="DescribeBackupPolicy",
        tell=tell_backup_policy,
    ),
    Aspect.SQL_AUDIT: Dialect(
        change=_change_audit,
        parameters={"sql_audit": "ModifySQLCollectorPolicy.SQLCollectorStatus"},
        reads="DescribeSQLCollectorPolicy",
        tell=tell_audit,
    ),
    Aspect.MONITORING: replace(
        _simple(
            "ModifyDBInstanceMonitor",
            "DescribeDBInstanceMonitor",
            Period="monitoring_period",
        ),
        tell=tell_monitoring,
    ),
    Aspect.PG_HBA: Dialect(
        change=_change_hba,
        parameters={"pg_hba": "ModifyPGHbaConfig.HbaItem.N"},
        reads="DescribePGHbaConfig",
        tell=tell_hba,
    ),
    Aspect.PARAMETERS: Dialect(
        change=_change_parameters,
        parameters={
            "parameters": "ModifyParameter.Parameters",
            "allow_restart": "ModifyParameter.Forcerestart",
        },
        reads="DescribeParameters",
        tell=tell_parameters,
    ),
}
