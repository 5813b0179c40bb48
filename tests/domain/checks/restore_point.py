from typing import Final

from pulumi_rdsclone.domain.unknown import UNKNOWN
from tests.domain.checks.rows import Row, at, fails, passes, restoring, rule
from tests.domain.samples import NOW

LIMIT: Final = "2026-11-20T12:00:00Z"
ONE_FORM: Final = "set exactly one of time, backup_id and latest"
NO_LIMIT: Final = "remove before, or set latest to backup"

ROWS: list[Row] = []

ROWS += rule(
    "restore-point-form",
    passes("a time", at(NOW)),
    passes("a backup set", restoring(backup_id="103")),
    passes("the newest time", restoring(latest="time")),
    passes("a limit is no form", restoring(latest="backup", before=LIMIT)),
    passes("one not known yet", restoring(time=UNKNOWN)),
    fails("nothing", restoring()).says("no restore point is set", ONE_FORM),
    fails("a limit alone", restoring(before=LIMIT)).says("no restore point is set", ONE_FORM),
    fails("two forms", restoring(time=LIMIT, backup_id="103")).says(
        "time and backup_id are set together", ONE_FORM
    ),
    fails("two forms, one not known yet", restoring(time=LIMIT, backup_id=UNKNOWN)).says(
        "time and backup_id are set together", ONE_FORM
    ),
    fails("three forms", restoring(time=LIMIT, backup_id="103", latest="time")).says(
        "time, backup_id and latest are set together", ONE_FORM
    ),
)
ROWS += rule(
    "restore-point-before",
    passes("no limit", restoring(latest="backup")),
    passes("a limit of the newest set", restoring(latest="BACKUP", before=LIMIT)),
    fails("with the newest time", restoring(latest="time", before=LIMIT)).says(
        "before can only be used with latest: backup", NO_LIMIT
    ),
    fails("with a backup set", restoring(backup_id="103", before=LIMIT)).says(
        "before can only be used with latest: backup", NO_LIMIT
    ),
)
