from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from pulumi_rdsclone.domain.backups import BackupSet, NoWindow, RecoveryWindow, Span
from pulumi_rdsclone.domain.checks import CHECKS
from pulumi_rdsclone.domain.facts import Facts
from pulumi_rdsclone.domain.functions import (
    Backup,
    Backups,
    BackupsQuery,
    CheckCounts,
    CloneCheck,
    CloneProblem,
    LatestBackupQuery,
    RestorableSpan,
    RestorableWindow,
)
from pulumi_rdsclone.domain.judging import judge
from pulumi_rdsclone.domain.model import Field, FieldGroup, fields_of
from pulumi_rdsclone.domain.problems import Problem
from pulumi_rdsclone.domain.reporting import Report
from tests.domain.samples import (
    FACTS,
    FAILED_SET,
    LOGICAL_SET,
    NEWEST_SET,
    NOW,
    SOURCE,
    read,
    values,
)
from tests.support.rows import case, row

HOUR = timedelta(hours=1)
PARTS: list[type[FieldGroup]] = [
    Backup,
    Backups,
    BackupsQuery,
    CheckCounts,
    CloneCheck,
    CloneProblem,
    LatestBackupQuery,
    RestorableSpan,
    RestorableWindow,
]
FIELDS = [
    row(f"{part.__name__}.{field.name}", field) for part in PARTS for field in fields_of(part)
]


def report(facts: Facts = FACTS, problems: tuple[Problem, ...] = ()) -> Report:
    """
    Return the report of the healthy clone by time, with *problems* of its form.
    """
    declared = {"security_ips": {}, "accounts_exclusive": True}
    spec = read(values(region="cn-hangzhou", **declared))
    judgement = judge(CHECKS, spec, facts=facts)
    found = (*problems, *judgement.problems)
    return Report(spec=spec, facts=facts, judgement=judgement, problems=found)


@pytest.mark.parametrize("field", FIELDS)
def test_field_has_a_sentence_and_no_policy(field: Field) -> None:
    assert field.doc[:1].isupper()
    assert field.doc.endswith(".")
    assert field.change is None


@pytest.mark.parametrize(
    ("backup", "told"),
    [
        row("usable", NEWEST_SET, {"is_usable": True}),
        case("failed")(
            FAILED_SET, {"backup_id": "104", "end_time": "2026-11-20T06:00:00Z", "reason": "failed"}
        ),
        case("logical", LOGICAL_SET)(
            {
                "backup_id": "105",
                "end_time": "2026-11-20T07:00:00Z",
                "method": "Logical",
                "reason": "is a logical backup",
            }
        ),
        case("incremental", replace(NEWEST_SET, full=False, method=""))(
            {"is_usable": True, "type": "IncrementalBackup", "method": None}
        ),
        case("told in full", replace(NEWEST_SET, started=NOW - 13 * HOUR, size_bytes=2**31))(
            {"is_usable": True, "start_time": "2026-11-19T23:00:00Z", "size_bytes": 2147483648.0}
        ),
    ],
)
def test_set_is_told_with_what_keeps_it_from_use(backup: BackupSet, told: dict[str, Any]) -> None:
    plain = {
        "backup_id": "103",
        "start_time": None,
        "end_time": "2026-11-20T00:00:00Z",
        "size_bytes": None,
        "type": "FullBackup",
        "method": "Physical",
        "is_usable": False,
        "reason": None,
    }

    assert Backup.of(backup).complete() == {**plain, **told}


def test_window_is_told_with_ends_and_spans() -> None:
    older = Span(NOW - 9 * HOUR, NOW - 8 * HOUR)
    window = RecoveryWindow((older, Span(NOW - HOUR, NOW)))

    assert RestorableWindow.of(SOURCE, window, region="cn-beijing").complete() == {
        "source_instance_id": "rm-source",
        "region": "cn-beijing",
        "engine": "MySQL",
        "engine_version": "8.0",
        "earliest": "2026-11-20T03:00:00Z",
        "latest": "2026-11-20T12:00:00Z",
        "spans": [
            {"begin": "2026-11-20T03:00:00Z", "end": "2026-11-20T04:00:00Z"},
            {"begin": "2026-11-20T11:00:00Z", "end": "2026-11-20T12:00:00Z"},
        ],
        "reason": None,
    }


def test_missing_window_is_told_with_its_reason() -> None:
    told = RestorableWindow.of(SOURCE, NoWindow.LOG_BACKUP_OFF, region="cn-hangzhou")

    assert (None, None, []) == (told.earliest, told.latest, told.spans)
    assert told.reason == "log backups are disabled"


def test_report_of_an_accepted_clone_is_complete() -> None:
    told = dict(CloneCheck.of(report()).complete())

    counts = told.pop("checks")
    assert told == {
        "can_be_cloned": True,
        "source_instance_id": "rm-source",
        "region": "cn-hangzhou",
        "engine": "MySQL",
        "engine_version": "8.0",
        "backup_id": None,
        "time": "2026-11-20T12:00:00Z",
        "age_seconds": 0,
        "window": {"begin": "2026-11-13T12:00:00Z", "end": "2026-11-20T12:00:00Z"},
        "estimated_price": {"amount": 1.25, "currency": "CNY", "per": "hour"},
        "whitelist": "declared",
        "problems": [],
    }
    assert sum(counts.values()) == counts["passed"] == len(CHECKS)


def test_report_of_a_refused_clone_has_every_problem() -> None:
    stopped = replace(FACTS, source=replace(SOURCE, status="Stopped"))
    fault = Problem(check="input-form", path="zones", what="wrong", remedy="right")

    told = CloneCheck.of(report(stopped, (fault,)))

    assert not told.can_be_cloned
    assert told.problems[0].complete() == fault.tree()
    assert "source-running" in [problem.check for problem in told.problems]
    assert told.checks.failed == 1


def test_unknown_facts_are_none() -> None:
    told = CloneCheck.of(report(Facts()))

    assert (None, None, None) == (told.engine, told.window, told.estimated_price)
