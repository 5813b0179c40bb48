"""
From a database, new or not, to a running emulator.
"""

import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from rds_emulator.seeds import instances, seed
from rds_emulator.seeds.seed import Seed
from rds_emulator.server.journal import Journal
from rds_emulator.server.runtime import Runtime
from rds_emulator.state import temper as tempers
from rds_emulator.state.clock import Segment, checked_speed
from rds_emulator.state.cloud import SCHEDULES_SINCE, Cloud
from rds_emulator.state.store import Store
from rds_emulator.state.temper import Order

SeedSource = Mapping[str, object] | Path | str | None

_QUIET: Final = timedelta(hours=1)
"""How long after a start at the real time no schedule makes a backup set: what a short
test sees must not depend on the time of the day."""


def read_seed(source: SeedSource, *, wall: float) -> Seed:
    """
    Return the seed in a file or a mapping, or the demo's when *source* is None.
    """
    if source is None:
        entries: Mapping[str, object] = seed.demo()
    elif isinstance(source, Mapping):
        entries = source
    else:
        entries = seed.from_file(Path(source))
    return seed.from_mapping(entries, wall=datetime.fromtimestamp(wall, UTC))


def open_runtime(
    *,
    db: str | Path | None,
    source: SeedSource,
    speed: float | None,
    durations: Mapping[str, float],
    temper: Order | None = None,
) -> Runtime:
    """
    Open a database and continue with its cloud, or begin a new one with a seed.

    Args:
        db: The file; None keeps everything in memory.
        source: The seed of a new cloud.
        speed: Emulated seconds per real second; 1 for a new cloud, and what it
            was for an old one, when None.
        durations: Override those of the seed, or of the old cloud.
        temper: Changes that of the seed, or of the old cloud.

    Raises:
        DocumentError: The seed or the temper is malformed.
        StoreError: The database cannot be used.
    """
    wall = time.time()
    # A bad seed must not leave a half-made database behind.
    seeded = read_seed(source, wall=wall)
    store = Store(str(db) if db is not None else ":memory:")
    try:
        with store.transaction():
            is_new = store.is_new
            if is_new:
                cloud = _new_cloud(store, seeded, wall=wall, speed=speed)
            else:
                cloud = Cloud.resume(store, speed=speed)
            cloud.set_durations(durations)
            if temper is not None:
                cloud.set_temper(tempers.read(temper, before=cloud.account.temper))
            runtime = Runtime(cloud=cloud, journal=Journal(store))
            if is_new:
                runtime.faults.take(seeded)
            return runtime
    except BaseException:
        store.close()
        raise


def _new_cloud(
    store: Store, seeded: Seed, *, wall: float, speed: float | None
) -> Cloud:
    begin = seeded.now.timestamp() if seeded.now else wall
    pace = 1.0 if speed is None else checked_speed(speed)
    clock = Cloud.lasting_clock(store, Segment(wall=wall, emulated=begin, speed=pace))
    if seeded.now is None:
        store.save_setting(SCHEDULES_SINCE, clock.now() + _QUIET)
    cloud = Cloud(store, seeded.account(), clock=clock)
    for position, instance in enumerate(seeded.instances):
        instances.create(cloud, instance, at=f"instances[{position}].")
    return cloud
