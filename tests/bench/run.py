"""
Measure what users feel, print a table and write bench.json.

Comparisons are paired within one run: this is meant for noisy machines.
"""

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from rds_emulator import Emulator
from sandbox import environment
from tests.bench import emulator_load
from tests.support.stacks import Stack, make_stack

ROOT = Path(__file__).resolve().parents[2]

GOALS = {
    "import_ms": "under 60",
    "ready_lag_s": "median under 1",
    "preview_calls": "at most 12 for 1 and for 100",
    "preview_calls_20_sources": "at most 12 each",
    "preview_ratio_100": "at most 1.2, one chain of calls taken off",
    "emulator_rps": "at least 1000",
    "emulator_p99_ms": "at most 20",
}

_CLONES = """
def declare(name):
    return rdsclone.CloneInstance(
        name, source_instance_id="rm-demo-mysql80", restore_point={"latest": "time"}
    )
"""

_NOTHING = """
from pulumi.dynamic import CreateResult, Resource, ResourceProvider


class Provider(ResourceProvider):
    serialize_as_secret_always = False

    def create(self, props):
        import pathlib, time

        time.sleep(1)
        pathlib.Path("done-" + props["name"]).write_text(str(time.time()))
        return CreateResult(props["name"], {**props, "status": "done"})


class Nothing(Resource, module="rds", name="CloneInstance"):
    status: pulumi.Output[str]

    def __init__(self, name):
        super().__init__(Provider(), name, {"name": name, "status": None})


def declare(name):
    return Nothing(name)
"""

_MANY = """
for number in range({count}):
    declare(f"clone-{{number}}")
"""

_CLONES_OF_20_SOURCES = """
for number in range(100):
    rdsclone.CloneInstance(
        f"clone-{number}",
        source_instance_id=f"rm-source-{number % 20}",
        restore_point={"latest": "time"},
    )
"""

_TIMED = """
import pathlib, time

def seen(resource, name):
    def note(values):
        if values[1] is not None:
            text = f"{{values[0]}} {{time.time()}}"
            pathlib.Path("seen-" + name).write_text(text)
    pulumi.Output.all(resource.id, resource.status).apply(note)

for number in range({count}):
    seen(declare(f"clone-{{number}}"), f"clone-{{number}}")
"""


def import_ms() -> float:
    """
    Give what importing the resource costs above `import pulumi`, in milliseconds.
    """
    code = (
        "import time, pulumi; begun = time.perf_counter(); "
        "from pulumi_rdsclone import CloneInstance; "
        "print((time.perf_counter() - begun) * 1000)"
    )
    runs = [
        subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True
        )
        for _ in range(11)
    ]
    return round(statistics.median(float(run.stdout) for run in runs), 1)


def ready_lag_s(make: Callable[[str, Emulator], Stack]) -> dict[str, float]:
    """
    Give the seconds from an instance turning Running to its resource being created.

    What a do-nothing dynamic resource needs to be reported is taken off.
    """
    lags: list[float] = []
    nothing: list[float] = []
    for phase in range(5):
        with Emulator(clone_seconds=2 + phase * 0.17) as emulator:
            lags += _lags(make("lag", emulator), _CLONES, emulator)
            nothing += _lags(make("lag", emulator), _NOTHING, emulator)
    usual = statistics.median(nothing)
    return {
        "median": round(statistics.median(lags) - usual, 2),
        "max": round(max(lags) - usual, 2),
    }


def _lags(stack: Stack, declaration: str, emulator: Emulator) -> list[float]:
    stack.write(declaration + _TIMED.format(count=10))
    stack.must(stack.up("--parallel", "10"))
    lags = []
    for seen in stack.folder.glob("seen-*"):
        resource_id, at = seen.read_text("utf-8").split()
        done = stack.folder / f"done-{resource_id}"
        ready = (
            float(done.read_text("utf-8"))
            if done.exists()
            else emulator.became(resource_id, "Running")
        )
        lags.append(float(at) - ready)
    return lags


def preview_calls(make: Callable[[str, Emulator], Stack]) -> dict[str, int]:
    """
    Give the API calls of a preview of 1 and of 100 clones of one source.
    """
    return {str(n): _calls(make, _CLONES + _MANY.format(count=n)) for n in (1, 100)}


def preview_calls_20_sources(
    make: Callable[[str, Emulator], Stack],
) -> dict[str, float]:
    """
    Give the API calls of a preview of 100 clones of 20 sources, in all and for each.
    """
    calls = _calls(make, _CLONES_OF_20_SOURCES)
    return {"all": calls, "each": calls / 20}


def _calls(make: Callable[[str, Emulator], Stack], program: str) -> int:
    with Emulator() as emulator:
        for number in range(20):
            emulator.add(f"rm-source-{number}")
        stack = make("calls", emulator)
        stack.write(program)
        stack.must(stack.preview())
        return len(emulator.journal.calls())


def preview_ratio_100(make: Callable[[str, Emulator], Stack]) -> float:
    """
    Give the wall time of previewing 100 clones over 100 do-nothing resources.

    The one chain of round trips that a preview needs is taken off.
    """
    ratios = []
    with Emulator() as emulator:
        clones, nothing = make("clones", emulator), make("nothing", emulator)
        clones.write(_CLONES + _MANY.format(count=100))
        nothing.write(_NOTHING + _MANY.format(count=100))
        for _ in range(12):
            emulator.journal.clear()
            seconds = _seconds(clones)
            arrivals = [call.wall for call in emulator.journal.calls()]
            chain = max(arrivals) - min(arrivals)
            ratios.append((seconds - chain) / _seconds(nothing))
    return round(statistics.median(ratios[1:]), 2)


def _seconds(stack: Stack) -> float:
    begun = time.perf_counter()
    stack.must(stack.preview())
    return time.perf_counter() - begun


def main() -> None:
    """
    Measure everything.
    """
    cli = os.environ.get("RDSCLONE_PULUMI")
    if not cli:
        sys.exit("bench: there is no Pulumi CLI: run make bench")
    with tempfile.TemporaryDirectory() as scratch:

        def make(name: str, emulator: Emulator) -> Stack:
            folder = Path(scratch) / name
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            return make_stack(
                folder / "project", environment(folder, Path(cli)), emulator
            )

        figures: dict[str, Any] = {
            "import_ms": import_ms(),
            "ready_lag_s": ready_lag_s(make),
            "preview_calls": preview_calls(make),
            "preview_calls_20_sources": preview_calls_20_sources(make),
            "preview_ratio_100": preview_ratio_100(make),
            **emulator_load.measure(),
        }
    for name, figure in figures.items():
        print(f"{name:20} {figure!s:36} goal: {GOALS[name]}")
    (ROOT / "bench.json").write_text(json.dumps(figures, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main()
