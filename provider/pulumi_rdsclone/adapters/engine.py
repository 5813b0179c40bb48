"""
What a provider tells the engine and hears of it, by Pulumi's published protocol.

Both borders use it: the dynamic provider and the plugin.
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
"""What stands on the wire for a value that is not known yet, one for each type."""

_LOG_SECONDS = 2


def is_unknown(value: Any) -> bool:
    """
    Tell whether *value* is a mark of an unknown value, as read by Pulumi's SDK or not.
    """
    return isinstance(value, Unknown) or (isinstance(value, str) and value in _MARKS)


def make_unknown() -> str:
    """
    Give the mark of a value that is not known yet.
    """
    return _MARK


# Messages


_SENDER: Final = ThreadPoolExecutor(1)
"""Sends all messages, in their order; a call that waits for one lasts 1.4 ms more."""

_STAYING: "deque[Future[None]]" = deque(maxlen=1)


def log(
    severity: "engine_pb2.LogSeverity.ValueType",
    text: str,
    urn: str,
    *,
    ephemeral: bool = False,
) -> "Future[None]":
    """
    Show a message on a resource's row; the result is there when it has arrived.

    Args:
        severity: The protocol's.
        text: One line.
        urn: The resource; the stack's row is taken where it is empty.
        ephemeral: Whether the next message takes its place, and the summary lacks it.
    """
    message = engine_pb2.LogRequest(
        severity=severity, message=text, urn=urn, ephemeral=ephemeral
    )
    return _SENDER.submit(_send, message)


def tell_on_stack(text: str, *, is_warning: bool = False) -> None:
    """
    Show *text*, one line, on the stack's row, and wait until it has arrived.
    """
    log(engine_pb2.WARNING if is_warning else engine_pb2.INFO, text, "").result()


def await_previous_message(said: "Future[None]") -> None:
    """
    Wait for the message that stays before *said*, or for the first one itself.

    What has not arrived when the engine ends is lost. The last of many has the time
    that a program needs to end, fifty times what a message needs.
    """
    before = _STAYING[0] if _STAYING else said
    _STAYING.append(said)
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
    Serve the engine at *address*, not the one that this process was started with.
    """
    _ATTACHED[:] = [address]
    for known in (_channel, _engine, exit_with_engine):
        known.cache_clear()


_ATTACHED: Final[list[str]] = []


@cache
def _channel() -> grpc.Channel | None:
    """
    Reach the engine at the address the process was started with, or attached to.
    """
    address = [*sys.argv, *_ATTACHED][-1]
    host, _, port = address.rpartition(":")
    if not host or not port.isdigit():
        return None
    return grpc.insecure_channel(address)


# The end of a run


CANCELLED: Final = threading.Event()
"""Set when the run is to end: by Ctrl-C, or in good order."""

_RECORDED_SECONDS: Final = 1.0
_AT_ONCE: Final = 32
"""The engine waits five seconds for an answer to its goodbye."""


def note_cancel() -> empty_pb2.Empty:
    """
    Remember that the run is to end, and do what was left for afterwards.
    """
    CANCELLED.set()
    for last in _LAST_WORDS:
        with suppress(Exception):
            last()
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        for task in list(_LATER):
            pool.submit(task.act)
    return empty_pb2.Empty()


def do_at_goodbye(action: Callable[[], None]) -> None:
    """
    Do *action* when the engine says that the run ends: it still shows messages then.

    It closes its providers before its display. Source: pkg/engine/update.go of Pulumi.
    """
    _LAST_WORDS.append(action)


_LAST_WORDS: Final[list[Callable[[], None]]] = []


def do_after_answer(context: grpc.ServicerContext, action: Callable[[], None]) -> None:
    """
    Do *action* when the engine has recorded the answer to the call with *context*.

    It records answers at once, and tells nobody: a second later it has, and before
    it ends in good order.
    """
    task = DeferredAction(action)
    _LATER.add(task)
    context.add_callback(task.wait)


class DeferredAction:
    """
    Something to be done when a call has been answered and its answer recorded.
    """

    def __init__(self, action: Callable[[], None]) -> None:
        self._action = action
        self._lock = threading.Lock()
        self._is_answered = False
        self._is_done = False

    def wait(self) -> None:
        """
        Do it soon: the call has been answered.
        """
        self._is_answered = True
        timer = threading.Timer(_RECORDED_SECONDS, self.act)
        timer.daemon = True
        timer.start()

    def act(self) -> None:
        """
        Do it now, once.
        """
        with self._lock:
            if self._is_answered and not self._is_done:
                self._is_done = True
                _LATER.discard(self)
                with suppress(BaseException):
                    self._action()


_LATER: Final[set[DeferredAction]] = set()


def end_process(code: int = 1) -> NoReturn:
    """
    End this process now, by default as one whose engine is gone: nobody hears it.
    """
    os._exit(code)


@cache
def exit_with_engine() -> None:
    """
    End this process soon after its engine: an engine that is killed ends nobody.

    The connection tells within milliseconds that it is lost; that the engine is gone
    is believed when it cannot be reached again, or could not be from the beginning: it
    listens before it starts a provider.
    """
    channel = _channel()
    if channel is None:
        return

    def see(state: grpc.ChannelConnectivity) -> None:
        if state is grpc.ChannelConnectivity.TRANSIENT_FAILURE:
            end_process()
        if state is grpc.ChannelConnectivity.IDLE:
            channel.subscribe(_ignore, try_to_connect=True)

    channel.subscribe(see, try_to_connect=True)


def _ignore(_state: grpc.ChannelConnectivity) -> None:
    """
    Take no notice: to subscribe is the only way to have a channel connect again.
    """
