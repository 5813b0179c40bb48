"""
Change the code that matters most, a little each time: a test should notice.

    python tools/mutants.py [NAME …]    the names of tools/mutants.toml, by default all

RDSCLONE_MUTANTS is how many changes of each are tried (60), or all;
RDSCLONE_MUTANTS_SEED draws others. No file is changed: each mutant is imported by a
process of its own, forked from one that has the libraries already.
"""

import difflib
import os
import re
import resource
import sys
import time
import tomllib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from importlib.machinery import SourceFileLoader
from pathlib import Path
from signal import SIGKILL
from types import CodeType
from typing import Final
from unittest.mock import patch

import hypothesis  # noqa: F401 - imported once for all mutants
import pydantic  # noqa: F401
import pytest
from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code
from cosmic_ray.plugins import get_operator, operator_names
from xdist import scheduler  # noqa: F401

ROOT: Final = Path(__file__).resolve().parent.parent
PROVIDER: Final = ROOT / "provider"
CONFIG: Final = tomllib.loads((ROOT / "tools/mutants.toml").read_text("utf-8"))
OPTIONS: Final = (
    *("-x", "-q", "-p", "no:cacheprovider"),
    "-Wignore::pytest.PytestAssertRewriteWarning",  # of the libraries imported here
)
DEFAULT_SAMPLE: Final = "60"
SLOWER: Final = 3
"""By which factor a mutant may be slower than the code, before it is ended."""

LEAST_CPU: Final = 5
"""Seconds of the processor that every mutant has."""

LEAST_WALL: Final = 60
"""Seconds that every mutant has in all: a busy machine is slow."""


@dataclass(frozen=True)
class Mutant:
    """
    A change to one place of a file.

    Attributes:
        operator: Cosmic Ray's name of the kind of change.
        occurrence: Which of the file's places for that operator it is.
        line: The number of the line.
    """

    path: Path
    operator: str
    occurrence: int
    line: int

    @property
    def module(self) -> str:
        """
        The name by which the file is imported.
        """
        parts = self.path.relative_to(PROVIDER).with_suffix("").parts
        return ".".join(parts).removesuffix(".__init__")

    @cached_property
    def before(self) -> str:
        """
        The source without the change.
        """
        return self.path.read_text("utf-8")

    @cached_property
    def after(self) -> str:
        """
        The source with the change.
        """
        operator = get_operator(self.operator)()
        return str(mutate_code(self.before, operator, self.occurrence))

    @property
    def text(self) -> str:
        """
        The line that changes.
        """
        return self.before.splitlines()[self.line - 1].strip()

    @property
    def diff(self) -> str:
        """
        The change, as a diff.
        """
        name = str(self.path.relative_to(ROOT))
        before, after = self.before.splitlines(), self.after.splitlines()
        lines = difflib.unified_diff(before, after, name, name, lineterm="", n=2)
        return "\n".join(lines)


def load(mutant: Mutant) -> None:
    """
    Let this process import *mutant* in the place of its module.
    """
    usual = SourceFileLoader.get_code

    def get_code(loader: SourceFileLoader, name: str) -> CodeType | None:
        if name == mutant.module:
            return compile(mutant.after, loader.path, "exec")
        return usual(loader, name)

    patch.object(SourceFileLoader, "get_code", get_code).start()


def mutants_of(path: Path) -> Iterator[Mutant]:
    """
    Yield all mutants of the file at *path*.
    """
    source = path.read_text("utf-8")
    nodes = list(ast_nodes(get_ast(source)))
    wanted = re.compile("|".join(f"core/{name}" for name in CONFIG["operators"]))
    for name in filter(wanted.fullmatch, operator_names()):
        places = [
            start
            for node in nodes
            for start, _ in get_operator(name)().mutation_positions(node)
        ]
        for occurrence, (line, _) in enumerate(places):
            mutant = Mutant(path, name, occurrence, line)
            if not re.match(CONFIG["skipped_lines"], mutant.text):
                yield mutant


def sample_of(mutants: Sequence[Mutant]) -> list[Mutant]:
    """
    Draw from *mutants* what the environment asks for, in the order of the files.

    The draw goes by the line that changes, so that another version of the code is
    measured by the same mutants, as far as both have them.
    """
    size = os.environ.get("RDSCLONE_MUTANTS", DEFAULT_SAMPLE)
    seed = os.environ.get("RDSCLONE_MUTANTS_SEED", "")
    count = len(mutants) if size == "all" else int(size)

    def rank(mutant: Mutant) -> bytes:
        text = f"{seed} {mutant.operator} {mutant.text} {mutant.occurrence % 2}"
        return sha256(text.encode()).digest()

    drawn = sorted(mutants, key=rank)[:count]
    return sorted(drawn, key=lambda one: (one.path, one.line, one.operator))


def run_tests(tests: Sequence[str], mutant: Mutant | None, cpu: int) -> int:
    """
    Run *tests* on a mutant, or on the code; return the exit code of pytest.

    A mutant has *cpu* seconds of the processor.
    """
    null = os.open(os.devnull, os.O_RDWR)
    for stream in range(3):
        os.dup2(null, stream)
    if mutant:
        sys.dont_write_bytecode = True
        load(mutant)
        resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu))
    return pytest.main([*OPTIONS, *tests])


def fork(
    tests: Sequence[str], mutant: Mutant | None = None, cpu: int = 0
) -> tuple[str, float]:
    """
    Run *tests* in a process of its own; return what came of it, and its seconds.
    """
    child = os.fork()
    if not child:
        code = 1
        try:
            code = run_tests(tests, mutant, cpu)
        finally:
            os._exit(code)
    ends = time.monotonic() + max(LEAST_WALL, 4 * cpu)
    is_late = False
    while not (done := os.wait4(child, os.WNOHANG))[0]:
        if time.monotonic() > ends and not is_late:
            os.kill(child, SIGKILL)
            is_late = True
        time.sleep(0.02)
    _, status, usage = done
    if os.WIFSIGNALED(status):
        return "timed out", usage.ru_utime
    return "killed" if os.WEXITSTATUS(status) else "survived", usage.ru_utime


def measure(name: str) -> Counter[str]:
    """
    Try the mutants of a module, print those that survive, and return the counts.
    """
    entry = CONFIG["modules"][name]
    paths = sorted((PROVIDER / "pulumi_rdsclone").glob(entry["paths"]))
    every = [mutant for path in paths for mutant in mutants_of(path)]
    outcome, seconds = fork(entry["tests"])
    if outcome != "survived":
        sys.exit(f"{name}: the tests fail without a change: pytest {entry['tests']}")
    sample, counts = sample_of(every), Counter[str]()
    print(f"{name}: {len(sample)} of {len(every)} mutants", flush=True)
    for mutant in sample:
        cpu = int(SLOWER * seconds) + LEAST_CPU
        outcome, _ = fork(entry["tests"], mutant, cpu)
        counts[outcome] += 1
        if outcome == "survived":
            print(mutant.diff, flush=True)
    return counts


def main() -> None:
    """
    Try the mutants of the modules named on the command line, and print the score.
    """
    os.chdir(ROOT)
    names = sys.argv[1:] or list(CONFIG["modules"])
    scores = {name: measure(name) for name in names}
    for name, counts in scores.items():
        noticed = counts["killed"] + counts["timed out"]
        print(
            f"{name:<10} {noticed:4} killed ({counts['timed out']} by time), "
            f"{counts['survived']:3} survived: {noticed / counts.total():.0%}"
        )


if __name__ == "__main__":
    main()
