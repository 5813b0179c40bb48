from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pulumi_rdsclone.domain.backups import NoWindow
from pulumi_rdsclone.domain.checking import Outcome
from pulumi_rdsclone.domain.checks import CHECKS
from pulumi_rdsclone.domain.errors import (
    AccessDeniedError,
    ApiError,
    ConflictError,
    UnavailableError,
)
from pulumi_rdsclone.domain.facts import Missing
from pulumi_rdsclone.domain.identity import CREATING, CloneMarks
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

LATE = f"{NOW + timedelta(hours=1):%Y-%m-%dT%H:%M:%SZ}"


def checked(fakes: Fakes, news: Mapping[str, Any], olds: dict[str, Any] | None = None) -> Checked:
    """
    Check *news*.
    """
    return check(news, olds or {}, "new-key", fakes.regions)


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
    """
    The normalised inputs, checked again, give themselves, whatever was wrong.
    """
    fakes = Fakes()
    olds = {"region": "cn-beijing", "clone_key": "old-key"} if exists else {}

    once = checked(fakes, news, olds)
    twice = checked(fakes, once.inputs, olds)

    assert once.inputs == twice.inputs


@settings(deadline=None)
@given(trees(faults=False), st.booleans())
def test_same_inputs_give_the_same_problems(news: dict[str, Any], exists: bool) -> None:  # noqa: FBT001
    """
    The same inputs give the same inputs and problems, asked again or of a new process.
    """
    olds = {"region": "cn-beijing", "clone_key": "old-key"} if exists else {}
    fakes = Fakes()

    first = checked(fakes, news, olds)

    assert first == checked(fakes, news, olds)
    assert first == checked(Fakes(), news, olds)


def test_well_formed_inputs(fakes: Fakes) -> None:
    """
    Inputs without a fault pass, completed by region and clone key alone.
    """
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
def test_every_check_of_a_healthy_source_is_made(fakes: Fakes, point: dict[str, str]) -> None:
    """
    Nothing is left open where everything is known, and everything passes.
    """
    report = checked(fakes, values(restore_point=point)).report

    assert report is not None
    skipped = {ADVICE: Outcome.SKIPPED}
    assert {**{entry.id: Outcome.PASSED for entry in CHECKS}, **skipped} == (
        report.judgement.outcomes
    )


def test_report_is_told_with_the_problems(fakes: Fakes) -> None:
    """
    What preview found is told with the problems: facts, outcomes, what is restored.
    """
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
    """
    The report and the answer tell the same, faults of form included.
    """
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
    """
    A clone stays in its region when another one is configured later.
    """
    assert region == checked(fakes, values(**news), olds).inputs["region"]


@pytest.mark.parametrize("olds", [{}, {"clone_key": "old-key"}], ids=["new", "old"])
def test_new_clone_without_a_region_is_refused(fakes: Fakes, olds: dict[str, Any]) -> None:
    """
    Without any region nothing is asked, and a new clone is refused.
    """
    fakes.regions.default_region = None

    result = checked(fakes, values(), olds)

    assert [] == fakes.rds.calls
    assert "region" not in result.inputs
    assert ([] if olds else ["region-known"]) == [p.check for p in result.problems]


def test_no_region_is_told_with_its_remedy(fakes: Fakes) -> None:
    """
    Who configured no region is told the three places for one, once.
    """
    fakes.regions.default_region = None

    (problem,) = checked(fakes, values()).problems

    assert str(problem) == (
        "region: no region is configured — set region, rdsclone:region in the "
        "stack's configuration, or ALIBABA_CLOUD_REGION_ID in the environment "
        "(region-known)"
    )


def test_checks_without_a_region_wait(fakes: Fakes) -> None:
    """
    Where nobody can be asked, what needs facts waits and the rest is judged.
    """
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
    """
    A clone keeps the key it was ordered with.
    """
    assert key == checked(fakes, values(**news), olds).inputs["clone_key"]


def test_removed_restore_point_is_kept(fakes: Fakes) -> None:
    """
    A restore point that is no longer written stays what it was.
    """
    point = {"time": "2026-11-20T04:00:00Z"}
    olds = values(restore_point=point, clone_key="old-key")

    result = checked(fakes, {"source_instance_id": "rm-source"}, olds)

    assert result.problems == ()
    assert point == result.inputs["restore_point"]


def test_changed_restore_point_counts(fakes: Fakes) -> None:
    """
    A restore point that is written counts, whatever it was before.
    """
    olds = values(restore_point={"time": "2026-11-20T04:00:00Z"}, clone_key="old-key")

    result = checked(fakes, values(), olds)

    assert result.inputs["restore_point"] == {"latest": "time"}


