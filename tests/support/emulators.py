"""
The emulators that the tests of the provider run against.

They are as unkind as the real cloud, unless a test says why not. RDSCLONE_TEMPER says
otherwise for all: a name, or an object of traits in JSON, such as
``{"base": "real", "sub_read_lag_seconds": 0}``.
"""

import json
import os
from collections.abc import Mapping
from importlib import resources
from pathlib import Path
from typing import Any, Final

import rds_emulator
from rds_emulator.seeds.seed import Seed
from rds_emulator.state.temper import Temper, read

TEMPER: Final = os.environ.get("RDSCLONE_TEMPER") or "real"


_HASTE: Final = 60
"""The provider waits so much shorter with an emulator: half a second to *settle* in
place of half a minute, see *cloud.regions*."""

_SUB_READS: Final = "sub_read_lag_seconds"


def demo_seed() -> dict[str, Any]:
    file = resources.files("rds_emulator.seeds") / "demo.json"
    seed: dict[str, Any] = json.loads(file.read_text("utf-8"))
    return seed


class Emulator(rds_emulator.Emulator):
    """
    An emulator as kind as this run's, where its maker does not say how kind it is.

    What takes seconds takes a sixtieth of them, as the provider is in haste as well,
    and other calls know a clone that much after it is Running. Where the clock stands
    still nothing takes any time, for it would never end. An old database keeps its
    temper.
    """

    def __init__(self, **settings: Any) -> None:
        seed = settings.get("seed")
        world = {**(seed if isinstance(seed, Mapping) else {}), **settings}
        is_new = "db" not in world or not Path(world["db"]).exists()
        if TEMPER != "ideal" and "temper" not in world and is_new:
            settings["temper"] = hastened(wanted_temper(), world)
        super().__init__(**settings)


def wanted_temper() -> Mapping[str, Any]:
    """
    Return the traits of this run's emulators, in the cloud's own time.
    """
    order = json.loads(TEMPER) if TEMPER.startswith("{") else TEMPER
    return vars(read(order, before=Temper()))


def hastened(temper: Mapping[str, Any], world: Mapping[str, Any]) -> dict[str, Any]:
    """
    Return *temper* as quick as the provider is with the emulator of *world*.
    """
    haste = 0 if world.get("speed") == 0 else 1 / _HASTE
    after = max(temper[_SUB_READS] - Seed.clone_seconds, 0)
    # A course of its own may be shorter than the clone's usual one.
    making = min(world.get("clone_seconds", Seed.clone_seconds), temper[_SUB_READS] * haste)
    return {
        **{
            name: value * haste if name.endswith("_seconds") else value
            for name, value in temper.items()
        },
        _SUB_READS: making + after * haste if haste and after else 0,
    }


def stop_clock(emulator: rds_emulator.Emulator) -> None:
    """
    Let time stand still in a cloud without lags: none would ever end.
    """
    emulator.set_temper("ideal")
    emulator.clock.set_speed(0)
