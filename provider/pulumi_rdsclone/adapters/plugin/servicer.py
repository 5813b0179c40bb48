"""
Serves Pulumi's provider protocol: reads each call and writes its answer.

Secrets arrive marked, as a plugin with components has to accept them. The marks are
removed before a call and set on the properties of the same names in the answer.
"""

import json
from collections.abc import Callable
from functools import cache, wraps
from typing import Any, TypeVar

import grpc
from google.protobuf import empty_pb2
from pulumi.runtime.proto import plugin_pb2, provider_pb2, provider_pb2_grpc

from pulumi_rdsclone.adapters.calls import Call, ReportedError, run_guarded, to_struct
from pulumi_rdsclone.adapters.engine import is_unknown, use_engine
from pulumi_rdsclone.adapters.handlers import Handlers, ReadAnswer, top_level
from pulumi_rdsclone.adapters.plugin.clone_set import construct
from pulumi_rdsclone.adapters.plugin.configuration import problems_of, replaces
from pulumi_rdsclone.adapters.plugin.invoke import invoke
from pulumi_rdsclone.adapters.plugin.preview_gate import PreviewGate
from pulumi_rdsclone.adapters.plugin.values import from_struct
from pulumi_rdsclone.adapters.program import Program
from pulumi_rdsclone.adapters.run import (
    CANCELLED,
    end_process,
    exit_with_engine,
    note_cancel,
)
from pulumi_rdsclone.adapters.schema import schema
from pulumi_rdsclone.adapters.secret_marks import copy_marks, mark_declared
from pulumi_rdsclone.domain.differences import Differences
from pulumi_rdsclone.domain.errors import DeadCloneError, PrerequisiteError
from pulumi_rdsclone.domain.spec import CloneSpec
from pulumi_rdsclone.presentation.spelling import spell
from pulumi_rdsclone.version import VERSION

T = TypeVar("T")

_SAME_NAMES = {
    provider_pb2.CheckResponse: {"inputs": "news"},
    provider_pb2.CreateResponse: {"properties": "properties"},
    provider_pb2.ReadResponse: {"inputs": "inputs", "properties": "properties"},
    provider_pb2.UpdateResponse: {"properties": "news"},
}
"""Properties of an answer, and those of the call whose secrets have the same names."""

_NO_PROGRAM = Program()
"""A plugin does not know the other clones of the program."""


def _served(handler: Callable[["Servicer", Call], T]) -> Any:
    """
    Return *handler* as an RPC, whose errors are one clean message.
    """

    @wraps(handler)
    def run(self: "Servicer", request: Any, context: grpc.ServicerContext) -> Any:
        with self.gate.passing():
            try:
                answer = run_guarded(
                    Call(request, context), lambda call: handler(self, call)
                )
            except ReportedError as error:
                context.abort(grpc.StatusCode.UNKNOWN, str(error))
        for answered, asked in _SAME_NAMES.get(type(answer), {}).items():
            copy_marks(getattr(answer, answered), getattr(request, asked))
        return answer

    return run


