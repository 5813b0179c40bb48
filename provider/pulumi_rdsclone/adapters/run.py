"""
How a run ends, in each of the ways that there are, and what happens then.

- **It is cancelled**, by Ctrl-C or by a signal: *CANCELLED* is set (`note_cancel`; the
  dynamic provider reaches it by `pulumi_server.patch_cancel`). Every wait looks at it
  through `lifecycle.ports.Progress.is_cancelled` and ends in an `UnfinishedError`;
  `calls.Call.fail_but_save` has the engine record the clone as unfinished.
- **It ends normally**: the engine calls Cancel just the same. What was to be shown at
  the end is shown (`do_at_goodbye`), and what was to follow a recorded answer is done
  (`do_after_answer`): a clone is tagged as owned then, and not before, so that the next
  run adopts a clone whose answer was lost.
- **The engine is killed**: nothing is recorded any more, so this process exits
  (`exit_with_engine`), and the next run adopts its clones.
- **The call is not waited for any more**, although the engine lives: the lifecycle
  raises an `AbandonedError`, and `calls.run_guarded` ends the process.
"""

import os
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import cache
from typing import Final, NoReturn

import grpc
from google.protobuf import empty_pb2

from pulumi_rdsclone.adapters.engine import engine_channel

CANCELLED: Final = threading.Event()
"""Set when the run is to end: by Ctrl-C, or normally."""

_RECORDED_SECONDS: Final = 1.0
_AT_ONCE: Final = 32
"""The engine waits five seconds for an answer to its goodbye."""


def note_cancel() -> empty_pb2.Empty:
    """
    Note that the run is to end, and call the deferred actions.
    """
    CANCELLED.set()
    for action in _AT_GOODBYE:
        with suppress(Exception):
            action()
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        for deferred in list(_DEFERRED):
            pool.submit(deferred.act)
    return empty_pb2.Empty()


def do_at_goodbye(action: Callable[[], None]) -> None:
    """
    Call *action* when the run ends: the engine still shows messages then.

    It closes its providers before its display. Source: pkg/engine/update.go of Pulumi.
    """
    _AT_GOODBYE.append(action)


_AT_GOODBYE: Final[list[Callable[[], None]]] = []


def do_after_answer(context: grpc.ServicerContext, action: Callable[[], None]) -> None:
    """
    Call *action* when the engine has recorded the answer to the call with *context*.

    It records answers at once, without a message: a second later it has, and before it
    ends normally.
    """
    deferred = DeferredAction(action)
    _DEFERRED.add(deferred)
    context.add_callback(deferred.wait)


class DeferredAction:
    """
    An action for the time when the answer to a call has been recorded.
    """

    def __init__(self, action: Callable[[], None]) -> None:
        self._action = action
        self._lock = threading.Lock()
        self._is_answered = False
        self._is_done = False

    def wait(self) -> None:
        """
        Start the delay: the call has been answered.
        """
        self._is_answered = True
        timer = threading.Timer(_RECORDED_SECONDS, self.act)
        timer.daemon = True
        timer.start()

    def act(self) -> None:
        """
        Call the action now, once.
        """
        with self._lock:
            if self._is_answered and not self._is_done:
                self._is_done = True
                _DEFERRED.discard(self)
                with suppress(BaseException):
                    self._action()


_DEFERRED: Final[set[DeferredAction]] = set()


def end_process(code: int = 1) -> NoReturn:
    """
    End this process now, without cleaning up.
    """
    os._exit(code)


def exit_with_engine() -> None:
    """
    End this process soon after its engine: a killed engine does not end it.

    The connection is lost within milliseconds; the engine counts as gone when it cannot
    be reached again, or could not be reached at first: it listens before it starts a
    provider.
    """
    if channel := engine_channel():
        _exit_with(channel)


@cache
def _exit_with(channel: grpc.Channel) -> None:
    def on_state(state: grpc.ChannelConnectivity) -> None:
        if state is grpc.ChannelConnectivity.TRANSIENT_FAILURE:
            end_process()
        if state is grpc.ChannelConnectivity.IDLE:
            channel.subscribe(_ignore, try_to_connect=True)

    channel.subscribe(on_state, try_to_connect=True)


def _ignore(_state: grpc.ChannelConnectivity) -> None:
    """
    Do nothing: to subscribe makes the channel connect again.
    """
