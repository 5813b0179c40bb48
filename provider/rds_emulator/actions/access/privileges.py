"""
What accounts may do in databases.
"""

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Final

from rds_emulator.actions.registry import Answer, Invocation, action
from rds_emulator.protocol.errors import ApiError
from rds_emulator.rules import accounts, preconditions
from rds_emulator.rules.preconditions import has_postgresql_on_local_disks
from rds_emulator.state.model import DatabaseAccount, Instance

_PRIVILEGES: Final[Mapping[str, Collection[str]]] = {
    "MySQL": ("ReadWrite", "ReadOnly", "DDLOnly", "DMLOnly"),
    "MariaDB": ("ReadWrite", "ReadOnly", "DDLOnly", "DMLOnly"),
    "SQLServer": ("ReadWrite", "ReadOnly", "DBOwner"),
    "PostgreSQL": ("DBOwner",),
}


@action(
    "GrantAccountPrivilege",
    writes=True,
    models=(
        "Privileges of Normal accounts of Running, unlocked instances, at once; several"
        " databases with as many privileges, comma separated. A new privilege replaces"
        " the old one. MySQL and MariaDB have ReadWrite, ReadOnly, DDLOnly and DMLOnly,"
        " SQL Server ReadWrite, ReadOnly and DBOwner, PostgreSQL with cloud disks"
        " DBOwner."
    ),
    evidence=(
        "Parameters and their texts of SDK 16.0.2; that PostgreSQL needs cloud disks is"
        " Resource Orchestration's AccountPrivilege. No error table was found."
        " Inferred:"
        " all codes, which are those of CreateAccount, IncorrectAccountType for other"
        " accounts, InvalidDBName.NotFound of the old client error table, and"
        " InvalidAccountPrivilege.Malformed for another number of privileges."
    ),
    not_found="InvalidDBInstanceName.NotFound",
)
def grant_privilege(invocation: Invocation) -> Answer:
    """
    Grant an account a privilege in databases.
    """
    wanted = invocation.parameters.required("AccountPrivilege").split(",")
    instance, account, names = _matter(invocation)
    is_refused = has_postgresql_on_local_disks(instance)
    known = () if is_refused else _PRIVILEGES.get(instance.engine, ())
    if len(wanted) != len(names) or not all(privilege in known for privilege in wanted):
        raise ApiError(code="InvalidAccountPrivilege.Malformed")
    granted = dict(zip(names, wanted, strict=True))
    _keep(
        invocation,
        instance,
        account=account,
        privileges={**account.privileges, **granted},
    )
    return {}


@action(
    "RevokeAccountPrivilege",
    writes=True,
    models=(
        "All privileges of a Normal account in the named databases, of Running,"
        " unlocked instances, at once; that there are none is fine. Not for"
        " PostgreSQL."
    ),
    evidence=(
        "Parameters of SDK 16.0.2, engines of the official page, of which no error"
        " table was found: the codes are those of GrantAccountPrivilege, and"
        " IncorrectDBInstanceEngine for PostgreSQL is inferred."
    ),
    not_found="InvalidDBInstanceName.NotFound",
)
def revoke_privilege(invocation: Invocation) -> Answer:
    """
    Revoke the privileges of an account in databases.
    """
    instance, account, names = _matter(invocation)
    if instance.engine == "PostgreSQL":
        raise ApiError(code="IncorrectDBInstanceEngine")
    kept = {
        name: privilege
        for name, privilege in account.privileges.items()
        if name not in names
    }
    _keep(invocation, instance, account=account, privileges=kept)
    return {}


def _matter(invocation: Invocation) -> tuple[Instance, DatabaseAccount, list[str]]:
    name = invocation.parameters.required("AccountName")
    databases = invocation.parameters.required("DBName").split(",")
    instance = invocation.instance()
    preconditions.check_ready(instance)
    account = accounts.find(instance, name)
    if accounts.status(account, now=invocation.cloud.clock.now()) == "Unavailable":
        raise ApiError(code="OperationDenied.OutofUsage")
    if account.type != accounts.NORMAL:
        raise ApiError(code="IncorrectAccountType")
    if not all(database in instance.databases for database in databases):
        raise ApiError(code="InvalidDBName.NotFound")
    return instance, account, databases


def _keep(
    invocation: Invocation,
    instance: Instance,
    *,
    account: DatabaseAccount,
    privileges: Mapping[str, str],
) -> None:
    after = accounts.changed(instance, replace(account, privileges=privileges))
    invocation.cloud.change(after)
