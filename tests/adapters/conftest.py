"""
The engines of tests in several files.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from pulumi.runtime import mocks, settings

from pulumi_rdsclone.adapters import engine as engines
from tests.adapters.programs import Engine
from tests.support.waiting import wait_for


@pytest.fixture
def engine() -> Iterator[Engine]:
    """
    Return the mocked engine to which the test's programs speak.
    """
    before = settings.SETTINGS
    fake = Engine()
    mocks.set_mocks(fake, preview=False)
    yield fake
    settings.configure(before)


@pytest.fixture
def detached(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """
    Let the test attach to an engine, of which no other test hears anything.
    """

    def forget() -> None:
        for known in (engines.engine_channel, engines._engine):  # noqa: SLF001
            known.cache_clear()

    monkeypatch.setattr(engines, "_ATTACHED", [])
    forget()
    yield
    channel: Any = engines.engine_channel()
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
