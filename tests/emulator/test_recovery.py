from datetime import datetime, timedelta
from operator import itemgetter
from typing import Any

import pytest

from rds_emulator import Emulator
from rds_emulator.protocol.timestamps import from_seconds, to_minutes, to_seconds
from tests.emulator.wire import FINE, Client, Refusal
from tests.support.rows import row

NOW = "2026-11-10T12:02:30Z"
LOCAL = {"storage_type": "local_ssd", "instance_class": "rds.mysql.s2.large"}
TOO_EARLY = (400, "InvalidRestoreTime.Malformed")


def seeded(**source: object) -> Emulator:
    """
    Return an emulator with one source, *rm-x*, two and a half minutes past noon.
    """
    entry = {"id": "rm-x", "backups": [{"id": "1", "started": "now-2d"}], **source}
    return Emulator(seed={"now": NOW, "instances": [entry]}, speed=0)


def sql_server(**source: object) -> Emulator:
    """
    Return such an emulator with a SQL Server whose logs are five minutes long.
    """
    return seeded(engine="SQLServer", **source)


def log_files(client: Client, **parameters: str) -> list[tuple[str, str]]:
    """
    Return begin and end of all log files of the last week.
    """
    now = client.emulator.clock.now()
    given = {
        "DBInstanceId": "rm-x",
        "StartTime": to_minutes(now - timedelta(days=8)),
        "EndTime": to_minutes(now + timedelta(minutes=1)),
        "PageSize": "100",
        **parameters,
    }
    files: list[tuple[str, str]] = []
    for number in range(1, 100):
        answer = client.call("DescribeLogBackupFiles", **given, PageNumber=str(number)).body
        page = answer["Items"]["BinLogFile"]
        files += [(file["LogBeginTime"], file["LogEndTime"]) for file in page]
        if len(files) == answer["TotalRecordCount"]:
            break
    return files


def by_time(client: Client, time: str) -> Refusal:
    return client.call(
        "CloneDBInstance", DBInstanceId="rm-x", PayType="Postpaid", RestoreTime=time
    ).refusal


def test_log_files_are_contiguous_and_stay_as_time_goes_on() -> None:
    with sql_server() as emulator:
        client = Client(emulator)
        files = log_files(client)
        emulator.clock.advance(300)
        later = log_files(client)

    assert ("2026-11-03T12:05:00Z", "2026-11-03T12:10:00Z") == files[0]
    assert ("2026-11-10T11:55:00Z", "2026-11-10T12:00:00Z") == files[-1]
    assert [end for _, end in files[:-1]] == [begin for begin, _ in files[1:]]
    assert [*files[1:], ("2026-11-10T12:00:00Z", "2026-11-10T12:05:00Z")] == later


@pytest.mark.parametrize(
    ("source", "count"),
    [
        row("a week", {}, 7 * 288 - 1),
        row("30 minutes", {"backup_policy": {"log_lag_seconds": 1800}}, 7 * 48 - 1),
        row("since", {"backup_policy": {"log_since": "2026-11-10T11:00:00Z"}}, 12),
        row("off", {"backup_policy": {"log_enabled": False}}, 0),
        row(
            "gaps",
            {
                "log_gaps": [
                    {"begin": "2026-11-01T00:00:00Z", "end": "2026-11-10T10:02:00Z"},
                    {"begin": "2026-11-10T10:59:00Z", "end": "2026-11-10T11:01:00Z"},
                ]
            },
            10 + 11,
        ),
    ],
)
def test_log_files_follow_schedule_retention_and_gaps(
    source: dict[str, object], count: int
) -> None:
    with sql_server(**source) as emulator:
        assert count == len(log_files(Client(emulator)))


def test_log_files_that_overlap_the_range_are_listed_with_size_and_link() -> None:
    with sql_server() as emulator:
        answer = Client(emulator).call(
            "DescribeLogBackupFiles",
            DBInstanceId="rm-x",
            StartTime="2026-11-10T10:02Z",
            EndTime="2026-11-10T10:07Z",
        )
    items = answer.body["Items"]["BinLogFile"]

    assert ["2026-11-10T10:00:00Z", "2026-11-10T10:05:00Z"] == [
        file["LogBeginTime"] for file in items
    ]
    assert sum(file["FileSize"] for file in items) == answer.body["TotalFileSize"]
    assert all(file["DownloadLink"] for file in items)
    assert (1, 2, 2) == itemgetter("PageNumber", "PageRecordCount", "TotalRecordCount")(answer.body)


