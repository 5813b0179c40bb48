"""
The shape of an instance: class, storage, disk, serverless range.
"""

from pathlib import Path

import pytest

from rds_emulator import Emulator
from tests.emulator.wire import Answer, Client

CLASS = "mysql.n4.large.2c"
SERVERLESS = {
    "engine": "MySQL",
    "category": "serverless_standard",
    "pay_type": "Serverless",
    "serverless": {"min_capacity": 1.0, "max_capacity": 4.0, "auto_pause": True},
}
SUBSCRIPTION = {"pay_type": "Prepaid", "expires": "now+30d"}


def modify(client: Client, instance_id: str = "rm-mine", **parameters: str) -> Answer:
    """
    Ask for another shape of an instance.
    """
    return client.call("ModifyDBInstanceSpec", DBInstanceId=instance_id, **parameters)


def shown(client: Client, instance_id: str = "rm-mine") -> dict[str, object]:
    """
    Read what the API tells of an instance.
    """
    answer = client.call("DescribeDBInstanceAttribute", DBInstanceId=instance_id)
    attribute: dict[str, object] = answer.body["Items"]["DBInstanceAttribute"][0]
    return attribute


def test_class_and_storage_change_slowly(emulator: Emulator, client: Client) -> None:
    """
    The new values are there when the instance is Running again.
    """
    emulator.add("rm-mine")
    emulator.set_temper(change_lag_seconds=1)
    answer = modify(client, DBInstanceClass=CLASS, DBInstanceStorage="200")
    seen = []
    for seconds in (0, 1, 2):
        emulator.clock.advance(seconds)
        now = shown(client)
        seen.append((now["DBInstanceStatus"], now["DBInstanceStorage"]))

    assert "rm-mine" == answer.body["DBInstanceId"]
    assert answer.body["OrderId"] > 0
    assert [("Running", 100), ("DBInstanceClassChanging", 100), ("Running", 200)] == (
        seen
    )
    assert CLASS == shown(client)["DBInstanceClass"]


@pytest.mark.parametrize(
    ("fields", "parameters", "told"),
    [
        pytest.param(
            {},
            {"DBInstanceStorageType": "general_essd"},
            {"DBInstanceStorageType": "general_essd", "DBInstanceStorage": 100},
            id="another disk",
        ),
        pytest.param(
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
            id="a faster disk, and all else as it is",
        ),
        pytest.param(
            {"storage_type": "general_essd"},
            {
                "DBInstanceStorage": "100",
                "BurstingEnabled": "true",
                "IoAccelerationEnabled": "1",
            },
            {"BurstingEnabled": True, "IoAccelerationEnabled": "1"},
            id="extras of general_essd",
        ),
        pytest.param(
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
            id="a part of the serverless range",
        ),
        pytest.param(
            SERVERLESS,
            {"DBInstanceStorage": "120", "PayType": "Serverless"},
            {"DBInstanceStorage": 120, "PayType": "SERVERLESS"},
            id="storage of a serverless instance",
        ),
        pytest.param(
            SUBSCRIPTION,
            {"Direction": "Down", "DBInstanceClass": "mysql.n2.small.2c"},
            {"DBInstanceClass": "mysql.n2.small.2c", "PayType": "Prepaid"},
            id="a smaller subscription",
        ),
        pytest.param(
            {"lock_mode": "LockByDiskQuota", "lock_reason": "disk is full"},
            {"DBInstanceStorage": "200"},
            {"LockMode": "Unlock", "LockReason": "", "DBInstanceStorage": 200},
            id="room for a full disk",
        ),
    ],
)
def test_changes_are_read_back(
    emulator: Emulator,
    client: Client,
    fields: dict[str, object],
    parameters: dict[str, str],
    told: dict[str, object],
) -> None:
    """
    What was accepted is what the instance is told to be.
    """
    emulator.add("rm-mine", **fields)
    answer = modify(client, **parameters)
    emulator.clock.advance(2)
    now = shown(client)

    assert (200, "") == answer.refusal
    assert told == {name: now[name] for name in told}


