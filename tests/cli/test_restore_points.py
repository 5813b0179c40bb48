import json

import pytest

from rds_emulator import Emulator
from tests.cli.conftest import Shell, Told
from tests.support.rows import row


def restore_points(shell: Shell, source: str, *options: str) -> Told:
    """
    Run the command inside.
    """
    url = f"http://{shell.endpoint}"
    return shell.inside("restore-points", source, "--endpoint", url, *options)


def test_window_and_sets_are_told_newest_first(shell: Shell) -> None:
    assert restore_points(shell, "rm-healthy") == Told(
        0,
        "source  rm-healthy in cn-hangzhou (emulator at HERE)\n"
        "engine  MySQL 8.0\n"
        "window  2026-11-18T04:25:00Z to 2026-11-20T03:59:55Z, 5s ago\n"
        "\n"
        "backup set  ended                 age      state\n"
        "104         2026-11-20T01:25:00Z  2h 35m   failed\n"
        "103         2026-11-19T22:25:00Z  5h 35m   is a logical backup\n"
        "102         2026-11-19T04:25:00Z  23h 35m  usable\n"
        "101         2026-11-18T04:25:00Z  1d 23h   usable\n",
        "",
    )


def test_window_of_sql_server_is_made_of_its_logs(shell: Shell) -> None:
    told = restore_points(shell, "rm-mssql")

    assert told.code == 0
    assert told.out.splitlines()[1:4] == [
        "engine  SQLServer 2022_std_ha",
        "window  2026-11-16T04:25:00Z to 2026-11-20T04:00:00Z, 0s ago",
        "gap     2026-11-17T16:00:00Z to 2026-11-19T04:25:00Z",
    ]


def test_source_without_backups_ends_with_1(shell: Shell) -> None:
    assert restore_points(shell, "rm-no-backup") == Told(
        1,
        "source  rm-no-backup in cn-hangzhou (emulator at HERE)\n"
        "engine  MySQL 8.0\n"
        "window  none: there is no backup to start from\n"
        "\n"
        "no backup sets\n"
        "\n"
        "nothing can be restored\n",
        "",
    )


def test_sets_are_shown_where_there_are_no_logs(shell: Shell) -> None:
    told = restore_points(shell, "rm-no-log")

    assert told.code == 0
    assert "window  none: log backups are disabled\n" in told.out


def test_missing_source_is_told_as_a_check_tells_it(shell: Shell) -> None:
    assert restore_points(shell, "rm-gone") == Told(
        1,
        "source  rm-gone in cn-hangzhou (emulator at HERE)\n"
        "engine  not known\n"
        "\n"
        "error   sourceInstanceId: there is no instance rm-gone in cn-hangzhou — "
        "correct the id, the region or the credentials (source-exists)\n"
        "\n"
        "nothing can be restored\n",
        "",
    )


def test_denied_part_is_told_with_its_remedy(shell: Shell, emulator: Emulator) -> None:
    remedy = "allow this RAM action to have it checked in preview"
    emulator.deny("rds:DescribeBackups")

    without_sets = restore_points(shell, "rm-healthy")
    emulator.deny("rds:DescribeLocalAvailableRecoveryTime")
    without_both = restore_points(shell, "rm-healthy")

    sets = f"backup sets not known: rds:DescribeBackups is not permitted — {remedy}"
    assert (0, 1) == (without_sets.code, without_both.code)
    assert without_sets.out.splitlines()[2:] == [
        "window  2026-11-18T04:25:00Z to 2026-11-20T03:59:55Z, 5s ago",
        "",
        sets,
    ]
    assert without_both.out.splitlines()[2:] == [
        (f"window  not known: rds:DescribeLocalAvailableRecoveryTime is not permitted — {remedy}"),
        "",
        sets,
        "",
        "nothing can be restored",
    ]


@pytest.mark.parametrize(
    ("denied", "known"),
    [
        row("source", "rds:DescribeDBInstanceAttribute", True),
        row("sets", "rds:DescribeBackups", False),
    ],
)
def test_document_tells_unknown_from_missing(
    shell: Shell, emulator: Emulator, denied: str, *, known: bool
) -> None:
    emulator.deny(denied)

    document = json.loads(restore_points(shell, "rm-mssql", "--json").out)

    assert document["window"] is document["noWindow"] is None
    assert known is (document["backupSets"] is not None)
    assert {f"{denied} is not permitted"} == {o["why"] for o in document["notKnown"]}


def test_json_option_prints_one_document_in_camel_case(shell: Shell) -> None:
    told = restore_points(shell, "rm-mssql", "--json")

    document = json.loads(told.out)
    assert document.pop("backupSets")[0] == {
        "id": "203",
        "time": "2026-11-19T04:25:00Z",
        "ageSeconds": 84900,
        "usable": True,
        "whyNot": None,
    }
    assert document == {
        "sourceInstanceId": "rm-mssql",
        "region": "cn-hangzhou",
        "engine": "SQLServer",
        "engineVersion": "2022_std_ha",
        "window": {
            "begin": "2026-11-16T04:25:00Z",
            "end": "2026-11-20T04:00:00Z",
            "gaps": [{"begin": "2026-11-17T16:00:00Z", "end": "2026-11-19T04:25:00Z"}],
        },
        "noWindow": None,
        "notKnown": [],
        "problems": [],
    }
