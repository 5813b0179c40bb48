"""
The accounts of an instance's databases.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from rds_emulator.actions.access import databases
from rds_emulator.actions.registry import Answer, Invocation, action
from rds_emulator.protocol import paging
from rds_emulator.protocol.errors import ApiError
from rds_emulator.rules import accounts, preconditions
from rds_emulator.state.model import DatabaseAccount, Instance
from rds_emulator.state.temper import Temper

_LEAST_PAGE_SIZE: Final = 30
_MOST_PAGE_SIZE: Final = 200
_NO_TABLE: Final = (
    "Parameters of SDK 16.0.2; no error table was found: the codes are those of"
    " CreateAccount, and InvalidAccountName.NotFound is inferred."
)
_NEEDS: Final = "of Running, unlocked instances, at once"
_NOT_FOUND: Final = "InvalidDBInstanceName.NotFound"


@action(
    "CreateAccount",
    writes=True,
    models=(
        f"Accounts {_NEEDS}: Normal, Super (one; several for PostgreSQL with cloud"
        " disks), and for SQL Server that is not serverless Sysadmin (one, 2012 and"
        " later) and GlobalRO (two, 2016 and later). Rules for name, password and"
        " description; some of the reserved names of each engine; the first account of"
        " SQL Server cannot be Normal. Not modelled: how many Normal ones there are,"
        " families of classes, password policies (CheckPolicy is kept)."
    ),
    evidence=(
        "Parameters and their texts of SDK 16.0.2, error table and lengths of names of"
        " the official page, whose editions of 2022 and 2023 allow PostgreSQL several"
        " privileged accounts, with local disks one; that the first account of SQL"
        " Server is privileged stands in its guide. Reserved names: the page Forbidden"
        " keywords, MySQL's page System accounts, SQL Server's guide of system admin"
        " accounts and the example of DescribeInstanceKeywords. Inferred:"
        " InvalidAccountName.Malformed; AccountLimitExceeded for one privileged account"
        " too many; InvalidEngineVersion.NotSupported for an old version; that names"
        " are compared in any case. Ours: that other special characters are refused in"
        " passwords, and 403 for a locked"
        " instance, where the page has 404."
    ),
    not_found=_NOT_FOUND,
)
def create_account(invocation: Invocation) -> Answer:
    """
    Create an account.
    """
    name = invocation.parameters.required("AccountName")
    password = _password(invocation)
    kind = invocation.parameters.text("AccountType") or accounts.NORMAL
    description = invocation.parameters.text("AccountDescription")
    if description is not None:
        accounts.check_description(description)
    cloud = invocation.cloud
    lag = cloud.account.temper.account_seconds
    account = DatabaseAccount(
        name=name,
        password=password,
        type=kind,
        description=description or "",
        check_policy=bool(invocation.parameters.boolean("CheckPolicy")),
        available_at=cloud.clock.now() + timedelta(seconds=lag) if lag else None,
    )
    instance = _instance(invocation)
    accounts.check_type(kind, instance)
    accounts.check_name(name, instance)
    after = accounts.added(instance, account)
    invocation.cloud.change(replace(instance, accounts=after))
    return {}


@action(
    "DescribeAccounts",
    models=(
        f"The accounts {_NEEDS}, in the order in which they were made, with their"
        " privileges; the filter AccountName; pages of 30 to 200. Passwords, details of"
        " privileges, expiry and what PostgreSQL's roles may are left out."
    ),
    evidence=(
        "Parameters and response tree of SDK 16.0.2, error table of the official page."
        " That an unknown name gives an empty list is inferred. Ours: the order, and"
        " that CheckPolicy is told of every engine."
    ),
    not_found=_NOT_FOUND,
)
def describe_accounts(invocation: Invocation) -> Answer:
    """
    List the accounts of an instance, or one of them.
    """
    number = invocation.parameters.integer("PageNumber", default=1)
    size = invocation.parameters.integer(
        "PageSize",
        default=_LEAST_PAGE_SIZE,
        least=_LEAST_PAGE_SIZE,
        most=_MOST_PAGE_SIZE,
    )
    instance = _instance(invocation)
    wanted = invocation.parameters.text("AccountName")
    found = [account for account in instance.accounts if wanted in (None, account.name)]
    page = paging.numbered(found, number=number, size=size)
    now, temper = invocation.cloud.clock.now(), invocation.cloud.account.temper
    total = {"TotalRecordCount": len(found)} if temper.account_total == "told" else {}
    return {
        "Accounts": {
            "DBInstanceAccount": [
                {
                    **_account(instance, account, now=now),
                    "DatabasePrivileges": _privileges(instance, account, temper=temper),
                }
                for account in page.entries
            ]
        },
        "PageNumber": number,
        **total,
    }


@action(
    "ResetAccountPassword",
    writes=True,
    models=f"The password of any account {_NEEDS}.",
    evidence=_NO_TABLE,
    not_found=_NOT_FOUND,
)
def reset_password(invocation: Invocation) -> Answer:
    """
    Change the password of an account.
    """
    password = _password(invocation)
    instance, account = _found(invocation)
    _keep(invocation, instance, account=replace(account, password=password))
    return {}


@action(
    "ResetAccount",
    writes=True,
    models=(
        f"The password of the Super account {_NEEDS}; that its privileges are restored"
        " as well is not modelled, as it cannot lose them."
    ),
    evidence=f"{_NO_TABLE} So is IncorrectAccountType for other accounts.",
    not_found=_NOT_FOUND,
)
def reset_account(invocation: Invocation) -> Answer:
    """
    Change the password of the privileged account.
    """
    password = _password(invocation)
    instance, account = _found(invocation)
    if account.type != accounts.SUPER:
        raise ApiError(code="IncorrectAccountType")
    _keep(invocation, instance, account=replace(account, password=password))
    return {}


@action(
    "ModifyAccountDescription",
    writes=True,
    models=f"The description of any account {_NEEDS}.",
    evidence=_NO_TABLE,
    not_found=_NOT_FOUND,
)
def modify_description(invocation: Invocation) -> Answer:
    """
    Change the description of an account.
    """
    description = invocation.parameters.required("AccountDescription")
    accounts.check_description(description)
    instance, account = _found(invocation)
    _keep(invocation, instance, account=replace(account, description=description))
    return {}


@action(
    "DeleteAccount",
    writes=True,
    models=(
        f"Any account {_NEEDS}. PostgreSQL keeps one that has a privilege in a"
        " database, and with local disks every one."
    ),
    evidence=(
        f"{_NO_TABLE} The official page of 2023 excepts PostgreSQL with local disks and"
        ' accounts on which objects depend ("Some objects depend on account"); the'
        " guide of 2025 lets SQL Server's privileged accounts go, which that of 2024"
        " keeps. Inferred: Account.DeleteError, after CreateAccount's Account.AddError,"
        " and IncorrectDBInstanceType. Not modelled: SQL Server 2017 EE."
    ),
    not_found=_NOT_FOUND,
)
def delete_account(invocation: Invocation) -> Answer:
    """
    Remove an account.
    """
    instance, account = _found(invocation)
    kept = accounts.without(instance, account)
    invocation.cloud.change(replace(instance, accounts=kept))
    return {}


def _password(invocation: Invocation) -> str:
    password = invocation.parameters.required("AccountPassword")
    accounts.check_password(password)
    return password


def _instance(invocation: Invocation) -> Instance:
    instance = invocation.instance()
    preconditions.check_ready(instance)
    return instance


def _found(invocation: Invocation) -> tuple[Instance, DatabaseAccount]:
    name = invocation.parameters.required("AccountName")
    instance = _instance(invocation)
    return instance, accounts.find(instance, name)


def _keep(
    invocation: Invocation, instance: Instance, *, account: DatabaseAccount
) -> None:
    invocation.cloud.change(accounts.changed(instance, account))


def _account(instance: Instance, account: DatabaseAccount, *, now: datetime) -> Answer:
    return {
        "DBInstanceId": instance.id,
        "AccountName": account.name,
        "AccountType": account.type,
        "AccountStatus": accounts.status(account, now=now),
        "AccountDescription": account.description,
        "PrivExceeded": "0",
        "CheckPolicy": account.check_policy,
    }


def _privileges(
    instance: Instance, account: DatabaseAccount, *, temper: Temper
) -> Answer:
    told = account.privileges
    if temper.account_privileges == "as_logged":
        told = {
            name: databases.told(privilege, instance)
            for name, privilege in account.privileges.items()
            if instance.engine != "PostgreSQL"
        }
    return {
        "DatabasePrivilege": [
            {"DBName": name, "AccountPrivilege": privilege}
            for name, privilege in told.items()
        ]
    }
