"""
The version that every answer carries in its ``x-rds-emulator`` header.
"""

from importlib.metadata import version
from typing import Final

VERSION: Final = version("pulumi-rdsclone")
