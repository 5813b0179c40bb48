"""
The command ``restore-points``.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from pulumi_rdsclone.adapters.properties import to_camel, to_message
from pulumi_rdsclone.adapters.reports import report_document
from pulumi_rdsclone.cli import output
from pulumi_rdsclone.cli.guarding import Code
from pulumi_rdsclone.cli.reach import default_region
from pulumi_rdsclone.cli.words import NOT_KNOWN, source_rows, window_text
from pulumi_rdsclone.cloud.regions import Regions
from pulumi_rdsclone.domain.backups import (
    BackupSet,
    NoWindow,
    RecoveryWindow,
    Span,
)
from pulumi_rdsclone.domain.checking import UnknownFact
from pulumi_rdsclone.domain.errors import (
    AccessDeniedError,
    ApiError,
    PrerequisiteError,
)
from pulumi_rdsclone.domain.facts import Facts, Missing, known_or_none
from pulumi_rdsclone.domain.problems import Problem
from pulumi_rdsclone.domain.reporting import format_age
from pulumi_rdsclone.domain.times import format_instant
from pulumi_rdsclone.lifecycle.fact_reading import unknown_fact
from pulumi_rdsclone.lifecycle.read_cache import ReadTimedOutError
from pulumi_rdsclone.lifecycle.sources import backup_sets_of, look_up, window_of


@dataclass(frozen=True, kw_only=True)
class _Points:
    """
    What of a source can be restored.

    Attributes:
        source_id: The source.
        region: Where it is.
        facts: What is known.
        unknown_facts: What was asked for and is not known.
        problems: Why there is nothing to tell.
    """

    source_id: str
    region: str
    facts: Facts
    unknown_facts: tuple[UnknownFact, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def backup_sets(self) -> tuple[BackupSet, ...]:
        """
        The sets, the newest first; none where they are not known.
        """
        sets: tuple[BackupSet, ...] = known_or_none(self.facts.backup_sets) or ()
        return sets

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
        reasons = [
            f"{o.why} — {o.remedy}" for o in self.unknown_facts if o.fact == fact
        ]
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
    site = sites.at(region)
    asked = _Asked()
    try:
        source = asked.learn("source", look_up, source_id, site)
    except PrerequisiteError as error:
        return _Points(
            source_id=source_id, region=region, facts=Facts(), problems=error.problems
        )
    if source is Missing.UNVERIFIED:
        asked.miss_without("source", "window")
    else:
        asked.learn("window", window_of, source, site.cache)
    asked.learn("backup_sets", backup_sets_of, source_id, site.cache)
    return _Points(
        source_id=source_id,
        region=region,
        facts=Facts(**asked.facts, now=site.clock.now()),
        unknown_facts=tuple(asked.unknown_facts),
    )


class _Asked:
    """
    What was asked for: facts, and reasons where there are none.
    """

    def __init__(self) -> None:
        self.facts: dict[str, Any] = {}
        self.unknown_facts: list[UnknownFact] = []

    def learn(self, fact: str, ask: Callable[..., Any], *arguments: Any) -> Any:
        """
        Learn *fact* from *ask*; for the source only a refusal to tell is an answer.
        """
        try:
            told_fact = ask(*arguments)
        except (ApiError, ReadTimedOutError) as error:
            if fact == "source" and not isinstance(error, AccessDeniedError):
                raise
            self.unknown_facts.append(unknown_fact(fact, error))
            told_fact = Missing.UNVERIFIED
        self.facts[fact] = told_fact
        return told_fact

    def miss_without(self, cause: str, fact: str) -> None:
        """
        Give *fact* up for the reason for which *cause* was not told.
        """
        self.facts[fact] = Missing.UNVERIFIED
        reasons = [one for one in self.unknown_facts if one.fact == cause]
        self.unknown_facts += [replace(one, fact=fact) for one in reasons]


def _gaps(window: RecoveryWindow) -> list[Span]:
    return [Span(one.end, other.begin) for one, other in pairwise(window.spans)]


def _about_source(points: _Points, emulator: str) -> Iterator[output.Row]:
    window = points.facts.window
    yield from source_rows(points.source_id, points.region, points.facts, emulator)
    if points.problems:
        yield ()
        yield from (("error", to_message(problem)) for problem in points.problems)
        return
    if not isinstance(window, RecoveryWindow):
        is_gap = isinstance(window, Missing)
        yield (
            "window",
            points.why_not_known("window") if is_gap else window_text(window),
        )
        return
    now = known_or_none(points.facts.now)
    yield "window", f"{window_text(window)}, {format_age(now - window.end)} ago"
    for gap in _gaps(window):
        yield "gap", f"{format_instant(gap.begin)} to {format_instant(gap.end)}"


def _about_sets(points: _Points) -> Iterator[output.Row]:
    if points.problems:
        return
    yield ()
    if isinstance(points.facts.backup_sets, Missing):
        yield (f"backup sets {points.why_not_known('backup_sets')}",)
    elif not points.backup_sets:
        yield ("no backup sets",)
    else:
        yield "backup set", "ended", "age", "state"
        now = known_or_none(points.facts.now)
        for one in points.backup_sets:
            state = one.why_not or "usable"
            yield one.id, format_instant(one.ended), format_age(now - one.ended), state


def _tree(points: _Points) -> dict[str, Any]:
    """
    Give everything as a tree of plain values, in snake_case; None is not known.
    """
    facts = points.facts
    source, window = known_or_none(facts.source), facts.window
    are_told = not isinstance(facts.backup_sets, Missing)
    return {
        "source_instance_id": points.source_id,
        "region": points.region,
        "engine": source.engine if source else None,
        "engine_version": source.engine_version if source else None,
        "window": _window_tree(window) if isinstance(window, RecoveryWindow) else None,
        "no_window": window.value if isinstance(window, NoWindow) else None,
        "backup_sets": [_set_tree(one, points) for one in points.backup_sets]
        if are_told
        else None,
        "not_known": [
            {"fact": to_camel(one.fact), "why": one.why, "remedy": one.remedy}
            for one in points.unknown_facts
        ],
        "problems": [problem.tree() for problem in points.problems],
    }


def _window_tree(window: RecoveryWindow) -> dict[str, Any]:
    gaps = [_span_tree(gap) for gap in _gaps(window)]
    return {**_span_tree(Span(window.begin, window.end)), "gaps": gaps}


def _span_tree(span: Span) -> dict[str, Any]:
    return {"begin": format_instant(span.begin), "end": format_instant(span.end)}


def _set_tree(backup: BackupSet, points: _Points) -> dict[str, Any]:
    age = known_or_none(points.facts.now) - backup.ended
    return {
        "id": backup.id,
        "time": format_instant(backup.ended),
        "age_seconds": int(age.total_seconds()),
        "usable": backup.usable,
        "why_not": backup.why_not or None,
    }
