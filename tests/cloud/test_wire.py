import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from pulumi_rdsclone.cloud import wire
from pulumi_rdsclone.domain.instances import (
    BackupSet,
    Instance,
    RecoveryWindow,
    Sighting,
)
from pulumi_rdsclone.domain.ordering import CloneOrder
from pulumi_rdsclone.domain.part import leaves_of
from pulumi_rdsclone.domain.spec import (
    Capacity,
    CloneSpec,
    Network,
    Payment,
    Serverless,
)

LEAVES = [field.path for field in leaves_of(CloneSpec)]
FOUR = datetime(2026, 11, 20, 4, tzinfo=UTC)
ORDER = CloneOrder(
    source_instance_id="rm-source",
    restore_time=FOUR,
    backup_id=None,
    edition=None,
    zones=(),
    capacity=Capacity(),
    storage_type="cloud_essd",
    network=Network(),
    payment=Payment(),
    description=None,
    deletion_protection=False,
    tags={},
    token="token-1",  # noqa: S106 - no secret
)
SHORTEST = {
    "DBInstanceId": "rm-source",
    "RestoreTime": "2026-11-20T04:00:00Z",
    "DBInstanceStorageType": "cloud_essd",
    "PayType": "Postpaid",
    "ClientToken": "token-1",
}


@pytest.mark.parametrize("path", LEAVES)
def test_input_is_sent_or_not(path: str) -> None:
    """
    Every input has a parameter, or a reason to have none; never both.
    """
    assert (path in wire.PARAMETERS) != (path in wire.UNSENT)


def test_tables_hold_inputs_only() -> None:
    """
    The tables name no input that does not exist, and no parameter twice.
    """
    names = list(wire.PARAMETERS.values())

    assert {*wire.PARAMETERS, *wire.UNSENT} == set(LEAVES)
    assert len(names) == len(set(names))
    assert all(wire.UNSENT.values())


def test_shortest_order() -> None:
    """
    What nobody asked for is not sent.
    """
    assert SHORTEST == wire.from_order(ORDER)


@pytest.mark.parametrize(
    ("changes", "sent"),
    [
        pytest.param({"edition": "cluster"}, {"Category": "cluster"}, id="edition"),
        pytest.param({"zones": ("a",)}, {"ZoneId": "a"}, id="one zone"),
        pytest.param(
            {"zones": ("a", "b", "c")},
            {"ZoneId": "a", "ZoneIdSlave1": "b", "ZoneIdSlave2": "c"},
            id="three zones",
        ),
        pytest.param(
            {"capacity": Capacity(instance_class="mysql.x", storage_gb=105)},
            {"DBInstanceClass": "mysql.x", "DBInstanceStorage": "105"},
            id="capacity",
        ),
        pytest.param(
            {"storage_type": "local_ssd"},
            {"DBInstanceStorageType": "local_ssd"},
            id="storage type",
        ),
        pytest.param(
            {
                "network": Network(
                    type="VPC",
                    vpc_id="vpc-1",
                    vswitch_ids=["vsw-1", "vsw-2"],
                    private_ip_address="10.0.0.7",
                )
            },
            {
                "InstanceNetworkType": "VPC",
                "VPCId": "vpc-1",
                "VSwitchId": "vsw-1,vsw-2",
                "PrivateIpAddress": "10.0.0.7",
            },
            id="network",
        ),
        pytest.param(
            {"payment": Payment(type="Subscription", period="Year", duration=3)},
            {
                "PayType": "Prepaid",
                "Period": "Year",
                "UsedTime": "3",
                "AutoPay": "true",
            },
            id="a subscription, paid at once",
        ),
        pytest.param(
            {
                "payment": Payment(
                    type="Subscription", period="Month", duration=1, auto_pay=False
                )
            },
            {
                "PayType": "Prepaid",
                "Period": "Month",
                "UsedTime": "1",
                "AutoPay": "false",
            },
            id="a subscription, paid later",
        ),
        pytest.param(
            {"payment": Payment(type="Serverless")},
            {"PayType": "Serverless"},
            id="serverless",
        ),
        pytest.param(
            {"description": "staging"},
            {"DBInstanceDescription": "staging"},
            id="description",
        ),
        pytest.param(
            {"deletion_protection": True},
            {"DeletionProtection": "true"},
            id="protection",
        ),
        pytest.param(
            {"tags": {"b": "2", "a": "1"}},
            {
                "Tag.1.Key": "a",
                "Tag.1.Value": "1",
                "Tag.2.Key": "b",
                "Tag.2.Value": "2",
            },
            id="tags, always in one order",
        ),
    ],
)
def test_order(changes: dict[str, Any], sent: dict[str, str]) -> None:
    """
    Every part of an order has its parameters, all of them texts.
    """
    assert {**SHORTEST, **sent} == wire.from_order(replace(ORDER, **changes))


