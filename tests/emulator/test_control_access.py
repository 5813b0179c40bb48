import json
import re
import stat
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from rds_emulator import Emulator
from rds_emulator.control.guard import HIDDEN, ControlAccess
from rds_emulator.state.database import Database
from tests.emulator.wire import MYSQL, SQL_SERVER, Client
from tests.support.rows import row

COMMAND = [sys.executable, "-m", "rds_emulator"]
LOOPBACK = {"host": "127.0.0.1:1"}
PASSWORD = "Staging-2026"  # noqa: S105 - a secret that must not be told


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        row("address", {}, 200),
        row("name", {"Host": "localhost:4000"}, 200),
        row("capitals", {"Host": "LOCALHOST"}, 200),
        row("IPv6", {"Host": "[::1]:4000"}, 200),
        row("another address of the loopback", {"Host": "127.8.9.1"}, 200),
        row("typed into a browser", {"Sec-Fetch-Site": "none"}, 200),
        row("rebound name", {"Host": "evil.example:4000"}, 403),
        row("rebound name that looks local", {"Host": "127.0.0.1.evil.example"}, 403),
        row("user before a name", {"Host": "127.0.0.1@evil.example"}, 403),
        row("no address", {"Host": "[::"}, 403),
        row("other machine", {"Host": "192.0.2.1"}, 403),
        row("empty", {"Host": ""}, 403),
        row("web page", {"Origin": "https://evil.example"}, 403),
        row("local web page", {"Origin": "http://127.0.0.1:8000"}, 403),
        row("file", {"Origin": "null"}, 403),
        row("picture of a web page", {"Sec-Fetch-Site": "cross-site"}, 403),
    ],
)
@pytest.mark.parametrize(("method", "path"), [("GET", "/clock"), ("DELETE", "/journal")])
def test_control_api_is_for_programs_of_this_machine(
    client: Client, headers: Mapping[str, str], status: int, method: str, path: str
) -> None:
    client.call("DescribeRegions")
    answer = client.send(method, f"/_emulator{path}", headers=headers)

    assert status == answer.status
    assert (method == "DELETE" and status == 200) == (not client.emulator.journal.calls())
    assert "access-control-allow-origin" not in answer.headers


@pytest.mark.parametrize(
    ("token", "peer", "headers", "status"),
    [
        row("other machine", None, "192.0.2.1", LOOPBACK, 403),
        row("unknown peer", None, None, LOOPBACK, 403),
        row("no token", "t", "127.0.0.1", LOOPBACK, 401),
        row("wrong token", "t", "127.0.0.1", {"authorization": "Bearer x"}, 401),
        row("other scheme", "t", "127.0.0.1", {"authorization": "Basic t"}, 401),
        row("no ASCII", "t", "127.0.0.1", {"authorization": "Bearer é"}, 401),
        row("token", "t", "192.0.2.1", {"authorization": "Bearer t", "host": "build"}, None),
        row("small letters", "t", "192.0.2.1", {"authorization": "bearer t"}, None),
        row("page with token", "t", "::1", {"authorization": "Bearer t", "origin": "x"}, 403),
    ],
)
def test_others_need_the_token(
    token: str | None, peer: str | None, headers: Mapping[str, str], status: int | None
) -> None:
    refusal = ControlAccess(token=token).refusal(peer, headers)

    assert status == (refusal and refusal[0])


def test_other_machines_are_let_in_on_request_alone_and_with_a_token() -> None:
    # A short form of 127.0.0.1, which nothing but the system knows to be the loopback.
    serve = [*COMMAND, "serve", "--host", "127.1", "--json"]
    refused = subprocess.run(serve, capture_output=True, text=True, check=False, timeout=60)
    with subprocess.Popen([*serve, "--allow-remote"], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        ready = json.loads(process.stdout.readline())
        with Emulator() as borrowed:
            client = Client(borrowed)
            borrowed.endpoint = f"127.0.0.1:{ready['endpoint'].rpartition(':')[2]}"
            without = client.control("GET", "/clock").status
            bearer = {"Authorization": f"Bearer {ready['controlToken']}"}
            told = client.send("GET", "/_emulator/clock", headers=bearer).status
        process.terminate()

    assert (2, "") == (refused.returncode, refused.stdout)
    assert "--allow-remote" in refused.stderr
    assert (401, 200) == (without, told)
    assert len(ready["controlToken"]) >= 24


def test_control_api_tells_no_password_and_no_private_key(client: Client) -> None:
    client.call("CreateAccount", DBInstanceId=MYSQL, AccountName="fresh", AccountPassword=PASSWORD)
    client.call("ModifyDBInstanceSSL", DBInstanceId=SQL_SERVER, PassWord=PASSWORD)
    told = [
        client.control("GET", path).content.decode()
        for path in ("/journal", "/instances", f"/instances/{MYSQL}")
    ]

    assert not [text for text in told if PASSWORD in text or "Demo-shop" in text]
    assert all(HIDDEN in text for text in told)
    assert (
        PASSWORD == client.emulator.journal.calls("CreateAccount")[0].parameters["AccountPassword"]
    )


def test_control_api_tells_passwords_when_it_is_told_to() -> None:
    command = [*COMMAND, "serve", "--json", "--show-passwords"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        ready = json.loads(process.stdout.readline())
        with Emulator() as borrowed:
            client = Client(borrowed)
            borrowed.endpoint = ready["endpoint"]
            shown = client.control("GET", f"/instances/{MYSQL}").body["accounts"]
        process.terminate()

    assert "Demo-shop-1" in {account["password"] for account in shown}


def test_database_is_its_owners_alone(db: Path) -> None:
    with Emulator(db=db) as emulator:
        Client(emulator).call("DescribeRegions")
        modes = {stat.S_IMODE(file.stat().st_mode) for file in db.parent.glob("rds.sqlite*")}

    assert {0o600} == modes


def test_database_that_others_could_read_is_closed_to_them(db: Path) -> None:
    Database(str(db)).close()
    db.chmod(0o644)
    Database(str(db)).close()

    assert 0o600 == stat.S_IMODE(db.stat().st_mode)


def test_nothing_printed_at_the_start_is_an_accounts_password() -> None:
    with subprocess.Popen([*COMMAND, "serve"], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        lines = []
        for line in process.stdout:
            lines.append(line)
            if "Stop it" in line:
                break
        process.terminate()

    assert not re.search("Demo-(shop|app)", "".join(lines))
