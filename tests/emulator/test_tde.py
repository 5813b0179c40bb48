"""
TDE: switched on for good, or for single databases of SQL Server.
"""

from pathlib import Path
from typing import Any

import pytest

from rds_emulator import Emulator
from tests.emulator.wire import Client

MYSQL = "rm-demo-mysql80"
POSTGRESQL = "rm-demo-postgresql16"
SQL_SERVER = "rm-demo-sqlserver2022"
FINE = (200, "")
DENIED = (403, "OperationDenied.TDEStatus")
NEEDED = (400, "RequiredParam.NotFound")
FOREIGN = (400, "InvalidParameter")
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
Refusal = tuple[int, str]


def modify(client: Client, instance_id: str, **parameters: str) -> Refusal:
    """
    Begin a change of TDE, which switches it on unless said otherwise.
    """
    given = {"TDEStatus": "Enabled", **parameters}
    return client.call("ModifyDBInstanceTDE", DBInstanceId=instance_id, **given).refusal


def settle(client: Client, instance_id: str, **parameters: str) -> Refusal:
    """
    Change TDE and let the change end.
    """
    answer = modify(client, instance_id, **parameters)
    client.emulator.clock.advance(2)
    return answer


def described(client: Client, instance_id: str) -> dict[str, Any]:
    """
    Tell how data is encrypted.
    """
    body = client.call("DescribeDBInstanceTDE", DBInstanceId=instance_id).body
    body.pop("RequestId")
    return body


def databases(client: Client) -> dict[str, str]:
    """
    Tell the status of SQL Server's databases.
    """
    found = described(client, SQL_SERVER)["Databases"]["Database"]
    return {one["DBName"]: one["TDEStatus"] for one in found}


@pytest.mark.parametrize("instance_id", [MYSQL, POSTGRESQL])
@pytest.mark.parametrize(
    ("given", "expected"),
    [pytest.param({}, OURS, id="ours"), pytest.param(KEY, THEIRS, id="theirs")],
)
def test_switched_on(
    emulator: Emulator,
    client: Client,
    instance_id: str,
    given: dict[str, str],
    expected: dict[str, str],
) -> None:
    """
    The instance restarts, and only then its data is encrypted.
    """
    modify(client, instance_id, **given)
    during = emulator.instance(instance_id).status, described(client, instance_id)
    emulator.clock.advance(2)

    assert ("Rebooting", OFF) == during
    assert expected == described(client, instance_id)


def test_postgresql_rotates_its_key(emulator: Emulator, client: Client) -> None:
    """
    A new key is generated, or the given one is taken.
    """
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


def test_sql_server_encrypts_databases(emulator: Emulator, client: Client) -> None:
    """
    Databases are switched on and off by name; with the last one TDE is off.
    """
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
    assert ("c.cer", "c.pvk", "p") == (
        setting.certificate,
        setting.private_key,
        setting.password,
    )
    assert "Disabled" == described(client, SQL_SERVER)["TDEStatus"]


@pytest.mark.parametrize(
    ("before", "instance_id", "given", "refusal"),
    [
        pytest.param(
            [], MYSQL, {"TDEStatus": ""}, (400, "MissingParameter"), id="no status"
        ),
        pytest.param([], MYSQL, {"TDEStatus": "On"}, FOREIGN, id="another status"),
        pytest.param([], MYSQL, DISABLE, DENIED, id="MySQL: off already"),
        pytest.param([{}], MYSQL, DISABLE, DENIED, id="MySQL: off again"),
        pytest.param([{}], POSTGRESQL, DISABLE, DENIED, id="PostgreSQL: off again"),
        pytest.param([{}], MYSQL, KEY, DENIED, id="MySQL: another key"),
        pytest.param([{}], POSTGRESQL, KEY, DENIED, id="PostgreSQL: no rotation"),
        pytest.param([], MYSQL, {"EncryptionKey": "key-1"}, NEEDED, id="no role"),
        pytest.param([], MYSQL, {"IsRotate": "true"}, FOREIGN, id="PostgreSQL's"),
        pytest.param([], MYSQL, {"DBName": "app"}, FOREIGN, id="SQL Server's"),
        pytest.param([], SQL_SERVER, KEY, FOREIGN, id="not SQL Server's"),
        pytest.param([], SQL_SERVER, {}, (400, "MissingParameter"), id="no database"),
        pytest.param(
            [],
            SQL_SERVER,
            {"DBName": "app,none"},
            (404, "InvalidDBName.NotFound"),
            id="unknown database",
        ),
        pytest.param(
            [], SQL_SERVER, {"DBName": "app," * 50 + "app"}, FOREIGN, id="51 databases"
        ),
        pytest.param(
            [],
            SQL_SERVER,
            {"DBName": "app", "Certificate": "c.cer"},
            NEEDED,
            id="certificate alone",
        ),
        pytest.param(
            [], SQL_SERVER, {**DISABLE, "DBName": "app"}, DENIED, id="database is off"
        ),
        pytest.param(
            [{"DBName": "app"}],
            SQL_SERVER,
            {"DBName": "app"},
            DENIED,
            id="database is on",
        ),
    ],
)
def test_refused_tde(
    client: Client,
    before: list[dict[str, str]],
    instance_id: str,
    given: dict[str, str],
    refusal: Refusal,
) -> None:
    """
    A change that cannot be is refused with its code, and begins nothing.
    """
    for one in before:
        assert FINE == settle(client, instance_id, **one)
    setting = described(client, instance_id)

    assert refusal == modify(client, instance_id, **given)
    client.emulator.clock.advance(2)
    assert setting == described(client, instance_id)


