"""
What an instance runs on: its kernel, its power and what follows from that.

Clients of the real API read these fields although the emulated world does not
depend on them, so their values are made up where nothing else is said.
"""

import json
from collections.abc import Mapping
from typing import Final

from rds_emulator.actions.registry import Answer
from rds_emulator.market import class_power
from rds_emulator.state.model import Instance

_KERNEL: Final = "20241031"
# Terraform's documentation of target_minor_version has the four spellings.
_SQL_SERVER_KERNEL: Final = "15.0.4073.23"
_CONNECTIONS_OF_GB: Final = 300
_MEGABYTES: Final = 1024
# The pages of the ECS disks: the least, what each GB adds, and the most.
_IOPS: Final[Mapping[str, tuple[int, int, int]]] = {
    "cloud_ssd": (1_800, 30, 25_000),
    "cloud_essd0": (1_800, 12, 10_000),
    "cloud_essd": (1_800, 50, 50_000),
    "cloud_essd2": (1_800, 50, 100_000),
    "cloud_essd3": (1_800, 50, 1_000_000),
}
_IOPS_OF_OTHERS: Final = (1_800, 50, 50_000)


def machine(instance: Instance) -> Answer:
    """
    Return what *instance* runs on, as DescribeDBInstanceAttribute spells it.
    """
    kernel = _kernel(instance)
    return {
        # Any value but 3, an instance in a container, has clients ask for TDE.
        "kindCode": "0",
        "ConsoleVersion": "",
        "IPType": "IPv4",
        "InstructionSetArch": "x86",
        "CurrentKernelVersion": kernel,
        "LatestKernelVersion": kernel,
        "SuperPermissionMode": "Disabled",
        "DedicatedHostGroupId": "",
        "GuardDBInstanceId": "",
        "TempDBInstanceId": "",
        "ColdDataEnabled": False,
        "BabelfishConfig": {},
        "DBClusterNodes": {"DBClusterNode": []},
        "MaxIOPS": _iops(instance),
        **_power(instance.instance_class),
        **_OF_ENGINE.get(instance.engine, {}),
    }


_OF_ENGINE: Final[Mapping[str, Answer]] = {
    "MySQL": {
        "OptimizedWritesInfo": json.dumps(
            {"optimized_writes": False, "init_optimized_writes": False}
        )
    },
    "PostgreSQL": {"PGBouncerEnabled": "false"},
    "SQLServer": {
        "TimeZone": "China Standard Time",
        "Collation": "Chinese_PRC_CI_AS",
    },
}


def _kernel(instance: Instance) -> str:
    if instance.engine == "PostgreSQL":
        return f"rds_postgres_{instance.engine_version.split('.')[0]}00_{_KERNEL}"
    if instance.engine == "SQLServer":
        return _SQL_SERVER_KERNEL
    is_finance = (instance.engine, instance.category) == ("MySQL", "Finance")
    if not is_finance:
        return f"rds_{_KERNEL}"
    return f"xcluster{'80' if instance.engine_version == '8.0' else ''}_{_KERNEL}"


def _power(instance_class: str) -> Answer:
    known = class_power.of_class(instance_class)
    if known is None:
        return {}
    return {
        "DBInstanceCPU": str(known.cores),
        "DBInstanceMemory": known.memory_gb * _MEGABYTES,
        "MaxConnections": known.memory_gb * _CONNECTIONS_OF_GB,
    }


def _iops(instance: Instance) -> int:
    least, of_gb, most = _IOPS.get(instance.storage_type, _IOPS_OF_OTHERS)
    return min(least + of_gb * instance.storage_gb, most)
