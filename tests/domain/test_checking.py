from dataclasses import replace
from typing import Any, Final

import pytest

from pulumi_rdsclone.domain.checking import Check, Finding, Rules
from pulumi_rdsclone.domain.facts import Facts, Missing, known_or_none
from pulumi_rdsclone.domain.instances import Instance
from pulumi_rdsclone.domain.judging import (
    READ_PERMISSION,
    Judgement,
    Outcome,
    UnknownFact,
    judge,
    unknown_ids,
)
from pulumi_rdsclone.domain.problems import Problem, Severity
from pulumi_rdsclone.domain.shape import Shape
from pulumi_rdsclone.domain.spec import CloneSpec
from pulumi_rdsclone.domain.unknown import UNKNOWN
from tests.domain.samples import FACTS, POLICY, read, values
from tests.support.rows import case, row

SETS_DENIED: Final = ("rds:DescribeBackups is not permitted", "allow it")
SLOW: Final = ("the cloud did not answer", "run again later")

RULES: Final = Rules()


@RULES.check("say-nothing", "region")
def nothing() -> Finding | None:
    """
    Find nothing.
    """
    return None


@RULES.check("say-region", "region", "description", required=True)
def region(spec: CloneSpec) -> Finding | None:
    """
    Refuse every region.

    Whatever its name.
    """
    return Finding(f"not {spec.region}", "move")


@RULES.check("say-tasks", "tags", severity=Severity.WARNING)
def tasks(tasks: tuple[str, ...]) -> Finding | None:
    """
    Count the tasks.
    """
    return Finding(f"{len(tasks)} tasks", "wait")


@RULES.check("say-sets", "restore_point.backup_id")
def sets(backup_sets: object, window: object, price: object = None) -> Finding | None:
    """
    Return everything that was reported.
    """
    return Finding(f"{backup_sets}, {window}, {price}", "save")


NOTHING, REGION, TASKS, SETS = RULES
KNOWN: Final = Facts(
    tasks=("Restart",),
    backup_sets="sets",  # type: ignore[arg-type]
    window="window",  # type: ignore[arg-type]
)


def without(**gaps: Missing) -> Facts:
    """
    Return the facts with *gaps*.
    """
    return replace(KNOWN, **gaps)


def judged(facts: Facts = KNOWN, tree: dict[str, Any] | None = None, **options: Any) -> Judgement:
    """
    Apply the rules of this file to the shortest specification, or to *tree*.
    """
    return judge(RULES, read(tree or values(region="moon")), facts=facts, **options)


def missing(reason: tuple[str, str], *facts: str) -> list[UnknownFact]:
    """
    Return *facts* as unknown, all for one *reason*.
    """
    why, remedy = reason
    return [UnknownFact(fact=fact, why=why, remedy=remedy) for fact in facts]


def may_look(judgement: Judgement) -> list[str]:
    """
    Return what is said of things not verified.
    """
    return [str(p) for p in judgement.problems if p.check == READ_PERMISSION]


def test_rule_is_entered_with_decorator_and_parameters() -> None:
    assert (
        Check(
            id="say-sets",
            reads=("restore_point.backup_id",),
            rule=sets,
            severity=Severity.ERROR,
            asks=("backup_sets", "window"),
            more=("price",),
            required=False,
        )
        == SETS
    )
    assert TASKS.severity is Severity.WARNING
    assert TASKS.asks == TASKS.facts == ("tasks",)
    assert REGION.required
    assert REGION.reads == ("region", "description")
    assert REGION.asks == ("spec",)
    assert REGION.facts == REGION.more == ()
    assert NOTHING.asks == ()


def test_rule_is_described_by_its_docstring() -> None:
    assert REGION.doc == "Refuse every region.\n\nWhatever its name."


def test_every_rule_has_an_outcome_in_order() -> None:
    assert judged() == Judgement(
        outcomes={
            "say-nothing": Outcome.PASSED,
            "say-region": Outcome.FAILED,
            "say-tasks": Outcome.WARNED,
            "say-sets": Outcome.FAILED,
        },
        problems=(
            Problem(check="say-region", path="region", what="not moon", remedy="move"),
            Problem(
                check="say-tasks",
                path="tags",
                what="1 tasks",
                remedy="wait",
                severity=Severity.WARNING,
            ),
            Problem(
                check="say-sets",
                path="restore_point.backup_id",
                what="sets, window, None",
                remedy="save",
            ),
        ),
    )


