"""
How much memory is lost by waiting for hours, which take seconds here.

Run it as a script, or call `wait_leak_mb_per_hour`.
"""

import json
import statistics
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace

from typing_extensions import override

from pulumi_rdsclone.adapters.calls import Call, CallProgress
from pulumi_rdsclone.cloud.regions import CLOUD_SCHEDULE, CloudRegions
from pulumi_rdsclone.cloud.settings import Settings
from pulumi_rdsclone.domain.errors import WaitTimedOutError
from pulumi_rdsclone.domain.identity import CREATING, STAGE_TAG
from pulumi_rdsclone.lifecycle.ports import Clock
from pulumi_rdsclone.lifecycle.waiting import wait_until_ready
from pulumi_rdsclone.lifecycle.watching import Watch
from tests.bench.emulator_load import serve
from tests.bench.resident import resident_mb
from tests.bench.stacks import BenchStacks

_CLONES = 100
_STEP = timedelta(seconds=CLOUD_SCHEDULE.longest_interval)
_WARM_UP = timedelta(hours=4)
"""So long the memory of the C library grows to the most that threads need at once."""

_END = timedelta(hours=12)
_BEGIN = datetime(2026, 11, 1, tzinfo=UTC)


def wait_leak_mb_per_hour(_workshop: BenchStacks) -> float:
    """
    Return the megabytes that an hour of waiting for 100 clones adds to a process.

    VmRSS of a new process from the fourth to the twelfth hour, as the slope of a line
    through one value a minute. Everything that the provider does for waiting is real:
    the loops, the watch, the rows with their queue, the API client with the SDK, which
    asks an emulator in another process at the pace for the cloud. Only the clock is
    not, and there is no engine: the messages end where they would be sent.
    """
    command = [sys.executable, "-m", "tests.bench.long_wait"]
    run = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    return round(float(run.stdout), 2)


class _Clock(Clock):
    """
    Passes by the time between two looks when all loops sleep; notes the memory.
    """

    def __init__(self) -> None:
        self.noted: dict[float, float] = {}
        """Megabytes by hours since the beginning, without the warm-up."""
        self._now = _BEGIN
        self._barrier = threading.Barrier(_CLONES, self._pass)

    @override
    def now(self) -> datetime:
        return self._now

    @override
    def sleep(self, seconds: float, until: Callable[[], bool] | None = None) -> None:
        """
        Come back with all others, after the time between two looks.
        """
        self._barrier.wait(timeout=60)

    def _pass(self) -> None:
        self._now += _STEP
        passed = self._now - _BEGIN
        if passed >= _WARM_UP and not passed % timedelta(minutes=1):
            self.noted[passed / timedelta(hours=1)] = resident_mb()


def _measure() -> float:
    """
    Wait for clones that are never ready and return the megabytes lost in an hour.
    """
    clock = _Clock()
    with _cloud() as settings, ThreadPoolExecutor(_CLONES) as pool:
        rds = CloudRegions(settings).at(str(settings.region)).rds
        watch = Watch(rds, clock, schedule=CLOUD_SCHEDULE, stage=CREATING)
        waits = [
            pool.submit(_wait_in_vain, f"rm-clone-{number}", watch, clock)
            for number in range(_CLONES)
        ]
        for wait in waits:
            wait.result()
    assert watch.looks >= _END / _STEP, watch.looks
    return statistics.linear_regression(list(clock.noted), clock.noted.values()).slope


def _wait_in_vain(instance_id: str, watch: Watch, clock: _Clock) -> None:
    row = CallProgress(Call(SimpleNamespace(urn=f"urn:pulumi:{instance_id}")))
    try:
        wait_until_ready(instance_id, watch, clock=clock, progress=row, timeout=_END)
    except WaitTimedOutError:
        return
    raise AssertionError(instance_id)


@contextmanager
def _cloud() -> Iterator[Settings]:
    """
    Run an emulator whose clones stay Creating; return the settings that reach it.
    """
    clones = [
        {
            "id": f"rm-clone-{number}",
            "status": "Creating",
            "tags": {STAGE_TAG: CREATING},
            "backups": [],
        }
        for number in range(_CLONES)
    ]
    with TemporaryDirectory() as folder:
        seed = Path(folder) / "seed.json"
        world = {"clone_seconds": 100_000, "instances": clones}
        seed.write_text(json.dumps(world), "utf-8")
        with serve("--seed", str(seed)) as ready:
            yield Settings(
                region=ready["region"],
                endpoint=f"http://{ready['endpoint']}",
                access_key_id=ready["accessKeyId"],
                access_key_secret=ready["accessKeySecret"],
            )


if __name__ == "__main__":
    print(_measure())  # noqa: T201 - the point of the script
