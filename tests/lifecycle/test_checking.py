from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pulumi_rdsclone.domain.backups import NoWindow
from pulumi_rdsclone.domain.checks import CHECKS
from pulumi_rdsclone.domain.errors import (
    AccessDeniedError,
    ApiError,
    ConflictError,
    UnavailableError,
)
from pulumi_rdsclone.domain.facts import Missing
from pulumi_rdsclone.domain.identity import CREATING, CloneMarks
from pulumi_rdsclone.domain.judging import Outcome
from pulumi_rdsclone.domain.ordering import hash_order
from pulumi_rdsclone.domain.problems import Problem, Severity
from pulumi_rdsclone.domain.unknown import UNKNOWN
from pulumi_rdsclone.lifecycle.checking import Checked, check
from tests.domain.samples import (
    FACTS,
    LEAVES,
    NOW,
    POLICY,
    SOURCE,
    ZONE_OFFERS,
    complete,
    read,
    values,
    with_value,
)
from tests.lifecycle.fakes import ADVICE, SQLSERVER, Fakes, api_error
from tests.support.rows import row

REQUIRED = [entry.id for entry in CHECKS if entry.required]
EXISTING = values(region="cn-hangzhou", clone_key="old-key")
"""The inputs of a clone that exists."""

MONTHLY = {"type": "Subscription", "period": "Month", "duration": 1}
BY_TIME, BY_SET = {"latest": "time"}, {"latest": "backup"}
LATE = f"{NOW + timedelta(hours=1):%Y-%m-%dT%H:%M:%SZ}"


def checked(fakes: Fakes, news: Mapping[str, Any], olds: dict[str, Any] | None = None) -> Checked:
    return check(news, olds or {}, new_key="new-key", regions=fakes.regions)


def told(result: Checked) -> list[tuple[str, str, str]]:
    """
    Return the findings: check, path and weight.
    """
    return [(p.check, p.path, str(p.severity)) for p in result.problems]


def trees(*, faults: bool) -> st.SearchStrategy[dict[str, Any]]:
    """
    Return inputs in which any value may be missing, unknown or, on demand, wrong.
    """

    def plant(leaves: dict[str, Any]) -> dict[str, Any]:
        tree: dict[str, Any] = {}
        for path, value in leaves.items():
            tree = with_value(tree, path, value)
        return tree

    wrong: list[object] = [[], {"x": 1}, "at: noon"] if faults else []
    return st.fixed_dictionaries(
        {},
        optional={
            path: st.sampled_from([*known, UNKNOWN, *wrong]) for path, known in LEAVES.items()
        },
    ).map(plant)


@settings(deadline=None)
@given(trees(faults=True), st.booleans())
def test_normalised_inputs_check_to_themselves(
    news: dict[str, Any],
    exists: bool,  # noqa: FBT001
) -> None:
    fakes = Fakes()
    olds = {"region": "cn-beijing", "clone_key": "old-key"} if exists else {}

    once = checked(fakes, news, olds)
    twice = checked(fakes, once.inputs, olds)

    assert once.inputs == twice.inputs


@settings(deadline=None)
@given(trees(faults=False), st.booleans())
def test_same_inputs_give_the_same_problems(news: dict[str, Any], exists: bool) -> None:  # noqa: FBT001
    olds = {"region": "cn-beijing", "clone_key": "old-key"} if exists else {}
    fakes = Fakes()

    first = checked(fakes, news, olds)

    assert first == checked(fakes, news, olds)
    assert first == checked(Fakes(), news, olds)


def test_well_formed_inputs_are_completed_by_region_and_key_alone(fakes: Fakes) -> None:
    result = checked(fakes, values())

    assert result.problems == ()
    assert result.inputs == values(region="cn-hangzhou", clone_key="new-key")


@pytest.mark.parametrize(
    "point",
    [
        row("the newest second", {"latest": "time"}),
        row("a second", {"time": "2026-11-20T04:00:00Z"}),
        row("the newest set", {"latest": "backup"}),
        row("a named set", {"backup_id": "103"}),
    ],
)
def test_every_check_of_a_healthy_source_passes(fakes: Fakes, point: dict[str, str]) -> None:
    report = checked(fakes, values(restore_point=point)).report

    assert report is not None
    skipped = {ADVICE: Outcome.SKIPPED}
    assert {**{entry.id: Outcome.PASSED for entry in CHECKS}, **skipped} == (
        report.judgement.outcomes
    )


