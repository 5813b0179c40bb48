"""
Actions about what can be bought: regions, zones, classes and prices.
"""

from rds_emulator.actions.market import (
    availability,
    prices,
    regions,
)

__all__ = [
    "availability",
    "prices",
    "regions",
]
