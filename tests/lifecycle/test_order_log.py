"""
What a machine remembers of its orders.
"""

import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from pulumi_rdsclone.lifecycle.order_log import LoggedOrder, OrderLog
from tests.domain.samples import NOW

TOKEN = "0123456789abcdef"  # noqa: S105 - no password
RESTORED = "rm-source/time/2026-07-01T10:00:00Z"
Logs = Callable[[], OrderLog]


@pytest.fixture(params=["memory", "files"])
def logs(request: pytest.FixtureRequest, tmp_path: Path) -> Logs:
    """
    Return what opens the log, as a new process would where there are files.
    """
    if request.param == "memory":
        log = OrderLog()
        return lambda: log
    return lambda: OrderLog(tmp_path / "orders")


def test_order_is_known_from_its_first_answer(logs: Logs) -> None:
    logs().note_order(TOKEN, instance_id="rm-1", now=NOW)
    again = logs().note_order(TOKEN, instance_id="rm-1", now=NOW + timedelta(hours=1))

    assert again == logs().order(TOKEN) == LoggedOrder(instance_id="rm-1", at=NOW)
    assert logs().order("another") is None


def test_order_is_kept_until_it_is_answered_or_refused(logs: Logs) -> None:
    later = NOW + timedelta(seconds=30)

    logs().note_sent(TOKEN, restored=RESTORED, now=NOW)
    logs().note_sent(TOKEN, restored=RESTORED, now=later)
    assert (NOW, later) == logs().unanswered(TOKEN)

    logs().note_refused(TOKEN, later)
    assert (NOW,) == logs().unanswered(TOKEN)

    logs().note_sent(TOKEN, restored=RESTORED, now=later)
    logs().note_order(TOKEN, instance_id="rm-1", now=later)
    assert (NOW,) == logs().unanswered(TOKEN)

    logs().forget(TOKEN, later)
    assert () == logs().unanswered(TOKEN)
    assert logs().order(TOKEN) is None


def test_token_is_spent_when_its_clone_is_gone(logs: Logs) -> None:
    logs().note_order(TOKEN, instance_id="rm-1", now=NOW)
    assert not logs().is_spent(TOKEN)

    logs().note_gone("rm-1", NOW)
    logs().note_spent("another", NOW)

    assert logs().is_spent(TOKEN)
    assert logs().is_spent("another")
    assert not logs().is_spent("a third")


def test_restored_point_is_known_while_an_order_may_count(logs: Logs) -> None:
    logs().note_sent(TOKEN, restored=RESTORED, now=NOW)
    assert RESTORED == logs().restored(TOKEN)
    assert logs().restored("another") == ""

    logs().note_refused(TOKEN, NOW)
    assert logs().restored(TOKEN) == ""

    logs().note_sent(TOKEN, restored=RESTORED, now=NOW)
    logs().forget(TOKEN, NOW)
    assert logs().restored(TOKEN) == ""


def test_visible_instances_are_remembered(logs: Logs) -> None:
    logs().note_seen("rm-1", NOW)

    assert logs().was_seen("rm-1")
    assert not logs().was_seen("rm-2")


@pytest.mark.parametrize(
    "text", ["", "[]", "{", '{"at": 1}', '{"sent": [1]}', '{"restored": "rm-1/time/"}', "null"]
)
def test_damaged_file_tells_nothing(tmp_path: Path, text: str) -> None:
    (tmp_path / f"order-{TOKEN}").write_text(text)
    log = OrderLog(tmp_path)

    assert log.order(TOKEN) is None
    assert () == log.unanswered(TOKEN)
    assert log.restored(TOKEN) == ""
    assert not log.is_spent(TOKEN)


def test_process_remembers_its_own_orders_without_a_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    log = OrderLog(tmp_path / "file" / "orders")

    log.note_order(TOKEN, instance_id="rm-1", now=NOW)

    assert log.order(TOKEN)


def test_odd_id_names_no_file_outside_the_folder(tmp_path: Path) -> None:
    folder = tmp_path / "orders"
    OrderLog(folder).note_gone("../../rm-1", NOW)

    assert not folder.exists()


def test_old_files_are_removed(tmp_path: Path) -> None:
    OrderLog(tmp_path).note_gone("rm-old", NOW)
    old = (NOW - timedelta(days=4)).timestamp()
    os.utime(tmp_path / "gone-rm-old", (old, old))

    OrderLog(tmp_path).note_gone("rm-new", NOW)

    assert ["gone-rm-new"] == [file.name for file in tmp_path.iterdir()]
