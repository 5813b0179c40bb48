from operator import itemgetter
from pathlib import Path
from typing import Any

import pytest

from rds_emulator import Emulator
from tests.emulator.wire import SOURCE, Client, Refusal
from tests.support.rows import row

HOST = f"{SOURCE}.mysql.rds.aliyuncs.com"
PUBLIC = "shop-public.mysql.rds.aliyuncs.com"
PUBLISH = {"ConnectionStringPrefix": "shop-public", "Port": "3306"}
RENAME = {
    "CurrentConnectionString": HOST,
    "ConnectionStringPrefix": "shop-internal",
    "Port": "3307",
}
MOVE = {"VPCId": "vpc-demo-other", "VSwitchId": "vsw-demo-other-h"}
CHANGE_SECONDS = 2


class Changes:
    """
    Changes of the source's endpoints, and what is read of them.
    """

    def __init__(self, emulator: Emulator) -> None:
        self._emulator = emulator
        self._client = Client(emulator)

    def begin(self, action: str, **parameters: str) -> Refusal:
        return self._client.call(action, **{"DBInstanceId": SOURCE, **parameters}).refusal

    def finish(self, action: str, **parameters: str) -> None:
        assert (200, "") == self.begin(action, **parameters)
        self.end()

    def end(self) -> None:
        self._emulator.clock.advance(CHANGE_SECONDS)

    def publish(self) -> None:
        self.finish("AllocateInstancePublicConnection", **PUBLISH)

    def endpoints(self, instance_id: str = SOURCE) -> list[dict[str, Any]]:
        body = self._client.call("DescribeDBInstanceNetInfo", DBInstanceId=instance_id).body
        found: list[dict[str, Any]] = body["DBInstanceNetInfos"]["DBInstanceNetInfo"]
        return found

    def hosts(self, instance_id: str = SOURCE) -> list[tuple[str, str, str]]:
        return [
            (endpoint["IPType"], endpoint["ConnectionString"], endpoint["Port"])
            for endpoint in self.endpoints(instance_id)
        ]

    def status(self) -> str:
        return self._emulator.instance(SOURCE).status


@pytest.fixture
def changes(emulator: Emulator) -> Changes:
    return Changes(emulator)


INTERNAL = ("Private", HOST, "3306")


def test_internal_endpoint_is_renamed_when_a_change_ends(changes: Changes, client: Client) -> None:
    changes.begin("ModifyDBInstanceConnectionString", **RENAME)
    during = changes.status(), changes.hosts()
    changes.end()
    name = "shop-internal.mysql.rds.aliyuncs.com"
    told = client.attribute(SOURCE)
    listed = client.call("DescribeDBInstances", ConnectionString=name).body["Items"]

    assert ("DBInstanceNetTypeChanging", [INTERNAL]) == during
    assert [("Private", name, "3307")] == changes.hosts()
    assert (name, "3307") == (told["ConnectionString"], told["Port"])
    assert [SOURCE] == [instance["DBInstanceId"] for instance in listed["DBInstance"]]


def test_public_endpoint_comes_changes_and_goes(changes: Changes, client: Client) -> None:
    seen = []
    answer = client.call("AllocateInstancePublicConnection", DBInstanceId=SOURCE, **PUBLISH)
    seen.append((changes.status(), changes.hosts()))
    changes.end()
    public = changes.endpoints()[-1]
    seen.append((changes.status(), changes.hosts()))
    renamed = {**RENAME, "CurrentConnectionString": PUBLIC}
    changes.finish("ModifyDBInstanceConnectionString", **renamed)
    name = "shop-internal.mysql.rds.aliyuncs.com"
    seen.append((changes.status(), changes.hosts()))
    changes.begin("ReleaseInstancePublicConnection", CurrentConnectionString=name)
    seen.append((changes.status(), changes.hosts()))
    changes.end()
    seen.append((changes.status(), changes.hosts()))

    both = [INTERNAL, ("Public", name, "3307")]
    assert [
        ("NET_CREATING", [INTERNAL]),
        ("Running", [INTERNAL, ("Public", PUBLIC, "3306")]),
        ("Running", both),
        ("NET_DELETING", both),
        ("Running", [INTERNAL]),
    ] == seen
    assert (SOURCE, PUBLIC) == (answer.body["DbInstanceName"], answer.body["ConnectionString"])
    assert public["IPAddress"].startswith("203.0.113.")
    assert ("", "", "Normal") == itemgetter("VPCId", "VSwitchId", "ConnectionStringType")(public)


