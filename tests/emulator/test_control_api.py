from datetime import datetime, timedelta

import pytest

from tests.emulator.wire import Client, Refusal
from tests.support.rows import row


def test_control_api_shows_and_changes_clock_journal_and_instances(client: Client) -> None:
    client.call("DescribeRegions")
    before = client.control("GET", "/clock").body
    after = client.control("POST", "/clock", {"advance": 60}).body
    calls = client.control("GET", "/journal").body["calls"]
    cleared = client.control("DELETE", "/journal").body
    path = "/instances/rm-demo-mysql80"
    changed = client.control("POST", path, {"description": "x1"}).body
    removed = client.control("DELETE", "/instances/rm-demo-guard").body
    found = client.control("GET", "/instances").body["instances"]

    elapsed = datetime.fromisoformat(after["now"]) - datetime.fromisoformat(before["now"])
    assert (0, timedelta(seconds=60)) == (before["speed"], elapsed)
    assert (["DescribeRegions"], []) == ([call["action"] for call in calls], cleared["calls"])
    assert ("x1", "Released") == (changed["description"], removed["status"])
    assert "rm-demo-guard" not in {instance["id"] for instance in found}
    assert "Running" == client.control("GET", path).body["history"][0]["status"]


@pytest.mark.parametrize(
    ("method", "path", "body", "refusal"),
    [
        row("no order", "POST", "/clock", {}, (400, "exactly one")),
        row("now", "POST", "/clock", {"now": "x"}, (400, "no instant")),
        row("back", "POST", "/clock", {"advance": -1}, (400, "forwards")),
        row("speed", "POST", "/clock", {"speed": "x"}, (400, "number")),
        row("list", "POST", "/clock", [], (400, "JSON object")),
        row("unknown", "GET", "/instances/rm-x", None, (404, "rm-x")),
        row("field", "POST", "/instances/rm-demo-guard", {"x": 1}, (400, "field")),
        row("path", "GET", "/weather", None, (404, "Not Found")),
        row("method", "PUT", "/clock", None, (405, "Not Allowed")),
    ],
)
def test_control_api_refuses_clearly(
    client: Client, method: str, path: str, body: object, refusal: Refusal
) -> None:
    answer = client.control(method, path, body)

    assert refusal[0] == answer.status
    assert refusal[1] in answer.body["error"]
