from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

import pytest

from pulumi_rdsclone.domain.backups import NoWindow, RecoveryWindow, Span
from pulumi_rdsclone.domain.checks import CHECKS
from pulumi_rdsclone.domain.facts import Facts, Missing
from pulumi_rdsclone.domain.judging import Judgement, Outcome, judge
from pulumi_rdsclone.domain.market import Price
from pulumi_rdsclone.domain.parsing import parse
from pulumi_rdsclone.domain.problems import Problem, Severity
from pulumi_rdsclone.domain.reporting import Report, format_age
from pulumi_rdsclone.domain.restoring import Restore
from pulumi_rdsclone.domain.spec import CloneSpec
from pulumi_rdsclone.domain.unknown import UNKNOWN
from tests.domain.checks.rows import knowing
from tests.domain.samples import FACTS, NEWEST_SET, NOW, WINDOW, values
from tests.support.rows import case, row

PASSED: Final = {Outcome.PASSED: 3}
ALL: Final = {outcome: place for place, outcome in enumerate(Outcome, 1)}
ERROR: Final = Problem(check="a-check", path="region", what="wrong", remedy="mend it")
WARNING: Final = replace(ERROR, severity=Severity.WARNING)
NOTHING: Final = Facts(**dict.fromkeys(vars(FACTS), Missing.DEFERRED))
UNLIKELY: Final = Facts(**dict.fromkeys(vars(FACTS), Missing.UNVERIFIED))


def report(
    facts: Facts = FACTS,
    counts: Mapping[Outcome, int] = PASSED,
    problems: tuple[Problem, ...] = (),
    **changes: object,
) -> Report:
    """
    Make the report of the shortest clone with a region, changed by *changes*.
    """
    outcomes = [outcome for outcome, count in counts.items() for _ in range(count)]
    return Report(
        spec=parse(values(**{"region": "cn-hangzhou", **changes})).spec,
        facts=facts,
        judgement=Judgement(
            outcomes={f"check-{n}": outcome for n, outcome in enumerate(outcomes)}, problems=()
        ),
        problems=problems,
    )


SOURCE_LINE: Final = "MySQL 8.0 rm-source"
WINDOW_LINE: Final = "restorable 2026-11-13T12:00:00Z to 2026-11-20T12:00:00Z"
NEWEST_LINE: Final = "as of 2026-11-20T12:00:00Z, 0s ago"
PRICE_LINE: Final = "1.25 CNY per hour"
INHERITED: Final = "whitelist inherited from the source"
CHECKS_LINE: Final = f"{INHERITED} · checks: 3 passed"
EVERY_LINE: Final = "checks: 1 passed, 2 failed, 3 warned, 5 not verified, 4 deferred, 6 skipped"


