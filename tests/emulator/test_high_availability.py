from pathlib import Path

import pytest

from rds_emulator import Emulator
from tests.emulator.wire import Client
from tests.support.rows import row

MODES = {"SyncMode": "Async", "HAMode": "RTO"}


def test_modes_outlive_a_restart_and_are_not_cloned(db: Path) -> None:
    given = {"DBInstanceId": "rm-mine"}
    with Emulator(db=db, speed=0) as emulator:
        client = Client(emulator)
        emulator.add("rm-mine")
        modes = client.call("ModifyDBInstanceHAConfig", DbInstanceId="rm-mine", **MODES)
        probes = client.call("ModifyHADiagnoseConfig", TcpConnectionType="SHORT", **given)
    with Emulator(db=db) as emulator:
        client = Client(emulator)
        told = client.call("DescribeDBInstanceHAConfig", **given).body
        probed = client.call("DescribeHADiagnoseConfig", **given).body
        cloned = emulator.instance(client.clone("rm-mine")).high_availability

    assert (200, 200) == (modes.status, probes.status)
    assert ("rm-mine", "Async", "RTO") == (told["DBInstanceId"], told["SyncMode"], told["HAMode"])
    assert "SHORT" == probed["TcpConnectionType"]
    assert ("Semi-sync", "RPO", "LONG") == (cloned.sync_mode, cloned.ha_mode, cloned.connection)


@pytest.mark.parametrize(
    ("fields", "nodes"),
    [
        row("Basic", {"category": "Basic"}, [("Master", "cn-hangzhou-h")]),
        row("HighAvailability", {}, [("Master", "cn-hangzhou-h"), ("Slave", "cn-hangzhou-i")]),
        row(
            "one zone",
            {"zones": ["cn-hangzhou-j"]},
            [("Master", "cn-hangzhou-j"), ("Slave", "cn-hangzhou-j")],
        ),
    ],
)
def test_master_is_in_the_first_zone_and_each_node_has_an_id(
    emulator: Emulator, client: Client, fields: dict[str, object], nodes: list[tuple[str, str]]
) -> None:
    emulator.add("rm-mine", **fields)
    body = client.call("DescribeDBInstanceHAConfig", DBInstanceId="rm-mine").body
    told = body["HostInstanceInfos"]["NodeInfo"]

    assert nodes == [(node["NodeType"], node["ZoneId"]) for node in told]
    assert len(nodes) == len({node["NodeId"] for node in told})


@pytest.mark.parametrize("engine", ["PostgreSQL", "SQLServer", "MariaDB"])
def test_other_engines_have_nodes_only(emulator: Emulator, client: Client, engine: str) -> None:
    emulator.add("rm-mine", engine=engine)
    body = client.call("DescribeDBInstanceHAConfig", DBInstanceId="rm-mine").body

    assert 2 == len(body["HostInstanceInfos"]["NodeInfo"])
    assert {"SyncMode", "HAMode"}.isdisjoint(body)


def test_policy_holds_where_the_id_has_another_spelling(emulator: Emulator, client: Client) -> None:
    resource = "acs:rds:*:*:dbinstance/rm-mine"
    statement = {"Effect": "Allow", "Action": "rds:*", "Resource": resource}
    emulator.add("rm-mine")
    emulator.set_policy(emulator.access_key_id, {"Statement": [statement]})
    seen = [
        client.call("ModifyDBInstanceHAConfig", DbInstanceId=name, **MODES).refusal
        for name in ("rm-mine", "rm-demo-mysql80")
    ]

    assert [(200, ""), (403, "Forbidden.RAM")] == seen
