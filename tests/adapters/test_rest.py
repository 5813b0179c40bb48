"""
When the engine has asked about all clones that it can ask about for now.
"""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest
from pytest_mock import MockerFixture

from pulumi_rdsclone.adapters import rest as module
from pulumi_rdsclone.adapters.calls import Call
from pulumi_rdsclone.adapters.rest import Rest
from pulumi_rdsclone.adapters.run import CANCELLED

NEVER = 3600.0
CALL = Call(SimpleNamespace(urn="urn"))


@pytest.fixture
def rest(mocker: MockerFixture) -> Rest:
    """
    Return a *Rest* that waits for ever for what does not come.
    """
    mocker.patch.object(module, "_MOST_SECONDS", NEVER)
    return Rest()


def state_after(rest: Rest, event: threading.Event) -> bool:
    """
    Wait, then tell whether *event* has come.
    """
    rest.wait(CALL)
    return event.is_set()


def test_a_clone_that_is_being_checked_is_waited_for(rest: Rest) -> None:
    is_over = threading.Event()
    with ThreadPoolExecutor(1) as pool:
        with rest.asking("a"):
            waiting = pool.submit(state_after, rest, is_over)
            time.sleep(2 * module._REST_SECONDS)  # noqa: SLF001 - long enough to fail
            is_over.set()

        assert waiting.result()


def test_a_clone_that_is_known_is_not_waited_for(rest: Rest, mocker: MockerFixture) -> None:
    with rest.asking("a"):
        pass
    mocker.patch.object(module, "_REST_SECONDS", 0.0)

    with rest.asking("a"):
        rest.wait(CALL)


def test_an_abandoned_or_cancelled_call_ends_the_wait(rest: Rest) -> None:
    gone = SimpleNamespace(is_active=lambda: False)
    with rest.asking("a"):
        rest.wait(Call(SimpleNamespace(urn="urn"), gone))
        CANCELLED.set()
        try:
            rest.wait(CALL)
        finally:
            CANCELLED.clear()


def test_a_program_without_end_is_not_waited_for(mocker: MockerFixture) -> None:
    mocker.patch.object(module, "_MOST_SECONDS", 0.0)
    rest = Rest()

    with rest.asking("a"):
        rest.wait(CALL)


@pytest.mark.parametrize(("at_once", "expected"), [(0, True), (1, True), (2, True), (3, False)])
def test_the_engine_asks_no_further_than_it_can_make(
    rest: Rest, at_once: int, *, expected: bool
) -> None:
    """
    An engine that makes as many clones as it can may have more to ask about.
    """
    with rest.making(), rest.making():
        assert rest.is_making
        assert expected == rest.may_ask_more(at_once)
    assert not rest.is_making
