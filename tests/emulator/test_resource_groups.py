from pathlib import Path

from rds_emulator import Emulator
from tests.emulator.wire import SOURCE, Client

GROUP = "rg-acfmexample"


def told(client: Client, instance_id: str) -> list[str]:
    named = {"DBInstanceId": instance_id}
    attribute = client.call("DescribeDBInstanceAttribute", **named).body["Items"]
    listed = client.call("DescribeDBInstances", **named).body["Items"]
    entries = (*attribute["DBInstanceAttribute"], *listed["DBInstance"])
    return [str(entry["ResourceGroupId"]) for entry in entries]


def test_instance_moves_to_another_group_at_once(client: Client) -> None:
    before = told(client, SOURCE)
    answer = client.call("ModifyResourceGroup", DBInstanceId=SOURCE, ResourceGroupId=GROUP)
    found = client.call("DescribeDBInstances", ResourceGroupId=GROUP).body["Items"]

    assert (200, "") == answer.refusal
    assert ["rg-default"] * 2 == before
    assert [GROUP] * 2 == told(client, SOURCE)
    assert [SOURCE] == [instance["DBInstanceId"] for instance in found["DBInstance"]]


def test_clone_is_in_the_default_group_and_a_group_outlives_a_restart(db: Path) -> None:
    with Emulator(db=db, speed=0) as emulator:
        client = Client(emulator)
        client.call("ModifyResourceGroup", DBInstanceId=SOURCE, ResourceGroupId=GROUP)
        clone_id = client.clone()
        emulator.add("rm-x", resource_group_id="rg-seeded")
    with Emulator(db=db) as emulator:
        client = Client(emulator)

        assert ["rg-default", GROUP, "rg-seeded"] == [
            told(client, name)[0] for name in (clone_id, SOURCE, "rm-x")
        ]