@pytest.mark.parametrize(
    ("fields", "parameters", "refusal"),
    [
        pytest.param(
            {}, {"BurstingEnabled": "true"}, (400, "RequiredParam.NotFound"), id="none"
        ),
        pytest.param(
            {"status": "Rebooting"},
            {"DBInstanceClass": CLASS},
            (403, "IncorrectDBInstanceState"),
            id="rebooting",
        ),
        pytest.param(
            {"lock_mode": "ManualLock"},
            {"DBInstanceStorage": "200"},
            (403, "OperationDenied.LockMode"),
            id="locked",
        ),
        pytest.param(
            {},
            {"DBInstanceClass": CLASS, "PayType": "Prepaid"},
            (400, "DBInstancePayTypeNotSupport"),
            id="another billing method",
        ),
        pytest.param(
            {},
            {"DBInstanceClass": "mysql.n9.huge.2c"},
            (400, "InvalidDBInstanceClass.NotFound"),
            id="unknown class",
        ),
        pytest.param(
            {},
            {"DBInstanceClass": "pg.n2.large.2c"},
            (400, "InvalidDBInstanceClass.NotFound"),
            id="class of another engine",
        ),
        pytest.param(
            {},
            {"DBInstanceClass": "mysql.n4.large.1"},
            (400, "InvalidTargetCategory"),
            id="class of another edition",
        ),
        pytest.param(
            {},
            {"DBInstanceClass": "rds.mysql.s2.large"},
            (400, "InvalidInstanceLevel.DiskType"),
            id="class of another disk",
        ),
        pytest.param(
            {},
            {"DBInstanceClass": "mysql.n1.micro.1"},
            (400, "InvalidDBInstanceClass.Offline"),
            id="retired class",
        ),
        pytest.param(
            {"zones": ["cn-hangzhou-b"]},
            {"DBInstanceClass": CLASS},
            (403, "OperationDenied.ZoneResource"),
            id="sold-out zone",
        ),
        pytest.param(
            {},
            {"DBInstanceStorage": "95"},
            (400, "UnsupportedReduceDiskSize"),
            id="less storage",
        ),
        pytest.param(
            {"storage_type": "local_ssd", "instance_class": "rds.mysql.s2.large"},
            {"DBInstanceStorage": "95"},
            (400, "NotSupportReduceDiskSize"),
            id="less local storage",
        ),
        pytest.param(
            {}, {"DBInstanceStorage": "102"}, (400, "InvalidEssdStorageSize"), id="step"
        ),
        pytest.param(
            {},
            {"DBInstanceStorage": "64005"},
            (400, "InvalidEssdStorageSize"),
            id="beyond the range",
        ),
        pytest.param(
            {"storage_type": "cloud_ssd"},
            {"DBInstanceStorage": "64005"},
            (400, "OperationDenied.InvalidStorageSize"),
            id="beyond the range of an SSD",
        ),
        pytest.param(
            {}, {"DBInstanceStorage": "many"}, (400, "InvalidParameter"), id="no number"
        ),
        pytest.param(
            {"storage_type": "cloud_essd2", "storage_gb": 500},
            {"DBInstanceStorageType": "cloud_essd"},
            (400, "CannotDecreaseEssdPerfLevel"),
            id="a slower disk",
        ),
        pytest.param(
            {},
            {"DBInstanceStorageType": "cloud_essd2"},
            (400, "InvalidEssdStorageSize"),
            id="too little for the disk",
        ),
        pytest.param(
            {},
            {"DBInstanceStorageType": "cloud_essd9"},
            (400, "InvalidDBInstanceStorageType"),
            id="unknown disk",
        ),
        pytest.param(
            {},
            {"DBInstanceStorageType": "local_ssd"},
            (400, "IncorrectStorageType"),
            id="cloud to local",
        ),
        pytest.param(
            {"storage_type": "general_essd"},
            {"DBInstanceStorageType": "cloud_essd"},
            (400, "IncorrectStorageType"),
            id="away from general_essd",
        ),
        pytest.param(
            {"engine": "MariaDB"},
            {"DBInstanceStorageType": "general_essd"},
            (400, "InvalidStorageType.NotSupport"),
            id="a disk that is not sold",
        ),
        pytest.param(
            {},
            {"DBInstanceStorageType": "general_essd", "DBInstanceStorage": "200"},
            (400, "InvalidTargetStorageType"),
            id="disk and storage",
        ),
        pytest.param(
            {},
            {"DBInstanceStorage": "200", "Direction": "Down"},
            (400, "InvalidStorageSize.Direction"),
            id="down to more storage",
        ),
        pytest.param(
            {},
            {"DBInstanceStorageType": "general_essd", "Direction": "Down"},
            (400, "InvalidStorageType.Direction"),
            id="down to another disk",
        ),
        pytest.param(
            SUBSCRIPTION,
            {"DBInstanceClass": "mysql.n2.small.2c"},
            (400, "LX.ARGUMENT.ILLEGAL"),
            id="up to a smaller subscription",
        ),
        pytest.param(
            SUBSCRIPTION,
            {"DBInstanceClass": CLASS, "Direction": "Down"},
            (400, "LX.ARGUMENT.ILLEGAL"),
            id="down to a larger subscription",
        ),
        pytest.param(
            {},
            {"DBInstanceStorage": "200", "BurstingEnabled": "true"},
            (400, "InvalidParameter"),
            id="bursting on an ESSD",
        ),
        pytest.param(
            {},
            {"DBInstanceStorage": "200", "IoAccelerationEnabled": "1"},
            (400, "InvalidParameter"),
            id="acceleration on an ESSD",
        ),
        pytest.param(
            {},
            {"Direction": "Serverless", "ServerlessConfiguration": "{}"},
            (400, "DBInstancePayTypeNotSupport"),
            id="range of an ordinary instance",
        ),
        pytest.param(
            SERVERLESS,
            {"ServerlessConfiguration": '{"MaxCapacity": 8}'},
            (400, "InvalidParameterCombination"),
            id="range without direction",
        ),
        pytest.param(
            SERVERLESS,
            {
                "Direction": "Serverless",
                "ServerlessConfiguration": "{}",
                "DBInstanceStorage": "200",
            },
            (400, "InvalidParameterCombination"),
            id="range and storage",
        ),
        pytest.param(
            SERVERLESS,
            {
                "Direction": "Serverless",
                "ServerlessConfiguration": '{"MinCapacity": 5}',
            },
            (400, "InvalidRCUValue"),
            id="least above most",
        ),
        pytest.param(
            SERVERLESS,
            {
                "Direction": "Serverless",
                "ServerlessConfiguration": '{"MaxCapacity": 33}',
            },
            (400, "InvalidRCUValue"),
            id="above what is sold",
        ),
        *(
            pytest.param(
                SERVERLESS,
                {"Direction": "Serverless", "ServerlessConfiguration": text},
                (400, "InvalidParameters.Malformed"),
                id=f"malformed range {text}",
            )
            for text in ("[]", "x", '{"Most": 1}', '{"MaxCapacity": "8"}')
        ),
        *(
            pytest.param(
                {},
                {"DBInstanceStorage": "200", **given},
                (501, "EmulatorNotImplemented"),
                id=f"not modelled: {given}",
            )
            for given in (
                {"EffectiveTime": "MaintainTime"},
                {"SwitchTime": "2030-01-01T00:00:00Z"},
                {"Direction": "TempUpgrade"},
                {"AllowMajorVersionUpgrade": "true"},
                {"EngineVersion": "5.7"},
                {"ZoneId": "cn-hangzhou-k"},
                {"Category": "cluster"},
                {"PayType": "Serverless"},
                {"ColdDataEnabled": "true"},
            )
        ),
        pytest.param(
            {"storage_type": "local_ssd", "instance_class": "rds.mysql.s2.large"},
            {"DBInstanceStorageType": "cloud_essd"},
            (501, "EmulatorNotImplemented"),
            id="local to cloud",
        ),
        pytest.param(
            {"instance_type": "Readonly"},
            {"DBInstanceStorage": "200"},
            (501, "EmulatorNotImplemented"),
            id="read-only instance",
        ),
    ],
)
def test_refused_shapes(
    emulator: Emulator,
    client: Client,
    fields: dict[str, object],
    parameters: dict[str, str],
    refusal: tuple[int, str],
) -> None:
    """
    A faulty change is refused with its code, and nothing has begun.
    """
    emulator.add("rm-mine", **fields)
    answer = modify(client, **parameters)

    assert refusal == answer.refusal
    assert not emulator.instance("rm-mine").coming


