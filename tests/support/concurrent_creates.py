"""
A hundred clones made at once, and how soon the provider answers meanwhile.
"""

import time
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import Any, Final

from tests.support.engine import Entry
from tests.support.protocol import Provider

NEWS: Final[dict[str, Any]] = {
    "sourceInstanceId": "rm-demo-mysql80",
    "restorePoint": {"latest": "time"},
}


@dataclass(frozen=True)
class ConcurrentCreates:
    """
    What was seen while clones were made at once.

    Attributes:
        made: The clones.
        more_seconds: How much longer all of them took than a single one.
        latencies: Seconds that each Check took meanwhile.
    """

    made: list[Entry]
    more_seconds: float
    latencies: list[float]


def create_concurrently(provider: Provider, count: int = 100) -> ConcurrentCreates:
    """
    Make a single clone, then *count* at once, and have others checked meanwhile.
    """
    begun = time.perf_counter()
    provider.create("single", provider.must_check("single", NEWS))
    single = time.perf_counter() - begun
    checked = {
        name: provider.must_check(name, NEWS)
        for name in (f"clone-{number}" for number in range(count))
    }
    with ThreadPoolExecutor(count) as pool:
        begun = time.perf_counter()
        creates = [pool.submit(provider.create, *one) for one in checked.items()]
        latencies = _check_until_done(provider, creates)
        wait(creates)
        seconds = time.perf_counter() - begun
    return ConcurrentCreates([one.result() for one in creates], seconds - single, latencies)


def _check_until_done(provider: Provider, creates: list[Future[Entry]]) -> list[float]:
    latencies: list[float] = []
    while not all(create.done() for create in creates):
        begun = time.perf_counter()
        provider.must_check(f"other-{len(latencies) % 10}", NEWS)
        latencies.append(time.perf_counter() - begun)
    return latencies
