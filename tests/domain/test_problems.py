from dataclasses import replace
from typing import Final

import pytest

from pulumi_rdsclone.domain.errors import ConfigurationError, InvalidSpecError
from pulumi_rdsclone.domain.problems import (
    FormError,
    Problem,
    Severity,
    listed,
    named,
    one_line,
    quoted,
)

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
        "source_instance_id: rm-source is Stopped — wait until it is Running (source-running)"
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


def test_wrong_form_is_told_with_what_to_do() -> None:
    """
    A value that is written wrongly is told with what to do, in one line if need be.
    """
    error = FormError("'noon' is not a time", "write it like 2026-11-20T04:00:00Z")

    assert error.what == "'noon' is not a time"
    assert error.remedy == "write it like 2026-11-20T04:00:00Z"
    assert str(error) == "'noon' is not a time: write it like 2026-11-20T04:00:00Z"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("", "''"),
        ("  ", "'  '"),
        ("one", "'one'"),
        ("it's", '"it\'s"'),
        ("a\nb\x1b", r"'a\nb\x1b'"),
        ("x" * 38, f"'{'x' * 38}'"),
        ("x" * 39, f"'{'x' * 37}…'"),
        ("x" * 300, f"'{'x' * 37}…'"),
        ("\x1b" * 300, "'" + r"\x1b" * 9 + "…'"),
        (5, "5"),
        (list(range(300)), "[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, …"),
    ],
)
def test_value_stands_between_both_quotes(value: object, text: str) -> None:
    """
    A value stands between quotes of which both are there, however long it is.
    """
    assert text == quoted(value)


@pytest.mark.parametrize(
    "value", ["rm-demo-1", "cn-hangzhou-h", "mysql.n2.small.1", "cloud_essd2", "serverless_ha"]
)
def test_plain_names_need_no_quotes(value: str) -> None:
    """
    Ids and words as the cloud writes them are told as they are.
    """
    assert value == named(value)


@pytest.mark.parametrize("value", ["", " ", "a b", "-a", "a\n", "max_rcu", "x" * 65, "ä", "a'"])
def test_odd_names_are_quoted(value: str) -> None:
    """
    What looks like no id, or like the name of an input, stands in quotes.
    """
    assert quoted(value) == named(value)


@pytest.mark.parametrize(
    ("values", "text"),
    [
        ([], ""),
        (["b", "a"], "b, a"),
        (["", "a"], "'', a"),
        (list("abcdef"), "a, b, c, d, e, f"),
        (list("abcdefg"), "a, b, c, d, e, f, …"),
    ],
)
def test_list_names_six_values_at_most(values: list[str], text: str) -> None:
    """
    A list names six values at most, and says that there are more.
    """
    assert text == listed(values)


def test_listed_in_quotes() -> None:
    """
    Names that may read like words of the sentence stand in quotes.
    """
    assert "'one', 'two', …" == listed(["one", "two", "three"], quoted, most=2)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("as it is,  with blanks", "as it is,  with blanks"),
        ("two\n lines\x1b[0m", "two lines [0m"),
        ("x" * 10, "x" * 10),
        ("x" * 11, f"{'x' * 9}…"),
    ],
)
def test_text_becomes_one_printable_line(text: str, line: str) -> None:
    """
    A text becomes one printable line of limited length.
    """
    assert line == one_line(text, 10 if text.startswith("x") else 100)


def test_no_message_has_two_lines() -> None:
    """
    Problems and errors are one line, even where somebody forgot to quote a value.
    """
    problem = replace(PROBLEM, path="a\nb", what="c\x1bd", remedy="e\r\nf")

    assert "a b: c d — e f (source-running)" == str(problem)
    assert "a b" == str(ConfigurationError("a\nb"))
    assert f"{problem}\n{PROBLEM}" == str(InvalidSpecError([problem, PROBLEM]))
