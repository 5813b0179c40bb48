"""
Which calls are made for which clone, when, how often, and what is made of the answers.
"""

import re
import threading
from collections import Counter
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

import pytest

from pulumi_rdsclone.domain.backups import NoWindow, RecoveryWindow, Span
from pulumi_rdsclone.domain.errors import (
    AccessDeniedError,
    ApiError,
    ConfigurationError,
    ConflictError,
    NotFoundError,
    ThrottledError,
    UnavailableError,
)
from pulumi_rdsclone.domain.facts import Facts, Missing
from pulumi_rdsclone.domain.judging import UnknownFact
from pulumi_rdsclone.domain.market import Price
from pulumi_rdsclone.domain.restoring import Restore
from pulumi_rdsclone.domain.spec import CloneSpec, Payment
from pulumi_rdsclone.domain.times import format_instant
from pulumi_rdsclone.domain.unknown import UNKNOWN
from pulumi_rdsclone.lifecycle.fact_reading import (
    ORDER_MAX_AGE,
    PREVIEW_MAX_AGE,
    FactReport,
    no_facts,
    read_facts,
)
from tests.domain.samples import (
    BACKUP_SETS,
    FACTS,
    NEWEST_SET,
    NOW,
    OFFER_QUERY,
    OLDER_SET,
    POLICY,
    SOURCE,
    read,
    values,
)
from tests.lifecycle.fakes import PATIENCE, SQLSERVER, Fakes, api_error
from tests.support.rows import row

BY_TIME = read(values())
BY_SET = read(values(restore_point={"latest": "backup"}))
TUNED = read(values(parameters={"wait_timeout": "60"}))
LIMITED = read(values(max_price_per_hour=2))
MONTHLY: Final = {"type": "Subscription", "period": "Month", "duration": 1}
SCALING: Final[dict[str, Any]] = {
    "payment": {"type": "Serverless"},
    "edition": "serverless_standard",
    "capacity": {"serverless": {"min_rcu": 1, "max_rcu": 8}},
}
LIMITED_SCALING: Final = read(values(**SCALING, max_price_per_hour=2))
EVERY_FACT: Final = frozenset(Facts.__dataclass_fields__)

BY_ID: Final = frozenset({"instance", "backup_policy", "tasks"})
RARE: Final = frozenset({"accounts", "migrations", "contents", "price_per_hour"})
TUNING: Final = frozenset({"parameter_templates", "source_parameters"})
MARKET: Final = frozenset({"zone_offers", "class_offers", "vswitches", "price"})
BY_LOGS: Final = frozenset({"backup_sets", "log_backups", "migrations"})
WITH_WINDOW: Final = {*BY_ID, "recovery_window", *MARKET}
WITH_SETS: Final = {*BY_ID, "backup_sets", *MARKET}
WITH_IMPORTS: Final = {*WITH_SETS, "migrations"}
WITHOUT_PRICE: Final = WITH_WINDOW - {"price"}
WITHOUT_CLASSES: Final = WITHOUT_PRICE - {"class_offers"}
WITHOUT_OFFERS: Final = WITHOUT_CLASSES - {"zone_offers"}
WITHOUT_VSWITCHES: Final = WITH_WINDOW - {"vswitches"}


def point(**form: object) -> dict[str, Any]:
    return {"restore_point": form}


def told(fakes: Fakes, spec: CloneSpec, max_age: timedelta = PREVIEW_MAX_AGE) -> FactReport:
    return read_facts(spec, fakes.region.cache, max_age=max_age)


def gaps(gap: Missing, **facts: object) -> dict[str, object]:
    """
    Return all facts as *gap*, but for *facts* and the time.
    """
    return {**dict.fromkeys(EVERY_FACT, gap), "now": NOW, **facts}


def as_dict(facts: Facts) -> dict[str, object]:
    return {name: getattr(facts, name) for name in EVERY_FACT}


# Which calls


