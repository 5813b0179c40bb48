from pathlib import Path
from typing import Any

import pytest

from rds_emulator import Emulator
from tests.emulator.wire import POSTGRESQL, SOURCE, Client, Refusal
from tests.support.rows import row

Groups = dict[str, str]

LOCAL: Groups = {"default": "127.0.0.1"}


def groups(client: Client, instance_id: str = SOURCE) -> Groups:
    body = client.call("DescribeDBInstanceIPArrayList", DBInstanceId=instance_id).body
    found = body["Items"]["DBInstanceIPArray"]
    return {group["DBInstanceIPArrayName"]: group["SecurityIPList"] for group in found}


def modify(client: Client, ips: str, **parameters: str) -> Refusal:
    given = {"DBInstanceId": SOURCE, "SecurityIps": ips, **parameters}
    return client.call("ModifySecurityIps", **given).refusal


def team(mode: str) -> dict[str, str]:
    return {"DBInstanceIPArrayName": "team", "ModifyMode": mode}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        row("at first", [], LOCAL),
        row("cover", [("10.0.0.1", {})], {"default": "10.0.0.1"}),
        row(
            "append to the default group in any case",
            [
                (
                    "10.0.0.1,10.1.0.0/16",
                    {"DBInstanceIPArrayName": "DEFAULT", "ModifyMode": "Append"},
                )
            ],
            {"default": "127.0.0.1,10.0.0.1,10.1.0.0/16"},
        ),
        row("append once more", [("127.0.0.1", {"ModifyMode": "Append"})], LOCAL),
        row("a new group", [("10.0.0.1", team("Cover"))], {**LOCAL, "team": "10.0.0.1"}),
        row("append", [("10.0.0.1", team("Append")), ("10.0.0.2", team("Append"))],
            {**LOCAL, "team": "10.0.0.1,10.0.0.2"}),
        row("delete", [("10.0.0.1,10.0.0.2", team("Cover")), ("10.0.0.1", team("Delete"))],
            {**LOCAL, "team": "10.0.0.2"}),
        row("a group without addresses is gone",
            [("10.0.0.1", team("Cover")), ("10.0.0.1,10.0.0.9", team("Delete"))], LOCAL),
        row("delete from no group", [("10.0.0.1", team("Delete"))], LOCAL),
    ],
)  # fmt: skip
def test_modes_cover_append_to_or_delete_from_a_group(
    client: Client, changes: list[tuple[str, dict[str, str]]], expected: Groups
) -> None:
    answers = [modify(client, ips, **parameters) for ips, parameters in changes]
    told = client.attribute(SOURCE)["SecurityIPList"]

    assert all((200, "") == answer for answer in answers)
    assert expected == groups(client)
    assert expected["default"] == told


def test_group_keeps_its_attribute_when_none_is_given(client: Client) -> None:
    modify(client, "10.0.0.1", **team("Cover"), DBInstanceIPArrayAttribute="hidden")
    modify(client, "10.0.0.2", **team("Cover"))
    body = client.call("DescribeDBInstanceIPArrayList", DBInstanceId=SOURCE).body

    assert [
        {
            "DBInstanceIPArrayName": name,
            "DBInstanceIPArrayAttribute": attribute,
            "SecurityIPList": ips,
            "SecurityIPType": "IPv4",
        }
        for name, attribute, ips in (("default", "", "127.0.0.1"), ("team", "hidden", "10.0.0.2"))
    ] == body["Items"]["DBInstanceIPArray"]


@pytest.mark.parametrize("name", ["one_more", "g1"])
def test_two_hundred_groups_are_the_most(emulator: Emulator, client: Client, name: str) -> None:
    many = [{"name": f"g{number}", "ips": ["10.0.0.1"]} for number in range(199)]
    emulator.change(SOURCE, ip_groups=[{"name": "default", "ips": ["1.1.1.1"]}, *many])
    answer = modify(client, "10.0.0.2", DBInstanceIPArrayName=name)

    assert {"one_more": (400, "InvalidSecurityIPListGroup.QuotaExceeded"), "g1": (200, "")}[
        name
    ] == answer


def test_named_read_only_instances_get_the_groups(emulator: Emulator, client: Client) -> None:
    replica = {"master_id": POSTGRESQL, "instance_type": "Readonly"}
    for name in ("rm-a", "rm-b"):
        emulator.add(name, engine="PostgreSQL", **replica)
    modify(client, "10.0.0.1", DBInstanceId=POSTGRESQL, FreshWhiteListReadins="rm-a")

    assert [{"default": "10.0.0.1"}, LOCAL] == [groups(client, name) for name in ("rm-a", "rm-b")]


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        row("nothing", {}, LOCAL),
        row("addresses", {"security_ips": ["10.0.0.1"]}, {"default": "10.0.0.1"}),
        row("a group", {"ip_groups": [{"name": "team", "ips": ["10.0.0.1"]}]},
            {**LOCAL, "team": "10.0.0.1"}),
        row("the default group",
            {"ip_groups": [{"name": "default", "ips": ["10.0.0.1", "10.0.0.2"]}]},
            {"default": "10.0.0.1,10.0.0.2"}),
    ],
)  # fmt: skip
def test_seed_names_groups_or_default_addresses(entry: dict[str, Any], expected: Groups) -> None:
    seed = {"instances": [{"id": "rm-x", **entry}]}
    with Emulator(seed=seed, speed=0) as emulator:
        assert expected == groups(Client(emulator), "rm-x")


def test_clone_has_its_source_s_groups_and_a_restart_keeps_them(db: Path) -> None:
    with Emulator(db=db, speed=0) as emulator:
        client = Client(emulator)
        modify(client, "10.0.0.1", **team("Cover"))
        clone_id = client.clone()
        modify(client, "10.0.0.9", **team("Cover"))
    with Emulator(db=db) as emulator:
        client = Client(emulator)

        assert {**LOCAL, "team": "10.0.0.1"} == groups(client, clone_id)
        assert {**LOCAL, "team": "10.0.0.9"} == groups(client)
