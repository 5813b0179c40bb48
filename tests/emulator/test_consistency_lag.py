"""
Lists that lag behind: instances and tags are seen later than they are there.
"""

from pathlib import Path

from rds_emulator import Emulator
from tests.emulator.wire import SOURCE, Client

Sight = tuple[bool, bool, dict[str, str], list[bool]]


class Eyes:
    """
    What the API's calls show of one instance.
    """

    def __init__(self, client: Client, instance_id: str) -> None:
        self._client = client
        self._id = instance_id

    def by_name(self) -> bool:
        answer = self._client.call("DescribeDBInstanceAttribute", DBInstanceId=self._id)
        return answer.status == 200

    def in_list(self, **filters: str) -> bool:
        body = self._client.call("DescribeDBInstances", PageSize="100", **filters).body
        listed = body["Items"]["DBInstance"]
        assert body["TotalRecordCount"] == len(listed)
        return self._id in [instance["DBInstanceId"] for instance in listed]

    def tags(self) -> dict[str, str]:
        answer = self._client.call(
            "ListTagResources", ResourceType="INSTANCE", ResourceId__1=self._id
        )
        found = answer.body["TagResources"]["TagResource"]
        return {tag["TagKey"]: tag["TagValue"] for tag in found}

    def by_tag(self, value: str) -> list[bool]:
        """
        Return which of the calls that filter by tags find it.
        """
        pair = {"Tag__1__Key": "team", "Tag__1__Value": value}
        listed = self._client.call("ListTagResources", ResourceType="INSTANCE", **pair)
        described = self._client.call("DescribeTags", Tags=f'{{"team": "{value}"}}')
        holders = described.body["Items"]["TagInfos"]
        return [
            self.in_list(Tags=f'{{"team": "{value}"}}'),
            self._id in str(listed.body),
            self._id in str(holders),
        ]


def clone(client: Client) -> Eyes:
    return Eyes(client, client.clone(Tag__1__Key="team", Tag__1__Value="new"))


def retag(client: Client, value: str) -> None:
    named = {"ResourceType": "INSTANCE", "ResourceId__1": SOURCE}
    pair = {"Tag__1__Key": "team", "Tag__1__Value": value}
    assert 200 == client.call("TagResources", **named, **pair).status


def test_new_instance_shows_by_name_then_lists_then_tags(
    emulator: Emulator, client: Client
) -> None:
    emulator.set_temper(list_lag_seconds=10, tag_lag_seconds=30)
    clone_eyes = clone(client)
    seen: list[Sight] = []
    for step in (9, 1, 19, 1, 0):
        seen.append(
            (
                clone_eyes.by_name(),
                clone_eyes.in_list(),
                clone_eyes.tags(),
                clone_eyes.by_tag("new"),
            )
        )
        emulator.clock.advance(step)

    hidden: Sight = (True, False, {}, [False] * 3)
    untagged: Sight = (True, True, {}, [False] * 3)
    assert [hidden, hidden, untagged, untagged] == seen[:4]
    assert (True, True, {"team": "new"}, [True] * 3) == seen[4]


def test_lists_show_the_tags_of_a_while_ago(emulator: Emulator, client: Client) -> None:
    emulator.set_temper(tag_lag_seconds=30)
    source = Eyes(client, SOURCE)
    first = source.tags()["team"]
    seen = []
    for value in ("b", "c"):
        retag(client, value)
        emulator.clock.advance(20)
        seen.append(source.tags()["team"])
    client.call("UntagResources", ResourceType="INSTANCE", ResourceId__1=SOURCE, All="true")
    found = [source.by_tag(first), source.by_tag("b")]
    for _ in range(2):
        emulator.clock.advance(15)
        seen.append(source.tags().get("team", ""))

    assert [first, "b", "c", ""] == seen
    assert [[False] * 3, [True] * 3] == found
    assert {} == emulator.instance(SOURCE).tags


def test_tags_older_than_the_lag_are_forgotten(emulator: Emulator, client: Client) -> None:
    emulator.set_temper(tag_lag_seconds=30)
    for value in "abcdef":
        retag(client, value)
        emulator.clock.advance(20)
    some = len(emulator.instance(SOURCE).past_tags)
    emulator.set_temper(tag_lag_seconds=0)
    now = Eyes(client, SOURCE).tags()["team"]
    retag(client, "g")

    assert (2, "f", ()) == (some, now, emulator.instance(SOURCE).past_tags)


def test_without_lags_all_is_seen(client: Client) -> None:
    made = clone(client)

    assert (True, {"team": "new"}) == (made.in_list(), made.tags())


def test_clone_has_none_of_its_source_s_past_tags(emulator: Emulator, client: Client) -> None:
    emulator.set_temper(tag_lag_seconds=30)
    retag(client, "b")
    made = clone(client)
    early = made.tags()
    emulator.set_temper(tag_lag_seconds=0.001)
    emulator.clock.advance(1)

    assert ({}, {"team": "new"}) == (early, made.tags())


def test_lags_of_a_seed_outlive_a_restart(db: Path) -> None:
    young = {"id": "rm-young", "created": "now-5s"}
    seed = {"temper": {"list_lag_seconds": 10}, "instances": [young]}
    with Emulator(seed=seed, db=db, speed=0) as emulator:
        first = Eyes(Client(emulator), "rm-young").in_list()
    with Emulator(db=db) as emulator:
        eyes = Eyes(Client(emulator), "rm-young")
        second = eyes.in_list()
        emulator.clock.advance(5)

        assert [False, False, True] == [first, second, eyes.in_list()]
