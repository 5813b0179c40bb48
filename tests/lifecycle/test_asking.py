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
from pulumi_rdsclone.lifecycle.asking import FUNCTIONS
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
    """
    Ask the function *name*.
    """
    return dict(FUNCTIONS[name].answer(arguments(name, **more), fakes.regions))


def refusal(fakes: Fakes, name: str, **more: Any) -> str:
    """
    Return the words with which the function *name* does not answer.
    """
    with pytest.raises(CloneError) as refused:
        answer(fakes, name, **more)
    return str(refused.value)


@pytest.mark.parametrize("name", ALL)
def test_answer_is_as_described(fakes: Fakes, name: str) -> None:
    """
    Every function tells what its result describes, and asks without changing.
    """
    function = FUNCTIONS[name]

    told = answer(fakes, name)

    assert [field.name for field in fields_of(function.result)] == list(told)
    assert function.doc.endswith(".")
    assert [] == fakes.rds.writes


def test_parts_have_names_of_their_own() -> None:
    """
    No two groups share a name: it names their type.
    """
    groups = {
        group
        for function in FUNCTIONS.values()
        for part in (function.arguments, function.result)
        for _, group in groups_of(part)
    }

    assert len(groups) == len({group.__name__ for group in groups})


@pytest.mark.parametrize("name", ALL)
def test_region_is_the_default(fakes: Fakes, name: str) -> None:
    """
    The region is the one given, else the configured one.
    """
    answer(fakes, name)
    configured = fakes.regions.asked[-1]
    answer(fakes, name, region="cn-beijing")

    assert ("cn-hangzhou", "cn-beijing") == (configured, fakes.regions.asked[-1])


@pytest.mark.parametrize("name", ALL)
def test_question_without_a_region_is_refused(fakes: Fakes, name: str) -> None:
    """
    Without any region there is nobody to ask.
    """
    fakes.regions.default_region = None

    with pytest.raises(ConfigurationError, match="no region is configured — set"):
        answer(fakes, name)


@pytest.mark.parametrize("name", [*OF_A_SOURCE, "getClonePrice"])
def test_wrong_arguments_are_told_before_any_call(fakes: Fakes, name: str) -> None:
    """
    Wrong arguments are told at once, each with what was meant, before any call.
    """
    told = refusal(fakes, name, sourceInstanceId="rm-1", region=7)

    assert told.splitlines() == [
        "region: must be a string — correct the value (input-form)",
        ("sourceInstanceId: no such property — did you mean source_instance_id? (input-form)"),
    ]
    assert [] == fakes.rds.calls


@pytest.mark.parametrize("name", ALL)
def test_unknown_arguments_cannot_be_asked_about(fakes: Fakes, name: str) -> None:
    """
    What is not known yet cannot be asked about.
    """
    assert refusal(fakes, name, source_instance_id=UNKNOWN) == (
        "source_instance_id: not known yet — ask when it is known (input-form)"
    )


@pytest.mark.parametrize("name", OF_A_SOURCE)
def test_missing_source_is_told_as_checks_tell_it(fakes: Fakes, name: str) -> None:
    """
    A source that does not exist is told as the checks tell it.
    """
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
    """
    What the cloud does not answer is raised as it is.
    """
    fakes.rds.fail(call, api_error(UnavailableError), times=9)

    assert refusal(fakes, name) == "said the API (AnyAction: Code)"


@pytest.mark.parametrize("name", ALL)
def test_answer_that_is_late_is_not_guessed(name: str) -> None:
    """
    Whoever gets no answer in time is not told something unseen.
    """
    fakes = Fakes(read_timeout=timedelta(seconds=0.01))
    gate = fakes.rds.hold("instance")

    with pytest.raises(ReadTimedOutError, match="check the network and the endpoint, if"):
        answer(fakes, name)
    gate.set()


def test_window_is_the_one_that_the_cloud_tells(fakes: Fakes) -> None:
    """
    The window is the one that the cloud tells.
    """
    told = answer(fakes, "getRestorableWindow")

    span = {"begin": "2026-11-13T12:00:00Z", "end": "2026-11-20T12:00:00Z"}
    assert [span] == told["spans"]
    assert (span["begin"], span["end"]) == (told["earliest"], told["latest"])
    assert ["instance", "recovery_window"] == fakes.rds.calls


def test_no_window_is_an_answer(fakes: Fakes) -> None:
    """
    No window is an answer.
    """
    fakes.rds.window = NoWindow.LOG_BACKUP_OFF

    assert answer(fakes, "getRestorableWindow")["reason"] == "log backups are disabled"


