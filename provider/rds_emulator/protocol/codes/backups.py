"""
What can be wrong with an order for a backup, or with the end of a set.
"""

from collections.abc import Mapping
from typing import Final

BACKUPS: Final[Mapping[str, tuple[int, str]]] = {
    "BackupJobExists": (
        400,
        "A backup job already exists in the specified DB instance.",
    ),
    "InvalidBackupId.Malformed": (400, "The specified BackupId is not valid."),
    "InvalidBackupMethod.ValueNotSupport": (
        400,
        "The instance does not support the specified backup method.",
    ),
    "OperationDenied.BackupStoreStatus": (
        403,
        "The StoreStatus of the backup set does not allow that it is deleted.",
    ),
    "OperationDenied.NoDatabase": (403, "The instance has no database."),
}