@pytest.mark.parametrize(
    ("told", "parts"),
    [
        case("everything, the newest second")(
            report(), [SOURCE_LINE, NEWEST_LINE, WINDOW_LINE, PRICE_LINE, CHECKS_LINE]
        ),
        case("a time", report(restore_point={"time": "2026-11-17T08:30:00Z"}))(
            [
                SOURCE_LINE,
                "as of 2026-11-17T08:30:00Z, 3d 3h ago",
                WINDOW_LINE,
                PRICE_LINE,
                CHECKS_LINE,
            ]
        ),
        case("the newest set")(
            report(knowing(window=Missing.NOT_NEEDED), restore_point={"latest": "backup"}),
            [
                SOURCE_LINE,
                "backup set 103 of 2026-11-20T00:00:00Z, 12h ago",
                PRICE_LINE,
                CHECKS_LINE,
            ],
        ),
        case("a named set")(
            report(knowing(window=Missing.NOT_NEEDED), restore_point={"backup_id": "102"}),
            [
                SOURCE_LINE,
                "backup set 102 of 2026-11-19T00:00:00Z, 1d 12h ago",
                PRICE_LINE,
                CHECKS_LINE,
            ],
        ),
        case("a set that nobody knows", report(restore_point={"backup_id": "999"}))(
            [SOURCE_LINE, WINDOW_LINE, PRICE_LINE, CHECKS_LINE]
        ),
        case("no set at all", report(knowing(backup_sets=()), restore_point={"latest": "backup"}))(
            [SOURCE_LINE, WINDOW_LINE, PRICE_LINE, CHECKS_LINE]
        ),
        case("a window with a gap")(
            report(
                knowing(
                    window=RecoveryWindow(
                        (
                            Span(WINDOW.begin, NEWEST_SET.ended),
                            Span(NOW - timedelta(seconds=90), NOW),
                        )
                    )
                )
            ),
            [SOURCE_LINE, NEWEST_LINE, WINDOW_LINE, PRICE_LINE, CHECKS_LINE],
        ),
        *(
            case(f"no window, {window.name}")(
                report(knowing(window=window)), [SOURCE_LINE, PRICE_LINE, CHECKS_LINE]
            )
            for window in (*NoWindow, *Missing)
        ),
        *(
            case(why)(
                report(restore_point=point), [SOURCE_LINE, WINDOW_LINE, PRICE_LINE, CHECKS_LINE]
            )
            for point, why in (
                (UNKNOWN, "a restore point that is not known yet"),
                ({"time": UNKNOWN}, "a time that is not known yet"),
                ({"latest": "backup", "before": UNKNOWN}, "a limit not known yet"),
                ("noon", "a restore point of the wrong form"),
            )
        ),
        case("no source", report(knowing(source=Missing.UNVERIFIED)))(
            ["source not known", NEWEST_LINE, WINDOW_LINE, PRICE_LINE, CHECKS_LINE]
        ),
        case("no clock", report(knowing(now=Missing.UNVERIFIED)))(
            [SOURCE_LINE, WINDOW_LINE, PRICE_LINE, CHECKS_LINE]
        ),
        case("another price")(
            report(knowing(price=Price(amount=640, currency="USD", per="3 Month"))),
            [SOURCE_LINE, NEWEST_LINE, WINDOW_LINE, "640 USD per 3 Month", CHECKS_LINE],
        ),
        case("no price", report(knowing(price=Missing.UNVERIFIED)))(
            [SOURCE_LINE, NEWEST_LINE, WINDOW_LINE, CHECKS_LINE]
        ),
        case("nothing known yet")(
            report(NOTHING, {Outcome.DEFERRED: 2}, source_instance_id=UNKNOWN),
            ["source not known", INHERITED, "checks: 2 deferred"],
        ),
        case("nothing told", report(UNLIKELY, {Outcome.UNVERIFIED: 2}))(
            ["source not known", INHERITED, "checks: 2 not verified"]
        ),
        case("a whitelist of its own", report(security_ips={"default": ["10.0.0.0/8"]}))(
            [SOURCE_LINE, NEWEST_LINE, WINDOW_LINE, PRICE_LINE, "checks: 3 passed"]
        ),
        case("checks of every kind")(
            report(NOTHING, ALL), ["source not known", INHERITED, EVERY_LINE]
        ),
    ],
)
def test_line_says_only_what_is_known(told: Report, parts: list[str]) -> None:
    assert " · ".join(parts) == told.line()


def test_report_becomes_a_tree_of_plain_values() -> None:
    told = report(counts=ALL, problems=(WARNING,))

    assert told.tree() == {
        "verdict": "accepted",
        "source_instance_id": "rm-source",
        "region": "cn-hangzhou",
        "engine": "MySQL",
        "engine_version": "8.0",
        "backup_id": None,
        "time": "2026-11-20T12:00:00Z",
        "age_seconds": 0,
        "window": {"begin": "2026-11-13T12:00:00Z", "end": "2026-11-20T12:00:00Z"},
        "estimated_price": {"amount": 1.25, "currency": "CNY", "per": "hour"},
        "whitelist": "inherited",
        "checks": {
            "passed": 1,
            "failed": 2,
            "warned": 3,
            "unverified": 5,
            "deferred": 4,
            "skipped": 6,
        },
        "problems": [
            {
                "check": "a-check",
                "path": "region",
                "severity": "warning",
                "what": "wrong",
                "remedy": "mend it",
            }
        ],
    }


