"""
The command ``restore-points``.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import pairwise
from typing import Any, Final

from pulumi_rdsclone.adapters.properties import to_camel, to_message
from pulumi_rdsclone.adapters.reports import report_document
from pulumi_rdsclone.cli import output
from pulumi_rdsclone.cli.guarding import Code
from pulumi_rdsclone.cli.reach import default_region, insist
from pulumi_rdsclone.cli.words import NOT_KNOWN, source_rows, window_text
from pulumi_rdsclone.cloud.regions import Regions
from pulumi_rdsclone.domain.backups import (
    BackupSet,
    NoWindow,
    RecoveryWindow,
    Span,
    window_from_logs,
)
from pulumi_rdsclone.domain.checking import Unlearnt, judge
from pulumi_rdsclone.domain.checks import CHECKS
from pulumi_rdsclone.domain.facts import Facts, Gap, told
from pulumi_rdsclone.domain.instances import SQL_SERVER
from pulumi_rdsclone.domain.parsing import parse
from pulumi_rdsclone.domain.problems import Problem
from pulumi_rdsclone.domain.reporting import format_age
from pulumi_rdsclone.domain.spec import CloneSpec
from pulumi_rdsclone.domain.times import format_instant
from pulumi_rdsclone.lifecycle.learning import FOR_PREVIEW, learn
from pulumi_rdsclone.lifecycle.library import Library

_SHOWN: Final = ("source", "window", "backup_sets")
"""The facts that this command is about."""


@dataclass(frozen=True, kw_only=True)
class _Points:
    """
    What of a source can be restored.

    Attributes:
        spec: The source, and where it is.
        facts: What was learnt.
        unlearnt: What of it was not told.
        problems: Why there is nothing to tell.
    """

    spec: CloneSpec
    facts: Facts
    unlearnt: tuple[Unlearnt, ...]
    problems: tuple[Problem, ...]

    @property
    def backup_sets(self) -> list[BackupSet]:
        """
        The sets, the newest first.
        """
        sets = told(self.facts.backup_sets) or ()
        return sorted(sets, key=lambda one: one.ended, reverse=True)

    @property
    def code(self) -> Code:
        """
        Whether anything can be restored.
        """
        by_time = isinstance(self.facts.window, RecoveryWindow)
        by_set = any(one.usable for one in self.backup_sets)
        return Code.FINE if by_time or by_set else Code.REFUSED

    def why_not_known(self, fact: str) -> str:
        """
        Say why *fact* was not told.
        """
        reasons = [f"{o.why} — {o.remedy}" for o in self.unlearnt if o.fact == fact]
        return f"{NOT_KNOWN}: {'; '.join(reasons)}" if reasons else NOT_KNOWN


def restore_points(source_id: str, sites: Regions, *, as_json: bool) -> Code:
    """
    Print what of the source *source_id* can be restored.

    Raises:
        ConfigurationError: No region is given, or the credentials are refused.
        CloneError: The cloud gave no usable answer.
    """
    points = _learn(source_id, sites)
    if as_json:
        output.document(report_document(_tree(points)))
        return points.code
    output.rows(_about_source(points, sites.emulator), labelled=True)
    output.rows(_about_sets(points))
    if points.code is Code.REFUSED:
        output.rows([(), ("nothing can be restored",)])
    return points.code


def _learn(source_id: str, sites: Regions) -> _Points:
    region = default_region(sites)
    library = sites.at(region).library
    wanted = {"source_instance_id": source_id, "region": region}
    by_time, by_set = (
        parse({**wanted, "restore_point": {"latest": what}}).spec
        for what in ("time", "backup")
    )
    times, sets = (learn(s, library, FOR_PREVIEW) for s in (by_time, by_set))
    insist(times.facts, sites, by_time)
    facts = replace(times.facts, backup_sets=sets.facts.backup_sets)
    unlearnt = dict.fromkeys((*times.unlearnt, *sets.unlearnt))
    required = [entry for entry in CHECKS if entry.required]
    return _Points(
        spec=by_time,
        facts=replace(facts, window=_whole_window(facts, library)),
        unlearnt=tuple(one for one in unlearnt if one.fact in _SHOWN),
        problems=judge(required, by_time, facts).problems,
    )


def _whole_window(facts: Facts, library: Library) -> RecoveryWindow | NoWindow | Gap:
    """
    Give the window, for SQL Server from all its logs.

    The checks ask for the logs around one instant only, and what is not asked for
    would look like a gap.
    """
    source, sets, now = told(facts.source), told(facts.backup_sets), told(facts.now)
    is_told = isinstance(facts.window, RecoveryWindow) and source and sets and now
    if not is_told or source.engine != SQL_SERVER:
        return facts.window
    begin = min(one.ended for one in sets if one.usable and one.full)
    # The API cuts to minutes: a log that ends in this one counts.
    asked = Span(begin, now + timedelta(hours=1))
    read = library.ask("log_backups", source.id, asked, max_age=FOR_PREVIEW)
    return window_from_logs(sets, library.take(read))


def _gaps(window: RecoveryWindow) -> list[Span]:
    return [Span(one.end, other.begin) for one, other in pairwise(window.spans)]


def _about_source(points: _Points, emulator: str) -> Iterator[output.Row]:
    spec, window = points.spec, points.facts.window
    yield from source_rows(spec.source_instance_id, spec.region, points.facts, emulator)
    if points.problems:
        yield ()
        yield from (("error", to_message(problem)) for problem in points.problems)
        return
    if not isinstance(window, RecoveryWindow):
        is_gap = isinstance(window, Gap)
        yield (
            "window",
            points.why_not_known("window") if is_gap else window_text(window),
        )
        return
    now = told(points.facts.now)
    yield "window", f"{window_text(window)}, {format_age(now - window.end)} ago"
    for gap in _gaps(window):
        yield "gap", f"{format_instant(gap.begin)} to {format_instant(gap.end)}"


def _about_sets(points: _Points) -> Iterator[output.Row]:
    if points.problems:
        return
    yield ()
    if isinstance(points.facts.backup_sets, Gap):
        yield (f"backup sets {points.why_not_known('backup_sets')}",)
    elif not points.backup_sets:
        yield ("no backup sets",)
    else:
        yield "backup set", "ended", "age", "state"
        now = told(points.facts.now)
        for one in points.backup_sets:
            state = one.why_not or "usable"
            yield one.id, format_instant(one.ended), format_age(now - one.ended), state


def _tree(points: _Points) -> dict[str, Any]:
    """
    Give everything as a tree of plain values, in snake_case; None is not known.
    """
    facts = points.facts
    source, window = told(facts.source), facts.window
    are_told = not isinstance(facts.backup_sets, Gap)
    return {
        "source_instance_id": points.spec.source_instance_id,
        "region": points.spec.region,
        "engine": source.engine if source else None,
        "engine_version": source.engine_version if source else None,
        "window": _window_tree(window) if isinstance(window, RecoveryWindow) else None,
        "no_window": window.value if isinstance(window, NoWindow) else None,
        "backup_sets": [_set_tree(one, points) for one in points.backup_sets]
        if are_told
        else None,
        "not_known": [
            {"fact": to_camel(one.fact), "why": one.why, "remedy": one.remedy}
            for one in points.unlearnt
        ],
        "problems": [problem.tree() for problem in points.problems],
    }


def _window_tree(window: RecoveryWindow) -> dict[str, Any]:
    gaps = [_span_tree(gap) for gap in _gaps(window)]
    return {**_span_tree(Span(window.begin, window.end)), "gaps": gaps}


def _span_tree(span: Span) -> dict[str, Any]:
    return {"begin": format_instant(span.begin), "end": format_instant(span.end)}


def _set_tree(backup: BackupSet, points: _Points) -> dict[str, Any]:
    age = told(points.facts.now) - backup.ended
    return {
        "id": backup.id,
        "time": format_instant(backup.ended),
        "age_seconds": int(age.total_seconds()),
        "usable": backup.usable,
        "why_not": backup.why_not or None,
    }
