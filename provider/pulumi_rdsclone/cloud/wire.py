"""
The API's words and this package's, side by side; no other file spells the API's.
"""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from pulumi_rdsclone.domain.instances import (
    BackupSet,
    Instance,
    RecoveryWindow,
    Sighting,
)
from pulumi_rdsclone.domain.ordering import CloneOrder
from pulumi_rdsclone.domain.times import format_instant, parse_instant

PAY_TYPES: Final = {
    "PayAsYouGo": "Postpaid",
    "Subscription": "Prepaid",
    "Serverless": "Serverless",
}
_PAYMENTS = {wire.casefold(): ours for ours, wire in PAY_TYPES.items()}

PARAMETERS: Final[Mapping[str, str]] = {
    "source_instance_id": "DBInstanceId",
    "restore_point.time": "RestoreTime",
    "restore_point.backup_id": "BackupId",
    "region": "RegionId",
    "edition": "Category",
    "zones": "ZoneId, ZoneIdSlave1, ZoneIdSlave2",
    "capacity.instance_class": "DBInstanceClass",
    "capacity.storage_gb": "DBInstanceStorage",
    "capacity.storage_type": "DBInstanceStorageType",
    "capacity.serverless.min_rcu": "ServerlessConfig.MinCapacity",
    "capacity.serverless.max_rcu": "ServerlessConfig.MaxCapacity",
    "capacity.serverless.auto_pause": "ServerlessConfig.AutoPause",
    "capacity.serverless.switch_force": "ServerlessConfig.SwitchForce",
    "network.type": "InstanceNetworkType",
    "network.vpc_id": "VPCId",
    "network.vswitch_ids": "VSwitchId",
    "network.private_ip_address": "PrivateIpAddress",
    "payment.type": "PayType",
    "payment.period": "Period",
    "payment.duration": "UsedTime",
    "payment.auto_pay": "AutoPay",
    "description": "DBInstanceDescription",
    "tags": "Tag.N.Key, Tag.N.Value",
    "deletion_protection": "DeletionProtection",
}
"""The CloneDBInstance parameter that carries each input."""

UNSENT: Final[Mapping[str, str]] = {
    "restore_point.latest": "resolved to a time or a backup set before the call",
    "restore_point.before": "limits how latest is resolved",
    "create_timeout": "how long this program waits",
}
"""Inputs that no parameter carries, and why."""


def from_order(order: CloneOrder) -> dict[str, str]:
    """
    Give the parameters of CloneDBInstance for *order*.
    """
    name = PARAMETERS
    capacity, network, payment = order.capacity, order.network, order.payment
    subscribed = payment.type == "Subscription"
    told = {
        name["source_instance_id"]: order.source_instance_id,
        name["restore_point.time"]: _optional(order.restore_time, format_instant),
        name["restore_point.backup_id"]: order.backup_id,
        name["edition"]: order.edition,
        name["capacity.instance_class"]: capacity.instance_class,
        name["capacity.storage_gb"]: capacity.storage_gb,
        name["capacity.storage_type"]: order.storage_type,
        "ServerlessConfig": _serverless_config(order),
        name["network.type"]: network.type,
        name["network.vpc_id"]: network.vpc_id,
        name["network.vswitch_ids"]: _optional(network.vswitch_ids, ",".join),
        name["network.private_ip_address"]: network.private_ip_address,
        name["payment.type"]: PAY_TYPES[payment.type],
        name["payment.period"]: payment.period,
        name["payment.duration"]: payment.duration,
        name["payment.auto_pay"]: payment.auto_pay if subscribed else None,
        name["description"]: order.description,
        name["deletion_protection"]: order.deletion_protection or None,
        "ClientToken": order.token,
        **dict(zip(name["zones"].split(", "), order.zones, strict=False)),
        **tag_list(order.tags),
    }
    return {key: to_text(value) for key, value in told.items() if value is not None}


def tag_list(tags: Mapping[str, str]) -> dict[str, str]:
    """
    Give *tags* as the parameters Tag.N.Key and Tag.N.Value.
    """
    return {
        f"Tag.{n}.{side}": text
        for n, pair in enumerate(sorted(tags.items()), start=1)
        for side, text in zip(("Key", "Value"), pair, strict=True)
    }


def tag_filter(tags: Mapping[str, str]) -> str:
    """
    Give *tags* as the JSON filter of DescribeDBInstances.
    """
    return json.dumps(dict(tags), separators=(",", ":"))


def indexed(name: str, values: list[str]) -> dict[str, str]:
    """
    Give *values* as the parameters NAME.1, NAME.2 and so on.
    """
    return {f"{name}.{n}": value for n, value in enumerate(values, start=1)}


def to_instance(answer: Mapping[str, Any]) -> Instance | None:
    """
    Read the answer of DescribeDBInstanceAttribute; None when it holds no instance.
    """
    items = answer.get("Items", {}).get("DBInstanceAttribute") or []
    return _instance(items[0]) if items else None


