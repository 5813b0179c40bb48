"""
The command ``checks``.
"""

from pulumi_rdsclone.cli import output
from pulumi_rdsclone.cli.exit_codes import ExitCode
from pulumi_rdsclone.domain.checking import Check
from pulumi_rdsclone.domain.checks import CHECKS
from pulumi_rdsclone.presentation.documents import to_document
from pulumi_rdsclone.presentation.spelling import spell


def print_checks(*, as_json: bool) -> ExitCode:
    """
    Print all checks in the order in which their findings are reported.
    """
    if as_json:
        output.document([to_document(_tree(entry)) for entry in CHECKS])
    else:
        output.rows(_row(entry) for entry in CHECKS)
    return ExitCode.SUCCESS


def _tree(entry: Check) -> dict[str, object]:
    return {
        "id": entry.id,
        "severity": entry.severity.value,
        "must_hold": _must_hold(entry),
        "can_skip": not entry.required,
    }


def _row(entry: Check) -> output.Row:
    note = " (cannot be skipped)" if entry.required else ""
    return entry.id, entry.severity.value, f"{_must_hold(entry)}{note}"


def _must_hold(entry: Check) -> str:
    return spell(entry.doc.splitlines()[0])
