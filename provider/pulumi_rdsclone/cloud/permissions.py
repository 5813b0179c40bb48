"""
The RAM actions that read what the checks need.
"""

from collections.abc import Mapping
from typing import Final

from pulumi_rdsclone.domain.ram import ram_action

_ACTIONS: Final[Mapping[str, tuple[str, ...]]] = {
    "exists": ("DescribeDBInstanceAttribute",),
    "source": ("DescribeDBInstanceAttribute",),
    "backup_policy": ("DescribeBackupPolicy",),
    "backup_sets": ("DescribeBackups",),
    "window": (
        "DescribeLocalAvailableRecoveryTime",
        "DescribeLogBackupFiles",
    ),
    "migrations": ("DescribeMigrateTasks",),
    "tasks": ("DescribeTasks",),
    "zone_offers": ("DescribeAvailableZones",),
    "class_offers": ("DescribeAvailableClasses",),
    "vswitches": ("DescribeVSwitches",),
    "contents": ("DescribeMetaList",),
    "price": ("DescribePrice",),
    "price_per_hour": ("DescribePrice",),
    "parameter_templates": ("DescribeParameterTemplates",),
    "source_parameters": ("DescribeParameters",),
    "accounts": (
        "DescribeAccounts",
        "DescribeDatabases",
    ),
    "instances": ("DescribeDBInstances",),
}
"""
The API actions that each fact is read with. The second one of *window* is for SQL
Server, that of *accounts* for PostgreSQL.
"""

FACT_ACTIONS: Final[Mapping[str, str]] = {
    fact: ", ".join(map(ram_action, actions)) for fact, actions in _ACTIONS.items()
}
"""The RAM actions that permit to read each fact, separated by commas."""