@pytest.mark.parametrize(
    ("inputs", "source", "calls"),
    [
        row("by time", {}, {}, WITH_WINDOW),
        row("a second", point(time="2026-11-20T04:00:00Z"), {}, WITH_WINDOW),
        row("by set", point(latest="backup"), {}, WITH_SETS),
        row("a named set", point(backup_id="103"), {}, WITH_SETS),
        row("SQL Server, by time", {}, SQLSERVER, {*BY_ID, *BY_LOGS, *MARKET}),
        row("SQL Server, by set", point(latest="backup"), SQLSERVER, WITH_IMPORTS),
        row(
            "SQL Server, before all sets",
            point(time="2026-11-01T04:00:00Z"),
            SQLSERVER,
            WITH_IMPORTS,
        ),
        row("SQL Server, unknown second", point(time=UNKNOWN), SQLSERVER, WITH_IMPORTS),
        row("unknown source", {"source_instance_id": UNKNOWN}, {}, set()),
        row("unknown point", {"restore_point": UNKNOWN}, {}, {*BY_ID, *MARKET}),
        row("unknown form", point(latest=UNKNOWN), {}, {*BY_ID, *MARKET}),
        row("unknown second", point(time=UNKNOWN), {}, WITH_WINDOW),
        row("unknown set", point(backup_id=UNKNOWN), {}, WITH_SETS),
        row("unknown zones", {"zones": UNKNOWN}, {}, WITHOUT_CLASSES),
        row("an unknown zone", {"zones": [UNKNOWN]}, {}, WITHOUT_CLASSES),
        row("unknown edition", {"edition": UNKNOWN}, {}, WITHOUT_CLASSES),
        row("unknown disk", {"capacity": {"storage_type": UNKNOWN}}, {}, WITHOUT_CLASSES),
        row("unknown capacity", {"capacity": UNKNOWN}, {}, WITHOUT_CLASSES),
        row("unknown payment", {"payment": UNKNOWN}, {}, WITHOUT_OFFERS),
        row("unknown kind of payment", {"payment": {"type": UNKNOWN}}, {}, WITHOUT_OFFERS),
        row(
            "unknown payment of a known edition",
            {"payment": UNKNOWN, "edition": "HighAvailability"},
            {},
            WITHOUT_OFFERS,
        ),
        row("unknown class", {"capacity": {"instance_class": UNKNOWN}}, {}, WITHOUT_PRICE),
        row("unknown size", {"capacity": {"storage_gb": UNKNOWN}}, {}, WITHOUT_PRICE),
        row("unknown term", {"payment": {**MONTHLY, "duration": UNKNOWN}}, {}, WITHOUT_PRICE),
        row("unknown network", {"network": UNKNOWN}, {}, WITHOUT_VSWITCHES),
        row("unknown VPC", {"network": {"vpc_id": UNKNOWN}}, {}, WITHOUT_VSWITCHES),
        row("unknown vSwitches", {"network": {"vswitch_ids": UNKNOWN}}, {}, WITH_WINDOW),
        row("an unknown standby's zone", {"zones": ["cn-hangzhou-h", UNKNOWN]}, {}, WITH_WINDOW),
        row("no zones", {"zones": []}, {}, WITH_WINDOW),
        row("unknown tags", {"tags": UNKNOWN}, {}, WITH_WINDOW),
        row("a source in no VPC", {}, {"vpc_id": None, "vswitch_ids": ()}, WITHOUT_VSWITCHES),
    ],
)
def test_facts_are_asked_for_once_and_nothing_else(
    fakes: Fakes, inputs: dict[str, Any], source: dict[str, Any], calls: set[str]
) -> None:
    fakes.rds.alter("rm-source", **source)

    told(fakes, read(values(**inputs)))

    assert dict.fromkeys(calls, 1) == Counter(fakes.rds.calls)


def test_questions_are_about_the_clone_as_it_is_declared(fakes: Fakes) -> None:
    payment = {"type": "Subscription", "period": "Year", "duration": 1}
    told(
        fakes,
        read(
            values(
                edition="cluster",
                zones=["cn-hangzhou-j", "cn-hangzhou-i"],
                capacity={"instance_class": "mysql.n4.medium.2c", "storage_gb": 200},
                network={"vpc_id": "vpc-2"},
                payment=payment,
            )
        ),
    )

    offer_query = replace(
        OFFER_QUERY, edition="cluster", zone="cn-hangzhou-j", payment="Subscription"
    )
    asked = dict(fakes.rds.asked)
    assert {asked[name] for name in (*BY_ID, "recovery_window")} == {"rm-source"}
    assert asked["zone_offers"] == ("MySQL", "8.0", "Subscription")
    assert asked["class_offers"] == offer_query
    assert asked["price"] == (offer_query, "mysql.n4.medium.2c", 200, Payment(**payment))
    assert asked["vswitches"] == "vpc-2"


