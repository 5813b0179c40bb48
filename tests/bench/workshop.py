"""
Where stacks are made that are measured, each in a folder of its own.
"""

import shutil
from dataclasses import dataclass
from pathlib import Path

from rds_emulator import Emulator
from sandbox import environment
from tests.support.stacks import Stack, make_stack


@dataclass(frozen=True)
class Workshop:
    """
    Makes stacks.

    Attributes:
        cli: The folder with the Pulumi CLI.
        scratch: Where the stacks are.
    """

    cli: Path
    scratch: Path

    def stack(self, name: str, emulator: Emulator) -> Stack:
        """
        Make a stack that nobody has used, in the place of an earlier one of *name*.
        """
        folder = self.scratch / name
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        return make_stack(folder / "project", environment(folder, self.cli), emulator)
