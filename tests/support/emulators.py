"""
The emulators that the tests of the provider run against.

RDSCLONE_TEMPER names how kind they are, see *rds_emulator.temper*; ideal by default.
"""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import rds_emulator
from rds_emulator.seed import Seed
from rds_emulator.temper import TEMPERS

TEMPER: Final = os.environ.get("RDSCLONE_TEMPER") or "ideal"


class Emulator(rds_emulator.Emulator):
    """
    An emulator as kind as this run's, where its maker does not say how kind it is.

    What takes seconds takes as much of a clone's creation as it does in the cloud: the
    tests' clones are made quickly. It takes none where the clock stands still, for it
    would never end.
    """

    def __init__(self, **settings: Any) -> None:
        seed = settings.get("seed")
        world = {**(seed if isinstance(seed, Mapping) else {}), **settings}
        is_new = "db" not in world or not Path(world["db"]).exists()
        if TEMPER != "ideal" and "temper" not in world and is_new:
            settings["temper"] = _hastened(_pace(world))
        super().__init__(**settings)


def _pace(settings: Mapping[str, Any]) -> float:
    if settings.get("speed") == 0:
        return 0.0
    seconds: float = settings.get("clone_seconds", Seed.clone_seconds)
    return seconds / Seed.clone_seconds


def _hastened(pace: float) -> dict[str, object]:
    return {
        name: value * pace if name.endswith("_seconds") else value
        for name, value in vars(TEMPERS[TEMPER]).items()
    }
