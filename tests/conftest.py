"""
What holds for all tests.
"""

import threading

import pytest

from pulumi_rdsclone.lifecycle.library import READER


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

    Those that share something costly are a group, which one worker runs.
    """
    items.sort(key=lambda item: item.get_closest_marker("engine") is None)