def test_rule_may_ask_for_the_shape() -> None:
    rules = Rules()

    @rules.check("say-shape", "edition")
    def edition(source: Instance, shape: Shape) -> Finding | None:
        return Finding(f"{source.edition}, {shape.edition}", "choose")

    (check,) = rules
    (problem,) = judge(rules, read(values(edition="Basic")), facts=FACTS).problems
    outcomes = [
        judge(rules, read(values()), facts=replace(FACTS, source=gap)).outcomes["say-shape"]
        for gap in (Missing.NOT_NEEDED, Missing.DEFERRED, Missing.UNVERIFIED)
    ]

    assert check.asks == ("source", "shape")
    assert check.facts == ("source",)
    assert problem.what == "HighAvailability, Basic"
    assert outcomes == [Outcome.PASSED, Outcome.DEFERRED, Outcome.UNVERIFIED]


def test_outcomes_that_nothing_ended_with_are_counted_as_zero() -> None:
    counts = {outcome.value: judged().count(outcome) for outcome in Outcome}

    assert counts == {
        "passed": 1,
        "failed": 2,
        "warned": 1,
        "deferred": 0,
        "unverified": 0,
        "skipped": 0,
    }


@pytest.mark.parametrize(
    ("gaps", "outcome"),
    [
        row("not needed", {"window": Missing.NOT_NEEDED}, Outcome.PASSED),
        row("deferred", {"window": Missing.DEFERRED}, Outcome.DEFERRED),
        row("unverified", {"window": Missing.UNVERIFIED}, Outcome.UNVERIFIED),
        case("what was not told counts more than what is not needed")(
            {"backup_sets": Missing.NOT_NEEDED, "window": Missing.UNVERIFIED}, Outcome.UNVERIFIED
        ),
        case("what comes later counts more than what was not told")(
            {"backup_sets": Missing.UNVERIFIED, "window": Missing.DEFERRED}, Outcome.DEFERRED
        ),
        row("one to do without", {"price": Missing.UNVERIFIED}, Outcome.FAILED),
        row("another rule's", {"tasks": Missing.UNVERIFIED}, Outcome.FAILED),
    ],
)
def test_missing_fact_decides_for_its_rules(gaps: dict[str, Missing], outcome: Outcome) -> None:
    judgement = judged(without(**gaps))

    assert outcome is judgement.outcomes["say-sets"]
    assert (outcome is Outcome.FAILED) == any(
        problem.check == "say-sets" for problem in judgement.problems
    )


def test_unknown_input_counts_more_than_a_gap() -> None:
    """
    A rule that has to wait anyway is not reported as not verified.
    """
    tree = values(restore_point={"backup_id": UNKNOWN})
    facts = without(window=Missing.UNVERIFIED)
    unknown_facts = missing(SLOW, "window")

    judgement = judged(facts, tree, unknown_facts=unknown_facts)

    assert Outcome.DEFERRED is judgement.outcomes["say-sets"]
    assert may_look(judgement) == []


@pytest.mark.parametrize(
    ("price", "what"),
    [
        row("it is there", "cheap", "sets, window, cheap"),
        row("it comes later", Missing.DEFERRED, "sets, window, None"),
        row("it was not told", Missing.UNVERIFIED, "sets, window, None"),
        row("it is not needed", Missing.NOT_NEEDED, "sets, window, None"),
    ],
)
def test_optional_fact_is_given_where_it_is_known_and_none_elsewhere(price: Any, what: str) -> None:
    facts = replace(KNOWN, price=price)

    (problem,) = judge([SETS], read(values()), facts=facts).problems

    assert what == problem.what


def test_unwanted_rule_is_skipped_and_others_are_not() -> None:
    judgement = judged(skip={"say-sets", "say-tasks"})

    assert Outcome.SKIPPED is judgement.outcomes["say-sets"]
    assert Outcome.SKIPPED is judgement.outcomes["say-tasks"]
    assert ["say-region"] == [problem.check for problem in judgement.problems]


def test_required_rule_is_applied_although_unwanted() -> None:
    judgement = judged(skip=["say-region"])

    assert Outcome.FAILED is judgement.outcomes["say-region"]
    assert "say-region" in [problem.check for problem in judgement.problems]


def test_one_warning_for_each_reason() -> None:
    facts = without(
        tasks=Missing.UNVERIFIED, backup_sets=Missing.UNVERIFIED, window=Missing.UNVERIFIED
    )
    unknown_facts = [
        *missing(SETS_DENIED, "backup_sets"),
        *missing(SLOW, "window"),
        *missing(SLOW, "tasks"),
    ]

    sets = (
        "restore_point.backup_id: rds:DescribeBackups is not permitted, so this was "
        "not verified: say-sets — allow it (may-look)"
    )
    slow = (
        "tags: the cloud did not answer, so this was not verified: say-tasks, say-sets "
        "— run again later (may-look)"
    )

    assert [sets, slow] == may_look(judged(facts, unknown_facts=unknown_facts))


def test_missing_facts_with_different_remedies_are_told_apart() -> None:
    facts = without(tasks=Missing.UNVERIFIED, window=Missing.UNVERIFIED)
    why, _ = SLOW
    unknown_facts = [*missing(SLOW, "window"), *missing((why, "never mind"), "tasks")]

    assert len(may_look(judged(facts, unknown_facts=unknown_facts))) == 2


