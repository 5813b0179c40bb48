"""
What the emulated cloud consists of: plain, frozen values.

Nothing here knows the API's spelling, the database or the time.
"""

from rds_emulator.state.model.access import (
    DEFAULT_GROUP,
    DEFAULT_RESOURCE_GROUP,
    LOOPBACK_ONLY,
    DatabaseAccount,
    IpGroup,
    PublicEndpoint,
    Ssl,
    Tde,
)
from rds_emulator.state.model.account import (
    CHINA,
    INTERNATIONAL,
    SITES,
    AccessKey,
    Account,
    Durations,
    Region,
    Unsold,
    Vpc,
    VSwitch,
)
from rds_emulator.state.model.backups import (
    Backup,
    BackupPolicy,
    BackupProperties,
    LogGap,
)
from rds_emulator.state.model.billing import (
    PAY_TYPES,
    SERVERLESS,
    AutoRenewal,
    expiry,
)
from rds_emulator.state.model.instance import (
    Instance,
    InstanceProperties,
    Migration,
    PastAccounts,
    PastTags,
    RestoredFrom,
    Serverless,
    StatusChange,
    Step,
    Task,
)
from rds_emulator.state.model.settings import (
    DEFAULT_HBA,
    UPGRADED_ENGINES,
    Hba,
    HbaItem,
    HighAvailability,
    StorageGrowth,
)

__all__ = [
    "CHINA",
    "DEFAULT_GROUP",
    "DEFAULT_HBA",
    "DEFAULT_RESOURCE_GROUP",
    "INTERNATIONAL",
    "LOOPBACK_ONLY",
    "PAY_TYPES",
    "SERVERLESS",
    "SITES",
    "UPGRADED_ENGINES",
    "AccessKey",
    "Account",
    "AutoRenewal",
    "Backup",
    "BackupPolicy",
    "BackupProperties",
    "DatabaseAccount",
    "Durations",
    "Hba",
    "HbaItem",
    "HighAvailability",
    "Instance",
    "InstanceProperties",
    "IpGroup",
    "LogGap",
    "Migration",
    "PastAccounts",
    "PastTags",
    "PublicEndpoint",
    "Region",
    "RestoredFrom",
    "Serverless",
    "Ssl",
    "StatusChange",
    "Step",
    "StorageGrowth",
    "Task",
    "Tde",
    "Unsold",
    "VSwitch",
    "Vpc",
    "expiry",
]
