"""
Access.

Whitelist, database accounts and pg_hba.conf, which RDS would refuse only after the
order. The facts are those of the source, or of the clone itself if it exists already.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from ipaddress import IPv4Network, ip_address, ip_network
from typing import Final

from pulumi_rdsclone.domain.accounts import (
    NORMAL,
    RESERVED,
    SUPER,
    DatabaseAccount,
    strangers,
)
from pulumi_rdsclone.domain.checking import Finding, Rules
from pulumi_rdsclone.domain.instances import SQL_SERVER, Instance
from pulumi_rdsclone.domain.model import value_at
from pulumi_rdsclone.domain.problems import Severity, listed, quoted
from pulumi_rdsclone.domain.shape import Shape, is_serverless
from pulumi_rdsclone.domain.spec import DEFAULT_GROUP, Account, CloneSpec, PgHbaRule

RULES = Rules()

Accounts = Mapping[str, DatabaseAccount]

_GROUP: Final = re.compile(r"[a-z][a-z0-9_]{0,30}[a-z0-9]")
_MOST_GROUPS: Final = 200
_MOST_ADDRESSES: Final = 1000
_ADDRESS: Final = re.compile(r"[0-9.]+(/[0-9]{1,2})?")


@RULES.check("whitelist-groups", "security_ips{}")
def whitelist_groups_are_well_formed(spec: CloneSpec) -> Finding | None:
    """
    A group's name has 2 to 32 lowercase letters, digits, _; a letter first, no _ last.

    Inferred: ModifySecurityIps tells no form. Resource Orchestration's page of it takes
    lowercase letters and _; the rest is the form that PolarDB's whitelists have.
    """
    for name in spec.security_ips or {}:
        if name != DEFAULT_GROUP and not _GROUP.fullmatch(name):
            return Finding(
                f"{quoted(name)} is not a name of a whitelist group",
                "use 2 to 32 lowercase letters, digits and _; start with a letter, and "
                "end with a letter or digit",
            )
    return None


@RULES.check("whitelist-size", "security_ips[]")
def whitelist_has_room(spec: CloneSpec) -> Finding | None:
    """
    A whitelist has at most 200 groups and 1000 addresses.

    Source: ModifySecurityIps, DBInstanceIPArrayName and SecurityIps.
    """
    groups = spec.security_ips or {}
    addresses = sum(map(len, groups.values()))
    if len(groups) > _MOST_GROUPS:
        what = f"{len(groups)} whitelist groups are declared"
        return Finding(what, f"use at most {_MOST_GROUPS}")
    if addresses > _MOST_ADDRESSES:
        return Finding(
            f"{addresses} addresses are declared",
            f"use at most {_MOST_ADDRESSES}, some of them as blocks such as 10.0.0.0/8",
        )
    return None


@RULES.check("whitelist-addresses", "security_ips[]")
def whitelist_holds_addresses(spec: CloneSpec) -> Finding | None:
    """
    A whitelist holds IPv4 addresses and CIDR blocks.

    Source: ModifySecurityIps, SecurityIps and SecurityIPType.
    """
    for name, addresses in (spec.security_ips or {}).items():
        for address in addresses:
            if not _is_address(address):
                return Finding(
                    f"{quoted(address)} in the whitelist group {quoted(name)} is not "
                    "an IPv4 address or CIDR block",
                    "write addresses like 10.1.2.3 and blocks like 10.0.0.0/8",
                )
    return None


def _is_address(text: str) -> bool:
    """
    Return whether *text* is an address or block; a mask in full is none.
    """
    try:
        IPv4Network(text)
    except ValueError:
        return False
    return _ADDRESS.fullmatch(text) is not None


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
    kinds = _kinds_afterwards(spec, source, accounts)
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
    spec: CloneSpec, source: Instance, accounts: Accounts
) -> dict[str, str]:
    """
    Return the type of each account that there is while the declared ones are made.
    """
    gone = (
        set(strangers(accounts, spec.accounts))
        if spec.accounts_exclusive and _lets_accounts_go(source)
        else set()
    )
    there = {
        name: account.type for name, account in accounts.items() if name not in gone
    }
    return {
        **{n: account.type or NORMAL for n, account in spec.accounts.items()},
        **there,
    }


def _lets_accounts_go(source: Instance) -> bool:
    """
    Return whether accounts can be removed. Source: DeleteAccount, its description.
    """
    if source.engine == SQL_SERVER:
        return not (source.edition == "AlwaysOn" and "2017" in source.engine_version)
    return (source.engine, source.storage_type) != ("PostgreSQL", "local_ssd")


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
    if source.engine != "PostgreSQL" and _lets_accounts_go(source):
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


_MOST_LINES: Final = 10001
_ALWAYS_WITH_OPTION: Final = {"ldap": "ldapserver", "radius": "radiusservers"}


@RULES.check("hba-count", "pg_hba")
def hba_has_lines(spec: CloneSpec) -> Finding | None:
    """
    The list for pg_hba.conf has a line, and no more than there are priorities.

    Source: ModifyPGHbaConfig, HbaItem and PriorityId, 0 to 10000.
    """
    if spec.pg_hba is None or 1 <= len(spec.pg_hba) <= _MOST_LINES:
        return None
    return Finding(
        f"pg_hba has {len(spec.pg_hba)} lines",
        f"declare 1 to {_MOST_LINES} lines, or remove pg_hba",
    )


@RULES.check("hba-lines", "pg_hba[]")
def hba_lines_are_well_formed(spec: CloneSpec) -> Finding | None:
    """
    Each line of pg_hba.conf names databases, users, addresses, and a method in full.

    Source: ModifyPGHbaConfig, Database, User, Address and Mask; PostgreSQL's manual,
    that ldap and radius take options.
    """
    findings = map(_fault_of, spec.pg_hba or ())
    return next(filter(None, findings), None)


def _fault_of(rule: PgHbaRule) -> Finding | None:
    for what, names in (("database", rule.database), ("user", rule.user)):
        if not all(re.fullmatch(r"\S+", name) for name in names.split(",")):
            return Finding(
                f"{quoted(names)} is not a list of {what}s",
                "use 'all', or names separated by commas without spaces",
            )
    if not _is_place(rule.address, rule.mask):
        masked = f" with the mask {quoted(rule.mask)}" if rule.mask else ""
        return Finding(
            f"{quoted(rule.address)}{masked} is not an address of clients",
            "write a block like 10.0.0.0/8, or an address and a mask",
        )
    wanted = _ALWAYS_WITH_OPTION.get(rule.method)
    if wanted and not (rule.option or "").strip():
        return Finding(
            f"the method {rule.method} needs an option",
            f"set option, such as {wanted}=10.0.0.2",
        )
    return None


def _is_place(address: str, mask: str | None) -> bool:
    try:
        whole = f"{ip_address(address)}/{mask}" if mask else address
        ip_network(whole, strict=False)
    except ValueError:
        return False
    return True


@RULES.check("hba-ssl", "pg_hba[]", "ssl", "ssl.enabled")
def hba_has_ssl(spec: CloneSpec) -> Finding | None:
    """
    Lines for encrypted connections come with SSL.

    Source: ModifyPGHbaConfig, Type: hostssl needs SSL to be enabled.
    """
    wants_ssl = any(rule.type == "hostssl" for rule in spec.pg_hba or ())
    if not wants_ssl or value_at(spec, "ssl.enabled"):
        return None
    return Finding(
        "lines of type hostssl need SSL, which is not enabled",
        "set ssl.enabled to true, or use type host",
    )


@RULES.check(
    "inherited-access",
    "security_ips{}",
    "accounts_exclusive",
    "accounts{}",
    severity=Severity.WARNING,
)
def access_is_declared(
    spec: CloneSpec, accounts: Accounts | None = None
) -> Finding | None:
    """
    Nobody reaches a clone by accident with the source's whitelist and passwords.

    Source: the guide of cloning: whitelist, accounts and their passwords come along.
    """
    had = {}
    if spec.security_ips is None:
        had["security_ips"] = "the whitelist"
    kept = accounts is None or any(strangers(accounts, spec.accounts))
    if kept and not spec.accounts_exclusive:
        had["accounts_exclusive"] = "the database accounts with their passwords"
    if not had:
        return None
    return Finding(
        f"the clone inherits {' and '.join(had.values())} from the source",
        f"set {' and '.join(had)}, or add inherited-access to checks.skip",
        next(iter(had)),
    )
