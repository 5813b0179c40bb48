"""
A local ApsaraDB RDS API (2014-08-15) that official clients can talk to unchanged.

Start it with ``rds-emulator serve``, or inside a test with `Emulator`.
"""

from rds_emulator.emulator import Emulator
from rds_emulator.version import __version__

__all__ = ["Emulator", "__version__"]
