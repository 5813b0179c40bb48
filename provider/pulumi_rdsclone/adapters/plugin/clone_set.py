"""
`CloneSet` for every language: registers the clones of a set with the engine.
"""

import threading
from collections.abc import Iterable, Sequence
from typing import Any, Final, TypeAlias, TypeVar

import grpc
from google.protobuf import struct_pb2
from google.protobuf.message import Message
from pulumi.runtime.proto import (
    provider_pb2,
    resource_pb2,
    resource_pb2_grpc,
)

from pulumi_rdsclone.adapters.engine import is_unknown, make_unknown
from pulumi_rdsclone.adapters.plugin.values import from_struct
from pulumi_rdsclone.adapters.run import CANCELLED
from pulumi_rdsclone.domain.clone_set import (
    DEFAULT,
    OUTPUTS,
    names_of_clones,
    problem_with,
)
from pulumi_rdsclone.domain.errors import RefusedError
from pulumi_rdsclone.domain.problems import named
from pulumi_rdsclone.domain.type_tokens import CLONE_SET_TYPE, CLONE_TYPE, PACKAGE
from pulumi_rdsclone.domain.unknown import UNKNOWN
from pulumi_rdsclone.domain.values import Properties
from pulumi_rdsclone.presentation.properties import from_properties
from pulumi_rdsclone.presentation.spelling import to_camel, to_message

_FOR_ALL: Final = ("deletedWith", "protect", "replace_with", "retainOnDelete")
_FOR_SET: Final = (*_FOR_ALL, "parent", "providers", "resource_hooks")
_FOR_CLONES: Final = (
    *_FOR_ALL,
    "customTimeouts",
    "deleteBeforeReplace",
    "ignoreChanges",
    "replaceOnChanges",
    "replacement_trigger",
)
"""Options of the protocol's Construct: for the set, for its clones or for both."""

_LOOK_SECONDS: Final = 0.1

_RENAMED: Final = {"resource_hooks": "hooks"}

T = TypeVar("T")

Request = provider_pb2.ConstructRequest
Response = provider_pb2.ConstructResponse
Registration = resource_pb2.RegisterResourceRequest
Registered = resource_pb2.RegisterResourceResponse
Coming: TypeAlias = "grpc.Future[Registered]"
"""A registration that the engine has not answered yet."""


class RunEndedError(grpc.RpcError):
    """
    The run ended before the engine answered.
    """


def construct(request: Request) -> Response:
    """
    Register a set and its clones, and wait until they have been made.

    If the run ends before that, the answer is empty: the reasons are shown elsewhere.

    Raises:
        RefusedError: The set is declared wrongly, or a clone could not be made.
    """
    if request.type != CLONE_SET_TYPE:
        text = f"there is no component {named(request.type)} — use {CLONE_SET_TYPE}"
        raise RefusedError(text)
    quantity = _quantity(from_struct(request.inputs))
    with grpc.insecure_channel(request.monitorEndpoint) as channel:
        monitor = resource_pb2_grpc.ResourceMonitorStub(channel)
        try:
            return _register(request, quantity, monitor=monitor)
        except RunEndedError:
            return Response()
        except grpc.RpcError as error:
            text = (
                f"the clone set {named(request.name)} could not be registered: "
                f"{_details(error)}"
            )
            raise RefusedError(text) from None


def _quantity(properties: Properties) -> int:
    value = properties.get("quantity", DEFAULT)
    inputs = from_properties(properties, is_unknown)
    if problem := problem_with(UNKNOWN if is_unknown(value) else value, inputs):
        raise RefusedError(to_message(problem))
    return int(value)


def _register(
    request: Request, quantity: int, *, monitor: resource_pb2_grpc.ResourceMonitorStub
) -> Response:
    urn = _answer(monitor.RegisterResource.future(_set_of(request))).urn
    coming = [
        monitor.RegisterResource.future(_clone_of(request, name, parent=urn))
        for name in names_of_clones(request.name, quantity)
    ]
    clones = _previewed(coming) if request.dryRun else _made(coming)
    state = _outputs(clones, is_preview=request.dryRun)
    registration = resource_pb2.RegisterResourceOutputsRequest(urn=urn, outputs=state)
    if not CANCELLED.is_set():
        _answer(monitor.RegisterResourceOutputs.future(registration))
    made_of = Response.PropertyDependencies(urns=[c.urn for c in clones if c.urn])
    return Response(
        urn=urn, state=state, stateDependencies=dict.fromkeys(state.fields, made_of)
    )


