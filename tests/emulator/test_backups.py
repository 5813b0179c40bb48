from datetime import timedelta
from operator import itemgetter
from typing import Any

import pytest

from rds_emulator import Emulator
from rds_emulator.protocol.timestamps import to_minutes, to_seconds
from tests.emulator.wire import MARIADB, MYSQL, POSTGRESQL, SQL_SERVER, Client
from tests.support.rows import row

ENGINES = (MYSQL, POSTGRESQL, SQL_SERVER, MARIADB)


def test_backups_are_counted_in_strings_and_the_newest_is_first(reader: Client) -> None:
    body = reader.call("DescribeBackups", DBInstanceId="rm-demo-mysql80").body

    assert ("1", "9", "9") == itemgetter("PageNumber", "PageRecordCount", "TotalRecordCount")(body)
    assert "1000000109" == body["Items"]["Backup"][0]["BackupId"]


@pytest.mark.parametrize(
    ("parameters", "count"),
    [
        row("id", {"BackupId": "1000000101"}, 1),
        row("status", {"BackupStatus": "Failed"}, 1),
        row("mode", {"BackupMode": "Manual"}, 2),
        row("type", {"BackupType": "IncrementalBackup"}, 0),
        row("second page", {"PageNumber": "2"}, 0),
    ],
)
def test_filters_narrow_the_backups(reader: Client, parameters: dict[str, str], count: int) -> None:
    answer = reader.call("DescribeBackups", DBInstanceId="rm-demo-mysql80", **parameters)

    assert count == len(answer.body["Items"]["Backup"])


def test_range_in_minutes_keeps_the_sets_that_began_in_it(world: Emulator, reader: Client) -> None:
    now = world.clock.now()
    answer = reader.call(
        "DescribeBackups",
        DBInstanceId="rm-demo-mysql80",
        StartTime=to_minutes(now - timedelta(hours=31)),
        EndTime=to_minutes(now),
    )

    assert "2" == answer.body["TotalRecordCount"]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        row("MySQL", "rm-demo-mysql80", ("1", "Enable", False)),
        row("off", "rm-demo-no-log-backup", ("0", "Disabled", False)),
        row("5 minutes", "rm-demo-sqlserver2022", ("1", "Enable", False)),
        row("30 minutes", "rm-demo-sqlserver2019", ("0", "Disabled", False)),
        row("PostgreSQL Basic", "rm-demo-postgresql-basic", ("0", "Disabled", False)),
        row("PITR protection", "rm-demo-pitr-protection", ("0", "Disabled", True)),
        row("words", "rm-demo-policy-words", ("True", "Enabled", False)),
    ],
)
def test_backup_policy_says_on_or_off_in_words_of_its_kind(
    reader: Client, name: str, expected: tuple[str, str, bool]
) -> None:
    body = reader.call("DescribeBackupPolicy", DBInstanceId=name).body

    assert expected == (body["EnableBackupLog"], body["BackupLog"], body["EnablePitrProtection"])


@pytest.mark.parametrize(
    ("on", "off"), [("1", "0"), ("True", "False"), ("true", "false"), ("Enable", "Disabled")]
)
def test_seed_s_word_for_on_decides_the_word_for_off(on: str, off: str) -> None:
    policy = {"enable_backup_log_on": on, "backup_log_on": on, "log_enabled": False}
    seed = {"instances": [{"id": "rm-x", "backup_policy": policy}]}
    with Emulator(seed=seed, speed=0) as emulator:
        body = Client(emulator).call("DescribeBackupPolicy", DBInstanceId="rm-x").body

    assert (off, off) == (body["EnableBackupLog"], body["BackupLog"])


def test_data_backup_that_is_off_has_neither_days_nor_a_next_time(reader: Client) -> None:
    name = "rm-demo-no-data-backup"
    body = reader.call("DescribeBackupPolicy", DBInstanceId=name).body

    assert ("", "") == (body["PreferredBackupPeriod"], body["PreferredNextBackupTime"])


def test_mysql_with_pitr_protection_alone_can_be_restored_to_a_time(reader: Client) -> None:
    name = "rm-demo-pitr-protection"
    policy = reader.call("DescribeBackupPolicy", DBInstanceId=name).body
    window = reader.call("DescribeLocalAvailableRecoveryTime", DBInstanceId=name)

    assert (7, 200) == (policy["PitrRetentionPeriod"], window.status)


