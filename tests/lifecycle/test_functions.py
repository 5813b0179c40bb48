"""
The functions, over a cloud in memory.
"""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from pulumi_rdsclone.domain.backups import NoWindow, Span
from pulumi_rdsclone.domain.errors import (
    AccessDeniedError,
    CloneError,
    ConfigurationError,
    NotFoundError,
    UnavailableError,
)
from pulumi_rdsclone.domain.model import fields_of, groups_of
from pulumi_rdsclone.domain.unknown import UNKNOWN
from pulumi_rdsclone.lifecycle.functions import FUNCTIONS
from pulumi_rdsclone.lifecycle.read_cache import ReadTimedOutError
from tests.domain.samples import NEWEST_SET, NOW, OLDER_SET, SOURCE, values
from tests.lifecycle.fakes import SQLSERVER, Fakes, api_error

ALL = list(FUNCTIONS)
OF_A_SOURCE = ("getRestorableWindow", "getBackups", "getLatestBackup")
OF_A_CLONE = ("checkClone", "getClonePrice")
HOUR = timedelta(hours=1)
BY_SET = {"latest": "backup"}


def arguments(name: str, **more: Any) -> dict[str, Any]:
    """
    Return the shortest arguments of the function *name*, and *more*.
    """
    shortest = values() if name in OF_A_CLONE else {"source_instance_id": "rm-source"}
    return {**shortest, **more}


def answer(fakes: Fakes, name: str, **more: Any) -> dict[str, Any]:
    return dict(FUNCTIONS[name].answer(arguments(name, **more), fakes.regions))


def refusal(fakes: Fakes, name: str, **more: Any) -> str:
    with pytest.raises(CloneError) as refused:
        answer(fakes, name, **more)
    return str(refused.value)


@pytest.mark.parametrize("name", ALL)
def test_every_function_answers_as_described_and_changes_nothing(fakes: Fakes, name: str) -> None:
    function = FUNCTIONS[name]

    told = answer(fakes, name)

    assert [field.name for field in fields_of(function.result)] == list(told)
    assert function.doc.endswith(".")
    assert [] == fakes.rds.writes


def test_no_two_groups_share_a_name() -> None:
    """
    The name of a group is that of its type.
    """
    groups = {
        group
        for function in FUNCTIONS.values()
        for part in (function.arguments, function.result)
        for _, group in groups_of(part)
    }

    assert len(groups) == len({group.__name__ for group in groups})


@pytest.mark.parametrize("name", ALL)
def test_region_is_the_one_given_else_the_configured_one(fakes: Fakes, name: str) -> None:
    answer(fakes, name)
    configured = fakes.regions.asked[-1]
    answer(fakes, name, region="cn-beijing")

    assert ("cn-hangzhou", "cn-beijing") == (configured, fakes.regions.asked[-1])


@pytest.mark.parametrize("name", ALL)
def test_question_without_a_region_is_refused(fakes: Fakes, name: str) -> None:
    fakes.regions.default_region = None

    with pytest.raises(ConfigurationError, match="no region is configured — set"):
        answer(fakes, name)


@pytest.mark.parametrize("name", [*OF_A_SOURCE, "getClonePrice"])
def test_wrong_arguments_are_told_before_any_call(fakes: Fakes, name: str) -> None:
    told = refusal(fakes, name, sourceInstanceId="rm-1", region=7)

    assert told.splitlines() == [
        "region: must be a string — correct the value (input-form)",
        ("sourceInstanceId: no such property — did you mean source_instance_id? (input-form)"),
    ]
    assert [] == fakes.rds.calls


@pytest.mark.parametrize("name", ALL)
def test_unknown_arguments_cannot_be_asked_about(fakes: Fakes, name: str) -> None:
    assert refusal(fakes, name, source_instance_id=UNKNOWN) == (
        "source_instance_id: not known yet — ask when it is known (input-form)"
    )


