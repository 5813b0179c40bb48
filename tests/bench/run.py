"""
Measure what users feel, print a table and write bench.json.

Comparisons are paired within one run: this is meant for noisy machines. Figures that
are named as arguments are measured alone; the others in bench.json stay.
"""

import json
import os
import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from tests.bench.creating import ready_lag_s, up_100_s, wait_calls_per_clone_minute, wait_memory_mb
from tests.bench.emulator_load import (
    emulator_memory_mb,
    emulator_p99_ms,
    emulator_rps,
    emulator_start_ms,
)
from tests.bench.long_wait import wait_leak_mb_per_hour
from tests.bench.plugin import plugin_100_creates_s, plugin_check_latency_ms, plugin_start_ms
from tests.bench.previews import (
    import_ms,
    preview_1000_s,
    preview_calls,
    preview_calls_20_sources,
    preview_ratio_100,
)
from tests.bench.refreshing import refresh_100
from tests.bench.stacks import BenchStacks

FILE: Final = Path(__file__).resolve().parents[2] / "bench.json"


def under_real(stacks: BenchStacks) -> dict[str, Any]:
    """
    Return what a cloud with the temper *real* makes of some figures, lags included.

    Beside `up_100_s` stand the seconds of it that 100 orders take at the rate limit.
    """
    unkind = replace(stacks, temper="real")
    figures = (ready_lag_s, preview_calls, wait_calls_per_clone_minute)
    rate = unkind.emulator_temper.order_rate
    return {
        **{measure.__name__: measure(unkind) for measure in figures},
        "up_100_s": {"all": up_100_s(unkind), "rate_limit": 100 / rate},
    }


GOALS: Final[Mapping[Callable[[BenchStacks], Any], str]] = {
    import_ms: "under 60",
    ready_lag_s: "median at most 1, max at most 3",
    preview_calls: "at most 12 for 1 and for 100",
    preview_calls_20_sources: "at most 12 each",
    preview_1000_s: "more_than_100 at most 11",
    preview_ratio_100: "at most 1.2, one chain of calls taken off",
    refresh_100: "at most 4 calls a clone",
    up_100_s: "at most 15 more than 100 sleepers, as many at a time",
    wait_calls_per_clone_minute: "at most 2",
    wait_memory_mb: "under 150",
    wait_leak_mb_per_hour: "under 1",
    under_real: "as each by itself, up_100_s without the rate limit",
    plugin_start_ms: "under 600",
    plugin_100_creates_s: "under 3",
    plugin_check_latency_ms: "under 100",
    emulator_start_ms: "under 600",
    emulator_memory_mb: "under 200",
    emulator_rps: "at least 1000",
    emulator_p99_ms: "at most 20",
}
"""Each figure is a function of that name, whose docstring says what is measured."""


def main(wanted: list[str]) -> None:
    """
    Measure the figures that are *wanted*, all when none is named.
    """
    cli = os.environ.get("RDSCLONE_PULUMI")
    if not cli:
        sys.exit("bench: there is no Pulumi CLI: run make bench")
    figures = {measure.__name__: measure for measure in GOALS}
    if unknown := set(wanted) - set(figures):
        sys.exit(f"bench: no figure is called {', '.join(sorted(unknown))}")
    measured = {} if not wanted else json.loads(FILE.read_text("utf-8"))
    with tempfile.TemporaryDirectory() as scratch:
        stacks = BenchStacks(Path(cli), Path(scratch))
        for name in wanted or figures:
            measured[name] = figures[name](stacks)
            print(f"{name:27} {measured[name]!s:31} goal: {GOALS[figures[name]]}")
    ordered = {name: measured[name] for name in figures if name in measured}
    FILE.write_text(json.dumps(ordered, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
