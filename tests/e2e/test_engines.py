"""
One life for a clone of each engine, on local and on cloud disks, and serverless.

All are clones of one program, so that a few runs of the engine play all lives.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import pytest

from rds_emulator import Emulator
from rds_emulator.state.model import Instance
from tests.support.clones import orders
from tests.support.stacks import Stack

pytestmark = pytest.mark.engine

PROGRAM: Final = """
import json
from pathlib import Path

for name, arguments in json.loads(Path("clones.json").read_text("utf-8")).items():
    rdsclone.CloneInstance(name, **arguments)
"""


@dataclass(frozen=True, kw_only=True)
class Life:
    """
    What is declared of the clone of one source, and how the clone shows it.

    Attributes:
        source: An instance of the demo, or of *PLANTED*.
        first, second: The arguments beside source and restore point.
        seen: What an instance of the emulator shows of them.
        shows: What it shows of the first and of the second.
    """

    source: str
    first: Mapping[str, Any] = field(default_factory=dict)
    second: Mapping[str, Any]
    seen: Callable[[Instance], Any]
    shows: tuple[Any, Any]


PLANTED: Final[Mapping[str, Mapping[str, Any]]] = {
    "rm-postgresql-local": {
        "engine": "PostgreSQL",
        "storage_type": "local_ssd",
        "instance_class": "rds.pg.s2.large",
    },
    "rm-sqlserver-local": {
        "engine": "SQLServer",
        "engine_version": "2016_std_ha",
        "storage_type": "local_ssd",
        "instance_class": "rds.mssql.s2.large",
    },
    "rm-mysql-serverless": {
        "category": "serverless_standard",
        "pay_type": "Serverless",
        "serverless": {"min_capacity": 1, "max_capacity": 8},
    },
    "rm-postgresql-serverless": {
        "engine": "PostgreSQL",
        "category": "serverless_basic",
        "pay_type": "Serverless",
        "serverless": {"min_capacity": 0.5, "max_capacity": 8},
    },
    "rm-sqlserver-serverless": {
        "engine": "SQLServer",
        "category": "serverless_ha",
        "pay_type": "Serverless",
        "serverless": {"min_capacity": 2, "max_capacity": 8},
    },
}
"""Sources that the demo lacks. MariaDB is sold on cloud disks alone."""


def serverless(least: float, most: float, **others: Any) -> dict[str, Any]:
    limits = {"min_rcu": least, "max_rcu": most}
    capacity = {"serverless": limits, **others}
    return {"payment": {"type": "Serverless"}, "capacity": capacity}


def size(instance: Instance) -> tuple[str, int]:
    return instance.instance_class, instance.storage_gb


def span(instance: Instance) -> tuple[float, float] | None:
    limits = instance.serverless
    return (limits.min_capacity, limits.max_capacity) if limits else None


LIVES: Final[Mapping[str, Life]] = {
    "mysql-cloud": Life(
        source="rm-demo-mysql80",
        second={
            "capacity": {"instance_class": "mysql.n4.medium.2c", "storage_gb": 150},
            "high_availability": {"mode": "RTO", "sync_mode": "Async"},
        },
        seen=lambda one: (*size(one), one.high_availability.ha_mode),
        shows=(("mysql.n2.medium.2c", 100, "RPO"), ("mysql.n4.medium.2c", 150, "RTO")),
    ),
    "mysql-local": Life(
        source="rm-demo-mysql57-local",
        second={
            "capacity": {"instance_class": "rds.mysql.s3.large", "storage_gb": 150},
            "parameters": {"innodb_lock_wait_timeout": "70"},
        },
        seen=lambda one: (*size(one), one.storage_type, dict(one.parameters)),
        shows=(
            ("rds.mysql.s2.large", 100, "local_ssd", {}),
            ("rds.mysql.s3.large", 150, "local_ssd", {"innodb_lock_wait_timeout": "70"}),
        ),
    ),
    "postgresql-cloud": Life(
        source="rm-demo-postgresql16",
        second={
            "capacity": {
                "instance_class": "pg.n4.medium.2c",
                "storage_gb": 500,
                "storage_type": "cloud_essd2",
            },
            "pg_hba": [{"address": "10.0.0.0/8"}],
        },
        seen=lambda one: (*size(one), one.storage_type, [rule.address for rule in one.hba.items]),
        shows=(
            ("pg.n2.medium.2c", 100, "cloud_essd", ["0.0.0.0/0", "0.0.0.0/0"]),
            ("pg.n4.medium.2c", 500, "cloud_essd2", ["10.0.0.0/8"]),
        ),
    ),
    "postgresql-local": Life(
        source="rm-postgresql-local",
        second={
            "capacity": {"instance_class": "rds.pg.s3.large", "storage_gb": 150},
            "parameters": {"work_mem": "8192"},
        },
        seen=lambda one: (*size(one), one.storage_type, dict(one.parameters)),
        shows=(
            ("rds.pg.s2.large", 100, "local_ssd", {}),
            ("rds.pg.s3.large", 150, "local_ssd", {"work_mem": "8192"}),
        ),
    ),
    "sqlserver-cloud": Life(
        source="rm-demo-sqlserver2022",
        second={
            "capacity": {
                "instance_class": "mssql.x4.large.s2",
                "storage_gb": 150,
                "storage_type": "general_essd",
                "bursting": True,
            },
            "ssl": {"force_encryption": True, "tls_version": "1.2"},
        },
        seen=lambda one: (
            *size(one),
            one.storage_type,
            one.bursting,
            one.ssl and one.ssl.tls_version,
        ),
        shows=(
            ("mssql.x4.medium.s2", 100, "cloud_essd", False, None),
            ("mssql.x4.large.s2", 150, "general_essd", True, "1.2"),
        ),
    ),
    "sqlserver-local": Life(
        source="rm-sqlserver-local",
        second={
            "capacity": {"instance_class": "rds.mssql.s3.large", "storage_gb": 150},
            "parameters": {"max degree of parallelism": "4"},
        },
        seen=lambda one: (*size(one), one.storage_type, dict(one.parameters)),
        shows=(
            ("rds.mssql.s2.large", 100, "local_ssd", {}),
            ("rds.mssql.s3.large", 150, "local_ssd", {"max degree of parallelism": "4"}),
        ),
    ),
    "mariadb-cloud": Life(
        source="rm-demo-mariadb106",
        second={
            "capacity": {"instance_class": "mariadb.n4.medium.2c", "storage_gb": 150},
            "backup_policy": {"days": ["Monday", "Friday"], "retention_days": 9},
        },
        seen=lambda one: (*size(one), one.backup_policy.data_retention_days),
        shows=(("mariadb.n2.medium.2c", 100, 7), ("mariadb.n4.medium.2c", 150, 9)),
    ),
    "mysql-becomes-serverless": Life(
        source="rm-demo-mysql80",
        first=serverless(1, 4),
        second={**serverless(2, 8, storage_gb=150), "tcp_connection_type": "SHORT"},
        seen=lambda one: (*size(one), span(one), one.high_availability.connection),
        shows=(
            ("mysql.n2.serverless.2c", 100, (1, 4), "LONG"),
            ("mysql.n2.serverless.2c", 150, (2, 8), "SHORT"),
        ),
    ),
    "mysql-serverless": Life(
        source="rm-mysql-serverless",
        first=serverless(1, 4),
        second={**serverless(2, 8), "sql_audit": True},
        seen=lambda one: (one.category, span(one), one.sql_audit),
        shows=(("serverless_standard", (1, 4), False), ("serverless_standard", (2, 8), True)),
    ),
    "postgresql-becomes-serverless": Life(
        source="rm-demo-postgresql16",
        first=serverless(0.5, 4),
        second={
            **serverless(0.5, 8),
            "parameters": {"wal_level": "logical"},
            "allow_restart": True,
        },
        seen=lambda one: (one.category, span(one), dict(one.parameters)),
        shows=(
            ("serverless_standard", (0.5, 4), {}),
            ("serverless_standard", (0.5, 8), {"wal_level": "logical"}),
        ),
    ),
    "postgresql-serverless": Life(
        source="rm-postgresql-serverless",
        first=serverless(0.5, 4),
        second={**serverless(1.5, 8, storage_gb=150), "minor_version_upgrade": "Manual"},
        seen=lambda one: (one.category, one.storage_gb, span(one), one.auto_upgrade_minor_version),
        shows=(
            ("serverless_basic", 100, (0.5, 4), "Auto"),
            ("serverless_basic", 150, (1.5, 8), "Manual"),
        ),
    ),
    "sqlserver-becomes-serverless": Life(
        source="rm-demo-sqlserver2019",
        first=serverless(2, 4),
        second={**serverless(3, 8), "monitoring_period": 60},
        seen=lambda one: (one.category, span(one), one.monitor_period),
        shows=(("serverless_ha", (2, 4), 300), ("serverless_ha", (3, 8), 60)),
    ),
    "sqlserver-serverless": Life(
        source="rm-sqlserver-serverless",
        first=serverless(2, 4),
        second={**serverless(2, 8), "backup_policy": {"retention_days": 9}},
        seen=lambda one: (one.category, span(one), one.backup_policy.data_retention_days),
        shows=(("serverless_ha", (2, 4), 7), ("serverless_ha", (2, 8), 9)),
    ),
}


BEYOND: Final[Mapping[str, Mapping[str, Any]]] = {
    "mysql-local": {"capacity": {"storage_type": "cloud_essd"}},
    "postgresql-local": {"pg_hba": [{"address": "10.0.0.0/8"}]},
    "sqlserver-local": {"capacity": {"bursting": True}},
    "mariadb-cloud": {"minor_version_upgrade": "Auto"},
    "mysql-serverless": {"deletion_protection": True},
}
"""What cannot be made of some clones that exist."""

REFUSALS: Final[Mapping[str, str]] = {
    "mysql-local": (
        "capacity.storageType: rm-demo-mysql57-local is on local_ssd, so its clones "
        "cannot be on cloud_essd — set capacity.storageType to local_ssd, or remove "
        "capacity.storageType (storage-type-change)"
    ),
    "postgresql-local": (
        "pgHba: PostgreSQL on local_ssd does not support pgHba — remove pgHba, or "
        "clone a source on cloud disks (disk-settings)"
    ),
    "sqlserver-local": (
        "capacity.bursting: SQLServer on local_ssd does not support "
        "capacity.bursting — remove capacity.bursting, or clone a source on cloud "
        "disks (disk-settings)"
    ),
    "mariadb-cloud": (
        "minorVersionUpgrade: MariaDB does not support minorVersionUpgrade — remove "
        "minorVersionUpgrade, or clone an instance of another engine (engine-settings)"
    ),
    "mysql-serverless": (
        "deletionProtection: deletionProtection is not available for payment.type "
        "Serverless — remove deletionProtection, or set payment.type to "
        "PayAsYouGo (deletion-protection-payment)"
    ),
}
"""What is said of each of them; a dynamic provider's preview ends at the first."""


