"""
The actions of the API, grouped by what they are about.

Importing this package registers them all.
"""

from rds_emulator.actions import (
    access,
    backups,
    instances,
    location,
    market,
    network,
    sts,
)
from rds_emulator.actions.registry import ACTIONS, Action, Answer, Invocation

__all__ = [
    "ACTIONS",
    "Action",
    "Answer",
    "Invocation",
    "access",
    "backups",
    "instances",
    "location",
    "market",
    "network",
    "sts",
]
