"""
CloneDBInstance and DeleteDBInstance: orders and releases.
"""

import json
from collections.abc import Mapping
from typing import Final

from pulumi_rdsclone.cloud.reading import Answer, is_id
from pulumi_rdsclone.cloud.wire.values import (
    PAY_TYPES,
    SERVERLESS_LIMITS,
    optional,
    tag_list,
    to_text,
)
from pulumi_rdsclone.domain.instances import SQL_SERVER
from pulumi_rdsclone.domain.ordering import CloneOrder
from pulumi_rdsclone.domain.times import format_instant

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
    "capacity.bursting": "BurstingEnabled",
    "capacity.io_acceleration": "IoAccelerationEnabled",
    "capacity.dedicated_host_group_id": "DedicatedHostGroupId",
    **{
        f"capacity.serverless.{field}": f"ServerlessConfig.{name}"
        for field, name in SERVERLESS_LIMITS.items()
    },
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
    "databases": "DbNames, TableMeta",
    "tables": "TableMeta",
    "deletion_protection": "DeletionProtection",
}
"""The CloneDBInstance parameter that carries each input."""

UNSENT: Final[Mapping[str, str]] = {
    "restore_point.latest": "resolved to a time or a backup set before the call",
    "restore_point.before": "limits how latest is resolved",
    "refresh_trigger": "another value is another order",
    "on_delete": "what this program does when the resource is deleted",
    "released_keep_policy": "DeleteDBInstance.ReleasedKeepPolicy, at the end",
    "adopt": "which clone of an earlier run is taken over",
    "create_timeout": "how long this program waits",
    "max_price_per_hour": "what this program compares the price with",
    "checks.skip": "which checks this program leaves out",
    "checks.on_unverifiable": "what this program makes of what it cannot verify",
}
"""Inputs that no parameter carries, and why."""


def from_order(order: CloneOrder) -> dict[str, str]:
    """
    Return the parameters of CloneDBInstance for *order*.
    """
    name = PARAMETERS
    capacity, network, payment = order.capacity, order.network, order.payment
    subscribed = payment.type == "Subscription"
    values = {
        name["source_instance_id"]: order.source_instance_id,
        name["restore_point.time"]: optional(order.restore_time, format_instant),
        name["restore_point.backup_id"]: order.backup_id,
        name["edition"]: order.edition,
        name["capacity.instance_class"]: capacity.instance_class,
        name["capacity.storage_gb"]: capacity.storage_gb,
        name["capacity.storage_type"]: order.storage_type,
        name["capacity.bursting"]: capacity.bursting,
        name["capacity.io_acceleration"]: optional(capacity.io_acceleration, int),
        name["capacity.dedicated_host_group_id"]: capacity.dedicated_host_group_id,
        "ServerlessConfig": _serverless_config(order),
        name["network.type"]: network.type,
        name["network.vpc_id"]: network.vpc_id,
        name["network.vswitch_ids"]: optional(network.vswitch_ids, ",".join),
        name["network.private_ip_address"]: network.private_ip_address,
        name["payment.type"]: PAY_TYPES[payment.type],
        name["payment.period"]: payment.period,
        name["payment.duration"]: payment.duration,
        name["payment.auto_pay"]: payment.auto_pay if subscribed else None,
        name["description"]: order.description,
        name["deletion_protection"]: order.deletion_protection or None,
        **_selection_of(order),
        "ClientToken": order.token,
        **dict(zip(name["zones"].split(", "), order.zones, strict=False)),
        **tag_list(order.tags),
    }
    return {key: to_text(value) for key, value in values.items() if value is not None}


def _selection_of(order: CloneOrder) -> dict[str, str]:
    """
    Return the parameters that select databases and tables; none for all.
    """
    if not order.databases and not order.tables:
        return {}
    renames = any(old != new for old, new in order.databases.items())
    if order.engine == SQL_SERVER and not order.tables and not renames:
        return {"DbNames": ",".join(sorted(order.databases))}
    return {"RestoreTable": "1", "TableMeta": json.dumps(_table_meta(order))}


def _table_meta(order: CloneOrder) -> list[dict[str, object]]:
    """
    Return TableMeta: the databases by name, each with those of its tables that count.
    """
    tables: dict[str, list[dict[str, str]]] = {name: [] for name in order.databases}
    for name, new_name in sorted(order.tables.items()):
        database, _, table = name.partition(".")
        entry = {"type": "table", "name": table, "newname": new_name}
        tables.setdefault(database, []).append(entry)
    return [
        {
            "type": "db",
            "name": name,
            "newname": order.databases.get(name, name),
            **({"tables": entries} if entries else {}),
        }
        for name, entries in sorted(tables.items())
    ]


def to_clone_id(answer: Answer) -> str | None:
    """
    Return the clone's id in the answer of CloneDBInstance; None where it has none.
    """
    clone_id = answer.get("DBInstanceId")
    return clone_id if is_id(clone_id) else None


def _serverless_config(order: CloneOrder) -> str | None:
    """
    Return ServerlessConfig, a JSON text; None where nothing is declared.
    """
    limits = order.capacity.serverless
    if limits is None:
        return None
    values = {name: getattr(limits, f) for f, name in SERVERLESS_LIMITS.items()}
    return json.dumps({name: v for name, v in values.items() if v is not None})


_KEEP_POLICIES: Final = {"Latest": "Lastest"}  # codespell:ignore lastest
"""The API's own spelling of ReleasedKeepPolicy."""


def from_keep_policy(policy: str | None) -> dict[str, str]:
    """
    Return the parameter of DeleteDBInstance that decides which backup sets are kept.
    """
    return {"ReleasedKeepPolicy": _KEEP_POLICIES.get(policy, policy)} if policy else {}
