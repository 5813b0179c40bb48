"""
Aspects of a clone: fields that are read together and changed together in place.
"""

from enum import StrEnum
from typing import Final


class Aspect(StrEnum):
    """
    The aspects, in the order in which they are changed.

    The whitelist comes first: a clone begins with the source's, and nobody may reach it
    before that is replaced. A larger disk comes before a faster one, which may have to
    be larger, and that before what only the faster one has. Endpoints come before what
    names them, and what may restart the clone comes last.
    """

    WHITELIST = "whitelist"
    DESCRIPTION = "description"
    TAGS = "tags"
    EXPIRY = "expiry"
    DELETION_PROTECTION = "deletion protection"
    MAINTENANCE_WINDOW = "maintenance window"
    PAYMENT = "payment"
    AUTO_RENEWAL = "auto-renewal"
    CAPACITY = "capacity"
    STORAGE_TYPE = "storage type"
    DISK_IO = "disk I/O"
    SERVERLESS = "serverless range"
    NETWORK = "network"
    ENDPOINT = "endpoint"
    PUBLIC_ENDPOINT = "public endpoint"
    ACCOUNTS = "accounts"
    ENCRYPTION = "encryption"
    SSL = "SSL"
    RESOURCE_GROUP = "resource group"
    MINOR_VERSION = "minor-version upgrade"
    HIGH_AVAILABILITY = "high availability"
    TCP_CONNECTION = "TCP connection type"
    BACKUP_POLICY = "backup policy"
    SQL_AUDIT = "SQL audit"
    MONITORING = "monitoring period"
    PG_HBA = "pg_hba"
    PARAMETERS = "parameters"


IMMEDIATE: Final = frozenset(
    {
        Aspect.WHITELIST,
        Aspect.ACCOUNTS,
        Aspect.DESCRIPTION,
        Aspect.TAGS,
        Aspect.EXPIRY,
        Aspect.DELETION_PROTECTION,
        Aspect.MAINTENANCE_WINDOW,
        Aspect.AUTO_RENEWAL,
        Aspect.RESOURCE_GROUP,
        Aspect.MINOR_VERSION,
        Aspect.HIGH_AVAILABILITY,
        Aspect.TCP_CONNECTION,
        Aspect.BACKUP_POLICY,
        Aspect.SQL_AUDIT,
        Aspect.MONITORING,
        Aspect.PG_HBA,
    }
)
"""Aspects that change at once; with the others the clone is busy for a while."""
