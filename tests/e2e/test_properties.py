"""
Every property that changes in place: made, changed, drifted, seen and mended.

Each property has a clone of its own, so that a few runs of the engine play them all.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import pytest

from pulumi_rdsclone.domain.model import leaves_of
from pulumi_rdsclone.domain.spec import CloneSpec
from rds_emulator import Emulator
from rds_emulator.state.model import Instance
from tests.support.clones import orders
from tests.support.stacks import Stack

pytestmark = pytest.mark.engine

PROGRAM: Final = """
import json
from pathlib import Path

declared = json.loads(Path("clones.json").read_text("utf-8"))
imported = json.loads(Path("imported.json").read_text("utf-8"))
for name, arguments in declared.items():
    options = pulumi.ResourceOptions(import_=imported.get(name))
    rdsclone.CloneInstance(name, **arguments, opts=options)
"""

NOBODY_TELLS: Final = {"accounts", "accounts-of-the-program", "ssl-of-clients"}
"""The stories of passwords and keys, which no import can bring back."""


@dataclass(frozen=True, kw_only=True)
class Story:
    """
    What is declared of one property, first and later, and how the clone shows it.

    Attributes:
        covers: The paths of the fields that it tells about.
        first, second: The arguments beside source and restore point.
        seen: What an instance of the emulator shows of it.
        shows: What it shows after each.
        drift: What becomes of the instance behind everybody's back.
    """

    covers: tuple[str, ...]
    first: Mapping[str, Any]
    second: Mapping[str, Any]
    seen: Callable[[Instance], Any]
    shows: tuple[Any, Any]
    drift: Mapping[str, Any]
    source: str = "rm-demo-mysql80"


def groups_of(instance: Instance) -> dict[str, tuple[str, ...]]:
    return {group.name: group.ips for group in instance.ip_groups}


def public_endpoint_of(instance: Instance) -> tuple[str, int] | None:
    public = instance.public_endpoint
    if public is None:
        return None
    return public.connection_string.partition(".")[0], public.port


def expiry(instance: Instance) -> datetime:
    return datetime.fromisoformat(instance.tags["rdsclone:expires"])


STORIES: Final[Mapping[str, Story]] = {
    "whitelist": Story(
        covers=("security_ips",),
        first={"security_ips": {"default": ["10.2.0.1", "10.0.0.0/16"]}},
        second={"security_ips": {"default": ["10.0.0.0/16"], "office": ["10.9.9.9"]}},
        seen=groups_of,
        shows=(
            {"default": ("10.0.0.0/16", "10.2.0.1")},
            {"default": ("10.0.0.0/16",), "office": ("10.9.9.9",)},
        ),
        drift={"ip_groups": [{"name": "default", "ips": ["0.0.0.0/0"]}]},
    ),
    "description": Story(
        covers=("description",),
        first={"description": "staging"},
        second={"description": "testing"},
        seen=lambda instance: instance.description,
        shows=("staging", "testing"),
        drift={"description": "by-hand"},
    ),
    "tags": Story(
        covers=("tags",),
        first={"tags": {"team": "data"}},
        second={"tags": {"team": "web", "cost": "low"}},
        seen=lambda instance: {
            key: value for key, value in instance.tags.items() if ":" not in key
        },
        shows=({"team": "data"}, {"team": "web", "cost": "low"}),
        drift={"tags": {"team": "web", "cost": "high"}},
    ),
    "protection": Story(
        covers=("deletion_protection",),
        first={"deletion_protection": True},
        second={},
        seen=lambda instance: instance.deletion_protection,
        shows=(True, False),
        drift={"deletion_protection": True},
    ),
    "maintenance-window": Story(
        covers=("maintenance_window",),
        first={"maintenance_window": "02:00Z-03:00Z"},
        second={"maintenance_window": "03:00Z-04:00Z"},
        seen=lambda instance: instance.maintain_time,
        shows=("02:00Z-03:00Z", "03:00Z-04:00Z"),
        drift={"maintain_time": "10:00Z-11:00Z"},
    ),
    "endpoint": Story(
        covers=("network.connection_prefix", "network.port"),
        first={"network": {"connection_prefix": "orders-a", "port": 3307}},
        second={"network": {"connection_prefix": "orders-b", "port": 3308}},
        seen=lambda instance: (instance.connection_string.partition(".")[0], instance.port),
        shows=(("orders-a", 3307), ("orders-b", 3308)),
        drift={"port": 3399},
    ),
    "public-endpoint": Story(
        covers=(
            "network.public_endpoint",
            "network.public_connection_prefix",
            "network.public_port",
        ),
        first={
            "network": {
                "public_endpoint": True,
                "public_connection_prefix": "orders-open",
                "public_port": 3310,
            }
        },
        second={
            "network": {
                "public_endpoint": True,
                "public_connection_prefix": "open-orders",
                "public_port": 3311,
            }
        },
        seen=public_endpoint_of,
        shows=(("orders-open", 3310), ("open-orders", 3311)),
        drift={"public_endpoint": None},
    ),
    "accounts": Story(
        covers=("accounts",),
        first={
            "accounts": {
                "owner": {"password": "New-owner-1"},
                "ci": {"password": "New-ci-1234", "privileges": {"app": "ReadOnly"}},
            }
        },
        second={
            "accounts": {
                "owner": {"password": "New-owner-2"},
                "ci": {
                    "password": "New-ci-1234",
                    "description": "pipeline",
                    "privileges": {"reporting": "ReadWrite"},
                },
            }
        },
        seen=lambda instance: {
            one.name: (one.password, dict(one.privileges))
            for one in instance.accounts
            if one.name != "shop"
        },
        shows=(
            {"owner": ("New-owner-1", {}), "ci": ("New-ci-1234", {"app": "ReadOnly"})},
            {"owner": ("New-owner-2", {}), "ci": ("New-ci-1234", {"reporting": "ReadWrite"})},
        ),
        drift={"accounts": []},
    ),
    "accounts-of-the-program": Story(
        covers=("accounts_exclusive",),
        first={"accounts": {"ci": {"password": "New-ci-1234"}}},
        second={"accounts": {"ci": {"password": "New-ci-1234"}}, "accounts_exclusive": True},
        seen=lambda instance: sorted(one.name for one in instance.accounts),
        shows=(["ci", "owner", "shop"], ["ci"]),
        drift={
            "accounts": [
                {"name": "ci", "password": "New-ci-1234"},
                {"name": "hand", "password": "By-hand-1"},
            ]
        },
    ),
    "ssl": Story(
        covers=("ssl.enabled",),
        first={"ssl": {}},
        second={"ssl": {"enabled": False}},
        seen=lambda instance: instance.ssl is not None,
        shows=(True, False),
        drift={},
    ),
    "ssl-of-clients": Story(
        source="rm-demo-postgresql16",
        covers=(
            "ssl.ca_type",
            "ssl.server_cert",
            "ssl.server_key",
            "ssl.client_ca_cert",
            "ssl.client_cert_revocation_list",
            "ssl.acl",
            "ssl.replication_acl",
        ),
        first={
            "ssl": {
                "ca_type": "custom",
                "server_cert": "certificate",
                "server_key": "key",
                "client_ca_cert": "authority",
                "client_cert_revocation_list": "revoked",
                "acl": "prefer",
                "replication_acl": "cert",
            }
        },
        second={
            "ssl": {
                "ca_type": "custom",
                "server_cert": "certificate-2",
                "server_key": "key-2",
                "client_ca_cert": "authority",
                "client_cert_revocation_list": "",
                "acl": "verify-ca",
                "replication_acl": "cert",
            }
        },
        seen=lambda instance: (
            instance.ssl
            and (
                instance.ssl.server_cert,
                instance.ssl.server_key,
                instance.ssl.client_revocations,
                instance.ssl.acl,
            )
        ),
        shows=(
            ("certificate", "key", "revoked", "prefer"),
            ("certificate-2", "key-2", "", "verify-ca"),
        ),
        drift={"ssl": None},
    ),
    "ssl-of-sql-server": Story(
        source="rm-demo-sqlserver2022",
        covers=("ssl.force_encryption", "ssl.tls_version"),
        first={"ssl": {"force_encryption": True, "tls_version": "1.1"}},
        second={"ssl": {"force_encryption": False, "tls_version": "1.2"}},
        seen=lambda instance: (
            instance.ssl and (instance.ssl.force_encryption, instance.ssl.tls_version)
        ),
        shows=((True, "1.1"), (False, "1.2")),
        drift={"ssl": None},
    ),
    "encryption": Story(
        covers=("encryption.enabled", "encryption.key", "encryption.role_arn"),
        first={},
        second={"encryption": {"key": "key-1", "role_arn": "acs:ram::1:role/rds"}},
        seen=lambda instance: instance.tde and instance.tde.encryption_key,
        shows=(None, "key-1"),
        drift={},
    ),
    "capacity": Story(
        covers=("capacity.instance_class", "capacity.storage_gb"),
        first={"capacity": {"storage_gb": 120}},
        second={"capacity": {"instance_class": "mysql.n4.medium.2c", "storage_gb": 150}},
        seen=lambda instance: (instance.instance_class, instance.storage_gb),
        shows=(("mysql.n2.medium.2c", 120), ("mysql.n4.medium.2c", 150)),
        drift={"instance_class": "mysql.n2.medium.2c"},
    ),
    "fast-disk": Story(
        covers=("capacity.bursting", "capacity.io_acceleration"),
        first={
            "capacity": {"storage_type": "general_essd", "bursting": True, "io_acceleration": True}
        },
        second={
            "capacity": {
                "storage_type": "general_essd",
                "bursting": False,
                "io_acceleration": False,
            }
        },
        seen=lambda instance: (instance.bursting, instance.io_acceleration),
        shows=((True, True), (False, False)),
        drift={"bursting": True},
    ),
    "ttl": Story(
        covers=("ttl",),
        first={"ttl": "48h"},
        second={"ttl": "72h"},
        seen=lambda instance: round((expiry(instance) - instance.created).total_seconds() / 3600),
        shows=(48, 72),
        drift={},
    ),
    "expiry": Story(
        covers=("expires_at",),
        first={"expires_at": "2099-01-01T08:00:00+08:00"},
        second={"expires_at": "2099-02-01T00:00:00Z"},
        seen=lambda instance: f"{expiry(instance):%Y-%m-%d}",
        shows=("2099-01-01", "2099-02-01"),
        drift={"tags": {"rdsclone:expires": "2098-01-01T00:00:00Z"}},
    ),
    "storage-type": Story(
        covers=("capacity.storage_type",),
        first={"capacity": {"storage_type": "cloud_essd", "storage_gb": 500}},
        second={"capacity": {"storage_type": "cloud_essd2", "storage_gb": 500}},
        seen=lambda instance: instance.storage_type,
        shows=("cloud_essd", "cloud_essd2"),
        drift={"storage_type": "cloud_essd"},
    ),
    "serverless": Story(
        covers=(
            "capacity.serverless.min_rcu",
            "capacity.serverless.max_rcu",
            "capacity.serverless.auto_pause",
            "capacity.serverless.switch_force",
        ),
        first={
            "payment": {"type": "Serverless"},
            "capacity": {"serverless": {"min_rcu": 1, "max_rcu": 4}},
        },
        second={
            "payment": {"type": "Serverless"},
            "capacity": {
                "serverless": {"min_rcu": 2, "max_rcu": 8, "auto_pause": True, "switch_force": True}
            },
        },
        seen=lambda instance: (
            instance.serverless
            and (instance.serverless.min_capacity, instance.serverless.auto_pause)
        ),
        shows=((1, None), (2, True)),
        drift={"serverless": {"min_capacity": 3}},
    ),
    "payment": Story(
        covers=("payment.type", "payment.period", "payment.duration"),
        first={"payment": {"type": "PayAsYouGo"}},
        second={"payment": {"type": "Subscription", "period": "Month", "duration": 2}},
        seen=lambda instance: instance.pay_type,
        shows=("Postpaid", "Prepaid"),
        drift={},
    ),
    "auto-renewal": Story(
        covers=("payment.auto_renew", "payment.auto_renew_months"),
        first={
            "payment": {
                "type": "Subscription",
                "period": "Month",
                "duration": 1,
                "auto_renew": True,
                "auto_renew_months": 3,
            }
        },
        second={
            "payment": {
                "type": "Subscription",
                "period": "Month",
                "duration": 1,
                "auto_renew": False,
            }
        },
        seen=lambda instance: instance.auto_renewal.enabled,
        shows=(True, False),
        drift={"auto_renewal": {"enabled": True}},
    ),
    "network": Story(
        covers=("network.vpc_id", "network.vswitch_ids", "network.private_ip_address"),
        first={
            "network": {
                "vpc_id": "vpc-demo",
                "vswitch_ids": ["vsw-demo-h"],
                "private_ip_address": "10.0.0.7",
            }
        },
        second={
            "network": {
                "vpc_id": "vpc-demo-other",
                "vswitch_ids": ["vsw-demo-other-h"],
                "private_ip_address": "172.16.0.7",
            }
        },
        seen=lambda instance: (instance.vpc_id, instance.private_ip),
        shows=(("vpc-demo", "10.0.0.7"), ("vpc-demo-other", "172.16.0.7")),
        drift={"private_ip": "172.16.0.99"},
    ),
    "resource-group": Story(
        covers=("resource_group_id",),
        first={"resource_group_id": "rg-acfmxazb4ph6aiy"},
        second={"resource_group_id": "rg-acfmxazb4ph6bbb"},
        seen=lambda instance: instance.resource_group_id,
        shows=("rg-acfmxazb4ph6aiy", "rg-acfmxazb4ph6bbb"),
        drift={"resource_group_id": "rg-default"},
    ),
    "minor-version": Story(
        covers=("minor_version_upgrade",),
        first={"minor_version_upgrade": "Manual"},
        second={"minor_version_upgrade": "Auto"},
        seen=lambda instance: instance.auto_upgrade_minor_version,
        shows=("Manual", "Auto"),
        drift={"auto_upgrade_minor_version": "Manual"},
    ),
    "high-availability": Story(
        covers=("high_availability.mode", "high_availability.sync_mode"),
        first={"high_availability": {"mode": "RTO", "sync_mode": "Async"}},
        second={"high_availability": {"mode": "RPO", "sync_mode": "Semi-sync"}},
        seen=lambda instance: (
            instance.high_availability.ha_mode,
            instance.high_availability.sync_mode,
        ),
        shows=(("RTO", "Async"), ("RPO", "Semi-sync")),
        drift={"high_availability": {"ha_mode": "RTO"}},
    ),
    "tcp-connection": Story(
        covers=("tcp_connection_type",),
        first={"tcp_connection_type": "SHORT"},
        second={"tcp_connection_type": "LONG"},
        seen=lambda instance: instance.high_availability.connection,
        shows=("SHORT", "LONG"),
        drift={"high_availability": {"connection": "SHORT"}},
    ),
    "backup-policy": Story(
        covers=(
            "backup_policy.days",
            "backup_policy.time",
            "backup_policy.retention_days",
            "backup_policy.log_backup",
            "backup_policy.log_retention_days",
        ),
        first={
            "backup_policy": {
                "days": ["Thursday", "Monday"],
                "time": "02:00Z-03:00Z",
                "retention_days": 10,
                "log_backup": True,
                "log_retention_days": 8,
            }
        },
        second={
            "backup_policy": {
                "days": ["Tuesday", "Friday"],
                "time": "03:00Z-04:00Z",
                "retention_days": 7,
                "log_backup": False,
            }
        },
        seen=lambda instance: (
            instance.backup_policy.preferred_days,
            instance.backup_policy.data_retention_days,
            instance.backup_policy.log_enabled,
        ),
        shows=((("Monday", "Thursday"), 10, True), (("Tuesday", "Friday"), 7, False)),
        drift={"backup_policy": {"data_retention_days": 30}},
    ),
    "sql-audit": Story(
        covers=("sql_audit",),
        first={"sql_audit": True},
        second={"sql_audit": False},
        seen=lambda instance: instance.sql_audit,
        shows=(True, False),
        drift={"sql_audit": True},
    ),
    "monitoring": Story(
        covers=("monitoring_period",),
        first={"monitoring_period": 60},
        second={"monitoring_period": 300},
        seen=lambda instance: instance.monitor_period,
        shows=(60, 300),
        drift={"monitor_period": 60},
    ),
    "pg-hba": Story(
        source="rm-demo-postgresql16",
        covers=("pg_hba",),
        first={"pg_hba": [{"address": "10.0.0.0/8"}]},
        second={
            "pg_hba": [
                {"user": "ci", "address": "10.1.0.0/16", "method": "scram-sha-256"},
                {"method": "reject"},
            ]
        },
        seen=lambda instance: [(one.user, one.address, one.method) for one in instance.hba.items],
        shows=(
            [("all", "10.0.0.0/8", "md5")],
            [("ci", "10.1.0.0/16", "scram-sha-256"), ("all", "0.0.0.0/0", "reject")],
        ),
        drift={"hba": {"items": [{"priority": 0}]}},
    ),
    "parameters": Story(
        covers=("parameters", "allow_restart"),
        first={"parameters": {"innodb_lock_wait_timeout": "60"}},
        second={
            "parameters": {"innodb_lock_wait_timeout": "70", "innodb_open_files": "2000"},
            "allow_restart": True,
        },
        seen=lambda instance: dict(instance.parameters),
        shows=(
            {"innodb_lock_wait_timeout": "60"},
            {"innodb_lock_wait_timeout": "70", "innodb_open_files": "2000"},
        ),
        drift={"parameters": {}},
    ),
}


def declare(stack: Stack, turn: str) -> None:
    clones = {
        name: {
            "source_instance_id": story.source,
            "restore_point": {"latest": "time"},
            **getattr(story, turn),
        }
        for name, story in STORIES.items()
    }
    write(stack, clones)


def write(
    stack: Stack, clones: Mapping[str, Mapping[str, Any]], imported: Mapping[str, str] | None = None
) -> None:
    """
    Declare *clones* by their names; those of *imported* are the instances it names.
    """
    stack.write(PROGRAM)
    for name, tree in (("clones", clones), ("imported", imported or {})):
        (stack.folder / f"{name}.json").write_text(json.dumps(tree), "utf-8")


def instances(stack: Stack, emulator: Emulator) -> dict[str, Instance]:
    return {name: emulator.instance(resource["id"]) for name, resource in stack.resources().items()}


def seen(stack: Stack, emulator: Emulator) -> dict[str, Any]:
    found = instances(stack, emulator)
    return {name: story.seen(found[name]) for name, story in STORIES.items()}


def test_every_property_has_a_story() -> None:
    told = [path for story in STORIES.values() for path in story.covers]

    assert sorted(told) == sorted(leaf.path for leaf in leaves_of(CloneSpec) if leaf.aspect)


def test_life_of_every_property(stack: Stack, emulator: Emulator) -> None:
    """
    Each property is made, changed, drifts, is seen and mended; in between all is quiet.
    """
    for turn, number in (("first", 0), ("second", 1)):
        declare(stack, turn)
        stack.must(stack.up())

        assert {n: story.shows[number] for n, story in STORIES.items()} == seen(stack, emulator)
        stack.must(stack.preview("--expect-no-changes"))
        stack.must(stack.run("refresh", "--yes", "--expect-no-changes"))

    drifted = [name for name, story in STORIES.items() if story.drift]
    for name in drifted:
        emulator.change(stack.resources()[name]["id"], **STORIES[name].drift)

    refreshed = stack.must(stack.run("refresh", "--yes"))
    mended = stack.must(stack.up())

    assert f"~ {len(drifted)} updated" in refreshed.text
    assert f"~ {len(drifted)} updated" in mended.text
    assert {n: story.shows[1] for n, story in STORIES.items()} == seen(stack, emulator)
    assert len(STORIES) == orders(emulator)
    stack.must(stack.run("up", "--yes", "--expect-no-changes"))


@pytest.mark.parametrize("border", ["plugin"], indirect=True)
def test_clone_imported_with_its_program_is_as_declared(stack: Stack, emulator: Emulator) -> None:
    declare(stack, "first")
    stack.must(stack.up())
    made = {
        name: resource for name, resource in stack.resources().items() if name not in NOBODY_TELLS
    }
    clones = {
        name: {
            **STORIES[name].first,
            "source_instance_id": STORIES[name].source,
            "restore_point": {"time": one["outputs"]["restoredFrom"]["time"]},
        }
        for name, one in made.items()
    }
    stack.must(stack.run("state", "delete", "--all", "--yes"))
    emulator.journal.clear()

    write(stack, clones, {name: one["id"] for name, one in made.items()})
    imported = stack.must(stack.up())
    write(stack, clones)

    assert f"= {len(clones)} imported" in imported.text
    stack.must(stack.preview("--expect-no-changes"))
    # A clone is marked as recorded when its run has ended.
    assert {"TagResources"} >= {call.action for call in emulator.journal.writes()}


def test_empty_whitelist_and_no_accounts_are_carried_out(stack: Stack, emulator: Emulator) -> None:
    emulator.change("rm-demo-mysql80", ip_groups=[{"name": "default", "ips": ["0.0.0.0/0"]}])
    stack.write(
        """
    rdsclone.CloneInstance(
        "staging",
        source_instance_id="rm-demo-mysql80",
        restore_point={"latest": "backup"},
        security_ips={},
        accounts_exclusive=True,
    )
    """
    )

    stack.must(stack.up())
    clone = emulator.instance(stack.resources()["staging"]["id"])
    stack.must(stack.preview("--expect-no-changes"))

    assert groups_of(clone) == {"default": ("127.0.0.1",)}
    assert clone.accounts == ()
