"""
Instances in the API's spelling.

Only what is modelled is told. The real API leaves fields out as well, so a
client must not count on one that it does not see here.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from rds_emulator.actions.instances import machines
from rds_emulator.actions.registry import Answer
from rds_emulator.protocol import timestamps
from rds_emulator.rules import whitelists
from rds_emulator.state.model import UPGRADED_ENGINES, Instance, Serverless
from rds_emulator.state.temper import Temper

_PAY_TYPES: Final = {"Serverless": "SERVERLESS"}
_VSWITCHES: Final[Mapping[str, int | None]] = {"all": None, "first": 1}


@lru_cache(maxsize=4096)
def summary(instance: Instance, temper: Temper) -> Answer:
    """
    Return *instance* as an entry of DescribeDBInstances; it must not be changed.
    """
    return {
        **_common(instance, temper),
        "CreateTime": timestamps.to_seconds(instance.created),
        "ConnectionString": instance.connection_string,
        "MutriORsignle": len(set(instance.zones)) > 1,
        "VpcCloudInstanceId": instance.id,
    }


def attribute(instance: Instance, temper: Temper) -> Answer:
    """
    Return *instance* as the entry of DescribeDBInstanceAttribute.
    """
    answer = {
        **_common(instance, temper),
        "CreationTime": timestamps.to_seconds(instance.created),
        "ConnectionString": instance.connection_string,
        "Port": str(instance.port),
        "DBInstanceStorage": instance.storage_gb,
        "MasterZone": instance.zones[0] if instance.zones else "",
        "SlaveZones": {"SlaveZone": [{"ZoneId": zone} for zone in instance.zones[1:]]},
        "MaintainTime": instance.maintain_time,
        "SecurityIPList": ",".join(whitelists.default_addresses(instance.ip_groups)),
        "SecurityIPMode": instance.security_ip_mode,
        "AvailabilityValue": "100.0%",
        "IncrementSourceDBInstanceId": "",
        "ServerlessConfig": _serverless(instance.serverless),
        "Extra": {"DBInstanceIds": {"DBInstanceId": []}},
        **machines.machine(instance),
    }
    if instance.engine in UPGRADED_ENGINES:
        answer["AutoUpgradeMinorVersion"] = instance.auto_upgrade_minor_version
    return answer


def _common(instance: Instance, temper: Temper) -> Answer:
    return {
        "DBInstanceId": instance.id,
        "DBInstanceDescription": instance.description,
        "DBInstanceStatus": instance.status,
        "DBInstanceType": instance.instance_type,
        "DBInstanceClass": instance.instance_class,
        "DBInstanceStorageType": instance.storage_type,
        "DBInstanceNetType": "Intranet",
        "ConnectionMode": "Standard",
        "Engine": instance.engine,
        "EngineVersion": instance.engine_version,
        "Category": instance.category,
        "RegionId": instance.region,
        "ZoneId": _zone(instance, temper),
        "InstanceNetworkType": instance.network_type,
        "VpcId": instance.vpc_id,
        "VSwitchId": ",".join(instance.vswitch_ids[: _VSWITCHES[temper.vswitch_ids]]),
        "PayType": _PAY_TYPES.get(instance.pay_type, instance.pay_type),
        "ExpireTime": timestamps.to_seconds(instance.expires)
        if instance.expires
        else "",
        "LockMode": instance.lock_mode,
        "LockReason": instance.lock_reason,
        "DeletionProtection": instance.deletion_protection,
        "BurstingEnabled": instance.bursting,
        "IoAccelerationEnabled": "1" if instance.io_acceleration else "0",
        "MasterInstanceId": instance.master_id or "",
        "ResourceGroupId": instance.resource_group_id,
        "ReadOnlyDBInstanceIds": {"ReadOnlyDBInstanceId": []},
    }


def _zone(instance: Instance, temper: Temper) -> str:
    zones = tuple(dict.fromkeys(instance.zones))
    if len(zones) > 1 and temper.zone_ids == "combined":
        letters = ",".join(sorted(zone.rpartition("-")[2] for zone in zones))
        return f"{instance.region}-MAZ9({letters})"
    return zones[0] if zones else ""


def _serverless(config: Serverless | None) -> Answer:
    if config is None:
        return {}
    answer: Answer = {
        "ScaleMin": config.min_capacity,
        "ScaleMax": config.max_capacity,
    }
    if config.auto_pause is not None:
        answer["AutoPause"] = config.auto_pause
    if config.switch_force is not None:
        answer["SwitchForce"] = config.switch_force
    return answer