def test_order_by_set() -> None:
    """
    A backup set is ordered without a time.
    """
    sent = wire.from_order(replace(ORDER, restore_time=None, backup_id="103"))

    expected = {k: v for k, v in SHORTEST.items() if k != "RestoreTime"}
    assert {**expected, "BackupId": "103"} == sent


@pytest.mark.parametrize(
    ("limits", "sent"),
    [
        pytest.param(
            Serverless(min_rcu=0.5, max_rcu=8),
            {"MinCapacity": 0.5, "MaxCapacity": 8},
            id="limits alone",
        ),
        pytest.param(
            Serverless(min_rcu=1, max_rcu=2, auto_pause=False, switch_force=True),
            {
                "MinCapacity": 1,
                "MaxCapacity": 2,
                "AutoPause": False,
                "SwitchForce": True,
            },
            id="all of it",
        ),
    ],
)
def test_serverless_order(limits: Serverless, sent: dict[str, Any]) -> None:
    """
    Scaling limits are one JSON text.
    """
    order = replace(ORDER, capacity=Capacity(serverless=limits))

    assert sent == json.loads(wire.from_order(order)["ServerlessConfig"])


def test_equal_orders_are_sent_equal() -> None:
    """
    A repeated order is sent letter by letter as before, so that its token holds.
    """
    again = replace(ORDER, tags={"a": "1", "b": "2"})

    assert wire.from_order(again) == wire.from_order(
        replace(ORDER, tags={"b": "2", "a": "1"})
    )


def described(**item: Any) -> Instance | None:
    """
    Read an answer that tells of one instance.
    """
    return wire.to_instance(
        {"Items": {"DBInstanceAttribute": [{"DBInstanceId": "rm-1", **item}]}}
    )


NOTHING_KNOWN = Instance(
    id="rm-1",
    region="",
    status="",
    lock_mode="",
    role="",
    engine="",
    engine_version="",
    edition="",
    zones=(),
    instance_class="",
    storage_gb=0,
    storage_type="",
    payment="",
    network_type="",
    description="",
    deletion_protection=False,
)


def test_absent_fields() -> None:
    """
    An instance can be read of which only the id is told.
    """
    assert NOTHING_KNOWN == described()


@pytest.mark.parametrize(
    ("item", "changes"),
    [
        pytest.param({"Port": ""}, {}, id="no port yet"),
        pytest.param({"Port": "3306"}, {"port": 3306}, id="a port"),
        pytest.param({"VSwitchId": ""}, {}, id="no vSwitch"),
        pytest.param(
            {"VSwitchId": "a,b"}, {"vswitch_ids": ("a", "b")}, id="two vSwitches"
        ),
        pytest.param({"ZoneId": "a"}, {"zones": ("a",)}, id="one zone"),
        pytest.param(
            {
                "ZoneId": "x",
                "MasterZone": "a",
                "SlaveZones": {"SlaveZone": [{"ZoneId": "b"}, {"ZoneId": "c"}]},
            },
            {"zones": ("a", "b", "c")},
            id="the primary's zone, then the standbys'",
        ),
        pytest.param({"PayType": "Postpaid"}, {"payment": "PayAsYouGo"}, id="postpaid"),
        pytest.param({"PayType": "Prepaid"}, {"payment": "Subscription"}, id="prepaid"),
        pytest.param(
            {"PayType": "SERVERLESS"}, {"payment": "Serverless"}, id="capitals"
        ),
        pytest.param({"PayType": "Barter"}, {"payment": "Barter"}, id="a new payment"),
        pytest.param(
            {"DeletionProtection": True}, {"deletion_protection": True}, id="protected"
        ),
        pytest.param({"DeletionProtection": "false"}, {}, id="a false text"),
        pytest.param({"DBInstanceStorage": "105"}, {"storage_gb": 105}, id="a storage"),
        pytest.param(
            {"CreationTime": "2026-11-20T04:00:00Z"}, {"created": FOUR}, id="a second"
        ),
        pytest.param(
            {"ExpireTime": "2026-11-20T04:00Z"}, {"expires": FOUR}, id="a minute"
        ),
        pytest.param({"ExpireTime": ""}, {}, id="no end"),
        pytest.param(
            {"ServerlessConfig": {"ScaleMin": 0.5, "ScaleMax": 8, "AutoPause": "true"}},
            {"serverless": {"min_rcu": 0.5, "max_rcu": 8.0, "auto_pause": True}},
            id="scaling limits",
        ),
        pytest.param({"ServerlessConfig": {}}, {}, id="no scaling limits"),
    ],
)
def test_instance(item: dict[str, Any], changes: dict[str, Any]) -> None:
    """
    Each field is read in every form that it is known to have.
    """
    assert replace(NOTHING_KNOWN, **changes) == described(**item)


