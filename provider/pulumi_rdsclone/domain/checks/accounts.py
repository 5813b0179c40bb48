"""
Database accounts.

RDS would refuse them only after the order. The facts are those of the source, or of the
clone itself if it exists already.
"""

import re
from collections import Counter
from typing import Final

from pulumi_rdsclone.domain.accounts import (
    NORMAL,
    RESERVED,
    SUPER,
    Accounts,
    lets_accounts_go,
    strangers,
)
from pulumi_rdsclone.domain.checking import Finding, Rules
from pulumi_rdsclone.domain.instances import SQL_SERVER, Instance
from pulumi_rdsclone.domain.problems import listed, quoted
from pulumi_rdsclone.domain.shape import Shape, is_serverless
from pulumi_rdsclone.domain.spec import CloneSpec

RULES = Rules()

_SHORTEST_NAME: Final = 2
_SHORT_NAME: Final = 16
_LONGEST_NAMES: Final = {"MySQL": 32, "PostgreSQL": 63, SQL_SERVER: 64}
_OLD_MYSQL: Final = ("5.5", "5.6")
_NAME: Final = re.compile(r"[a-z][a-z0-9_]*[a-z0-9]")
_MYSQL_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]*[A-Za-z0-9]")


@RULES.check("account-name", "accounts{}")
def account_names_are_well_formed(
    spec: CloneSpec, source: Instance, accounts: Accounts | None = None
) -> Finding | None:
    """
    The name of a new account has the form that the engine takes.

    It has lowercase letters (MySQL: uppercase ones, too), digits and _, a letter first,
    no _ last: 2 to 32 on MySQL (16 on 5.5 and 5.6), 63 on PostgreSQL (16 on local
    disks), where pg does not come first, 64 on SQL Server, 16 on MariaDB. Source:
    CreateAccount, AccountName, and the guide of PostgreSQL.
    """
    most = _longest_name(source)
    form = _MYSQL_NAME if source.engine == "MySQL" else _NAME
    is_postgres = source.engine == "PostgreSQL"
    for name in _new_names(spec, accounts):
        fits = _SHORTEST_NAME <= len(name) <= most and form.fullmatch(name)
        if not fits or (is_postgres and name.startswith("pg")):
            letters = "letters" if source.engine == "MySQL" else "lowercase letters"
            but = " but not with pg" if is_postgres else ""
            return Finding(
                f"{quoted(name)} is not a name of a database account of "
                f"{source.engine}",
                f"use {_SHORTEST_NAME} to {most} {letters}, digits and _; start with a "
                f"letter{but}, and end with a letter or digit",
            )
    return None


def _new_names(spec: CloneSpec, accounts: Accounts | None) -> list[str]:
    """
    Return the declared accounts that are to be made, as far as that is known.
    """
    return sorted(spec.accounts.keys() - (accounts or {}).keys())


def _longest_name(source: Instance) -> int:
    is_old = source.engine == "MySQL" and source.engine_version in _OLD_MYSQL
    is_local = source.storage_type == "local_ssd"
    if is_old or (source.engine == "PostgreSQL" and is_local):
        return _SHORT_NAME
    return _LONGEST_NAMES.get(source.engine, _SHORT_NAME)


@RULES.check("account-reserved", "accounts{}")
def account_names_are_free(
    spec: CloneSpec, source: Instance, accounts: Accounts | None = None
) -> Finding | None:
    """
    A new account has no name that the engine or the cloud keeps for itself.

    Source: the page Forbidden keywords; the error InvalidAccountName.Forbid.
    """
    words = RESERVED.get(source.engine, frozenset())
    for name in _new_names(spec, accounts):
        if name.lower() in words:
            return Finding(
                f"{quoted(name)} is a reserved word of {source.engine}",
                "choose another name",
            )
    return None


@RULES.check("account-twins", "accounts{}")
def account_names_differ(
    spec: CloneSpec, accounts: Accounts | None = None
) -> Finding | None:
    """
    Names of accounts differ in more than upper and lower case.

    Source: CreateAccount, AccountName, of MySQL's privileged account; the error
    InvalidAccountName.Duplicate. That it holds for all accounts is inferred.
    """
    names = sorted({*spec.accounts, *(accounts or {})})
    spelled = {name.lower(): name for name in names}
    for name in sorted(spec.accounts):
        other = spelled[name.lower()]
        if other != name:
            return Finding(
                f"{quoted(name)} and {quoted(other)} differ only in uppercase and "
                "lowercase letters",
                f"write {quoted(other)}, or choose another name",
            )
    return None


_FIRST_YEARS: Final = {"Sysadmin": 2012, "GlobalRO": 2016}
"""Types of accounts that SQL Server alone has, with the first version that has them."""


@RULES.check("account-type", "accounts[].type", "payment.type", "edition")
def engine_has_the_types(spec: CloneSpec, shape: Shape) -> Finding | None:
    """
    The engine has accounts of the declared types.

    Sysadmin and GlobalRO are SQL Server's, from 2012 and 2016 on, and no serverless
    clone has them. Source: CreateAccount, AccountType, and the guide of system admin
    accounts; GlobalRO is for the dedicated and general-purpose classes.
    """
    for kind in (account.type for _, account in sorted(spec.accounts.items())):
        if kind is None or kind not in _FIRST_YEARS:
            continue
        if not _has_type(shape, kind):
            of = " ".join((shape.engine, shape.engine_version.partition("_")[0]))
            what = f"{of} does not support database accounts of type {kind}"
            return Finding(what, "use type Normal")
        if shape.payment == "Serverless" or is_serverless(shape.edition):
            what = f"serverless clones do not support accounts of type {kind}"
            return Finding(what, "use type Normal")
    return None


