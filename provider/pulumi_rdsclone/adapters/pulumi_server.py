"""
Uses private parts of Pulumi's Python server, which runs dynamic providers.

The server passes to handlers neither the URN nor the time
allowed, cannot save a half-made resource, serves four calls at a time and shows a
traceback for every error. What is needed is found in the frames of the running call.
Nothing here may fail: where the server has changed, the feature is missing, a warning
says so, and the handlers continue.

Verified with the Pulumi SDK 3.216 and 3.272.
"""

import sys
import threading
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import TYPE_CHECKING, Any

import grpc
from pulumi.runtime import rpc
from typing_extensions import override

from pulumi_rdsclone.adapters.calls import Call, ReportedError
from pulumi_rdsclone.domain.values import Properties

if TYPE_CHECKING:
    from types import FrameType

_SERVER = "DynamicResourceProviderServicer"


class ServerCall(Call):
    """
    A call that Pulumi's server passes on to a dynamic provider.
    """

    @property
    def recorded_inputs(self) -> Properties | None:
        """
        The inputs in the state; None if they cannot be found.
        """
        inputs = getattr(self.request, "inputs", None)
        return dict(rpc.deserialize_properties(inputs)) if inputs else None

    @override
    def refuse(self, text: str) -> ReportedError:
        """
        Make *text* the call's error, and return the exception to raise.

        Older servers let the exception pass, where code and details count; newer ones
        abort with the traceback, so the abort is given our text.
        """
        if self.context is not None:
            try:
                self.context.set_code(grpc.StatusCode.UNKNOWN)
                self.context.set_details(text)
                abort = self.context.abort
                self.context.abort = lambda code, _details: abort(code, text)
            except AttributeError:
                _warn_once("clean messages")
        return ReportedError(text)

    @override
    def fail_but_save(
        self, instance_id: str, outputs: Properties, *, text: str
    ) -> ReportedError:
        if self.context is not None:
            try:
                return super().fail_but_save(instance_id, outputs, text=text)
            except Exception:  # noqa: BLE001 - the text, with the id, must be shown
                _warn_once("keeping unfinished resources")
        return self.refuse(text)


def current_call() -> ServerCall:
    """
    Return the call that the present thread serves.
    """
    names = _names_of_call()
    if names:
        return ServerCall(names.get("request"), names["context"])
    _warn_once("messages on the rows of resources")
    return ServerCall()


def _names_of_call() -> Mapping[str, object]:
    """
    Return the server's local names in the call that the present thread serves.
    """
    frame: FrameType | None = sys._getframe(1)  # noqa: SLF001 - no public way to it
    while frame is not None:
        names = frame.f_locals
        if type(names.get("self")).__name__ == _SERVER and "context" in names:
            return names
        frame = frame.f_back
    return {}


def patch_cancel() -> None:
    """
    Make the server note the first Ctrl-C: the method that the engine calls is empty.

    The server keeps a reference to the method, so its code is replaced.
    """
    server: Any = type(_names_of_call().get("self"))
    try:
        server.Cancel.__code__ = _cancel.__code__
    except (AttributeError, TypeError, ValueError):
        _warn_once("stopping at the first Ctrl-C")


def _cancel(_self: object, _request: object, _context: object) -> object:
    """
    Serve Cancel; it runs among the names of another module.
    """
    from pulumi_rdsclone.adapters.run import note_cancel  # noqa: PLC0415

    return note_cancel()


def raise_worker_cap(workers: int) -> bool:
    """
    Make the server that calls this serve *workers* calls at a time instead of four.

    Returns:
        Whether that was possible.
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


@cache
def _warn_once(missing: str) -> None:
    Call().warn(
        f"this version of Pulumi's Python SDK does not support {missing} in rdsclone — "
        "install another version of the pulumi package"
    )
