"""
The API's words and this package's, side by side; no other file spells the API's.
"""

import json
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Network
from typing import Any, Final, TypeVar

from pulumi_rdsclone.cloud.reading import (
    is_id,
    read_id,
    read_measure,
    read_name,
    read_number,
    read_records,
    read_switch,
    read_text,
)
from pulumi_rdsclone.cloud.settings import AccountSite
from pulumi_rdsclone.domain.backups import (
    BackupPolicy,
    BackupSet,
    RecoveryWindow,
    Span,
)
from pulumi_rdsclone.domain.engine_parameters import ParameterTemplate
from pulumi_rdsclone.domain.instances import GONE, SQL_SERVER, Instance, InstanceSummary
from pulumi_rdsclone.domain.market import (
    ClassOffer,
    OfferQuery,
    Price,
    VSwitch,
    ZoneOffer,
)
from pulumi_rdsclone.domain.ordering import CloneOrder
from pulumi_rdsclone.domain.restoring import Restore
from pulumi_rdsclone.domain.spec import Payment, Serverless
from pulumi_rdsclone.domain.times import format_instant, parse_instant

T = TypeVar("T")

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
    "capacity.bursting": "BurstingEnabled",
    "capacity.io_acceleration": "IoAccelerationEnabled",
    "capacity.dedicated_host_group_id": "DedicatedHostGroupId",
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


FACT_ACTIONS: Final[Mapping[str, str]] = {
    "exists": "rds:DescribeDBInstanceAttribute",
    "source": "rds:DescribeDBInstanceAttribute",
    "backup_policy": "rds:DescribeBackupPolicy",
    "backup_sets": "rds:DescribeBackups",
    "window": "rds:DescribeLocalAvailableRecoveryTime, rds:DescribeLogBackupFiles",
    "migrations": "rds:DescribeMigrateTasks",
    "tasks": "rds:DescribeTasks",
    "zone_offers": "rds:DescribeAvailableZones",
    "class_offers": "rds:DescribeAvailableClasses",
    "vswitches": "vpc:DescribeVSwitches",
    "contents": "rds:DescribeMetaList",
    "price": "rds:DescribePrice",
    "price_per_hour": "rds:DescribePrice",
    "parameter_templates": "rds:DescribeParameterTemplates",
    "source_parameters": "rds:DescribeParameters",
    "accounts": "rds:DescribeAccounts, rds:DescribeDatabases",
    "instances": "rds:DescribeDBInstances",
}
"""
The RAM actions that each fact is read with. The second one of *window* is for SQL
Server, that of *accounts* for PostgreSQL.
"""


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
        name["capacity.bursting"]: capacity.bursting,
        name["capacity.io_acceleration"]: _optional(capacity.io_acceleration, int),
        name["capacity.dedicated_host_group_id"]: capacity.dedicated_host_group_id,
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
        **_parts_of(order),
        "ClientToken": order.token,
        **dict(zip(name["zones"].split(", "), order.zones, strict=False)),
        **tag_list(order.tags),
    }
    return {key: to_text(value) for key, value in told.items() if value is not None}


def _parts_of(order: CloneOrder) -> dict[str, str]:
    """
    Give the parameters that choose databases and tables; none for all.
    """
    if not order.databases and not order.tables:
        return {}
    renames = any(old != new for old, new in order.databases.items())
    if order.engine == SQL_SERVER and not order.tables and not renames:
        return {"DbNames": ",".join(sorted(order.databases))}
    tables: dict[str, list[dict[str, str]]] = {name: [] for name in order.databases}
    for name, new_name in sorted(order.tables.items()):
        database, _, table = name.partition(".")
        entry = {"type": "table", "name": table, "newname": new_name}
        tables.setdefault(database, []).append(entry)
    meta = [
        {
            "type": "db",
            "name": name,
            "newname": order.databases.get(name, name),
            **({"tables": entries} if entries else {}),
        }
        for name, entries in sorted(tables.items())
    ]
    return {"RestoreTable": "1", "TableMeta": json.dumps(meta)}


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


