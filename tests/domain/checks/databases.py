from dataclasses import replace
from typing import Any, Final

from pulumi_rdsclone.domain.backups import Contents
from pulumi_rdsclone.domain.facts import Facts
from pulumi_rdsclone.domain.problems import quoted
from tests.domain.checks.rows import Row, clone, fails, knowing, passes, rule, source
from tests.domain.samples import FAILED_SET, NEWEST_SET, OLDER_SET, SOURCE

ONE: Final = {"shop": "shop"}
TABLE: Final = {"shop.orders": "orders"}
NAME: Final = "use at most 64 letters, digits, _ and -; start with a letter"
SILENT: Final = "restore all databases, or choose another backup set"


def parts(**changes: Any) -> dict[str, Any]:
    return clone(**{"restore_point": {"latest": "backup"}, "databases": ONE, **changes})


def silent(*ids: str, **facts: Any) -> Facts:
    """
    Return the facts where these sets do not tell what they hold.
    """
    return knowing(
        backup_sets=tuple(
            replace(backup_set, listed=backup_set.id not in ids)
            for backup_set in (OLDER_SET, NEWEST_SET, FAILED_SET)
        ),
        **facts,
    )


ROWS: list[Row] = []

ROWS += rule(
    "databases-engine",
    passes("neither", facts=source(engine="MariaDB")),
    *(
        passes(f"a database of {engine}", parts(), source(engine=engine))
        for engine in ("MySQL", "PostgreSQL", "SQLServer")
    ),
    *(
        passes(
            f"a database of {engine} by another name",
            parts(databases={"shop": "store"}),
            source(engine=engine),
        )
        for engine in ("MySQL", "PostgreSQL")
    ),
    passes("a table of MySQL", parts(databases={}, tables=TABLE)),
    *(
        fails(
            f"{case} of MariaDB",
            parts(databases=databases, tables=tables),
            source(engine="MariaDB"),
        ).says(
            "single databases and tables cannot be restored for MariaDB",
            "remove the inputs databases and tables",
        )
        for databases, tables, case in ((ONE, {}, "a database"), ({}, TABLE, "a table"))
    ),
    *(
        fails(f"a table of {engine}", parts(tables=TABLE), source(engine=engine)).says(
            f"single tables cannot be restored for {engine}",
            "restore whole databases, and remove the input tables",
        )
        for engine in ("PostgreSQL", "SQLServer")
    ),
    fails(
        "a database of SQL Server by another name",
        parts(databases={"crm": "crm", "shop": "store"}),
        source(engine="SQLServer"),
    ).says(
        "databases cannot be renamed for SQLServer", "set the name of 'shop' in the clone to 'shop'"
    ),
)
ROWS += rule(
    "tables-form",
    passes("none"),
    passes("a table", parts(tables=TABLE)),
    passes("dots in its name", parts(tables={"shop.a.b": "c"})),
    *(
        fails(case, parts(tables={**TABLE, name: "x"})).says(
            f"'{name}' is not a name of a table with its database",
            "write a name like orders.customers",
        )
        for name, case in (
            ("orders", "no database"),
            (".orders", "an empty database"),
            ("shop.", "an empty table"),
        )
    ),
)
ROWS += rule(
    "databases-names",
    passes("neither"),
    *(
        passes(case, parts(**changes))
        for changes, case in (
            ({"databases": {"shop": "Store_2-b"}}, "every kind of character"),
            ({"databases": {"shop": "s" * 64}}, "64 letters"),
            ({"databases": {"_1": "_1"}}, "an odd name that is kept"),
            ({"databases": {"shop": "crm", "crm": "shop"}}, "an exchange"),
            ({"tables": {"shop._1": "_1"}}, "a table's odd name that is kept"),
            (
                {"databases": {}, "tables": {"shop.a": "x", "crm.a": "x"}},
                "one name in two databases",
            ),
        )
    ),
    *(
        fails(case, parts(**changes)).says(f"the name {quoted(name)} is not accepted by RDS", NAME)
        for changes, name, case in (
            ({"databases": {"shop": ""}}, "", "an empty name"),
            ({"databases": {"shop": "1st"}}, "1st", "a digit first"),
            ({"databases": {"shop": "a.b"}}, "a.b", "a dot"),
            ({"databases": {"shop": "s" * 65}}, "s" * 65, "65 letters"),
            ({"tables": {"shop.orders": "or ders"}}, "or ders", "a table's"),
        )
    ),
    *(
        fails(case, parts(**changes)).says(
            f"two databases or tables would have the same name '{name}'", "choose different names"
        )
        for changes, name, case in (
            ({"databases": {"shop": "x", "crm": "x"}}, "x", "twins"),
            ({"databases": {"shop": "crm", "crm": "crm"}}, "crm", "one keeps its name"),
            (
                {"tables": {"shop.orders": "x", "shop.customers": "x"}},
                "shop.x",
                "twins in a database",
            ),
        )
    ),
)
ROWS += rule(
    "databases-exist",
    passes("neither"),
    passes("all do", parts(databases={"shop": "a", "crm": "b"}, tables=TABLE)),
    passes(
        "no table's name, which another rule tells", parts(tables={"orders": "x", ".orders": "x"})
    ),
    *(
        fails(case, parts(**changes)).says(
            f"the backup does not contain the {missing}", f"choose from {known}"
        )
        for changes, missing, known, case in (
            ({"databases": {"web": "web"}}, "database 'web'", "'crm', 'shop'", "a database"),
            (
                {"databases": {"web": "a", "shop": "b", "app": "c"}},
                "databases 'app', 'web'",
                "'crm', 'shop'",
                "two of three",
            ),
            (
                {"databases": {}, "tables": {"web.orders": "x"}},
                "database 'web'",
                "'crm', 'shop'",
                "a table's database",
            ),
            (
                {"tables": {"shop.orders": "x", "shop.carts": "y"}},
                "table 'shop.carts'",
                "'shop.customers', 'shop.orders'",
                "a table",
            ),
        )
    ),
    fails(
        "an empty backup",
        parts(),
        knowing(contents=Contents(databases=frozenset(), tables=frozenset())),
    ).says("the backup does not contain the database 'shop'", "choose another restore point"),
)
ROWS += rule(
    "backup-listed",
    passes("it tells", parts()),
    passes("all is restored", parts(databases={}), silent("103")),
    passes("another does not", parts(), silent("102", "104")),
    passes("SQL Server", parts(), silent("103", source=replace(SOURCE, engine="SQLServer"))),
    passes("a point in time", parts(restore_point={"latest": "time"}), silent("102", "103")),
    passes(
        "a set that does not exist, which another rule tells",
        parts(restore_point={"backup_id": "999"}),
        silent("102", "103"),
    ),
    *(
        fails(case, parts(restore_point=point, **changes), silent(backup_id)).says(
            f"the contents of the backup set {backup_id} are not listed", SILENT
        )
        for point, changes, backup_id, case in (
            ({"latest": "backup"}, {}, "103", "the newest set"),
            (
                {"latest": "backup", "before": "2026-11-20T00:00:00Z"},
                {},
                "102",
                "the newest before",
            ),
            ({"backup_id": "102"}, {}, "102", "a named set"),
            ({"backup_id": "102"}, {"databases": {}, "tables": TABLE}, "102", "a table"),
        )
    ),
)
