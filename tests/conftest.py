"""
What holds for all tests.
"""

import re
import signal
import threading
from collections.abc import Iterator
from typing import Any, Final, NoReturn

import pytest
from xdist.scheduler import LoadScopeScheduling

from pulumi_rdsclone.domain import judging
from pulumi_rdsclone.domain.checking import Check
from pulumi_rdsclone.lifecycle.background import READER

TELL_OF_BROKEN: Final = judging.problem_of_broken
"""What users are told of a check that fails by an error of ours."""


def _raise_of_broken(entry: Check, error: Exception, *, gating: bool) -> NoReturn:
    msg = f"the rule of {entry.id} has failed (gating: {gating})"
    raise AssertionError(msg) from error


def pytest_configure() -> None:
    """
    Let the processes of the tests hear Ctrl-C, and no broken rule pass.

    What a shell starts in the background ignores it, and so does all that it starts.
    A rule that fails by an error of ours fails the test.
    """
    judging.problem_of_broken = _raise_of_broken
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(autouse=True, scope="session")
def _own_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """
    Keep what the provider notes of its orders out of the user's Pulumi home.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PULUMI_HOME", str(tmp_path_factory.mktemp("pulumi-home")))
        yield


def pytest_runtest_setup(item: pytest.Item) -> None:
    """
    Begin a test of Hypothesis when the reads of earlier tests have ended.

    They use the global random generator, for the nonces of their requests, and
    Hypothesis takes it for the test's own fault when that changes meanwhile.
    """
    if item.get_closest_marker("hypothesis"):
        for thread in threading.enumerate():
            if thread.name == READER:
                thread.join()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """
    Run the tests of the engine first: they are the long ones, and none shall be last.
    """
    items.sort(key=lambda item: item.get_closest_marker("engine") is None)


_TOGETHER: Final = re.compile(
    r"tests/e2e/test_(?:"
    r"(?P<languages>examples|sdks)\.py"
    r"|terraform_bugs\.py.*\[(?P<terraform>\w+)\]"
    r"|kills\.py.*\[(?P<kills>dynamic|plugin)"
    r")"
)
"""Tests that share what is costly to make: one worker runs those of one group."""


class _Scheduling(LoadScopeScheduling):  # type: ignore[misc]
    """
    Gives a free worker the next test, or the next group of tests.
    """

    def _split_scope(self, nodeid: str) -> str:
        found = _TOGETHER.match(nodeid)
        if found is None:
            return nodeid
        name = str(found.lastgroup)
        return name if name == "languages" else f"{name} {found[name]}"


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """
    Share the tests out by *_TOGETHER*.
    """
    return _Scheduling(config, log)
