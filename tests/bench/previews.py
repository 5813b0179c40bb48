"""
What is felt of the provider before anything is ordered.
"""

import statistics
import subprocess
import sys
import time

from rds_emulator import Emulator
from tests.bench.programs import CLONES, CLONES_OF_20_SOURCES, MANY, NOTHING
from tests.bench.workshop import Workshop
from tests.support.stacks import Stack


def import_ms(_workshop: Workshop) -> float:
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


def preview_calls(workshop: Workshop) -> dict[str, int]:
    """
    Give the API calls of a preview of 1 and of 100 clones of one source.
    """
    return {str(n): _calls(workshop, CLONES + MANY.format(count=n)) for n in (1, 100)}


def preview_calls_20_sources(workshop: Workshop) -> dict[str, float]:
    """
    Give the API calls of a preview of 100 clones of 20 sources, in all and for each.
    """
    calls = _calls(workshop, CLONES_OF_20_SOURCES)
    return {"all": calls, "each": calls / 20}


def _calls(workshop: Workshop, program: str) -> int:
    with Emulator() as emulator:
        for number in range(20):
            emulator.add(f"rm-source-{number}")
        stack = workshop.stack("calls", emulator)
        stack.write(program)
        stack.must(stack.preview())
        return len(emulator.journal.calls())


def preview_ratio_100(workshop: Workshop) -> float:
    """
    Give the wall time of previewing 100 clones over 100 do-nothing resources.

    The one chain of round trips that a preview needs is taken off.
    """
    ratios = []
    with Emulator() as emulator:
        clones = workshop.stack("clones", emulator)
        nothing = workshop.stack("nothing", emulator)
        clones.write(CLONES + MANY.format(count=100))
        nothing.write(NOTHING + MANY.format(count=100))
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
