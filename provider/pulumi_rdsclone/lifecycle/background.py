"""
Run calls in the background.
"""

import threading
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from typing import Final, TypeVar

READER: Final = "rdsclone-reader"
"""Name of the threads that ask the cloud."""

T = TypeVar("T")


def in_background(call: Callable[..., T], *args: Hashable) -> Future[T]:
    """
    Start *call* with *args* and return the future of its result or error.
    """
    outcome: Future[T] = Future()

    def act() -> None:
        try:
            outcome.set_result(call(*args))
        except BaseException as error:  # noqa: BLE001 - raised where it is taken
            outcome.set_exception(error)

    # A daemon: a call that hangs must not keep the process alive.
    threading.Thread(name=READER, target=act, daemon=True).start()
    return outcome
