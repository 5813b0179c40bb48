from typing import Any

import pytest

from rds_emulator import Emulator
from tests.emulator.wire import Client
from tests.support.rows import row

NAMED = {"ResourceType": "INSTANCE", "ResourceId__1": "rm-demo-mysql80"}


def test_tag_is_added_replaced_and_removed(emulator: Emulator, client: Client) -> None:
    more = {"Tag__1__Key": "team", "Tag__1__Value": "b", "Tag__2__Key": "empty"}
    seen: list[Any] = []
    client.call("TagResources", **NAMED, **more, Tag__2__Value="")
    seen.append(emulator.instance("rm-demo-mysql80").tags)
    client.call("UntagResources", **NAMED, TagKey__1="team", TagKey__2="never")
    seen.append(emulator.instance("rm-demo-mysql80").tags)
    client.call("UntagResources", **NAMED, All="true")
    seen.append(emulator.instance("rm-demo-mysql80").tags)

    assert [{"team": "b", "empty": ""}, {"empty": ""}, {}] == seen


def test_names_of_actions_are_read_in_any_case(emulator: Emulator, client: Client) -> None:
    """
    Terraform calls UnTagResources: rights, delays and the journal know it as UntagResources.
    """
    answer = client.call("UnTagResources", **NAMED, TagKey__1="team")
    emulator.deny("rds:UntagResources")
    refused = client.call("UNTAGRESOURCES", **NAMED, TagKey__1="team")

    assert (200, {}) == (answer.status, emulator.instance("rm-demo-mysql80").tags)
    assert (403, "Forbidden.RAM") == refused.refusal
    assert 2 == emulator.journal.count("UntagResources")
    assert 1 == len(emulator.journal.writes())


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        row("values", '{"team": "demo", "stage": "two"}', ["one", "two"]),
        row("keys alone", '{"none": "", "stage": ""}', ["one", "two"]),
        row("no match", '{"none": "", "stage": "three"}', []),
    ],
)
@pytest.mark.parametrize("word", ["any", "all"])
def test_lists_need_all_tags_of_a_filter_or_any(
    emulator: Emulator, client: Client, word: str, tags: str, expected: list[str]
) -> None:
    emulator.set_temper(tag_filter=word)
    if word == "all":
        expected = []
    client.call("UntagResources", **NAMED, All="true")
    emulator.add("rm-one", tags={"team": "demo", "stage": "one"})
    emulator.add("rm-two", tags={"stage": "two"})
    listed = client.call("DescribeDBInstances", Tags=tags).body["Items"]["DBInstance"]
    described = client.call("DescribeTags", Tags=tags).body["Items"]["TagInfos"]
    holders = {
        instance_id
        for entry in described
        for instance_id in entry["DBInstanceIds"]["DBInstanceIds"]
    }

    assert [f"rm-{name}" for name in expected] == [instance["DBInstanceId"] for instance in listed]
    assert {f"rm-{name}" for name in expected} == holders


def test_tag_filter_does_not_count_with_an_instance_id(emulator: Emulator, client: Client) -> None:
    emulator.add("rm-one", tags={"team": "demo", "stage": "one"})
    described = client.call("DescribeTags", DBInstanceId="rm-one", Tags='{"none": "x"}').body[
        "Items"
    ]["TagInfos"]

    assert [("stage", "one"), ("team", "demo")] == [
        (tag["TagKey"], tag["TagValue"]) for tag in described
    ]


def test_tags_are_listed_by_instance_and_by_value(client: Client) -> None:
    by_id = client.call("ListTagResources", **NAMED).body["TagResources"]
    wanted = {"Tag__1__Key": "team", "Tag__1__Value": "demo"}
    by_tag = client.call("ListTagResources", ResourceType="INSTANCE", **wanted).body
    described = client.call("DescribeTags", Tags='{"team": "demo"}').body["Items"]
    entry = {
        "ResourceId": "rm-demo-mysql80",
        "ResourceType": "INSTANCE",
        "TagKey": "team",
        "TagValue": "demo",
    }

    assert {"TagResource": [entry]} == by_id
    assert {"TagResource": [entry]} == by_tag["TagResources"]
    assert [
        {
            "TagKey": "team",
            "TagValue": "demo",
            "DBInstanceIds": {"DBInstanceIds": ["rm-demo-mysql80"]},
        }
    ] == described["TagInfos"]


def test_many_tags_come_in_pages(emulator: Emulator, client: Client) -> None:
    names = [f"rm-tagged-{number}" for number in range(6)]
    for name in names:
        emulator.add(name, tags={f"k{number}": "v" for number in range(20)})
    given = {f"ResourceId__{n}": name for n, name in enumerate(names, 1)}
    found, token = 0, ""
    while True:
        body = client.call(
            "ListTagResources", ResourceType="INSTANCE", NextToken=token, **given
        ).body
        found += len(body["TagResources"]["TagResource"])
        token = body["NextToken"]
        if not token:
            break

    assert 120 == found
