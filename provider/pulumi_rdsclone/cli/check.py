"""
The command ``check``.
"""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Final

from pulumi_rdsclone.cli import output
from pulumi_rdsclone.cli.connection import default_region
from pulumi_rdsclone.cli.exit_codes import ExitCode
from pulumi_rdsclone.cli.phrases import (
    NOT_KNOWN,
    restore_text,
    source_rows,
    window_text,
)
from pulumi_rdsclone.cli.validation import region_fault
from pulumi_rdsclone.cloud.regions import CloudRegions
from pulumi_rdsclone.domain.errors import ConfigurationError
from pulumi_rdsclone.domain.facts import Missing, known_or_none
from pulumi_rdsclone.domain.parsing import parse
from pulumi_rdsclone.domain.problems import Severity
from pulumi_rdsclone.domain.reporting import Report, format_age
from pulumi_rdsclone.domain.values import Properties
from pulumi_rdsclone.lifecycle.examining import examine, examine_inputs
from pulumi_rdsclone.lifecycle.fact_reading import PREVIEW_MAX_AGE
from pulumi_rdsclone.lifecycle.sources import require_source
from pulumi_rdsclone.presentation.documents import to_document
from pulumi_rdsclone.presentation.spelling import to_message

_NOT_ASKED: Final = "the cloud was not asked"


def check_clone(tree: Properties, regions: CloudRegions, *, as_json: bool) -> ExitCode:
    """
    Check the clone with the inputs *tree* and print the report.

    The cloud is asked only about inputs that are valid by themselves.

    Returns:
        USAGE_ERROR if the inputs are wrong by themselves, REFUSED if anything else
        refuses the clone.

    Raises:
        ConfigurationError: No region is given, it is not the id of one, or the
            credentials are refused.
        CloneError: The cloud gave no usable answer.
    """
    if "region" not in tree:
        tree = {**tree, "region": default_region(regions)}
    elif isinstance(tree["region"], str) and (fault := region_fault(tree["region"])):
        raise ConfigurationError(fault)
    parsed = parse(tree)
    report = examine_inputs(parsed, regions)
    if report.errors:
        rows = [*_findings(report), ("verdict", f"{_verdict(report)}, {_NOT_ASKED}")]
        _print(report, rows, as_json=as_json)
        return ExitCode.USAGE_ERROR
    report = examine(parsed, regions, max_age=PREVIEW_MAX_AGE)
    require_source(report, regions)
    _print(report, _rows(report, regions.emulator), as_json=as_json)
    return ExitCode.REFUSED if report.errors else ExitCode.SUCCESS


def _print(report: Report, rows: Iterable[output.Row], *, as_json: bool) -> None:
    if as_json:
        output.document(to_document(report.tree()))
    else:
        output.rows(rows, labelled=True)


def _rows(report: Report, emulator: str) -> Iterator[output.Row]:
    yield from source_rows(
        report.source_id or NOT_KNOWN,
        report.region_id,
        facts=report.facts,
        emulator=emulator,
    )
    yield "restore", _restore(report)
    if report.facts.window is not Missing.NOT_NEEDED:
        yield "window", window_text(report.facts.window)
    yield "price", _price(report)
    yield "checks", _counted(report.counts)
    yield ()
    yield from _findings(report)
    yield "verdict", _verdict(report)


def _findings(report: Report) -> Iterator[output.Row]:
    for severity in (Severity.ERROR, Severity.WARNING):
        for problem in report.problems:
            if problem.severity is severity:
                yield severity.value, to_message(problem)


def _restore(report: Report) -> str:
    age = report.age
    ago = f", {format_age(age)} ago" if age is not None and age >= timedelta() else ""
    return f"{restore_text(report.restore)}{ago}"


def _price(report: Report) -> str:
    if price := known_or_none(report.facts.price):
        return str(price)
    why = report.why_no_price
    return f"{NOT_KNOWN}: {why}" if why else NOT_KNOWN


def _counted(counts: dict[str, int]) -> str:
    return ", ".join(f"{count} {word}" for word, count in counts.items() if count)


def _verdict(report: Report) -> str:
    errors = len(report.errors)
    warnings = len(report.problems) - errors
    found = [
        f"{count} {word}{'' if count == 1 else 's'}"
        for count, word in ((errors, "error"), (warnings, "warning"))
        if count
    ]
    return ", ".join(["refused" if errors else "accepted", *found])