@pytest.mark.parametrize("name", OF_A_SOURCE)
def test_missing_source_is_told_as_checks_tell_it(fakes: Fakes, name: str) -> None:
    fakes.rds.fail("instance", api_error(NotFoundError))

    assert refusal(fakes, name) == (
        "source_instance_id: there is no instance rm-source in cn-hangzhou — correct "
        "the id, the region or the credentials (source-exists)"
    )


@pytest.mark.parametrize(
    ("name", "call"),
    [
        ("getRestorableWindow", "recovery_window"),
        ("getBackups", "backup_sets"),
        ("getLatestBackup", "backup_sets"),
        *((name, "instance") for name in OF_A_SOURCE),
        ("checkClone", "instance"),
    ],
)
def test_missing_answer_is_raised_as_it_is(fakes: Fakes, name: str, call: str) -> None:
    fakes.rds.fail(call, api_error(UnavailableError), times=9)

    assert refusal(fakes, name) == "said the API (AnyAction: Code)"


@pytest.mark.parametrize("name", ALL)
def test_answer_that_is_late_is_not_guessed(name: str) -> None:
    fakes = Fakes(read_timeout=timedelta(seconds=0.01))
    gate = fakes.rds.hold("instance")

    with pytest.raises(ReadTimedOutError, match="check the network and the endpoint, if"):
        answer(fakes, name)
    gate.set()


def test_window_is_the_one_that_the_cloud_tells(fakes: Fakes) -> None:
    told = answer(fakes, "getRestorableWindow")

    span = {"begin": "2026-11-13T12:00:00Z", "end": "2026-11-20T12:00:00Z"}
    assert [span] == told["spans"]
    assert (span["begin"], span["end"]) == (told["earliest"], told["latest"])
    assert ["instance", "recovery_window"] == fakes.rds.calls


def test_no_window_is_an_answer(fakes: Fakes) -> None:
    fakes.rds.window = NoWindow.LOG_BACKUP_OFF

    assert answer(fakes, "getRestorableWindow")["reason"] == "log backups are disabled"


def test_window_of_sql_server_follows_from_its_full_sets_and_logs(fakes: Fakes) -> None:
    fakes.rds.alter("rm-source", **SQLSERVER)
    fakes.rds.logs = (Span(OLDER_SET.ended, OLDER_SET.ended + HOUR),)

    told = answer(fakes, "getRestorableWindow")

    assert told["spans"] == [
        {"begin": "2026-11-19T00:00:00Z", "end": "2026-11-19T01:00:00Z"},
        {"begin": "2026-11-20T00:00:00Z", "end": "2026-11-20T00:00:00Z"},
    ]
    asked = Span(OLDER_SET.ended, NOW + HOUR)
    assert ("log_backups", ("rm-source", asked)) in fakes.rds.asked


def test_logs_of_sql_server_are_not_asked_for_without_a_full_set(fakes: Fakes) -> None:
    fakes.rds.alter("rm-source", **SQLSERVER)
    fakes.rds.backups = (replace(NEWEST_SET, full=False),)

    told = answer(fakes, "getRestorableWindow")

    assert told["reason"] == "there is no backup to start from"
    assert fakes.rds.count("log_backups") == 0


@pytest.mark.parametrize(
    ("usable_only", "ids"), [(False, ["106", "105", "104", "103", "102"]), (True, ["103", "102"])]
)
def test_sets_are_listed_newest_first_and_unusable_ones_on_demand(
    fakes: Fakes, *, usable_only: bool, ids: list[str]
) -> None:
    told = answer(fakes, "getBackups", usable_only=usable_only)

    assert ids == [backup["backup_id"] for backup in told["backups"]]