def test_one_slow_change_at_a_time(emulator: Emulator, client: Client) -> None:
    """
    While the status does not show the first change, the second is refused.
    """
    emulator.add("rm-mine")
    emulator.set_temper(change_lag_seconds=5)
    modify(client, DBInstanceStorage="200")

    assert "Running" == shown(client)["DBInstanceStatus"]
    assert (403, "IncorrectDBInstanceState") == modify(
        client, DBInstanceStorage="300"
    ).refusal


def test_clone_does_not_take_part_in_a_change(
    emulator: Emulator, client: Client
) -> None:
    """
    A clone that takes a course of its own has its source as it was when ordered.
    """
    emulator.add("rm-mine")
    emulator.set_temper(change_lag_seconds=5)
    emulator.faults.order_course(("Creating", 1), "Running")
    modify(client, DBInstanceStorage="200")
    order = {
        "DBInstanceId": "rm-mine",
        "PayType": "Postpaid",
        "BackupId": emulator.backups("rm-mine")[0].id,
    }
    clone_id = client.call("CloneDBInstance", **order).body["DBInstanceId"]
    emulator.clock.advance(10)

    assert [200, 100] == [
        shown(client, one)["DBInstanceStorage"] for one in ("rm-mine", clone_id)
    ]


def test_slow_change_outlives_the_process(tmp_path: Path) -> None:
    """
    A restart in the middle of a change does not lose it.
    """
    db = tmp_path / "rds.sqlite"
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
    assert (2.0, 6.0, True) == (
        after.min_capacity,
        after.max_capacity,
        after.auto_pause,
    )
