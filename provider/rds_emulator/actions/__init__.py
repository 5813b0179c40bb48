"""
The actions of the API, one module for each noun.

Importing this package registers them all.
"""

from rds_emulator.actions import (
    accounts,
    backups,
    catalogue,
    certificates,
    cloning,
    encryption,
    endpoints,
    identities,
    instances,
    logs,
    metadata,
    networks,
    placements,
    prices,
    privileges,
    regions,
    releases,
    resource_groups,
    settings,
    tags,
    tasks,
    vswitches,
    whitelists,
)
from rds_emulator.registry import ACTIONS, Action, Answer, Invocation

__all__ = [
    "ACTIONS",
    "Action",
    "Answer",
    "Invocation",
    "accounts",
    "backups",
    "catalogue",
    "certificates",
    "cloning",
    "encryption",
    "endpoints",
    "identities",
    "instances",
    "logs",
    "metadata",
    "networks",
    "placements",
    "prices",
    "privileges",
    "regions",
    "releases",
    "resource_groups",
    "settings",
    "tags",
    "tasks",
    "vswitches",
    "whitelists",
]
