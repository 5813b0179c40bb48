"""
The table "Evidence of the real cloud" of CONTRIBUTING.md names tests that exist.
"""

import re
from typing import Final

import pytest

from tests.support.naming import ROOT, exists

_TITLE: Final = "## Evidence of the real cloud"
_TEST: Final = re.compile(r"`(tests/[^`]+)`")
_CELLS: Final = 3


def _rows() -> dict[str, list[str]]:
    """
    Return the tests of each row, by what the cloud does.
    """
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    _, _, after = text.partition(_TITLE)
    section, _, _ = after.partition("\n## ")
    table = [line for line in section.splitlines() if line.startswith("| ")][1:]
    rows = [[cell.strip() for cell in line.strip("| ").split(" | ")] for line in table]
    assert all(len(row) == _CELLS for row in rows)
    return {what: _TEST.findall(tests) for what, _, tests in rows}


ROWS: Final = _rows()


def test_all_behaviours_are_there() -> None:
    assert len(ROWS) == 23


@pytest.mark.parametrize("what", ROWS)
def test_behaviour_is_held(what: str) -> None:
    assert ROWS[what]
    for test in ROWS[what]:
        path, _, name = test.partition("::")
        assert path.endswith(".py")
        assert name
        assert exists(test), test
