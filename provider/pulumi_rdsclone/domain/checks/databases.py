"""
Databases.
"""

import re
from collections import Counter
from collections.abc import Iterable
from typing import Final

from pulumi_rdsclone.domain.backups import BackupSet, Contents
from pulumi_rdsclone.domain.checking import Finding, Rules
from pulumi_rdsclone.domain.instances import SQL_SERVER, Instance
from pulumi_rdsclone.domain.problems import listed, quoted
from pulumi_rdsclone.domain.restoring import chosen_set
from pulumi_rdsclone.domain.spec import CloneSpec

RULES = Rules()

_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,63}")
_WITH_DATABASES: Final = ("MySQL", "PostgreSQL", SQL_SERVER)
_ENGINE_WITH_TABLES: Final = "MySQL"


@RULES.check("databases-engine", "databases[]", "tables[]")
def engine_restores_parts(spec: CloneSpec, source: Instance) -> Finding | None:
    """
    Databases are chosen for MySQL, PostgreSQL and SQL Server, tables for MySQL.

    SQL Server keeps the names. Source: CloneDBInstance, DbNames and TableMeta, and
    the page of RestoreTable; that DbNames is SQL Server's is inferred.
    """
    engine = source.engine
    if not spec.databases and not spec.tables:
        return None
    if engine not in _WITH_DATABASES:
        what = f"single databases and tables cannot be restored for {engine}"
        return Finding(what, "remove the inputs databases and tables")
    if spec.tables and engine != _ENGINE_WITH_TABLES:
        what = f"single tables cannot be restored for {engine}"
        return Finding(what, "restore whole databases, and remove the input tables")
    renamed = [old for old, new in spec.databases.items() if old != new]
    if renamed and engine == SQL_SERVER:
        what = f"databases cannot be renamed for {engine}"
        name = quoted(renamed[0])
        return Finding(what, f"set the name of {name} in the clone to {name}")
    return None


@RULES.check("tables-form", "tables{}")
def tables_name_their_databases(spec: CloneSpec) -> Finding | None:
    """
    A table is named together with its database: database.table.
    """
    wrong = [name for name in spec.tables if not all(name.partition("."))]
    if not wrong:
        return None
    return Finding(
        f"{quoted(wrong[0])} is not a name of a table with its database",
        "write a name like orders.customers",
    )


@RULES.check("databases-names", "databases[]", "tables[]")
def new_names_are_well_formed(spec: CloneSpec) -> Finding | None:
    """
    New names are well-formed and differ from each other.

    Letters, digits, _ and -, at most 64, a letter first. Source: CreateDatabase.
    """
    pairs = [*spec.databases.items()]
    pairs += [(name.partition(".")[2], new) for name, new in spec.tables.items()]
    wrong = [new for old, new in pairs if new != old and not _NAME.fullmatch(new)]
    if wrong:
        return Finding(
            f"the name {quoted(wrong[0])} is not accepted by RDS",
            "use at most 64 letters, digits, _ and -; start with a letter",
        )
    if twins := _twins(spec):
        what = f"two databases or tables would have the same name {quoted(twins[0])}"
        return Finding(what, "choose different names")
    return None


@RULES.check("databases-exist", "databases{}", "tables{}")
def the_set_holds_them(spec: CloneSpec, contents: Contents) -> Finding | None:
    """
    The backup contains the databases and tables.

    Source: DescribeMetaList, which tells for MySQL High-availability Edition on local
    disks only.
    """
    tables = {name for name in spec.tables if all(name.partition("."))}
    databases = {*spec.databases, *(name.partition(".")[0] for name in tables)}
    missing = sorted(databases - contents.databases) or sorted(tables - contents.tables)
    if not missing:
        return None
    is_database = missing[0] in databases
    there = contents.databases if is_database else contents.tables
    known = listed(sorted(there), quoted)
    kind = f"{'database' if is_database else 'table'}{'s' if len(missing) > 1 else ''}"
    return Finding(
        f"the backup does not contain the {kind} {listed(missing, quoted)}",
        f"choose from {known}" if there else "choose another restore point",
    )


@RULES.check(
    "backup-listed",
    "databases",
    "tables",
    "restore_point.backup_id",
    "restore_point.latest",
    "restore_point.before",
)
def the_set_knows_its_tables(
    spec: CloneSpec, source: Instance, backup_sets: tuple[BackupSet, ...]
) -> Finding | None:
    """
    The contents of a backup set of which parts are restored are listed.

    Source: DescribeBackups, MetaStatus; that a clone needs it is inferred.
    """
    backup = chosen_set(spec.restore_point, backup_sets)
    parts = spec.databases or spec.tables
    if not parts or source.engine == SQL_SERVER or backup is None or backup.listed:
        return None
    return Finding(
        f"the contents of the backup set {backup.id} are not listed",
        "restore all databases, or choose another backup set",
    )


def _twins(spec: CloneSpec) -> list[str]:
    databases = spec.databases.values()
    tables = [f"{name.partition('.')[0]}.{new}" for name, new in spec.tables.items()]
    return [*_repeated(databases), *_repeated(tables)]


def _repeated(names: Iterable[str]) -> list[str]:
    return [name for name, count in Counter(names).items() if count > 1]
