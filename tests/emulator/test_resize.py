from pathlib import Path

import pytest

from rds_emulator import Emulator
from tests.emulator.wire import Answer, Client
from tests.support.rows import row

CLASS = "mysql.n4.large.2c"
SERVERLESS = {
    "engine": "MySQL",
    "category": "serverless_standard",
    "pay_type": "Serverless",
    "serverless": {"min_capacity": 1.0, "max_capacity": 4.0, "auto_pause": True},
}
SUBSCRIPTION = {"pay_type": "Prepaid", "expires": "now+30d"}


def modify(client: Client, instance_id: str = "rm-mine", **parameters: str) -> Answer:
    return client.call("ModifyDBInstanceSpec", DBInstanceId=instance_id, **parameters)


def test_capacity_is_new_when_the_instance_runs_again(emulator: Emulator, client: Client) -> None:
    emulator.add("rm-mine")
    emulator.set_temper(change_lag_seconds=1)
    answer = modify(client, DBInstanceClass=CLASS, DBInstanceStorage="200")
    seen = []
    for seconds in (0, 1, 2):
        emulator.clock.advance(seconds)
        now = client.attribute("rm-mine")
        seen.append((now["DBInstanceStatus"], now["DBInstanceStorage"]))

    assert "rm-mine" == answer.body["DBInstanceId"]
    assert answer.body["OrderId"] > 0
    assert [("Running", 100), ("DBInstanceClassChanging", 100), ("Running", 200)] == (seen)
    assert CLASS == client.attribute("rm-mine")["DBInstanceClass"]


@pytest.mark.parametrize(
    ("fields", "parameters", "told"),
    [
        row("another disk", {}, {"DBInstanceStorageType": "general_essd"},
            {"DBInstanceStorageType": "general_essd", "DBInstanceStorage": 100}),
        row(
            "a faster disk, and all else as it is",
            {"storage_gb": 500},
            {
                "DBInstanceStorageType": "cloud_essd2",
                "DBInstanceStorage": "500",
                "DBInstanceClass": "mysql.n2.medium.2c",
                "PayType": "Postpaid",
                "EffectiveTime": "Immediate",
                "Category": "HighAvailability",
            },
            {"DBInstanceStorageType": "cloud_essd2"},
        ),
        row("extras of general_essd", {"storage_type": "general_essd"},
            {"DBInstanceStorage": "100", "BurstingEnabled": "true", "IoAccelerationEnabled": "1"},
            {"BurstingEnabled": True, "IoAccelerationEnabled": "1"}),
        row(
            "a part of the serverless range",
            SERVERLESS,
            {
                "Direction": "Serverless",
                "ServerlessConfiguration": '{"MaxCapacity": 8, "SwitchForce": false}',
            },
            {
                "ServerlessConfig": {
                    "ScaleMin": 1.0,
                    "ScaleMax": 8.0,
                    "AutoPause": True,
                    "SwitchForce": False,
                }
            },
        ),
        row("storage of a serverless instance", SERVERLESS,
            {"DBInstanceStorage": "120", "PayType": "Serverless"},
            {"DBInstanceStorage": 120, "PayType": "SERVERLESS"}),
        row("a smaller subscription", SUBSCRIPTION,
            {"Direction": "Down", "DBInstanceClass": "mysql.n2.small.2c"},
            {"DBInstanceClass": "mysql.n2.small.2c", "PayType": "Prepaid"}),
        row("room for a full disk", {"lock_mode": "LockByDiskQuota", "lock_reason": "disk is full"},
            {"DBInstanceStorage": "200"},
            {"LockMode": "Unlock", "LockReason": "", "DBInstanceStorage": 200}),
    ],
)  # fmt: skip
def test_changes_are_read_back(
    emulator: Emulator,
    client: Client,
    fields: dict[str, object],
    parameters: dict[str, str],
    told: dict[str, object],
) -> None:
    emulator.add("rm-mine", **fields)
    answer = modify(client, **parameters)
    emulator.clock.advance(2)
    now = client.attribute("rm-mine")

    assert (200, "") == answer.refusal
    assert told == {name: now[name] for name in told}


def test_second_change_is_refused_until_one_shows(emulator: Emulator, client: Client) -> None:
    emulator.add("rm-mine")
    emulator.set_temper(change_lag_seconds=5)
    modify(client, DBInstanceStorage="200")

    assert "Running" == client.attribute("rm-mine")["DBInstanceStatus"]
    assert (403, "IncorrectDBInstanceState") == modify(client, DBInstanceStorage="300").refusal


def test_clone_has_its_source_s_capacity_of_the_order(emulator: Emulator, client: Client) -> None:
    emulator.add("rm-mine")
    emulator.set_temper(change_lag_seconds=5)
    emulator.faults.order_course(("Creating", 1), "Running")
    modify(client, DBInstanceStorage="200")
    clone_id = client.clone("rm-mine")
    emulator.clock.advance(10)

    assert [200, 100] == [
        client.attribute(instance_id)["DBInstanceStorage"] for instance_id in ("rm-mine", clone_id)
    ]


def test_slow_change_outlives_the_process(db: Path) -> None:
    with Emulator(db=db, speed=0) as emulator:
        emulator.add("rm-mine", **SERVERLESS)
        range_ = '{"MinCapacity": 2, "MaxCapacity": 6}'
        modify(Client(emulator), Direction="Serverless", ServerlessConfiguration=range_)
    with Emulator(db=db) as emulator:
        before = emulator.instance("rm-mine")
        emulator.clock.advance(2)
        after = emulator.instance("rm-mine").serverless

    assert "DBInstanceClassChanging" == before.status
    assert after is not None
    assert (2.0, 6.0, True) == (after.min_capacity, after.max_capacity, after.auto_pause)