def test_window_of_sql_server(fakes: Fakes) -> None:
    """
    The window of SQL Server follows from its full sets and all logs since the first.
    """
    fakes.rds.alter("rm-source", **SQLSERVER)
    fakes.rds.logs = (Span(OLDER_SET.ended, OLDER_SET.ended + HOUR),)

    told = answer(fakes, "getRestorableWindow")

    assert told["spans"] == [
        {"begin": "2026-11-19T00:00:00Z", "end": "2026-11-19T01:00:00Z"},
        {"begin": "2026-11-20T00:00:00Z", "end": "2026-11-20T00:00:00Z"},
    ]
    asked = Span(OLDER_SET.ended, NOW + HOUR)
    assert ("log_backups", ("rm-source", asked)) in fakes.rds.asked


def test_window_of_sql_server_without_a_set(fakes: Fakes) -> None:
    """
    Where SQL Server has no full set, logs are not asked for.
    """
    fakes.rds.alter("rm-source", **SQLSERVER)
    fakes.rds.backups = (replace(NEWEST_SET, full=False),)

    told = answer(fakes, "getRestorableWindow")

    assert told["reason"] == "there is no backup to start from"
    assert fakes.rds.count("log_backups") == 0


@pytest.mark.parametrize(
    ("usable_only", "ids"), [(False, ["106", "105", "104", "103", "102"]), (True, ["103", "102"])]
)
def test_sets_are_listed_from_the_newest_on(
    fakes: Fakes, *, usable_only: bool, ids: list[str]
) -> None:
    """
    The sets are listed from the newest on, the unusable ones on demand.
    """
    told = answer(fakes, "getBackups", usable_only=usable_only)

    assert ids == [backup["backup_id"] for backup in told["backups"]]


@pytest.mark.parametrize(("before", "found"), [(None, "103"), ("2026-11-20T08:00:00+08:00", "102")])
def test_latest_backup_is_the_one_a_clone_restores(
    fakes: Fakes, before: str | None, found: str
) -> None:
    """
    The newest usable set is the one that a clone of the latest backup restores.
    """
    more = {"before": before} if before else {}

    told = answer(fakes, "getLatestBackup", **more)
    check = answer(fakes, "checkClone", restore_point={**BY_SET, **more})

    assert (found, True) == (told["backup_id"], told["is_usable"])
    assert found == check["backup_id"]


def test_no_latest_backup(fakes: Fakes) -> None:
    """
    Where no set is usable, or none early enough, there is no answer.
    """
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


def test_clone_that_can_be_made(fakes: Fakes) -> None:
    """
    The report tells what would be restored, at what price.
    """
    told = answer(fakes, "checkClone")

    assert told["can_be_cloned"]
    assert told["time"] == "2026-11-20T12:00:00Z"
    assert told["estimated_price"]["amount"] == 1.25
    assert [] == told["problems"]


def test_clone_that_cannot_be_made(fakes: Fakes) -> None:
    """
    Whatever is wrong with inputs or source is told at once, and nothing fails.
    """
    fakes.rds.alter("rm-source", status="Stopped")

    told = answer(fakes, "checkClone", nonsense=1)

    assert not told["can_be_cloned"]
    assert ["source-running", "input-form"] == [problem["check"] for problem in told["problems"]]


def test_clone_of_a_source_that_may_not_be_seen(fakes: Fakes) -> None:
    """
    A missing permission is a warning, as in preview.
    """
    fakes.rds.fail("instance", api_error(AccessDeniedError), times=9)

    told = answer(fakes, "checkClone")

    assert told["can_be_cloned"]
    assert {"may-look"} == {problem["check"] for problem in told["problems"]}


def test_price_is_told_for_a_refused_clone_too(fakes: Fakes) -> None:
    """
    The price is told, whether or not the clone would be accepted.
    """
    fakes.rds.alter("rm-source", status="Stopped")

    assert answer(fakes, "getClonePrice") == {"amount": 1.25, "currency": "CNY", "per": "hour"}


def test_price_of_serverless(fakes: Fakes) -> None:
    """
    What depends on the load has no price.
    """
    assert refusal(fakes, "getClonePrice", payment={"type": "Serverless"}) == (
        "payment.type: what a Serverless clone costs depends on its load — ask for "
        "PayAsYouGo or Subscription"
    )


def test_price_of_what_is_not_sold(fakes: Fakes) -> None:
    """
    Where there is no price because of the inputs, their faults are told.
    """
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
    """
    Where the cloud does not tell the price, the reason is told.
    """
    fakes.rds.fail("price", api_error(kind, "DescribePrice"))

    assert refusal(fakes, "getClonePrice") == (
        f"the price is not known: {why} — allow what is missing, or run again later"
    )


def test_what_was_learnt_is_shared(fakes: Fakes) -> None:
    """
    Functions of one program ask for the same thing once.
    """
    for name in ALL * 2:
        answer(fakes, name)

    assert fakes.rds.count("instance") == fakes.rds.count("recovery_window") == 1
    assert SOURCE.id == answer(fakes, "getBackups")["source_instance_id"]
