"""
Settings of an instance that are set once and rarely changed.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

UPGRADED_ENGINES: Final = ("MySQL", "PostgreSQL")
"""The engines whose minor versions may be upgraded by themselves."""


@dataclass(frozen=True, kw_only=True)
class HighAvailability:
    """
    How an instance replicates, what it prefers when a node fails, how it is probed.

    *connection* is LONG or SHORT: the connections that find out whether it is there.
    """

    sync_mode: str = "Semi-sync"
    ha_mode: str = "RPO"
    connection: str = "LONG"


@dataclass(frozen=True, kw_only=True)
class HbaItem:
    """
    A record of pg_hba.conf: who may connect from where, and how that is proved.

    The record with the least *priority* comes first; no two have the same.
    """

    priority: int
    type: str = "host"
    database: str = "all"
    user: str = "all"
    address: str = "0.0.0.0/0"
    mask: str = ""
    method: str = "md5"
    option: str = ""


@dataclass(frozen=True, kw_only=True)
class StorageGrowth:
    """
    Storage grows by itself once only *threshold* percent are free, up to *most_gb*.
    """

    threshold: int
    most_gb: int


DEFAULT_HBA: Final = (
    HbaItem(priority=0),
    HbaItem(priority=1, database="replication"),
)
"""The records of a new instance."""


@dataclass(frozen=True, kw_only=True)
class Hba:
    """
    The records of pg_hba.conf, and when they were last changed.
    """

    items: tuple[HbaItem, ...] = DEFAULT_HBA
    modified: datetime | None = None
