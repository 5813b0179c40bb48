from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from pulumi_rdsclone.domain.declaring import (
    chosen_zones,
    inherited_by,
    lifetime,
    needed,
)
from tests.domain.samples import NOW, SOURCE

H, I, J = "cn-hangzhou-h", "cn-hangzhou-i", "cn-hangzhou-j"  # noqa: E741 - zones


def declared(
    told: dict[str, Any], engine: str = "MySQL", **inherited: Any
) -> list[str]:
    """
    Give what has to be declared of *told*, which an instance of *engine* has.
    """
    return [*needed(told, replace(SOURCE, engine=engine), inherited)]


@pytest.mark.parametrize(
    ("told", "engine", "paths"),
    [
        pytest.param(
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
            id="addresses",
        ),
        pytest.param(
            {"network": {"port": 5432}}, "PostgreSQL", [], id="PostgreSQL's port"
        ),
        pytest.param(
            {"network": {"port": 1433}}, "SQLServer", [], id="SQL Server's port"
        ),
        pytest.param({"network": {"port": 3306}}, "MariaDB", [], id="MariaDB's port"),
        pytest.param(
            {"network": {"port": 3307, "public_port": 3310}},
            "MySQL",
            ["network.port", "network.public_port"],
            id="other ports",
        ),
        pytest.param(
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
            id="SSL off",
        ),
        pytest.param(
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
            id="certificate without its key",
        ),
        pytest.param(
            {"ssl": {"enabled": True, "client_ca_cert": "ca", "acl": "cert"}},
            "PostgreSQL",
            ["ssl.enabled", "ssl.client_ca_cert", "ssl.acl"],
            id="clients",
        ),
        pytest.param(
            {"encryption": {"enabled": True, "key": "key-1"}},
            "MySQL",
            ["encryption.enabled"],
            id="key without its role",
        ),
        pytest.param(
            {"encryption": {"enabled": True, "key": ""}},
            "SQLServer",
            [],
            id="encryption that is not declared for the engine",
        ),
        pytest.param(
            {"minor_version_upgrade": "Manual", "monitoring_period": 5},
            "MariaDB",
            ["monitoring_period"],
            id="what the engine does not have",
        ),
        pytest.param(
            {"backup_policy": {"log_backup": False, "log_retention_days": 9}},
            "MySQL",
            ["backup_policy.log_backup"],
            id="logs that are not backed up",
        ),
        pytest.param(
            {"backup_policy": {"log_backup": False, "retention_days": 9}},
            "SQLServer",
            ["backup_policy.retention_days"],
            id="SQL Server's logs",
        ),
        pytest.param(
            {"backup_policy": {"log_backup": True, "log_retention_days": 9}},
            "SQLServer",
            ["backup_policy.log_backup"],
            id="SQL Server's retention of logs",
        ),
        pytest.param(
            {"payment": {"type": "Serverless", "auto_renew_months": 1}},
            "MySQL",
            ["payment.type"],
            id="renewal that is off",
        ),
        pytest.param({"description": SOURCE.id}, "MySQL", [], id="its own id"),
        pytest.param(
            {"description": "9 lives"}, "MySQL", [], id="no name that a clone takes"
        ),
        pytest.param({"description": "orders"}, "MySQL", ["description"], id="name"),
        pytest.param({"tags": {}}, "MySQL", [], id="no tags"),
        pytest.param({"sql_audit": False}, "MySQL", ["sql_audit"], id="off"),
    ],
)
def test_what_a_second_clone_declares(
    told: dict[str, Any], engine: str, paths: list[str]
) -> None:
    """
    What is a default, names the instance or would be refused is not declared.
    """
    assert paths == declared(told, engine)


def test_what_a_second_clone_inherits() -> None:
    """
    What a clone has anyway is not declared, unless the instance has it otherwise.
    """
    told = {"sql_audit": False, "resource_group_id": "rg-1"}

    assert [] == declared(told, sql_audit=False, resource_group_id="rg-1")
    assert ["sql_audit", "resource_group_id"] == declared(
        told, sql_audit=True, resource_group_id="rg-2"
    )


def of(edition: str, instance_class: str, disk: str = "cloud_essd") -> dict[str, Any]:
    """
    Tell edition, class and disk of a clone.
    """
    capacity = {"instance_class": instance_class, "storage_type": disk}
    return {"edition": edition, "capacity": capacity, "payment": {}}


SERVERLESS = {"payment": {"type": "Serverless"}}


@pytest.mark.parametrize(
    ("told", "changes", "paths"),
    [
        pytest.param(
            of("HighAvailability", "mysql.n2.medium.2c"), {}, [], id="as the source"
        ),
        pytest.param(
            of("highavailability", "mysql.n2.medium.2c"), {}, [], id="other case"
        ),
        pytest.param(
            {**of("serverless_standard", "mysql.n2.serverless.2c"), **SERVERLESS},
            {},
            [],
            id="serverless clone",
        ),
        pytest.param(
            of("HighAvailability", "mysql.n2.medium.2c", "local_ssd"),
            {"storage_type": "ephemeral_ssd"},
            [],
            id="two names of a disk",
        ),
        pytest.param(
            of("Basic", "mysql.n2.medium.2c"), {}, ["edition"], id="another edition"
        ),
    ],
)
def test_inherited_shape(
    told: dict[str, Any], changes: dict[str, Any], paths: list[str]
) -> None:
    """
    Edition and billing method decide what a clone has of its source's shape.
    """
    inherited = inherited_by(told, replace(SOURCE, **changes), {"sql_audit": True})

    assert paths == [path for path in declared(told, **inherited) if path in inherited]
    assert inherited["sql_audit"] is True
    assert inherited["security_ips"] is None


@pytest.mark.parametrize(
    ("zones", "vswitches", "chosen"),
    [
        pytest.param((H, I), ("vsw-1", "vsw-2"), [H, I], id="a vSwitch for each"),
        pytest.param((H, H), ("vsw-1",), [H, H], id="one zone, twice"),
        pytest.param((H,), ("vsw-1",), [H], id="one zone"),
        pytest.param((H, J), ("vsw-1",), [], id="the standby's"),
        pytest.param((J, I), ("vsw-1",), [J], id="the standby's, away from home"),
        pytest.param((J, I), (), [J], id="no vSwitch"),
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
        pytest.param(timedelta(days=2), "48h", id="hours"),
        pytest.param(timedelta(hours=1, seconds=1), None, id="an instant"),
        pytest.param(timedelta(0), None, id="none"),
        pytest.param(timedelta(hours=-2), None, id="before it was there"),
    ],
)
def test_lifetime(after: timedelta, told: str | None) -> None:
    """
    A clone that expires whole hours after its creation was to live that long.
    """
    assert told == lifetime(NOW + after, NOW)
    assert lifetime(NOW + after, None) is None
