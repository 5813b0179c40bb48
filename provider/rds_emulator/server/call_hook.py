"""
Notifying a test, in the middle of a call, that the call is being served.
"""

import sys
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import count
from typing import Literal

Phase = Literal["before", "after"]


@dataclass(frozen=True, kw_only=True)
class CallEvent:
    """
    A call is about to have its effect, or has had it.

    Args:
        ordinal: Counts the calls from 1, since the callback was set.
        action: What is called.
        phase: "before" the effect, or "after" it is committed and before the
            answer leaves; "after" comes for a refused call as well.
        parameters: What the action was given.
    """

    ordinal: int
    action: str
    phase: Phase
    parameters: Mapping[str, str]


class CallHook:
    """
    A callback, and how many calls it was notified of.

    Args:
        callback: Runs in the server's thread, so that everything waits for it.
            What it raises is printed on stderr, and the call goes on.
    """

    def __init__(self, callback: Callable[[CallEvent], object]) -> None:
        self._callback = callback
        self._ordinals = count(1)

    def watch(
        self, action: str, parameters: Mapping[str, str]
    ) -> Callable[[Phase], None]:
        """
        Count a call, and return a function that notifies of its phases.
        """
        ordinal = next(self._ordinals)

        def notify(phase: Phase) -> None:
            event = CallEvent(
                ordinal=ordinal, action=action, phase=phase, parameters=parameters
            )
            try:
                self._callback(event)
            except Exception:  # noqa: BLE001 - a test's mistake must not end the call
                traceback.print_exc(file=sys.stderr)

        return notify


def notify_nobody(_: Phase) -> None:
    """
    Do nothing: no callback is set.
    """