def _set_of(request: Request) -> Registration:
    return Registration(
        type=request.type,
        name=request.name,
        # The engine gives the clones the aliases that follow from the set's.
        aliases=[alias for alias in request.aliases if not isinstance(alias, str)],
        aliasURNs=[alias for alias in request.aliases if isinstance(alias, str)],
        **_inputs(request, request.inputs.fields),
        **_options(request, _FOR_SET),
    )


def _clone_of(request: Request, name: str, *, parent: str) -> Registration:
    """
    Return the registration of a clone; without a version, the program's plugin serves.
    """
    return Registration(
        type=CLONE_TYPE,
        name=name,
        parent=parent,
        custom=True,
        provider=request.providers.get(PACKAGE, ""),
        deleteBeforeReplaceDefined=request.HasField("deleteBeforeReplace"),
        supportsResultReporting=True,
        **_inputs(request, [n for n in request.inputs.fields if n != "quantity"]),
        **_options(request, _FOR_CLONES),
    )


def _inputs(request: Request, names: Iterable[str]) -> dict[str, Any]:
    """
    Return the inputs *names* as they came, secret and unknown ones marked.
    """
    needed = {
        name: list(request.inputDependencies[name].urns)
        if name in request.inputDependencies
        else []
        for name in names
    }
    every = {*request.dependencies, *(urn for urns in needed.values() for urn in urns)}
    return {
        "object": struct_pb2.Struct(
            fields={name: request.inputs.fields[name] for name in needed}
        ),
        "propertyDependencies": {
            name: Registration.PropertyDependencies(urns=urns)
            for name, urns in needed.items()
        },
        "dependencies": sorted(every),
        "acceptSecrets": True,
        "supportsPartialValues": True,
        "aliasSpecs": True,
        "parentStackTraceHandle": request.stack_trace_handle,
    }


def _options(request: Request, names: Iterable[str]) -> dict[str, Any]:
    """
    Return the options *names* that are set and that registrations have, too.
    """
    given = {field.name: value for field, value in request.ListFields()}
    known = Registration.DESCRIPTOR.fields_by_name
    renamed = {_RENAMED.get(name, name): given[name] for name in names if name in given}
    return {name: _value(v, name) for name, v in renamed.items() if name in known}


def _value(value: object, name: str) -> object:
    """
    Return the value of an option in the form of a registration.
    """
    kind = Registration.DESCRIPTOR.fields_by_name[name].message_type
    if not isinstance(value, Message) or value.DESCRIPTOR is kind:
        return value
    return {field.name: inner for field, inner in value.ListFields()}


def _previewed(coming: Sequence[Coming]) -> list[Registered]:
    """
    Wait for all clones; one that cannot be made reports that and ends the preview.
    """
    return [_outcome(clone) or Registered() for clone in coming]


def _made(coming: Sequence[Coming]) -> list[Registered]:
    """
    Wait for all clones, even if one of them fails.

    Raises:
        RefusedError: A clone could not be made.
    """
    outcomes = [_outcome(clone) for clone in coming]
    if failed := outcomes.count(None):
        text = (
            f"{failed} of {len(coming)} clones could not be created — see the "
            "errors of these clones"
        )
        raise RefusedError(text)
    return [outcome for outcome in outcomes if outcome is not None]


def _outcome(coming: Coming) -> Registered | None:
    """
    Wait for a clone and return it; None if it could not be made.

    Empty if the run has ended before: the engine ends it at the first failure unless it
    is to continue on errors.
    """
    try:
        answer = _answer(coming)
    except RunEndedError:
        return Registered()
    except grpc.RpcError:
        return None
    return answer if answer.result == resource_pb2.SUCCESS else None


def _answer(coming: "grpc.Future[T]") -> T:
    """
    Return the engine's answer; wait for it as long as the run lasts.

    Raises:
        grpc.RpcError: The call failed, or the run has ended.
    """
    answered = threading.Event()
    coming.add_done_callback(lambda _: answered.set())
    while not answered.wait(_LOOK_SECONDS):
        if CANCELLED.is_set():
            coming.cancel()
    try:
        return coming.result()
    except grpc.FutureCancelledError:
        raise RunEndedError from None


def _outputs(clones: list[Registered], *, is_preview: bool) -> struct_pb2.Struct:
    missing = struct_pb2.Value(null_value=struct_pb2.NULL_VALUE)
    if is_preview:
        missing = struct_pb2.Value(string_value=make_unknown())
    lists = {
        to_camel(name): [
            clone.object.fields.get(to_camel(output), missing) for clone in clones
        ]
        for name, output in OUTPUTS.items()
    }
    return struct_pb2.Struct(
        fields={
            name: struct_pb2.Value(list_value=struct_pb2.ListValue(values=values))
            for name, values in lists.items()
        }
    )


def _details(error: grpc.RpcError) -> str:
    return str(error.details()) if isinstance(error, grpc.Call) else str(error)
