from dataclasses import replace
from datetime import timedelta
from typing import Final

from pulumi_rdsclone.domain.backups import BackupPolicy, NoWindow, RecoveryWindow, Span
from pulumi_rdsclone.domain.facts import Facts, Missing
from tests.domain.checks.rows import Row, at, fails, knowing, passes, restoring, rule, source
from tests.domain.samples import FAILED_SET, LOGICAL_SET, NEWEST_SET, NOW, WINDOW, WITHDRAWN_SET

SECOND: Final = timedelta(seconds=1)
DAY: Final = timedelta(days=1)
BY_TIME: Final = ((at(NOW), "a time"), (restoring(latest="time"), "the newest time"))
BY_SET: Final = (
    (restoring(backup_id="103"), "a named set"),
    (restoring(latest="backup"), "the newest set"),
)
USELESS: Final = (FAILED_SET, LOGICAL_SET, WITHDRAWN_SET)
NEWEST: Final = "the newest usable one is 103 of 2026-11-20T00:00:00Z"
ADVICE: Final = f"choose another backup set; {NEWEST}"
NO_SETS: Final = "create a backup of the source first"
TAKE_A_SET: Final = "restore a backup set with backup_id or latest: backup"
SWITCH_ON: Final = f"enable log backups for later times, or {TAKE_A_SET}"
LOGS_OFF: Final = "log backups of rm-source are disabled, so no point in time can be restored"
NO_LOGS: Final = knowing(backup_policy=BackupPolicy(data=True, log=False))
GAPPED: Final = knowing(
    window=RecoveryWindow((Span(NOW - 7 * DAY, NOW - 5 * DAY), Span(NOW - 4 * DAY, NOW)))
)
RANGE: Final = "choose a time from 2026-11-13T12:00:00Z to 2026-11-20T12:00:00Z"


def without_logs(**changes: object) -> Facts:
    """
    Return the facts of a source without log backup that differs in *changes*.
    """
    return replace(source(**changes), backup_policy=NO_LOGS.backup_policy)


def aged(age: timedelta) -> Facts:
    """
    Return the facts of a source whose newest usable set has that *age*.
    """
    return knowing(backup_sets=(replace(NEWEST_SET, ended=NOW - age), *USELESS))


ROWS: list[Row] = []

