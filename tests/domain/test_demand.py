"""
How the clones that share something are named.
"""

import pytest

from pulumi_rdsclone.domain.checks.program import names_of
from pulumi_rdsclone.domain.demand import ranges_of
from tests.support.rows import row


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        row("none", [], []),
        row("without numbers", ["b", "a"], [("a", "a"), ("b", "b")]),
        pytest.param(["c-2", "c-10", "c-9", "c-1"], [("c-1", "c-2"), ("c-9", "c-10")]),
        pytest.param(["c-0", "c-1", "d-2"], [("c-0", "c-1"), ("d-2", "d-2")]),
        row("a bare stem", ["c", "c0", "c1"], [("c", "c"), ("c0", "c1")]),
        row("zeros at the left", ["c-01", "c-02"], [("c-01", "c-02")]),
        pytest.param(["c-09", "c-10"], [("c-10", "c-10"), ("c-09", "c-09")]),
        row("numbers alone", ["7", "8"], [("7", "8")]),
        row("one name twice", ["a", "a"], [("a", "a")]),
    ],
)
def test_numbered_names_become_a_range(names: list[str], expected: list[tuple[str, str]]) -> None:
    assert expected == list(ranges_of(names))


def test_message_says_how_many_names_it_leaves_out() -> None:
    names = [f"{number}-{'x' * 20}" for number in range(1000)]

    text = names_of(names)

    told = text.count("'") // 2
    assert text.endswith(f", and {1000 - told} more")
    assert told > 50
