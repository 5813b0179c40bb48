"""
Messages to the engine, its cancellation and its end, by Pulumi's published protocol.

Used by the dynamic provider and the plugin.
"""

import os
import sys
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from functools import cache
from typing import Any, Final, NoReturn

import grpc
from google.protobuf import empty_pb2
from pulumi.output import Unknown
from pulumi.runtime.proto import engine_pb2, engine_pb2_grpc

_MARK: Final = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
_MARKS: Final = frozenset(
    {
        _MARK,
        "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
        "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
        "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
        "030794c1-ac77-496b-92df-f27374a8bd58",
        "e48ece36-62e2-4504-bad9-02848725956a",
        "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
    }
)
"""The protocol's marks of a value that is not known yet, one for each type."""

_LOG_SECONDS = 2


def is_unknown(value: Any) -> bool:
    """
    Return whether *value* is a mark of an unknown value, as text or as Pulumi's type.
    """
    return isinstance(value, Unknown) or (isinstance(value, str) and value in _MARKS)


def make_unknown() -> str:
    """
    Return the mark of a value that is not known yet.
    """
    return _MARK


# Messages


_SENDER: Final = ThreadPoolExecutor(1)
"""Sends all messages, in their order; waiting for one costs a call 1.4 ms."""

_PERSISTENT: "deque[Future[None]]" = deque(maxlen=1)


def log(
    severity: "engine_pb2.LogSeverity.ValueType",
    text: str,
    urn: str,
    *,
    ephemeral: bool = False,
) -> "Future[None]":
    """
    Show a message on a resource's row; return a future that ends when it has arrived.

    Args:
        severity: The protocol's.
        text: One line.
        urn: The resource; if empty, the stack.
        ephemeral: Whether the next message replaces it, and the summary lacks it.
    """
    message = engine_pb2.LogRequest(
        severity=severity, message=text, urn=urn, ephemeral=ephemeral
    )
    return _SENDER.submit(_send, message)


def log_on_stack(text: str, *, is_warning: bool = False) -> None:
    """
    Show *text*, one line, on the stack's row, and wait until it has arrived.
    """
    log(engine_pb2.WARNING if is_warning else engine_pb2.INFO, text, "").result()


def await_previous_message(sent: "Future[None]") -> None:
    """
    Wait for the previous persistent message, or for *sent* if it is the first.

    A message that has not arrived when the engine exits is lost. The last one has the
    time that a program needs to end, fifty times what a message needs.
    """
    before = _PERSISTENT[0] if _PERSISTENT else sent
    _PERSISTENT.append(sent)
    before.result()


def _send(message: engine_pb2.LogRequest) -> None:
    engine = _engine()
    if engine is not None:
        with suppress(grpc.RpcError):
            engine.Log(message, timeout=_LOG_SECONDS)


@cache
def _engine() -> engine_pb2_grpc.EngineStub | None:
    channel = _channel()
    return None if channel is None else engine_pb2_grpc.EngineStub(channel)


def use_engine(address: str) -> None:
    """
    Use the engine at *address*, not the one that this process was started with.
    """
    _ATTACHED[:] = [address]
    for known in (_channel, _engine, exit_with_engine):
        known.cache_clear()


_ATTACHED: Final[list[str]] = []


@cache
def _channel() -> grpc.Channel | None:
    """
    Return a channel to the engine that started this process, or was attached later.
    """
    address = [*sys.argv, *_ATTACHED][-1]
    host, _, port = address.rpartition(":")
    if not host or not port.isdigit():
        return None
    return grpc.insecure_channel(address)


# The end of a run


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


@cache
def exit_with_engine() -> None:
    """
    End this process soon after its engine: a killed engine does not end it.

    The connection is lost within milliseconds; the engine counts as gone when it cannot
    be reached again, or could not be reached at first: it listens before it starts a
    provider.
    """
    channel = _channel()
    if channel is None:
        return

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