def test_clone_that_exists_needs_no_source(fakes: Fakes) -> None:
    """
    The source of a clone that exists is not asked about: it may be long gone.
    """
    fakes.rds.remove("rm-source")

    result = checked(fakes, values(), EXISTING)

    assert [] == fakes.rds.calls
    assert [] == fakes.regions.asked
    assert result.problems == ()
    assert result.report is None


@pytest.mark.parametrize(
    "news",
    [
        row(
            "a subscription",
            {"payment": {"type": "Subscription", "period": "Month", "duration": 1}},
        ),
        row("a set that is long gone", {"restore_point": {"backup_id": "gone"}}),
        row("nothing may stay unverified", {"checks": {"on_unverifiable": "fail"}}),
    ],
)
def test_clone_that_exists_gets_no_advice(fakes: Fakes, news: dict[str, Any]) -> None:
    """
    What was to be thought of when the clone was ordered is not said again.
    """
    result = checked(fakes, values(**news), values(**news, clone_key="old-key"))

    assert result.problems == ()
    assert [] == fakes.rds.calls


def test_advice_is_given_before_the_order(fakes: Fakes) -> None:
    """
    A clone that is to be made gets the advice that one that exists does not.
    """
    fakes.rds.tasks_running = ("BackupDBInstance",)
    payment = {"type": "Subscription", "period": "Month", "duration": 1}

    result = checked(fakes, values(payment=payment))

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
    """
    What needs no source is judged for a clone that exists, too.
    """
    result = checked(fakes, values(**news), EXISTING)

    assert checks == [p.check for p in result.problems]
    assert [] == fakes.rds.calls


def test_skips_count_for_an_existing_clone(fakes: Fakes) -> None:
    """
    What is skipped is skipped for a clone that exists as well.
    """
    news = values(description="1", checks={"skip": ["description-form"]})

    assert checked(fakes, news, EXISTING).problems == ()


# Skipping


@pytest.mark.parametrize(
    ("declared", "configured", "left"),
    [
        row("nothing", [], (), {"source-running", "source-unlocked", "log-backup-on"}),
        row("one", ["source-running"], (), {"source-unlocked", "log-backup-on"}),
        row("a stack", [], ("source-running",), {"source-unlocked", "log-backup-on"}),
        row(
            "both, one twice",
            ["source-running", "log-backup-on"],
            ("source-unlocked", "source-running"),
            set(),
        ),
        row(
            "one that is not known yet",
            ["source-running", UNKNOWN],
            (),
            {"source-unlocked", "log-backup-on"},
        ),
        row(
            "a list that is not known yet",
            UNKNOWN,
            ("source-running",),
            {"source-unlocked", "log-backup-on"},
        ),
    ],
)
def test_unwanted_checks_are_not_made(
    declared: object, configured: tuple[str, ...], left: set[str]
) -> None:
    """
    Checks that the clone or its stack does not want are not made; all others are.
    """
    fakes = Fakes(skip_checks=configured)
    fakes.rds.alter("rm-source", status="Stopped", lock_mode="ManualLock")
    fakes.rds.policy = replace(POLICY, log=False)

    result = checked(fakes, values(checks={"skip": declared}))

    assert left == {p.check for p in result.problems}
    assert result.report is not None
    all_skipped = {"source-running", "source-unlocked", "log-backup-on", ADVICE}
    skipped = all_skipped - left
    outcomes = result.report.judgement.outcomes
    assert skipped == {name for name in outcomes if outcomes[name] is Outcome.SKIPPED}


def test_unknown_checks_are_skipped_when_they_are_known(fakes: Fakes) -> None:
    """
    The whole group of check settings may be unknown; all checks are made then.
    """
    fakes.rds.alter("rm-source", status="Stopped")

    result = checked(fakes, values(checks=UNKNOWN))

    assert ["source-running"] == [p.check for p in result.problems]


@pytest.mark.parametrize(
    ("wrong", "what", "remedy"),
    [
        row(
            "a slip",
            "source-runing",
            "there is no check 'source-runing'",
            "did you mean source-running?",
        ),
        row("may", "maylook", "there is no check 'maylook'", "did you mean may-look?"),
        row("an invention", "everything", "there is no check 'everything'", "see docs/checks.md"),
        *(
            row(name, name, f"the check {name} cannot be skipped", "remove it from checks.skip")
            for name in REQUIRED
        ),
    ],
)
@pytest.mark.parametrize("olds", [{}, EXISTING], ids=["new", "old"])
def test_wrong_skip_is_told_where_it_stands(
    wrong: str, what: str, remedy: str, olds: dict[str, Any]
) -> None:
    """
    Who skips what cannot be skipped is told at the place where it stands.
    """
    by_clone = checked(Fakes(), values(checks={"skip": [wrong]}), olds)
    by_stack = checked(Fakes(skip_checks=(wrong,)), values(), olds)

    for result, path in ((by_clone, "checks.skip"), (by_stack, "rdsclone:skipChecks")):
        assert result.problems == (
            Problem(check="skip-known", path=path, what=what, remedy=remedy),
        )


