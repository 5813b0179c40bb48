"""
Database accounts and their privileges.
"""

import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from typing import Final

from pulumi_rdsclone.cloud.aspects.codec import (
    AspectCodec,
    Request,
    Requests,
    Supplement,
)
from pulumi_rdsclone.cloud.errors import error_for_code
from pulumi_rdsclone.cloud.reading import (
    Answer,
    read_object,
    read_records,
    read_required_object,
    read_required_text,
    read_text,
)
from pulumi_rdsclone.domain.accounts import (
    CLOSED,
    NORMAL,
    DatabaseAccount,
    strangers,
)
from pulumi_rdsclone.domain.aspect_reading import AspectReading
from pulumi_rdsclone.domain.aspects import Aspect
from pulumi_rdsclone.domain.changes import AspectChange
from pulumi_rdsclone.domain.errors import ApiError
from pulumi_rdsclone.domain.values import Properties

_OPENED: Final = "opened-by-rdsclone"
"""Describes an account that was closed and is declared again."""

_AVAILABLE: Final = "Available"
"""The AccountStatus of an account that can be used."""

_NOT_YET: Final = "IncorrectAccountStatus"
"""What the API answers where an account cannot be changed now."""

_NO_DATABASE: Final = "InvalidDB.NotFound"


def read_accounts(answer: Answer) -> AspectReading:
    """
    Read the accounts in one page of DescribeAccounts; passwords are not reported.
    """
    accounts = read_records(
        read_required_object(answer, "Accounts"), "DBInstanceAccount"
    )
    there = {
        read_required_text(record, "AccountName"): _account(record)
        for record in accounts
    }
    shown = {name: asdict(account) for name, account in there.items()}
    return AspectReading(fields={"accounts": shown}, all_accounts=there)


def _account(record: Answer) -> DatabaseAccount:
    granted = read_object(record, "DatabasePrivileges")
    return DatabaseAccount(
        type=read_text(record, "AccountType"),
        description=read_text(record, "AccountDescription"),
        privileges={
            read_required_text(privilege, "DBName"): _privilege(privilege)
            for privilege in read_records(granted, "DatabasePrivilege")
        },
    )


_OWNER: Final = "DBOwner"
_AS_OWNER: Final = ("dbowner", "all")
"""
How answers write DBOwner: SQL Server as DbOwner, PostgreSQL as ALL. Source: Terraform's
provider, commit 9a8159c10 and resource_alicloud_db_account_privilege.go.
"""


def _privilege(grant: Answer) -> str:
    """
    Return the privilege that *grant* names, as GrantAccountPrivilege spells it.
    """
    name = read_text(grant, "AccountPrivilege")
    return _OWNER if name.casefold() in _AS_OWNER else name


def lacks_privileges(reading: AspectReading) -> bool:
    """
    Return whether an account of *reading* has no privileges.
    """
    there = reading.all_accounts or {}
    return any(not account.privileges for account in there.values())


def with_privileges(
    reading: AspectReading, answers: Sequence[Answer] | None
) -> AspectReading:
    """
    Return *reading* with the privileges in the *answers* of DescribeDatabases.

    DescribeAccounts reports none of PostgreSQL's. Without *answers* it is not known
    whether an account has any: the group *accounts* leaves them out.

    Source: github.com/aliyun/terraform-provider-alicloud/issues/1887, and what that
    provider does about it.
    """
    there = dict(reading.all_accounts or {})
    for name, database, privilege in _granted_in(answers or []):
        if name in there:
            privileges = {database: privilege, **there[name].privileges}
            there[name] = replace(there[name], privileges=privileges)
    shown = {name: asdict(account) for name, account in there.items()}
    if answers is None:
        for name in (name for name in there if not there[name].privileges):
            shown[name].pop("privileges")
    fields = {**reading.fields, "accounts": shown}
    return replace(reading, fields=fields, all_accounts=there)


def _granted_in(answers: Sequence[Answer]) -> Iterator[tuple[str, str, str]]:
    """
    Yield account, database and privilege, from answers of DescribeDatabases.
    """
    for answer in answers:
        for database in read_records(read_object(answer, "Databases"), "Database"):
            granted = read_object(database, "Accounts")
            for grant in read_records(granted, "AccountPrivilegeInfo"):
                yield (
                    read_required_text(grant, "Account"),
                    read_required_text(database, "DBName"),
                    _privilege(grant),
                )


def _change_accounts(change: AspectChange) -> Requests:
    """
    Create and change the declared accounts; remove others if they are exclusive.

    An account that is not declared is removed before a new one of its type is created,
    the rest at the end, as SQL Server's first account must not be a Normal one.
    """
    olds = change.old.at("accounts") or {}
    declared = change.new["accounts"]
    there = change.old.all_accounts or {}
    is_exclusive = change.new.get("accounts_exclusive")
    gone = list(strangers(there, declared)) if is_exclusive else []
    new_kinds = {new.get("type") for n, new in declared.items() if n not in olds}
    making_room = [n for n in gone if there[n].type in new_kinds - {None, NORMAL}]
    for name in making_room:
        yield from _removal(name)
    yield from _declared_accounts(olds, declared, there=there, accepted=change.accepted)
    for name in gone:
        if name not in making_room:
            yield from _removal(name)


