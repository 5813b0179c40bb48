import threading

import pytest
from pulumi.runtime.proto import engine_pb2

from pulumi_rdsclone.adapters import run
from pulumi_rdsclone.adapters.engine import log, use_engine
from tests.support.protocol import PATIENCE, listening


@pytest.mark.usefixtures("detached")
def test_lost_engine_ends_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    ended = threading.Event()
    monkeypatch.setattr(run, "end_process", ended.set)
    with listening() as (_, _, address):
        use_engine(address)
        run.exit_with_engine()
        log(engine_pb2.INFO, "still here", urn="urn").result()
        is_over_before = ended.wait(0.2)

    assert not is_over_before
    assert ended.wait(PATIENCE)


@pytest.mark.usefixtures("detached")
def test_engine_gone_at_once_ends_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    ended = threading.Event()
    monkeypatch.setattr(run, "end_process", ended.set)
    with listening() as (_, _, address):
        pass
    use_engine(address)

    run.exit_with_engine()

    assert ended.wait(PATIENCE)


def test_deferred_actions_run_once_at_the_goodbye(monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    monkeypatch.setattr(run, "_AT_GOODBYE", [])

    def fail() -> None:
        said.append("failed")
        raise ZeroDivisionError

    run.do_at_goodbye(fail)
    run.do_at_goodbye(lambda: said.append("told"))
    try:
        run.note_cancel()
    finally:
        run.CANCELLED.clear()

    assert ["failed", "told"] == said
