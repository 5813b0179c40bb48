"""
Tests that tables name: whether there are such tests.
"""

import ast
from functools import cache
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]


def exists(test: str) -> bool:
    """
    Return whether there is a *test* such as ``tests/x/test_y.py::test_z[row]``.

    The row of a parametrized test is one of the texts that stand in the file.
    """
    path, _, rest = test.partition("::")
    name, _, row = rest.partition("[")
    if not (ROOT / path).is_file():
        return False
    functions, texts = _contents(path)
    return name in functions and (not row or row.removesuffix("]") in texts)


def all_in(path: str) -> frozenset[str]:
    """
    Return the tests in the file at *path*.
    """
    functions, _ = _contents(path)
    return frozenset(f"{path}::{one}" for one in functions if one.startswith("test_"))


@cache
def _contents(path: str) -> tuple[frozenset[str], frozenset[str]]:
    """
    Return the names of the functions in a file, and its texts.
    """
    tree = ast.parse((ROOT / path).read_text("utf-8"))
    functions = (one.name for one in tree.body if isinstance(one, ast.FunctionDef))
    values = (one.value for one in ast.walk(tree) if isinstance(one, ast.Constant))
    return frozenset(functions), frozenset(one for one in values if type(one) is str)