def test_findings_come_before_what_was_not_verified() -> None:
    judgement = judged(without(tasks=Missing.UNVERIFIED), unknown_facts=missing(SLOW, "tasks"))

    assert ["say-region", "say-sets", READ_PERMISSION] == [p.check for p in judgement.problems]


@pytest.mark.parametrize(
    ("facts", "options"),
    [
        case("a fact that every rule can do without")(
            without(price=Missing.UNVERIFIED), {"unknown_facts": missing(SLOW, "price")}
        ),
        case("a fact that no rule asks for")(
            without(vswitches=Missing.UNVERIFIED), {"unknown_facts": missing(SLOW, "vswitches")}
        ),
        case("a rule that is not wanted", without(tasks=Missing.UNVERIFIED))(
            {"unknown_facts": missing(SLOW, "tasks"), "skip": ["say-tasks"]}
        ),
        case("a warning that is not wanted", without(tasks=Missing.UNVERIFIED))(
            {"unknown_facts": missing(SLOW, "tasks"), "skip": ["may-look"]}
        ),
        case("a reason that is not the rule's")(
            without(tasks=Missing.UNVERIFIED, window=Missing.DEFERRED),
            {"unknown_facts": missing(SLOW, "backup_sets")},
        ),
        row("no reason at all", without(tasks=Missing.UNVERIFIED), {}),
    ],
)
def test_fact_that_nothing_needs_is_not_reported(facts: Facts, options: dict[str, Any]) -> None:
    assert may_look(judged(facts, **options)) == []


def test_warning_names_no_skipped_rule() -> None:
    facts = without(tasks=Missing.UNVERIFIED, window=Missing.UNVERIFIED)
    unknown_facts = missing(SLOW, "tasks", "window")

    warning = (
        "restore_point.backup_id: the cloud did not answer, so this was not verified: "
        "say-sets — run again later (may-look)"
    )

    assert [warning] == may_look(judged(facts, unknown_facts=unknown_facts, skip=["say-tasks"]))


@pytest.mark.parametrize(
    ("checks", "severity"),
    [
        row("nothing said", {}, Severity.WARNING),
        row("warn", {"on_unverifiable": "warn"}, Severity.WARNING),
        row("fail", {"on_unverifiable": "FAIL"}, Severity.ERROR),
        row("not known yet", {"on_unverifiable": UNKNOWN}, Severity.WARNING),
        row("nothing known yet", UNKNOWN, Severity.WARNING),
    ],
)
def test_unverified_rule_is_an_error_on_demand(checks: object, severity: Severity) -> None:
    judgement = judged(
        without(tasks=Missing.UNVERIFIED),
        values(checks=checks),
        unknown_facts=missing(SLOW, "tasks"),
    )

    assert severity is judgement.problems[-1].severity
    assert Outcome.UNVERIFIED is judgement.outcomes["say-tasks"]


def test_reasons_may_come_from_an_iterator() -> None:
    judgement = judged(
        without(tasks=Missing.UNVERIFIED), unknown_facts=iter(missing(SLOW, "tasks"))
    )

    assert len(may_look(judgement)) == 1


@pytest.mark.parametrize(
    ("ids", "findings"),
    [
        row("none", [], []),
        row("known ones", ["say-sets", "may-look"], []),
        case("a required one", ["say-region"])(
            [("the check say-region cannot be skipped", "remove it from checks.skip")]
        ),
        case("a misspelt one")(
            ["say-set"], [("there is no check 'say-set'", "did you mean say-sets?")]
        ),
        case("the misspelt warning")(
            ["maylook"], [("there is no check 'maylook'", "did you mean may-look?")]
        ),
        case("nothing near", ["Quux", "say-tasks", ""])(
            [
                ("there is no check 'Quux'", "see docs/checks.md"),
                ("there is no check ''", "see docs/checks.md"),
            ]
        ),
    ],
)
def test_unknown_id_is_told_with_the_nearest(
    ids: list[str], findings: list[tuple[str, str]]
) -> None:
    found = unknown_ids(RULES, ids)

    assert findings == [(problem.what, problem.remedy) for problem in found]


@pytest.mark.parametrize("gap", list(Missing), ids=[gap.name for gap in Missing])
def test_gap_counts_as_no_value(gap: Missing) -> None:
    assert known_or_none(gap) is None
    assert known_or_none(POLICY) is POLICY
    assert known_or_none(()) == ()


def test_facts_are_gaps_until_read_and_the_healthy_samples_have_none() -> None:
    assert {Missing.NOT_NEEDED} == set(vars(Facts()).values())
    assert not [fact for fact in vars(FACTS).values() if isinstance(fact, Missing)]
