"""
Privileges of accounts.

RDS would refuse them only after the order. The facts are those of the source, or of the
clone itself if it exists already.
"""

from collections.abc import Collection, Iterator, Mapping
from typing import Final

from pulumi_rdsclone.domain.accounts import NORMAL, Accounts, lets_accounts_go
from pulumi_rdsclone.domain.checking import Finding, Rules
from pulumi_rdsclone.domain.instances import SQL_SERVER, Instance
from pulumi_rdsclone.domain.problems import listed, quoted
from pulumi_rdsclone.domain.spec import Account, CloneSpec

RULES = Rules()

_OF_MYSQL: Final = ("ReadWrite", "ReadOnly", "DDLOnly", "DMLOnly")
_PRIVILEGES: Final[Mapping[str, Collection[str]]] = {
    "MySQL": _OF_MYSQL,
    "MariaDB": _OF_MYSQL,
    SQL_SERVER: ("ReadWrite", "ReadOnly", "DBOwner"),
    "PostgreSQL": ("DBOwner",),
}


@RULES.check("account-privileges", "accounts[].privileges")
def engine_has_the_privileges(spec: CloneSpec, source: Instance) -> Finding | None:
    """
    The engine has the declared privileges.

    Source: GrantAccountPrivilege, AccountPrivilege.
    """
    known = _PRIVILEGES.get(source.engine)
    for name, account in _with_privileges(spec):
        for word in (account.privileges or {}).values():
            if known is not None and word not in known:
                return Finding(
                    f"{source.engine} does not support the privilege {word}, declared "
                    f"for {quoted(name)}",
                    f"use {'one of ' if len(known) > 1 else ''}{listed(known)}",
                )
    return None


def _with_privileges(spec: CloneSpec) -> Iterator[tuple[str, Account]]:
    return (
        (name, account)
        for name, account in sorted(spec.accounts.items())
        if account.privileges
    )


@RULES.check("account-privileges-type", "accounts[].privileges", "accounts[].type")
def privileges_are_for_normal_accounts(
    spec: CloneSpec, accounts: Accounts | None = None
) -> Finding | None:
    """
    Privileges in single databases are declared for Normal accounts only.

    The others may do everything, or read it. Source: GrantAccountPrivilege; that it
    refuses them with IncorrectAccountType is inferred.
    """
    for name, account in _with_privileges(spec):
        known = (accounts or {}).get(name)
        kind = known.type if known else account.type
        if kind not in (None, "", NORMAL):
            return Finding(
                f"{quoted(name)} is a database account of type {kind}, which cannot "
                "have privileges on single databases",
                f"remove the privileges of {quoted(name)}",
            )
    return None


@RULES.check("account-databases", "accounts[].privileges", "databases", "tables{}")
def privileges_name_databases(spec: CloneSpec) -> Finding | None:
    """
    Privileges name databases that the clone will have, by their names there.

    Which ones a whole restore brings is not asked. Source: GrantAccountPrivilege,
    DBName, where a comma separates names.
    """
    held = _restored(spec)
    for name, account in _with_privileges(spec):
        for database in account.privileges or {}:
            if not database.strip() or "," in database:
                return Finding(
                    f"{quoted(database)} in the privileges of {quoted(name)} is not a "
                    "name of a database",
                    "use the name of one database for each entry",
                )
            if held and database not in held:
                return Finding(
                    f"{quoted(name)} has a privilege on {quoted(database)}, which is "
                    "not restored into the clone",
                    f"choose from {listed(sorted(held), quoted)}, or add "
                    f"{quoted(database)} to databases",
                )
    return None


def _restored(spec: CloneSpec) -> set[str]:
    """
    Return the databases that are chosen, by their names in the clone; empty for all.
    """
    return {
        *spec.databases.values(),
        *(table.partition(".")[0] for table in spec.tables),
    }


@RULES.check("account-revoke", "accounts[].privileges", "databases", "tables{}")
def nothing_is_revoked_in_vain(
    spec: CloneSpec, source: Instance, accounts: Accounts
) -> Finding | None:
    """
    Where nothing can be revoked, an account keeps all the privileges that it has.

    Source: RevokeAccountPrivilege is not for PostgreSQL, nor for SQL Server 2017 in the
    cluster edition.
    """
    if source.engine != "PostgreSQL" and lets_accounts_go(source):
        return None
    held = _restored(spec)
    for name, account in sorted(spec.accounts.items()):
        if account.privileges is None or name not in accounts:
            continue
        for database in sorted(accounts[name].privileges.keys() - account.privileges):
            if not held or database in held:
                return Finding(
                    f"RDS cannot revoke privileges on {source.engine}, and "
                    f"{quoted(name)} already has one on {quoted(database)}",
                    "declare this privilege, too, or remove the privileges of "
                    f"{quoted(name)}",
                )
    return None
