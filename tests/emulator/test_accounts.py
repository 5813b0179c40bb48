from operator import itemgetter
from pathlib import Path
from typing import Any

import pytest

from rds_emulator import Emulator
from rds_emulator.state.model import DatabaseAccount
from tests.emulator.wire import FINE, ORDER, POSTGRESQL, SOURCE, SQL_SERVER, Client, Refusal
from tests.support.rows import row

STRONG = "Staging-2026"
NEW = {"AccountName": "report", "AccountPassword": STRONG}
OWNER = {"AccountName": "owner"}
SHOP = {"AccountName": "shop"}
RESET = {"AccountPassword": STRONG}
GRANT = {**SHOP, "DBName": "reporting", "AccountPrivilege": "ReadOnly"}
POSTGRESQL_LOCAL = "rm-postgresql-local"
OTHERS: dict[str, dict[str, Any]] = {
    POSTGRESQL_LOCAL: {"engine": "PostgreSQL", "storage_type": "local_ssd"},
    "rm-sqlserver2008": {"engine": "SQLServer", "engine_version": "2008r2"},
    "rm-sqlserver2014": {"engine": "SQLServer", "engine_version": "2014_std_ha"},
    "rm-sqlserver-serverless": {
        "engine": "SQLServer",
        "serverless": {"min_capacity": 2, "max_capacity": 8},
    },
}


def call(client: Client, action: str, **parameters: str) -> Refusal:
    return client.call(action, **{"DBInstanceId": SOURCE, **parameters}).refusal


def listed(client: Client, instance_id: str = SOURCE, **parameters: str) -> list[dict[str, Any]]:
    body = client.call("DescribeAccounts", DBInstanceId=instance_id, **parameters).body
    found: list[dict[str, Any]] = body["Accounts"]["DBInstanceAccount"]
    return found


def account(emulator: Emulator, name: str) -> DatabaseAccount:
    every = emulator.instance(SOURCE).accounts
    return next(account for account in every if account.name == name)


def test_demo_has_a_super_account_and_one_for_a_single_database(client: Client) -> None:
    base = {
        "DBInstanceId": SOURCE,
        "AccountStatus": "Available",
        "AccountDescription": "",
        "PrivExceeded": "0",
        "CheckPolicy": False,
    }
    granted = [{"DBName": "app", "AccountPrivilege": "ReadWrite"}]

    assert [
        {
            **base,
            "AccountName": "owner",
            "AccountType": "Super",
            "DatabasePrivileges": {"DatabasePrivilege": []},
        },
        {
            **base,
            "AccountName": "shop",
            "AccountType": "Normal",
            "DatabasePrivileges": {"DatabasePrivilege": granted},
        },
    ] == listed(client)


def test_account_is_created_changed_and_deleted_at_once(emulator: Emulator, client: Client) -> None:
    described = {**NEW, "AccountDescription": "for_reports"}
    answers = [call(client, "CreateAccount", **described)]
    (made,) = listed(client, AccountName="report")
    first = account(emulator, "report")
    other = {"AccountName": "report", "AccountDescription": "other"}
    answers.append(call(client, "ModifyAccountDescription", **other))
    reset = {"AccountName": "report", "AccountPassword": "Another-2026"}
    answers.append(call(client, "ResetAccountPassword", **reset))
    second = account(emulator, "report")
    answers.append(call(client, "DeleteAccount", AccountName="report"))

    assert [FINE] * 4 == answers
    assert ("Normal", "Available", "for_reports") == itemgetter(
        "AccountType", "AccountStatus", "AccountDescription"
    )(made)
    assert ("for_reports", STRONG) == (first.description, first.password)
    assert ("other", "Another-2026") == (second.description, second.password)
    assert ["owner", "shop"] == [account["AccountName"] for account in listed(client)]


def test_emulator_reports_the_passwords_that_the_api_hides(client: Client) -> None:
    call(client, "ResetAccount", **OWNER, AccountPassword=STRONG)
    shown = client.emulator.instance(SOURCE).accounts

    assert [("owner", STRONG), ("shop", "Demo-shop-1")] == [
        (account.name, account.password) for account in shown
    ]