@pytest.mark.parametrize(
    ("time", "refusal"),
    [
        row("before the set", "2026-11-08T12:27:29Z", TOO_EARLY),
        row("end of the set", "2026-11-08T12:27:30Z", FINE),
        row("newest log before the gap", "2026-11-09T10:00:00Z", FINE),
        row("file with the gap", "2026-11-09T10:00:01Z", TOO_EARLY),
        row("in the gap", "2026-11-09T10:30:00Z", TOO_EARLY),
        row("behind it without a set", "2026-11-09T12:00:00Z", TOO_EARLY),
        row("end of the next set", "2026-11-09T15:25:00Z", FINE),
        row("newest complete file", "2026-11-10T12:00:00Z", FINE),
        row("no complete file yet", "2026-11-10T12:00:01Z", TOO_EARLY),
    ],
)
def test_sql_server_restores_what_sets_and_files_hold(time: str, refusal: Refusal) -> None:
    """
    From the end of a set on, as long as file follows file.
    """
    sets = [{"started": "now-2d"}, {"started": "2026-11-09T15:00:00Z"}]
    gap = {"begin": "2026-11-09T10:01:00Z", "end": "2026-11-09T11:00:00Z"}
    with sql_server(backups=sets, log_gaps=[gap]) as emulator:
        assert refusal == by_time(Client(emulator), time)


@pytest.mark.parametrize(
    ("time", "refusal"),
    [
        row("end of the set", "2026-11-09T10:25:00Z", FINE),
        row("a second later", "2026-11-09T10:25:01Z", TOO_EARLY),
        row("a second earlier", "2026-11-09T10:24:59Z", TOO_EARLY),
    ],
)
def test_set_without_logs_restores_its_own_end_alone(time: str, refusal: Refusal) -> None:
    gap = {"begin": "2026-11-01T00:00:00Z", "end": "2026-11-09T11:00:00Z"}
    sets = [{"started": "2026-11-09T10:00:00Z"}]
    with sql_server(backups=sets, log_gaps=[gap]) as emulator:
        assert refusal == by_time(Client(emulator), time)


@pytest.mark.parametrize("engine", ["MySQL", "PostgreSQL", "MariaDB"])
def test_window_begins_with_the_first_set_after_a_gap(engine: str) -> None:
    sets = [{"started": "now-3d"}, {"started": "2026-11-09T15:00:00Z"}]
    gap = {"begin": "2026-11-09T10:01:00Z", "end": "2026-11-09T11:00:00Z"}
    with seeded(engine=engine, backups=sets, log_gaps=[gap]) as emulator:
        client = Client(emulator)
        body = client.call("DescribeLocalAvailableRecoveryTime", DBInstanceId="rm-x").body
        times = ("2026-11-09T10:00:59Z", "2026-11-09T12:00:00Z", "2026-11-09T15:25:00Z")

        assert ("2026-11-09T15:25:00Z", "2026-11-10T12:02:25Z") == (
            body["RecoveryBeginTime"],
            body["RecoveryEndTime"],
        )
        assert [TOO_EARLY, TOO_EARLY, FINE] == [by_time(client, instant) for instant in times]


def test_logs_can_be_lost_while_the_emulator_runs(emulator: Emulator, client: Client) -> None:
    name = "rm-demo-mysql80"
    hours = timedelta(hours=1)
    gap = {"begin": "now-2h", "end": "now"}
    emulator.change(name, log_gaps=[gap])
    answer = client.call("DescribeLocalAvailableRecoveryTime", DBInstanceId=name)
    end = from_seconds(answer.body["RecoveryEndTime"])

    assert isinstance(end, datetime)
    assert emulator.clock.now() - 2 * hours >= end


def test_only_sql_server_lists_migrations() -> None:
    tasks = [
        {"task_id": "1", "created": "now-9d", "status": "Success", "ended": "now-8d"},
        {"task_id": "2", "created": "now-1h", "db_name": "shop", "description": "d"},
    ]
    given = {
        "DBInstanceId": "rm-x",
        "StartTime": "2026-11-05T00:00Z",
        "EndTime": "2026-11-10T12:03Z",
    }
    with sql_server(migrations=tasks) as emulator:
        body = Client(emulator).call("DescribeMigrateTasks", **given).body
    with seeded(migrations=tasks) as emulator:
        other = Client(emulator).call("DescribeMigrateTasks", **given).body

    assert [
        {
            "MigrateTaskId": "2",
            "DBName": "shop",
            "Status": "Running",
            "BackupMode": "FULL",
            "IsDBReplaced": "False",
            "CreateTime": "2026-11-10T11:02:30Z",
            "EndTime": "",
            "Description": "d",
        }
    ] == body["Items"]["MigrateTask"]
    assert ("rm-x", 1, 1, 1) == itemgetter(
        "DBInstanceId", "PageNumber", "PageRecordCount", "TotalRecordCount"
    )(body)
    assert [] == other["Items"]["MigrateTask"]


