"""
State, journal, clock and control API.
"""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from rds_emulator import Emulator
from rds_emulator.state.database import StoreError
from rds_emulator.state.document import DocumentError
from tests.emulator.tables import cases
from tests.emulator.wire import Client

ORDER = {
    "DBInstanceId": "rm-demo-mysql80",
    "PayType": "Postpaid",
    "BackupId": "1000000109",
}


def test_leaves_nothing_behind() -> None:
    """
    After the block there is neither thread nor open connection, and it was quick.
    """
    with Emulator() as emulator:
        begun = time.monotonic()
        Client(emulator).call("DescribeRegions")
        names = {thread.name for thread in threading.enumerate()}
    took = time.monotonic() - begun

    assert "rds-emulator" in names
    assert "rds-emulator" not in {thread.name for thread in threading.enumerate()}
    assert took < 1


def test_restart_keeps_everything(tmp_path: Path) -> None:
    """
    Instances, time, tokens and journal are there again; the seed is not read.
    """
    db = tmp_path / "rds.sqlite"
    with Emulator(db=db, speed=0) as emulator:
        emulator.clock.advance(timedelta(days=1))
        now = emulator.clock.now()
        body = Client(emulator).call("CloneDBInstance", **ORDER, ClientToken="t").body
    with Emulator(db=db, seed={"instances": []}) as emulator:
        again = Client(emulator).call("CloneDBInstance", **ORDER, ClientToken="t").body

        assert body["DBInstanceId"] == again["DBInstanceId"]
        assert (now, 0) == (emulator.clock.now(), emulator.clock.speed)
        assert 2 == emulator.journal.count("CloneDBInstance")


def test_kill_loses_nothing_answered(tmp_path: Path) -> None:
    """
    An order that was answered is there after a kill -9.
    """
    db = tmp_path / "rds.sqlite"
    command = [sys.executable, "-m", "rds_emulator", "serve", "--json", "--db", str(db)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        ready = json.loads(process.stdout.readline())
        with Emulator() as borrowed:
            client = Client(borrowed)
            borrowed.endpoint = ready["endpoint"]
            clone_id = client.call("CloneDBInstance", **ORDER).body["DBInstanceId"]
        process.send_signal(signal.SIGKILL)
    with Emulator(db=db) as emulator:
        assert clone_id == emulator.instance(clone_id).id
        assert 1 == len(emulator.journal.writes())


@pytest.mark.parametrize("content", [b"not a database at all, really not", None])
def test_foreign_database_is_refused(tmp_path: Path, content: bytes | None) -> None:
    """
    A file that is no database, or somebody else's, is left alone.
    """
    db = tmp_path / "other"
    if content is None:
        with closing(sqlite3.connect(db)) as other:
            other.execute("CREATE TABLE theirs (x)")
    else:
        db.write_bytes(content)

    with pytest.raises(StoreError, match="database"), Emulator(db=db):
        pass


def test_journal_tells_every_call(emulator: Emulator) -> None:
    """
    Refused calls are in the journal too, without signatures and secrets.
    """
    client = Client(emulator)
    client.call("CloneDBInstance", **ORDER)
    client.call("CloneDBInstance", **{**ORDER, "BackupId": "7"})
    client.call("DescribeRegions")
    Client(emulator, {"secret": "wrong"}).call("DescribeRegions")
    Client(emulator).acs3("FlyToTheMoon", {})
    calls = emulator.journal.calls()

    assert [
        (1, "CloneDBInstance", 200, None, True, True),
        (2, "CloneDBInstance", 404, "InvalidBackupSetID.NotFound", True, False),
        (3, "DescribeRegions", 200, None, False, False),
        (4, "DescribeRegions", 400, "SignatureDoesNotMatch", False, False),
        (5, "FlyToTheMoon", 501, "EmulatorNotImplemented", False, False),
    ] == [
        (one.sequence, one.action, one.status, one.error, one.writes, one.effective)
        for one in calls
    ]
    assert {**ORDER, "RegionId": "cn-hangzhou"} == calls[0].parameters
    assert {emulator.access_key_id} == {one.access_key_id for one in calls}
    assert [1] == [one.sequence for one in emulator.journal.writes()]
    assert 2 == len(emulator.journal.calls("DescribeRegions"))


def test_journal_goes_on_counting(emulator: Emulator) -> None:
    """
    A cleared journal is empty, and no number comes twice.
    """
    client = Client(emulator)
    client.call("DescribeRegions")
    emulator.journal.clear()
    client.call("DescribeRegions")

    assert [2] == [one.sequence for one in emulator.journal.calls()]


def test_world_can_be_changed_from_behind(emulator: Emulator) -> None:
    """
    Tests may change, add and remove instances, whatever the API says.
    """
    emulator.change(
        "rm-demo-mysql80",
        description="drifted",
        tags={"a": "b"},
        backup_policy={"log_enabled": False},
    )
    emulator.add("rm-mine", engine="PostgreSQL", created="now-1h")
    emulator.remove("rm-demo-stopped")
    changed = emulator.instance("rm-demo-mysql80")

    assert ("drifted", {"a": "b"}) == (changed.description, changed.tags)
    assert (False, 7) == (
        changed.backup_policy.log_enabled,
        changed.backup_policy.log_retention_days,
    )
    assert "16.0" == emulator.instance("rm-mine").engine_version
    assert 7 == len(emulator.backups("rm-mine"))
    with pytest.raises(KeyError):
        emulator.instance("rm-demo-stopped")
    assert emulator.became("rm-demo-stopped", "Released") <= time.time()
    with pytest.raises(KeyError, match="was never Deleting"):
        emulator.became("rm-demo-stopped", "Deleting")


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        pytest.param({"colour": "red"}, "colour: there is no such field", id="field"),
        pytest.param({"storage_gb": "x"}, "storage_gb: must be a whole", id="type"),
        pytest.param({"id": "rm-x"}, "id: cannot be changed", id="id"),
        pytest.param({"created": "soon"}, "created: 'soon' is no instant", id="time"),
    ],
)
def test_impossible_changes_are_named(
    emulator: Emulator, fields: dict[str, object], message: str
) -> None:
    """
    A field that does not exist or does not fit is named.
    """
    with pytest.raises(DocumentError, match=message):
        emulator.change("rm-demo-mysql80", **fields)


