import re
from pathlib import Path
from typing import Any

import pytest

from rds_emulator import Emulator
from rds_emulator.state.document import DocumentError
from tests.emulator.wire import ORDER, Client
from tests.support.rows import row

GONE = "InvalidDBInstanceId.NotFound"


@pytest.mark.parametrize(
    ("steps", "seen"),
    [
        row("words in mid-wait",
            [("Creating", 20), ("Restoring", 20), ("INS_CLONING", 20), "Running"],
            ["Creating", "Creating", "Restoring", "Restoring", "INS_CLONING"]),
        row("an unknown word", [("Levitating", 30), "Running"],
            ["Levitating", "Levitating", "Levitating", "Running", "Running"]),
        row("stuck for ever", ["Creating"], ["Creating"] * 5),
        row("gone", [("Creating", 15), "Released"], ["Creating", "Creating", GONE, GONE, GONE]),
        row("failed", [("Creating", 15), "CREATE_FAILED"],
            ["Creating", "Creating", *["CREATE_FAILED"] * 3]),
        row("back again", [("Running", 15), ("Restarting", 10), ("Creating", 10), "Running"],
            ["Running", "Running", "Restarting", "Creating", "Running"]),
        row("at once", [("Creating", 0), ("Restoring", 0), "Running"], ["Running"] * 5),
    ],
)  # fmt: skip
def test_clone_keeps_each_status_for_its_seconds_and_stays_in_the_last(
    emulator: Emulator, client: Client, steps: list[Any], seen: list[str]
) -> None:
    emulator.faults.order_course(*steps)
    clone_id = client.clone()
    statuses = []
    for _ in range(5):
        statuses.append(client.status(clone_id))
        emulator.clock.advance(10)

    assert seen == statuses
    assert [("course", "CloneDBInstance", clone_id)] == [
        (fault.kind, fault.action, fault.id) for fault in emulator.faults.fired()
    ]


def test_each_status_is_dated_by_when_it_was_due(emulator: Emulator, client: Client) -> None:
    emulator.faults.order_course(("Creating", 10), ("Restoring", 20), "Released")
    clone_id = client.clone()
    begun = emulator.clock.now()
    emulator.clock.advance(3600)

    assert [("Creating", 0), ("Restoring", 10), ("Released", 30)] == [
        (change.status, (change.at - begun).total_seconds())
        for change in emulator.history(clone_id)
    ]


def test_refused_order_does_not_use_up_a_course(emulator: Emulator, client: Client) -> None:
    emulator.faults.order_course("Restoring", times=2, after=1)
    client.call("CloneDBInstance", **{**ORDER, "BackupId": "7"})
    some = [client.status(client.clone()) for _ in range(4)]
    emulator.faults.order_course("Restoring", probability=1)
    every = [client.status(client.clone()) for _ in range(3)]

    assert ["Creating", "Restoring", "Restoring", "Creating"] == some
    assert ["Restoring"] * 3 == every


def test_release_ends_a_course(emulator: Emulator, client: Client) -> None:
    emulator.faults.order_course(("Running", 3), "Restoring", times=2)
    released, changed = client.clone(), client.clone()
    client.call("DeleteDBInstance", DBInstanceId=released)
    emulator.change(changed, status="Running")
    emulator.clock.advance(4)

    assert ["Deleting", "Running"] == [
        client.status(instance_id) for instance_id in (released, changed)
    ]


def test_course_that_has_begun_outlives_a_restart(db: Path) -> None:
    with Emulator(db=db, speed=0) as emulator:
        emulator.faults.order_course(("Creating", 10), ("Restoring", 10), "Running", times=2)
        clone_id = Client(emulator).clone()
    seen = []
    with Emulator(db=db) as emulator:
        client = Client(emulator)
        other = client.clone()
        for _ in range(3):
            seen.append(client.status(clone_id))
            emulator.clock.advance(10)

        assert (["Creating", "Restoring", "Running"], "Creating") == (seen, client.status(other))


def test_seed_and_control_api_order_courses() -> None:
    steps = [{"status": "Restoring", "seconds": 5}, {"status": "Running"}]
    stuck = {"steps": [{"status": "Creating"}], "times": 2}
    with Emulator(seed={"courses": [{"steps": steps}]}, speed=0) as emulator:
        client = Client(emulator)
        emulator.add("rm-demo-mysql80", backups=[{"started": "now-1h", "id": "1"}])
        shown = client.control("POST", "/faults", {"courses": [stuck]}).body
        order = {**ORDER, "BackupId": "1"}
        ids = [client.call("CloneDBInstance", **order).body["DBInstanceId"] for _ in range(2)]
        emulator.clock.advance(500)
        left = client.control("GET", "/faults").body
        client.control("DELETE", "/faults")

        assert [2, 1] == [len(body["courses"]) for body in (shown, left)]
        assert ids == [fault["id"] for fault in left["fired"]]
        assert ["Running", "Creating"] == [client.status(instance_id) for instance_id in ids]
        assert () == emulator.faults.ordered().courses


@pytest.mark.parametrize(
    ("course", "message"),
    [
        row("no steps", {"steps": []}, "steps: at least one is needed"),
        row("none", {}, "steps: is required"),
        row("no seconds", {"steps": [{"status": "Creating"}, {"status": "Running"}]},
            "steps[0].seconds: must be 0 or more, not None"),
        row("negative", {"steps": [{"status": "a", "seconds": -1}, {"status": "b"}]},
            "steps[0].seconds: must be 0 or more, not -1"),
        row("end with seconds", {"steps": [{"status": "Creating", "seconds": 5}]},
            "steps[0].seconds: the last status stays"),
        row("never there", {"steps": [{"status": "Released"}]},
            "steps[0].status: Released can only be the end"),
        row("back from the dead",
            {"steps": [{"status": "Released", "seconds": 1}, {"status": "Running"}]},
            "steps[0].status: Released can only be the end"),
        row("times", {"steps": [{"status": "a"}], "times": 0}, "times: must be 1"),
        row("field", {"steps": [{"state": "a"}]}, "steps[0].state: there is no"),
    ],
)  # fmt: skip
def test_control_api_and_seed_refuse_a_bad_course_in_one_sentence(
    client: Client, course: dict[str, Any], message: str
) -> None:
    answer = client.control("POST", "/faults", {"courses": [course]})
    place = f"courses[0].{message}"

    assert (400, True) == (answer.status, place in answer.body["error"])
    with pytest.raises(DocumentError, match=re.escape(place)), Emulator(seed={"courses": [course]}):
        pass


def test_python_refuses_a_bad_course_in_the_sentence_without_the_place(emulator: Emulator) -> None:
    with pytest.raises(DocumentError, match=r"^steps\[0\].seconds: the last"):
        emulator.faults.order_course(("Creating", 5))
