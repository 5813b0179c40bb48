"""
How soon the plugin is there, and what 100 clones at once cost it.

It tells its port before it loads what answers: the engine connects meanwhile. The
first Check, which asks an emulator nine questions, is answered 1.2 s after the start.
"""

import statistics
import time
from functools import cache
from pathlib import Path

from rds_emulator import Emulator
from tests.bench.stacks import BenchStacks
from tests.support.concurrent_creates import ConcurrentCreates, create_concurrently
from tests.support.protocol import listening, port_of, spawn, started

_STARTS = 11
_CROWDS = 3


def plugin_start_ms(stacks: BenchStacks) -> float:
    """
    Return the milliseconds from starting the plugin to the line with its port.

    The median of all starts but the first, which fills the file system's cache.
    """
    with listening() as (_, _, address):
        folder = stacks.scratch / "plugin"
        folder.mkdir(exist_ok=True)
        seconds = [_start_seconds(address, folder) for _ in range(_STARTS)]
    return round(statistics.median(seconds[1:]) * 1000, 1)


def _start_seconds(address: str, folder: Path) -> float:
    begun = time.perf_counter()
    with spawn("plugin", address, folder, folder / "stderr.txt") as process:
        try:
            assert port_of(process)
            return time.perf_counter() - begun
        finally:
            process.kill()


def plugin_100_creates_s(stacks: BenchStacks) -> float:
    """
    Return the seconds that 100 creates at once take more than a single one.

    Over the protocol, without an engine; a clone is Creating for 1.5 s. The median of
    three plugins. The emulator and who calls share the two cores with the plugin.
    """
    return round(statistics.median(batch.more_seconds for batch in _batches(stacks)), 1)


def plugin_check_latency_ms(stacks: BenchStacks) -> float:
    """
    Return the median milliseconds that a Check takes while 100 clones are made.

    Checks follow each other without a pause, as the engine makes them. The slowest,
    while all orders are sent at once, takes a second.
    """
    latencies = [seconds for batch in _batches(stacks) for seconds in batch.latencies]
    return round(statistics.median(latencies) * 1000, 1)


@cache
def _batches(stacks: BenchStacks) -> list[ConcurrentCreates]:
    """
    Make 100 clones by each of several plugins, one after the other.
    """
    batches = []
    folder = stacks.scratch / "batches"
    folder.mkdir()
    for _ in range(_CROWDS):
        with Emulator(clone_seconds=1.5) as emulator, started("plugin", folder) as provider:
            provider.configure(emulator)
            batches.append(create_concurrently(provider))
    return batches
