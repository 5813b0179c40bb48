import time
from collections.abc import Callable


def wait_for(happens: Callable[[], object]) -> None:
    """
    Come back when *happens* is true; it must be within a minute.
    """
    end = time.monotonic() + 60
    while not happens():
        assert time.monotonic() < end, "it does not happen"
        time.sleep(0.02)