def test_price_of_an_hour_is_that_of_the_term(fakes: Fakes) -> None:
    fakes.rds.cost = Price(amount=730, currency="CNY", per="1 Month")

    facts = told(fakes, read(values(payment=MONTHLY, max_price_per_hour=2))).facts

    assert Price(amount=1, currency="CNY", per="hour") == facts.price_per_hour


@pytest.mark.parametrize(
    ("inputs", "gap"),
    [
        row("an unknown zone", {"zones": UNKNOWN}, Missing.DEFERRED),
        row(
            "an unknown limit of scaling",
            {"capacity": {"serverless": {"min_rcu": 1, "max_rcu": UNKNOWN}}},
            Missing.DEFERRED,
        ),
        row("no limits of scaling", {"capacity": {}}, Missing.NOT_NEEDED),
    ],
)
def test_price_of_serverless_waits_for_its_limits(
    fakes: Fakes, inputs: dict[str, Any], gap: Missing
) -> None:
    spec = read(values(**{**SCALING, **inputs}, max_price_per_hour=2))

    assert told(fakes, spec).facts.price_per_hour is gap
    assert "serverless_price" not in fakes.rds.calls


@pytest.mark.parametrize(
    ("payment", "name"),
    [
        ({}, "PayAsYouGo"),
        ({"type": "Serverless"}, "Serverless"),
        (MONTHLY, "Subscription"),
    ],
)
def test_market_is_asked_by_the_payment(fakes: Fakes, payment: object, name: str) -> None:
    """
    Source: Terraform's provider always sends the payment (commit 5c6e77e08).
    """
    edition = "serverless_basic"
    told(fakes, read(values(payment=payment, edition=edition)))

    asked = dict(fakes.rds.asked)
    assert ("MySQL", "8.0", name) == asked["zone_offers"]
    assert replace(OFFER_QUERY, payment=name, edition=edition) == asked["class_offers"]


@pytest.mark.parametrize("payment", [UNKNOWN, {"type": UNKNOWN}])
def test_market_waits_for_the_payment(fakes: Fakes, payment: object) -> None:
    facts = told(fakes, read(values(payment=payment, edition="Basic"))).facts

    assert facts.zone_offers is facts.class_offers is facts.price is Missing.DEFERRED


def test_what_is_not_declared_is_asked_for_as_the_source_has_it(fakes: Fakes) -> None:
    told(fakes, BY_TIME)

    asked = dict(fakes.rds.asked)
    assert asked["class_offers"] == OFFER_QUERY
    assert asked["price"] == (OFFER_QUERY, "mysql.n2.medium.2c", 100, Payment())
    assert asked["vswitches"] == "vpc-1"


@pytest.mark.parametrize(
    ("source", "calls"),
    [
        row("MySQL", {}, {*BY_ID, "recovery_window", "backup_sets", *MARKET}),
        row("SQL Server", SQLSERVER, {*BY_ID, *BY_LOGS, *MARKET}),
    ],
)
def test_hundred_clones_cost_the_calls_of_one(source: dict[str, Any], calls: set[str]) -> None:
    fakes = Fakes(read_timeout=timedelta(seconds=PATIENCE))
    fakes.rds.alter("rm-source", **source)
    specs = [
        read(values(restore_point=point, description=f"clone-{number}"))
        for number in range(25)
        for point in (
            {"latest": "time"},
            {"time": f"2026-11-20T04:00:{number:02}Z"},
            {"latest": "backup"},
            {"backup_id": "103"},
        )
    ]
    cache = fakes.region.cache
    with ThreadPoolExecutor(20) as pool:
        reports = list(
            pool.map(lambda spec: read_facts(spec, cache, max_age=PREVIEW_MAX_AGE), specs)
        )

    assert len(reports) == 100
    assert [()] * 100 == [report.unknown_facts for report in reports]
    assert dict.fromkeys(calls, 1) == Counter(fakes.rds.calls)
    assert len(fakes.rds.calls) <= 12


def test_sources_are_told_apart(fakes: Fakes) -> None:
    fakes.rds.plant(replace(SOURCE, id="rm-other", storage_gb=500))

    first = told(fakes, BY_TIME)
    second = told(fakes, read(values(source_instance_id="rm-other")))

    assert first.facts.source == SOURCE
    assert second.facts.source == replace(SOURCE, id="rm-other", storage_gb=500)