@pytest.mark.parametrize(
    ("told", "parts"),
    [
        case("a set", report(restore_point={"backup_id": "102"}))(
            {"backup_id": "102", "time": "2026-11-19T00:00:00Z", "age_seconds": 129600}
        ),
        case("a set that nobody knows", report(restore_point={"backup_id": "999"}))(
            {"backup_id": "999", "time": None, "age_seconds": None}
        ),
        case("a time", report(restore_point={"time": "2026-11-20T11:59:00Z"}))(
            {"backup_id": None, "time": "2026-11-20T11:59:00Z", "age_seconds": 60}
        ),
        case("a time that is not known yet", report(restore_point={"time": UNKNOWN}))(
            {"backup_id": None, "time": None, "age_seconds": None}
        ),
        case("no window", report(knowing(window=NoWindow.NO_BACKUP)))(
            {"window": None, "time": None, "age_seconds": None}
        ),
        case("no clock", report(knowing(now=Missing.UNVERIFIED)))(
            {"time": "2026-11-20T12:00:00Z", "age_seconds": None}
        ),
        row("a region not known yet", report(region=UNKNOWN), {"region": None}),
        row("no region", report(region=None), {"region": None}),
        case("no source", report(knowing(source=Missing.UNVERIFIED)))(
            {"source_instance_id": "rm-source", "engine": None, "engine_version": None}
        ),
        case("nothing known yet", report(NOTHING, source_instance_id=UNKNOWN))(
            {"source_instance_id": None, "engine": None, "window": None, "estimated_price": None}
        ),
    ],
)
def test_unknown_part_of_a_tree_is_none(told: Report, parts: dict[str, object]) -> None:
    assert parts.items() <= told.tree().items()


@pytest.mark.parametrize(
    ("problems", "verdict", "errors"),
    [
        row("no finding", (), "accepted", []),
        row("advice", (WARNING,), "accepted", []),
        row("an error", (WARNING, ERROR), "refused", [ERROR]),
    ],
)
def test_errors_refuse_and_warnings_do_not(
    problems: tuple[Problem, ...], verdict: str, errors: list[Problem]
) -> None:
    told = report(problems=problems)

    assert errors == told.errors
    assert verdict == told.tree()["verdict"]
    assert [problem.tree() for problem in problems] == told.tree()["problems"]


def test_report_knows_the_restore_where_it_can() -> None:
    assert Restore(time=NOW) == report().restore
    assert report(restore_point=UNKNOWN).restore is None
    assert report(NOTHING).restore is None


def test_healthy_clone_is_accepted_with_every_check_made() -> None:
    declared = {"security_ips": {}, "accounts_exclusive": True}
    spec = parse(values(region="cn-hangzhou", **declared)).spec
    judgement = judge(CHECKS, spec, facts=FACTS)
    told = Report(spec=spec, facts=FACTS, judgement=judgement, problems=judgement.problems)

    assert told.line().endswith(f" · checks: {len(CHECKS)} passed")
    assert told.tree()["verdict"] == "accepted"


@pytest.mark.parametrize("name", CloneSpec.model_fields)
def test_unknown_inputs_break_no_report(name: str) -> None:
    unknown: dict[str, Any] = {name: UNKNOWN}
    told = report(**unknown)

    assert "UNKNOWN" not in told.line()
    assert "UNKNOWN" not in str(told.tree())


@pytest.mark.parametrize(
    ("age", "text"),
    [
        row("nothing", timedelta(), "0s"),
        row("less than a second", timedelta(seconds=0.9), "0s"),
        row("in the future", timedelta(seconds=-5), "0s"),
        row("seconds", timedelta(seconds=59), "59s"),
        row("a minute", timedelta(seconds=60), "1m"),
        row("minutes", timedelta(minutes=12, seconds=5), "12m 5s"),
        row("nearly an hour", timedelta(minutes=59, seconds=59), "59m 59s"),
        row("an hour", timedelta(hours=1), "1h"),
        row("an hour and seconds", timedelta(hours=1, seconds=59), "1h"),
        row("zeros at the end", timedelta(hours=10, minutes=10), "10h 10m"),
        row("days", timedelta(days=3, hours=4, minutes=5), "3d 4h"),
        row("whole days", timedelta(days=3, minutes=59), "3d"),
        row("a year", timedelta(days=400), "400d"),
    ],
)
def test_age_is_written_in_two_units(age: timedelta, text: str) -> None:
    assert text == format_age(age)
