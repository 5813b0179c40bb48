"""
Everything private that is known of Pulumi's Python server, and nothing else.

The server that runs dynamic providers hands handlers neither the URN nor the time
allowed, cannot save a half-made resource, serves four calls at a time and shows a
traceback for every error. What is needed is reached by looking at the frames of the
running call. Nothing here may fail: where the server is not as it was, the feature
is missing, one warning says so, and the handlers go on.

Verified with the Pulumi SDK 3.216 and 3.272.
"""

import os
import sys
import threading
from collections import deque
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING, Any, Final, NoReturn

import grpc
from google.protobuf import empty_pb2, struct_pb2
from pulumi.output import Unknown
from pulumi.runtime import rpc
from pulumi.runtime.proto import (
    engine_pb2,
    engine_pb2_grpc,
    provider_pb2,
    status_pb2,
)

if TYPE_CHECKING:
    from types import FrameType

_SERVER = "DynamicResourceProviderServicer"
_LOG_SECONDS = 2

_SENTINELS = frozenset(
    {
        "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
        "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
        "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
        "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
        "030794c1-ac77-496b-92df-f27374a8bd58",
        "e48ece36-62e2-4504-bad9-02848725956a",
        "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
    }
)
"""The engine's marks of unknown values; the Python server translates only the first."""


class ToldError(Exception):
    """
    Ends a handler whose message has already been handed to the engine.
    """


# Pulumi prints the qualified name of an exception before its text.
ToldError.__module__ = "builtins"


@dataclass(frozen=True)
class Call:
    """
    The call of the engine that the present thread serves.

    Attributes:
        request: The protocol's request message; None when it could not be found.
        context: The server's context of the call; None likewise.
    """

    request: Any = None
    context: Any = None

    @property
    def urn(self) -> str:
        """
        The resource's URN, empty when it is not known.
        """
        return str(getattr(self.request, "urn", ""))

    @property
    def timeout(self) -> timedelta | None:
        """
        The time allowed by customTimeouts, None when none is set.
        """
        seconds = getattr(self.request, "timeout", 0)
        return timedelta(seconds=seconds) if seconds else None

    @property
    def recorded_inputs(self) -> dict[str, Any] | None:
        """
        The inputs in the state, None when they cannot be had.
        """
        inputs = getattr(self.request, "inputs", None)
        return dict(rpc.deserialize_properties(inputs)) if inputs else None

    @property
    def is_attended(self) -> bool:
        """
        Whether the engine still waits for the answer.
        """
        return self.context is None or bool(self.context.is_active())

    @property
    def is_cancelled(self) -> bool:
        """
        Whether the user has pressed Ctrl-C; never where *hear_cancel* failed.
        """
        return _CANCELLED.is_set()

    def refuse(self, text: str) -> ToldError:
        """
        Hand *text* to the engine as the call's error; raise what this returns.
        """
        if self.context is not None:
            _replace_error(self.context, text)
        return ToldError(text)

    def keep(self, instance_id: str, outputs: dict[str, Any], text: str) -> ToldError:
        """
        Have the engine save a resource that is not finished; raise what this returns.

        Only *text* is shown, with each later run that finds it unfinished.

        Args:
            instance_id: The resource's id.
            outputs: What is known of it, as Pulumi's properties.
            text: One line: what happened, with the id, and what happens next.
        """
        if self.context is not None:
            try:
                self._keep(instance_id, outputs, text)
            except Exception:  # noqa: BLE001 - the text, with the id, must still be told
                _warn_once("to keep unfinished resources")
        return self.refuse(text)

    def _keep(self, instance_id: str, outputs: dict[str, Any], text: str) -> None:
        properties = getattr(self.request, "properties", None)
        news = getattr(self.request, "news", None)
        recorded = getattr(self.request, "inputs", None)
        inputs = next((s for s in (news, recorded, properties) if s), None)
        detail = provider_pb2.ErrorResourceInitFailed(
            id=instance_id,
            reasons=[text],
            properties=_to_struct({**outputs, **_provider_of(inputs, properties)}),
            inputs=inputs,
        )
        status = status_pb2.Status(code=grpc.StatusCode.UNKNOWN.value[0], message=text)
        status.details.add().Pack(detail)
        self.context.set_trailing_metadata(
            (("grpc-status-details-bin", status.SerializeToString()),)
        )

    def after_answer(self, action: Callable[[], None]) -> None:
        """
        Do *action* when the engine has recorded the answer to this call.

        It records answers at once, and tells nobody: a second later it has, and
        before it ends in good order. Outside the server it is done now.
        """
        if self.context is None:
            action()
            return
        task = _Later(action)
        _LATER.add(task)
        self.context.add_callback(task.wait)

    def tell(self, text: str) -> None:
        """
        Show *text*, one line, on the resource's row until the next one.
        """
        _log(engine_pb2.INFO, text, self.urn, ephemeral=True)

    def tell_to_stay(self, text: str) -> None:
        """
        Show *text*, one line, on the resource's row and in the summary.
        """
        _wait_for_one_before(_log(engine_pb2.INFO, text, self.urn))

    def warn(self, text: str) -> None:
        """
        Show *text*, one line, as a warning; it stays in the summary.
        """
        _log(engine_pb2.WARNING, text, self.urn).result()

    def tell_error(self, text: str, urn: str) -> None:
        """
        Show *text* as an error of the resource with *urn*.

        The engine shows it and goes on as if nothing had happened: only for a run
        that fails anyway.
        """
        _log(engine_pb2.ERROR, text, urn).result()