@pytest.mark.parametrize("call", sorted(MARKET))
def test_refused_calls_are_not_repeated_for_each_clone(fakes: Fakes, call: str) -> None:
    fakes.rds.fail(call, api_error(ApiError), times=100)

    for number in range(10):
        told(fakes, read(values(description=f"clone-{number}")))

    assert {1} == set(Counter(fakes.rds.calls).values())


@pytest.mark.parametrize(
    ("source", "spec", "wave"),
    [
        row("by id", {}, BY_TIME, BY_ID),
        row("by id, with sets", {}, BY_SET, {*BY_ID, "backup_sets"}),
        row("by source", {}, BY_TIME, {"recovery_window", *MARKET}),
        row("by source, SQL Server", SQLSERVER, BY_TIME, {"migrations", "backup_sets", *MARKET}),
    ],
)
def test_calls_of_a_wave_meet(source: dict[str, Any], spec: CloneSpec, wave: set[str]) -> None:
    fakes = Fakes(read_timeout=timedelta(seconds=2 * PATIENCE))
    fakes.rds.alter("rm-source", **source)
    meeting = threading.Barrier(len(wave))
    for name in wave:
        fakes.rds.inside[name] = lambda: meeting.wait(PATIENCE)

    assert told(fakes, spec).unknown_facts == ()
    assert not meeting.broken


def test_second_wave_waits_for_the_source_alone(fakes: Fakes) -> None:
    meeting = threading.Barrier(2)
    fakes.rds.inside["tasks"] = lambda: meeting.wait(PATIENCE)
    fakes.rds.inside["price"] = lambda: meeting.wait(PATIENCE)

    assert told(fakes, BY_TIME).unknown_facts == ()
    assert not meeting.broken


# Ages


@pytest.mark.parametrize(
    ("age", "calls"),
    [
        row("just young enough", PREVIEW_MAX_AGE, 1),
        row("a second too old", PREVIEW_MAX_AGE + timedelta(seconds=1), 2),
        row("from the future", timedelta(seconds=-1), 2),
    ],
)
def test_facts_older_than_allowed_are_read_again(fakes: Fakes, age: timedelta, calls: int) -> None:
    told(fakes, BY_TIME)
    fakes.clock.sleep(age.total_seconds())
    fakes.rds.alter("rm-source", status="Stopped")

    source = told(fakes, BY_TIME).facts.source

    assert {calls} == set(Counter(fakes.rds.calls).values())
    assert source == replace(SOURCE, status="Running" if calls == 1 else "Stopped")


def test_facts_of_preview_are_too_old_for_an_order(fakes: Fakes) -> None:
    told(fakes, BY_TIME)
    fakes.clock.sleep(ORDER_MAX_AGE.total_seconds() + 1)
    fakes.rds.alter("rm-source", status="Stopped")

    report = told(fakes, BY_TIME, ORDER_MAX_AGE)

    assert report.facts.source == replace(SOURCE, status="Stopped")
    assert {2} == set(Counter(fakes.rds.calls).values())


# What is made of the answers


@pytest.mark.parametrize(
    ("spec", "not_needed"),
    [
        row("by time", BY_TIME, {"backup_sets", *RARE, *TUNING}),
        row("by set", BY_SET, {"window", *RARE, *TUNING}),
        row("with parameters", TUNED, {"backup_sets", *RARE}),
        row("with a limit", LIMITED, {"backup_sets", *RARE, *TUNING} - {"price_per_hour"}),
        row(
            "serverless, with a limit",
            LIMITED_SCALING,
            {"backup_sets", "price", *RARE, *TUNING} - {"price_per_hour"},
        ),
    ],
)
def test_facts_are_those_that_the_specification_needs(
    fakes: Fakes, spec: CloneSpec, not_needed: set[str]
) -> None:
    report = told(fakes, spec)

    unknown_facts = {*not_needed, "others", "adopts", "instances", "demand"}
    assert replace(FACTS, **dict.fromkeys(unknown_facts, Missing.NOT_NEEDED)) == report.facts
    assert report.unknown_facts == ()


