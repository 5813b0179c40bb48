from typing import Any

import pytest
from alibabacloud_rds20140815 import models  # type: ignore[import-untyped]

from rds_emulator import Emulator
from tests.emulator.wire import POSTGRESQL, SOURCE, SQL_SERVER, Client
from tests.support.rows import row


def databases(client: Client, name: str, **parameters: str) -> list[dict[str, Any]]:
    answer = client.call("DescribeDatabases", DBInstanceId=name, **parameters)
    assert 200 == answer.status, answer.body
    found: list[dict[str, Any]] = answer.body["Databases"]["Database"]
    return found


def test_databases_name_who_has_a_privilege_in_fields_that_the_sdk_knows(client: Client) -> None:
    body = client.call("DescribeDatabases", DBInstanceId=SOURCE).body
    body.pop("RequestId")
    read = models.DescribeDatabasesResponseBody().from_map(body)
    common = {
        "DBInstanceId": SOURCE,
        "Engine": "MySQL",
        "DBStatus": "Running",
        "DBDescription": "",
        "CharacterSetName": "utf8mb4",
    }
    shop = {"Account": "shop", "AccountPrivilege": "ReadWrite"}

    assert [
        {**common, "DBName": "app", "Accounts": {"AccountPrivilegeInfo": [shop]}},
        {**common, "DBName": "reporting", "Accounts": {"AccountPrivilegeInfo": []}},
    ] == body["Databases"]["Database"]
    assert body == read.to_map()


@pytest.mark.parametrize(
    ("name", "word"),
    [row("PostgreSQL", POSTGRESQL, "ALL"), row("SQL Server", SQL_SERVER, "DbOwner")],
)
def test_each_engine_has_a_word_of_its_own_for_dbowner(
    emulator: Emulator, client: Client, name: str, word: str
) -> None:
    owner = {"name": "own", "password": "Staging-1", "privileges": {"app": "DBOwner"}}
    emulator.change(name, accounts=[owner])
    (told, _) = databases(client, name)

    assert [{"Account": "own", "AccountPrivilege": word}] == (
        told["Accounts"]["AccountPrivilegeInfo"]
    )


def test_postgresql_reports_collation_and_character_type(client: Client) -> None:
    (told, _) = databases(client, POSTGRESQL)

    assert ("UTF8", "C", "en_US.utf8") == (told["CharacterSetName"], told["Collate"], told["Ctype"])


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        row("name", {"DBName": "app"}, ["app"]),
        row("unknown", {"DBName": "none"}, []),
        row("running", {"DBStatus": "Running"}, ["app", "reporting"]),
        row("creating", {"DBStatus": "Creating"}, []),
        row("past the end", {"PageNumber": "2"}, []),
    ],
)
def test_filters_choose_among_the_databases(
    client: Client, parameters: dict[str, str], expected: list[str]
) -> None:
    assert expected == [database["DBName"] for database in databases(client, SOURCE, **parameters)]


def test_page_has_30_databases_or_as_many_as_asked_for(emulator: Emulator, client: Client) -> None:
    names = [f"db{number:02}" for number in range(40)]
    emulator.change(SOURCE, databases={name: ["t"] for name in names})
    pages = [databases(client, SOURCE, PageNumber=number) for number in ("1", "2")]

    assert [30, 10] == [len(page) for page in pages]
    assert names == [database["DBName"] for page in pages for database in page]
    assert 40 == len(databases(client, SOURCE, PageSize="50"))
