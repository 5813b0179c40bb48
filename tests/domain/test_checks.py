"""
A row passing and a row failing for every rule; a new rule without rows fails.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest

from pulumi_rdsclone.domain.checking import Check, judge
from pulumi_rdsclone.domain.checks import CHECKS
from pulumi_rdsclone.domain.instances import Facts, NoWindow
from pulumi_rdsclone.domain.part import fields_of, leaves_of
from pulumi_rdsclone.domain.problems import Problem, Severity
from pulumi_rdsclone.domain.spec import CloneSpec
from pulumi_rdsclone.domain.times import format_instant
from pulumi_rdsclone.domain.unknown import UNKNOWN
from tests.domain.samples import (
    BACKUP_SETS,
    FAILED_SET,
    LOGICAL_SET,
    NOW,
    OLDER_SET,
    SOURCE,
    WINDOW,
    WITHDRAWN_SET,
    read,
    values,
    with_value,
)

FACTS = Facts(source=SOURCE, backup_sets=BACKUP_SETS, window=WINDOW)
ADVICE = "the newest usable set is 103 of 2026-11-20T00:00:00Z"
NO_SETS = "make a backup of the source first: it has no usable set"
SECOND = timedelta(seconds=1)


@dataclass(frozen=True)
class Row:
    """
    Inputs and facts that one rule judges, and its finding if it has one.
    """

    check: str
    tree: dict[str, Any]
    facts: Facts = FACTS
    what: str = ""
    remedy: str = ""


def rows(table: Iterable[tuple[Row, str]]) -> list[Any]:
    """
    Name each row by its rule and what is special about it.
    """
    return [pytest.param(row, id=f"{row.check}: {case}") for row, case in table]


def at(moment: Any) -> dict[str, Any]:
    """
    Ask for a restore to *moment*.
    """
    return values(restore_point={"time": format_instant(moment)})


def restoring(**point: object) -> dict[str, Any]:
    """
    Ask for a restore point.
    """
    return values(restore_point=point)


def paying(**payment: object) -> dict[str, Any]:
    """
    Ask for a payment.
    """
    return values(payment=payment)


def scaling(low: float, high: float, **more: object) -> dict[str, Any]:
    """
    Ask for scaling limits.
    """
    return values(capacity={"serverless": {"min_rcu": low, "max_rcu": high}}, **more)


def tagged(count: int) -> dict[str, Any]:
    """
    Ask for so many tags.
    """
    return values(tags={f"key-{n}": "value" for n in range(count)})


def source(**changes: Any) -> Facts:
    """
    Give the facts with a source that differs in *changes*.
    """
    return replace(FACTS, source=replace(SOURCE, **changes))


BEFORE_ALL = format_instant(OLDER_SET.ended)
OLDEST, NEWEST = format_instant(WINDOW.begin), format_instant(WINDOW.end)

PASSING = [
    (Row("restore-point-form", at(NOW)), "a time"),
    (Row("restore-point-form", restoring(backup_id="103")), "a backup set"),
    (Row("restore-point-form", restoring(latest="time")), "the newest time"),
    (
        Row("restore-point-form", restoring(latest="backup", before=NEWEST)),
        "a limit is no form",
    ),
    (Row("restore-point-form", restoring(time=UNKNOWN)), "one that is not known yet"),
    (Row("restore-point-before", restoring(latest="backup")), "no limit"),
    (
        Row("restore-point-before", restoring(latest="BACKUP", before=NEWEST)),
        "a limit of the newest set",
    ),
    (Row("subscription-term", paying()), "no subscription"),
    (Row("subscription-term", paying(type="PayAsYouGo")), "pay as you go"),
    (
        Row(
            "subscription-term", paying(type="Subscription", period="Month", duration=9)
        ),
        "the longest by the month",
    ),
    (
        Row(
            "subscription-term", paying(type="Subscription", period="Year", duration=3)
        ),
        "the longest by the year",
    ),
    (
        Row(
            "subscription-term",
            paying(type="Subscription", period="Year", duration=UNKNOWN),
        ),
        "a duration that is not known yet",
    ),
    (Row("term-without-subscription", paying()), "no term"),
    (
        Row(
            "term-without-subscription",
            paying(type="Subscription", period="Month", duration=1),
        ),
        "a subscription",
    ),
    (Row("serverless-limits", values()), "neither"),
    (Row("serverless-limits", values(capacity={"storage_gb": 100})), "a capacity"),
    (
        Row("serverless-limits", scaling(1, 2, payment={"type": "Serverless"})),
        "both",
    ),
    (Row("serverless-range", values()), "no capacity"),
    (Row("serverless-range", values(capacity={})), "no limits"),
    (Row("serverless-range", scaling(1, 2)), "in order"),
    (Row("serverless-range", scaling(2, 2)), "equal"),
    (Row("deletion-protection-payment", values()), "no protection"),
    (
        Row("deletion-protection-payment", values(deletion_protection=True)),
        "pay as you go",
    ),
    (
        Row(
            "deletion-protection-payment",
            values(deletion_protection=False, payment={"type": "Subscription"}),
        ),
        "a subscription without protection",
    ),
    (Row("description-form", values()), "none"),
    (Row("description-form", values(description="ab")), "two letters"),
    (Row("description-form", values(description="a" * 64)), "64 letters"),
    (Row("description-form", values(description="A_1-b")), "every kind of character"),
    (Row("description-form", values(description="测试库")), "Chinese"),
    (Row("tags-count", values()), "none"),
    (Row("tags-count", tagged(15)), "as many as may be"),
    (Row("tags-reserved", values(tags={"team": "aliyun"})), "a reserved value"),
    (
        Row("tags-reserved", values(tags={"my-acs:": "1", "x-rdsclone:": "2"})),
        "a reserved word further on",
    ),
    (Row("source-primary", values()), "a primary"),
    (Row("source-running", values()), "running"),
    (Row("source-unlocked", values()), "unlocked"),
    (Row("source-unlocked", values(), source(lock_mode="")), "nothing told"),
    (Row("backup-exists", restoring(backup_id="102")), "one of its own"),
    (Row("backup-exists", restoring(backup_id="104")), "a failed one"),
    (Row("backup-exists", restoring(latest="backup")), "none is named"),
    (Row("backup-usable", restoring(backup_id="102")), "usable"),
    (Row("backup-usable", restoring(backup_id="999")), "it does not exist"),
    (Row("backup-usable", restoring(latest="backup")), "none is named"),
    (Row("backup-latest", restoring(latest="backup")), "there is one"),
    (
        Row("backup-latest", restoring(latest="backup", before="2026-11-20T00:00:00Z")),
        "there is an older one",
    ),
    (
        Row("backup-latest", restoring(latest="time"), replace(FACTS, backup_sets=())),
        "the newest time needs none",
    ),
    (Row("time-in-window", at(WINDOW.begin)), "the oldest second"),
    (Row("time-in-window", at(WINDOW.end)), "the newest second"),
    (Row("time-in-window", restoring(latest="time")), "no time is given"),
    (
        Row("time-in-window", at(NOW), replace(FACTS, window=NoWindow.NOT_TOLD)),
        "no window is told",
    ),
    (Row("log-backup-on", at(NOW)), "a window"),
    (Row("log-backup-on", restoring(latest="time")), "a window for the newest time"),
    (
        Row(
            "log-backup-on",
            restoring(backup_id="103"),
            replace(FACTS, window=NoWindow.LOG_BACKUP_OFF),
        ),
        "a backup set needs no logs",
    ),
    (
        Row(
            "log-backup-on",
            restoring(latest="backup"),
            replace(FACTS, window=NoWindow.NO_BACKUP),
        ),
        "nor does the newest set",
    ),
    (
        Row("log-backup-on", at(NOW), replace(FACTS, window=NoWindow.NOT_TOLD)),
        "a time that nobody can verify",
    ),
    (
        Row(
            "log-backup-on",
            restoring(latest="time"),
            replace(FACTS, window=NoWindow.NOT_NOW),
        ),
        "a source that its own check refuses",
    ),
]

ONE_FORM = "give exactly one of time, backup_id and latest"
TERM = "add them, such as period: Month and duration: 1"
RANGE = "choose a duration in that range"
NO_TERM = "remove them, or set type to Subscription"
NAME = "use 2 to 64 characters: a letter first, then letters, digits, _ and -"
KEYS = "choose keys that do not begin with aliyun, acs: or rdsclone: and hold no URL"
LOGS = (
    "switch log backup on and wait for a full backup, or restore a set with "
    "backup_id or latest: backup"
)


def wrong(
    check: str, tree: dict[str, Any], what: str, remedy: str, facts: Facts = FACTS
) -> Row:
    """
    Make a row that fails.
    """
    return Row(check, tree, facts, what, remedy)


FAILING = [
    (
        wrong("restore-point-form", restoring(), "says nothing to restore", ONE_FORM),
        "nothing",
    ),
    (
        wrong(
            "restore-point-form",
            restoring(before=NEWEST),
            "says nothing to restore",
            ONE_FORM,
        ),
        "a limit alone",
    ),
    (
        wrong(
            "restore-point-form",
            restoring(time=NEWEST, backup_id="103"),
            "time and backup_id are given together",
            ONE_FORM,
        ),
        "two forms",
    ),
    (
        wrong(
            "restore-point-form",
            restoring(time=NEWEST, backup_id=UNKNOWN),
            "time and backup_id are given together",
            ONE_FORM,
        ),
        "two forms, one not known yet",
    ),
    (
        wrong(
            "restore-point-form",
            restoring(time=NEWEST, backup_id="103", latest="time"),
            "time, backup_id and latest are given together",
            ONE_FORM,
        ),
        "three forms",
    ),
    (
        wrong(
            "restore-point-before",
            restoring(latest="time", before=NEWEST),
            "only limits latest: backup",
            "remove it, or set latest to backup",
        ),
        "with the newest time",
    ),
    (
        wrong(
            "restore-point-before",
            restoring(backup_id="103", before=NEWEST),
            "only limits latest: backup",
            "remove it, or set latest to backup",
        ),
        "with a backup set",
    ),
    (
        wrong(
            "subscription-term",
            paying(type="Subscription"),
            "a subscription needs both period and duration",
            TERM,
        ),
        "no term",
    ),
    (
        wrong(
            "subscription-term",
            paying(type="Subscription", period="Month"),
            "a subscription needs both period and duration",
            TERM,
        ),
        "no duration",
    ),
    (
        wrong(
            "subscription-term",
            paying(type="Subscription", duration=1),
            "a subscription needs both period and duration",
            TERM,
        ),
        "no period",
    ),
    (
        wrong(
            "subscription-term",
            paying(type="Subscription", period="Month", duration=10),
            "a subscription by Month runs for 1 to 9, not 10",
            RANGE,
        ),
        "ten months",
    ),
    (
        wrong(
            "subscription-term",
            paying(type="Subscription", period="Year", duration=4),
            "a subscription by Year runs for 1 to 3, not 4",
            RANGE,
        ),
        "four years",
    ),
    (
        wrong(
            "term-without-subscription",
            paying(period="Month"),
            "period and duration have no meaning with PayAsYouGo",
            NO_TERM,
        ),
        "a period",
    ),
    (
        wrong(
            "term-without-subscription",
            paying(type="Serverless", duration=1),
            "period and duration have no meaning with Serverless",
            NO_TERM,
        ),
        "a duration",
    ),
    (
        wrong(
            "serverless-limits",
            paying(type="Serverless"),
            "Serverless payment needs scaling limits",
            "add capacity.serverless with min_rcu and max_rcu",
        ),
        "no limits",
    ),
    (
        wrong(
            "serverless-limits",
            scaling(1, 2),
            "capacity.serverless has no meaning with PayAsYouGo",
            "remove it, or set payment.type to Serverless",
        ),
        "another payment",
    ),
    (
        wrong(
            "serverless-range",
            scaling(8, 0.5),
            "min_rcu 8 is above max_rcu 0.5",
            "exchange them",
        ),
        "out of order",
    ),
    (
        wrong(
            "deletion-protection-payment",
            values(deletion_protection=True, payment={"type": "Subscription"}),
            "not available for Subscription clones",
            "remove it, or set payment.type to PayAsYouGo",
        ),
        "a subscription",
    ),
    (
        wrong(
            "deletion-protection-payment",
            values(deletion_protection=True, payment={"type": "Serverless"}),
            "not available for Serverless clones",
            "remove it, or set payment.type to PayAsYouGo",
        ),
        "a serverless clone",
    ),
    *(
        (
            wrong(
                "description-form",
                values(description=text),
                "not a name that RDS takes",
                NAME,
            ),
            case,
        )
        for text, case in (
            ("", "empty"),
            ("a", "one letter"),
            ("a" * 65, "65 letters"),
            ("1ab", "a digit first"),
            ("_ab", "an underscore first"),
            ("a b", "a space"),
            ("ab\n", "a line break"),
            ("añb", "an accent"),
        )
    ),
    (
        wrong("tags-count", tagged(16), "16 tags are too many", "keep at most 15"),
        "one too many",
    ),
    *(
        (
            wrong(
                "tags-reserved",
                values(tags={"team": "data", key: "x"}),
                f"reserved key {key!r}",
                KEYS,
            ),
            case,
        )
        for key, case in (
            ("", "an empty key"),
            ("aliyunFoo", "the cloud's"),
            ("ACS:rds", "the cloud's in capitals"),
            ("rdsclone:key", "ours"),
            ("see-http://x", "a URL"),
            ("see-https://x", "a safe URL"),
        )
    ),
    (
        wrong(
            "source-primary",
            values(),
            "rm-source is a Readonly instance",
            "name the primary instance it belongs to",
            source(role="Readonly"),
        ),
        "a read-only instance",
    ),
    *(
        (
            wrong(
                "source-running",
                values(),
                f"rm-source is {status}",
                "wait until it is Running",
                source(status=status),
            ),
            status,
        )
        for status in ("Stopped", "Rebooting", "TRANSING", "Creating")
    ),
    *(
        (
            wrong(
                "source-unlocked",
                values(),
                f"rm-source is {what}",
                remedy,
                source(lock_mode=mode),
            ),
            mode,
        )
        for mode, what, remedy in (
            ("ManualLock", "locked by hand", "unlock it in the console"),
            ("LockByExpiration", "locked because it expired", "renew it"),
            (
                "LockByRestoration",
                "locked by a rollback",
                "wait for the rollback to end",
            ),
            (
                "LockByDiskQuota",
                "locked because its disk is full",
                "extend its storage",
            ),
            (
                "LockReadInstanceByDiskQuota",
                "locked because its disk is full",
                "extend its storage",
            ),
            ("LockByMoon", "locked (LockByMoon)", "unlock it"),
        )
    ),
    (
        wrong(
            "backup-exists",
            restoring(backup_id="999"),
            "rm-source has no backup set 999",
            ADVICE,
        ),
        "another's",
    ),
    (
        wrong(
            "backup-exists",
            restoring(backup_id="999"),
            "rm-source has no backup set 999",
            NO_SETS,
            replace(FACTS, backup_sets=()),
        ),
        "no sets at all",
    ),
    *(
        (
            wrong(
                "backup-usable",
                restoring(backup_id=backup.id),
                f"backup set {backup.id} {what}",
                ADVICE,
            ),
            case,
        )
        for backup, what, case in (
            (FAILED_SET, "failed", "a failed set"),
            (LOGICAL_SET, "is a logical backup", "a logical set"),
            (WITHDRAWN_SET, "is not available", "a set not available"),
        )
    ),
    (
        wrong(
            "backup-latest",
            restoring(latest="backup"),
            "rm-source has no usable backup set",
            NO_SETS,
            replace(FACTS, backup_sets=(FAILED_SET, LOGICAL_SET, WITHDRAWN_SET)),
        ),
        "only useless ones",
    ),
    (
        wrong(
            "backup-latest",
            restoring(latest="backup", before=BEFORE_ALL),
            f"rm-source has no usable backup set that ended before {BEFORE_ALL}",
            ADVICE,
        ),
        "the oldest ended just then",
    ),
    (
        wrong(
            "time-in-window",
            at(WINDOW.begin - SECOND),
            "2026-11-13T11:59:59Z is before the oldest restorable second",
            f"choose a time from {OLDEST} to {NEWEST}, the nearest is {OLDEST}",
        ),
        "a second too early",
    ),
    (
        wrong(
            "time-in-window",
            at(WINDOW.end + SECOND),
            "2026-11-20T12:00:01Z is after the newest restorable second",
            f"choose a time from {OLDEST} to {NEWEST}, the nearest is {NEWEST}",
        ),
        "a second too late",
    ),
    *(
        (
            wrong(
                "log-backup-on",
                tree,
                f"rm-source has no restorable time: {why}",
                LOGS,
                replace(FACTS, window=window),
            ),
            f"{why}, {case}",
        )
        for window, why in (
            (NoWindow.LOG_BACKUP_OFF, "log backup is off"),
            (NoWindow.NO_BACKUP, "there is no backup to start from"),
        )
        for tree, case in (
            (at(NOW), "a time"),
            (restoring(latest="time"), "the newest time"),
        )
    ),
    (
        wrong(
            "log-backup-on",
            restoring(latest="time"),
            "no newest time is known for rm-source: the API tells no window for this "
            "engine",
            "give a time, or use latest: backup",
            replace(FACTS, window=NoWindow.NOT_TOLD),
        ),
        "an engine without a window",
    ),
]

BY_ID = {check.id: check for check in CHECKS}
FIRST_FAILING = {row.check: row for row, _ in reversed(FAILING)}
READING = [
    pytest.param(check, path, id=f"{check.id}: {path}")
    for check in CHECKS
    for path in sorted(
        {
            ".".join(read.split(".")[: depth + 1])
            for read in check.reads
            for depth in range(read.count(".") + 1)
        }
    )
]
NEEDING = [
    pytest.param(check, fact, id=f"{check.id}: {fact}")
    for check in CHECKS
    for fact in check.facts
]


@pytest.mark.parametrize("row", rows(PASSING))
def test_passing(row: Row) -> None:
    """
    The rule finds nothing.
    """
    assert judge([BY_ID[row.check]], read(row.tree), row.facts) == ()


@pytest.mark.parametrize("row", rows(FAILING))
def test_failing(row: Row) -> None:
    """
    The rule says what is wrong and what to do, at the first input that it reads.
    """
    check = BY_ID[row.check]
    problem = Problem(
        check=row.check, path=check.reads[0], what=row.what, remedy=row.remedy
    )

    assert (problem,) == judge([check], read(row.tree), row.facts)


@pytest.mark.parametrize("table", [PASSING, FAILING], ids=["passing", "failing"])
def test_every_rule_has_rows(table: list[tuple[Row, str]]) -> None:
    """
    No rule goes without a row that passes and one that fails.
    """
    assert set(BY_ID) == {row.check for row, _ in table}


@pytest.mark.parametrize(("check", "path"), READING)
def test_deferred(check: Check, path: str) -> None:
    """
    A rule waits while anything it reads is unknown, the group around it included.
    """
    row = FIRST_FAILING[check.id]
    spec = read(with_value(row.tree, path, UNKNOWN))

    assert judge([check], spec, row.facts) == ()


@pytest.mark.parametrize(("check", "fact"), NEEDING)
def test_passed_over(check: Check, fact: str) -> None:
    """
    A rule is passed over while a fact that it needs could not be learnt.
    """
    row = FIRST_FAILING[check.id]
    facts = replace(row.facts, **{fact: None})

    assert judge([check], read(row.tree), facts) == ()


def test_every_finding_comes() -> None:
    """
    All rules are applied, whatever the others found, in the order of the table.
    """
    spec = read(
        values(
            restore_point={"backup_id": "999"},
            payment={"period": "Month"},
            description="1",
        )
    )
    facts = source(status="Stopped", lock_mode="ManualLock")

    assert [
        "term-without-subscription",
        "description-form",
        "source-running",
        "source-unlocked",
        "backup-exists",
    ] == [problem.check for problem in judge(CHECKS, spec, facts)]


def test_healthy_source_is_cloned() -> None:
    """
    Nothing is found where nothing is wrong.
    """
    assert judge(CHECKS, read(values()), FACTS) == ()


def test_ids_are_unique() -> None:
    """
    A rule is known by its id.
    """
    assert len(CHECKS) == len({check.id for check in CHECKS})


@pytest.mark.parametrize("check", CHECKS, ids=[check.id for check in CHECKS])
def test_rule_is_described(check: Check) -> None:
    """
    A rule says what must hold, reads inputs that exist, and refuses.
    """
    roots = fields_of(CloneSpec)
    groups = {f.path for r in roots if r.part for f in fields_of(r.part, f"{r.path}.")}
    paths = {field.path for field in (*fields_of(CloneSpec), *leaves_of(CloneSpec))}

    assert check.doc.strip()
    assert set(check.reads) <= paths | groups
    assert check.severity is Severity.ERROR
