from pathlib import Path

import pytest

from rds_emulator import Emulator
from tests.emulator.wire import Client
from tests.support.rows import row

LAST = "Lastest"  # codespell:ignore lastest


def test_unlocked_unprotected_instance_without_replicas_can_be_released(client: Client) -> None:
    answer = client.call("DeleteDBInstance", DBInstanceId="rm-demo-postgresql16")

    assert (200, "") == answer.refusal


@pytest.mark.parametrize(
    ("fields", "keep_policy", "told"),
    [
        row("all", {"storage_type": "local_ssd"}, "All", "All"),
        row("the last one", {"storage_type": "local_ssd"}, LAST, LAST),
        row("none", {}, "None", "None"),
        row("nothing said", {}, "", None),
    ],
)
def test_keep_policy_is_known_during_the_release_and_afterwards(
    db: Path, fields: dict[str, object], keep_policy: str, told: str | None
) -> None:
    with Emulator(db=db, speed=0) as emulator:
        emulator.add("rm-mine", **fields)
        emulator.add("rm-other")
        emulator.remove("rm-other")
        before = emulator.released()
        Client(emulator).call(
            "DeleteDBInstance", DBInstanceId="rm-mine", ReleasedKeepPolicy=keep_policy
        )
        during = emulator.released()
    with Emulator(db=db) as emulator:
        emulator.clock.advance(5)
        after = Client(emulator).control("GET", "/released").body

    assert {} == before
    assert {"rm-mine": told} == during
    assert {"released": {"rm-mine": told}} == after
