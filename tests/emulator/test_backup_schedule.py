"""
The history of sets that the schedule makes as emulated time goes by.
"""

import json
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from rds_emulator import Emulator
from tests.emulator.wire import Client
from tests.support.rows import row

MONDAY = datetime(2026, 11, 9, 12, tzinfo=UTC)
DAYS = ("Monday", "Wednesday", "Friday", "Sunday")
RETENTION = timedelta(days=7)
LASTS = timedelta(minutes=25)
DATA = {
    "PreferredBackupPeriod": "Tuesday,Saturday",
    "PreferredBackupTime": "02:00Z-03:00Z",
    "BackupRetentionPeriod": "30",
}


def seed(**fields: object) -> dict[str, object]:
    instance = {"id": "rm-x", "backups": [{"id": "1", "started": "now-1d"}], **fields}
    return {"now": MONDAY.isoformat(), "instances": [instance]}


def listed(emulator: Emulator, instance_id: str = "rm-x") -> list[dict[str, Any]]:
    body = Client(emulator).call("DescribeBackups", DBInstanceId=instance_id, PageSize="100").body
    found: list[dict[str, Any]] = body["Items"]["Backup"]
    return found


def starts(emulator: Emulator) -> list[str]:
    return [item["BackupStartTime"] for item in reversed(listed(emulator))]


def expected(until: datetime, *, days: tuple[str, ...] = DAYS) -> list[str]:
    """
    Return when the sets began that are there at *until*.
    """
    slots = [MONDAY.replace(hour=18) + timedelta(days=day) for day in range(40)]
    return [
        f"{slot:%Y-%m-%dT%H:%M:%SZ}"
        for slot in slots
        if f"{slot:%A}" in days and slot + LASTS <= until < slot + LASTS + RETENTION
    ]


def window(emulator: Emulator) -> tuple[str, str]:
    client = Client(emulator)
    body = client.call("DescribeLocalAvailableRecoveryTime", DBInstanceId="rm-x").body
    return body["RecoveryBeginTime"], body["RecoveryEndTime"]


def test_nothing_happens_before_a_window_begins() -> None:
    with Emulator(seed=seed(), speed=0) as emulator:
        before = listed(emulator)
        emulator.clock.set(MONDAY.replace(hour=17, minute=59))

        assert before == listed(emulator)


@pytest.mark.parametrize("looks", [row("at the end", 0), row("every hour", 1)])
@pytest.mark.parametrize("days", [7, 31])
def test_history_is_that_of_the_policy_however_often_somebody_looks(days: int, looks: int) -> None:
    end = MONDAY + timedelta(days=days)
    with Emulator(seed=seed(), speed=0) as emulator:
        for _ in range(days * 24 * looks):
            emulator.clock.advance(3600)
            emulator.backups("rm-x")
        emulator.clock.set(end)
        found = listed(emulator)

        assert expected(end) == [s for s in starts(emulator) if s > "2026-11-09T12"]
        assert {("Automated", "Success", "System", 2_147_483_648)} == {
            (f["BackupMode"], f["BackupStatus"], f["BackupInitiator"], f["BackupSize"])
            for f in found
        }
        assert all(f"{end:%Y-%m-%dT%H:%M:%SZ}" < item["ExpectExpireTime"] for item in found)
        assert len(found) == len({item["BackupId"] for item in found})


def test_window_is_from_the_oldest_set_to_now() -> None:
    end = MONDAY + timedelta(days=31)
    with Emulator(seed=seed(), speed=0) as emulator:
        emulator.clock.set(end)
        oldest = listed(emulator)[-1]["BackupEndTime"]

        assert (oldest, f"{end - timedelta(seconds=5):%Y-%m-%dT%H:%M:%SZ}") == window(emulator)


@pytest.mark.parametrize(
    ("after", "count"), [row("soon", timedelta(minutes=59), 0), row("a day", timedelta(days=1), 1)]
)
def test_start_at_the_real_time_is_followed_by_a_quiet_hour(after: timedelta, count: int) -> None:
    every_day = [f"{MONDAY + timedelta(days=day):%A}" for day in range(7)]
    with Emulator(seed={"instances": []}, speed=0) as emulator:
        begun = emulator.clock.now()
        minute = begun + timedelta(minutes=1)
        policy = {"preferred_days": every_day, "preferred_time": f"{minute:%H:%MZ}-{minute:%H}:59Z"}
        emulator.add("rm-x", backups=[], backup_policy=policy)
        emulator.clock.set(begun + after + timedelta(minutes=30 * count))

        assert count == len(listed(emulator))


def test_set_shows_when_it_has_ended_and_its_job_before() -> None:
    with Emulator(seed=seed(), speed=0) as emulator:
        client = Client(emulator)
        emulator.clock.set(MONDAY.replace(hour=18, minute=5))
        (job,) = client.call("DescribeBackupTasks", DBInstanceId="rm-x").body["Items"]["BackupJob"]
        during = len(listed(emulator))
        emulator.clock.set(MONDAY.replace(hour=18, minute=25))
        after = len(listed(emulator))

    assert ("Automated", "20", "NormalBackupTask") == (
        job["JobMode"],
        job["Process"],
        job["TaskAction"],
    )
    assert (1, 2) == (during, after)


