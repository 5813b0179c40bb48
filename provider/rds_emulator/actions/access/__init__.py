"""
Actions about who may connect to an instance, and how: accounts, whitelists, encryption.
"""

from rds_emulator.actions.access import (
    accounts,
    databases,
    hba,
    privileges,
    security_groups,
    ssl,
    tde,
    whitelists,
)

__all__ = [
    "accounts",
    "databases",
    "hba",
    "privileges",
    "security_groups",
    "ssl",
    "tde",
    "whitelists",
]
