"""
What tests of several files do with the engine.
"""

from collections.abc import Iterator
from typing import Any

import pytest

from pulumi_rdsclone.adapters import engine
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
