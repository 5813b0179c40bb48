"""
Where values of any type stand.
"""

import ast
from pathlib import Path
from typing import Final

import pulumi_rdsclone

PACKAGE: Final = Path(pulumi_rdsclone.__file__).parent

FACTS_BY_NAME: Final = "facts by their names, and calls by the names of methods"
BORDERS: Final = {
    "adapters/calls.py": "requests of Pulumi's protocol, of many types",
    "adapters/clone_set.py": "options of a resource, by their names",
    "adapters/function_schema.py": "JSON of the package schema",
    "adapters/plugin/clone_set.py": "options of the protocol's Construct, by their names",
    "adapters/plugin/servicer.py": "calls of Pulumi's protocol, of many types",
    "adapters/program.py": "JSON that clones of a program exchange",
    "adapters/pulumi_server.py": "Pulumi's server, which is private",
    "adapters/python_functions.py": "functions, whatever their arguments",
    "adapters/schema.py": "metadata of dataclasses",
    "cli/restore_points.py": FACTS_BY_NAME,
    "cloud/credentials.py": "a library without types",
    "cloud/settings.py": "dataclasses.field, whose type is that of its field",
    "cloud/transport.py": "the SDK, which ships no types",
    "domain/values.py": "values of properties",
    "lifecycle/functions.py": "functions, whatever their arguments",
    "lifecycle/fact_reading.py": FACTS_BY_NAME,
    "lifecycle/read_cache.py": FACTS_BY_NAME,
    "lifecycle/sources.py": FACTS_BY_NAME,
}
"""The modules that need `Any`, and what for."""


def test_any_stands_only_at_borders() -> None:
    """
    What may be anything is an object, or a value of a property; others have a type.
    """
    assert BORDERS.keys() == {
        path.relative_to(PACKAGE).as_posix()
        for path in PACKAGE.rglob("*.py")
        if "generated" not in path.parts and "Any" in _names_in(path)
    }


def _names_in(path: Path) -> set[str]:
    """
    Return the names that a module imports or uses.
    """
    names = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.alias | ast.Name):
            names.add(node.name if isinstance(node, ast.alias) else node.id)
    return names