def test_port_changes_while_the_prefix_stays(changes: Changes) -> None:
    changes.finish(
        "ModifyDBInstanceConnectionString", **RENAME | {"ConnectionStringPrefix": SOURCE}
    )

    assert [("Private", HOST, "3307")] == changes.hosts()


@pytest.mark.parametrize(
    ("instance_id", "kind"),
    [row("classic", "rm-demo-classic", "Inner"), row("VPC", "rm-demo-postgresql16", "Private")],
)
def test_network_decides_the_kind_of_the_internal_endpoint(
    changes: Changes, instance_id: str, kind: str
) -> None:
    assert [kind] == [found for found, _, _ in changes.hosts(instance_id)]


def test_endpoint_keeps_its_name_in_another_network(emulator: Emulator, changes: Changes) -> None:
    changes.begin("SwitchDBInstanceVpc", **MOVE)
    during = changes.status(), emulator.instance(SOURCE).vpc_id
    changes.end()
    (endpoint,) = changes.endpoints()

    assert ("DBInstanceNetTypeChanging", "vpc-demo") == during
    assert (HOST, *MOVE.values()) == itemgetter("ConnectionString", "VPCId", "VSwitchId")(endpoint)
    assert endpoint["IPAddress"].startswith("172.16.0.")


def test_move_takes_the_address_that_was_asked_for(emulator: Emulator, changes: Changes) -> None:
    wanted = {**MOVE, "PrivateIpAddress": "172.16.0.77"}
    changes.begin("SwitchDBInstanceVpc", **wanted)
    other = {**wanted, "DBInstanceId": "rm-demo-postgresql16"}
    refused = changes.begin("SwitchDBInstanceVpc", **other)
    changes.end()
    again = changes.begin("SwitchDBInstanceVpc", **wanted)

    assert ((400, "InvalidIPAddress.Conflict"), (200, "")) == (refused, again)
    assert "172.16.0.77" == emulator.instance(SOURCE).private_ip


def test_standby_keeps_its_vswitch_within_the_vpc(emulator: Emulator, changes: Changes) -> None:
    emulator.change(SOURCE, vswitch_ids=["vsw-demo-h", "vsw-demo-i"])
    seen = []
    for move in ({"VPCId": "vpc-demo", "VSwitchId": "vsw-demo-h"}, MOVE):
        changes.finish("SwitchDBInstanceVpc", **move)
        seen.append(emulator.instance(SOURCE).vswitch_ids)

    assert [("vsw-demo-h", "vsw-demo-i"), ("vsw-demo-other-h",)] == seen


def test_there_is_one_public_endpoint(changes: Changes) -> None:
    changes.publish()
    other = {**PUBLISH, "ConnectionStringPrefix": "another"}

    assert (400, "NetTypeExists") == changes.begin("AllocateInstancePublicConnection", **other)


@pytest.mark.parametrize(
    ("action", "begun"),
    [
        row("public", "AllocateInstancePublicConnection", PUBLISH),
        row(
            "internal",
            "ModifyDBInstanceConnectionString",
            {**RENAME, "ConnectionStringPrefix": "shop-public"},
        ),
    ],
)
def test_prefix_of_a_rename_under_way_is_taken(
    changes: Changes, action: str, begun: dict[str, str]
) -> None:
    changes.begin(action, **begun)

    assert (404, "InvalidConnectionString.Duplicate") == changes.begin(
        "AllocateInstancePublicConnection", **{**PUBLISH, "DBInstanceId": "rm-demo-mariadb106"}
    )


def test_clone_has_endpoints_of_its_own(changes: Changes, client: Client) -> None:
    changes.publish()
    changes.finish("ModifyDBInstanceConnectionString", **RENAME)
    clone_id = client.clone()

    assert [("Private", f"{clone_id}.mysql.rds.aliyuncs.com", "3306")] == changes.hosts(clone_id)


def test_restart_keeps_seeded_and_allocated_endpoints(db: Path) -> None:
    seeded = {"connection_string": "seeded.pg.rds.aliyuncs.com", "port": 5433}
    with Emulator(db=db, speed=0) as emulator:
        Changes(emulator).publish()
        emulator.add("rm-seeded", engine="PostgreSQL", public_endpoint=seeded)
    with Emulator(db=db) as emulator:
        changes = Changes(emulator)

        assert ("Public", PUBLIC, "3306") == changes.hosts()[-1]
        assert ("Public", "seeded.pg.rds.aliyuncs.com", "5433") == changes.hosts("rm-seeded")[-1]