@pytest.mark.parametrize("status", ["Success", "Failed"])
def test_finished_migration_does_not_prevent_cloning(status: str) -> None:
    task = {"task_id": "1", "created": "now-1h", "status": status}
    with sql_server(migrations=[task]) as emulator:
        assert FINE == by_time(Client(emulator), "2026-11-10T10:00:00Z")


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        row("all", {}, ["1", "2"]),
        row("action", {"TaskAction": "ModifyParameter"}, ["2"]),
        row("status does nothing", {"Status": "Finished"}, ["1", "2"]),
        row("start", {"StartTime": "2026-11-10T11:00Z"}, ["2"]),
        row("end", {"EndTime": "2026-11-10T11:00Z"}, ["1"]),
        row("second page", {"PageNumber": "2"}, []),
    ],
)
def test_seeded_tasks_are_listed_and_keep_nobody_from_cloning(
    parameters: dict[str, str], expected: list[str]
) -> None:
    tasks = [
        {"task_id": "1", "began": "now-1d"},
        {"task_id": "2", "began": "now-5m", "action": "ModifyParameter", "progress": "40"},
    ]
    with seeded(tasks=tasks) as emulator:
        client = Client(emulator)
        answer = client.call("DescribeTasks", DBInstanceId="rm-x", **parameters)
        found = answer.body["Items"]["TaskProgressInfo"]

        assert expected == [task["TaskId"] for task in found]
        assert FINE == by_time(client, "2026-11-10T10:00:00Z")


def test_release_is_a_task_as_long_as_it_takes() -> None:
    def tasks(**parameters: str) -> list[tuple[str, str, str]]:
        answer = client.call("DescribeTasks", DBInstanceId="rm-x", **parameters)
        return [
            (task["TaskAction"], task["Status"], task["BeginTime"])
            for task in answer.body["Items"]["TaskProgressInfo"]
        ]

    with seeded(tasks=[]) as emulator:
        client = Client(emulator)
        before = tasks()
        begun = to_seconds(emulator.clock.now())
        client.call("DeleteDBInstance", DBInstanceId="rm-x")
        emulator.clock.advance(1)

        assert [] == before
        assert [("DeleteDBInstance", "Processing", begun)] == tasks()
        assert tasks() == tasks(TaskAction="DeleteDBInstance")
        assert [] == tasks(TaskAction="CreateBackup")


def metas(client: Client, **parameters: str) -> Any:
    given = {"DBInstanceId": "rm-x", "BackupSetID": "1", **parameters}
    return client.call("DescribeMetaList", **given)


@pytest.mark.parametrize(
    ("parameters", "expected", "counts"),
    [
        row("all", {}, [("app", ""), ("reporting", "")], (1, 1, 2, 2)),
        row("like", {"Pattern": "port"}, [("reporting", "")], (1, 1, 1, 1)),
        row("one", {"GetDbName": "app"}, [("app", "customers"), ("app", "orders")], (1, 1, 2, 2)),
        row("none", {"GetDbName": "ap"}, [], (0, 1, 0, 0)),
        row("second page", {"PageSize": "1", "PageIndex": "2"}, [("reporting", "")], (2, 2, 1, 2)),
        row("half", {"PageSize": "1"}, [("app", ""), ("reporting", "")], (1, 1, 2, 2)),
        row("by time", {"RestoreType": "RestoreTime", "RestoreTime": "2026-11-10T10:00:00Z"},
            [("app", ""), ("reporting", "")], (1, 1, 2, 2)),
    ],
)  # fmt: skip
def test_meta_list_names_databases_and_the_tables_of_one(
    parameters: dict[str, str], expected: list[tuple[str, str]], counts: tuple[int, int, int, int]
) -> None:
    with seeded(**LOCAL) as emulator:
        body = metas(Client(emulator), **parameters).body

    assert expected == [(entry["Database"], entry["Tables"]) for entry in body["Items"]["Meta"]]
    assert ("rm-x", *counts) == itemgetter(
        "DBInstanceName", "TotalPageCount", "PageNumber", "PageRecordCount", "TotalRecordCount"
    )(body)


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        row("all", {}, {"a": ("x", "y"), "b": ("z",)}),
        row("one database", {"DbNames": "b"}, {"b": ("z",)}),
        row(
            "renamed",
            {
                "RestoreTable": "1",
                "TableMeta": (
                    '[{"type": "db", "name": "a", "newname": "a2", "tables":'
                    ' [{"type": "table", "name": "x", "newname": "x2"}]},'
                    ' {"type": "db", "name": "b"}]'
                ),
            },
            {"a2": ("x2",), "b": ("z",)},
        ),
    ],
)
def test_clone_has_the_ordered_databases_and_no_gaps_tasks_or_migrations(
    order: dict[str, str], expected: dict[str, tuple[str, ...]]
) -> None:
    source = {
        "databases": {"a": ["x", "y"], "b": ["z"]},
        "tasks": [{"task_id": "1", "began": "now-1h"}],
        "log_gaps": [{"begin": "now-9d", "end": "now-8d"}],
    }
    with seeded(**source) as emulator:
        answer = Client(emulator).call(
            "CloneDBInstance", DBInstanceId="rm-x", PayType="Postpaid", BackupId="1", **order
        )
        made = emulator.instance(answer.body["DBInstanceId"])

    assert expected == made.databases
    assert ((), (), ()) == (made.tasks, made.log_gaps, made.migrations)
