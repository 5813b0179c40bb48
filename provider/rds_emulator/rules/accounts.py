"""
The accounts of databases: what they may be called, and how many there may be.
"""

import re
import string
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Final

from rds_emulator.protocol.errors import ApiError
from rds_emulator.rules import naming
from rds_emulator.rules.preconditions import has_postgresql_on_local_disks
from rds_emulator.state.model import DatabaseAccount, Instance

NORMAL: Final = "Normal"
SUPER: Final = "Super"

_TYPES: Final = (NORMAL, SUPER, "Sysadmin", "GlobalRO")
_SQL_SERVER: Final = "SQLServer"
_FIRST_YEARS: Final[Mapping[str, int]] = {"Sysadmin": 2012, "GlobalRO": 2016}
"""Types that SQL Server alone has, with the first version that has them."""

_MOST: Final[Mapping[str, int]] = {SUPER: 1, "Sysadmin": 1, "GlobalRO": 2}
_RESERVED_EVERYWHERE: Final = frozenset({"admin", "aurora", "root"})
_RESERVED_BY_MYSQL: Final = frozenset(
    {"eagleye", "guest", "mysql", "replicator", "select", "test", "xtrabak"}
)
_RESERVED: Final[Mapping[str, Collection[str]]] = {
    "MySQL": _RESERVED_BY_MYSQL,
    "MariaDB": _RESERVED_BY_MYSQL,
    "PostgreSQL": frozenset({"all", "postgres", "replicator", "select", "user"}),
    _SQL_SERVER: frozenset(
        {"administrator", "dbo", "eagleye", "guest", "login", "public", "sysadmin"}
    ),
}
_NAME: Final = re.compile(r"[a-z]([a-z0-9_]*[a-z0-9])?")
_MYSQL_NAME: Final = re.compile(_NAME.pattern, re.IGNORECASE | re.ASCII)
_SHORTEST_NAME: Final = 2
_SHORT_NAME: Final = 16
_LONGEST_NAMES: Final[Mapping[str, int]] = {
    "MySQL": 32,
    "PostgreSQL": 63,
    "SQLServer": 64,
}
_OLD_MYSQL: Final = ("5.5", "5.6")
_PASSWORD_LENGTHS: Final = range(8, 33)
_PASSWORD_KINDS: Final = (
    frozenset(string.ascii_uppercase),
    frozenset(string.ascii_lowercase),
    frozenset(string.digits),
    frozenset("!@#$%^&*()_+-="),
)
_NEEDED_KINDS: Final = 3
_MAX_DESCRIPTION: Final = 256

Accounts = tuple[DatabaseAccount, ...]


def check_password(password: str) -> None:
    """
    Demand 8 to 32 characters of at least three of the four kinds, and of no other.
    """
    used = set(password)
    kinds = sum(bool(used & kind) for kind in _PASSWORD_KINDS)
    foreign = used.difference(*_PASSWORD_KINDS)
    if len(password) not in _PASSWORD_LENGTHS or kinds < _NEEDED_KINDS or foreign:
        raise ApiError(code="InvalidAccountPassword.Format")


def check_description(text: str) -> None:
    """
    Refuse an ill-formed description of an account.
    """
    if not naming.is_description(text, most=_MAX_DESCRIPTION):
        raise ApiError(code="InvalidAccountDescription.Format")


def check_type(kind: str, instance: Instance) -> None:
    """
    Refuse a type of account that is none, or that *instance* does not have.
    """
    if kind not in _TYPES:
        raise ApiError(code="InvalidAccountType.Format")
    if kind not in _FIRST_YEARS:
        return
    if instance.engine != _SQL_SERVER or instance.serverless is not None:
        raise ApiError(code="InvalidEngineVersion.NotSupported")
    if int(instance.engine_version[:4]) < _FIRST_YEARS[kind]:
        raise ApiError(code="InvalidEngineVersion.NotSupported")


def check_name(name: str, instance: Instance) -> None:
    """
    Refuse a name that *instance* cannot give to an account.
    """
    form = _MYSQL_NAME if instance.engine == "MySQL" else _NAME
    fits = _SHORTEST_NAME <= len(name) <= _longest_name(instance)
    if not fits or not form.fullmatch(name):
        raise ApiError(code="InvalidAccountName.Malformed")
    reserved = _RESERVED_EVERYWHERE.union(_RESERVED.get(instance.engine, ()))
    if name.lower() in reserved:
        raise ApiError(code="InvalidAccountName.Forbid")


def added(instance: Instance, account: DatabaseAccount) -> Accounts:
    """
    Return the accounts with one more, or refuse it.
    """
    before = instance.accounts
    if account.name.lower() in {other.name.lower() for other in before}:
        raise ApiError(code="InvalidAccountName.Duplicate")
    if instance.engine == _SQL_SERVER and not before and account.type == NORMAL:
        raise ApiError(code="InvalidAccountType.Format")
    same = sum(other.type == account.type for other in before)
    most = _most_of(account.type, instance)
    if most is not None and same >= most:
        raise ApiError(code="AccountLimitExceeded")
    return (*before, account)


def without(instance: Instance, account: DatabaseAccount) -> Accounts:
    """
    Return the accounts without one of them, or refuse it.
    """
    if has_postgresql_on_local_disks(instance):
        raise ApiError(code="IncorrectDBInstanceType")
    if instance.engine == "PostgreSQL" and account.privileges:
        raise ApiError(code="Account.DeleteError")
    return tuple(other for other in instance.accounts if other != account)


def find(instance: Instance, name: str) -> DatabaseAccount:
    """
    Return an account by its name, or refuse it.
    """
    found = next(
        (account for account in instance.accounts if account.name == name), None
    )
    if found is None:
        raise ApiError(code="InvalidAccountName.NotFound")
    return found


def status(account: DatabaseAccount, *, now: datetime) -> str:
    """
    Return the status of an account by *now*.
    """
    is_new = account.available_at is not None and now < account.available_at
    return "Unavailable" if is_new else account.status


def changed(instance: Instance, account: DatabaseAccount) -> Instance:
    """
    Return *instance* with *account* in the place of the one with the same name.
    """
    after = (
        account if other.name == account.name else other for other in instance.accounts
    )
    return replace(instance, accounts=tuple(after))


def inherited(accounts: Accounts, databases: Collection[str]) -> Accounts:
    """
    Return the accounts of a clone: their privileges in the databases that it has.
    """
    return tuple(
        replace(
            account,
            privileges={
                name: privilege
                for name, privilege in account.privileges.items()
                if name in databases
            },
        )
        for account in accounts
    )


def _most_of(kind: str, instance: Instance) -> int | None:
    is_postgresql = instance.engine == "PostgreSQL"
    if is_postgresql and not has_postgresql_on_local_disks(instance):
        return None
    return _MOST.get(kind)


def _longest_name(instance: Instance) -> int:
    old = instance.engine == "MySQL" and instance.engine_version in _OLD_MYSQL
    if old or has_postgresql_on_local_disks(instance):
        return _SHORT_NAME
    return _LONGEST_NAMES.get(instance.engine, _SHORT_NAME)
