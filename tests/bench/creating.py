"""
What is felt of the provider while clones are being made.
"""

import statistics
import time
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache

from rds_emulator import Emulator
from tests.bench.programs import CLONES, MANY, NOTHING, SLEEPING, TIMED
from tests.bench.resident import provider_of, resident_mb
from tests.bench.stacks import BenchStacks
from tests.support.clones import clone_ids
from tests.support.stacks import Run, Stack

_HUNDRED = MANY.format(count=100)
_ORDERED_SECONDS = 60
"""Real seconds after which 100 clones must have been ordered."""

_SETTLED_SECONDS = 2
"""Real seconds in which the last order is followed up, so that all only wait."""

_WINDOW_SECONDS = 20


def ready_lag_s(stacks: BenchStacks) -> dict[str, float]:
    """
    Return the seconds from an instance turning Running to its resource being created.

    What a do-nothing dynamic resource needs to be reported is taken off.
    """
    lags: list[float] = []
    nothing: list[float] = []
    for phase in range(5):
        with stacks.emulator(clone_seconds=2 + phase * 0.17) as emulator:
            lags += _lags(stacks.stack("lag", emulator), CLONES, emulator)
            nothing += _lags(stacks.stack("lag", emulator), NOTHING, emulator)
    usual = statistics.median(nothing)
    return {"median": round(statistics.median(lags) - usual, 2), "max": round(max(lags) - usual, 2)}


def _lags(stack: Stack, declaration: str, emulator: Emulator) -> list[float]:
    stack.write(declaration + TIMED.format(count=10))
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


def up_100_s(stacks: BenchStacks) -> float:
    """
    Return the seconds that `up -p 100` of 100 clones takes more than of 100 sleepers.

    Wall time without preview, of a new stack each time, the median of three pairs. A
    clone is Creating for 5 s. A sleeper is a do-nothing dynamic resource whose create
    sleeps 5 s; Pulumi's Python server would serve four at a time, in 125 s and more,
    so sleepers have that limit lifted as clones have.
    """
    more = []
    for _ in range(3):
        with stacks.emulator(clone_seconds=5) as emulator:
            clones = _seconds(stacks.stack("up", emulator), CLONES)
            sleepers = _seconds(stacks.stack("up", emulator), SLEEPING)
            more.append(clones - sleepers)
    return round(statistics.median(more), 1)


def _seconds(stack: Stack, declaration: str) -> float:
    stack.write(declaration + _HUNDRED)
    begun = time.perf_counter()
    _up(stack)
    return time.perf_counter() - begun


def _up(stack: Stack) -> Run:
    return stack.must(stack.up("--parallel", "100"))


def wait_calls_per_clone_minute(stacks: BenchStacks) -> float:
    """
    Return the API calls per clone and minute while 100 clones of one run wait.

    All calls of 20 s are counted, beginning 2 s after the last order, with 100
    clones Creating from beginning to end: no order and no read of the start is among
    them. The provider asks an emulator four times a second at first and once a second
    later, the cloud every 10 to 30 s.
    """
    return round(_wait(stacks).calls / 100 * 60 / _WINDOW_SECONDS, 2)


def wait_memory_mb(stacks: BenchStacks) -> float:
    """
    Return the most resident memory of the provider's process while 100 creates wait.

    VmRSS in megabytes, read twice a second in the window in which calls are counted.
    """
    return round(_wait(stacks).memory_mb, 1)


@dataclass(frozen=True)
class _Wait:
    """
    What was seen while 100 clones waited.

    Attributes:
        calls: The API calls in the window.
        memory_mb: The most memory of the provider's process in it.
    """

    calls: int
    memory_mb: float


@cache
def _wait(stacks: BenchStacks) -> _Wait:
    """
    Order 100 clones, watch them wait, then let all be ready at once.
    """
    with stacks.emulator(clone_seconds=600) as emulator, ThreadPoolExecutor(1) as pool:
        stack = stacks.stack("wait", emulator)
        stack.write(CLONES + _HUNDRED)
        running = pool.submit(_up, stack)
        try:
            _wait_for_orders(emulator, running)
            return _watch(emulator, stack)
        finally:
            emulator.clock.advance(600)
            running.result()


def _wait_for_orders(emulator: Emulator, running: "Future[Run]") -> None:
    """
    Come back when 100 clones are ordered and nothing but waiting is left.
    """
    end = time.monotonic() + _ORDERED_SECONDS
    while len(clone_ids(emulator)) < 100:
        assert time.monotonic() < end, "the orders take too long"
        assert not running.done(), running.result().text
        time.sleep(0.1)
    time.sleep(_SETTLED_SECONDS)


def _watch(emulator: Emulator, stack: Stack) -> _Wait:
    provider = provider_of(stack)
    memory_mb = 0.0
    emulator.journal.clear()
    end = time.monotonic() + _WINDOW_SECONDS
    while time.monotonic() < end:
        memory_mb = max(memory_mb, resident_mb(provider))
        time.sleep(0.5)
    calls = emulator.journal.calls()
    statuses = [one.status for one in emulator.instances()]
    assert statuses.count("Creating") == 100, statuses
    assert not any(call.writes for call in calls), "the start was not over"
    return _Wait(len(calls), memory_mb)
