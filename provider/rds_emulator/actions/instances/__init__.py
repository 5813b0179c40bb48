"""
Actions about instances themselves: their life, capacity, billing and settings.
"""

from rds_emulator.actions.instances import (
    audit_and_monitor,
    billing,
    clone,
    delete,
    engine_parameters,
    expiry,
    filters,
    high_availability,
    instance_settings,
    instances,
    machines,
    rendering,
    resize,
    resource_groups,
    slots,
    storage_growth,
    tags,
    tasks,
)

__all__ = [
    "audit_and_monitor",
    "billing",
    "clone",
    "delete",
    "engine_parameters",
    "expiry",
    "filters",
    "high_availability",
    "instance_settings",
    "instances",
    "machines",
    "rendering",
    "resize",
    "resource_groups",
    "slots",
    "storage_growth",
    "tags",
    "tasks",
]