def declare(
    stack: Stack,
    turn: str,
    latest: str = "time",
    beyond: Mapping[str, Mapping[str, Any]] | None = None,
) -> None:
    """
    Declare a clone for each life as of its *turn*, first or second.

    Args:
        stack: Where.
        turn: Which arguments of a life.
        latest: What is restored, backup or time.
        beyond: Other arguments of some clones.
    """
    clones = {
        name: {
            "source_instance_id": life.source,
            "restore_point": {"latest": latest},
            "description": f"{turn}-{name}",
            **getattr(life, turn),
            **(beyond or {}).get(name, {}),
        }
        for name, life in LIVES.items()
    }
    stack.write(PROGRAM)
    (stack.folder / "clones.json").write_text(json.dumps(clones), "utf-8")


def shown(stack: Stack, emulator: Emulator) -> dict[str, Any]:
    """
    Return what the instances show of their lives, behind their descriptions.
    """
    found = {
        name: emulator.instance(resource["id"]) for name, resource in stack.resources().items()
    }
    return {name: (one.description, LIVES[name].seen(one)) for name, one in found.items()}


def expected(turn: str) -> dict[str, Any]:
    number = ("first", "second").index(turn)
    return {name: (f"{turn}-{name}", life.shows[number]) for name, life in LIVES.items()}


