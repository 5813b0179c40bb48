from pathlib import Path
from typing import Any

import pytest

from rds_emulator import Emulator
from tests.emulator.wire import Answer, Client
from tests.support.rows import row

DATA = {
    "PreferredBackupPeriod": "Tuesday,Saturday",
    "PreferredBackupTime": "02:00Z-03:00Z",
    "BackupRetentionPeriod": "30",
}
LOGS = {
    "BackupPolicyMode": "LogBackupPolicy",
    "LocalLogRetentionHours": "0",
    "LocalLogRetentionSpace": "50",
    "HighSpaceUsageProtection": "Disable",
}
LAST = "Lastest"  # codespell:ignore lastest


def modify(client: Client, **parameters: str) -> Answer:
    return client.call("ModifyBackupPolicy", DBInstanceId="rm-mine", **parameters)


def policy(client: Client, instance_id: str = "rm-mine") -> dict[str, Any]:
    return client.call("DescribeBackupPolicy", DBInstanceId=instance_id).body


@pytest.mark.parametrize(
    ("fields", "parameters", "told"),
    [
        row(
            "data",
            {},
            DATA,
            {
                "PreferredBackupPeriod": "Tuesday,Saturday",
                "PreferredBackupTime": "02:00Z-03:00Z",
                "BackupRetentionPeriod": 30,
                "LogBackupRetentionPeriod": 7,
                "EnableBackupLog": "1",
                "Category": "Standard",
                "ReleasedKeepPolicy": LAST,
            },
        ),
        row(
            "everything about data",
            {},
            {
                **DATA,
                "LogBackupRetentionPeriod": "30",
                "CompressType": "8",
                "Category": "Flash",
                "ReleasedKeepPolicy": "All",
                "BackupLog": "Enable",
                "EnablePitrProtection": "True",
                "BackupMethod": "Physical",
                "ArchiveBackupRetentionPeriod": "0",
                "EnableIncrementDataBackup": "False",
            },
            {
                "LogBackupRetentionPeriod": 30,
                "CompressType": "8",
                "Category": "Flash",
                "ReleasedKeepPolicy": "All",
                "EnablePitrProtection": True,
            },
        ),
        row("PITR protection without log backup", {}, {**DATA, "EnablePitrProtection": "True"},
            {"EnablePitrProtection": False}),
        row("what belongs to logs", {},
            {**DATA, "EnableBackupLog": "0", "LocalLogRetentionHours": "3"},
            {"EnableBackupLog": "1", "LocalLogRetentionHours": 18}),
        row("log backup off with the data", {}, {**DATA, "BackupLog": "Disabled"},
            {"EnableBackupLog": "0", "BackupLog": "Disabled"}),
        row(
            "logs",
            {},
            LOGS,
            {
                "LocalLogRetentionHours": 0,
                "LocalLogRetentionSpace": "50",
                "LogBackupLocalRetentionNumber": 60,
                "HighSpaceUsageProtection": "Disable",
                "EnableBackupLog": "1",
            },
        ),
        row(
            "everything about logs",
            {"backup_policy": {"data_retention_days": 60}},
            {
                **LOGS,
                "EnableBackupLog": "False",
                "LogBackupRetentionPeriod": "60",
                "LogBackupLocalRetentionNumber": "-1",
            },
            {
                "EnableBackupLog": "0",
                "LogBackupRetentionPeriod": 60,
                "LogBackupLocalRetentionNumber": -1,
                "BackupRetentionPeriod": 60,
            },
        ),
        row("logs of PostgreSQL", {"engine": "PostgreSQL", "backup_policy": {"log_enabled": False}},
            {"BackupPolicyMode": "LogBackupPolicy", "EnableBackupLog": "1"},
            {"EnableBackupLog": "1"}),
        row("released local disk", {"storage_type": "local_ssd"}, DATA,
            {"ReleasedKeepPolicy": "None"}),
        *(
            row(
                f"SQL Server every {minutes} minutes",
                {"engine": "SQLServer"},
                {**DATA, **given},
                {"EnableBackupLog": on, "BackupInterval": minutes, "LogBackupFrequency": frequency},
            )
            for given, on, minutes, frequency in (
                ({"BackupLog": "Enable"}, "1", "5", ""),
                ({"LogBackupFrequency": "LogInterval"}, "0", "30", "LogInterval"),
                ({}, "0", "1440", ""),
            )
        ),
    ],
)  # fmt: skip
def test_policy_is_read_back(
    emulator: Emulator,
    client: Client,
    fields: dict[str, object],
    parameters: dict[str, str],
    told: dict[str, object],
) -> None:
    emulator.add("rm-mine", **fields)
    answer = modify(client, **parameters)
    read = policy(client)

    assert (200, "") == answer.refusal
    assert told == {name: read[name] for name in told}


def test_answer_has_the_id_and_the_retention_of_logs(emulator: Emulator, client: Client) -> None:
    emulator.add("rm-mine")
    body = modify(client, **LOGS).body

    assert {
        "RequestId": body["RequestId"],
        "DBInstanceID": "rm-mine",
        "EnableBackupLog": "1",
        "EnablePitrProtection": False,
        "EnableIncrementDataBackup": False,
        "LocalLogRetentionHours": 0,
        "LocalLogRetentionSpace": "50",
        "LogBackupLocalRetentionNumber": 60,
        "HighSpaceUsageProtection": "Disable",
    } == body


def test_window_begins_when_log_backup_is_on_again(emulator: Emulator, client: Client) -> None:
    emulator.add("rm-mine", backup_policy={"log_enabled": False})
    modify(client, **LOGS, EnableBackupLog="1")
    since = emulator.instance("rm-mine").backup_policy.log_since
    emulator.clock.advance(60)
    modify(client, **LOGS, EnableBackupLog="1")
    again = emulator.instance("rm-mine").backup_policy.log_since

    assert since is not None
    assert since == again
    assert 60 == (emulator.clock.now() - since).total_seconds()


def test_policy_outlives_the_process_and_is_cloned(db: Path) -> None:
    with Emulator(db=db, speed=0) as emulator:
        emulator.add("rm-mine")
        modify(Client(emulator), **DATA, ReleasedKeepPolicy="All")
        modify(Client(emulator), **LOGS)
    with Emulator(db=db) as emulator:
        client = Client(emulator)
        clone_id = client.clone("rm-mine")
        source, clone = (
            emulator.instance(instance_id).backup_policy for instance_id in ("rm-mine", clone_id)
        )

    assert (30, 50, "All") == (
        source.data_retention_days,
        source.local_log_space,
        source.released_keep_policy,
    )
    assert source == clone