def test_report_tells_facts_and_what_is_restored(fakes: Fakes) -> None:
    report = checked(fakes, values(restore_point={"latest": "backup"})).report

    assert report is not None
    assert report.spec.source_instance_id == "rm-source"
    assert report.spec.region == "cn-hangzhou"
    assert report.facts.price == FACTS.price
    assert report.facts.backup_sets == FACTS.backup_sets
    assert report.restore is not None
    assert report.restore.backup_id == "103"
    assert report.problems == ()


def test_report_holds_all_problems(fakes: Fakes) -> None:
    fakes.rds.alter("rm-source", status="Stopped")
    result = checked(fakes, values(zones=5, checks={"skip": ["source-runing"]}))

    assert result.report is not None
    assert result.report.problems == result.problems
    assert {"source-running", "input-form", "skip-known"} == {p.check for p in result.report.errors}


@pytest.mark.parametrize(
    ("news", "olds", "region"),
    [
        row("the configured one", {}, {}, "cn-hangzhou"),
        row("the one written", {"region": "cn-beijing"}, {}, "cn-beijing"),
        row("the one of the clone", {}, {"region": "cn-shanghai"}, "cn-shanghai"),
        row("a new one written", {"region": "cn-beijing"}, {"region": "cn-shanghai"}, "cn-beijing"),
    ],
)
def test_clone_stays_in_its_region(
    fakes: Fakes, news: dict[str, Any], olds: dict[str, Any], region: str
) -> None:
    assert region == checked(fakes, values(**news), olds).inputs["region"]


@pytest.mark.parametrize("olds", [{}, {"clone_key": "old-key"}], ids=["new", "old"])
def test_new_clone_without_a_region_is_refused(fakes: Fakes, olds: dict[str, Any]) -> None:
    fakes.regions.default_region = None

    result = checked(fakes, values(), olds)

    assert [] == fakes.rds.calls
    assert "region" not in result.inputs
    assert ([] if olds else ["region-known"]) == [p.check for p in result.problems]


def test_no_region_is_told_with_its_remedy(fakes: Fakes) -> None:
    fakes.regions.default_region = None

    (problem,) = checked(fakes, values()).problems

    assert str(problem) == (
        "region: no region is configured — set region, rdsclone:region in the "
        "stack's configuration, or ALIBABA_CLOUD_REGION_ID in the environment "
        "(region-known)"
    )


def test_checks_that_need_facts_wait_for_a_region(fakes: Fakes) -> None:
    fakes.regions.default_region = None

    result = checked(fakes, values(description="1"))

    assert result.report is not None
    outcomes = result.report.judgement.outcomes
    assert [p.check for p in result.problems] == ["region-known", "description-form"]
    assert outcomes["source-running"] is Outcome.DEFERRED
    assert outcomes["tags-count"] is Outcome.PASSED


@pytest.mark.parametrize(
    ("news", "olds", "key"),
    [
        row("a clone that is to be made", {}, {}, "new-key"),
        row("one that exists", {}, {"clone_key": "old-key"}, "old-key"),
        row("inputs checked before", {"clone_key": "kept"}, {}, "kept"),
    ],
)
def test_clone_keeps_the_key_it_was_ordered_with(
    fakes: Fakes, news: dict[str, Any], olds: dict[str, Any], key: str
) -> None:
    assert key == checked(fakes, values(**news), olds).inputs["clone_key"]


@pytest.mark.parametrize(
    ("written", "point"),
    [
        row("removed", {}, {"time": "2026-11-20T04:00:00Z"}),
        row("changed", {"restore_point": BY_TIME}, BY_TIME),
    ],
)
def test_restore_point_counts_as_it_was_written_last(
    fakes: Fakes, written: dict[str, Any], point: dict[str, str]
) -> None:
    olds = values(restore_point={"time": "2026-11-20T04:00:00Z"}, clone_key="old-key")

    result = checked(fakes, {"source_instance_id": "rm-source", **written}, olds)

    assert result.problems == ()
    assert point == result.inputs["restore_point"]


