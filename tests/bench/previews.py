"""
What is felt of the provider before anything is ordered.
"""

import os
import resource
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from rds_emulator import Emulator
from tests.bench.programs import CLONES, CLONES_OF_20_SOURCES, MANY, NAMED_NOTHING, NOTHING
from tests.bench.stacks import BenchStacks
from tests.support.emulators import demo_seed
from tests.support.stacks import Stack


def import_ms(_bench: BenchStacks) -> float:
    """
    Return what importing the resource costs above `import pulumi`, in milliseconds.
    """
    code = (
        "import time, pulumi; begun = time.perf_counter(); "
        "from pulumi_rdsclone import CloneInstance; "
        "print((time.perf_counter() - begun) * 1000)"
    )
    runs = [
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        for _ in range(11)
    ]
    return round(statistics.median(float(run.stdout) for run in runs), 1)


def preview_calls(bench: BenchStacks) -> dict[str, int]:
    """
    Return the API calls of a preview of 1 and of 100 clones of one source.
    """
    return {str(n): _calls(bench, CLONES + MANY.format(count=n)) for n in (1, 100)}


def preview_calls_20_sources(bench: BenchStacks) -> dict[str, float]:
    """
    Return the API calls of a preview of 100 clones of 20 sources, in all and for each.
    """
    calls = _calls(bench, CLONES_OF_20_SOURCES)
    return {"all": calls, "each": calls / 20}


def _calls(bench: BenchStacks, program: str) -> int:
    with bench.emulator() as emulator:
        for number in range(20):
            emulator.add(f"rm-source-{number}")
        stack = bench.stack("calls", emulator)
        stack.write(program)
        stack.must(stack.preview())
        return len(emulator.journal.calls())


def preview_ratio_100(bench: BenchStacks) -> float:
    """
    Return the wall time of previewing 100 clones over 100 do-nothing resources.

    The one chain of round trips that a preview needs is taken off.
    """
    ratios = []
    with Emulator() as emulator:
        clones = bench.stack("clones", emulator)
        nothing = bench.stack("nothing", emulator)
        clones.write(CLONES + MANY.format(count=100))
        nothing.write(NOTHING + MANY.format(count=100))
        for _ in range(12):
            emulator.journal.clear()
            seconds = _seconds(clones)
            arrivals = [call.wall for call in emulator.journal.calls()]
            chain = max(arrivals) - min(arrivals)
            ratios.append((seconds - chain) / _seconds(nothing))
    return round(statistics.median(ratios[1:]), 2)


def preview_1000_s(bench: BenchStacks) -> dict[str, float]:
    """
    Return the wall time of previewing 1,000 clones, and of as many that do nothing.

    What clones cost more is compared with what 100 of them do, as processor time of the
    engine, the program and the provider: others who use the machine do not count.
    """
    counts = (100, 1000)
    with Emulator(seed=_roomy()) as emulator:
        stacks = {
            (kind, count): _stack_of(bench, emulator, kind, program, count)
            for kind, program in (("clones", CLONES), ("nothing", NAMED_NOTHING))
            for count in counts
        }
        rounds = [{key: _costs(stack) for key, stack in stacks.items()} for _ in range(3)]
    wall = {key: statistics.median(one[key][0] for one in rounds) for key in stacks}
    busy = {key: statistics.median(one[key][1] for one in rounds) for key in stacks}
    more = {count: busy["clones", count] - busy["nothing", count] for count in counts}
    return {
        "clones": round(wall["clones", 1000], 1),
        "nothing": round(wall["nothing", 1000], 1),
        "more_than_100": round(more[1000] / more[100], 1),
    }


def _stack_of(bench: BenchStacks, emulator: Emulator, kind: str, program: str, count: int) -> Stack:
    stack = bench.stack(f"{kind}-{count}", emulator)
    stack.env["PYTHONPATH"] += f"{os.pathsep}{Path(__file__).parents[2]}"
    stack.write(program + MANY.format(count=count))
    return stack


def _roomy() -> dict[str, Any]:
    """
    Return the demo's world with room for 1,000 clones in the source's vSwitch.
    """
    world = demo_seed()
    world["regions"][0]["vpcs"][0]["vswitches"][0]["cidr"] = "10.16.0.0/16"
    return world


def _costs(stack: Stack) -> tuple[float, float]:
    """
    Return the seconds of a preview: on the wall, and of processors.
    """
    busy = _busy()
    return _seconds(stack), _busy() - busy


def _busy() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _seconds(stack: Stack) -> float:
    begun = time.perf_counter()
    stack.must(stack.preview())
    return time.perf_counter() - begun
