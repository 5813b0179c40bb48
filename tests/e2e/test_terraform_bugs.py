"""
What goes wrong with the existing provider, on the real engine: here it does not.

One story of six clones is played once for each border; every test looks at it.
tests/terraform_parity/test_bugs.py has the list of all bugs.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import pytest

from pulumi_rdsclone.domain.times import format_instant
from rds_emulator.server.journal import Call
from rds_emulator.state.model import Instance
from tests.support.emulators import Emulator
from tests.support.sandboxes import environment
from tests.support.stacks import BORDERS, Stack, make_stack

pytestmark = pytest.mark.engine

MYSQL: Final = "rm-demo-mysql80"
POSTGRESQL: Final = "rm-demo-postgresql16"
ORDER: Final = "CloneDBInstance"

PROGRAM: Final = """
import json
from pathlib import Path

declared = json.loads(Path("clones.json").read_text("utf-8"))
for name, arguments in declared.items():
    rdsclone.CloneInstance(name, **arguments)
"""

SERVERLESS: Final = {"payment": {"type": "Serverless"}}
CLIENTS: Final = {
    "acl": "prefer",
    "client_ca_cert": "authority",
    "client_cert_revocation_list": "revoked",
}

FIRST: Final[Mapping[str, Mapping[str, Any]]] = {
    "endpoint": {
        "restore_point": {"backup_id": "1000000107"},
        "network": {"connection_prefix": "orders-a", "port": 3307},
        "ssl": {},
        "tags": {"team": "data"},
        "description": "orders_staging",
    },
    "postgresql": {
        "source_instance_id": POSTGRESQL,
        "ssl": CLIENTS,
        "pg_hba": [{"address": "10.0.0.0/8"}],
        "minor_version_upgrade": "Manual",
    },
    "serverless": {
        **SERVERLESS,
        "capacity": {"serverless": {"min_rcu": 1, "max_rcu": 4}},
        "tables": {"app.orders": "orders"},
    },
    "encrypted": {"encryption": {}, "ssl": {}, "databases": {"app": "app"}},
    "placed": {"minor_version_upgrade": "Manual", "resource_group_id": "rg-acfmxazb4ph6aiy"},
    "paid": {"payment": {"type": "PayAsYouGo"}},
}
"""What is declared first, beside source and restore point; *placed* is by time."""

SECOND: Final[Mapping[str, Mapping[str, Any]]] = {
    "endpoint": {"ssl": {"enabled": False}},
    "postgresql": {"ssl": {**CLIENTS, "client_cert_revocation_list": ""}},
    "serverless": {"capacity": {"serverless": {"min_rcu": 2, "max_rcu": 8}}},
    "placed": {"network": {"private_ip_address": "10.0.0.77"}},
    "paid": {"payment": {"type": "Subscription", "period": "Month", "duration": 1}},
}
"""What is declared differently later; all of it changes in place."""

THIRD: Final[Mapping[str, Mapping[str, Any]]] = {
    "endpoint": {"restore_point": {"backup_id": "1000000109"}},
    "serverless": {"tables": {"app.orders": "sales"}},
    "encrypted": {"databases": {"app": "shop"}},
}
"""What other data is asked for in the end; *placed* is of another instant, too."""


@dataclass(frozen=True)
class Turn:
    """
    What one `pulumi up` has done.

    Attributes:
        calls: The writes, in their order.
        instances: The clones after it, by name.
    """

    calls: list[Call]
    instances: dict[str, Instance]

    def sent(self, action: str, name: str = "") -> list[Mapping[str, str]]:
        """
        Return the parameters of the calls of *action*, of all clones or of one.
        """
        of = self.instances[name].id if name else None
        return [
            call.parameters
            for call in self.calls
            if call.action == action and (of is None or of == call.parameters["DBInstanceId"])
        ]


@dataclass
class Story:
    """
    What came of all clones.

    Attributes:
        first, second: The two runs that made and changed them.
        steps: What a preview of other data would do with each clone.
        destroyed: The calls of the destroy, before which one clone was gone.
        left: The clones that were there when destroy came back.
        histories: All statuses of each clone until it was changed, by name.
    """

    first: Turn
    second: Turn
    histories: dict[str, list[str]]
    steps: dict[str, str] = field(default_factory=dict)
    destroyed: list[Call] = field(default_factory=list)
    left: list[str] = field(default_factory=list)


def declare(stack: Stack, instant: str, *turns: Mapping[str, Mapping[str, Any]]) -> None:
    """
    Declare the clones with all that *turns* say of them; *placed* is of *instant*.
    """
    clones: dict[str, dict[str, Any]] = {}
    for name in FIRST:
        point = {"time": instant} if name == "placed" else {"latest": "time"}
        clones[name] = {"source_instance_id": MYSQL, "restore_point": point}
        for turn in turns:
            clones[name] |= turn.get(name, {})
    (stack.folder / "clones.json").write_text(json.dumps(clones), "utf-8")


def seen(emulator: Emulator, ids: Mapping[str, str]) -> Turn:
    """
    Return what was done to the clones of these *ids*, and forget it.
    """
    calls = emulator.journal.writes()
    emulator.journal.clear()
    return Turn(calls, {name: emulator.instance(id_) for name, id_ in ids.items()})


def play(stack: Stack, emulator: Emulator) -> Story:
    """
    Make the clones, let one drift, change them, ask for other data, destroy them.
    """
    older, newer = (
        format_instant(emulator.clock.now() - timedelta(hours=hours)) for hours in (2, 1)
    )
    stack.write(PROGRAM)
    emulator.faults.order_course(("Creating", 0.5), ("Restoring", 0.5), "Running", probability=1)
    declare(stack, older, FIRST)
    stack.must(stack.up())
    ids = {name: one["id"] for name, one in stack.resources().items()}
    first = seen(emulator, ids)
    histories = {
        name: [status.status for status in emulator.history(clone)] for name, clone in ids.items()
    }

    emulator.change(ids["encrypted"], ssl=None)
    declare(stack, older, FIRST, SECOND)
    stack.must(stack.up("--refresh"))
    story = Story(first, seen(emulator, ids), histories)

    declare(stack, newer, FIRST, SECOND, THIRD)
    preview = json.loads(stack.must(stack.preview("--json")).text)
    story.steps = {step["urn"].rpartition("::")[2]: step["op"] for step in preview["steps"]}

    emulator.remove(ids["paid"])
    emulator.journal.clear()
    stack.must(stack.run("destroy", "--yes", "--skip-preview"))
    story.left = [one.id for one in emulator.instances() if "demo" not in one.id]
    story.destroyed = emulator.journal.calls()
    return story


@pytest.fixture(scope="module", params=BORDERS)
def story(
    request: pytest.FixtureRequest, cli: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Story]:
    folder = tmp_path_factory.mktemp("peer")
    is_plugin = request.param == "plugin"
    sdk = request.getfixturevalue("python_sdk") if is_plugin else None
    with Emulator(change_seconds=0.5, delete_seconds=1.5) as emulator:
        stack = make_stack(folder / "project", environment(folder, cli), emulator, sdk)
        yield play(stack, emulator)


def test_b1_ssl_is_refreshed(story: Story) -> None:
    """
    Whether SSL is on is read back, however an engine spells it; drift is repaired.
    """
    assert story.first.instances["postgresql"].ssl is not None
    assert story.first.instances["encrypted"].ssl is not None

    (sent,) = story.second.sent("ModifyDBInstanceSSL", "encrypted")
    assert "1" == sent["SSLEnabled"]
    assert story.second.instances["encrypted"].ssl is not None


def test_b2_prefer_is_sent(story: Story) -> None:
    (sent,) = story.first.sent("ModifyDBInstanceSSL", "postgresql")
    ssl = story.first.instances["postgresql"].ssl

    assert "prefer" == sent["ACL"]
    assert ssl is not None
    assert "prefer" == ssl.acl


def test_b3_endpoint_and_ssl_in_the_first_apply(story: Story) -> None:
    clone = story.first.instances["endpoint"]
    (renamed,) = story.first.sent("ModifyDBInstanceConnectionString", "endpoint")
    (secured,) = story.first.sent("ModifyDBInstanceSSL", "endpoint")

    assert ("orders-a", 3307) == (clone.connection_string.split(".")[0], clone.port)
    assert f"{clone.id}.mysql.rds.aliyuncs.com" == renamed["CurrentConnectionString"]
    assert ("orders-a", "3307") == (renamed["ConnectionStringPrefix"], renamed["Port"])
    assert clone.connection_string == secured["ConnectionString"]
    assert clone.ssl is not None


def test_b4_off_is_sent(story: Story) -> None:
    """
    SSL, and the list of revoked certificates, are switched off by a zero that is sent.
    """
    (off,) = story.second.sent("ModifyDBInstanceSSL", "endpoint")
    (unlisted,) = story.second.sent("ModifyDBInstanceSSL", "postgresql")

    assert "0" == off["SSLEnabled"]
    assert story.second.instances["endpoint"].ssl is None
    assert ("1", "0") == (unlisted["ClientCAEnabled"], unlisted["ClientCrlEnabled"])


def test_b5_nothing_is_respecified_at_birth(story: Story) -> None:
    """
    A serverless clone is ordered with its range; no change of its shape follows.
    """
    configs = [sent.get("ServerlessConfig") for sent in story.first.sent(ORDER)]

    assert [{"MinCapacity": 1, "MaxCapacity": 4}] == [
        json.loads(config) for config in configs if config
    ]
    assert [] == story.first.sent("ModifyDBInstanceSpec")


def test_b6_nothing_waits_for_the_second_apply(story: Story) -> None:
    """
    Minor versions and pg_hba.conf are set by the first run, and not once more.
    """
    first = story.first.instances
    actions = {call.action for call in story.second.calls}

    assert "Manual" == first["placed"].auto_upgrade_minor_version
    assert "Manual" == first["postgresql"].auto_upgrade_minor_version
    assert ["10.0.0.0/8"] == [one.address for one in first["postgresql"].hba.items]
    assert set() == actions & {"ModifyDBInstanceAutoUpgradeMinorVersion", "ModifyPGHbaConfig"}


def test_b7_encryption_needs_no_key(story: Story) -> None:
    (sent,) = story.first.sent("ModifyDBInstanceTDE", "encrypted")

    assert "Enabled" == sent["TDEStatus"]
    assert "EncryptionKey" not in sent
    assert story.first.instances["encrypted"].tde is not None


def test_b8_other_data_is_a_new_clone(story: Story) -> None:
    """
    Another backup set, instant, database or table is a new clone; nothing else is.
    """
    replaced = {name for name, op in story.steps.items() if op == "replace"}

    assert {"endpoint", "placed", "encrypted", "serverless"} == replaced


def test_b9_an_address_comes_with_its_network(story: Story) -> None:
    """
    Another private address is asked for with VPC and vSwitch, which the API requires.
    """
    (sent,) = story.second.sent("SwitchDBInstanceVpc", "placed")
    network = {name: sent[name] for name in ("VPCId", "VSwitchId", "PrivateIpAddress")}

    assert {
        "VPCId": "vpc-demo",
        "VSwitchId": "vsw-demo-h",
        "PrivateIpAddress": "10.0.0.77",
    } == network
    assert "10.0.0.77" == story.second.instances["placed"].private_ip


def test_b10_a_serverless_range_comes_with_its_edition(story: Story) -> None:
    (sent,) = story.second.sent("ModifyDBInstanceSpec", "serverless")
    serverless = story.second.instances["serverless"].serverless

    assert "serverless_standard" == sent["Category"]
    assert {"MinCapacity": 2, "MaxCapacity": 8} == json.loads(sent["ServerlessConfiguration"])
    assert serverless is not None
    assert (2, 8) == (serverless.min_capacity, serverless.max_capacity)


def test_b11_payment_is_transformed(story: Story) -> None:
    """
    The billing method changes by the call that is meant for it, by no other.
    """
    (sent,) = story.second.sent("TransformDBInstancePayType", "paid")

    assert ("Prepaid", "Month", "1") == (sent["PayType"], sent["Period"], sent["UsedTime"])
    assert [] == story.second.sent("ModifyDBInstanceSpec", "paid")
    assert "Prepaid" == story.second.instances["paid"].pay_type


def test_b12_release(story: Story) -> None:
    """
    Destroy comes back when all is gone, bears what was gone before, and sends regions.
    """
    calls = [call for call in story.destroyed if call.action == "DeleteDBInstance"]
    gone = story.first.instances["paid"].id

    assert [] == story.left
    assert {one.id for one in story.first.instances.values()} - {gone} == {
        call.parameters["DBInstanceId"] for call in calls
    }
    for call in calls:
        assert {"DBInstanceId", "RegionId"} == set(call.parameters)


def test_b14_orders_carry_a_token(story: Story) -> None:
    tokens = [sent["ClientToken"] for sent in story.first.sent(ORDER)]

    assert len(FIRST) == len(tokens) == len(set(tokens))
    assert all(tokens)


def test_b15_resource_group_at_birth(story: Story) -> None:
    clone = story.first.instances["placed"]

    assert "rg-acfmxazb4ph6aiy" == clone.resource_group_id


def test_any_status_is_waited_through(story: Story) -> None:
    for statuses in story.histories.values():
        assert ["Creating", "Restoring", "Running"] == statuses[:3]


def test_tags_and_description_at_birth(story: Story) -> None:
    (order,) = (
        sent
        for sent in story.first.sent(ORDER)
        if sent.get("DBInstanceDescription") == "orders_staging"
    )
    tags = {
        order[f"Tag.{n}.Key"]: order[f"Tag.{n}.Value"]
        for n in range(1, 21)
        if f"Tag.{n}.Key" in order
    }

    assert "data" == tags["team"]
    assert [] == story.first.sent("ModifyDBInstanceDescription")
    assert "team" not in {
        value for sent in story.first.sent("TagResources") for value in sent.values()
    }
