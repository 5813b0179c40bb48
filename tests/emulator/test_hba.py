from pathlib import Path
from typing import Any

import pytest

from rds_emulator import Emulator
from rds_emulator.protocol.timestamps import to_seconds
from tests.emulator.wire import Answer, Client
from tests.support.rows import row

SSL = {"connection_string": "rm-mine.pg.rds.aliyuncs.com"}
LDAP = {
    "Type": "hostssl",
    "Database": "app,reporting",
    "PriorityId": "5",
    "Address": "10.0.0.1",
    "Mask": "32",
    "User": "ldapuser",
    "Method": "ldap",
    "Option": "ldapserver=10.0.0.2",
}


def modify(client: Client, operation: str, *items: dict[str, str]) -> Answer:
    given = {
        f"HbaItem__{number}__{name}": value
        for number, item in enumerate(items, 1)
        for name, value in item.items()
    }
    return client.call("ModifyPGHbaConfig", DBInstanceId="rm-mine", OpsType=operation, **given)


def records(client: Client, instance_id: str = "rm-mine") -> list[dict[str, Any]]:
    body = client.call("DescribePGHbaConfig", DBInstanceId=instance_id).body
    found: list[dict[str, Any]] = body["RunningHbaItems"]["HbaItem"]
    return found


@pytest.fixture(autouse=True)
def _postgresql(emulator: Emulator) -> None:
    emulator.add("rm-mine", engine="PostgreSQL", ssl=SSL)


def test_record_is_reported_as_given_and_when_it_was(emulator: Emulator, client: Client) -> None:
    before = client.call("DescribePGHbaConfig", DBInstanceId="rm-mine").body
    modify(client, "update", LDAP)
    after = client.call("DescribePGHbaConfig", DBInstanceId="rm-mine").body

    assert before["DefaultHbaItems"] == before["RunningHbaItems"]
    assert {"LastModifyStatus", "HbaModifyTime"}.isdisjoint(before)
    assert [{**LDAP, "PriorityId": 5}] == after["RunningHbaItems"]["HbaItem"]
    assert before["DefaultHbaItems"] == after["DefaultHbaItems"]
    assert ("success", to_seconds(emulator.clock.now())) == (
        after["LastModifyStatus"],
        after["HbaModifyTime"],
    )


def test_record_without_mask_and_option_has_null_for_them(client: Client) -> None:
    plain = {**LDAP, "Mask": "", "Option": "", "Address": "10.0.0.0/8"}
    modify(client, "add", plain)

    assert [(None, None)] * 3 == [(record["Mask"], record["Option"]) for record in records(client)]


@pytest.mark.parametrize(
    ("operation", "items", "priorities"),
    [
        row("add", "add", [LDAP], [0, 1, 5]),
        row("add two", "add", [LDAP, {**LDAP, "PriorityId": "3"}], [0, 1, 3, 5]),
        row("delete", "delete", [{"PriorityId": "1"}], [0]),
        row("modify", "modify", [{**LDAP, "PriorityId": "1"}], [0, 1]),
        row("update", "update", [LDAP], [5]),
    ],
)
def test_operations_find_records_by_priority(
    client: Client, operation: str, items: list[dict[str, str]], priorities: list[int]
) -> None:
    answer = modify(client, operation, *items)

    assert (200, "") == answer.refusal
    assert priorities == [record["PriorityId"] for record in records(client)]


def test_all_fields_of_a_modified_record_are_new(client: Client) -> None:
    modify(client, "modify", {**LDAP, "PriorityId": "1"})

    assert ("md5", "ldap") == tuple(record["Method"] for record in records(client))


def test_records_outlive_the_process_and_are_not_cloned(db: Path) -> None:
    with Emulator(db=db, speed=0) as emulator:
        emulator.add("rm-mine", engine="PostgreSQL", ssl=SSL)
        modify(Client(emulator), "add", LDAP)
    with Emulator(db=db) as emulator:
        client = Client(emulator)
        clone_id = client.clone("rm-mine")

        assert 3 == len(records(client))
        assert [0, 1] == [record["PriorityId"] for record in records(client, clone_id)]
