from pathlib import Path
from typing import Any

import pytest

from rds_emulator import Emulator
from tests.emulator.wire import FINE, MYSQL, POSTGRESQL, SQL_SERVER, Client, Refusal
from tests.support.rows import row

OFF = {
    "TDEStatus": "Disabled",
    "TDEMode": "Unknown",
    "EncryptionKey": "",
    "Databases": {"Database": []},
}
OURS = {**OFF, "TDEStatus": "Enabled", "TDEMode": "Aliyun_Generate_Key"}
KEY = {"EncryptionKey": "key-1", "RoleArn": "acs:ram::1:role/rds"}
THEIRS = {**OURS, "TDEMode": "Customer_Provided_Key", "EncryptionKey": "key-1"}
FILES = {"Certificate": "c.cer", "PrivateKey": "c.pvk", "PassWord": "p"}
DISABLE = {"TDEStatus": "Disabled"}
APP = {"DBName": "app"}


def modify(client: Client, instance_id: str, **parameters: str) -> Refusal:
    """
    Begin a change of TDE, which switches it on unless said otherwise.
    """
    given = {"TDEStatus": "Enabled", **parameters}
    return client.call("ModifyDBInstanceTDE", DBInstanceId=instance_id, **given).refusal


def settle(client: Client, instance_id: str, **parameters: str) -> Refusal:
    answer = modify(client, instance_id, **parameters)
    client.emulator.clock.advance(2)
    return answer


def described(client: Client, instance_id: str) -> dict[str, Any]:
    body = client.call("DescribeDBInstanceTDE", DBInstanceId=instance_id).body
    body.pop("RequestId")
    return body


def databases(client: Client) -> dict[str, str]:
    found = described(client, SQL_SERVER)["Databases"]["Database"]
    return {database["DBName"]: database["TDEStatus"] for database in found}


@pytest.mark.parametrize("instance_id", [MYSQL, POSTGRESQL])
@pytest.mark.parametrize(("given", "expected"), [row("ours", {}, OURS), row("theirs", KEY, THEIRS)])
def test_data_is_encrypted_after_the_restart(
    emulator: Emulator,
    client: Client,
    instance_id: str,
    given: dict[str, str],
    expected: dict[str, str],
) -> None:
    modify(client, instance_id, **given)
    during = emulator.instance(instance_id).status, described(client, instance_id)
    emulator.clock.advance(2)

    assert ("Rebooting", OFF) == during
    assert expected == described(client, instance_id)


def test_postgresql_rotates_to_a_new_or_given_key(emulator: Emulator, client: Client) -> None:
    settle(client, POSTGRESQL)
    answers = [
        settle(client, POSTGRESQL, IsRotate="true"),
        settle(client, POSTGRESQL, IsRotate="true", **KEY),
    ]
    setting = emulator.instance(POSTGRESQL).tde

    assert [FINE, FINE] == answers
    assert THEIRS == described(client, POSTGRESQL)
    assert setting is not None
    assert 2 == setting.rotations


def test_sql_server_encrypts_single_databases(emulator: Emulator, client: Client) -> None:
    seen = [(described(client, SQL_SERVER)["TDEStatus"], databases(client))]
    for given in (
        {"DBName": "app", **FILES},
        {"DBName": "app,reporting"},
        {**DISABLE, "DBName": "app"},
    ):
        assert FINE == settle(client, SQL_SERVER, **given)
        seen.append((described(client, SQL_SERVER)["TDEMode"], databases(client)))
    setting = emulator.instance(SQL_SERVER).tde
    settle(client, SQL_SERVER, **DISABLE, DBName="reporting")

    own = "Customer_Provided_Key"
    assert [
        ("Disabled", {"app": "Disabled", "reporting": "Disabled"}),
        (own, {"app": "Enabled", "reporting": "Disabled"}),
        (own, {"app": "Enabled", "reporting": "Enabled"}),
        (own, {"app": "Disabled", "reporting": "Enabled"}),
    ] == seen
    assert setting is not None
    assert ("c.cer", "c.pvk", "p") == (setting.certificate, setting.private_key, setting.password)
    assert "Disabled" == described(client, SQL_SERVER)["TDEStatus"]


@pytest.mark.parametrize(
    ("first", "instance_id", "second"),
    [
        row("MySQL: off again", {}, MYSQL, DISABLE),
        row("PostgreSQL: off again", {}, POSTGRESQL, DISABLE),
        row("MySQL: another key", {}, MYSQL, KEY),
        row("PostgreSQL: no rotation", {}, POSTGRESQL, KEY),
        row("SQL Server: on already", APP, SQL_SERVER, APP),
    ],
)
def test_change_of_tde_that_is_refused_begins_nothing(
    client: Client, first: dict[str, str], instance_id: str, second: dict[str, str]
) -> None:
    assert FINE == settle(client, instance_id, **first)
    setting = described(client, instance_id)

    assert (403, "OperationDenied.TDEStatus") == modify(client, instance_id, **second)
    client.emulator.clock.advance(2)
    assert setting == described(client, instance_id)


@pytest.mark.parametrize("version", ["2019_std_sl", "2016_ent_ha", "2017_ent"])
def test_version_and_edition_decide_whether_sql_server_can_encrypt(
    emulator: Emulator, client: Client, version: str
) -> None:
    emulator.change(MYSQL, engine="SQLServer", engine_version=version)

    assert FINE == modify(client, MYSQL, **APP)


def test_clone_has_no_tde_and_a_setting_outlives_a_restart(db: Path) -> None:
    with Emulator(db=db, speed=0) as emulator:
        client = Client(emulator)
        settle(client, MYSQL, **KEY)
        clone_id = client.clone()
        emulator.add("rm-x", tde={})
    with Emulator(db=db) as emulator:
        client = Client(emulator)

        assert [OFF, THEIRS, OURS] == [
            described(client, name) for name in (clone_id, MYSQL, "rm-x")
        ]