def current_call() -> Call:
    """
    Find the call that the present thread serves.
    """
    names = _names_of_call()
    if names:
        return Call(names.get("request"), names["context"])
    _warn_once("the resource's URN")
    return Call()


def _names_of_call() -> Mapping[str, Any]:
    """
    Give the server's local names in the call that the present thread serves.
    """
    frame: FrameType | None = sys._getframe(1)  # noqa: SLF001 - no public way to it
    while frame is not None:
        names = frame.f_locals
        if type(names.get("self")).__name__ == _SERVER and "context" in names:
            return names
        frame = frame.f_back
    return {}


_CANCELLED: Final = threading.Event()


def hear_cancel() -> None:
    """
    Hear of the first Ctrl-C: the server's method that the engine then calls is empty.

    The server holds on to the method, so its code is what can be exchanged.
    """
    server: Any = type(_names_of_call().get("self"))
    try:
        server.Cancel.__code__ = _cancel.__code__
    except (AttributeError, TypeError, ValueError):
        _warn_once("to stop waiting at the first Ctrl-C")


def _cancel(_self: Any, _request: Any, _context: Any) -> Any:
    """
    Serve Cancel; it runs among the names of another module.
    """
    from pulumi_rdsclone.adapters.pulumi_server import (  # noqa: PLC0415
        note_cancel,
    )

    return note_cancel()


def note_cancel() -> empty_pb2.Empty:
    """
    Remember that the run is to end: by Ctrl-C, or in good order.
    """
    _CANCELLED.set()
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        for task in list(_LATER):
            pool.submit(task.act)
    return empty_pb2.Empty()


_RECORDED_SECONDS: Final = 1.0
_AT_ONCE: Final = 32
"""The engine waits five seconds for an answer to its goodbye."""


class _Later:
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


_LATER: Final[set[_Later]] = set()


def end_process() -> NoReturn:
    """
    End a process whose engine is gone: nobody else ends it, and nobody hears it.
    """
    os._exit(1)


@cache
def end_with_engine() -> None:
    """
    End this process soon after its engine: an engine that is killed ends nobody.

    The connection tells within milliseconds that it is lost; that the engine is gone
    is believed when it cannot be reached again.
    """
    channel = _channel()
    if channel is None:
        return
    states: set[grpc.ChannelConnectivity] = set()

    def see(state: grpc.ChannelConnectivity) -> None:
        states.add(state)
        if grpc.ChannelConnectivity.READY not in states:
            return
        if state is grpc.ChannelConnectivity.TRANSIENT_FAILURE:
            end_process()
        if state is grpc.ChannelConnectivity.IDLE:
            channel.subscribe(_ignore, try_to_connect=True)

    channel.subscribe(see, try_to_connect=True)


