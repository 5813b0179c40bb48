"""
What is felt of the provider when nothing has changed.
"""

import time

from rds_emulator import Emulator
from tests.bench.programs import FURNISHED, MANY
from tests.bench.stacks import BenchStacks


def refresh_100(stacks: BenchStacks) -> dict[str, float]:
    """
    Return the API calls for each clone, and the seconds, of a refresh of 100 clones.

    Each declares what its attributes and tags tell, a whitelist and encrypted
    connections: two groups that have calls of their own. Without Pulumi's preview,
    which reads everything once more.
    """
    with Emulator(clone_seconds=0.5, change_seconds=0.1) as emulator:
        stack = stacks.stack("refresh", emulator)
        stack.write(FURNISHED + MANY.format(count=100))
        stack.must(stack.up("--parallel", "100"))
        emulator.journal.clear()
        begun = time.perf_counter()
        quiet = ("--yes", "--skip-preview", "--expect-no-changes")
        stack.must(stack.run("refresh", *quiet))
        return {
            "calls": len(emulator.journal.calls()) / 100,
            "seconds": round(time.perf_counter() - begun, 1),
        }
