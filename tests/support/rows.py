from typing import Any

import pytest


def row(case: str, *values: object) -> Any:
    """
    Return the parameters *values* of one test; its id is *case*.
    """
    return pytest.param(*values, id=case)
