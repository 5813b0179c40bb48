"""
New fakes for each test.
"""

import pytest

from tests.lifecycle.fakes import Fakes


@pytest.fixture
def fakes() -> Fakes:
    """
    Return fakes with a healthy source, ready to be cloned.
    """
    return Fakes()