def _has_type(shape: Shape, kind: str) -> bool:
    if shape.engine != SQL_SERVER:
        return False
    year = re.match(r"[0-9]{4}", shape.engine_version)
    return year is None or int(year[0]) >= _FIRST_YEARS[kind]


@RULES.check("account-type-kept", "accounts[].type")
def types_are_kept(spec: CloneSpec, accounts: Accounts) -> Finding | None:
    """
    The type of an account that is there already is not to be another one.

    Source: the guides of accounts ("you cannot change the type of the account").
    """
    for name, account in sorted(spec.accounts.items()):
        known = accounts.get(name)
        if known and known.type and account.type not in (None, known.type):
            return Finding(
                f"{quoted(name)} already is a database account of type {known.type}, "
                "and the type cannot be changed",
                f"remove the type of {quoted(name)}, or choose another name",
            )
    return None


_LIMITS: Final = {SUPER: 1, "Sysadmin": 1, "GlobalRO": 2}


@RULES.check("account-limit", "accounts[].type", "accounts_exclusive")
def types_are_not_exceeded(
    spec: CloneSpec, source: Instance, accounts: Accounts
) -> Finding | None:
    """
    There is one Super account and one Sysadmin at most, and two of type GlobalRO.

    Those of the source count, unless *accounts_exclusive* removes them. PostgreSQL on
    cloud disks takes several Super ones. Source: CreateAccount, AccountType; the guide
    of PostgreSQL; the error AccountLimitExceeded.
    """
    kinds = _kinds_afterwards(spec, source, accounts=accounts)
    counts = Counter(kinds.values())
    new = {kinds[name] for name in _new_names(spec, accounts)}
    for kind, most in _LIMITS.items():
        if kind in new and counts[kind] > most and not _takes_many(source, kind):
            names = sorted(name for name in kinds if kinds[name] == kind)
            return Finding(
                f"there would be {counts[kind]} accounts of type {kind} "
                f"({listed(names, quoted)}), and {source.engine} allows {most}",
                "use type Normal, or an existing account",
            )
    return None


def _kinds_afterwards(
    spec: CloneSpec, source: Instance, *, accounts: Accounts
) -> dict[str, str]:
    """
    Return the type of each account that there is while the declared ones are made.
    """
    gone = (
        set(strangers(accounts, spec.accounts))
        if spec.accounts_exclusive and lets_accounts_go(source)
        else set()
    )
    there = {
        name: account.type for name, account in accounts.items() if name not in gone
    }
    return {
        **{n: account.type or NORMAL for n, account in spec.accounts.items()},
        **there,
    }


def _takes_many(source: Instance, kind: str) -> bool:
    is_cloud = source.storage_type != "local_ssd"
    return kind == SUPER and source.engine == "PostgreSQL" and is_cloud


@RULES.check("account-first", "accounts{}.type")
def first_account_is_privileged(
    spec: CloneSpec, source: Instance, accounts: Accounts
) -> Finding | None:
    """
    The first account of SQL Server is a Super account or a Sysadmin.

    Source: the guide of accounts of SQL Server; the error InvalidAccountType.Format.
    """
    kinds = {account.type for account in spec.accounts.values()}
    if source.engine != SQL_SERVER or accounts or not kinds:
        return None
    if kinds & {SUPER, "Sysadmin"}:
        return None
    return Finding(
        "the first database account of SQL Server cannot be of type Normal",
        "declare an account of type Super",
    )


_KINDS: Final = (r"[A-Z]", r"[a-z]", r"[0-9]", r"[!@#$%^&*()_+\-=]")
_PASSWORD: Final = re.compile(r"[A-Za-z0-9!@#$%^&*()_+\-=]{8,32}")
_KINDS_WANTED: Final = 3


@RULES.check("account-password", "accounts[].password")
def passwords_are_strong(spec: CloneSpec) -> Finding | None:
    """
    A password has 8 to 32 characters of at least three kinds.

    Source: CreateAccount, AccountPassword.
    """
    weak = sorted(
        n for n, account in spec.accounts.items() if not _is_strong(account.password)
    )
    if not weak:
        return None
    return Finding(
        f"the password of {quoted(weak[0])} is not accepted by RDS",
        "use 8 to 32 characters with at least three of: uppercase letters, lowercase "
        "letters, digits, special characters such as !@#$%",
    )


def _is_strong(password: str) -> bool:
    kinds = sum(bool(re.search(kind, password)) for kind in _KINDS)
    return kinds >= _KINDS_WANTED and bool(_PASSWORD.fullmatch(password))


_LETTER: Final = "A-Za-z\u4e00-\u9fa5"
_DESCRIPTION: Final = re.compile(f"[{_LETTER}][{_LETTER}0-9_-]{{1,255}}")


@RULES.check("account-description", "accounts[].description")
def account_descriptions_are_well_formed(spec: CloneSpec) -> Finding | None:
    """
    A description of an account has 2 to 256 letters, digits, _ and -, a letter first.

    Source: CreateAccount and ModifyAccountDescription, AccountDescription.
    """
    for name, account in sorted(spec.accounts.items()):
        if account.description is not None and not _DESCRIPTION.fullmatch(
            account.description
        ):
            return Finding(
                f"the description of {quoted(name)} is not accepted by RDS",
                "use 2 to 256 letters, digits, _ and -; start with a letter",
            )
    return None