NO_TYPE = (400, "IncorrectDBInstanceType")


@pytest.mark.parametrize(
    ("fields", "given", "refusal"),
    [
        pytest.param(
            {"engine": "MariaDB"}, {}, (400, "InstanceEngineType.NotSupport"), id="none"
        ),
        *(
            pytest.param({"category": edition}, {}, NO_TYPE, id=edition)
            for edition in ("Basic", "serverless_basic", "Finance")
        ),
        pytest.param(
            {"engine_version": "5.5"}, {}, (403, "IncorrectEngineVersion"), id="5.5"
        ),
        pytest.param({"instance_type": "Readonly"}, {}, NO_TYPE, id="read-only"),
        pytest.param(
            {"engine": "PostgreSQL", "storage_type": "local_ssd"},
            {},
            NO_TYPE,
            id="local disks",
        ),
        *(
            pytest.param(
                {"engine": "SQLServer", "engine_version": version},
                {"DBName": "app"},
                refusal,
                id=version,
            )
            for version, refusal in (
                ("2017_std_ha", (403, "IncorrectEngineVersion")),
                ("2019_web", (403, "IncorrectEngineVersion")),
                ("2019_std_sl", FINE),
                ("2016_ent_ha", FINE),
                ("2017_ent", FINE),
            )
        ),
        pytest.param(
            {"lock_mode": "ManualLock"},
            {},
            (403, "OperationDenied.LockMode"),
            id="lock",
        ),
        pytest.param(
            {"status": "Stopped"},
            {},
            (403, "OperationDenied.DBInstanceStatus"),
            id="stopped",
        ),
    ],
)
def test_instances(
    emulator: Emulator,
    client: Client,
    fields: dict[str, str],
    given: dict[str, str],
    refusal: Refusal,
) -> None:
    """
    Engine, version, edition, disks, lock and status decide as well.
    """
    emulator.change(MYSQL, **fields)

    assert refusal == modify(client, MYSQL, **given)


def test_other_engines_are_not_described(client: Client) -> None:
    """
    There is no answer for an engine without TDE.
    """
    answer = client.call("DescribeDBInstanceTDE", DBInstanceId="rm-demo-mariadb106")

    assert (400, "InstanceEngineType.NotSupport") == answer.refusal


def test_clone_is_plain_and_restart_keeps(tmp_path: Path) -> None:
    """
    A clone has no TDE; what was set or seeded outlives a restart.
    """
    order = {"DBInstanceId": MYSQL, "PayType": "Postpaid", "BackupId": "1000000109"}
    db = tmp_path / "rds.sqlite"
    with Emulator(db=db, speed=0) as emulator:
        client = Client(emulator)
        settle(client, MYSQL, **KEY)
        clone_id = client.call("CloneDBInstance", **order).body["DBInstanceId"]
        emulator.add("rm-x", tde={})
    with Emulator(db=db) as emulator:
        client = Client(emulator)

        assert [OFF, THEIRS, OURS] == [
            described(client, name) for name in (clone_id, MYSQL, "rm-x")
        ]
