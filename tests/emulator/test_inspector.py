import time
from datetime import timedelta

import pytest

from rds_emulator import Emulator
from rds_emulator.protocol.timestamps import to_seconds
from rds_emulator.state.document import DocumentError
from tests.emulator.wire import Client
from tests.support.rows import row


def test_instances_are_changed_added_and_removed_at_will(emulator: Emulator) -> None:
    emulator.change(
        "rm-demo-mysql80",
        description="drifted",
        tags={"a": "b"},
        backup_policy={"log_enabled": False},
    )
    emulator.add("rm-mine", engine="PostgreSQL", created="now-1h")
    emulator.remove("rm-demo-stopped")
    changed = emulator.instance("rm-demo-mysql80")

    assert ("drifted", {"a": "b"}) == (changed.description, changed.tags)
    assert (False, 7) == (
        changed.backup_policy.log_enabled,
        changed.backup_policy.log_retention_days,
    )
    assert "16.0" == emulator.instance("rm-mine").engine_version
    assert 7 == len(emulator.backups("rm-mine"))
    with pytest.raises(KeyError):
        emulator.instance("rm-demo-stopped")
    assert emulator.became("rm-demo-stopped", "Released") <= time.time()
    with pytest.raises(KeyError, match="was never Deleting"):
        emulator.became("rm-demo-stopped", "Deleting")


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        row("field", {"colour": "red"}, "colour: there is no such field"),
        row("type", {"storage_gb": "x"}, "storage_gb: must be a whole"),
        row("id", {"id": "rm-x"}, "id: cannot be changed"),
        row("time", {"created": "soon"}, "created: 'soon' is no instant"),
    ],
)
def test_change_of_a_field_that_does_not_exist_or_fit_is_refused(
    emulator: Emulator, fields: dict[str, object], message: str
) -> None:
    with pytest.raises(DocumentError, match=message):
        emulator.change("rm-demo-mysql80", **fields)


def test_every_field_of_a_seed_can_be_changed_later(emulator: Emulator, client: Client) -> None:
    path = "/instances/rm-demo-sqlserver2022"
    fields = {
        "migrations": [{"task_id": "1", "created": "now-1h"}],
        "tasks": [{"task_id": "2", "began": "now-1h"}],
        "databases": {"only": []},
        "backup_policy": {"pitr_protection": True, "preferred_days": []},
    }
    shown = client.control("POST", path, fields).body
    added = client.control("POST", "/instances", {"id": "rm-new", **fields}).body
    changed = emulator.instance("rm-demo-sqlserver2022")

    assert ("1", "2") == (changed.migrations[0].task_id, changed.tasks[0].task_id)
    assert (300, True) == (
        changed.backup_policy.log_lag_seconds,
        changed.backup_policy.pitr_protection,
    )
    assert [{"only": []}, {"only": []}] == [shown["databases"], added["databases"]]
    assert to_seconds(emulator.clock.now() - timedelta(hours=1)) == to_seconds(
        changed.migrations[0].created
    )
