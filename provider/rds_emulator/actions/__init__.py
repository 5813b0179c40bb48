"""
The actions of the API, one module for each noun.

Importing this package registers them all.
"""

from rds_emulator.actions import (
    backups,
    cloning,
    instances,
    networks,
    regions,
    releases,
    settings,
    tags,
)
from rds_emulator.registry import ACTIONS, Action, Answer, Invocation

__all__ = [
    "ACTIONS",
    "Action",
    "Answer",
    "Invocation",
    "backups",
    "cloning",
    "instances",
    "networks",
    "regions",
    "releases",
    "settings",
    "tags",
]
