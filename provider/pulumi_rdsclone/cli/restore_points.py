"""
The command ``restore-points``.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise
from typing import Any, TypeVar

from pulumi_rdsclone.cli import output
from pulumi_rdsclone.cli.connection import default_region
from pulumi_rdsclone.cli.exit_codes import ExitCode
from pulumi_rdsclone.cli.phrases import NOT_KNOWN, source_rows, window_text
from pulumi_rdsclone.cloud.regions import CloudRegions
from pulumi_rdsclone.domain.backups import BackupSet, NoWindow, RecoveryWindow, Span
from pulumi_rdsclone.domain.errors import AccessDeniedError, ApiError, PrerequisiteError
from pulumi_rdsclone.domain.facts import Facts, Missing, known_or_none
from pulumi_rdsclone.domain.judging import UnknownFact
from pulumi_rdsclone.domain.problems import Problem
from pulumi_rdsclone.domain.reporting import format_age
from pulumi_rdsclone.domain.times import format_instant
from pulumi_rdsclone.domain.values import Document
from pulumi_rdsclone.lifecycle.read_cache import ReadTimedOutError
from pulumi_rdsclone.lifecycle.sources import backup_sets_of, look_up, window_of
from pulumi_rdsclone.lifecycle.unknown_facts import unknown_fact
from pulumi_rdsclone.presentation.documents import to_document
from pulumi_rdsclone.presentation.spelling import to_camel, to_message

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class _Points:
    """
    The restore points of a source.

    Attributes:
        source_id: The source.
        region: Its region.
        facts: The facts that were read.
        now: When they were read.
        unknown_facts: The facts that could not be read.
        problems: Why nothing can be restored.
    """

    source_id: str
    region: str
    facts: Facts
    now: datetime
    unknown_facts: tuple[UnknownFact, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def backup_sets(self) -> tuple[BackupSet, ...]:
        """
        The backup sets, the newest first; none if they are not known.
        """
        return known_or_none(self.facts.backup_sets) or ()

    @property
    def code(self) -> ExitCode:
        """
        The exit code: whether anything can be restored.
        """
        by_time = isinstance(self.facts.window, RecoveryWindow)
        by_set = any(backup.usable for backup in self.backup_sets)
        return ExitCode.SUCCESS if by_time or by_set else ExitCode.REFUSED

    def why_not_known(self, fact: str) -> str:
        """
        Return why *fact* is not known.
        """
        reasons = [
            f"{unknown.why} — {unknown.remedy}"
            for unknown in self.unknown_facts
            if unknown.fact == fact
        ]
        return f"{NOT_KNOWN}: {'; '.join(reasons)}" if reasons else NOT_KNOWN


def print_restore_points(
    source_id: str, regions: CloudRegions, *, as_json: bool
) -> ExitCode:
    """
    Print the restore points of the source *source_id*.

    Raises:
        ConfigurationError: No region is given, or the credentials are refused.
        CloneError: The cloud gave no usable answer.
    """
    points = _read_points(source_id, regions)
    if as_json:
        output.document(to_document(_tree(points)))
        return points.code
    output.rows(_source_rows(points, regions.emulator), labelled=True)
    output.rows(_backup_set_rows(points))
    if points.code is ExitCode.REFUSED:
        output.rows([(), ("nothing can be restored",)])
    return points.code


def _read_points(source_id: str, regions: CloudRegions) -> _Points:
    region_id = default_region(regions)
    region = regions.at(region_id)
    reader = _FactReader()
    try:
        source = reader.read("source", look_up, source_id, region)
    except PrerequisiteError as error:
        return _Points(
            source_id=source_id,
            region=region_id,
            facts=Facts(),
            now=region.clock.now(),
            problems=error.problems,
        )
    if source is Missing.UNVERIFIED:
        reader.skip_without("source", "window")
    else:
        reader.read("window", window_of, source, region.cache)
    reader.read("backup_sets", backup_sets_of, source_id, region.cache)
    return _Points(
        source_id=source_id,
        region=region_id,
        facts=Facts(**reader.facts),
        now=region.clock.now(),
        unknown_facts=tuple(reader.unknown_facts),
    )


class _FactReader:
    """
    Reads facts, and collects why some are not known.
    """

    def __init__(self) -> None:
        self.facts: dict[str, Any] = {}
        self.unknown_facts: list[UnknownFact] = []

    def read(self, fact: str, ask: Callable[..., T], *arguments: object) -> T | Missing:
        """
        Read and return *fact*; of the source, only a missing permission is no error.
        """
        try:
            value: T | Missing = ask(*arguments)
        except (ApiError, ReadTimedOutError) as error:
            if fact == "source" and not isinstance(error, AccessDeniedError):
                raise
            self.unknown_facts.append(unknown_fact(fact, error))
            value = Missing.UNVERIFIED
        self.facts[fact] = value
        return value

    def skip_without(self, cause: str, fact: str) -> None:
        """
        Mark *fact* as unverified, with the reasons of *cause*.
        """
        self.facts[fact] = Missing.UNVERIFIED
        reasons = [reason for reason in self.unknown_facts if reason.fact == cause]
        self.unknown_facts += [replace(reason, fact=fact) for reason in reasons]


def _gaps(window: RecoveryWindow) -> list[Span]:
    return [Span(span.end, later.begin) for span, later in pairwise(window.spans)]


def _source_rows(points: _Points, emulator: str) -> Iterator[output.Row]:
    window = points.facts.window
    yield from source_rows(
        points.source_id, points.region, facts=points.facts, emulator=emulator
    )
    if points.problems:
        yield ()
        yield from (("error", to_message(problem)) for problem in points.problems)
        return
    if not isinstance(window, RecoveryWindow):
        is_missing = isinstance(window, Missing)
        yield (
            "window",
            points.why_not_known("window") if is_missing else window_text(window),
        )
        return
    ago = f"{format_age(points.now - window.end)} ago"
    yield "window", f"{window_text(window)}, {ago}"
    for gap in _gaps(window):
        yield "gap", f"{format_instant(gap.begin)} to {format_instant(gap.end)}"


def _backup_set_rows(points: _Points) -> Iterator[output.Row]:
    if points.problems:
        return
    yield ()
    if isinstance(points.facts.backup_sets, Missing):
        yield (f"backup sets {points.why_not_known('backup_sets')}",)
    elif not points.backup_sets:
        yield ("no backup sets",)
    else:
        yield "backup set", "ended", "age", "state"
        for backup in points.backup_sets:
            ended = format_instant(backup.ended)
            age = format_age(points.now - backup.ended)
            yield backup.id, ended, age, backup.why_not or "usable"


def _tree(points: _Points) -> Document:
    """
    Return everything as a tree of plain values, in snake_case; None is unknown.
    """
    facts = points.facts
    source, window = known_or_none(facts.source), facts.window
    are_known = not isinstance(facts.backup_sets, Missing)
    return {
        "source_instance_id": points.source_id,
        "region": points.region,
        "engine": source.engine if source else None,
        "engine_version": source.engine_version if source else None,
        "window": _window_tree(window) if isinstance(window, RecoveryWindow) else None,
        "no_window": window.value if isinstance(window, NoWindow) else None,
        "backup_sets": [_set_tree(backup, points) for backup in points.backup_sets]
        if are_known
        else None,
        "not_known": [
            {
                "fact": to_camel(unknown.fact),
                "why": unknown.why,
                "remedy": unknown.remedy,
            }
            for unknown in points.unknown_facts
        ],
        "problems": [problem.tree() for problem in points.problems],
    }


def _window_tree(window: RecoveryWindow) -> Document:
    gaps = [_span_tree(gap) for gap in _gaps(window)]
    return {**_span_tree(Span(window.begin, window.end)), "gaps": gaps}


def _span_tree(span: Span) -> Document:
    return {"begin": format_instant(span.begin), "end": format_instant(span.end)}


def _set_tree(backup: BackupSet, points: _Points) -> Document:
    age = points.now - backup.ended
    return {
        "id": backup.id,
        "time": format_instant(backup.ended),
        "age_seconds": int(age.total_seconds()),
        "usable": backup.usable,
        "why_not": backup.why_not or None,
    }
