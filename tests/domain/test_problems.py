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


def test_problem_is_written_as_one_line() -> None:
    assert str(PROBLEM) == (
        "source_instance_id: rm-source is Stopped — wait until it is Running (source-running)"
    )


def test_problem_becomes_a_tree_of_texts() -> None:
    tree = PROBLEM.tree()

    assert tree == {
        "check": "source-running",
        "path": "source_instance_id",
        "severity": "error",
        "what": "rm-source is Stopped",
        "remedy": "wait until it is Running",
    }
    assert {str} == {type(value) for value in tree.values()}


def test_severity_of_a_warning_becomes_its_word() -> None:
    warning = replace(PROBLEM, severity=Severity.WARNING)

    assert warning.tree() == {**PROBLEM.tree(), "severity": "warning"}


def test_wrong_form_is_told_with_what_to_do() -> None:
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
    assert text == quoted(value)


@pytest.mark.parametrize(
    "value", ["rm-demo-1", "cn-hangzhou-h", "mysql.n2.small.1", "cloud_essd2", "serverless_ha"]
)
def test_plain_name_is_not_quoted(value: str) -> None:
    assert value == named(value)


@pytest.mark.parametrize("value", ["", " ", "a b", "-a", "a\n", "max_rcu", "x" * 65, "ä", "a'"])
def test_odd_name_is_quoted(value: str) -> None:
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
    assert text == listed(values)


def test_listed_names_that_read_like_words_are_quoted() -> None:
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
    assert line == one_line(text, 10 if text.startswith("x") else 100)


def test_message_with_an_unquoted_value_is_one_line() -> None:
    problem = replace(PROBLEM, path="a\nb", what="c\x1bd", remedy="e\r\nf")

    assert "a b: c d — e f (source-running)" == str(problem)
    assert "a b" == str(ConfigurationError("a\nb"))
    assert f"{problem}\n{PROBLEM}" == str(InvalidSpecError([problem, PROBLEM]))
