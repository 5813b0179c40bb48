"""
Database accounts of an instance, and the names that they may not have.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from pulumi_rdsclone.domain.instances import SQL_SERVER, Instance

NORMAL: Final = "Normal"
SUPER: Final = "Super"

CLOSED: Final = "closed-by-rdsclone"
"""Describes an account that the cloud did not remove: nobody knows its password."""


@dataclass(frozen=True, kw_only=True)
class DatabaseAccount:
    """
    A database account as the API reports it.

    Attributes:
        type: Normal, Super, or one of SQL Server's own.
        description: What it is for; may be empty.
        privileges: What a Normal account may do, by the names of databases.
    """

    type: str
    description: str = ""
    privileges: Mapping[str, str] = field(default_factory=dict)


Accounts = Mapping[str, DatabaseAccount]
"""The accounts of an instance, by their names."""


def lets_accounts_go(source: Instance) -> bool:
    """
    Return whether accounts can be removed. Source: DeleteAccount, its description.
    """
    if source.engine == SQL_SERVER:
        return not (source.edition == "AlwaysOn" and "2017" in source.engine_version)
    return (source.engine, source.storage_type) != ("PostgreSQL", "local_ssd")


def strangers(there: Accounts, declared: Collection[str]) -> Iterator[str]:
    """
    Return the names of *there* that are not *declared* and not closed yet.
    """
    for name, account in sorted(there.items()):
        if name not in declared and account.description != CLOSED:
            yield name


_OF_MYSQL: Final = """
    action add admin all alter analyze and as asc asensitive aurora before between
    bigint binary blob both by call cascade case change char character check collate
    column condition connection constraint continue convert create cross current_date
    current_time current_timestamp current_user cursor database databases day_hour
    day_microsecond day_minute day_second dec decimal declare default delayed delete
    desc describe deterministic distinct distinctrow div double drop dual each eagleye
    else elseif enclosed escaped exists exit explain false fetch float float4 float8
    for force foreign from fulltext goto grant group guest having high_priority
    hour_microsecond hour_minute hour_second if ignore in index infile
    information_schema inner inout insensitive insert int int1 int2 int3 int4 int8
    integer interval into is iterate join key keys kill label leading leave left like
    limit linear lines load localtime localtimestamp lock long longblob longtext loop
    low_priority match mediumblob mediumint mediumtext middleint minute_microsecond
    minute_second mod modifies mysql natural no_write_to_binlog not null numeric on
    optimize option optionally or order out outer outfile performance_schema precision
    primary procedure purge raid0 range read reads real references regexp release
    rename repeat replace replicator require restrict return revoke right rlike root
    schema schemas second_microsecond select sensitive separator set show smallint
    spatial specific sql sql_big_result sql_calc_found_rows sql_small_result
    sqlexception sqlstate sqlwarning ssl starting straight_join table terminated test
    then tinyblob tinyint tinytext to trailing trigger true undo union unique unlock
    unsigned update usage use using utc_date utc_time utc_timestamp values varbinary
    varchar varcharacter varying when where while with write x509 xor xtrabak
    year_month zerofill
"""
_OF_POSTGRESQL: Final = """
    admin all analyse analyze and any array as asc asymmetric aurora authorization
    binary both case cast check collate collation column concurrently constraint create
    cross current_catalog current_date current_role current_schema current_time
    current_timestamp current_user default deferrable desc distinct do else end except
    false fetch for foreign freeze from full grant group having ilike in initially inner
    intersect into is isnull join lateral leading left like limit localtime
    localtimestamp natural not notnull null offset on only or order outer overlaps
    placing postgres primary references replicator returning right root select
    session_user similar some symmetric system_user table tablesample then to trailing
    true union unique user using variadic verbose when where window with
"""
_OF_SQL_SERVER: Final = """
    add admin administrator all alter and any as asc aurora authorization backup begin
    between break browse bulk bulkadmin by cascade case check checkpoint close clustered
    coalesce collate column commit compute constraint contains containstable continue
    convert create cross current current_date current_time current_timestamp
    current_user cursor database dbcc dbcreator dbo deallocate declare default delete
    deny desc disk diskadmin distinct distributed distribution double drop dump eagleye
    else end errlvl escape except exec execute exists exit external fetch file
    fillfactor for foreign freetext freetexttable from full function goto grant group
    guest having holdlock identity identity_insert identitycol if in index inner insert
    intersect into is join key kill left like lineno load login master merge model msdb
    mssqld mssqlsystemresource national nocheck nonclustered not null nullif of off
    offsets on open opendatasource openquery openrowset openxml option or order outer
    over percent pivot plan precision primary print proc procedure processadmin public
    raiserror read readtext reconfigure references replication restore restrict return
    revert revoke right rollback root rowcount rowguidcol rule sa save schema
    securityadmin securityaudit select semantickeyphrasetable serveradmin session_user
    set setupadmin setuser shutdown some statistics sysadmin system_user table
    tablesample tempdb textsize then to top tran transaction trigger truncate
    try_convert tsequal union unique unpivot update updatetext use user values varying
    view waitfor when where while with within writetext
"""

RESERVED: Final[Mapping[str, frozenset[str]]] = {
    "MySQL": frozenset(_OF_MYSQL.split()),
    "MariaDB": frozenset(_OF_MYSQL.split()),
    "PostgreSQL": frozenset(_OF_POSTGRESQL.split()),
    SQL_SERVER: frozenset(_OF_SQL_SERVER.split()),
}
"""
The words that are no names of accounts, by engine, in small letters.

Source: the page Forbidden keywords, which sends readers to PostgreSQL's manual for its
own. Inferred: that MariaDB's are MySQL's, and the system names among SQL Server's.
"""
