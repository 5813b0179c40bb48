"""
Where stacks are made that are measured, each in a folder of its own.
"""

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rds_emulator import Emulator
from rds_emulator.state.temper import Temper, read
from sandbox import environment
from tests.support.emulators import hastened
from tests.support.stacks import Stack, make_stack


@dataclass(frozen=True)
class BenchStacks:
    """
    Makes stacks.

    Attributes:
        cli: The folder with the Pulumi CLI.
        scratch: Where the stacks are.
        temper: How kind the emulators are.
    """

    cli: Path
    scratch: Path
    temper: str = "ideal"

    @property
    def emulator_temper(self) -> Temper:
        """
        The traits of the emulators, in the cloud's own time.
        """
        return read(self.temper, before=Temper())

    def emulator(self, **settings: Any) -> Emulator:
        """
        Return an emulator that is not running yet.
        """
        traits = vars(self.emulator_temper)
        return Emulator(**settings, temper=hastened(traits, settings))

    def stack(self, name: str, emulator: Emulator) -> Stack:
        """
        Make a stack that nobody has used, in the place of an earlier one of *name*.
        """
        folder = self.scratch / name
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        return make_stack(folder / "project", environment(folder, self.cli), emulator)