@pytest.mark.parametrize(
    ("calls", "expected"),
    [
        row("one more", [("GrantAccountPrivilege", GRANT)],
            {"app": "ReadWrite", "reporting": "ReadOnly"}),
        row("another one", [("GrantAccountPrivilege", {**GRANT, "DBName": "app"})],
            {"app": "ReadOnly"}),
        row(
            "two databases",
            [
                (
                    "GrantAccountPrivilege",
                    {**SHOP, "DBName": "app,reporting", "AccountPrivilege": "DDLOnly,DMLOnly"},
                )
            ],
            {"app": "DDLOnly", "reporting": "DMLOnly"},
        ),
        row("none", [("RevokeAccountPrivilege", {**SHOP, "DBName": "app"})], {}),
        row(
            "taken twice",
            [
                ("GrantAccountPrivilege", GRANT),
                ("RevokeAccountPrivilege", {**SHOP, "DBName": "reporting"}),
                ("RevokeAccountPrivilege", {**SHOP, "DBName": "reporting"}),
            ],
            {"app": "ReadWrite"},
        ),
    ],
)  # fmt: skip
def test_privilege_granted_last_holds_until_revoked(
    client: Client, calls: list[tuple[str, dict[str, str]]], expected: dict[str, str]
) -> None:
    answers = [call(client, action, **given) for action, given in calls]
    (shop,) = listed(client, AccountName="shop")

    assert all(FINE == answer for answer in answers)
    assert expected == {
        privilege["DBName"]: privilege["AccountPrivilege"]
        for privilege in shop["DatabasePrivileges"]["DatabasePrivilege"]
    }


@pytest.mark.parametrize(
    ("instance_id", "kinds", "refusal"),
    [
        row("two Super", SOURCE, ["Super"], (403, "AccountLimitExceeded")),
        row("MySQL has no Sysadmin", SOURCE, ["Sysadmin"],
            (400, "InvalidEngineVersion.NotSupported")),
        row("Root", SOURCE, ["Root"], (400, "InvalidAccountType.Format")),
        row("the first one of SQL Server", SQL_SERVER, ["Normal"],
            (400, "InvalidAccountType.Format")),
        row("all", SQL_SERVER, ["Super", "Sysadmin", "Normal", "Normal"], FINE),
        row("three that read everything", SQL_SERVER, ["GlobalRO"] * 3,
            (403, "AccountLimitExceeded")),
        row("the first one of PostgreSQL", POSTGRESQL, ["Normal"], FINE),
        row("several of PostgreSQL", POSTGRESQL, ["Super"] * 3, FINE),
        row("two of PostgreSQL on local disks", POSTGRESQL_LOCAL, ["Super"] * 2,
            (403, "AccountLimitExceeded")),
        *(
            row(
                f"{kind} of {instance_id}",
                instance_id,
                [kind],
                (400, "InvalidEngineVersion.NotSupported"),
            )
            for instance_id, kind in (
                ("rm-sqlserver2008", "Sysadmin"),
                ("rm-sqlserver2014", "GlobalRO"),
                ("rm-sqlserver-serverless", "Sysadmin"),
            )
        ),
        row("Sysadmin of 2014", "rm-sqlserver2014", ["Sysadmin"], FINE),
    ],
)  # fmt: skip
def test_types_and_numbers_of_accounts_depend_on_the_engine(
    emulator: Emulator, client: Client, instance_id: str, kinds: list[str], refusal: Refusal
) -> None:
    for name, fields in OTHERS.items():
        emulator.add(name, **fields)
    answers = [
        call(
            client,
            "CreateAccount",
            DBInstanceId=instance_id,
            AccountName=f"user{number}",
            AccountPassword=STRONG,
            AccountType=kind,
        )
        for number, kind in enumerate(kinds)
    ]

    assert [*[FINE] * (len(kinds) - 1), refusal] == answers


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        row("32 characters", {}, "a" * 32),
        row("upper case", {}, "Report_2"),
        row("63 characters", {"engine": "PostgreSQL"}, "a" * 63),
    ],
)
def test_name_that_fits_its_engine_is_accepted(
    emulator: Emulator, client: Client, fields: dict[str, object], name: str
) -> None:
    emulator.change(SOURCE, **fields)

    assert FINE == call(client, "CreateAccount", **{**NEW, "AccountName": name})


@pytest.mark.parametrize(
    ("action", "given"),
    [
        row("create", "CreateAccount", {"AccountName": "report"}),
        row("reset", "ResetAccountPassword", SHOP),
        row("reset Super", "ResetAccount", OWNER),
    ],
)
@pytest.mark.parametrize("password", ["Three222", "A-1" + "x" * 29, "!@#$%^12a"])
def test_password_of_8_to_32_characters_of_three_kinds_is_accepted(
    client: Client, action: str, given: dict[str, str], password: str
) -> None:
    assert FINE == call(client, action, **given, AccountPassword=password)


