"""
High availability: replication, failover, probing.
"""

from pathlib import Path

import pytest

from rds_emulator import Emulator
from tests.emulator.wire import Client

MODES = {"SyncMode": "Async", "HAMode": "RTO"}


def test_modes_are_told_and_not_cloned(tmp_path: Path) -> None:
    """
    All three settings outlive a restart; a clone has the defaults.
    """
    db = tmp_path / "rds.sqlite"
    given = {"DBInstanceId": "rm-mine"}
    with Emulator(db=db, speed=0) as emulator:
        client = Client(emulator)
        emulator.add("rm-mine")
        modes = client.call("ModifyDBInstanceHAConfig", DbInstanceId="rm-mine", **MODES)
        probes = client.call(
            "ModifyHADiagnoseConfig", TcpConnectionType="SHORT", **given
        )
    with Emulator(db=db) as emulator:
        client = Client(emulator)
        told = client.call("DescribeDBInstanceHAConfig", **given).body
        probed = client.call("DescribeHADiagnoseConfig", **given).body
        backup_id = emulator.backups("rm-mine")[0].id
        order = {**given, "PayType": "Postpaid", "BackupId": backup_id}
        clone_id = client.call("CloneDBInstance", **order).body["DBInstanceId"]
        cloned = emulator.instance(clone_id).high_availability

    assert (200, 200) == (modes.status, probes.status)
    assert ("rm-mine", "Async", "RTO") == (
        told["DBInstanceId"],
        told["SyncMode"],
        told["HAMode"],
    )
    assert "SHORT" == probed["TcpConnectionType"]
    assert ("Semi-sync", "RPO", "LONG") == (
        cloned.sync_mode,
        cloned.ha_mode,
        cloned.connection,
    )


@pytest.mark.parametrize(
    ("fields", "nodes"),
    [
        pytest.param({"category": "Basic"}, [("Master", "cn-hangzhou-h")], id="Basic"),
        pytest.param(
            {},
            [("Master", "cn-hangzhou-h"), ("Slave", "cn-hangzhou-i")],
            id="HighAvailability",
        ),
        pytest.param(
            {"zones": ["cn-hangzhou-j"]},
            [("Master", "cn-hangzhou-j"), ("Slave", "cn-hangzhou-j")],
            id="one zone",
        ),
    ],
)
def test_nodes(
    emulator: Emulator,
    client: Client,
    fields: dict[str, object],
    nodes: list[tuple[str, str]],
) -> None:
    """
    The master is in the first zone, and every node has an id of its own.
    """
    emulator.add("rm-mine", **fields)
    body = client.call("DescribeDBInstanceHAConfig", DBInstanceId="rm-mine").body
    told = body["HostInstanceInfos"]["NodeInfo"]

    assert nodes == [(one["NodeType"], one["ZoneId"]) for one in told]
    assert len(nodes) == len({one["NodeId"] for one in told})


@pytest.mark.parametrize("engine", ["PostgreSQL", "SQLServer", "MariaDB"])
def test_modes_are_mysqls(emulator: Emulator, client: Client, engine: str) -> None:
    """
    Other engines have nodes but no modes.
    """
    emulator.add("rm-mine", engine=engine)
    body = client.call("DescribeDBInstanceHAConfig", DBInstanceId="rm-mine").body

    assert 2 == len(body["HostInstanceInfos"]["NodeInfo"])
    assert {"SyncMode", "HAMode"}.isdisjoint(body)


@pytest.mark.parametrize(
    ("fields", "parameters", "refusal"),
    [
        pytest.param({}, {"SyncMode": ""}, (400, "MissingParameter"), id="no sync"),
        pytest.param({}, {"HAMode": ""}, (400, "MissingParameter"), id="no mode"),
        pytest.param({}, {"HAMode": "rpo"}, (400, "InvalidParameter"), id="spelling"),
        pytest.param(
            {}, {"SyncMode": "Mgr"}, (501, "EmulatorNotImplemented"), id="groups"
        ),
        pytest.param(
            {}, {"DbInstanceId": ""}, (400, "MissingParameter"), id="no instance"
        ),
        pytest.param(
            {"engine": "PostgreSQL"},
            {},
            (403, "IncorrectDBInstanceEngine"),
            id="engine",
        ),
        *(
            pytest.param(
                {"category": edition}, {}, (400, "IncorrectDBInstanceType"), id=edition
            )
            for edition in ("Basic", "Finance", "serverless_basic")
        ),
    ],
)
def test_refused_modes(
    emulator: Emulator,
    client: Client,
    fields: dict[str, object],
    parameters: dict[str, str],
    refusal: tuple[int, str],
) -> None:
    """
    Modes are for MySQL with a standby, and both must be given.
    """
    emulator.add("rm-mine", **fields)
    given = {"DbInstanceId": "rm-mine", **MODES, **parameters}

    assert refusal == client.call("ModifyDBInstanceHAConfig", **given).refusal


@pytest.mark.parametrize(
    ("parameters", "refusal"),
    [
        pytest.param({}, (400, "MissingParameter"), id="no type"),
        pytest.param(
            {"TcpConnectionType": "short"}, (400, "InvalidParameter"), id="spelling"
        ),
        pytest.param(
            {"TcpConnectionType": "SHORT", "RegionId": ""},
            (400, "MissingParameter"),
            id="no region",
        ),
    ],
)
def test_refused_probes(
    client: Client, parameters: dict[str, str], refusal: tuple[int, str]
) -> None:
    """
    A connection is long or short.
    """
    given = {"DBInstanceId": "rm-demo-mysql80", **parameters}

    assert refusal == client.call("ModifyHADiagnoseConfig", **given).refusal


def test_permission_knows_the_other_spelling(
    emulator: Emulator, client: Client
) -> None:
    """
    A policy for one instance holds for the action that spells its id differently.
    """
    resource = "acs:rds:*:*:dbinstance/rm-mine"
    statement = {"Effect": "Allow", "Action": "rds:*", "Resource": resource}
    emulator.add("rm-mine")
    emulator.set_policy(emulator.access_key_id, {"Statement": [statement]})
    seen = [
        client.call("ModifyDBInstanceHAConfig", DbInstanceId=name, **MODES).refusal
        for name in ("rm-mine", "rm-demo-mysql80")
    ]

    assert [(200, ""), (403, "Forbidden.RAM")] == seen
