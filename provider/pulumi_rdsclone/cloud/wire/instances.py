"""
Instances: DescribeDBInstanceAttribute, DescribeDBInstances, ListTagResources.
"""

import json
import re
from collections.abc import Mapping
from typing import Final

from pulumi_rdsclone.cloud.reading import (
    Answer,
    read_bool,
    read_float,
    read_id,
    read_int,
    read_object,
    read_records,
    read_required_object,
    read_required_text,
    read_text,
)
from pulumi_rdsclone.cloud.wire.pages import records_in
from pulumi_rdsclone.cloud.wire.values import PAY_TYPES, split_list, to_instant
from pulumi_rdsclone.domain.instances import GONE, Instance, InstanceSummary

_PAYMENTS: Final = {wire.casefold(): name for name, wire in PAY_TYPES.items()}


def tag_filter(tags: Mapping[str, str]) -> str:
    """
    Return *tags* as the JSON filter of DescribeDBInstances.
    """
    return json.dumps(dict(tags), separators=(",", ":"))


def to_instance(answer: Answer) -> Instance | None:
    """
    Return the instance of DescribeDBInstanceAttribute; None for an empty list.

    A list that is left out is malformed: it must not make an instance gone.
    """
    group, name = read_required_object(answer, "Items"), "DBInstanceAttribute"
    items = read_records(group, name)
    if not items and group.get(name) is None:
        raise TypeError(name)
    return _instance(items[0]) if items else None


def _instance(item: Answer) -> Instance:
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
        storage_gb=read_int(item, "DBInstanceStorage"),
        storage_type=read_text(item, "DBInstanceStorageType"),
        payment=_payment(read_text(item, "PayType")),
        network_type=read_text(item, "InstanceNetworkType"),
        description=read_text(item, "DBInstanceDescription"),
        deletion_protection=read_bool(item, "DeletionProtection") or False,
        vpc_id=read_text(item, "VpcId") or None,
        vswitch_ids=split_list(read_text(item, "VSwitchId")),
        serverless=_serverless(read_object(item, "ServerlessConfig")),
        connection_string=read_text(item, "ConnectionString") or None,
        port=read_int(item, "Port") or None,
        bursting=read_bool(item, "BurstingEnabled") or False,
        io_acceleration=read_bool(item, "IoAccelerationEnabled") or False,
        maintenance_window=read_text(item, "MaintainTime") or None,
        minor_version_upgrade=read_text(item, "AutoUpgradeMinorVersion") or None,
        resource_group_id=read_text(item, "ResourceGroupId") or None,
        created=to_instant(read_text(item, "CreationTime")),
        expires=to_instant(read_text(item, "ExpireTime")),
    )


def to_summaries(answer: Answer) -> tuple[InstanceSummary, ...]:
    """
    Return the instances on one page of DescribeDBInstances.
    """
    return tuple(
        InstanceSummary(
            id=read_id(item, "DBInstanceId"),
            status=_status(item),
            created=to_instant(read_text(item, "CreateTime")),
        )
        for item in records_in("DescribeDBInstances", answer)
    )


def to_tags(answer: Answer) -> tuple[tuple[str, str, str], ...]:
    """
    Return instance, key and value of each tag on one page of ListTagResources.
    """
    return tuple(
        (
            read_id(item, "ResourceId"),
            read_required_text(item, "TagKey"),
            read_text(item, "TagValue"),
        )
        for item in read_records(
            read_required_object(answer, "TagResources"), "TagResource"
        )
    )


def _serverless(config: Answer) -> dict[str, object] | None:
    limits = {
        "min_rcu": read_float(config, "ScaleMin"),
        "max_rcu": read_float(config, "ScaleMax"),
        "auto_pause": read_bool(config, "AutoPause"),
        "switch_force": read_bool(config, "SwitchForce"),
    }
    return {k: v for k, v in limits.items() if v is not None} or None


def _zones(item: Answer) -> tuple[str, ...]:
    slaves = read_records(read_object(item, "SlaveZones"), "SlaveZone")
    primary = read_text(item, "MasterZone") or read_text(item, "ZoneId")
    return tuple(
        filter(None, [primary, *(read_text(zone, "ZoneId") for zone in slaves)])
    )


def _payment(pay_type: str) -> str:
    """
    Return the billing method of *pay_type*; answers spell Serverless in capitals.
    """
    return _PAYMENTS.get(pay_type.casefold(), pay_type)


_STATUS: Final = re.compile(rf"(?!{GONE}$)\w{{0,64}}")
"""One word, but not this package's word for an instance that is gone."""


def _status(item: Answer) -> str:
    """
    Return the status, which may be left out.
    """
    status = read_text(item, "DBInstanceStatus")
    if not _STATUS.fullmatch(status):
        raise ValueError(status)
    return status
