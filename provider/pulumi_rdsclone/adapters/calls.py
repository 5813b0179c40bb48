"""
A call of the engine: its request, its error, and the messages on its row.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Concatenate, ParamSpec, TypeVar

import grpc
from google.protobuf import struct_pb2
from pulumi.runtime.proto import engine_pb2, provider_pb2, status_pb2
from typing_extensions import override

from pulumi_rdsclone.adapters.engine import await_previous_message, log, make_unknown
from pulumi_rdsclone.adapters.run import CANCELLED, do_after_answer, end_process
from pulumi_rdsclone.adapters.secret_marks import copy_marks
from pulumi_rdsclone.domain.errors import AbandonedError, CloneError, UnfinishedError
from pulumi_rdsclone.domain.values import Properties
from pulumi_rdsclone.lifecycle.ports import Progress
from pulumi_rdsclone.presentation.internal_errors import describe_internal_error
from pulumi_rdsclone.presentation.properties import to_properties
from pulumi_rdsclone.presentation.spelling import spell

P = ParamSpec("P")
T = TypeVar("T")


class ReportedError(Exception):
    """
    Ends a handler whose message has already been handed to the engine.
    """


# Pulumi prints the qualified name of an exception before its text.
ReportedError.__module__ = "builtins"


@dataclass(frozen=True)
class Call:
    """
    A call of the engine.

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
    def is_attended(self) -> bool:
        """
        Whether the engine still waits for the answer.
        """
        return self.context is None or bool(self.context.is_active())

    @property
    def is_cancelled(self) -> bool:
        """
        Whether the engine has asked the provider to stop, as at Ctrl-C.
        """
        return CANCELLED.is_set()

    def refuse(self, text: str) -> ReportedError:
        """
        Make *text* the call's error, and return the exception to raise.
        """
        return ReportedError(text)

    def fail_but_save(
        self, instance_id: str, outputs: Properties, *, text: str
    ) -> ReportedError:
        """
        Make the engine save an unfinished resource, and return the exception to raise.

        *text* alone is shown, with each later run that finds it unfinished.

        Args:
            instance_id: The resource's id.
            outputs: Its known outputs, as Pulumi's properties.
            text: One line: what happened, with the id, and what happens next.
        """
        properties = getattr(self.request, "properties", None)
        news = getattr(self.request, "news", None)
        recorded = getattr(self.request, "inputs", None)
        inputs = next((s for s in (news, recorded, properties) if s), None)
        saved = to_struct({**outputs, **_provider_of(inputs, properties)})
        for asked in filter(None, (inputs, properties)):
            copy_marks(saved, asked)
        detail = provider_pb2.ErrorResourceInitFailed(
            id=instance_id,
            reasons=[text],
            properties=saved,
            inputs=inputs,
        )
        status = status_pb2.Status(code=grpc.StatusCode.UNKNOWN.value[0], message=text)
        status.details.add().Pack(detail)
        self.context.set_trailing_metadata(
            (("grpc-status-details-bin", status.SerializeToString()),)
        )
        return self.refuse(text)

    def after_answer(self, action: Callable[[], None]) -> None:
        """
        Call *action* when the engine has recorded the answer; at once without one.
        """
        if self.context is None:
            action()
        else:
            do_after_answer(self.context, action)

    def show_progress(self, text: str) -> None:
        """
        Show *text*, one line, on the resource's row until the next message.
        """
        log(engine_pb2.INFO, text, urn=self.urn, ephemeral=True)

    def log_persistent(self, text: str) -> None:
        """
        Show *text*, one line, on the resource's row and in the summary.
        """
        await_previous_message(log(engine_pb2.INFO, text, urn=self.urn))

    def warn(self, text: str) -> None:
        """
        Show *text*, one line, as a warning; it stays in the summary.
        """
        log(engine_pb2.WARNING, text, urn=self.urn).result()

    def log_error(self, text: str, urn: str) -> None:
        """
        Show *text* as an error of the resource with *urn*.

        The engine shows it and goes on as if nothing had happened: only for a run
        that fails anyway.
        """
        log(engine_pb2.ERROR, text, urn=urn).result()

    def reword_error(self, text: str) -> None:
        """
        Show *text* on the row in place of what the engine makes of this call's error.

        A row shows the first line of its newest error, and the engine puts words of
        its own before ours: "1 error occurred:" on a line alone where a resource is
        kept, its type and name where Check refuses it. Sources: pkg/backend/display/
        rows.go (getInfoColumn) and sdk/go/common/resource/plugin/provider_plugin.go
        (InitError) of Pulumi. Once the run has ended there is no row any more.
        """

        def show() -> None:
            if not self.is_cancelled:
                log(engine_pb2.ERROR, text, urn=self.urn, ephemeral=True)

        if self.context is not None:
            do_after_answer(self.context, show)


def run_guarded(
    call: Call,
    handler: Callable[Concatenate[Call, P], T],
    *args: P.args,
    **kwargs: P.kwargs,
) -> T:
    """
    Return the result of *handler* for *call*; turn its errors into messages.

    A BaseException would hang the engine for ever, an Exception would show a
    traceback.

    Raises:
        ReportedError: The handler failed; the engine has the message.
    """
    try:
        return handler(call, *args, **kwargs)
    except AbandonedError:
        end_process()
    except UnfinishedError as error:
        outputs = to_properties(error.outputs, make_unknown)
        text = spell(str(error))
        if not isinstance(call.request, provider_pb2.ReadRequest):
            call.reword_error(text)  # for Read it is no error, but a warning
        raise call.fail_but_save(outputs["instanceId"], outputs, text=text) from None
    except CloneError as error:
        raise call.refuse(spell(str(error))) from None
    except BaseException as error:  # noqa: BLE001 - see above
        raise call.refuse(describe_internal_error(error)) from None


class CallProgress(Progress):
    """
    Progress on the resource that *call* is about, on its row.
    """

    def __init__(self, call: Call) -> None:
        self._call = call

    @property
    @override
    def has_listener(self) -> bool:
        return self._call.is_attended

    @property
    @override
    def is_cancelled(self) -> bool:
        return self._call.is_cancelled

    @override
    def show(self, text: str) -> None:
        self._call.show_progress(text)

    @override
    def after_recorded(self, action: Callable[[], None]) -> None:
        self._call.after_answer(action)

    @override
    def warn(self, text: str) -> None:
        self._call.warn(spell(text))


def _provider_of(*structs: struct_pb2.Struct | None) -> dict[str, str]:
    """
    Return the pickled provider, which the state of a dynamic resource must contain.
    """
    for struct in structs:
        if struct is not None and "__provider" in struct.fields:
            return {"__provider": struct.fields["__provider"].string_value}
    return {}


def to_struct(properties: Properties) -> struct_pb2.Struct:
    """
    Return *properties* as the protocol's message; None is left out.
    """
    struct = struct_pb2.Struct()
    struct.update({name: v for name, v in properties.items() if v is not None})
    return struct