def test_clone_that_exists_needs_no_source(fakes: Fakes) -> None:
    fakes.rds.remove("rm-source")

    result = checked(fakes, values(), EXISTING)

    assert [] == fakes.rds.calls
    assert [] == fakes.regions.asked
    assert result.problems == ()
    assert result.report is None


@pytest.mark.parametrize(
    "news",
    [
        row("a subscription", {"payment": MONTHLY}),
        row("a set that is long gone", {"restore_point": {"backup_id": "gone"}}),
        row("nothing may stay unverified", {"checks": {"on_unverifiable": "fail"}}),
    ],
)
def test_clone_that_exists_gets_no_advice(fakes: Fakes, news: dict[str, Any]) -> None:
    result = checked(fakes, values(**news), values(**news, clone_key="old-key"))

    assert result.problems == ()
    assert [] == fakes.rds.calls


def test_advice_is_given_before_the_order(fakes: Fakes) -> None:
    fakes.rds.tasks_running = ("BackupDBInstance",)

    result = checked(fakes, values(payment=MONTHLY))

    assert told(result) == [
        ("source-idle", "source_instance_id", "warning"),
        ("subscription-release", "payment.type", "warning"),
    ]


@pytest.mark.parametrize(
    ("news", "checks"),
    [
        row("a rule", {"description": "1"}, ["description-form"]),
        row("a wrong type", {"zones": 5}, ["input-form"]),
        row("a wrong name", {"descripton": "x"}, ["input-form"]),
        row(
            "two restore points",
            {"restore_point": {"latest": "time", "backup_id": "103"}},
            ["restore-point-form"],
        ),
        row("terms", {"payment": {"duration": 1}}, ["term-without-subscription"]),
        row("a skip", {"checks": {"skip": ["taags"]}}, ["skip-known"]),
    ],
)
def test_form_of_existing_clone_is_judged(
    fakes: Fakes, news: dict[str, Any], checks: list[str]
) -> None:
    result = checked(fakes, values(**news), EXISTING)

    assert checks == [p.check for p in result.problems]
    assert [] == fakes.rds.calls


def test_skips_count_for_an_existing_clone(fakes: Fakes) -> None:
    news = values(description="1", checks={"skip": ["description-form"]})

    assert checked(fakes, news, EXISTING).problems == ()


# Skipping


NO_CHECK = "there is no check '{}'"
RUNNING, UNLOCKED, LOGGED = "source-running", "source-unlocked", "log-backup-on"


@pytest.mark.parametrize(
    ("declared", "configured", "left"),
    [
        row("nothing", [], (), {RUNNING, UNLOCKED, LOGGED}),
        row("one", [RUNNING], (), {UNLOCKED, LOGGED}),
        row("a stack", [], (RUNNING,), {UNLOCKED, LOGGED}),
        row("both, one twice", [RUNNING, LOGGED], (UNLOCKED, RUNNING), set()),
        row("one that is not known yet", [RUNNING, UNKNOWN], (), {UNLOCKED, LOGGED}),
        row("a list that is not known yet", UNKNOWN, (RUNNING,), {UNLOCKED, LOGGED}),
    ],
)
def test_unwanted_checks_are_not_made(
    declared: object, configured: tuple[str, ...], left: set[str]
) -> None:
    fakes = Fakes(skip_checks=configured)
    fakes.rds.alter("rm-source", status="Stopped", lock_mode="ManualLock")
    fakes.rds.policy = replace(POLICY, log=False)

    result = checked(fakes, values(checks={"skip": declared}))

    assert left == {p.check for p in result.problems}
    assert result.report is not None
    skipped = {RUNNING, UNLOCKED, LOGGED, ADVICE} - left
    outcomes = result.report.judgement.outcomes
    assert skipped == {name for name in outcomes if outcomes[name] is Outcome.SKIPPED}


def test_all_checks_are_made_while_their_settings_are_unknown(fakes: Fakes) -> None:
    fakes.rds.alter("rm-source", status="Stopped")

    result = checked(fakes, values(checks=UNKNOWN))

    assert ["source-running"] == [p.check for p in result.problems]


