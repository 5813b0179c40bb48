"""
Restore point.
"""

from pulumi_rdsclone.domain.checking import Finding, Rules
from pulumi_rdsclone.domain.restoring import restore_forms
from pulumi_rdsclone.domain.spec import CloneSpec

RULES = Rules()


@RULES.check("restore-point-form", "restore_point", required=True)
def restore_point_has_one_form(spec: CloneSpec) -> Finding | None:
    """
    Exactly one restore form is given.

    CloneDBInstance wants at least one of BackupId and RestoreTime and no page says
    which of two would win, so two are refused.
    """
    given = restore_forms(spec.restore_point)
    if len(given) == 1:
        return None
    return Finding(
        f"{', '.join(given[:-1])} and {given[-1]} are set together"
        if given
        else "no restore point is set",
        "set exactly one of time, backup_id and latest",
    )


@RULES.check("restore-point-before", "restore_point.before", "restore_point.latest")
def before_goes_with_latest_backup(spec: CloneSpec) -> Finding | None:
    """
    *before* limits the search for a backup set and means nothing elsewhere.
    """
    point = spec.restore_point
    if point.before is None or point.latest == "backup":
        return None
    return Finding(
        "before can only be used with latest: backup",
        "remove before, or set latest to backup",
    )
