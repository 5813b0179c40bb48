"""
The rows of parametrized tests.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest


def row(case: str, *values: object) -> Any:
    """
    Return the parameters *values* of one test; its id is *case*.
    """
    return pytest.param(*values, id=case)


def case(name: str, *first: object) -> Callable[..., Any]:
    """
    Return *row* with its id and its *first* parameters; the others follow in a second call.

    So the id of a row of many lines stands on the first one.
    """
    return partial(row, name, *first)
