"""
A fresh world for each test.
"""

import pytest

from tests.lifecycle.fakes import World


@pytest.fixture
def world() -> World:
    """
    Give a healthy source, ready to be cloned.
    """
    return World()