@pytest.mark.parametrize(
    ("wrong", "what", "remedy"),
    [
        row("a slip", "source-runing", NO_CHECK, "did you mean source-running?"),
        row("may", "maylook", NO_CHECK, "did you mean may-look?"),
        row("an invention", "everything", NO_CHECK, "see docs/checks.md"),
        *(
            row(name, name, "the check {} cannot be skipped", "remove it from checks.skip")
            for name in REQUIRED
        ),
    ],
)
@pytest.mark.parametrize("olds", [{}, EXISTING], ids=["new", "old"])
def test_wrong_skip_is_told_where_it_stands(
    wrong: str, what: str, remedy: str, olds: dict[str, Any]
) -> None:
    by_clone = checked(Fakes(), values(checks={"skip": [wrong]}), olds)
    by_stack = checked(Fakes(skip_checks=(wrong,)), values(), olds)

    for result, path in ((by_clone, "checks.skip"), (by_stack, "rdsclone:skipChecks")):
        assert result.problems == (
            Problem(check="skip-known", path=path, what=what.format(wrong), remedy=remedy),
        )


def test_required_checks_are_known() -> None:
    """
    Without a region, a source and a restore point there is nothing to order.
    """
    assert {"region-known", "source-exists", "restore-point-form"} == set(REQUIRED)


def test_required_check_is_made_although_it_is_skipped(fakes: Fakes) -> None:
    fakes.rds.remove("rm-source")

    result = checked(fakes, values(checks={"skip": ["source-exists"]}))

    assert {"source-exists", "skip-known"} == {p.check for p in result.problems}


# Asking


@pytest.mark.parametrize("path", ["region", "source_instance_id"])
def test_nothing_is_asked_while_region_or_source_is_unknown(fakes: Fakes, path: str) -> None:
    result = checked(fakes, values(**{path: UNKNOWN}))

    assert [] == fakes.rds.calls
    assert result.problems == ()
    assert result.inputs[path] is UNKNOWN


def test_all_problems_come_together_in_the_order_of_the_inputs(fakes: Fakes) -> None:
    fakes.rds.alter("rm-source", status="Stopped", lock_mode="ManualLock")

    result = checked(
        fakes,
        values(
            restore_point={"backup_id": "999", "before": "at noon"},
            zones=5,
            payment={"duration": 1},
            descripton="staging",
        ),
    )

    assert [
        ("source-running", "source_instance_id"),
        ("source-unlocked", "source_instance_id"),
        ("input-form", "restore_point.before"),
        ("backup-exists", "restore_point.backup_id"),
        ("input-form", "zones"),
        ("term-without-subscription", "payment"),
        ("input-form", "descripton"),
    ] == [(problem.check, problem.path) for problem in result.problems]


def test_missing_source_is_the_one_problem(fakes: Fakes) -> None:
    fakes.rds.remove("rm-source")

    result = checked(fakes, values())

    (problem,) = result.problems
    assert str(problem) == (
        "source_instance_id: there is no instance rm-source in cn-hangzhou — correct "
        "the id, the region or the credentials (source-exists)"
    )
    assert problem.severity is Severity.ERROR
    assert set(fakes.rds.calls) <= {"instance", "backup_policy", "tasks"}


@pytest.mark.parametrize(
    ("read", "latest", "path", "why", "checks"),
    [
        row(
            "source",
            "instance",
            "time",
            "source_instance_id",
            "rds:DescribeThis",
            {"source-exists", "source-running", "vswitch-room", "time-in-window"},
        ),
        row(
            "sets",
            "backup_sets",
            "backup",
            "restore_point.backup_id",
            "rds:DescribeThis",
            {"backup-exists", "backup-usable", "backup-latest", "backup-fresh"},
        ),
        row(
            "window",
            "recovery_window",
            "time",
            "restore_point",
            "rds:DescribeThis",
            {"window-known", "time-in-window"},
        ),
        row(
            "vSwitches",
            "vswitches",
            "time",
            "network.vpc_id",
            "vpc:DescribeVSwitches",
            {"vpc-known", "vswitch-exists", "vswitch-room", "address-free"},
        ),
    ],
)
@pytest.mark.parametrize(
    ("mode", "severity"),
    [row("warn", "warn", Severity.WARNING), row("fail", "fail", Severity.ERROR)],
)
def test_denied_read_names_its_action_and_refuses_on_demand(  # noqa: PLR0913, PLR0917 - two tables
    fakes: Fakes,
    read: str,
    latest: str,
    path: str,
    why: str,
    checks: set[str],
    mode: str,
    severity: Severity,
) -> None:
    fakes.rds.fail(read, api_error(AccessDeniedError, why.partition(":")[2]))

    news = values(restore_point={"latest": latest}, checks={"on_unverifiable": mode})
    result = checked(fakes, news)

    (problem,) = result.problems
    assert (problem.check, problem.path) == ("may-look", path)
    assert problem.severity is severity
    what, _, open_checks = problem.what.rpartition(": ")
    assert what == f"{why} is not permitted, so this was not verified"
    assert checks <= set(open_checks.split(", "))
    assert problem.remedy == "allow this RAM action to have it checked in preview"
    assert result.report is not None
    assert set(open_checks.split(", ")) == {
        name
        for name, outcome in result.report.judgement.outcomes.items()
        if outcome is Outcome.UNVERIFIED
    }


