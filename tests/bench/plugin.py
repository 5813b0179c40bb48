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
from tests.bench.workshop import Workshop
from tests.support.crowd import Crowd, make_crowd
from tests.support.protocol import listening, port_of, spawn, started

_STARTS = 11
_CROWDS = 3


def plugin_start_ms(workshop: Workshop) -> float:
    """
    Return the milliseconds from starting the plugin to the line with its port.

    The median of all starts but the first, which fills the file system's cache.
    """
    with listening() as (_, _, address):
        folder = workshop.scratch / "plugin"
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


def plugin_100_creates_s(workshop: Workshop) -> float:
    """
    Return the seconds that 100 creates at once take more than a single one.

    Over the protocol, without an engine; a clone is Creating for 1.5 s. The median of
    three plugins. The emulator and who calls share the two cores with the plugin.
    """
    return round(statistics.median(one.more_seconds for one in _crowds(workshop)), 1)


def plugin_check_latency_ms(workshop: Workshop) -> float:
    """
    Return the median milliseconds that a Check takes while 100 clones are made.

    Checks follow each other without a pause, as the engine makes them. The slowest,
    while all orders are sent at once, takes a second.
    """
    latencies = [seconds for one in _crowds(workshop) for seconds in one.latencies]
    return round(statistics.median(latencies) * 1000, 1)


@cache
def _crowds(workshop: Workshop) -> list[Crowd]:
    """
    Make 100 clones by each of several plugins, one after the other.
    """
    crowds = []
    folder = workshop.scratch / "crowds"
    folder.mkdir()
    for _ in range(_CROWDS):
        with Emulator(clone_seconds=1.5) as emulator, started("plugin", folder) as provider:
            provider.configure(emulator)
            crowds.append(make_crowd(provider))
    return crowds