def test_policy_that_changes_in_the_middle_counts_from_then_on() -> None:
    with Emulator(seed=seed(), speed=0) as emulator:
        emulator.clock.advance(timedelta(days=3))
        Client(emulator).call("ModifyBackupPolicy", DBInstanceId="rm-x", **DATA)
        emulator.clock.advance(timedelta(days=7))

        assert [
            "2026-11-08T12:00:00Z",
            "2026-11-09T18:00:00Z",
            "2026-11-11T18:00:00Z",
            "2026-11-14T02:00:00Z",
            "2026-11-17T02:00:00Z",
        ] == starts(emulator)


def test_longer_retention_brings_nothing_back() -> None:
    with Emulator(seed=seed(), speed=0) as emulator:
        emulator.clock.advance(timedelta(days=20))
        before = starts(emulator)
        Client(emulator).call("ModifyBackupPolicy", DBInstanceId="rm-x", **DATA)

        assert before == starts(emulator)


@pytest.mark.parametrize("restarts", [0, 1, 30])
def test_restart_in_the_middle_loses_and_adds_nothing(db: Path, restarts: int) -> None:
    end = MONDAY + timedelta(days=31)
    for number in range(restarts):
        with Emulator(db=db, seed=seed(), speed=0) as emulator:
            emulator.clock.set(MONDAY + timedelta(days=number))
            listed(emulator)
    with Emulator(db=db, seed=seed(), speed=0) as emulator:
        emulator.clock.set(end)

        assert expected(end) == starts(emulator)


def test_stopped_instance_is_not_backed_up_and_keeps_its_last_set() -> None:
    with Emulator(seed=seed(), speed=0) as emulator:
        emulator.clock.advance(timedelta(days=3))
        emulator.change("rm-x", status="Stopped")
        emulator.clock.advance(timedelta(days=400))

        assert ["2026-11-11T18:00:00Z"] == starts(emulator)


def test_instance_that_runs_again_within_the_window_is_backed_up_then() -> None:
    with Emulator(seed=seed(status="Stopped"), speed=0) as emulator:
        emulator.clock.set(MONDAY.replace(hour=18, minute=10))
        emulator.change("rm-x", status="Running")
        emulator.clock.advance(3600)

        assert "2026-11-09T18:10:00Z" == starts(emulator)[-1]


@pytest.mark.parametrize(
    "fields",
    [
        row("no days", {"backup_policy": {"preferred_days": []}}),
        row("read-only", {"instance_type": "Readonly", "master_id": "rm-y"}),
    ],
)
def test_what_has_no_schedule_stays_as_it_was_seeded(fields: dict[str, object]) -> None:
    with Emulator(seed=seed(**fields), speed=0) as emulator:
        emulator.clock.advance(timedelta(days=100))

        assert ["2026-11-08T12:00:00Z"] == starts(emulator)


def test_clone_is_backed_up_and_can_be_cloned_by_its_own_set() -> None:
    with Emulator(seed=seed(), speed=0) as emulator:
        client = Client(emulator)
        clone_id = client.clone("rm-x")
        emulator.clock.advance(timedelta(days=1))
        newest = listed(emulator, clone_id)[0]["BackupStartTime"]

        assert "2026-11-09T18:00:00Z" == newest
        assert client.clone(clone_id)


def test_database_of_before_the_schedule_begins_with_its_opening(db: Path) -> None:
    with Emulator(db=db, seed=seed(), speed=0) as emulator:
        emulator.clock.advance(timedelta(days=10))
    with closing(sqlite3.connect(db)) as old:
        old.execute("DELETE FROM settings WHERE name = 'backup_schedules_since'")
        documents = old.execute("SELECT id, document FROM backups").fetchall()
        for backup_id, text in documents:
            fields = json.loads(text)
            for name in ("job_id", "retention_days", "databases"):
                del fields[name]
            changed = (json.dumps(fields), backup_id)
            old.execute("UPDATE backups SET document = ? WHERE id = ?", changed)
        old.commit()
    with Emulator(db=db) as emulator:
        opened = starts(emulator)
        emulator.clock.advance(timedelta(days=2))

        assert ["2026-11-08T12:00:00Z"] == opened
        assert "2026-11-20T18:00:00Z" == starts(emulator)[-1]


def test_looking_is_no_write() -> None:
    with Emulator(seed=seed(), speed=0) as emulator:
        emulator.clock.advance(timedelta(days=9))
        listed(emulator)

        assert [] == emulator.journal.writes()


def test_longer_log_retention_brings_no_logs_back() -> None:
    long = {"backup_policy": {"data_retention_days": 30}}
    with Emulator(seed=seed(**long), speed=0) as emulator:
        emulator.clock.advance(timedelta(days=20))
        before = window(emulator)
        client = Client(emulator)
        policy = {**DATA, "LogBackupRetentionPeriod": "30"}
        client.call("ModifyBackupPolicy", DBInstanceId="rm-x", **policy)

        assert before == window(emulator)