_LISTS: Final[Mapping[str, tuple[str, str]]] = {
    "DescribeDBInstances": ("Items", "DBInstance"),
    "DescribeBackups": ("Items", "Backup"),
    "DescribeLogBackupFiles": ("Items", "BinLogFile"),
    "DescribeMigrateTasks": ("Items", "MigrateTask"),
    "DescribeTasks": ("Items", "TaskProgressInfo"),
    "DescribeMetaList": ("Items", "Meta"),
    "DescribeVSwitches": ("VSwitches", "VSwitch"),
    "DescribeAccounts": ("Accounts", "DBInstanceAccount"),
    "DescribeDatabases": ("Databases", "Database"),
}
"""Where each list call puts its records."""


def is_list(action: str) -> bool:
    """
    Tell whether *action* answers in pages.
    """
    return action in _LISTS


def records(action: str, answer: Mapping[str, Any]) -> list[dict[str, Any]]:
    """
    Give the records in one answer of the list call *action*.
    """
    group, name = _LISTS[action]
    return read_records(answer.get(group, {}), name)


_WITHOUT_TOTALS: Final = ("DescribeAccounts", "DescribeDatabases")
"""
The lists that may come without a total even where they are empty. Source: an answer of
the cloud, github.com/aliyun/terraform-provider-alicloud/issues/1887, and SDK 16.0.2.
"""


def may_end_with(action: str, found: Sequence[object], page_size: int) -> bool:
    """
    Return whether a page that holds *found* ends a list of *action* without a total.

    A short page does. An empty one says nothing of most lists: that nothing is there
    must be told, as a clone that is not seen might be ordered again.
    """
    is_short = len(found) < page_size
    return is_short and (bool(found) or action in _WITHOUT_TOTALS)


def to_total(answer: Mapping[str, Any]) -> int:
    """
    Tell how many records all pages of a list have together; -1 when it is not told.
    """
    name = "TotalCount" if "TotalCount" in answer else "TotalRecordCount"
    return read_number(answer, name, untold=-1)


def to_instance(answer: Mapping[str, Any]) -> Instance | None:
    """
    Read the answer of DescribeDBInstanceAttribute; None when its list is empty.

    A list that is not there says nothing: an instance must not be gone for that.
    """
    group, name = answer["Items"], "DBInstanceAttribute"
    items = read_records(group, name)
    if not items and group.get(name) is None:
        raise TypeError(name)
    return _instance(items[0]) if items else None


def to_clone(answer: Mapping[str, Any]) -> str | None:
    """
    Read the clone's id in the answer of CloneDBInstance; None when it names none.
    """
    told = answer.get("DBInstanceId")
    return told if is_id(told) else None


def _instance(item: Mapping[str, Any]) -> Instance:
    return Instance(
        id=read_id(item, "DBInstanceId"),
        region=read_text(item, "RegionId"),
        status=_status(item),
        lock_mode=read_text(item, "LockMode"),
        role=read_text(item, "DBInstanceType"),
        engine=read_text(item, "Engine"),
        engine_version=read_text(item, "EngineVersion"),
        edition=read_text(item, "Category"),
        zones=_zones(item),
        instance_class=read_text(item, "DBInstanceClass"),
        storage_gb=read_number(item, "DBInstanceStorage"),
        storage_type=read_text(item, "DBInstanceStorageType"),
        payment=_payment(read_text(item, "PayType")),
        network_type=read_text(item, "InstanceNetworkType"),
        description=read_text(item, "DBInstanceDescription"),
        deletion_protection=read_switch(item, "DeletionProtection") or False,
        vpc_id=read_text(item, "VpcId") or None,
        vswitch_ids=_parts(read_text(item, "VSwitchId")),
        serverless=_serverless(item.get("ServerlessConfig") or {}),
        connection_string=read_text(item, "ConnectionString") or None,
        port=read_number(item, "Port") or None,
        bursting=read_switch(item, "BurstingEnabled") or False,
        io_acceleration=read_switch(item, "IoAccelerationEnabled") or False,
        maintenance_window=read_text(item, "MaintainTime") or None,
        minor_version_upgrade=read_text(item, "AutoUpgradeMinorVersion") or None,
        resource_group_id=read_text(item, "ResourceGroupId") or None,
        created=_instant(read_text(item, "CreationTime")),
        expires=_instant(read_text(item, "ExpireTime")),
    )