@pytest.mark.parametrize(
    ("inputs", "deferred"),
    [
        row("zones", {"zones": UNKNOWN}, {"class_offers", "price"}),
        row("the class", {"capacity": {"instance_class": UNKNOWN}}, {"price"}),
        row("the VPC", {"network": {"vpc_id": UNKNOWN}}, {"vswitches"}),
        row("the parameters", {"parameters": UNKNOWN}, set()),
    ],
)
def test_what_cannot_be_asked_yet_is_deferred(
    fakes: Fakes, inputs: dict[str, Any], deferred: set[str]
) -> None:
    by_time = told(fakes, BY_TIME).facts

    report = told(fakes, read(values(**inputs)))

    assert replace(by_time, **dict.fromkeys(deferred, Missing.DEFERRED)) == report.facts
    assert report.unknown_facts == ()


def test_nothing_is_asked_about_an_unknown_source(fakes: Fakes) -> None:
    report = told(fakes, read(values(source_instance_id=UNKNOWN)))

    assert gaps(Missing.DEFERRED) == as_dict(report.facts)
    assert report.unknown_facts == ()
    assert [] == fakes.rds.calls


def test_everything_is_deferred_where_nobody_can_be_asked() -> None:
    assert gaps(Missing.DEFERRED, now=Missing.DEFERRED) == as_dict(no_facts().facts)


def test_missing_source_is_all_that_is_told(fakes: Fakes) -> None:
    fakes.rds.remove("rm-source")

    report = told(fakes, BY_TIME)

    assert gaps(Missing.DEFERRED, exists=False) == as_dict(report.facts)
    assert report.unknown_facts == ()
    assert set(fakes.rds.calls) <= BY_ID


def test_source_that_goes_meanwhile_is_told_as_it_was_seen(fakes: Fakes) -> None:
    error = api_error(NotFoundError, "DescribeX", "InvalidDBInstanceId.NotFound")
    fakes.rds.fail("recovery_window", error)

    report = told(fakes, BY_TIME)

    assert report.facts.source == SOURCE
    assert report.facts.window is Missing.UNVERIFIED
    (one,) = report.unknown_facts
    assert one.why == "DescribeX answered InvalidDBInstanceId.NotFound"


NEEDED_SOURCE: Final = frozenset(
    {"exists", "source", "migrations", "zone_offers", "class_offers", "vswitches"} | {"price"}
)
LATER = "run again later"
ALLOW = "allow this RAM action to have it checked in preview"


@pytest.mark.parametrize(
    ("spec", "facts"),
    [
        row("by time", BY_TIME, {*NEEDED_SOURCE, "window"}),
        row("by set", BY_SET, NEEDED_SOURCE),
        row("with parameters", TUNED, {*NEEDED_SOURCE, "window", *TUNING}),
        row("with a limit", LIMITED, {*NEEDED_SOURCE, "window", "price_per_hour"}),
        row("unknown point", read(values(restore_point=UNKNOWN)), NEEDED_SOURCE),
    ],
)
def test_denied_source_is_told_once(fakes: Fakes, spec: CloneSpec, facts: set[str]) -> None:
    denied = api_error(AccessDeniedError, "DescribeDBInstanceAttribute")
    fakes.rds.fail("instance", denied)

    report = told(fakes, spec)

    reasons = {(unknown.why, unknown.remedy) for unknown in report.unknown_facts}
    assert {("rds:DescribeDBInstanceAttribute is not permitted", ALLOW)} == reasons
    assert facts == {unknown.fact for unknown in report.unknown_facts}
    assert facts == {
        name for name, fact in as_dict(report.facts).items() if fact is Missing.UNVERIFIED
    }
    assert report.facts.backup_policy == POLICY
    assert report.facts.tasks == ()
    assert (report.facts.backup_sets == BACKUP_SETS) is (spec is BY_SET)
    assert set(fakes.rds.calls) <= {*BY_ID, "backup_sets"}


def test_slow_source_is_not_verified() -> None:
    fakes = Fakes(read_timeout=timedelta(milliseconds=50))
    gate = fakes.rds.hold("instance")

    report = told(fakes, BY_TIME)

    gate.set()
    assert report.facts.source is Missing.UNVERIFIED
    assert report.facts.window is Missing.UNVERIFIED
    assert {("no answer came within 0.05s", LATER)} == {
        (unknown.why, unknown.remedy) for unknown in report.unknown_facts
    }