@pytest.mark.parametrize(
    "answer", [{}, {"Items": {}}, {"Items": {"DBInstanceAttribute": []}}]
)
def test_no_instance(answer: dict[str, Any]) -> None:
    """
    An answer without an instance tells of none.
    """
    assert wire.to_instance(answer) is None


def test_sightings() -> None:
    """
    A page of instances is read; an empty one is a page.
    """
    page = {
        "Items": {
            "DBInstance": [
                {
                    "DBInstanceId": "rm-1",
                    "DBInstanceStatus": "Creating",
                    "CreateTime": "2026-11-20T04:00:00Z",
                },
                {"DBInstanceId": "rm-2"},
            ]
        }
    }

    assert wire.to_sightings(page) == (
        Sighting(id="rm-1", status="Creating", created=FOUR),
        Sighting(id="rm-2", status=""),
    )
    assert wire.to_sightings({}) == ()


@pytest.mark.parametrize(
    ("item", "backup"),
    [
        pytest.param({}, {}, id="a good one"),
        pytest.param({"IsAvail": 0}, {"available": False}, id="withdrawn"),
        pytest.param({"IsAvail": "0"}, {"available": False}, id="withdrawn, as a text"),
        pytest.param({"IsAvail": "1"}, {}, id="available, as a text"),
        pytest.param({"BackupStatus": "Failed"}, {"succeeded": False}, id="failed"),
        pytest.param({"BackupMethod": "Logical"}, {"logical": True}, id="logical"),
        pytest.param({"BackupMethod": "Snapshot"}, {}, id="a snapshot"),
        pytest.param({"BackupId": 103}, {}, id="a number for an id"),
    ],
)
def test_backup_set(item: dict[str, Any], backup: dict[str, Any]) -> None:
    """
    A backup set is read with all that makes it usable.
    """
    page = {
        "Items": {
            "Backup": [
                {
                    "BackupId": "103",
                    "BackupStatus": "Success",
                    "BackupMethod": "Physical",
                    "BackupEndTime": "2026-11-20T04:00:00Z",
                    **item,
                }
            ]
        }
    }
    good = BackupSet(
        id="103", succeeded=True, available=True, logical=False, ended=FOUR
    )

    assert (replace(good, **backup),) == wire.to_backup_sets(page)


def test_running_backup_is_no_set() -> None:
    """
    A backup that has not ended is not listed.
    """
    page = {"Items": {"Backup": [{"BackupId": "104", "BackupEndTime": ""}]}}

    assert wire.to_backup_sets(page) == ()
    assert wire.to_backup_sets({}) == ()


def test_window() -> None:
    """
    The window is read with both ends.
    """
    answer = {
        "RecoveryBeginTime": "2026-11-19T04:00:00Z",
        "RecoveryEndTime": "2026-11-20T04:00:00Z",
    }

    assert wire.to_window(answer) == RecoveryWindow(
        begin=FOUR.replace(day=19), end=FOUR
    )


def test_tags() -> None:
    """
    Tags are read, those without a value too.
    """
    page = {
        "TagResources": {
            "TagResource": [{"TagKey": "a", "TagValue": "1"}, {"TagKey": "b"}]
        }
    }

    assert wire.to_tags(page) == {"a": "1", "b": ""}
    assert wire.to_tags({}) == {}


def test_tag_filter() -> None:
    """
    A tag filter is JSON.
    """
    assert json.loads(wire.tag_filter({"a": "1", "b": '"'})) == {"a": "1", "b": '"'}


def test_indexed() -> None:
    """
    Lists are numbered from one.
    """
    assert wire.indexed("TagKey", ["a", "b"]) == {"TagKey.1": "a", "TagKey.2": "b"}


@pytest.mark.parametrize(
    ("value", "text"),
    [
        pytest.param(True, "true", id="true"),
        pytest.param(False, "false", id="false"),
        pytest.param(105, "105", id="a number"),
        pytest.param("True", "True", id="a text stays"),
    ],
)
def test_text(value: object, text: str) -> None:
    """
    Truth is written as the API writes it.
    """
    assert text == wire.to_text(value)
