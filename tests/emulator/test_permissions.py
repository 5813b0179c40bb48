import socket
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from rds_emulator import Emulator
from rds_emulator.state.document import DocumentError
from tests.emulator.wire import FINE, ORDER, SOURCE, Client, Refusal
from tests.support.rows import row

Call = tuple[str, dict[str, str]]

FORBIDDEN = (403, "Forbidden.RAM")
READ = ("DescribeDBInstanceAttribute", {"DBInstanceId": SOURCE})
OTHER = ("DescribeDBInstanceAttribute", {"DBInstanceId": "rm-demo-mariadb106"})
LIST: Call = ("DescribeDBInstances", {})
REGIONS: Call = ("DescribeRegions", {})
CLONE = ("CloneDBInstance", ORDER)
TAG = ("TagResources", {"ResourceType": "INSTANCE", "Tag__1__Key": "k", "ResourceId__1": SOURCE})
TAG_BOTH = ("TagResources", {**TAG[1], "ResourceId__2": "rm-demo-mariadb106"})


Names = str | list[str]


def allow(action: Names, resource: Names = "*") -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": resource}


def deny(action: Names, resource: Names = "*") -> dict[str, Any]:
    return {**allow(action, resource), "Effect": "Deny"}


def arn(name: str, region: str = "*") -> str:
    """
    Return the ARN of instances of any account.
    """
    return f"acs:rds:{region}:*:dbinstance/{name}"


@pytest.mark.parametrize(
    ("statements", "call", "refusal"),
    [
        row("nothing is allowed", [], REGIONS, FORBIDDEN),
        row("everything is", [allow("*")], CLONE, FINE),
        row("all of RDS", [allow("rds:*")], CLONE, FINE),
        row("all of VPC", [allow("vpc:*")], CLONE, FORBIDDEN),
        row("reads alone", [allow("rds:Describe*")], CLONE, FORBIDDEN),
        row("any case", [allow("RDS:describe*")], READ, FINE),
        row("deny wins", [allow("*"), deny("rds:Clone*")], CLONE, FORBIDDEN),
        row("deny wins in a list, and when it is first",
            [deny(["rds:A", "rds:Clone*"], [arn("rm-x"), "*"]), allow("*")], CLONE, FORBIDDEN),
        row("this instance", [allow("rds:*", arn(SOURCE))], READ, FINE),
        row("not that one", [allow("rds:*", arn(SOURCE))], OTHER, FORBIDDEN),
        row("a list is of all instances", [allow("rds:*", arn(SOURCE))], LIST, FORBIDDEN),
        row("all instances", [allow("rds:*", arn("*"))], LIST, FINE),
        row("another region", [allow("rds:*", arn("*", "cn-shanghai"))], READ, FORBIDDEN),
        row("tags of this", [allow("rds:*", arn(SOURCE))], TAG, FINE),
        row("tags of this and that", [allow("rds:*", arn(SOURCE))], TAG_BOTH, FORBIDDEN),
        row("no resource", [{"Effect": "Allow", "Action": "rds:*"}], READ, FINE),
    ],
)  # fmt: skip
def test_deny_wins_and_the_rest_is_forbidden_unless_allowed(
    emulator: Emulator,
    client: Client,
    statements: list[dict[str, Any]],
    call: Call,
    refusal: Refusal,
) -> None:
    emulator.set_policy(emulator.access_key_id, {"Version": "1", "Statement": statements})

    assert refusal == client.call(call[0], **call[1]).refusal


def test_permission_is_judged_before_parameters(emulator: Emulator, client: Client) -> None:
    emulator.deny("rds:CloneDBInstance")
    refused = client.call("CloneDBInstance")
    emulator.allow_all()

    assert "rds:CloneDBInstance" in refused.body["Message"]
    assert [FORBIDDEN, (400, "MissingParameter")] == [
        refused.refusal,
        client.call("CloneDBInstance").refusal,
    ]
    assert ["Forbidden.RAM", "MissingParameter"] == [
        call.error for call in emulator.journal.calls()
    ]


