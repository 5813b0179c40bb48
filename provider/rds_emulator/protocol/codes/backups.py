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
    "BackupTimesExceeded": (
        400,
        "Exceeding the daily backup times of this DB instance.",
    ),
    "BackupType.NotSupport": (400, "the specified backup type not support"),
    "InvalidBackupMethod.ValueNotSupport": (
        400,
        'The specified parameter "BackupMethod" is not valid.',
    ),
    "OperationDenied.NoDatabase": (
        403,
        "The operation is not permitted due to no database.",
    ),
}
