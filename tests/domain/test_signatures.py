"""
How many values a call may pass without naming them.
"""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pulumi_rdsclone
import rds_emulator

PACKAGES: Final = [Path(package.__path__[0]) for package in (pulumi_rdsclone, rds_emulator)]

CALLBACKS: Final = {
    "adapters/dynamic.py": "called by Pulumi's dynamic provider, by position",
    "adapters/dynamic_handlers.py": "as the dynamic provider's",
    "adapters/pulumi_server.py": "called by gRPC, by position",
    "adapters/python_functions.py": "handed to a thread, by position",
    "cloud/client.py": "as its port",
    "control/api.py": "ASGI",
    "domain/model.py": "called by pydantic, by position",
    "emulator.py": "the protocol of a context manager",
    "faults/responses.py": "one kind of callback",
    "lifecycle/fact_reading.py": "the method's arguments are the price's, as in its port",
    "lifecycle/ports.py": "reads, which a cache calls by position",
    "actions/instances/tags.py": "the fields of a key of paging",
    "server/application.py": "ASGI",
    "server/gateway.py": "a callback of the faults",
    "server/tls_or_plain.py": "a protocol that uvicorn makes",
    "state/temper.py": "one row of a table",
}
"""The modules with functions that others call by position, and who does."""


def test_parameters_after_the_second_are_named() -> None:
    """
    But for checks, which get facts by their names anyway, and for callbacks.
    """
    found = {module for package in PACKAGES for module in _modules_with_more(package)}
    assert found == set(CALLBACKS)


def _modules_with_more(package: Path) -> Iterator[str]:
    for file in package.rglob("*.py"):
        module = file.relative_to(package).as_posix()
        if "generated" in file.parts:
            continue
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                names = [argument.arg for argument in (*node.args.posonlyargs, *node.args.args)]
                own = [name for name in names if name not in ("self", "cls")]
                if len(own) > 2 and not _is_check(node):
                    yield module


def _is_check(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    return any(ast.unparse(decorator).startswith("RULES.") for decorator in node.decorator_list)