def test_denials_add_up_until_everything_is_allowed(emulator: Emulator, client: Client) -> None:
    emulator.deny("rds:DescribeRegions", "vpc:DescribeVSwitches")
    emulator.deny("rds:DescribeTags")
    vswitches = {"Action": "DescribeVSwitches", "Version": "2016-04-28"}

    def seen() -> list[int]:
        names = ("DescribeRegions", "DescribeTags", "DescribeDBInstances")
        answers = [client.call(name) for name in names]
        answers.append(client.rpc({**vswitches, "RegionId": emulator.region}))
        return [answer.status for answer in answers]

    before = seen()
    emulator.allow_all()

    assert [403, 403, 200, 403] == before
    assert [200, 200, 200, 200] == seen()


def test_policy_of_a_seed_can_be_changed_and_outlives_a_restart(db: Path) -> None:
    reader = {"Statement": [allow("rds:Describe*")]}
    keys: list[dict[str, Any]] = [
        {"id": "owner", "secret": "o"},
        {"id": "reader", "secret": "r", "policy": reader},
    ]
    seed = {"access_keys": keys, "instances": [{"id": "rm-x"}]}
    modify = {"DBInstanceId": "rm-x", "DBInstanceDescription": "other"}

    def seen(emulator: Emulator, key: str, secret: str) -> list[int]:
        client = Client(emulator, {"AccessKeyId": key, "secret": secret})
        changed = client.call("ModifyDBInstanceDescription", **modify)
        return [client.call("DescribeRegions").status, changed.status]

    with Emulator(seed=seed, db=db) as emulator:
        first = seen(emulator, "owner", "o"), seen(emulator, "reader", "r")
        emulator.set_policy("reader", None)
        emulator.deny("rds:Modify*")
    with Emulator(db=db) as emulator:
        second = seen(emulator, "owner", "o"), seen(emulator, "reader", "r")

    assert ([200, 200], [200, 403]) == first
    assert ([200, 403], [200, 200]) == second


@pytest.mark.parametrize(
    ("policy", "message"),
    [
        row("empty", {}, r"policy.Statement: must be a list"),
        row("number", {"Statement": [1]}, r"Statement\[0\]: must be an"),
        row("key", {"Statement": [], "Principal": "x"}, "Principal: the emulator"),
        row(
            "condition",
            {"Statement": [{**allow("*"), "Condition": {}}]},
            r"Statement\[0\].Condition: the emulator knows only",
        ),
        row("effect", {"Statement": [{**allow("*"), "Effect": "Permit"}]}, "Effect: must be"),
        row("no action", {"Statement": [allow([])]}, "Action: must be"),
        row("action left out", {"Statement": [{"Effect": "Allow"}]}, "Action: must be"),
        row("resource", {"Statement": [{**allow("*"), "Resource": 1}]}, "Resource: must be"),
    ],
)
def test_policy_that_is_malformed_or_not_modelled_is_refused(
    emulator: Emulator, policy: dict[str, Any], message: str
) -> None:
    keys = [{"id": "k", "secret": "s", "policy": policy}]

    with pytest.raises(DocumentError, match=message):
        emulator.set_policy(emulator.access_key_id, policy)
    with pytest.raises(DocumentError, match=message), Emulator(seed={"access_keys": keys}):
        pass


def test_policy_of_an_unknown_key_is_refused(emulator: Emulator) -> None:
    with pytest.raises(DocumentError, match="no key nobody"):
        emulator.set_policy("nobody", None)


