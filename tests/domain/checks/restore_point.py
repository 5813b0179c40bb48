from typing import Final

from pulumi_rdsclone.domain.unknown import UNKNOWN
from tests.domain.checks.rows import Rows, at, fails, passes, restoring
from tests.domain.samples import NOW

LIMIT: Final = "2026-11-20T12:00:00Z"
ONE_FORM: Final = "set exactly one of time, backup_id and latest"
NO_LIMIT: Final = "remove before, or set latest to backup"

ROWS: Final[Rows] = (
    passes("restore-point-form", "a time", at(NOW)),
    passes("restore-point-form", "a backup set", restoring(backup_id="103")),
    passes("restore-point-form", "the newest time", restoring(latest="time")),
    passes(
        "restore-point-form",
        "a limit is no form",
        restoring(latest="backup", before=LIMIT),
    ),
    passes("restore-point-form", "one not known yet", restoring(time=UNKNOWN)),
    fails(
        "restore-point-form",
        "nothing",
        restoring(),
        what="no restore point is set",
        remedy=ONE_FORM,
    ),
    fails(
        "restore-point-form",
        "a limit alone",
        restoring(before=LIMIT),
        what="no restore point is set",
        remedy=ONE_FORM,
    ),
    fails(
        "restore-point-form",
        "two forms",
        restoring(time=LIMIT, backup_id="103"),
        what="time and backup_id are set together",
        remedy=ONE_FORM,
    ),
    fails(
        "restore-point-form",
        "two forms, one not known yet",
        restoring(time=LIMIT, backup_id=UNKNOWN),
        what="time and backup_id are set together",
        remedy=ONE_FORM,
    ),
    fails(
        "restore-point-form",
        "three forms",
        restoring(time=LIMIT, backup_id="103", latest="time"),
        what="time, backup_id and latest are set together",
        remedy=ONE_FORM,
    ),
    passes("restore-point-before", "no limit", restoring(latest="backup")),
    passes(
        "restore-point-before",
        "a limit of the newest set",
        restoring(latest="BACKUP", before=LIMIT),
    ),
    fails(
        "restore-point-before",
        "with the newest time",
        restoring(latest="time", before=LIMIT),
        what="before can only be used with latest: backup",
        remedy=NO_LIMIT,
    ),
    fails(
        "restore-point-before",
        "with a backup set",
        restoring(backup_id="103", before=LIMIT),
        what="before can only be used with latest: backup",
        remedy=NO_LIMIT,
    ),
)