def test_required_checks_are_known() -> None:
    """
    Without a region, a source and a restore point there is nothing to order.
    """
    assert {"region-known", "source-exists", "restore-point-form"} == set(REQUIRED)


def test_required_check_is_made_all_the_same(fakes: Fakes) -> None:
    """
    A required check refuses although it is skipped.
    """
    fakes.rds.remove("rm-source")

    result = checked(fakes, values(checks={"skip": ["source-exists"]}))

    assert {"source-exists", "skip-known"} == {p.check for p in result.problems}


# Asking


@pytest.mark.parametrize("path", ["region", "source_instance_id"])
def test_unknown_place_is_not_asked(fakes: Fakes, path: str) -> None:
    """
    While region or source is unknown nothing is asked and nothing is wrong.
    """
    result = checked(fakes, values(**{path: UNKNOWN}))

    assert [] == fakes.rds.calls
    assert result.problems == ()
    assert result.inputs[path] is UNKNOWN


def test_every_problem_comes_at_once(fakes: Fakes) -> None:
    """
    Faults of form, of terms and of the source come together, in the inputs' order.
    """
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


def test_source_that_does_not_exist(fakes: Fakes) -> None:
    """
    A source that does not exist is the one finding about it; nothing more is asked.
    """
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
    ("read", "point", "path", "why", "checks"),
    [
        row(
            "source",
            "instance",
            {"latest": "time"},
            "source_instance_id",
            "rds:DescribeThis",
            {"source-exists", "source-running", "vswitch-room", "time-in-window"},
        ),
        row(
            "sets",
            "backup_sets",
            {"latest": "backup"},
            "restore_point.backup_id",
            "rds:DescribeThis",
            {"backup-exists", "backup-usable", "backup-latest", "backup-fresh"},
        ),
        row(
            "window",
            "recovery_window",
            {"latest": "time"},
            "restore_point",
            "rds:DescribeThis",
            {"window-known", "time-in-window"},
        ),
        row(
            "vSwitches",
            "vswitches",
            {"latest": "time"},
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
    point: dict[str, Any],
    path: str,
    why: str,
    checks: set[str],
    mode: str,
    severity: Severity,
) -> None:
    """
    Who may not look is told which RAM action to allow, and refused on demand only.
    """
    fakes.rds.fail(read, api_error(AccessDeniedError, why.partition(":")[2]))

    result = checked(fakes, values(restore_point=point, checks={"on_unverifiable": mode}))

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


@pytest.mark.parametrize("mode", ["warn", "fail"])
def test_unverified_may_be_skipped(fakes: Fakes, mode: str) -> None:
    """
    Who does not want to hear of what cannot be verified does not, whatever follows.
    """
    fakes.rds.fail("vswitches", api_error(AccessDeniedError))
    checks = {"on_unverifiable": mode, "skip": ["may-look"]}

    assert checked(fakes, values(checks=checks)).problems == ()


def test_skipped_check_is_not_missed(fakes: Fakes) -> None:
    """
    What is skipped need not be verified.
    """
    fakes.rds.fail("tasks", api_error(AccessDeniedError))
    checks = {"on_unverifiable": "fail", "skip": ["source-idle"]}

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
    """
    A price that is not told is told to be so, with the reason.
    """
    fakes.rds.fail("price", api_error(kind, "DescribePrice"))

    result = checked(fakes, values())

    assert result.report is not None
    assert f" · price not known: {why} · " in result.report.line()


def test_price_is_not_missed_where_the_source_is(fakes: Fakes) -> None:
    """
    Where nothing is known of the source its price is not worth a word.
    """
    fakes.rds.fail("instance", api_error(AccessDeniedError))

    result = checked(fakes, values())

    assert result.report is not None
    assert "price" not in result.report.line()


def test_report_of_a_clone_that_is_taken_over(fakes: Fakes) -> None:
    """
    What was restored when the clone was ordered counts, not what would be restored now.
    """
    inputs = values(region="cn-hangzhou")
    marks = CloneMarks(
        key="new-key",
        spec_hash=hash_order(read(inputs)),
        stack="shop/dev",
        restored="rm-source/time/2026-11-19T01:00:00Z",
    )
    fakes.rds.plant(replace(SOURCE, id="rm-own"), marks.tags(CREATING))

    report = check(inputs, {}, "new-key", fakes.regions, stack="shop/dev").report

    assert report is not None
    assert "rm-own, which an interrupted run ordered" in str(report.problems[-1])
    assert "as of 2026-11-19T01:00:00Z, 1d 11h ago" in report.line()
    assert "restorable" not in report.line()
    assert report.tree()["time"] == "2026-11-19T01:00:00Z"


@pytest.mark.parametrize(
    ("mode", "severity"), [("warn", Severity.WARNING), ("fail", Severity.ERROR)]
)
def test_nobody_may_look_for_the_own_clone(fakes: Fakes, mode: str, severity: Severity) -> None:
    """
    A missing permission to list instances is a warning that tells what up will do.
    """
    denied = api_error(AccessDeniedError, "DescribeDBInstances")
    fakes.rds.fail("list_clones", denied)

    news = values(checks={"on_unverifiable": mode})
    (problem,) = check(news, {}, "key", fakes.regions, stack="shop/dev").problems

    assert severity is problem.severity
    assert str(problem) == (
        "adopt: rds:DescribeDBInstances is not permitted, so it is not known whether "
        "an earlier run has ordered this clone, and pulumi up will not order a clone "
        "— allow this RAM action for the caller of pulumi up (own-clone)"
    )


def test_price_is_not_verified(fakes: Fakes) -> None:
    """
    A price that may not be seen is nothing that has to be verified.
    """
    fakes.rds.fail("price", api_error(ApiError, "DescribePrice"))

    result = checked(fakes, values(checks={"on_unverifiable": "fail"}))

    assert result.problems == ()
    assert result.report is not None
    assert result.report.facts.price is Missing.UNVERIFIED


def test_each_reason_is_told_once(fakes: Fakes) -> None:
    """
    Checks that miss facts for different reasons are told apart, others together.
    """
    fakes.rds.fail("tasks", api_error(AccessDeniedError, "DescribeTasks"))
    fakes.rds.fail("zone_offers", api_error(UnavailableError, "DescribeZones"))
    fakes.rds.fail("class_offers", api_error(UnavailableError, "DescribeZones"))

    result = checked(fakes, values())

    assert [problem.what.partition(",")[0] for problem in result.problems] == [
        "rds:DescribeTasks is not permitted",
        "DescribeZones gave no usable answer: said the API (DescribeZones: Code)",
    ]


def test_slow_read_is_a_warning() -> None:
    """
    A cloud that takes too long is not waited for; the warning says what is open.
    """
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
    """
    A source in a state that forbids to look is refused for its state alone.
    """
    fakes.rds.alter("rm-source", status="Rebooting")
    fakes.rds.fail("backup_sets", api_error(ConflictError, "DescribeBackups"))

    result = checked(fakes, values(restore_point={"latest": "backup"}))

    assert [("source-running", "error"), ("may-look", "warning")] == [
        (problem.check, str(problem.severity)) for problem in result.problems
    ]


def test_read_that_fails_is_no_verdict(fakes: Fakes) -> None:
    """
    A cloud that does not answer says nothing about the source: the call fails.
    """
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
            {"latest": "time"},
            {"window": NoWindow.LOG_BACKUP_OFF, "policy": replace(POLICY, log=False)},
            ["log-backup-on"],
        ),
        row(
            "no data backup",
            {"latest": "backup"},
            {"policy": replace(POLICY, data=False)},
            ["data-backup-on"],
        ),
        row("no set", {"latest": "backup"}, {"backups": ()}, ["backup-latest"]),
        row("a task", {"latest": "time"}, {"tasks_running": ("x",)}, ["source-idle"]),
        row(
            "nothing for sale",
            {"latest": "time"},
            {"zones_sell": ZONE_OFFERS[:0]},
            ["edition-sold"],
        ),
        row("no class", {"latest": "time"}, {"classes_sold": ()}, ["class-sold"]),
        row("a set that is not there", {"backup_id": "999"}, {}, ["backup-exists"]),
    ],
)
def test_what_is_learnt_reaches_the_rules(
    fakes: Fakes, point: dict[str, str], changes: dict[str, Any], checks: list[str]
) -> None:
    """
    Each fact is judged by its rules.
    """
    for name, value in changes.items():
        setattr(fakes.rds, name, value)

    result = checked(fakes, values(restore_point=point))

    assert checks == [p.check for p in result.problems]


def test_sql_server_is_judged_by_imports_and_logs(fakes: Fakes) -> None:
    """
    What only SQL Server has is judged for it: imports, and a window out of logs.
    """
    fakes.rds.alter("rm-source", **SQLSERVER)
    fakes.rds.imports = ("shop",)
    fakes.rds.logs = ()

    result = checked(fakes, values(restore_point={"time": "2026-11-20T04:00:00Z"}))

    assert told(result) == [
        ("source-imported", "source_instance_id", "error"),
        ("time-in-window", "restore_point.time", "error"),
    ]


def test_inputs_are_not_changed(fakes: Fakes) -> None:
    """
    Check writes into neither the new inputs nor the old ones.
    """
    news, olds = {"source_instance_id": "rm-source"}, complete()

    checked(fakes, news, olds)

    assert news == {"source_instance_id": "rm-source"}
    assert complete() == olds