def test_control_api_changes_policies(client: Client) -> None:
    key = client.emulator.access_key_id
    allowed = {"Statement": [allow("rds:DescribeRegions")]}
    orders: list[dict[str, Any]] = [
        {"deny": ["rds:DescribeRegions"]},
        {"allow_all": True},
        {"policy": allowed},
        {"policy": None, "access_key_id": key},
    ]
    seen = []
    for order in orders:
        shown = client.control("POST", "/policy", order).body["policies"]
        names = ("DescribeRegions", "DescribeDBInstances")
        seen.append([client.call(name).status for name in names])

    assert [[403, 200], [200, 200], [200, 403], [200, 200]] == seen
    assert {key: None} == shown


@pytest.mark.parametrize(
    ("path", "body", "message"),
    [
        row("no order", "/policy", {}, "exactly one of"),
        row("deny", "/policy", {"deny": "rds:X"}, "deny: must be a list"),
        row("policy", "/policy", {"policy": 1}, "policy: must be an object"),
        row("key", "/policy", {"policy": None, "access_key_id": "x"}, "no key x"),
        row("no action", "/delay", {"seconds": 1}, "action: must be text"),
        row("action", "/delay", {"action": "Fly", "seconds": 1}, "no action Fly"),
        row("negative", "/delay", {"action": "DescribeRegions", "seconds": -1},
            "seconds: must be 0 or more"),
        row("no id", "/instances", {"what": "x"}, "id: must be text"),
        row("taken", "/instances", {"id": SOURCE}, "already taken"),
    ],
)  # fmt: skip
def test_control_api_refuses_clearly(client: Client, path: str, body: object, message: str) -> None:
    answer = client.control("POST", path, body)

    assert 400 == answer.status
    assert message in answer.body["error"]


def test_delay_holds_back_an_answer_not_its_effect(emulator: Emulator, client: Client) -> None:
    emulator.delay("CloneDBInstance", 0.5)
    begun = time.monotonic()
    took: dict[str, float] = {}

    def order() -> None:
        assert FINE == client.call("CloneDBInstance", **ORDER).refusal
        took["clone"] = time.monotonic() - begun

    thread = threading.Thread(target=order)
    thread.start()
    while not emulator.journal.writes():
        time.sleep(0.005)
    assert FINE == client.call("DescribeRegions").refusal
    took["other"] = time.monotonic() - begun
    thread.join()
    emulator.delay("CloneDBInstance", 0)
    again = time.monotonic()
    order()

    assert took["other"] < 0.4
    assert time.monotonic() - again < 0.4
    assert 2 == len(emulator.journal.writes())


def test_refusals_are_delayed_too(client: Client) -> None:
    order = {"action": "DescribeVSwitches", "seconds": 0.2}
    shown = client.control("POST", "/delay", order).body
    begun = time.monotonic()
    answer = client.rpc({"Action": "DescribeVSwitches", "Version": "2016-04-28"})

    assert {"delays": {"DescribeVSwitches": 0.2}} == shown
    assert (400, "MissingParameter") == answer.refusal
    assert time.monotonic() - begun >= 0.2


@pytest.mark.parametrize("waits", [True, False])
def test_delay_does_not_hold_up_the_end(caplog: pytest.LogCaptureFixture, *, waits: bool) -> None:
    """
    The emulator ends quietly, whether a client is waiting or has given up.
    """
    request = b"GET /?Action=DescribeRegions&Version=2014-08-15 HTTP/1.1\r\n"
    with Emulator() as emulator:
        emulator.delay("DescribeRegions", 60)
        host, port = emulator.endpoint.split(":")
        connection = socket.create_connection((host, int(port)), 5)
        connection.sendall(request + b"Host: x\r\n\r\n")
        while not emulator.journal.count("DescribeRegions"):
            time.sleep(0.005)
        if not waits:
            connection.close()
        begun = time.monotonic()
    took = time.monotonic() - begun
    received = connection.recv(12) if waits else b""
    connection.close()

    assert took < (5 if waits else 1)
    assert (b"HTTP/1.1 400" if waits else b"") == received
    assert [] == caplog.records