class Servicer(provider_pb2_grpc.ResourceProviderServicer):
    """
    Answers the engine. Calls come in any number at once.
    """

    def __init__(self) -> None:
        self.handlers = Handlers()
        self.gate = PreviewGate(self._report_together)

    def end_when_idle(self) -> None:
        """
        End this process if the run has ended and no call is being served.

        The engine interrupts a plugin to which it has said goodbye, and waits five
        seconds for its end; a terminal interrupts everybody at Ctrl-C.
        """
        if CANCELLED.is_set() and self.gate.is_idle:
            end_process(0)

    def end_soon(self) -> None:
        """
        End waiting calls, and this process if no other call is being served.

        A service manager that stops a run sends SIGTERM to all of its processes.
        """
        CANCELLED.set()
        self.end_when_idle()

    @_served
    def GetPluginInfo(self, _call: Call) -> plugin_pb2.PluginInfo:  # noqa: N802
        """
        Return the version.
        """
        return plugin_pb2.PluginInfo(version=VERSION)

    @_served
    def Attach(self, call: Call) -> empty_pb2.Empty:  # noqa: N802
        """
        Serve an engine that did not start this process.
        """
        use_engine(call.request.address)
        exit_with_engine()
        return empty_pb2.Empty()

    @_served
    def GetSchema(self, _call: Call) -> provider_pb2.GetSchemaResponse:  # noqa: N802
        """
        Return the package schema.
        """
        return provider_pb2.GetSchemaResponse(schema=_schema())

    @_served
    def CheckConfig(self, call: Call) -> provider_pb2.CheckResponse:  # noqa: N802
        """
        Check the arguments of a provider, and return them with their secrets.
        """
        problems = problems_of(from_struct(call.request.news))
        return provider_pb2.CheckResponse(
            inputs=call.request.news, failures=_failures(problems)
        )

    @_served
    def DiffConfig(self, call: Call) -> provider_pb2.DiffResponse:  # noqa: N802
        """
        Return whether another configuration needs new clones.
        """
        olds, news = from_struct(call.request.olds), from_struct(call.request.news)
        return _difference(is_some=olds != news, replaced=replaces(olds, news))

    @_served
    def Configure(self, call: Call) -> provider_pb2.ConfigureResponse:  # noqa: N802
        """
        Use the configuration.
        """
        configured = from_struct(call.request.args)
        self.handlers.configure(lambda name: _text(configured.get(name)))
        return provider_pb2.ConfigureResponse(
            acceptSecrets=True,
            supportsPreview=True,
            acceptResources=False,
            acceptOutputs=True,
        )

    @_served
    def Check(self, call: Call) -> provider_pb2.CheckResponse:  # noqa: N802
        """
        Normalise inputs; a later call reports what is wrong with them.
        """
        olds, news = from_struct(call.request.olds), from_struct(call.request.news)
        answer = self.handlers.check(call, olds=olds, news=news, program=_NO_PROGRAM)
        self.gate.note(call.urn, answer.errors, is_crowded=answer.is_crowded)
        # Wrong inputs are kept as written: they cannot be normalised.
        key = {"cloneKey": answer.inputs["cloneKey"]}
        inputs = to_struct({**news, **key} if answer.errors else answer.inputs)
        mark_declared(inputs, CloneSpec)
        return provider_pb2.CheckResponse(inputs=inputs)

    @_served
    def Diff(self, call: Call) -> provider_pb2.DiffResponse:  # noqa: N802
        """
        Decide whether a change is made in place or needs a new clone.
        """
        olds, news = from_struct(call.request.olds), from_struct(call.request.news)
        try:
            differences = self.handlers.diff(call, olds=olds, news=news)
        except (DeadCloneError, PrerequisiteError) as error:
            self.gate.note(call.urn, spell(str(error)).splitlines())
            differences = Differences()
        return _difference(
            is_some=bool(differences) or self.gate.is_refused(call.urn),
            replaced=top_level(differences.replaces),
        )

    def _report_together(self, call: Call) -> None:
        for text in self.handlers.report_together(call):
            call.log_error(text, call.urn)

    @_served
    def Create(self, call: Call) -> provider_pb2.CreateResponse:  # noqa: N802
        """
        Order exactly one clone and wait until it is usable; in preview, predict it.
        """
        inputs = from_struct(call.request.properties)
        if call.request.preview:
            self.gate.refuse_in_preview(call)
            # Nothing is predicted of inputs that Check has not normalised.
            known = {} if self.gate.is_refused(call.urn) else inputs
            outputs = self.handlers.preview(known)
            return provider_pb2.CreateResponse(properties=to_struct(outputs))
        self.gate.refuse(call)
        outputs = self.handlers.create(call, inputs)
        return provider_pb2.CreateResponse(
            id=outputs["instanceId"], properties=to_struct(outputs)
        )

    @_served
    def Read(self, call: Call) -> provider_pb2.ReadResponse:  # noqa: N802
        """
        Read a clone as it is now; an import has no inputs, not even empty ones.
        """
        request = call.request
        outputs, inputs = from_struct(request.properties), from_struct(request.inputs)
        reading: ReadAnswer | None
        if request.HasField("inputs"):
            reading = self.handlers.read(
                call, request.id, outputs=outputs, inputs=inputs
            )
        else:
            reading = self.handlers.read_for_import(call, request.id)
        if reading is None:
            return provider_pb2.ReadResponse()
        return provider_pb2.ReadResponse(
            id=reading.outputs["instanceId"],
            properties=to_struct(reading.outputs),
            inputs=to_struct(reading.inputs or {}),
        )

    @_served
    def Update(self, call: Call) -> provider_pb2.UpdateResponse:  # noqa: N802
        """
        Change a clone in place; continue to wait for an unfinished one.
        """
        olds, news = from_struct(call.request.olds), from_struct(call.request.news)
        if call.request.preview:
            self.gate.refuse_in_preview(call)
            is_refused = self.gate.is_refused(call.urn)
            outputs = olds if is_refused else self.handlers.preview_update(olds, news)
        else:
            self.gate.refuse(call)
            outputs = self.handlers.update(call, call.request.id, olds=olds, news=news)
        return provider_pb2.UpdateResponse(properties=to_struct(outputs))

    @_served
    def Delete(self, call: Call) -> empty_pb2.Empty:  # noqa: N802
        """
        Release a clone and wait until it is gone.
        """
        outputs = from_struct(call.request.properties)
        self.handlers.delete(call, call.request.id, outputs=outputs)
        return empty_pb2.Empty()

    @_served
    def Invoke(self, call: Call) -> provider_pb2.InvokeResponse:  # noqa: N802
        """
        Answer a function of the package.
        """
        asked = from_struct(call.request.args)
        result = invoke(
            call.request.tok,
            asked,
            regions=self.handlers.regions(),
            is_unknown=is_unknown,
        )
        response = provider_pb2.InvokeResponse()
        getattr(response, "return").CopyFrom(to_struct(result))
        return response

    @_served
    def Construct(self, call: Call) -> provider_pb2.ConstructResponse:  # noqa: N802
        """
        Register the clones of a set, and wait until they have been made.
        """
        self.gate.ignore(call)
        return construct(call.request)

    @_served
    def Cancel(self, _call: Call) -> empty_pb2.Empty:  # noqa: N802
        """
        End waiting calls; the engine calls this at Ctrl-C and at every normal end.
        """
        answer = note_cancel()
        self.gate.wait_for_ignored()
        return answer


def _difference(*, is_some: bool, replaced: list[str]) -> provider_pb2.DiffResponse:
    """
    Return the answer of Diff; the engine finds the differing properties itself.
    """
    response = provider_pb2.DiffResponse
    return response(
        changes=response.DIFF_SOME if is_some else response.DIFF_NONE,
        replaces=replaced,
    )


def _failures(problems: list[str]) -> list[provider_pb2.CheckFailure]:
    # An empty property name: a named one makes the engine print the value.
    return [provider_pb2.CheckFailure(reason=problem) for problem in problems]


def _text(value: object) -> str | None:
    return None if value is None else str(value)


@cache
def _schema() -> str:
    return json.dumps(schema())
