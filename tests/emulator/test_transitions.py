"""
Slow changes: accepted at once, shown late, done at the end.
"""

from pathlib import Path

import pytest

from rds_emulator import Emulator
from tests.emulator.wire import FINE, SOURCE, Client, Refusal
from tests.support.rows import row

OLD = f"{SOURCE}.mysql.rds.aliyuncs.com:3306"
NEW = "shop-internal.mysql.rds.aliyuncs.com:3307"
CHANGING = "DBInstanceNetTypeChanging"
BUSY = (403, "OperationDenied.DBInstanceStatus")
LAG = 10
Sight = tuple[str, str]


def begin(client: Client) -> Refusal:
    return client.call(
        "ModifyDBInstanceConnectionString",
        DBInstanceId=SOURCE,
        CurrentConnectionString=OLD.partition(":")[0],
        ConnectionStringPrefix="shop-internal",
        Port="3307",
    ).refusal


def publish(client: Client) -> Refusal:
    return client.call(
        "AllocateInstancePublicConnection",
        DBInstanceId=SOURCE,
        ConnectionStringPrefix="shop-public",
        Port="3306",
    ).refusal


def seen(client: Client, instance_id: str = SOURCE) -> Sight:
    told = client.attribute(instance_id)
    endpoint = f"{told['ConnectionString']}:{told['Port']}"
    return str(told["DBInstanceStatus"]), endpoint


@pytest.mark.parametrize(
    ("lag", "course"),
    [
        row("none", 0, [(0, CHANGING, OLD), (1, CHANGING, OLD), (1, "Running", NEW)]),
        row(
            "ten seconds",
            LAG,
            [
                (0, "Running", OLD),
                (9, "Running", OLD),
                (1, CHANGING, OLD),
                (1, CHANGING, OLD),
                (1, "Running", NEW),
            ],
        ),
    ],
)
def test_status_shows_the_change_after_its_lag_and_values_at_the_end(
    emulator: Emulator, client: Client, lag: float, course: list[tuple[int, str, str]]
) -> None:
    emulator.set_temper(change_lag_seconds=lag)
    found = []
    begin(client)
    for seconds, _, _ in course:
        emulator.clock.advance(seconds)
        found.append((seconds, *seen(client)))
    statuses = [change.status for change in emulator.history(SOURCE)]

    assert course == found
    assert [CHANGING, "Running"] == statuses[-2:]


def test_change_that_nobody_sees_still_has_its_status(emulator: Emulator, client: Client) -> None:
    emulator.set_temper(change_lag_seconds=LAG)
    begin(client)
    emulator.clock.advance(3600)
    change, end = emulator.history(SOURCE)[-2:]

    assert ("Running", NEW) == seen(client)
    assert (CHANGING, "Running", 2) == (
        change.status,
        end.status,
        (end.at - change.at).total_seconds(),
    )


def test_second_change_is_refused_until_the_first_ends(emulator: Emulator, client: Client) -> None:
    emulator.set_temper(change_lag_seconds=LAG)
    answers = [begin(client)]
    for seconds in (0, LAG, 1, 1):
        emulator.clock.advance(seconds)
        answers.append(publish(client))

    assert [FINE, BUSY, BUSY, BUSY, FINE] == answers


@pytest.mark.parametrize("passed", [0, 1, LAG, LAG + 1])
def test_change_continues_after_a_restart_and_ends_in_time(db: Path, passed: int) -> None:
    with Emulator(db=db, speed=0) as emulator:
        emulator.set_temper(change_lag_seconds=LAG)
        begin(Client(emulator))
        emulator.clock.advance(passed)
        before = seen(Client(emulator))
    with Emulator(db=db) as emulator:
        client = Client(emulator)
        after = seen(client)
        refused = publish(client)
        emulator.clock.advance(LAG + 2 - passed)

        assert before == after
        assert ("Running" if passed < LAG else CHANGING, OLD) == after
        assert BUSY == refused
        assert ("Running", NEW) == seen(client)


def test_end_of_a_slow_change_does_not_undo_a_small_one(emulator: Emulator, client: Client) -> None:
    emulator.set_temper(change_lag_seconds=LAG)
    begin(client)
    small = {"DBInstanceDescription": "in-between"}
    client.call("ModifyDBInstanceDescription", DBInstanceId=SOURCE, **small)
    emulator.clock.advance(LAG + 2)

    assert "in-between" == emulator.instance(SOURCE).description
    assert ("Running", NEW) == seen(client)


def test_release_ends_a_change(emulator: Emulator, client: Client) -> None:
    emulator.set_temper(change_lag_seconds=LAG)
    emulator.add("rm-x")
    switch = {"VPCId": "vpc-demo-other", "VSwitchId": "vsw-demo-other-h"}
    begun = client.call("SwitchDBInstanceVpc", DBInstanceId="rm-x", **switch)
    released = client.call("DeleteDBInstance", DBInstanceId="rm-x")
    emulator.clock.advance(3600)

    assert [FINE, FINE] == [begun.refusal, released.refusal]
    assert ["Running", "Deleting", "Released"] == [
        change.status for change in emulator.history("rm-x")
    ]


def test_status_that_a_test_sets_ends_a_change(emulator: Emulator, client: Client) -> None:
    begin(client)
    emulator.change(SOURCE, status="Running")
    emulator.clock.advance(3600)

    assert ("Running", OLD) == seen(client)
    assert FINE == publish(client)


@pytest.mark.parametrize("courses", [0, 1])
def test_change_of_a_source_is_not_its_clone_s(
    emulator: Emulator, client: Client, courses: int
) -> None:
    emulator.set_temper(change_lag_seconds=LAG)
    for _ in range(courses):
        emulator.faults.order_course(("Creating", 5), "Running")
    begin(client)
    clone_id = client.clone()
    emulator.clock.advance(3600)

    assert ("Running", f"{clone_id}.mysql.rds.aliyuncs.com:3306") == seen(client, clone_id)
    assert ("Running", NEW) == seen(client)


def test_seed_sets_how_long_changes_take_and_lag() -> None:
    seed = {
        "change_seconds": 30,
        "temper": {"change_lag_seconds": 5},
        "instances": [{"id": SOURCE}],
    }
    with Emulator(seed=seed, speed=0) as emulator:
        client = Client(emulator)
        begin(client)
        found = []
        for seconds in (4, 1, 29, 1):
            emulator.clock.advance(seconds)
            found.append(seen(client)[0])

    assert ["Running", CHANGING, CHANGING, "Running"] == found