ROWS += rule(
    "data-backup-on",
    passes("it is"),
    fails("it is not", facts=knowing(backup_policy=BackupPolicy(data=False, log=True))).says(
        "no data backups of rm-source are scheduled",
        "choose at least two days a week in its backup policy",
    ),
)
ROWS += rule(
    "log-backup-on",
    *(passes(f"on, {case}", tree) for tree, case in BY_TIME),
    *(passes(f"off, {case}", tree, NO_LOGS) for tree, case in BY_SET),
    passes(
        "SQL Server, whose flags say off for every frequency but one",
        at(NOW),
        without_logs(engine="SQLServer", engine_version="2019_ent"),
    ),
    passes(
        "PostgreSQL Basic, which another rule tells",
        at(NOW),
        without_logs(engine="PostgreSQL", engine_version="16.0", edition="Basic"),
    ),
    *(fails(f"off, {case}", tree, NO_LOGS).says(LOGS_OFF, SWITCH_ON) for tree, case in BY_TIME),
    fails(
        "off, PostgreSQL that is not Basic",
        at(NOW),
        without_logs(engine="PostgreSQL", engine_version="16.0"),
    ).says(LOGS_OFF, SWITCH_ON),
    fails("off, another engine on Basic", at(NOW), without_logs(edition="Basic")).says(
        LOGS_OFF, SWITCH_ON
    ),
)
ROWS += rule(
    "log-backup-edition",
    passes("another edition", at(NOW), source(engine="PostgreSQL")),
    passes("another engine", at(NOW), source(edition="Basic")),
    *(
        passes(f"PostgreSQL Basic, {case}", tree, source(engine="PostgreSQL", edition="Basic"))
        for tree, case in BY_SET
    ),
    *(
        fails(
            f"PostgreSQL {edition}, {case}", tree, source(engine="PostgreSQL", edition=edition)
        ).says("rm-source is PostgreSQL of edition Basic, which has no log backups", TAKE_A_SET)
        for edition in ("Basic", "basic")
        for tree, case in BY_TIME
    ),
)
ROWS += rule(
    "window-known",
    *(passes(f"a window, {case}", tree) for tree, case in BY_TIME),
    *(
        passes(f"{why.value}, {case}", tree, knowing(window=why))
        for why in NoWindow
        for tree, case in BY_SET
    ),
    passes("a source that its own checks refuse", at(NOW), knowing(window=NoWindow.NOT_NOW)),
    passes(
        "no log backup, which the policy says already",
        at(NOW),
        replace(NO_LOGS, window=NoWindow.LOG_BACKUP_OFF),
    ),
    *(
        fails(f"{why.value}, {case}", tree, knowing(window=why)).says(
            f"rm-source has no restorable time: {what}", remedy
        )
        for why, what, remedy in (
            (NoWindow.LOG_BACKUP_OFF, "log backups are disabled", SWITCH_ON),
            (
                NoWindow.NO_BACKUP,
                "there is no backup to start from",
                f"wait for a full backup, or {TAKE_A_SET}",
            ),
            (NoWindow.NOT_TOLD, "the API returns no restorable window for this engine", TAKE_A_SET),
        )
        for tree, case in BY_TIME
    ),
    fails(
        "no log backup, and nobody may read the policy",
        at(NOW),
        knowing(window=NoWindow.LOG_BACKUP_OFF, backup_policy=Missing.UNVERIFIED),
    ).says("rm-source has no restorable time: log backups are disabled", SWITCH_ON),
    fails(
        "no backup, and no log backup either", at(NOW), replace(NO_LOGS, window=NoWindow.NO_BACKUP)
    ).says(
        "rm-source has no restorable time: there is no backup to start from",
        f"wait for a full backup, or {TAKE_A_SET}",
    ),
)
ROWS += rule(
    "time-in-window",
    passes("the oldest second", at(WINDOW.begin)),
    passes("the newest second", at(WINDOW.end)),
    passes("the last second before a gap", at(NOW - 5 * DAY), GAPPED),
    passes("the first second after a gap", at(NOW - 4 * DAY), GAPPED),
    passes("no time is given", restoring(latest="time")),
    *(passes(why.value, at(NOW + DAY), knowing(window=why)) for why in NoWindow),
    fails("a second too early", at(WINDOW.begin - SECOND)).says(
        "2026-11-13T11:59:59Z is before the oldest restorable time",
        f"{RANGE}; the nearest is 2026-11-13T12:00:00Z",
    ),
    fails("a second too late", at(WINDOW.end + SECOND)).says(
        "2026-11-20T12:00:01Z is after the newest restorable time",
        f"{RANGE}; the nearest is 2026-11-20T12:00:00Z",
    ),
    fails("a second into a gap", at(NOW - 5 * DAY + SECOND), GAPPED).says(
        "2026-11-15T12:00:01Z is in a gap of the log backups",
        f"{RANGE}; the nearest are 2026-11-15T12:00:00Z and 2026-11-16T12:00:00Z",
    ),
    fails("too early, a gap further on", at(NOW - 8 * DAY), GAPPED).says(
        "2026-11-12T12:00:00Z is before the oldest restorable time",
        f"{RANGE}; the nearest is 2026-11-13T12:00:00Z",
    ),
)
ROWS += rule(
    "backup-exists",
    passes("one of its own", restoring(backup_id="102")),
    passes("a failed one", restoring(backup_id="104")),
    passes("none is named", restoring(latest="backup")),
    fails("another's", restoring(backup_id="999")).says("rm-source has no backup set 999", ADVICE),
    fails("no sets at all", restoring(backup_id="999"), knowing(backup_sets=())).says(
        "rm-source has no backup set 999", NO_SETS
    ),
)
ROWS += rule(
    "backup-usable",
    passes("usable", restoring(backup_id="102")),
    passes("it does not exist", restoring(backup_id="999")),
    passes("none is named", restoring(latest="backup")),
    *(
        fails(what, restoring(backup_id=backup.id)).says(
            f"the backup set {backup.id} {what}", ADVICE
        )
        for backup, what in (
            (FAILED_SET, "failed"),
            (LOGICAL_SET, "is a logical backup"),
            (WITHDRAWN_SET, "is not available"),
        )
    ),
)
ROWS += rule(
    "backup-latest",
    passes("there is one", restoring(latest="backup")),
    passes("there is an older one", restoring(latest="backup", before="2026-11-20T00:00:00Z")),
    passes("the newest time needs none", restoring(latest="time"), knowing(backup_sets=())),
    fails("only useless ones", restoring(latest="backup"), knowing(backup_sets=USELESS)).says(
        "rm-source has no usable backup set", NO_SETS
    ),
    fails(
        "the oldest ended just then", restoring(latest="backup", before="2026-11-19T00:00:00Z")
    ).says(
        "rm-source has no usable backup set that ended before 2026-11-19T00:00:00Z",
        f"remove before, or set before to a later time; {NEWEST}",
    ),
)
ROWS += rule(
    "backup-fresh",
    passes("eight days old", restoring(latest="backup"), aged(8 * DAY)),
    passes("the newest time", restoring(latest="time"), aged(30 * DAY)),
    passes("a named set", restoring(backup_id="103"), aged(30 * DAY)),
    passes(
        "an old one is wanted",
        restoring(latest="backup", before="2026-11-20T00:00:00Z"),
        aged(30 * DAY),
    ),
    passes("no usable set", restoring(latest="backup"), knowing(backup_sets=USELESS)),
    fails("a second more than eight days", restoring(latest="backup"), aged(8 * DAY + SECOND)).says(
        "the newest usable backup set 103 is 8 days old, so later changes will not be in the clone",
        "find out why the source has no newer backup set",
    ),
)
