"""
How the clones that share something are named.
"""

import pytest

from pulumi_rdsclone.domain.checks.program import names_of
from pulumi_rdsclone.domain.demand import ranges_of


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        pytest.param([], [], id="none"),
        pytest.param(["b", "a"], [("a", "a"), ("b", "b")], id="without numbers"),
        pytest.param(["c-2", "c-10", "c-9", "c-1"], [("c-1", "c-2"), ("c-9", "c-10")]),
        pytest.param(["c-0", "c-1", "d-2"], [("c-0", "c-1"), ("d-2", "d-2")]),
        pytest.param(["c", "c0", "c1"], [("c", "c"), ("c0", "c1")], id="a bare stem"),
        pytest.param(["c-01", "c-02"], [("c-01", "c-02")], id="zeros at the left"),
        pytest.param(["c-09", "c-10"], [("c-10", "c-10"), ("c-09", "c-09")]),
        pytest.param(["7", "8"], [("7", "8")], id="numbers alone"),
        pytest.param(["a", "a"], [("a", "a")], id="one name twice"),
    ],
)
def test_ranges(names: list[str], expected: list[tuple[str, str]]) -> None:
    """
    Names with numbers that follow each other are told as a range; nothing is lost.
    """
    assert expected == list(ranges_of(names))


def test_what_is_too_long_is_counted() -> None:
    """
    A message of thousands of names says how many it leaves out.
    """
    names = [f"{number}-{'x' * 20}" for number in range(1000)]

    text = names_of(names)

    told = text.count("'") // 2
    assert text.endswith(f", and {1000 - told} more")
    assert told > 50
