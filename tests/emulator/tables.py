"""
Tables of test cases in which a row is a line or two.
"""

from collections.abc import Mapping

import pytest


def cases(names: str | tuple[str, ...], table: Mapping[str, object]) -> pytest.MarkDecorator:
    """
    Return the decorator that runs a test with each row; the keys are the ids.

    A row is a tuple in the order of *names*, or the value of the only name.
    """
    return pytest.mark.parametrize(names, list(table.values()), ids=list(table))
