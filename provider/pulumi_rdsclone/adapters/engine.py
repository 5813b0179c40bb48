"""
Messages to the engine and its marks of unknown values, by Pulumi's published protocol.

Used by the dynamic provider and the plugin.
"""

import sys
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from functools import cache
from typing import Final

import grpc
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


def is_unknown(value: object) -> bool:
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
    *,
    urn: str,
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
    log(engine_pb2.WARNING if is_warning else engine_pb2.INFO, text, urn="").result()


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
    channel = engine_channel()
    return None if channel is None else engine_pb2_grpc.EngineStub(channel)


def use_engine(address: str) -> None:
    """
    Use the engine at *address*, not the one that this process was started with.
    """
    _ATTACHED[:] = [address]
    for known in (engine_channel, _engine):
        known.cache_clear()


_ATTACHED: Final[list[str]] = []


@cache
def engine_channel() -> grpc.Channel | None:
    """
    Return a channel to the engine that started this process, or was attached later.
    """
    address = [*sys.argv, *_ATTACHED][-1]
    host, _, port = address.rpartition(":")
    if not host or not port.isdigit():
        return None
    return grpc.insecure_channel(address)