def to_sightings(answer: Mapping[str, Any]) -> tuple[InstanceSummary, ...]:
    """
    Read one page of DescribeDBInstances.
    """
    return tuple(
        InstanceSummary(
            id=read_id(item, "DBInstanceId"),
            status=_status(item),
            created=_instant(read_text(item, "CreateTime")),
        )
        for item in records("DescribeDBInstances", answer)
    )


def to_backup_sets(answer: Mapping[str, Any]) -> tuple[BackupSet, ...]:
    """
    Read one page of DescribeBackups.

    A missing IsAvail counts as available.
    """
    return tuple(
        BackupSet(
            id=read_id(item, "BackupId"),
            succeeded=item.get("BackupStatus") == "Success",
            available=str(item.get("IsAvail", 1)) == "1",
            method=_told(read_text, item, "BackupMethod") or "",
            full=item.get("BackupType") != "IncrementalBackup",
            listed=item.get("MetaStatus", "OK") == "OK",
            ended=parse_instant(item["BackupEndTime"]),
            started=_told(_read_instant, item, "BackupStartTime"),
            size_bytes=_told(_read_size, item, "BackupSize"),
        )
        for item in records("DescribeBackups", answer)
        if item.get("BackupEndTime")
    )


def _told(
    read: Callable[[Mapping[str, Any], str], T], item: Mapping[str, Any], name: str
) -> T | None:
    """
    Read what is only told: it may have any form and must not hold a clone up.
    """
    try:
        return read(item, name)
    except (TypeError, ValueError, ArithmeticError):
        return None


def _read_size(item: Mapping[str, Any], name: str) -> int | None:
    size = read_number(item, name, untold=-1)
    return size if size >= 0 else None


def _read_instant(item: Mapping[str, Any], name: str) -> datetime | None:
    return _instant(read_text(item, name))


def to_window(answer: Mapping[str, Any]) -> RecoveryWindow:
    """
    Read the answer of DescribeLocalAvailableRecoveryTime.
    """
    begin, end = answer["RecoveryBeginTime"], answer["RecoveryEndTime"]
    return RecoveryWindow((Span(parse_instant(begin), parse_instant(end)),))


_ON: Final = ("1", "true", "enable", "enabled")
"""Pages of the API reference spell it in each of these ways."""


def to_backup_policy(answer: Mapping[str, Any]) -> BackupPolicy:
    """
    Read the answer of DescribeBackupPolicy.

    Data backup has no switch: it is on when days and a retention are set. PITR
    protection is the newer form of log backup.
    """
    flags = ("EnableBackupLog", "BackupLog", "EnablePitrProtection")
    kept = read_number(answer, "BackupRetentionPeriod")
    return BackupPolicy(
        data=bool(answer.get("PreferredBackupPeriod")) and kept > 0,
        log=any(str(answer.get(flag)).casefold() in _ON for flag in flags),
        retention_days=kept or None,
    )


def from_restore(restore: Restore) -> dict[str, str]:
    """
    Give the parameters of DescribeMetaList that name a restore point.
    """
    if restore.backup_id:
        return {"RestoreType": "BackupSetID", "BackupSetID": restore.backup_id}
    time = format_instant(restore.time) if restore.time else ""
    return {"RestoreType": "RestoreTime", "RestoreTime": time}


def to_databases(answer: Mapping[str, Any]) -> frozenset[str]:
    """
    Name the databases in one answer of DescribeMetaList.
    """
    return frozenset(
        read_name(item, "Database") for item in records("DescribeMetaList", answer)
    )