@pytest.mark.parametrize(
    "error",
    [
        row("no answer", api_error(UnavailableError)),
        row("too many calls", api_error(ThrottledError)),
        row("the wrong state", api_error(ConflictError)),
        row("an unknown code", api_error(ApiError)),
        row("no credentials", ConfigurationError("no keys")),
        row("a bug", RuntimeError("a bug")),
    ],
)
def test_failure_to_ask_about_the_source_is_raised(fakes: Fakes, error: Exception) -> None:
    fakes.rds.fail("instance", error)

    with pytest.raises(type(error)):
        told(fakes, BY_TIME)
    fakes.clock.sleep(PREVIEW_MAX_AGE.total_seconds() + 1)
    assert told(fakes, BY_TIME).facts.source == SOURCE


class Need(NamedTuple):
    """
    A call, the facts that it tells, and the source and specification that need it.
    """

    call: str
    facts: set[str]
    source: Mapping[str, Any]
    spec: CloneSpec


NEEDS = [
    row(name, Need(call, facts, source, spec))
    for name, call, facts, source, spec in (
        ("policy", "backup_policy", {"backup_policy"}, {}, BY_TIME),
        ("tasks", "tasks", {"tasks"}, {}, BY_TIME),
        ("sets", "backup_sets", {"backup_sets"}, {}, BY_SET),
        ("window", "recovery_window", {"window"}, {}, BY_TIME),
        ("zones", "zone_offers", {"zone_offers"}, {}, BY_TIME),
        ("classes", "class_offers", {"class_offers"}, {}, BY_TIME),
        ("vSwitches", "vswitches", {"vswitches"}, {}, BY_TIME),
        ("price", "price", {"price"}, {}, BY_TIME),
        ("limit", "price", {"price", "price_per_hour"}, {}, LIMITED),
        ("limit of serverless", "serverless_price", {"price_per_hour"}, {}, LIMITED_SCALING),
        ("templates", "parameter_templates", {"parameter_templates"}, {}, TUNED),
        ("parameters", "parameters", {"source_parameters"}, {}, TUNED),
        ("imports", "migrations", {"migrations"}, SQLSERVER, BY_TIME),
        ("logs", "log_backups", {"window"}, SQLSERVER, BY_TIME),
        ("sets and logs", "backup_sets", {"backup_sets", "window"}, SQLSERVER, BY_TIME),
    )
]


@pytest.mark.parametrize("need", NEEDS)
@pytest.mark.parametrize(
    ("kind", "why", "remedy"),
    [
        row("denied", AccessDeniedError, "rds:DescribeX is not permitted", ALLOW),
        row(
            "unanswered",
            UnavailableError,
            "DescribeX gave no usable answer: said the API (DescribeX: Code)",
            LATER,
        ),
        row("throttled", ThrottledError, "DescribeX answered Code", LATER),
        row(
            "in the wrong state",
            ConflictError,
            "DescribeX answered Code",
            "look again when the source is Running",
        ),
        row("refused", ApiError, "DescribeX answered Code", LATER),
    ],
)
def test_call_that_fails_leaves_a_gap_with_its_reason(
    fakes: Fakes, need: Need, kind: type[ApiError], why: str, remedy: str
) -> None:
    call, facts, source, spec = need
    fakes.rds.alter("rm-source", **source)
    whole = told(fakes, spec)
    fakes.restart()
    if call == "vswitches":
        why = why.replace("rds:", "vpc:").replace("DescribeX", "DescribeVSwitches")
    fakes.rds.fail(call, api_error(kind, re.findall(r"Describe\w+", why)[0]))

    report = told(fakes, spec)

    assert {UnknownFact(fact=fact, why=why, remedy=remedy) for fact in facts} == set(
        report.unknown_facts
    )
    assert len(facts) == len(report.unknown_facts)
    gap = dict.fromkeys(facts, Missing.UNVERIFIED)
    assert {**as_dict(whole.facts), **gap} == as_dict(report.facts)


@pytest.mark.parametrize("need", NEEDS)
def test_call_that_is_late_leaves_a_gap_and_is_waited_for_once(need: Need) -> None:
    call, facts, source, spec = need
    fakes = Fakes(read_timeout=timedelta(milliseconds=50))
    fakes.rds.alter("rm-source", **source)
    gate = fakes.rds.hold(call)

    first = told(fakes, spec)
    fakes.clock.sleep(1)
    second = told(fakes, spec)

    gate.set()
    assert facts == {unknown.fact for unknown in first.unknown_facts}
    assert first.unknown_facts == second.unknown_facts
    assert {LATER} == {unknown.remedy for unknown in first.unknown_facts}
    assert {1} == set(Counter(fakes.rds.calls).values())