def test_life_of_every_engine(stack: Stack, emulator: Emulator) -> None:
    for source, fields in PLANTED.items():
        emulator.add(source, **fields)
    declare(stack, "first")

    previewed = stack.must(stack.preview())
    assert f"+ {len(LIVES) + 1} to create" in previewed.text
    assert not emulator.journal.writes()

    stack.must(stack.up())
    assert expected("first") == shown(stack, emulator)
    stack.must(stack.preview("--expect-no-changes"))

    declare(stack, "second")
    changed = stack.must(stack.up())
    assert f"~ {len(LIVES)} updated" in changed.text
    assert expected("second") == shown(stack, emulator)
    stack.must(stack.run("refresh", "--yes", "--expect-no-changes"))
    stack.must(stack.preview("--expect-no-changes"))

    emulator.journal.clear()
    declare(stack, "second", beyond=BEYOND)
    refused = stack.preview()
    assert set(REFUSALS.values()) >= set(refused.problems)
    assert (1 if stack.border == "dynamic" else len(BEYOND)) == len(refused.problems)
    assert not emulator.journal.writes()

    declare(stack, "second", latest="backup")
    replaced = stack.must(stack.up())
    assert f"+-{len(LIVES)} replaced" in replaced.text
    assert expected("second") == shown(stack, emulator)
    assert len(LIVES) == orders(emulator)
    assert len(LIVES) == emulator.journal.count("DeleteDBInstance")

    stack.must(stack.run("destroy", "--yes", "--skip-preview"))
    assert not [one for one in emulator.instances() if one.restored_from]
