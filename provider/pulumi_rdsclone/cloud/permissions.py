"""
The RAM actions that read what the checks need.
"""

from collections.abc import Mapping
from typing import Final

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