@pytest.mark.parametrize(
    "error",
    [row("no credentials", ConfigurationError("no keys")), row("a bug", RuntimeError("a bug"))],
)
def test_what_is_no_answer_at_all_is_raised(fakes: Fakes, error: Exception) -> None:
    """
    A bug is no missing permission, and wrong credentials concern everybody.
    """
    fakes.rds.fail("price", error)

    with pytest.raises(type(error)):
        told(fakes, BY_TIME)


def test_refused_call_is_not_repeated(fakes: Fakes) -> None:
    denied = api_error(AccessDeniedError, "DescribeThis")
    fakes.rds.fail("recovery_window", denied, times=100)

    report = [told(fakes, BY_TIME) for _ in range(10)]

    assert fakes.rds.count("recovery_window") == 1
    assert [["window"]] * 10 == [
        [unknown.fact for unknown in each.unknown_facts] for each in report
    ]


def test_passing_failure_is_not_remembered(fakes: Fakes) -> None:
    fakes.rds.fail("recovery_window", api_error(UnavailableError))
    failed = told(fakes, BY_TIME)

    report = told(fakes, BY_TIME)

    assert failed.facts.window is Missing.UNVERIFIED
    assert FACTS.window == report.facts.window
    assert fakes.rds.count("recovery_window") == 2


# SQL Server


def hours_ago(hours: float) -> datetime:
    return NOW - timedelta(hours=hours)


def ago(begin: float, end: float) -> Span:
    return Span(hours_ago(begin), hours_ago(end))


def at(hours: float) -> CloneSpec:
    """
    Return a specification of a restore to so many hours ago.
    """
    return read(values(restore_point={"time": format_instant(hours_ago(hours))}))


@pytest.mark.parametrize(
    ("spec", "span"),
    [
        row("the newest second", BY_TIME, Span(NEWEST_SET.ended, hours_ago(-1))),
        row("after all sets", at(6), Span(NEWEST_SET.ended, hours_ago(-1))),
        row("on", at(12), Span(NEWEST_SET.ended, hours_ago(-1))),
        row("between two", at(20), Span(OLDER_SET.ended, NEWEST_SET.ended)),
        row("ahead", at(-2), Span(NEWEST_SET.ended, hours_ago(-1))),
    ],
)
def test_logs_reach_from_the_last_set_to_the_next(
    fakes: Fakes, spec: CloneSpec, span: Span
) -> None:
    fakes.rds.alter("rm-source", **SQLSERVER)

    told(fakes, spec)

    assert dict(fakes.rds.asked)["log_backups"] == ("rm-source", span)


def test_clones_checked_one_after_the_other_share_the_logs(fakes: Fakes) -> None:
    """
    The logs of the newest set are asked for up to the full hour: once, not each second.
    """
    fakes.rds.alter("rm-source", **SQLSERVER)
    for _ in range(4):
        told(fakes, BY_TIME)
        told(fakes, at(6))
        fakes.clock.sleep(60)

    assert fakes.rds.count("log_backups") == 1


@pytest.mark.parametrize(
    ("spec", "logs", "end"),
    [
        row("logs that touch", at(6), (ago(13, 7), ago(7, 1)), hours_ago(1)),
        row("logs with a gap", at(6), (ago(13, 7), ago(5, 1)), hours_ago(7)),
        row("no logs", BY_TIME, (), NEWEST_SET.ended),
    ],
)
def test_window_of_sql_server_follows_from_its_full_sets_and_logs(
    fakes: Fakes, spec: CloneSpec, logs: tuple[Span, ...], end: datetime
) -> None:
    fakes.rds.alter("rm-source", **SQLSERVER)
    fakes.rds.logs = logs

    report = told(fakes, spec)

    window = (Span(OLDER_SET.ended, OLDER_SET.ended), Span(NEWEST_SET.ended, end))
    assert RecoveryWindow(window) == report.facts.window
    assert report.unknown_facts == ()


def test_no_usable_full_set_makes_no_window(fakes: Fakes) -> None:
    fakes.rds.alter("rm-source", **SQLSERVER)
    fakes.rds.backups = (replace(NEWEST_SET, full=False),)

    assert told(fakes, BY_TIME).facts.window is NoWindow.NO_BACKUP
    assert fakes.rds.count("log_backups") == 0


