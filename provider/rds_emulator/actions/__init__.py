"""
The actions of the API, one module for each noun.

Importing this package registers them all.
"""

from rds_emulator.actions import (
    availability,
    backup_policies,
    backups,
    catalogue,
    cloning,
    configuration,
    hba,
    identities,
    instances,
    logs,
    metadata,
    networks,
    observation,
    payments,
    prices,
    regions,
    releases,
    settings,
    specifications,
    tags,
    tasks,
    vswitches,
)
from rds_emulator.registry import ACTIONS, Action, Answer, Invocation

__all__ = [
    "ACTIONS",
    "Action",
    "Answer",
    "Invocation",
    "availability",
    "backup_policies",
    "backups",
    "catalogue",
    "cloning",
    "configuration",
    "hba",
    "identities",
    "instances",
    "logs",
    "metadata",
    "networks",
    "observation",
    "payments",
    "prices",
    "regions",
    "releases",
    "settings",
    "specifications",
    "tags",
    "tasks",
    "vswitches",
]