def _ignore(_state: grpc.ChannelConnectivity) -> None:
    """
    Take no notice: to subscribe is the only way to have a channel connect again.
    """


def raise_worker_cap(workers: int) -> bool:
    """
    Let the server that calls this serve *workers* calls at a time instead of four.

    Returns:
        Whether it does now.
    """
    try:
        executor = threading.current_thread()._args[0]()  # type: ignore[attr-defined] # noqa: SLF001
    except (AttributeError, IndexError, TypeError):
        executor = None
    if not isinstance(executor, ThreadPoolExecutor):
        _warn_once("more than four clones at a time")
        return False
    executor._max_workers = max(executor._max_workers, workers)  # noqa: SLF001
    return True


def is_unknown(value: Any) -> bool:
    """
    Tell whether *value* is one of the marks of an unknown value.
    """
    return isinstance(value, Unknown) or (
        isinstance(value, str) and value in _SENTINELS
    )


def make_unknown() -> Any:
    """
    Make a mark that the server turns into the engine's.
    """
    return Unknown()  # type: ignore[no-untyped-call]


def _replace_error(context: Any, text: str) -> None:
    """
    Make *text* the call's whole error, whatever the server does with an exception.

    Older servers let the exception pass, where code and details count; newer ones
    abort with the traceback, so the abort is given our text.
    """
    try:
        context.set_code(grpc.StatusCode.UNKNOWN)
        context.set_details(text)
        abort = context.abort
        context.abort = lambda code, _details: abort(code, text)
    except AttributeError:
        _warn_once("clean messages")


def _provider_of(*structs: struct_pb2.Struct | None) -> dict[str, str]:
    """
    Find the pickled provider that must stand in every state of a dynamic resource.
    """
    for struct in structs:
        if struct is not None and "__provider" in struct.fields:
            return {"__provider": struct.fields["__provider"].string_value}
    return {}


def _to_struct(properties: Mapping[str, Any]) -> struct_pb2.Struct:
    struct = struct_pb2.Struct()
    struct.update({name: v for name, v in properties.items() if v is not None})
    return struct


_SENDER: Final = ThreadPoolExecutor(1)
"""Sends all messages, in their order; a call that waits for one lasts 1.4 ms more."""

_STAYING: "deque[Future[None]]" = deque(maxlen=1)


def _log(
    severity: "engine_pb2.LogSeverity.ValueType",
    text: str,
    urn: str,
    *,
    ephemeral: bool = False,
) -> "Future[None]":
    """
    Send a message to the engine; the result is there when it has arrived.
    """
    message = engine_pb2.LogRequest(
        severity=severity, message=text, urn=urn, ephemeral=ephemeral
    )
    return _SENDER.submit(_send, message)


def _send(message: engine_pb2.LogRequest) -> None:
    engine = _engine()
    if engine is not None:
        with suppress(grpc.RpcError):
            engine.Log(message, timeout=_LOG_SECONDS)


def _wait_for_one_before(said: "Future[None]") -> None:
    """
    Wait for the message that stays before *said*, or for the first one itself.

    What has not arrived when the engine ends is lost. The last of many has the time
    that a program needs to end, fifty times what a message needs.
    """
    before = _STAYING[0] if _STAYING else said
    _STAYING.append(said)
    before.result()


@cache
def _engine() -> engine_pb2_grpc.EngineStub | None:
    channel = _channel()
    return None if channel is None else engine_pb2_grpc.EngineStub(channel)


@cache
def _channel() -> grpc.Channel | None:
    """
    Reach the engine at the address the server was started with.
    """
    address = sys.argv[-1]
    host, _, port = address.rpartition(":")
    if not host or not port.isdigit():
        return None
    return grpc.insecure_channel(address)


@cache
def _warn_once(missing: str) -> None:
    Call().warn(
        f"this version of Pulumi's Python SDK does not offer {missing} to rdsclone"
    )