@pytest.mark.parametrize(("before", "found"), [(None, "103"), ("2026-11-20T08:00:00+08:00", "102")])
def test_latest_backup_is_the_one_a_clone_restores(
    fakes: Fakes, before: str | None, found: str
) -> None:
    more = {"before": before} if before else {}

    told = answer(fakes, "getLatestBackup", **more)
    check = answer(fakes, "checkClone", restore_point={**BY_SET, **more})

    assert (found, True) == (told["backup_id"], told["is_usable"])
    assert found == check["backup_id"]


def test_no_latest_backup_where_no_set_is_usable_or_early_enough(fakes: Fakes) -> None:
    too_early = refusal(fakes, "getLatestBackup", before="2026-11-01T00:00:00Z")
    fakes.restart()
    fakes.rds.backups = ()
    none = refusal(fakes, "getLatestBackup")

    assert too_early == (
        "source_instance_id: rm-source has no usable backup set that ended before "
        "2026-11-01T00:00:00Z — remove before, or set before to a later time; the "
        "newest usable one is 103 of 2026-11-20T00:00:00Z "
        "(backup-latest)"
    )
    assert none == (
        "source_instance_id: rm-source has no usable backup set — create a backup of "
        "the source first (backup-latest)"
    )


def test_check_of_a_clone_tells_what_is_restored_and_its_price(fakes: Fakes) -> None:
    told = answer(fakes, "checkClone")

    assert told["can_be_cloned"]
    assert told["time"] == "2026-11-20T12:00:00Z"
    assert told["estimated_price"]["amount"] == 1.25
    assert [] == told["problems"]


def test_check_of_a_wrong_clone_tells_everything_and_does_not_fail(fakes: Fakes) -> None:
    fakes.rds.alter("rm-source", status="Stopped")

    told = answer(fakes, "checkClone", nonsense=1)

    assert not told["can_be_cloned"]
    assert ["source-running", "input-form"] == [problem["check"] for problem in told["problems"]]


def test_missing_permission_is_a_warning_as_in_preview(fakes: Fakes) -> None:
    fakes.rds.fail("instance", api_error(AccessDeniedError), times=9)

    told = answer(fakes, "checkClone")

    assert told["can_be_cloned"]
    assert {"may-look"} == {problem["check"] for problem in told["problems"]}


def test_price_is_told_for_a_refused_clone_too(fakes: Fakes) -> None:
    fakes.rds.alter("rm-source", status="Stopped")

    assert answer(fakes, "getClonePrice") == {"amount": 1.25, "currency": "CNY", "per": "hour"}


def test_serverless_has_no_price(fakes: Fakes) -> None:
    assert refusal(fakes, "getClonePrice", payment={"type": "Serverless"}) == (
        "payment.type: what a Serverless clone costs depends on its load — ask for "
        "PayAsYouGo or Subscription"
    )


def test_wrong_inputs_are_told_where_they_leave_no_price(fakes: Fakes) -> None:
    fakes.rds.fail("price", api_error(UnavailableError))

    told = refusal(fakes, "getClonePrice", capacity={"instance_class": "huge"})

    assert told.startswith("capacity.instance_class: huge is not available for MySQL 8.0")


@pytest.mark.parametrize(
    ("kind", "why"),
    [
        (AccessDeniedError, "rds:DescribePrice is not permitted"),
        (
            UnavailableError,
            "DescribePrice gave no usable answer: said the API (DescribePrice: Code)",
        ),
    ],
)
def test_price_that_is_not_told_has_a_reason(fakes: Fakes, kind: Any, why: str) -> None:
    fakes.rds.fail("price", api_error(kind, "DescribePrice"))

    assert refusal(fakes, "getClonePrice") == (
        f"the price is not known: {why} — allow what is missing, or run again later"
    )


def test_functions_of_one_program_ask_for_the_same_thing_once(fakes: Fakes) -> None:
    for name in ALL * 2:
        answer(fakes, name)

    assert fakes.rds.count("instance") == fakes.rds.count("recovery_window") == 1
    assert SOURCE.id == answer(fakes, "getBackups")["source_instance_id"]
