from dataclasses import replace
from typing import Final

from pulumi_rdsclone.domain.problems import FormError, Problem, Severity

PROBLEM: Final = Problem(
    check="source-running",
    path="source_instance_id",
    what="rm-source is Stopped",
    remedy="wait until it is Running",
)


def test_problem_is_a_line() -> None:
    """
    A problem says in one line where, what, what to do, and who says so.
    """
    assert str(PROBLEM) == (
        "source_instance_id: rm-source is Stopped — wait until it is Running "
        "(source-running)"
    )


def test_problem_is_a_tree() -> None:
    """
    A problem is given as plain texts, its severity as a word.
    """
    tree = PROBLEM.tree()

    assert tree == {
        "check": "source-running",
        "path": "source_instance_id",
        "severity": "error",
        "what": "rm-source is Stopped",
        "remedy": "wait until it is Running",
    }
    assert {str} == {type(value) for value in tree.values()}


def test_warning_is_a_tree() -> None:
    """
    A warning's word is another one.
    """
    warning = replace(PROBLEM, severity=Severity.WARNING)

    assert warning.tree() == {**PROBLEM.tree(), "severity": "warning"}


def test_form_error() -> None:
    """
    A value that is written wrongly is told with what to do, in one line if need be.
    """
    error = FormError("'noon' is not a time", "write it like 2026-11-20T04:00:00Z")

    assert error.what == "'noon' is not a time"
    assert error.remedy == "write it like 2026-11-20T04:00:00Z"
    assert str(error) == "'noon' is not a time: write it like 2026-11-20T04:00:00Z"