def _removal(name: str) -> Requests:
    """
    Remove an account; one that the cloud keeps gets a random password.

    Its description is a mark of that. Source: DeleteAccount, which is not for all
    engines and refuses PostgreSQL's accounts on which objects depend.
    """
    named = {"AccountName": name}
    try:
        yield "DeleteAccount", named
    except ApiError as error:
        if error.fault.code == "InvalidAccountName.NotFound":
            return
        if type(error) is not ApiError:
            raise
        yield "ResetAccountPassword", {**named, "AccountPassword": _random_password()}
        yield "ModifyAccountDescription", {**named, "AccountDescription": CLOSED}


def _random_password() -> str:
    """
    Return a password of 32 characters, of each kind that RDS accepts.
    """
    return f"Aa1-{secrets.token_urlsafe(32)[:28]}"


def _declared_accounts(
    olds: Mapping[str, Properties],
    declared: Mapping[str, Properties],
    *,
    there: Mapping[str, DatabaseAccount],
    accepted: set[str],
) -> Requests:
    for name, new in sorted(declared.items(), key=_privileged_first):
        named = {"AccountName": name}
        old = olds.get(name)
        if old is None:
            yield _new_account(name, new)
            accepted.add(name)
            old = {}
        elif new["password"] != old.get("password") and name not in accepted:
            yield "ResetAccountPassword", {**named, "AccountPassword": new["password"]}
            accepted.add(name)
        if name in accepted:
            yield from _until_available(name)
        if old and new.get("description") not in (None, old.get("description")):
            described = {"AccountDescription": new["description"]}
            yield "ModifyAccountDescription", {**named, **described}
        elif old and name in there and there[name].description == CLOSED:
            yield "ModifyAccountDescription", {**named, "AccountDescription": _OPENED}
        yield from _privileges(name, old.get("privileges") or {}, new=new)


def _until_available(name: str) -> Requests:
    """
    Raise unless the account *name* can be changed: its creation takes a while.

    Source: Terraform's provider waits until AccountStatus is Available, and a grant was
    refused for a minute, github.com/aliyun/aliyun-openapi-php-sdk/issues/8.

    Raises:
        ConflictError: It cannot be changed now.
    """
    action = "DescribeAccounts"
    answer = yield action, {"AccountName": name}
    if answer is None:
        return
    records = read_records(
        read_required_object(answer, "Accounts"), "DBInstanceAccount"
    )
    statuses = {r.get("AccountName"): read_text(r, "AccountStatus") for r in records}
    status = statuses.get(name, "not there")
    if status not in ("", _AVAILABLE):
        text = f"the account {name} is {status}"
        raise error_for_code(
            action, _NOT_YET, message=text, request_id=answer["RequestId"]
        )


def _privileged_first(entry: tuple[str, Properties]) -> tuple[bool, str]:
    """
    Return a sort key of accounts: the first one of SQL Server must not be Normal.

    Source: CreateAccount, AccountType.
    """
    name, account = entry
    return (account.get("type") or NORMAL) == NORMAL, name


def _new_account(name: str, new: Properties) -> Request:
    parameters = {
        "AccountName": name,
        "AccountPassword": new["password"],
        "AccountType": new.get("type") or NORMAL,
        "AccountDescription": new.get("description"),
    }
    return "CreateAccount", {key: v for key, v in parameters.items() if v is not None}


def _privileges(
    name: str, old: Mapping[str, str], *, new: Properties
) -> Iterator[Request]:
    wanted = new.get("privileges")
    if wanted is None:
        return
    for database, privilege in sorted(wanted.items()):
        if old.get(database) != privilege:
            yield (
                "GrantAccountPrivilege",
                {
                    "AccountName": name,
                    "DBName": database,
                    "AccountPrivilege": privilege,
                },
            )
    for database in sorted(old.keys() - wanted.keys()):
        named = {"AccountName": name, "DBName": database}
        try:
            yield "RevokeAccountPrivilege", named
        except ApiError as error:
            # There is nothing to be revoked in a database that is gone.
            if error.fault.code != _NO_DATABASE:
                raise


ACCOUNTS: Final[Mapping[Aspect, AspectCodec]] = {
    Aspect.ACCOUNTS: AspectCodec(
        change=_change_accounts,
        parameters={
            "accounts": "CreateAccount, ResetAccountPassword",
            "accounts_exclusive": "DeleteAccount, ResetAccountPassword",
        },
        more_actions=(
            "GrantAccountPrivilege",
            "RevokeAccountPrivilege",
            "ModifyAccountDescription",
        ),
        read_action="DescribeAccounts",
        read=read_accounts,
        supplement=Supplement(
            engine="PostgreSQL",
            read_action="DescribeDatabases",
            is_needed=lacks_privileges,
            complete=with_privileges,
        ),
    ),
}
