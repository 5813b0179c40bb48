"""
Being told of a call in the middle of it, and the server without its plug.
"""

import http.client
import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from rds_emulator import Emulator
from rds_emulator.server.call_hook import CallEvent, Phase
from tests.emulator.wire import ORDER, Client

ROOT = Path(__file__).parents[2]
CHILD = """
import json, sys
from types import SimpleNamespace
from tests.emulator.wire import Client
emulator, order = (json.loads(text) for text in sys.argv[1:])
Client(SimpleNamespace(**emulator)).call("CloneDBInstance", **order)
"""


def test_callback_is_called_before_and_after_the_effect(emulator: Emulator, client: Client) -> None:
    events: list[tuple[int, str, Phase, int]] = []

    def note(event: CallEvent) -> None:
        clones = len(emulator.journal.writes())
        events.append((event.ordinal, event.action, event.phase, clones))

    client.call("DescribeRegions")
    emulator.on_call(note)
    client.call("CloneDBInstance", **ORDER)
    client.call("CloneDBInstance")
    Client(emulator, {"secret": "wrong"}).call("CloneDBInstance")
    emulator.on_call(None)
    client.call("DescribeRegions")

    assert [
        (1, "CloneDBInstance", "before", 0),
        (1, "CloneDBInstance", "after", 1),
        (2, "CloneDBInstance", "before", 1),
        (2, "CloneDBInstance", "after", 1),
    ] == events


def test_fault_that_a_callback_orders_strikes_its_call(emulator: Emulator, client: Client) -> None:
    def spoil(event: CallEvent) -> None:
        if (event.phase, event.parameters.get("DBInstanceId")) == ("before", "rm-x"):
            emulator.faults.order("throttled")

    emulator.on_call(spoil)
    answers = [
        client.call("DescribeDBInstanceAttribute", DBInstanceId=instance_id)
        for instance_id in ("rm-demo-mysql80", "rm-x")
    ]

    assert [(200, ""), (400, "Throttling.User")] == [answer.refusal for answer in answers]


def test_error_of_a_callback_goes_to_stderr_and_the_call_is_answered(
    emulator: Emulator, client: Client, capfd: pytest.CaptureFixture[str]
) -> None:
    def stumble(_: CallEvent) -> None:
        message = "a mistake"
        raise RuntimeError(message)

    emulator.on_call(stumble)

    assert 200 == client.call("DescribeRegions").status
    assert 2 == capfd.readouterr().err.count("RuntimeError: a mistake")


@pytest.mark.parametrize("phase", ["before", "after"])
def test_client_killed_at_the_boundary_has_ordered(
    emulator: Emulator, client: Client, capfd: pytest.CaptureFixture[str], phase: Phase
) -> None:
    known = {
        name: getattr(emulator, name)
        for name in ("endpoint", "access_key_id", "access_key_secret", "region")
    }
    command = [sys.executable, "-c", CHILD, json.dumps(known), json.dumps(ORDER)]
    seen: list[int] = []
    with subprocess.Popen(command, cwd=ROOT) as child:

        def kill(event: CallEvent) -> None:
            if event.phase == phase:
                seen.append(len(emulator.journal.writes()))
                child.kill()
                child.wait()

        emulator.on_call(kill)
    emulator.on_call(None)

    assert 200 == client.call("DescribeRegions").status
    assert (-signal.SIGKILL, [int(phase == "after")]) == (child.returncode, seen)
    assert 1 == len(emulator.journal.writes())
    assert ("", "") == capfd.readouterr()


def test_unplugged_emulator_refuses_connections_until_it_is_plugged_in_on_the_same_port(
    emulator: Emulator, client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    pooled = http.client.HTTPConnection(emulator.endpoint, timeout=5)
    pooled.request("GET", "/_emulator/clock")
    pooled.getresponse().read()
    emulator.unplug()
    emulator.unplug()
    with pytest.raises(http.client.RemoteDisconnected):
        _reuse(pooled)
    for _ in range(2):
        with pytest.raises(ConnectionRefusedError):
            client.call("DescribeRegions")
    pooled.close()
    emulator.plug_in()
    emulator.plug_in()

    assert 200 == client.call("DescribeRegions").status
    assert [] == caplog.records


def _reuse(connection: http.client.HTTPConnection) -> None:
    connection.auto_open = 0
    connection.request("GET", "/_emulator/clock")
    connection.getresponse()


def test_emulator_unplugs_for_a_while_or_until_told(emulator: Emulator, client: Client) -> None:
    begun = time.monotonic()
    emulator.unplug(0.2)
    while not _is_answered(client):
        time.sleep(0.01)
    took = time.monotonic() - begun
    emulator.unplug(0.05)
    emulator.unplug()
    time.sleep(0.1)

    assert 0.2 <= took < 5
    assert not _is_answered(client)


def _is_answered(client: Client) -> bool:
    try:
        return client.call("DescribeRegions").status == 200
    except OSError:
        return False


def test_callback_may_unplug_before_the_answer(emulator: Emulator, client: Client) -> None:
    def pull(event: CallEvent) -> None:
        if event.phase == "after":
            emulator.unplug(0.05)

    emulator.on_call(pull)
    with pytest.raises(http.client.RemoteDisconnected):
        client.call("CloneDBInstance", **ORDER)
    emulator.on_call(None)
    while not _is_answered(client):
        time.sleep(0.01)

    assert 1 == len(emulator.journal.writes())


def test_control_api_unplugs_for_some_seconds_only(client: Client) -> None:
    refused = client.control("POST", "/unplug", {"seconds": 0})
    answer = client.control("POST", "/unplug", {"seconds": 0.1})
    begun = time.monotonic()
    outcomes = {_is_answered(client)}
    while time.monotonic() - begun < 5 and outcomes != {True, False}:
        outcomes.add(_is_answered(client))

    assert (400, "seconds: must be above 0, not 0") == (refused.status, refused.body["error"])
    assert {"unplugged": 0.1} == answer.body
    assert {True, False} == outcomes


@pytest.mark.parametrize("again", [True, False])
def test_unplugged_emulator_ends_at_once_and_leaves_no_socket(*, again: bool) -> None:
    with Emulator() as emulator:
        emulator.unplug()
        if again:
            emulator.plug_in()
            emulator.unplug(60)
        begun = time.monotonic()

    assert time.monotonic() - begun < 1