def to_tables(answer: Mapping[str, Any], database: str) -> frozenset[str]:
    """
    Name the tables of *database* in one answer of DescribeMetaList.

    Inferred: an entry holds one table, or several with commas between.
    """
    return frozenset(
        f"{database}.{table}"
        for item in records("DescribeMetaList", answer)
        for table in _parts(read_text(item, "Tables"))
    )


def minutes_of(span: Span) -> dict[str, str]:
    """
    Give StartTime and EndTime for the calls that want whole minutes, all of *span*.
    """
    up = timedelta(minutes=1, microseconds=-1)
    begin, end = (f"{t:%Y-%m-%dT%H:%MZ}" for t in (span.begin, span.end + up))
    return {"StartTime": begin, "EndTime": end}


def to_logs(answer: Mapping[str, Any]) -> tuple[Span, ...]:
    """
    Read one page of DescribeLogBackupFiles.
    """
    return tuple(
        Span(parse_instant(item["LogBeginTime"]), parse_instant(item["LogEndTime"]))
        for item in records("DescribeLogBackupFiles", answer)
    )


def to_migrations(answer: Mapping[str, Any]) -> tuple[str, ...]:
    """
    Name the databases whose import has not ended, from DescribeMigrateTasks.
    """
    return tuple(
        read_text(item, "DBName") or read_text(item, "MigrateTaskId") or "a database"
        for item in records("DescribeMigrateTasks", answer)
        if item.get("Status") in ("NoStart", "Running", "Waiting")
    )


_ENDED: Final = ("finish", "success", "fail", "cancel", "complete", "closed")


def to_tasks(answer: Mapping[str, Any]) -> tuple[str, ...]:
    """
    Name the tasks that have not ended, from one page of DescribeTasks.

    The words of its Status are not documented: any that says "ended" counts.
    """
    return tuple(
        read_text(item, "TaskAction") or "a task"
        for item in records("DescribeTasks", answer)
        if not str(item.get("Status") or "finish").casefold().startswith(_ENDED)
    )


def to_zone_offers(
    answer: Mapping[str, Any], engine: str, engine_version: str
) -> tuple[ZoneOffer, ...]:
    """
    Read the answer of DescribeAvailableZones for one engine and version.
    """
    return tuple(
        ZoneOffer(
            zone=read_name(zone, "ZoneId"),
            edition=read_name(category, "Category"),
            storage_type=read_name(storage, "StorageType"),
        )
        for zone in read_records(answer, "AvailableZones")
        for one in read_records(zone, "SupportedEngines")
        if one.get("Engine") == engine
        for version in read_records(one, "SupportedEngineVersions")
        if version.get("Version") == engine_version
        for category in read_records(version, "SupportedCategorys")
        for storage in read_records(category, "SupportedStorageTypes")
    )


def from_zone_query(
    engine: str, engine_version: str, payment: str, site: AccountSite
) -> dict[str, str]:
    """
    Return the parameters of DescribeAvailableZones.

    Source: Terraform's provider always sends the commodity code: zones list what is
    sold under it.
    """
    return {
        "Engine": engine,
        "EngineVersion": engine_version,
        "CommodityCode": _COMMODITIES[site][payment],
    }


def from_sale(sale: OfferQuery, site: AccountSite) -> dict[str, str]:
    """
    Give the parameters of DescribeAvailableClasses.
    """
    return {
        "CommodityCode": _COMMODITIES[site][sale.payment],
        "InstanceChargeType": PAY_TYPES[sale.payment],
        "Engine": sale.engine,
        "EngineVersion": sale.engine_version,
        "Category": sale.edition,
        "ZoneId": sale.zone,
        "DBInstanceStorageType": sale.storage_type,
    }


def to_class_offers(answer: Mapping[str, Any]) -> tuple[ClassOffer, ...]:
    """
    Read the answer of DescribeAvailableClasses; a limit that is not told is none.
    """
    return tuple(
        ClassOffer(
            name=read_name(item, "DBInstanceClass"),
            least_gb=read_number(limits, "MinValue"),
            most_gb=read_number(limits, "MaxValue") or sys.maxsize,
            step_gb=read_number(limits, "Step"),
        )
        for item in read_records(answer, "DBInstanceClasses")
        for limits in [item.get("DBInstanceStorageRange") or {}]
    )


