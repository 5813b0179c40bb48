"""
Backups that a client orders, waits for, clones and deletes.
"""

from datetime import timedelta
from pathlib import Path

import pytest

from rds_emulator import Emulator
from tests.emulator.wire import SOURCE, Client
from tests.support.rows import row

NAMED = {"DBInstanceId": SOURCE}
LOCAL = {
    "engine": "MySQL",
    "storage_type": "local_ssd",
    "instance_class": "rds.mysql.s2.large",
    "databases": {"app": []},
}


def job(client: Client, job_id: str) -> dict[str, str]:
    (found,) = client.call("DescribeBackupTasks", **NAMED, BackupJobId=job_id).body["Items"][
        "BackupJob"
    ]
    return dict(found)


def sets(client: Client) -> list[dict[str, str]]:
    return list(client.call("DescribeBackups", **NAMED).body["Items"]["Backup"])


def test_ordered_backup_is_a_set_when_its_time_is_over(emulator: Emulator, client: Client) -> None:
    emulator.clock.set_speed(0)
    before = {entry["BackupId"] for entry in sets(client)}
    job_id = client.call("CreateBackup", **NAMED).body["BackupJobId"]
    emulator.clock.advance(30)
    half = job(client, job_id)
    unseen = {entry["BackupId"] for entry in sets(client)} == before
    emulator.clock.advance(30)
    finished = job(client, job_id)

    assert ("Uploading", "50") == (half["BackupStatus"], half["Process"])
    assert "BackupId" not in half
    assert unseen
    assert ("Finished", "100") == (finished["BackupStatus"], finished["Process"])
    assert finished["BackupId"] == sets(client)[0]["BackupId"] not in before


def test_ordered_backup_can_be_cloned(emulator: Emulator, client: Client) -> None:
    job_id = client.call("CreateBackup", **NAMED).body["BackupJobId"]
    emulator.clock.advance(60)

    clone_id = client.clone(BackupId=job(client, job_id)["BackupId"])
    assert "Creating" == client.status(clone_id)


def test_one_backup_at_a_time(emulator: Emulator, client: Client) -> None:
    emulator.clock.set_speed(0)
    client.call("CreateBackup", **NAMED)
    second = client.call("CreateBackup", **NAMED)
    emulator.clock.advance(60)
    third = client.call("CreateBackup", **NAMED)

    assert (400, "BackupJobExists", 200) == (second.status, second.body["Code"], third.status)


@pytest.mark.parametrize(
    ("fields", "asked", "method"),
    [
        row("cloud disk", {}, None, "Snapshot"),
        row("cloud disk, physical", {}, "Physical", "Snapshot"),
        row("MariaDB", {"engine": "MariaDB"}, "Physical", "Snapshot"),
        row("local disk", LOCAL, None, "Physical"),
        row("local disk, logical", LOCAL, "Logical", "Logical"),
    ],
)
def test_method_follows_from_the_disk(
    fields: dict[str, object], asked: str | None, method: str
) -> None:
    seed = {"instances": [{"id": "rm-x", **fields}]}
    parameters = {"BackupMethod": asked} if asked else {}
    with Emulator(seed=seed, backup_seconds=0) as emulator:
        client = Client(emulator)
        client.call("CreateBackup", DBInstanceId="rm-x", **parameters)
        newest = client.call("DescribeBackups", DBInstanceId="rm-x").body["Items"]["Backup"][0]

    assert ("Manual", "User", method, "Disabled") == (
        newest["BackupMode"],
        newest["BackupInitiator"],
        newest["BackupMethod"],
        newest["StoreStatus"],
    )


@pytest.mark.parametrize(("asked", "days"), [(None, 7), ("30", 30), ("-1", None)])
def test_set_tells_when_it_expires(asked: str | None, days: int | None) -> None:
    parameters = {"BackupRetentionPeriod": asked} if asked else {}
    with Emulator(backup_seconds=0, speed=0) as emulator:
        client = Client(emulator)
        client.call("CreateBackup", **NAMED, **parameters)
        expires = sets(client)[0]["ExpectExpireTime"]
        now = emulator.clock.now()

    assert expires == (f"{now + timedelta(days=days):%Y-%m-%dT%H:%M:%SZ}" if days else "")


def test_jobs_that_run_are_listed_without_a_name(emulator: Emulator, client: Client) -> None:
    emulator.clock.set_speed(0)
    client.call("CreateBackup", **NAMED)
    listed = [
        client.call("DescribeBackupTasks", **NAMED, **filters).body["Items"]["BackupJob"]
        for filters in ({}, {"BackupMode": "Automated"}, {"BackupJobStatus": "NoStart"})
    ]
    emulator.clock.advance(60)
    listed.append(client.call("DescribeBackupTasks", **NAMED).body["Items"]["BackupJob"])

    assert [1, 0, 0, 0] == [len(found) for found in listed]


def test_no_set_is_deleted_when_one_cannot_be() -> None:
    """
    The logs need the younger one; both are those of an order and of the schedule.
    """
    sets = [{"id": "1", "started": "now-9d", "mode": "Manual"}, {"id": "2", "started": "now-8d"}]
    more = [{"id": "3", "started": "now-1d"}]
    policy = {"data_retention_days": 30}
    entry = {"id": "rm-x", "backups": [*sets, *more], "backup_policy": policy}
    with Emulator(seed={"instances": [entry]}, speed=0) as emulator:
        client = Client(emulator)
        refused = client.call("DeleteBackup", DBInstanceId="rm-x", BackupId="1,3")
        untouched = len(emulator.backups("rm-x"))
        client.call("DeleteBackup", DBInstanceId="rm-x", BackupId="1,2")

        assert (403, "IncorrectBackupSetState") == refused.refusal
        assert (3, ["3"]) == (untouched, [backup.id for backup in emulator.backups("rm-x")])


def test_job_goes_on_while_the_emulator_is_stopped(tmp_path: Path) -> None:
    with Emulator(db=tmp_path / "db", speed=0) as emulator:
        job_id = Client(emulator).call("CreateBackup", **NAMED).body["BackupJobId"]
    with Emulator(db=tmp_path / "db") as emulator:
        client = Client(emulator)
        running = job(client, job_id)["BackupStatus"]
        emulator.clock.advance(60)

        assert ["Preparing", "Finished"] == [running, job(client, job_id)["BackupStatus"]]
