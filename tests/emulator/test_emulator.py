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
from tests.emulator.wire import ORDER, Client


def test_emulator_ends_soon_without_threads_and_connections() -> None:
    with Emulator() as emulator:
        begun = time.monotonic()
        Client(emulator).call("DescribeRegions")
        names = {thread.name for thread in threading.enumerate()}
    took = time.monotonic() - begun

    assert "rds-emulator" in names
    assert "rds-emulator" not in {thread.name for thread in threading.enumerate()}
    assert took < 1


def test_restart_keeps_instances_time_tokens_and_journal_and_reads_no_seed(db: Path) -> None:
    with Emulator(db=db, speed=0) as emulator:
        emulator.clock.advance(timedelta(days=1))
        now = emulator.clock.now()
        body = Client(emulator).call("CloneDBInstance", **ORDER, ClientToken="t").body
    with Emulator(db=db, seed={"instances": []}) as emulator:
        again = Client(emulator).call("CloneDBInstance", **ORDER, ClientToken="t").body

        assert body["DBInstanceId"] == again["DBInstanceId"]
        assert (now, 0) == (emulator.clock.now(), emulator.clock.speed)
        assert 2 == emulator.journal.count("CloneDBInstance")


def test_order_that_was_answered_survives_a_kill(db: Path) -> None:
    command = [sys.executable, "-m", "rds_emulator", "serve", "--json", "--db", str(db)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        ready = json.loads(process.stdout.readline())
        with Emulator() as borrowed:
            client = Client(borrowed)
            borrowed.endpoint = ready["endpoint"]
            clone_id = client.clone()
        process.send_signal(signal.SIGKILL)
    with Emulator(db=db) as emulator:
        assert clone_id == emulator.instance(clone_id).id
        assert 1 == len(emulator.journal.writes())


@pytest.mark.parametrize("content", [b"not a database at all, really not", None])
def test_foreign_database_is_refused_and_unchanged(db: Path, content: bytes | None) -> None:
    if content is None:
        with closing(sqlite3.connect(db)) as other:
            other.execute("CREATE TABLE theirs (x)")
    else:
        db.write_bytes(content)

    with pytest.raises(StoreError, match="database"), Emulator(db=db):
        pass


def test_clock_stands_jumps_runs_and_never_goes_back(emulator: Emulator) -> None:
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


def test_environment_has_no_proxy() -> None:
    assert not [name for name in os.environ if name.lower().endswith("_proxy")]