_TEMPLATE_ENGINES: Final = {"MySQL": "mysql", SQL_SERVER: "mssql"}
"""DescribeParameterTemplates spells these engines in its own way."""


def from_engine(engine: str, engine_version: str) -> dict[str, str]:
    """
    Give the parameters of DescribeParameterTemplates.
    """
    spelt = _TEMPLATE_ENGINES.get(engine, engine)
    return {"Engine": spelt, "EngineVersion": engine_version}


def to_parameter_templates(
    answer: Mapping[str, Any],
) -> tuple[ParameterTemplate, ...]:
    """
    Read the answer of DescribeParameterTemplates.

    What is not told to be fixed can be set; what is not told to wait does not.
    """
    return tuple(
        ParameterTemplate(
            name=read_name(item, "ParameterName"),
            allowed=read_text(item, "CheckingCode"),
            modifiable=read_switch(item, "ForceModify") is not False,
            restarts=read_switch(item, "ForceRestart") is True,
        )
        for item in read_records(answer.get("Parameters") or {}, "TemplateRecord")
    )


def to_vswitches(answer: Mapping[str, Any]) -> tuple[VSwitch, ...]:
    """
    Read one page of vpc DescribeVSwitches.

    Where AvailableIpAddressCount is missing, the whole range counts as free.
    """
    return tuple(map(_to_vswitch, records("DescribeVSwitches", answer)))


def _to_vswitch(item: Mapping[str, Any]) -> VSwitch:
    cidr = IPv4Network(read_name(item, "CidrBlock"), strict=False)
    every = cidr.num_addresses
    return VSwitch(
        id=read_id(item, "VSwitchId"),
        zone=read_text(item, "ZoneId"),
        cidr=cidr,
        free=read_number(item, "AvailableIpAddressCount", untold=every),
    )


_COMMODITIES: Final = {
    AccountSite.CHINA: {
        "PayAsYouGo": "bards",
        "Subscription": "rds",
        "Serverless": "rds_serverless_public_cn",
    },
    AccountSite.INTERNATIONAL: {
        "PayAsYouGo": "bards_intl",
        "Subscription": "rds_intl",
        "Serverless": "rds_serverless_public_intl",
    },
}
"""Source: DescribePrice, CommodityCode."""


def from_price_query(
    sale: OfferQuery,
    instance_class: str,
    storage_gb: int,
    payment: Payment,
    site: AccountSite,
) -> dict[str, str]:
    """
    Give the parameters of DescribePrice for one instance.
    """
    told = {
        "CommodityCode": _COMMODITIES[site][payment.type],
        "Engine": sale.engine,
        "EngineVersion": sale.engine_version,
        "ZoneId": sale.zone,
        "DBInstanceClass": instance_class,
        "DBInstanceStorage": str(storage_gb),
        "DBInstanceStorageType": sale.storage_type,
        "PayType": PAY_TYPES[payment.type],
        "Quantity": "1",
        "OrderType": "BUY",
        "TimeType": payment.period,
        "UsedTime": _optional(payment.duration, str),
    }
    return {name: value for name, value in told.items() if value is not None}


def to_price(answer: Mapping[str, Any], payment: Payment) -> Price | None:
    """
    Read the answer of DescribePrice; None when it tells no amount.
    """
    info = answer.get("PriceInfo") or {}
    amount = read_measure(info, "TradePrice")
    currency = read_text(info, "Currency")
    if amount is None or not currency:
        return None
    subscribed = payment.type == "Subscription"
    per = f"{payment.duration} {payment.period}" if subscribed else "hour"
    return Price(amount=amount, currency=currency, per=per)