def test_postgresql_grants_one_privilege_and_revokes_none(client: Client) -> None:
    named = {"DBInstanceId": POSTGRESQL, "AccountName": "report", "DBName": "app"}
    answers = [
        call(client, "CreateAccount", **NEW, DBInstanceId=POSTGRESQL),
        call(client, "GrantAccountPrivilege", **named, AccountPrivilege="DBOwner"),
        call(client, "RevokeAccountPrivilege", **named),
    ]

    assert [FINE, FINE, (403, "IncorrectDBInstanceEngine")] == answers


def test_postgresql_account_with_a_privilege_is_not_deleted(client: Client) -> None:
    named = {"DBInstanceId": POSTGRESQL, "AccountName": "report"}
    grant = {**named, "DBName": "app", "AccountPrivilege": "DBOwner"}
    answers = [
        call(client, "CreateAccount", **named, AccountPassword=STRONG),
        call(client, "CreateAccount", **{**named, **RESET, "AccountName": "other"}),
        call(client, "GrantAccountPrivilege", **grant),
        call(client, "DeleteAccount", **named),
        call(client, "DeleteAccount", **{**named, "AccountName": "other"}),
    ]

    assert [FINE, FINE, FINE, (400, "Account.DeleteError"), FINE] == answers
    assert ["report"] == [account["AccountName"] for account in listed(client, POSTGRESQL)]


def test_postgresql_on_local_disks_keeps_its_accounts(emulator: Emulator, client: Client) -> None:
    emulator.add(POSTGRESQL_LOCAL, **OTHERS[POSTGRESQL_LOCAL])
    named = {"DBInstanceId": POSTGRESQL_LOCAL, "AccountName": "report"}
    grant = {**named, "DBName": "app", "AccountPrivilege": "DBOwner"}
    answers = [
        call(client, "CreateAccount", **named, AccountPassword=STRONG),
        call(client, "GrantAccountPrivilege", **grant),
        call(client, "DeleteAccount", **named),
    ]

    assert [
        FINE,
        (400, "InvalidAccountPrivilege.Malformed"),
        (400, "IncorrectDBInstanceType"),
    ] == answers


def test_accounts_come_in_pages_of_30(emulator: Emulator, client: Client) -> None:
    many = [{"name": f"u{number}", "password": "x"} for number in range(40)]
    emulator.change(SOURCE, accounts=many)
    pages = [
        client.call("DescribeAccounts", DBInstanceId=SOURCE, PageNumber=str(number))
        for number in (1, 2, 3)
    ]

    assert [30, 10, 0] == [len(page.body["Accounts"]["DBInstanceAccount"]) for page in pages]
    assert [(1, 40), (2, 40), (3, 40)] == [
        (page.body["PageNumber"], page.body["TotalRecordCount"]) for page in pages
    ]


def test_only_sql_server_reports_the_password_policy(client: Client) -> None:
    call(
        client,
        "CreateAccount",
        **NEW,
        DBInstanceId=SQL_SERVER,
        AccountType="Super",
        CheckPolicy="true",
    )

    assert [True] == [account["CheckPolicy"] for account in listed(client, SQL_SERVER)]


@pytest.mark.parametrize(
    ("order", "privileges"),
    [
        row("all", {}, {"app": "ReadWrite", "reporting": "ReadOnly"}),
        row("one", {"DbNames": "reporting"}, {"reporting": "ReadOnly"}),
    ],
)
def test_clone_has_its_source_s_accounts_also_after_a_restart(
    db: Path, order: dict[str, str], privileges: dict[str, str]
) -> None:
    with Emulator(db=db, speed=0) as emulator:
        client = Client(emulator)
        call(client, "GrantAccountPrivilege", **GRANT)
        call(client, "ResetAccountPassword", **SHOP, **RESET)
        answer = client.call("CloneDBInstance", **ORDER, **order)
        call(client, "DeleteAccount", **SHOP)
    with Emulator(db=db) as emulator:
        owner, shop = emulator.instance(answer.body["DBInstanceId"]).accounts

        assert ("owner", "Demo-owner-1", "Super") == (owner.name, owner.password, owner.type)
        assert (STRONG, privileges) == (shop.password, shop.privileges)
        assert ["owner"] == [account.name for account in emulator.instance(SOURCE).accounts]
