"""
The version that every answer carries in its ``x-rds-emulator`` header.
"""

from importlib.metadata import version

__version__ = version("pulumi-rdsclone")
