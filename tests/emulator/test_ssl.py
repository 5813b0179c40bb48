from datetime import timedelta
from operator import itemgetter
from pathlib import Path
from typing import Any

import pytest

from rds_emulator import Emulator
from rds_emulator.protocol.timestamps import to_seconds
from tests.emulator.wire import FINE, MARIADB, MYSQL, POSTGRESQL, SQL_SERVER, Client, Refusal
from tests.support.rows import row

HOST = f"{MYSQL}.mysql.rds.aliyuncs.com"
HOSTS = {
    MYSQL: HOST,
    POSTGRESQL: f"{POSTGRESQL}.pg.rds.aliyuncs.com",
    SQL_SERVER: f"{SQL_SERVER}.sqlserver.rds.aliyuncs.com",
    MARIADB: f"{MARIADB}.mariadb.rds.aliyuncs.com",
}
AUTHORITY = {"ClientCAEnabled": "1", "ClientCACert": "ca"}
REVOCATIONS = {"ClientCrlEnabled": "1", "ClientCertRevocationList": "crl"}
CUSTOM = {"CAType": "custom", "ServerCert": "cert", "ServerKey": "key"}


def modify(client: Client, instance_id: str, **parameters: str) -> Refusal:
    given = {"ConnectionString": HOSTS[instance_id], "SSLEnabled": "1", **parameters}
    return client.call("ModifyDBInstanceSSL", DBInstanceId=instance_id, **given).refusal


def settle(client: Client, instance_id: str, **parameters: str) -> dict[str, Any]:
    assert FINE == modify(client, instance_id, **parameters)
    client.emulator.clock.advance(2)
    return described(client, instance_id)


def described(client: Client, instance_id: str) -> dict[str, Any]:
    body = client.call("DescribeDBInstanceSSL", DBInstanceId=instance_id).body
    body.pop("RequestId")
    return body


def test_mysql_has_the_new_setting_after_a_restart(emulator: Emulator, client: Client) -> None:
    off = described(client, MYSQL)
    begun = emulator.clock.now()
    modify(client, MYSQL)
    during = emulator.instance(MYSQL).status, described(client, MYSQL)
    emulator.clock.advance(2)
    on = described(client, MYSQL)
    again = settle(client, MYSQL, SSLEnabled="0")

    assert {
        "SSLEnabled": "No",
        "RequireUpdate": "No",
        "RequireUpdateReason": "",
        "ConnectionString": "",
        "SSLExpireTime": "",
        "ForceEncryption": "0",
        "CAType": "",
        "ServerCert": "",
    } == off
    assert ("Rebooting", off) == during
    assert (
        off
        | {
            "SSLEnabled": "Yes",
            "ConnectionString": HOST,
            "SSLExpireTime": to_seconds(begun + timedelta(days=365)),
            "CAType": "aliyun",
        }
        == on
    )
    assert off == again


def test_postgresql_reports_a_change_under_way(emulator: Emulator, client: Client) -> None:
    off = described(client, POSTGRESQL)
    begun = emulator.clock.now()
    modify(client, POSTGRESQL)
    during = described(client, POSTGRESQL)["LastModifyStatus"]
    emulator.clock.advance(2)
    on = described(client, POSTGRESQL)

    assert ("off", "0", "success") == itemgetter("SSLEnabled", "RequireUpdate", "LastModifyStatus")(
        off
    )
    assert "setting" == during
    assert ("on", to_seconds(begun), "success") == itemgetter(
        "SSLEnabled", "SSLCreateTime", "LastModifyStatus"
    )(on)
    assert on["ServerCAUrl"]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        row("custom", [CUSTOM], {"CAType": "custom", "ServerCert": "cert", "ServerKey": "key"}),
        row("default CA", [CUSTOM, {}], {"CAType": "aliyun"}),
        row("client CA", [AUTHORITY], {"ClientCACert": "ca", "ACL": "prefer"}),
        row(
            "what is not named stays",
            [{**AUTHORITY, **REVOCATIONS, "ACL": "cert"}, {"ReplicationACL": "prefer"}],
            {
                "ClientCACert": "ca",
                "ClientCertRevocationList": "crl",
                "ACL": "cert",
                "ReplicationACL": "prefer",
            },
        ),
        row("no revocations any more",
            [{**AUTHORITY, **REVOCATIONS, "ACL": "cert"}, {"ClientCrlEnabled": "0"}],
            {"ClientCACert": "ca", "ClientCertRevocationList": "", "ACL": "cert"}),
        row("no client CA any more",
            [{**AUTHORITY, **REVOCATIONS, "ACL": "cert"}, {"ClientCAEnabled": "0"}],
            {"ClientCACert": "", "ClientCertRevocationList": "", "ACL": "prefer"}),
        row("full", [{**AUTHORITY, "ACL": "verify-full"}], {"ACL": "verify-full"}),
        row("force", [{"ForceEncryption": "1"}], {"ForceEncryption": "1"}),
        row("still forced", [{"ForceEncryption": "1"}, {}], {"ForceEncryption": "1"}),
        row("not forced any more", [{"ForceEncryption": "1"}, {"ForceEncryption": "0"}],
            {"ForceEncryption": "0"}),
        row("on by default", [{"SSLEnabled": ""}], {"SSLEnabled": "on"}),
    ],
)  # fmt: skip
def test_postgresql_reports_everything_that_can_be_set_even_the_server_s_key(
    client: Client, changes: list[dict[str, str]], expected: dict[str, str]
) -> None:
    for change in changes:
        told = settle(client, POSTGRESQL, **change)

    assert expected == {name: told[name] for name in expected}