@pytest.mark.parametrize(
    ("call", "mode", "skip"),
    [
        row("its warning is skipped", "vswitches", "warn", "may-look"),
        row("its error is skipped", "vswitches", "fail", "may-look"),
        row("its check is skipped", "tasks", "fail", "source-idle"),
    ],
)
def test_unverified_may_be_skipped(fakes: Fakes, call: str, mode: str, skip: str) -> None:
    fakes.rds.fail(call, api_error(AccessDeniedError))
    checks = {"on_unverifiable": mode, "skip": [skip]}

    assert checked(fakes, values(checks=checks)).problems == ()


@pytest.mark.parametrize(
    ("kind", "why"),
    [
        row("denied", AccessDeniedError, "rds:DescribePrice is not permitted"),
        row(
            "no answer",
            UnavailableError,
            "DescribePrice gave no usable answer: said the API (DescribePrice: Code)",
        ),
    ],
)
def test_report_says_why_there_is_no_price(fakes: Fakes, kind: type[ApiError], why: str) -> None:
    fakes.rds.fail("price", api_error(kind, "DescribePrice"))

    result = checked(fakes, values())

    assert result.report is not None
    assert f" · price not known: {why} · " in result.report.line()


def test_price_is_not_mentioned_where_the_source_is_unknown(fakes: Fakes) -> None:
    fakes.rds.fail("instance", api_error(AccessDeniedError))

    result = checked(fakes, values())

    assert result.report is not None
    assert "price" not in result.report.line()


def test_report_of_an_adopted_clone_tells_what_was_restored_at_its_order(fakes: Fakes) -> None:
    inputs = values(region="cn-hangzhou")
    marks = CloneMarks(
        key="new-key",
        spec_hash=hash_order(read(inputs)),
        stack="shop/dev",
        restored="rm-source/time/2026-11-19T01:00:00Z",
    )
    fakes.rds.plant(replace(SOURCE, id="rm-own"), marks.tags(CREATING))

    report = check(inputs, {}, new_key="new-key", regions=fakes.regions, stack="shop/dev").report

    assert report is not None
    assert "rm-own, which an interrupted run ordered" in str(report.problems[-1])
    assert "as of 2026-11-19T01:00:00Z, 1d 11h ago" in report.line()
    assert "restorable" not in report.line()
    assert report.tree()["time"] == "2026-11-19T01:00:00Z"


@pytest.mark.parametrize(
    ("mode", "severity"), [("warn", Severity.WARNING), ("fail", Severity.ERROR)]
)
def test_denied_search_for_the_own_clone_tells_what_up_will_do(
    fakes: Fakes, mode: str, severity: Severity
) -> None:
    denied = api_error(AccessDeniedError, "DescribeDBInstances")
    fakes.rds.fail("list_clones", denied)

    news = values(checks={"on_unverifiable": mode})
    (problem,) = check(news, {}, new_key="key", regions=fakes.regions, stack="shop/dev").problems

    assert severity is problem.severity
    assert str(problem) == (
        "adopt: rds:DescribeDBInstances is not permitted, so it is not known whether "
        "an earlier run has ordered this clone, and pulumi up will not order a clone "
        "— allow this RAM action for the caller of pulumi up (own-clone)"
    )


