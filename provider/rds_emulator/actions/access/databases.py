"""
The databases of an instance, and who may do what in them.
"""

from collections.abc import Mapping
from typing import Final

from rds_emulator.actions.registry import Answer, Invocation, action
from rds_emulator.protocol import paging
from rds_emulator.protocol.errors import ApiError
from rds_emulator.state.model import Instance

_RUNNING: Final = "Running"
_STATUSES: Final = ("Creating", _RUNNING, "Deleting")
_PAGE_SIZES: Final = ("30", "50", "100")
_LOCALES: Final[Mapping[str, Answer]] = {
    "PostgreSQL": {
        "CharacterSetName": "UTF8",
        "Collate": "C",
        "Ctype": "en_US.utf8",
    },
    "SQLServer": {"CharacterSetName": "Chinese_PRC_CI_AS"},
}
_OTHER_LOCALE: Final[Answer] = {"CharacterSetName": "utf8mb4"}
_OWNER: Final = "DBOwner"
_OWNERS: Final[Mapping[str, str]] = {"PostgreSQL": "ALL", "SQLServer": "DbOwner"}
"""What the cloud says for DBOwner, by engine: two bugs that Terraform's provider knows
(service_alicloud_rds.go, WaitForAccountPrivilege)."""


@action(
    "DescribeDatabases",
    models=(
        "The databases of a Running instance by name, each with the Normal accounts"
        " that have a privilege in it; the filters DBName and DBStatus, where all are"
        " Running; pages of 30, 50 or 100. DBOwner is told as ALL by PostgreSQL and as"
        " DbOwner by SQL Server. Details of privileges, tables and sizes are left out,"
        " and so are the counts of pages, which stand in every database."
    ),
    evidence=(
        "Parameters and response tree of SDK 16.0.2; no error table was found. Both"
        " words for DBOwner, and the code for another status, are what Terraform's"
        " provider expects (9a8159c10 has the later of them), as is the locale of"
        " PostgreSQL. That an unknown name gives an empty list is inferred. Ours: which"
        " accounts are listed, the order, and that a lock does not matter."
    ),
)
def describe_databases(invocation: Invocation) -> Answer:
    """
    List the databases of an instance, or one of them.
    """
    parameters = invocation.parameters
    status = parameters.choice("DBStatus", _STATUSES)
    parameters.choice("PageSize", _PAGE_SIZES)
    number = parameters.integer("PageNumber", default=1)
    size = parameters.integer("PageSize", default=int(_PAGE_SIZES[0]))
    instance = invocation.instance()
    if instance.status != _RUNNING:
        raise ApiError(code="OperationDenied.DBInstanceStatus")
    wanted = parameters.text("DBName")
    found = [
        name
        for name in sorted(instance.databases)
        if wanted in (None, name) and status in (None, _RUNNING)
    ]
    page = paging.numbered(found, number=number, size=size)
    return {
        "Databases": {"Database": [_database(instance, name) for name in page.entries]}
    }


def told(privilege: str, instance: Instance) -> str:
    """
    Return the word that the engine of *instance* has for *privilege*.
    """
    return _OWNERS.get(instance.engine, privilege) if privilege == _OWNER else privilege


def _database(instance: Instance, name: str) -> Answer:
    return {
        "DBInstanceId": instance.id,
        "DBName": name,
        "Engine": instance.engine,
        "DBStatus": _RUNNING,
        "DBDescription": "",
        **_LOCALES.get(instance.engine, _OTHER_LOCALE),
        "Accounts": {
            "AccountPrivilegeInfo": [
                {
                    "Account": account.name,
                    "AccountPrivilege": told(account.privileges[name], instance),
                }
                for account in instance.accounts
                if name in account.privileges
            ]
        },
    }