@pytest.mark.parametrize("change", [{}, AUTHORITY], ids=["plain", "client CA"])
def test_postgresql_reports_the_cloud_s_certificate(client: Client, change: dict[str, str]) -> None:
    off = described(client, POSTGRESQL)
    on = settle(client, POSTGRESQL, **change)
    renewed = settle(client, POSTGRESQL, **change)

    assert ("", "", "", "", "", "") == tuple(
        off[name]
        for name in (
            "ServerCert",
            "ServerKey",
            "ACL",
            "ReplicationACL",
            "ClientCACertExpireTime",
            "RequireUpdateItem",
        )
    )
    assert on["ServerCert"].startswith("-----BEGIN CERTIFICATE-----")
    assert on["ServerKey"].startswith("-----BEGIN PRIVATE KEY-----")
    assert ("prefer", "prefer") == (on["ACL"], on["ReplicationACL"])
    assert on["ServerCert"] != renewed["ServerCert"]


def test_postgresql_names_the_expired_certificate(emulator: Emulator, client: Client) -> None:
    settle(client, POSTGRESQL)
    emulator.clock.advance(timedelta(days=365))

    assert "ServerCert" == described(client, POSTGRESQL)["RequireUpdateItem"]


def test_postgresql_on_local_disks_has_no_acl(emulator: Emulator, client: Client) -> None:
    emulator.change(POSTGRESQL, storage_type="local_ssd")
    told = settle(client, POSTGRESQL)

    assert ("on", "", "", "") == itemgetter("SSLEnabled", "ServerCert", "ServerKey", "ACL")(told)


def test_mariadb_has_ssl_and_nothing_to_choose(client: Client) -> None:
    told = settle(client, MARIADB)

    assert {
        "SSLEnabled": "Yes",
        "RequireUpdate": "No",
        "ConnectionString": HOSTS[MARIADB],
        "ForceEncryption": "0",
    }.items() <= told.items()
    assert {"CAType", "ServerCert", "ServerKey", "TlsVersion"}.isdisjoint(told)


@pytest.mark.parametrize(
    ("instance_id", "change"),
    [
        row("custom certificate of MySQL", MYSQL, CUSTOM),
        row("MySQL, forced", MYSQL, {"ForceEncryption": "1"}),
        row("PostgreSQL, forced", POSTGRESQL, {"ForceEncryption": "1"}),
    ],
)
def test_mysql_and_postgresql_have_own_certificates_and_force_encryption(
    client: Client, instance_id: str, change: dict[str, str]
) -> None:
    told = settle(client, instance_id, **change)

    assert change.get("ForceEncryption", "0") == told["ForceEncryption"]
    assert change.get("CAType", "aliyun") == told["CAType"]


def test_sql_server_sets_tls_version_and_certificates(emulator: Emulator, client: Client) -> None:
    file = "oss-cn-hangzhou.aliyuncs.com:certificates:shop.pfx"
    told = settle(
        client,
        SQL_SERVER,
        TlsVersion="1.2",
        ForceEncryption="1",
        Certificate=file,
        PassWord="p",  # noqa: S106 - of a made-up file
    )
    kept = settle(client, SQL_SERVER, TlsVersion="1.1")
    setting = emulator.instance(SQL_SERVER).ssl

    assert ("Yes", "1.2", "1") == (told["SSLEnabled"], told["TlsVersion"], told["ForceEncryption"])
    assert ("1.1", "1") == (kept["TlsVersion"], kept["ForceEncryption"])
    assert setting is not None
    assert (file, "p") == (setting.certificate, setting.password)


def test_certificate_expires_in_a_year_and_is_renewed(emulator: Emulator, client: Client) -> None:
    first = settle(client, MYSQL)
    emulator.clock.advance(timedelta(days=365))
    late = described(client, MYSQL)
    renewed = settle(client, MYSQL)

    assert ["No", "Yes", "No"] == [body["RequireUpdate"] for body in (first, late, renewed)]
    assert first["SSLExpireTime"] < renewed["SSLExpireTime"]


def test_certificate_of_an_old_name_requires_an_update(emulator: Emulator, client: Client) -> None:
    settle(client, POSTGRESQL)
    emulator.change(POSTGRESQL, connection_string="other.pg.rds.aliyuncs.com")

    assert "1" == described(client, POSTGRESQL)["RequireUpdate"]


def test_public_endpoint_can_be_protected(emulator: Emulator, client: Client) -> None:
    public = "shop-public.mysql.rds.aliyuncs.com"
    endpoint = {"connection_string": public, "port": 3306}
    emulator.change(MYSQL, public_endpoint=endpoint)

    assert public == settle(client, MYSQL, ConnectionString=public)["ConnectionString"]


def test_clone_has_no_ssl_and_a_setting_outlives_a_restart(db: Path) -> None:
    seeded = {"connection_string": "rm-x.pg.rds.aliyuncs.com", "expires": "now+1d"}
    with Emulator(db=db, speed=0) as emulator:
        client = Client(emulator)
        settle(client, MYSQL, **CUSTOM)
        clone_id = client.clone()
        emulator.add("rm-x", engine="PostgreSQL", ssl=seeded)
    with Emulator(db=db) as emulator:
        client = Client(emulator)
        setting = emulator.instance(MYSQL).ssl

        assert ("No", "Yes", "on") == tuple(
            described(client, name)["SSLEnabled"] for name in (clone_id, MYSQL, "rm-x")
        )
        assert setting is not None
        assert ("custom", "key") == (setting.ca_type, setting.server_key)