def test_price_that_may_not_be_seen_needs_no_verification(fakes: Fakes) -> None:
    fakes.rds.fail("price", api_error(ApiError, "DescribePrice"))

    result = checked(fakes, values(checks={"on_unverifiable": "fail"}))

    assert result.problems == ()
    assert result.report is not None
    assert result.report.facts.price is Missing.UNVERIFIED


def test_each_reason_is_told_once(fakes: Fakes) -> None:
    fakes.rds.fail("tasks", api_error(AccessDeniedError, "DescribeTasks"))
    fakes.rds.fail("zone_offers", api_error(UnavailableError, "DescribeZones"))
    fakes.rds.fail("class_offers", api_error(UnavailableError, "DescribeZones"))

    result = checked(fakes, values())

    assert [problem.what.partition(",")[0] for problem in result.problems] == [
        "rds:DescribeTasks is not permitted",
        "DescribeZones gave no usable answer: said the API (DescribeZones: Code)",
    ]


def test_slow_read_is_a_warning() -> None:
    fakes = Fakes(read_timeout=timedelta(milliseconds=50))
    gate = fakes.rds.hold("tasks")

    result = checked(fakes, values())

    gate.set()
    (problem,) = result.problems
    assert str(problem) == (
        "source_instance_id: no answer came within 0.05s, so this was not verified: "
        "source-idle — run again later (may-look)"
    )
    assert problem.severity is Severity.WARNING


def test_read_that_the_state_forbids_is_a_warning(fakes: Fakes) -> None:
    fakes.rds.alter("rm-source", status="Rebooting")
    fakes.rds.fail("backup_sets", api_error(ConflictError, "DescribeBackups"))

    result = checked(fakes, values(restore_point={"latest": "backup"}))

    assert [("source-running", "error"), ("may-look", "warning")] == [
        (problem.check, str(problem.severity)) for problem in result.problems
    ]


def test_source_that_gives_no_answer_fails_the_check(fakes: Fakes) -> None:
    fakes.rds.fail("instance", api_error(UnavailableError))

    with pytest.raises(UnavailableError):
        checked(fakes, values())


@pytest.mark.parametrize(
    ("point", "changes", "checks"),
    [
        row("a time outside of the window", {"time": LATE}, {}, ["time-in-window"]),
        row("no window", {"time": LATE}, {"window": NoWindow.LOG_BACKUP_OFF}, ["window-known"]),
        row(
            "no window, and the policy says why",
            BY_TIME,
            {"window": NoWindow.LOG_BACKUP_OFF, "policy": replace(POLICY, log=False)},
            ["log-backup-on"],
        ),
        row("no data backup", BY_SET, {"policy": replace(POLICY, data=False)}, ["data-backup-on"]),
        row("no set", BY_SET, {"backups": ()}, ["backup-latest"]),
        row("a task", BY_TIME, {"tasks_running": ("x",)}, ["source-idle"]),
        row("nothing for sale", BY_TIME, {"zones_sell": ZONE_OFFERS[:0]}, ["edition-sold"]),
        row("no class", BY_TIME, {"classes_sold": ()}, ["class-sold"]),
        row("a set that is not there", {"backup_id": "999"}, {}, ["backup-exists"]),
    ],
)
def test_each_fact_is_judged_by_its_rules(
    fakes: Fakes, point: dict[str, str], changes: dict[str, Any], checks: list[str]
) -> None:
    for name, value in changes.items():
        setattr(fakes.rds, name, value)

    result = checked(fakes, values(restore_point=point))

    assert checks == [p.check for p in result.problems]


def test_sql_server_is_judged_by_imports_and_logs(fakes: Fakes) -> None:
    fakes.rds.alter("rm-source", **SQLSERVER)
    fakes.rds.imports = ("shop",)
    fakes.rds.logs = ()

    result = checked(fakes, values(restore_point={"time": "2026-11-20T04:00:00Z"}))

    assert told(result) == [
        ("source-imported", "source_instance_id", "error"),
        ("time-in-window", "restore_point.time", "error"),
    ]


def test_check_changes_neither_new_nor_old_inputs(fakes: Fakes) -> None:
    news, olds = {"source_instance_id": "rm-source"}, complete()

    checked(fakes, news, olds)

    assert news == {"source_instance_id": "rm-source"}
    assert complete() == olds
