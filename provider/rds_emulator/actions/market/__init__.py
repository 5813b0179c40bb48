"""
Actions about what can be bought: regions, zones, classes and prices.
"""

from rds_emulator.actions.market import (
    availability,
    classes,
    parameter_groups,
    prices,
    regions,
)

__all__ = [
    "availability",
    "classes",
    "parameter_groups",
    "prices",
    "regions",
]