def test_clock_stands_jumps_runs_and_never_goes_back(emulator: Emulator) -> None:
    """
    The clock stands, jumps and runs, and never goes back.
    """
    clock = emulator.clock
    begun = clock.now()
    clock.advance(90)
    jumped = clock.now()
    target = datetime(2100, 1, 1, tzinfo=UTC)
    clock.set(target)

    assert timedelta(seconds=90) == jumped - begun
    assert target == clock.now()
    with pytest.raises(ValueError, match="only goes forwards"):
        clock.set(begun)
    with pytest.raises(ValueError, match="no time zone"):
        clock.set(datetime(2101, 1, 1))  # noqa: DTZ001 - the point of the test
    with pytest.raises(ValueError, match="0 or more"):
        clock.set_speed(-1)
    clock.set_speed(1e6)
    assert target < clock.now()


def test_control_api_shows_and_changes_clock_journal_and_instances(
    client: Client,
) -> None:
    """
    Another process can see and change clock, journal and instances.
    """
    client.call("DescribeRegions")
    before = client.control("GET", "/clock").body
    after = client.control("POST", "/clock", {"advance": 60}).body
    calls = client.control("GET", "/journal").body["calls"]
    cleared = client.control("DELETE", "/journal").body
    path = "/instances/rm-demo-mysql80"
    changed = client.control("POST", path, {"description": "x1"}).body
    removed = client.control("DELETE", "/instances/rm-demo-guard").body
    found = client.control("GET", "/instances").body["instances"]

    elapsed = datetime.fromisoformat(after["now"]) - datetime.fromisoformat(
        before["now"]
    )
    assert (0, timedelta(seconds=60)) == (before["speed"], elapsed)
    assert (["DescribeRegions"], []) == (
        [one["action"] for one in calls],
        cleared["calls"],
    )
    assert ("x1", "Released") == (changed["description"], removed["status"])
    assert "rm-demo-guard" not in {one["id"] for one in found}
    assert "Running" == client.control("GET", path).body["history"][0]["status"]


@cases(
    ("method", "path", "body", "refusal"),
    {
        "no order": ("POST", "/clock", {}, (400, "exactly one")),
        "now": ("POST", "/clock", {"now": "x"}, (400, "no instant")),
        "back": ("POST", "/clock", {"advance": -1}, (400, "forwards")),
        "speed": ("POST", "/clock", {"speed": "x"}, (400, "number")),
        "list": ("POST", "/clock", [], (400, "JSON object")),
        "unknown": ("GET", "/instances/rm-x", None, (404, "rm-x")),
        "field": ("POST", "/instances/rm-demo-guard", {"x": 1}, (400, "field")),
        "path": ("GET", "/weather", None, (404, "Not Found")),
        "method": ("PUT", "/clock", None, (405, "Not Allowed")),
    },
)
def test_control_api_refuses_clearly(
    client: Client, method: str, path: str, body: object, refusal: tuple[int, str]
) -> None:
    """
    A faulty control request gets a status and a sentence.
    """
    answer = client.control(method, path, body)

    assert refusal[0] == answer.status
    assert refusal[1] in answer.body["error"]


def test_environment_has_no_proxy() -> None:
    """
    The fixtures keep proxies away from the SDKs.
    """
    assert not [name for name in os.environ if name.lower().endswith("_proxy")]