def from_serverless_query(
    sale: OfferQuery,
    instance_class: str,
    storage_gb: int,
    serverless: Serverless,
    site: AccountSite,
) -> dict[str, str]:
    """
    Return the parameters of DescribePrice for one serverless instance.
    """
    payment = Payment(type="Serverless")
    limits = {"MinCapacity": serverless.min_rcu, "MaxCapacity": serverless.max_rcu}
    return {
        **from_price_query(sale, instance_class, storage_gb, payment, site),
        "ServerlessConfig": json.dumps(limits),
    }


def to_most_price(answer: Mapping[str, Any]) -> Price | None:
    """
    Return what an hour of a serverless instance costs at most; None where untold.

    The storage counts without its discount. Source: DescribePrice, ServerlessPrice;
    that the amounts are those of an hour is inferred.
    """
    told = answer.get("ServerlessPrice") or {}
    units = read_measure(told, "TradeMaxRCUAmount")
    storage = read_measure(told, "StorageOriginalAmount")
    currency = read_text(answer.get("PriceInfo") or {}, "Currency")
    if units is None or storage is None or not currency:
        return None
    return Price(amount=round(units + storage, 6), currency=currency, per="hour")


def to_tags(answer: Mapping[str, Any]) -> tuple[tuple[str, str, str], ...]:
    """
    Read one page of ListTagResources: instance, key and value of each tag.
    """
    return tuple(
        (
            read_id(item, "ResourceId"),
            read_name(item, "TagKey"),
            read_text(item, "TagValue"),
        )
        for item in read_records(answer["TagResources"], "TagResource")
    )


def to_next_token(answer: Mapping[str, Any]) -> str:
    """
    Read what asks for the next page of ListTagResources; empty on the last page.
    """
    return read_text(answer, "NextToken")


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
        "min_rcu": read_measure(config, "ScaleMin"),
        "max_rcu": read_measure(config, "ScaleMax"),
        "auto_pause": read_switch(config, "AutoPause"),
        "switch_force": read_switch(config, "SwitchForce"),
    }
    return {k: v for k, v in told.items() if v is not None} or None


def _zones(item: Mapping[str, Any]) -> tuple[str, ...]:
    slaves = read_records(item.get("SlaveZones") or {}, "SlaveZone")
    primary = read_text(item, "MasterZone") or read_text(item, "ZoneId")
    return tuple(filter(None, [primary, *(read_text(one, "ZoneId") for one in slaves)]))


def _payment(pay_type: str) -> str:
    """
    Give our word for a PayType; answers spell Serverless in capitals.
    """
    return _PAYMENTS.get(pay_type.casefold(), pay_type)


def _parts(text: str) -> tuple[str, ...]:
    return tuple(filter(None, text.split(",")))


_STATUS: Final = re.compile(rf"(?!{GONE}$)\w{{0,64}}")
"""One word; only we may call an instance gone."""


def _status(item: Mapping[str, Any]) -> str:
    """
    Read a status that may be left out.
    """
    status = read_text(item, "DBInstanceStatus")
    if not _STATUS.fullmatch(status):
        raise ValueError(status)
    return status


def _instant(text: str) -> datetime | None:
    """
    Read an instant that may be absent, or cut to the minute.
    """
    if not text:
        return None
    try:
        return parse_instant(text)
    except ValueError:
        return datetime.strptime(text, "%Y-%m-%dT%H:%MZ").replace(tzinfo=UTC)


def to_text(value: Any) -> str:
    """
    Give *value* as a parameter's text; the API writes truth as true and false.
    """
    return str(value).lower() if isinstance(value, bool) else str(value)


_KEPT_SETS: Final = {"Latest": "Lastest"}  # codespell:ignore lastest
"""The API's own spelling of what is kept after a release."""


def from_keep_policy(policy: str | None) -> dict[str, str]:
    """
    Give the parameter of DeleteDBInstance that says which backup sets are kept.
    """
    return {"ReleasedKeepPolicy": _KEPT_SETS.get(policy, policy)} if policy else {}


def _optional(value: Any, convert: Callable[[Any], Any]) -> Any:
    return None if value is None else convert(value)