def _instance(item: Mapping[str, Any]) -> Instance:
    return Instance(
        id=item["DBInstanceId"],
        region=item.get("RegionId") or "",
        status=item.get("DBInstanceStatus") or "",
        lock_mode=item.get("LockMode") or "",
        role=item.get("DBInstanceType") or "",
        engine=item.get("Engine") or "",
        engine_version=item.get("EngineVersion") or "",
        edition=item.get("Category") or "",
        zones=_zones(item),
        instance_class=item.get("DBInstanceClass") or "",
        storage_gb=int(item.get("DBInstanceStorage") or 0),
        storage_type=item.get("DBInstanceStorageType") or "",
        payment=_payment(item.get("PayType") or ""),
        network_type=item.get("InstanceNetworkType") or "",
        description=item.get("DBInstanceDescription") or "",
        deletion_protection=_is_true(item.get("DeletionProtection")),
        vpc_id=item.get("VpcId") or None,
        vswitch_ids=_parts(item.get("VSwitchId")),
        serverless=_serverless(item.get("ServerlessConfig") or {}),
        connection_string=item.get("ConnectionString") or None,
        port=_optional(item.get("Port") or None, int),
        created=_instant(item.get("CreationTime")),
        expires=_instant(item.get("ExpireTime")),
    )


def to_sightings(answer: Mapping[str, Any]) -> tuple[Sighting, ...]:
    """
    Read one page of DescribeDBInstances.
    """
    return tuple(
        Sighting(
            id=item["DBInstanceId"],
            status=item.get("DBInstanceStatus") or "",
            created=_instant(item.get("CreateTime")),
        )
        for item in answer.get("Items", {}).get("DBInstance") or []
    )


def to_backup_sets(answer: Mapping[str, Any]) -> tuple[BackupSet, ...]:
    """
    Read one page of DescribeBackups.

    A missing IsAvail counts as available.
    """
    return tuple(
        BackupSet(
            id=str(item["BackupId"]),
            succeeded=item.get("BackupStatus") == "Success",
            available=str(item.get("IsAvail", 1)) == "1",
            logical=item.get("BackupMethod") == "Logical",
            ended=parse_instant(item["BackupEndTime"]),
        )
        for item in answer.get("Items", {}).get("Backup") or []
        if item.get("BackupEndTime")
    )


def to_window(answer: Mapping[str, Any]) -> RecoveryWindow:
    """
    Read the answer of DescribeLocalAvailableRecoveryTime.
    """
    return RecoveryWindow(
        begin=parse_instant(answer["RecoveryBeginTime"]),
        end=parse_instant(answer["RecoveryEndTime"]),
    )


def to_tags(answer: Mapping[str, Any]) -> dict[str, str]:
    """
    Read one page of ListTagResources for one instance.
    """
    items = answer.get("TagResources", {}).get("TagResource") or []
    return {item["TagKey"]: item.get("TagValue") or "" for item in items}


def _serverless_config(order: CloneOrder) -> str | None:
    """
    Write ServerlessConfig, one JSON text.
    """
    limits = order.capacity.serverless
    if limits is None:
        return None
    told = {
        "MinCapacity": limits.min_rcu,
        "MaxCapacity": limits.max_rcu,
        "AutoPause": limits.auto_pause,
        "SwitchForce": limits.switch_force,
    }
    return json.dumps({key: v for key, v in told.items() if v is not None})


def _serverless(config: Mapping[str, Any]) -> dict[str, object] | None:
    told = {
        "min_rcu": _optional(config.get("ScaleMin"), float),
        "max_rcu": _optional(config.get("ScaleMax"), float),
        "auto_pause": _optional(config.get("AutoPause"), _is_true),
        "switch_force": _optional(config.get("SwitchForce"), _is_true),
    }
    return {k: v for k, v in told.items() if v is not None} or None


def _zones(item: Mapping[str, Any]) -> tuple[str, ...]:
    slaves = item.get("SlaveZones", {}).get("SlaveZone") or []
    primary = item.get("MasterZone") or item.get("ZoneId") or ""
    return tuple(filter(None, [primary, *(slave.get("ZoneId") for slave in slaves)]))


def _payment(pay_type: str) -> str:
    """
    Give our word for a PayType; answers spell Serverless in capitals.
    """
    return _PAYMENTS.get(pay_type.casefold(), pay_type)


def _parts(text: str | None) -> tuple[str, ...]:
    return tuple(filter(None, (text or "").split(",")))


def _instant(text: str | None) -> datetime | None:
    """
    Read an instant that may be absent, or cut to the minute.
    """
    if not text:
        return None
    try:
        return parse_instant(text)
    except ValueError:
        return datetime.strptime(text, "%Y-%m-%dT%H:%MZ").replace(tzinfo=UTC)


def _is_true(value: Any) -> bool:
    return str(value).casefold() in ("true", "1")


def to_text(value: Any) -> str:
    """
    Give *value* as a parameter's text; the API writes truth as true and false.
    """
    return str(value).lower() if isinstance(value, bool) else str(value)


def _optional(value: Any, convert: Callable[[Any], Any]) -> Any:
    return None if value is None else convert(value)
