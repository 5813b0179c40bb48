"""
Where the parts are put together: database, clock, world, journal, application.
"""

import time
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from rds_emulator import planting, seed
from rds_emulator import temper as tempers
from rds_emulator.clock import Segment, checked_speed
from rds_emulator.seed import Seed
from rds_emulator.store import Store
from rds_emulator.temper import Order
from rds_emulator.world import World

SeedSource = Mapping[str, object] | Path | str | None


def read_seed(source: SeedSource, *, wall: float) -> Seed:
    """
    Read a seed from a file, a mapping, or the demo's when *source* is None.
    """
    if source is None:
        entries: Mapping[str, object] = seed.demo()
    elif isinstance(source, Mapping):
        entries = source
    else:
        entries = seed.from_file(Path(source))
    return seed.from_mapping(entries, wall=datetime.fromtimestamp(wall, UTC))


def open_world(
    *,
    db: str | Path | None,
    source: SeedSource,
    speed: float | None,
    settings: Mapping[str, float],
    temper: Order | None = None,
) -> World:
    """
    Open a database and go on with its world, or seed a new one.

    Args:
        db: the file; None keeps everything in memory.
        source: the seed of a new world.
        speed: emulated seconds per real second; 1 for a new world, and what it
            was for an old one, when None.
        settings: override durations of the seed.
        temper: changes that of the seed, or of the old world.
    """
    wall = time.time()
    # A bad seed must not leave a half-made database behind.
    seeded = read_seed(source, wall=wall)
    store = Store(str(db) if db is not None else ":memory:")
    try:
        with store.transaction():
            if store.is_new:
                world = _found(store, seeded, wall, speed, settings)
            else:
                world = World.resume(store, speed=speed, settings=settings)
            if temper is not None:
                world.set_temper(tempers.read(temper, before=world.account.temper))
            return world
    except BaseException:
        store.close()
        raise


def _found(
    store: Store,
    seeded: Seed,
    wall: float,
    speed: float | None,
    settings: Mapping[str, float],
) -> World:
    begin = seeded.now.timestamp() if seeded.now else wall
    pace = 1.0 if speed is None else checked_speed(speed)
    clock = World.lasting_clock(store, Segment(wall=wall, emulated=begin, speed=pace))
    world = World(store, seeded.account(), clock)
    world.set_durations(settings)
    for position, instance in enumerate(seeded.instances):
        planting.plant(world, instance, at=f"instances[{position}].")
    world.faults.take(seeded)
    return world
