from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from pulumi_rdsclone.domain.declaring import chosen_zones, inherited_by, lifetime, needed
from tests.domain.samples import NOW, SOURCE
from tests.support.rows import case, row

H, I, J = "cn-hangzhou-h", "cn-hangzhou-i", "cn-hangzhou-j"  # noqa: E741 - zones


def declared(told: dict[str, Any], engine: str = "MySQL", **inherited: Any) -> list[str]:
    """
    Return what has to be declared of *told*, which an instance of *engine* has.
    """
    return [*needed(told, replace(SOURCE, engine=engine), inherited=inherited)]


@pytest.mark.parametrize(
    ("told", "engine", "paths"),
    [
        case("addresses")(
            {
                "network": {
                    "connection_prefix": "orders",
                    "private_ip_address": "10.0.0.9",
                    "public_endpoint": True,
                    "public_connection_prefix": "orders-public",
                    "public_port": 3306,
                    "port": 3306,
                }
            },
            "MySQL",
            ["network.public_endpoint"],
        ),
        row("PostgreSQL's port", {"network": {"port": 5432}}, "PostgreSQL", []),
        row("SQL Server's port", {"network": {"port": 1433}}, "SQLServer", []),
        row("MariaDB's port", {"network": {"port": 3306}}, "MariaDB", []),
        case("other ports", {"network": {"port": 3307, "public_port": 3310}})(
            "MySQL", ["network.port", "network.public_port"]
        ),
        case("SSL off")(
            {
                "ssl": {
                    "enabled": False,
                    "ca_type": "aliyun",
                    "force_encryption": True,
                    "tls_version": "1.2",
                }
            },
            "SQLServer",
            [],
        ),
        case("certificate without its key")(
            {
                "ssl": {
                    "enabled": True,
                    "ca_type": "custom",
                    "server_cert": "certificate",
                    "acl": "prefer",
                    "replication_acl": "prefer",
                }
            },
            "PostgreSQL",
            ["ssl.enabled"],
        ),
        case("clients", {"ssl": {"enabled": True, "client_ca_cert": "ca", "acl": "cert"}})(
            "PostgreSQL", ["ssl.enabled", "ssl.client_ca_cert", "ssl.acl"]
        ),
        case("key without its role")(
            {"encryption": {"enabled": True, "key": "key-1"}}, "MySQL", ["encryption.enabled"]
        ),
        case("encryption that is not declared for the engine")(
            {"encryption": {"enabled": True, "key": ""}}, "SQLServer", []
        ),
        case("what the engine does not have")(
            {"minor_version_upgrade": "Manual", "monitoring_period": 5},
            "MariaDB",
            ["monitoring_period"],
        ),
        case("logs that are not backed up")(
            {"backup_policy": {"log_backup": False, "log_retention_days": 9}},
            "MySQL",
            ["backup_policy.log_backup"],
        ),
        case("SQL Server's logs", {"backup_policy": {"log_backup": False, "retention_days": 9}})(
            "SQLServer", ["backup_policy.retention_days"]
        ),
        case("SQL Server's retention of logs")(
            {"backup_policy": {"log_backup": True, "log_retention_days": 9}},
            "SQLServer",
            ["backup_policy.log_backup"],
        ),
        case("renewal that is off")(
            {"payment": {"type": "Serverless", "auto_renew_months": 1}}, "MySQL", ["payment.type"]
        ),
        row("its own id", {"description": SOURCE.id}, "MySQL", []),
        row("no name that a clone takes", {"description": "9 lives"}, "MySQL", []),
        row("name", {"description": "orders"}, "MySQL", ["description"]),
        row("no tags", {"tags": {}}, "MySQL", []),
        row("off", {"sql_audit": False}, "MySQL", ["sql_audit"]),
    ],
)
def test_defaults_and_own_names_are_not_declared(
    told: dict[str, Any], engine: str, paths: list[str]
) -> None:
    assert paths == declared(told, engine)


def test_inherited_values_are_declared_only_where_they_differ() -> None:
    told = {"sql_audit": False, "resource_group_id": "rg-1"}

    assert [] == declared(told, sql_audit=False, resource_group_id="rg-1")
    assert ["sql_audit", "resource_group_id"] == declared(
        told, sql_audit=True, resource_group_id="rg-2"
    )


def of(edition: str, instance_class: str, disk: str = "cloud_essd") -> dict[str, Any]:
    """
    Return edition, class and disk of a clone.
    """
    capacity = {"instance_class": instance_class, "storage_type": disk}
    return {"edition": edition, "capacity": capacity, "payment": {}}


SERVERLESS = {"payment": {"type": "Serverless"}}


@pytest.mark.parametrize(
    ("told", "changes", "paths"),
    [
        row("as the source", of("HighAvailability", "mysql.n2.medium.2c"), {}, []),
        row("other case", of("highavailability", "mysql.n2.medium.2c"), {}, []),
        case("serverless clone")(
            {**of("serverless_standard", "mysql.n2.serverless.2c"), **SERVERLESS}, {}, []
        ),
        case("two names of a disk", of("HighAvailability", "mysql.n2.medium.2c", "local_ssd"))(
            {"storage_type": "ephemeral_ssd"}, []
        ),
        row("another edition", of("Basic", "mysql.n2.medium.2c"), {}, ["edition"]),
    ],
)
def test_edition_and_payment_decide_what_is_inherited(
    told: dict[str, Any], changes: dict[str, Any], paths: list[str]
) -> None:
    inherited = inherited_by(told, replace(SOURCE, **changes), of_source={"sql_audit": True})

    assert paths == [path for path in declared(told, **inherited) if path in inherited]
    assert inherited["sql_audit"] is True
    assert inherited["security_ips"] is None


@pytest.mark.parametrize(
    ("zones", "vswitches", "chosen"),
    [
        row("a vSwitch for each", (H, I), ("vsw-1", "vsw-2"), [H, I]),
        row("one zone, twice", (H, H), ("vsw-1",), [H, H]),
        row("one zone", (H,), ("vsw-1",), [H]),
        row("the standby's", (H, J), ("vsw-1",), []),
        row("the standby's, away from home", (J, I), ("vsw-1",), [J]),
        row("no vSwitch", (J, I), (), [J]),
    ],
)
def test_zones_that_the_cloud_chose(
    zones: tuple[str, ...], vswitches: tuple[str, ...], chosen: list[str]
) -> None:
    """
    A standby's zone without a vSwitch is the cloud's choice.
    """
    instance = replace(SOURCE, zones=zones, vswitch_ids=vswitches)

    assert chosen == chosen_zones(instance, SOURCE)
    assert (chosen or [zones[0]]) == chosen_zones(instance, None)


@pytest.mark.parametrize(
    ("after", "told"),
    [
        row("hours", timedelta(days=2), "48h"),
        row("an instant", timedelta(hours=1, seconds=1), None),
        row("none", timedelta(0), None),
        row("before it was there", timedelta(hours=-2), None),
    ],
)
def test_clone_that_expires_after_whole_hours_has_a_ttl(after: timedelta, told: str | None) -> None:
    assert told == lifetime(NOW + after, NOW)
    assert lifetime(NOW + after, None) is None
