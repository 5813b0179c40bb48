"""
Databases, and who may do what in them.
"""

from typing import Any

import pytest
from alibabacloud_rds20140815 import models  # type: ignore[import-untyped]

from rds_emulator import Emulator
from tests.emulator.wire import Client

SOURCE = "rm-demo-mysql80"
POSTGRESQL = "rm-demo-postgresql16"
SQL_SERVER = "rm-demo-sqlserver2022"


def databases(client: Client, name: str, **parameters: str) -> list[dict[str, Any]]:
    """
    Return the databases of an instance.
    """
    answer = client.call("DescribeDatabases", DBInstanceId=name, **parameters)
    assert 200 == answer.status, answer.body
    found: list[dict[str, Any]] = answer.body["Databases"]["Database"]
    return found


def test_databases_have_the_documented_shape(client: Client) -> None:
    """
    Each database tells who has a privilege in it; the SDK knows every field.
    """
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
    [
        pytest.param(POSTGRESQL, "ALL", id="PostgreSQL"),
        pytest.param(SQL_SERVER, "DbOwner", id="SQL Server"),
    ],
)
def test_owners_have_other_words_here(
    emulator: Emulator, client: Client, name: str, word: str
) -> None:
    """
    What was granted as DBOwner is told otherwise, by each engine in its own way.
    """
    owner = {"name": "own", "password": "Staging-1", "privileges": {"app": "DBOwner"}}
    emulator.change(name, accounts=[owner])
    (told, _) = databases(client, name)

    assert [{"Account": "own", "AccountPrivilege": word}] == (
        told["Accounts"]["AccountPrivilegeInfo"]
    )


def test_postgresql_tells_its_locale(client: Client) -> None:
    """
    PostgreSQL has a collation and a character type besides.
    """
    (told, _) = databases(client, POSTGRESQL)

    assert ("UTF8", "C", "en_US.utf8") == (told["CharacterSetName"], told["Collate"], told["Ctype"])


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        pytest.param({"DBName": "app"}, ["app"], id="name"),
        pytest.param({"DBName": "none"}, [], id="unknown"),
        pytest.param({"DBStatus": "Running"}, ["app", "reporting"], id="running"),
        pytest.param({"DBStatus": "Creating"}, [], id="creating"),
        pytest.param({"PageNumber": "2"}, [], id="past the end"),
    ],
)
def test_filters_choose_among_the_databases(
    client: Client, parameters: dict[str, str], expected: list[str]
) -> None:
    """
    Name, status and page choose among the databases.
    """
    assert expected == [database["DBName"] for database in databases(client, SOURCE, **parameters)]


def test_many_databases_come_in_pages(emulator: Emulator, client: Client) -> None:
    """
    A page has 30 databases unless 50 or 100 are asked for.
    """
    names = [f"db{number:02}" for number in range(40)]
    emulator.change(SOURCE, databases={name: ["t"] for name in names})
    pages = [databases(client, SOURCE, PageNumber=number) for number in ("1", "2")]

    assert [30, 10] == [len(page) for page in pages]
    assert names == [database["DBName"] for page in pages for database in page]
    assert 40 == len(databases(client, SOURCE, PageSize="50"))