def test_window_follows_the_clock(emulator: Emulator, client: Client) -> None:
    """
    The newest restorable second is a few seconds before now.
    """

    def end() -> str:
        answer = client.call("DescribeLocalAvailableRecoveryTime", DBInstanceId="rm-demo-mysql80")
        return str(answer.body["RecoveryEndTime"])

    lag = timedelta(seconds=5)
    expected = [to_seconds(emulator.clock.now() - lag)]
    seen = [end()]
    emulator.clock.advance(3600)
    expected.append(to_seconds(emulator.clock.now() - lag))
    seen.append(end())

    assert expected == seen


def first(client: Client, name: str, number: int = 0) -> dict[str, Any]:
    answer = client.call("DescribeBackups", DBInstanceId=name)
    found: dict[str, Any] = answer.body["Items"]["Backup"][number]
    return found


def test_a_backup_set_in_full(world: Emulator, reader: Client) -> None:
    told = first(reader, MYSQL)
    nodes = reader.call("DescribeDBInstanceHAConfig", DBInstanceId=MYSQL).body
    standby = nodes["HostInstanceInfos"]["NodeInfo"][1]["NodeId"]
    newest = world.backups(MYSQL)[0]

    assert {
        "BackupInitiator": "System",
        "Encryption": "{}",
        "HostInstanceID": standby,
        "ExpectExpireTime": to_seconds(newest.ended + timedelta(days=7)),
    } == {
        name: told[name]
        for name in ("BackupInitiator", "Encryption", "HostInstanceID", "ExpectExpireTime")
    }
    assert told["Checksum"].isdigit()
    assert told["BackupDownloadURL"].endswith(newest.id)
    assert told["BackupIntranetDownloadURL"] != told["BackupDownloadURL"]


def test_set_of_a_basic_instance_is_made_on_its_only_node(reader: Client) -> None:
    name = "rm-demo-mysql57-basic"
    nodes = reader.call("DescribeDBInstanceHAConfig", DBInstanceId=name).body
    (master,) = nodes["HostInstanceInfos"]["NodeInfo"]

    assert master["NodeId"] == first(reader, name)["HostInstanceID"]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        row("manual", {"mode": "Manual"}, {"BackupInitiator": "User"}),
        row(
            "snapshot",
            {"method": "Snapshot"},
            {"BackupDownloadURL": "", "BackupIntranetDownloadURL": ""},
        ),
        row("not available", {"available": False}, {"BackupDownloadURL": ""}),
    ],
)
def test_user_s_set_names_the_user_and_has_links_if_it_can_be_downloaded(
    world: Emulator,
    reader: Client,
    request: pytest.FixtureRequest,
    fields: dict[str, object],
    expected: dict[str, str],
) -> None:
    name = f"rm-set-{request.node.callspec.id.replace(' ', '-')}"
    started = to_seconds(world.clock.now() - timedelta(days=1))
    world.add(name, backups=[{"started": started, **fields}])
    told = first(reader, name)

    assert expected == {field: told[field] for field in expected}


@pytest.mark.parametrize(
    ("name", "copy_only"), [row("SQL Server", SQL_SERVER, "0"), row("no", MYSQL, None)]
)
def test_only_sql_server_has_copy_only(reader: Client, name: str, copy_only: str | None) -> None:
    assert copy_only == first(reader, name).get("CopyOnlyBackup")


@pytest.mark.parametrize("name", ENGINES)
def test_every_engine_reports_increments_as_off(reader: Client, name: str) -> None:
    told = reader.call("DescribeBackupPolicy", DBInstanceId=name).body

    assert False is told["EnableIncrementDataBackup"]


@pytest.mark.parametrize(
    ("name", "expected"),
    [row("MySQL", MYSQL, ("0", "1", "0")), row("PostgreSQL", POSTGRESQL, (None, None, None))],
)
def test_only_mysql_reports_the_defaults_of_archiving(
    reader: Client, name: str, expected: tuple[str | None, ...]
) -> None:
    told = reader.call("DescribeBackupPolicy", DBInstanceId=name).body

    assert expected == (
        told.get("ArchiveBackupRetentionPeriod"),
        told.get("ArchiveBackupKeepCount"),
        told.get("ArchiveBackupKeepPolicy"),
    )
