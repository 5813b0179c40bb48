import threading
from collections.abc import Iterator
from typing import Any

import pytest
from pulumi.runtime.proto import engine_pb2

from pulumi_rdsclone.adapters import engine, run
from pulumi_rdsclone.adapters.engine import log, use_engine
from pulumi_rdsclone.adapters.run import exit_with_engine
from tests.support.protocol import PATIENCE, listening
from tests.support.waiting import wait_for


@pytest.fixture
def detached(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """
    Let the test attach to an engine, of which no other test hears anything.
    """

    def forget() -> None:
        for known in (engine.engine_channel, engine._engine):  # noqa: SLF001
            known.cache_clear()

    monkeypatch.setattr(engine, "_ATTACHED", [])
    forget()
    yield
    channel: Any = engine.engine_channel()
    if channel is not None:
        close(channel)
    forget()


def close(channel: Any) -> None:
    """
    Have *channel* not end the process later, when its engine is gone.

    What is closed while gRPC's thread watches it makes that thread fail.
    """
    channel._unsubscribe_all()  # noqa: SLF001
    wait_for(lambda: not channel._connectivity_state.polling)  # noqa: SLF001
    channel.close()


@pytest.mark.usefixtures("detached")
def test_attached_engine_is_told() -> None:
    """
    Messages reach the engine that was attached to last, not one before it.
    """
    with listening() as (former, _, first), listening() as (latter, _, second):
        use_engine(first)
        log(engine_pb2.INFO, "to the first", urn="urn").result()
        use_engine(second)
        log(engine_pb2.WARNING, "to the second", urn="urn", ephemeral=True).result()

    assert ["to the first"] == [message.message for message in former.messages]
    (told,) = latter.messages
    assert (engine_pb2.WARNING, "to the second", "urn", True) == (
        told.severity,
        told.message,
        told.urn,
        told.ephemeral,
    )


@pytest.mark.usefixtures("detached")
@pytest.mark.parametrize("address", ["", "nowhere", "host:", ":1", "host:port"])
def test_messages_without_an_engine_go_nowhere(address: str) -> None:
    """
    Without an engine messages go nowhere, and nobody minds.
    """
    use_engine(address)

    log(engine_pb2.INFO, "to nobody", urn="urn").result()


@pytest.mark.usefixtures("detached")
def test_lost_engine_ends_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    The process lives as long as the engine that was attached to, and no longer.
    """
    ended = threading.Event()
    monkeypatch.setattr(run, "end_process", ended.set)
    with listening() as (_, _, address):
        use_engine(address)
        exit_with_engine()
        log(engine_pb2.INFO, "still here", urn="urn").result()
        is_over_before = ended.wait(0.2)

    assert not is_over_before
    assert ended.wait(PATIENCE)


@pytest.mark.usefixtures("detached")
def test_engine_that_was_gone_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    An engine that is gone before it was reached ends the process, too.
    """
    ended = threading.Event()
    monkeypatch.setattr(run, "end_process", ended.set)
    with listening() as (_, _, address):
        pass
    use_engine(address)

    exit_with_engine()

    assert ended.wait(PATIENCE)


def test_deferred_actions_run_once_at_the_goodbye(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    At the engine's goodbye everything is said that was left for it, once.
    """
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