def test_window_waits_for_an_unknown_instant(fakes: Fakes) -> None:
    fakes.rds.alter("rm-source", **SQLSERVER)

    report = told(fakes, read(values(restore_point={"time": UNKNOWN})))

    assert report.facts.window is Missing.DEFERRED
    assert report.facts.backup_sets == BACKUP_SETS
    assert report.unknown_facts == ()


# Databases and tables


LISTING = {"storage_type": "local_ssd"}
"""What to change of the source to have one whose backups tell what they hold."""

SHOP = {"databases": {"shop": "shop"}}
NEWEST = Restore(time=NEWEST_SET.ended, backup_id=NEWEST_SET.id)


@pytest.mark.parametrize(
    ("inputs", "restore", "databases"),
    [
        row("a database", SHOP, Restore(time=NOW), ()),
        row(
            "of the newest set", {"databases": {"shop": "s2"}, **point(latest="backup")}, NEWEST, ()
        ),
        row("a new name", {"databases": {"shop": UNKNOWN}}, Restore(time=NOW), ()),
        row(
            "tables of two databases",
            {"tables": {"shop.people": "p", "orders.a": "a", "shop.items": "i"}},
            Restore(time=NOW),
            ("orders", "shop"),
        ),
    ],
)
def test_contents_are_asked_for_where_parts_are_restored(
    fakes: Fakes, inputs: dict[str, Any], restore: Restore, databases: tuple[str, ...]
) -> None:
    fakes.rds.alter("rm-source", **LISTING)

    report = told(fakes, read(values(**inputs)))

    assert dict(fakes.rds.asked)["contents"] == ("rm-source", restore, databases)
    assert report.facts.contents == fakes.rds.held
    assert report.unknown_facts == ()


@pytest.mark.parametrize(
    ("inputs", "source", "gap"),
    [
        row("all databases", {}, LISTING, Missing.NOT_NEEDED),
        row("unknown", {"databases": UNKNOWN}, LISTING, Missing.DEFERRED),
        row("unknown tables", {"tables": UNKNOWN}, LISTING, Missing.DEFERRED),
        row("unknown point", {**SHOP, "restore_point": UNKNOWN}, LISTING, Missing.DEFERRED),
        row("not told", SHOP, {}, Missing.UNVERIFIED),
    ],
)
def test_contents_are_not_asked_for_where_nothing_can_or_need_be_known(
    fakes: Fakes, inputs: dict[str, Any], source: dict[str, Any], gap: Missing
) -> None:
    fakes.rds.alter("rm-source", **source)

    report = told(fakes, read(values(**inputs)))

    assert report.facts.contents is gap
    assert fakes.rds.count("contents") == 0
    assert (gap is Missing.UNVERIFIED) is (["contents"] == [u.fact for u in report.unknown_facts])


def test_denied_contents_name_the_action_to_allow(fakes: Fakes) -> None:
    fakes.rds.alter("rm-source", **LISTING)
    fakes.rds.fail("contents", api_error(AccessDeniedError, "DescribeMetaList"))

    report = told(fakes, read(values(**SHOP)))

    why = "rds:DescribeMetaList is not permitted"
    assert report.unknown_facts == (UnknownFact(fact="contents", why=why, remedy=ALLOW),)
    assert report.facts.contents is Missing.UNVERIFIED


@pytest.mark.parametrize(
    ("call", "point"),
    [
        row("the source", "instance", {"latest": "time"}),
        row("the window", "recovery_window", {"latest": "time"}),
        row("the sets", "backup_sets", {"latest": "backup"}),
    ],
)
def test_contents_share_the_gap_they_depend_on(
    fakes: Fakes, call: str, point: dict[str, str]
) -> None:
    fakes.rds.alter("rm-source", **LISTING)
    fakes.rds.fail(call, api_error(AccessDeniedError, "DescribeThis"))

    report = told(fakes, read(values(restore_point=point, **SHOP)))

    why = "rds:DescribeThis is not permitted"
    assert UnknownFact(fact="contents", why=why, remedy=ALLOW) in report.unknown_facts
    assert report.facts.contents is Missing.UNVERIFIED
    assert fakes.rds.count("contents") == 0
