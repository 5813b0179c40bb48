from datetime import timedelta
from typing import Final

from tests.domain.checks.rows import Row, clone, fails, knowing, passes, rule, source
from tests.domain.samples import NOW, values

SECOND: Final = timedelta(seconds=1)
NO_REGION: Final = "no region is configured"
SET_REGION: Final = (
    "set region, rdsclone:region in the stack's configuration, or "
    "ALIBABA_CLOUD_REGION_ID in the environment"
)

ROWS: list[Row] = []

ROWS += rule(
    "region-known", passes("declared"), fails("none", values()).says(NO_REGION, SET_REGION)
)
ROWS += rule(
    "source-exists",
    passes("it does"),
    fails("it does not", clone(source_instance_id="rm-gone"), knowing(exists=False)).says(
        "there is no instance rm-gone in cn-hangzhou",
        "correct the id, the region or the credentials",
    ),
)
ROWS += rule(
    "source-primary",
    passes("a primary"),
    *(
        fails(role, facts=source(role=role)).says(
            f"rm-source is a {role} instance", "choose the primary instance of that instance"
        )
        for role in ("Readonly", "Guard", "Temp")
    ),
)
ROWS += rule(
    "source-running",
    passes("running"),
    *(
        passes(f"{status}, which another rule tells", facts=source(status=status))
        for status in ("TRANSING", "Importing")
    ),
    *(
        fails(status, facts=source(status=status)).says(
            f"rm-source is {status}", "wait until the source is Running"
        )
        for status in ("Stopped", "Rebooting", "Creating", "Transing")
    ),
    passes("being cloned, which is a warning", facts=source(status="INS_CLONING")),
)
ROWS += rule(
    "source-cloning",
    passes("running"),
    passes("stopped", facts=source(status="Stopped")),
    fails("being cloned", facts=source(status="INS_CLONING")).says(
        "rm-source is INS_CLONING: another clone of rm-source may be in progress",
        "run again when the source is Running, if the order is refused",
    ),
)
ROWS += rule(
    "source-settled",
    passes("running"),
    passes("stopped", facts=source(status="Stopped")),
    *(
        fails(status, facts=source(status=status)).says(
            f"rm-source {what} ({status})", "wait until the source is Running again"
        )
        for status, what in (
            ("TRANSING", "is being migrated"),
            ("TransingToOthers", "is migrating its data to another instance"),
            ("Importing", "is importing data"),
            ("ImportingFromOthers", "is importing data from another instance"),
            ("EngineVersionUpgrading", "is being upgraded to another engine version"),
        )
    ),
)
ROWS += rule(
    "source-imported",
    passes("no import"),
    fails("one database", facts=knowing(migrations=("shop",))).says(
        "a backup file is being imported into 'shop' of rm-source",
        "wait until the import has ended",
    ),
    fails("several, one of them twice", facts=knowing(migrations=("shop", "crm", "shop"))).says(
        "a backup file is being imported into 'crm', 'shop' of rm-source",
        "wait until the import has ended",
    ),
)
ROWS += rule(
    "source-idle",
    passes("no task"),
    fails(
        "several tasks, one of them twice",
        facts=knowing(tasks=("Restart", "CreateBackup", "Restart")),
    ).says(
        "rm-source is running the task CreateBackup, Restart",
        "wait until the task has ended, or accept that the clone takes longer",
    ),
)
ROWS += rule(
    "source-unlocked",
    passes("unlocked"),
    passes("nothing told", facts=source(lock_mode="")),
    *(
        fails(mode, facts=source(lock_mode=mode)).says(f"rm-source is {what}", remedy)
        for mode, what, remedy in (
            ("ManualLock", "manually locked", "unlock the source in the console"),
            ("LockByExpiration", "locked because it expired", "renew the source"),
            ("LockByRestoration", "locked by a rollback", "wait for the rollback to end"),
            (
                "LockByDiskQuota",
                "locked because its disk is full",
                "increase the storage of the source",
            ),
            (
                "LockReadInstanceByDiskQuota",
                "locked because its disk is full",
                "increase the storage of the source",
            ),
            ("LockByMoon", "locked (LockByMoon)", "unlock the source"),
        )
    ),
)
ROWS += rule(
    "source-paid",
    passes("it never expires"),
    passes("for a second", facts=source(expires=NOW + SECOND)),
    passes(
        "locked already, which another rule tells",
        facts=source(expires=NOW, lock_mode="LockByExpiration"),
    ),
    fails("this second", facts=source(expires=NOW)).says(
        "rm-source expired at 2026-11-20T12:00:00Z", "renew the source"
    ),
    fails(
        "a day ago, and nothing is told of a lock",
        facts=source(expires=NOW - timedelta(days=1), lock_mode=""),
    ).says("rm-source expired at 2026-11-19T12:00:00Z", "renew the source"),
)
ROWS += rule(
    "source-expiry",
    passes("it never does"),
    passes("this second, which another rule tells", facts=source(expires=NOW)),
    passes("in more than three days", facts=source(expires=NOW + timedelta(days=3) + SECOND)),
    fails("in three days", facts=source(expires=NOW + timedelta(days=3))).says(
        "rm-source expires at 2026-11-23T12:00:00Z and cannot be cloned after that",
        "renew the source",
    ),
    fails("in a second", facts=source(expires=NOW + SECOND)).says(
        "rm-source expires at 2026-11-20T12:00:01Z and cannot be cloned after that",
        "renew the source",
    ),
)
YOUNGER_VERSIONS: Final = (
    ("MySQL", "8.4"),
    ("MySQL", "9.0"),
    ("PostgreSQL", "19.0"),
    ("MariaDB", "10.11"),
    ("MariaDB", "11.4"),
    ("SQLServer", "2025_web"),
    ("SQLServer", "2028_ent"),
)
"""Engine versions that are newer than those that the rules know."""
ROWS += rule(
    "engine-known",
    *(
        passes(f"{engine} {version}", facts=source(engine=engine, engine_version=version))
        for engine, version in (
            ("MySQL", "5.5"),
            ("MySQL", "5.6"),
            ("MySQL", "5.7"),
            ("MySQL", "8.0"),
            ("PostgreSQL", "9.4"),
            ("PostgreSQL", "10.0"),
            ("PostgreSQL", "18.0"),
            ("MariaDB", "10.3"),
            ("MariaDB", "10.6"),
            ("SQLServer", "08r2_ent_ha"),
            ("SQLServer", "2012"),
            ("SQLServer", "2019_std_sl"),
            ("SQLServer", "2025_std"),
        )
    ),
    *(
        fails(case, facts=source(engine=engine, engine_version=version)).says(
            f"rm-source runs {engine} {version}, which is not among the "
            "documented engine versions that can be cloned",
            "choose another source, or add engine-known to checks.skip",
        )
        for engine, version, case in (
            ("MySQL", "5.1", "an older MySQL"),
            ("MySQL", "7.0", "one that never was"),
            ("MySQL", "latest", "no number"),
            ("MariaDB", "10.5", "one between two others"),
            ("SQLServer", "2000", "an older SQL Server"),
            ("SQLServer", "2022_new", "an edition of an older SQL Server"),
            ("PostgreSQL", "8.0", "a version of another engine"),
            ("PPAS", "10.0", "another engine"),
        )
    ),
    *(
        passes(
            f"a younger one: {engine} {version}",
            facts=source(engine=engine, engine_version=version),
        )
        for engine, version in YOUNGER_VERSIONS
    ),
)
ROWS += rule(
    "engine-newer",
    *(
        fails(f"{engine} {version}", facts=source(engine=engine, engine_version=version)).says(
            f"rm-source runs {engine} {version}, which is newer than the engine "
            "versions that rdsclone knows",
            "upgrade pulumi-rdsclone, or add engine-newer to checks.skip",
        )
        for engine, version in YOUNGER_VERSIONS
    ),
    *(
        passes(f"{engine} {version}", facts=source(engine=engine, engine_version=version))
        for engine, version in (
            ("MySQL", "8.0"),
            ("MySQL", "5.1"),
            ("PostgreSQL", "18.0"),
            ("MariaDB", "10.6"),
            ("SQLServer", "08r2_ent_ha"),
            ("SQLServer", "2025_std"),
            ("PPAS", "99.0"),
        )
    ),
)
ROWS += rule(
    "mysql-57-basic",
    *(
        passes(
            f"{engine} {version} {edition}",
            facts=source(engine=engine, engine_version=version, edition=edition),
        )
        for engine, version, edition in (
            ("MySQL", "5.7", "HighAvailability"),
            ("MySQL", "8.0", "Basic"),
            ("MariaDB", "5.7", "Basic"),
        )
    ),
    *(
        fails(edition, facts=source(engine_version="5.7", edition=edition)).says(
            "rm-source is MySQL 5.7 of edition Basic, which cannot be cloned",
            "upgrade the source to edition HighAvailability or to MySQL 8.0",
        )
        for edition in ("Basic", "BASIC")
    ),
)
