"""
A small engine that plays Pulumi's calls to the provider, and may lose it at any call.

It keeps a state as the real engine does: a resource is in it when its call has been
answered, with what the answer says; what a lost provider has done is not.
"""

import copy
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

from google.protobuf import json_format
from pulumi.runtime.proto import provider_pb2, status_pb2

from pulumi_rdsclone.adapters.calls import ReportedError
from pulumi_rdsclone.adapters.dynamic_handlers import DynamicHandlers
from pulumi_rdsclone.adapters.program import PROGRAM, Program

TYPE = "pulumi-python:dynamic:Clone"
Inputs = Mapping[str, Any]


class KilledError(BaseException):
    """
    The provider's process is gone: nothing in it catches that.
    """


class RunError(Exception):
    """
    A run of the engine failed; the text is what the user reads.
    """


class Process:
    """
    A provider's process, which may be killed at one of its steps.

    A step is an API call about to be sent, an API call that was answered, or an
    answer to the engine.

    Args:
        dies_at: The number of the step, from 1; 0 for never.
    """

    def __init__(self, dies_at: int = 0) -> None:
        self.is_dead = False
        self.steps = 0
        self._dies_at = dies_at
        self._lock = threading.Lock()

    def step(self) -> None:
        """
        Go on, or be gone.
        """
        with self._lock:
            self.steps += 1
            self.is_dead = self.is_dead or self.steps == self._dies_at
            if self.is_dead:
                raise KilledError


@dataclass(frozen=True, kw_only=True)
class Entry:
    """
    A resource in the state.
    """

    id: str
    inputs: dict[str, Any]
    outputs: dict[str, Any]
    is_unfinished: bool = False


class DynamicResourceProviderServicer:
    """
    Pulumi's server, by the name and the local names by which it is known.
    """

    def serve(
        self, request: Any, context: Any, handler: Callable[..., Any], *arguments: Any
    ) -> Any:
        assert (request, context) != (self, self)
        return handler(*copy.deepcopy(arguments))


class Context:
    """
    The server's side of one call.
    """

    def __init__(self, process: Process) -> None:
        self._process = process
        self.trailing: bytes = b""
        self._after: list[Callable[[], None]] = []

    def add_callback(self, callback: Callable[[], None]) -> None:
        self._after.append(callback)

    def end(self) -> None:
        for callback in self._after:
            callback()

    def is_active(self) -> bool:
        return not self._process.is_dead

    def set_code(self, code: Any) -> None:
        """
        Take a status.
        """

    def set_details(self, details: str) -> None:
        """
        Take a message.
        """

    def abort(self, code: Any, details: str) -> None:
        """
        End the call.
        """

    def set_trailing_metadata(self, metadata: tuple[tuple[str, bytes], ...]) -> None:
        ((_, self.trailing),) = metadata


@dataclass
class Engine:
    """
    The state of one stack, and the runs that change it.
    """

    state: dict[str, Entry] = field(default_factory=dict)
    leaving: list[tuple[str, Entry]] = field(default_factory=list)

    def run(self, program: Mapping[str, Inputs], border: DynamicHandlers, process: Process) -> None:
        """
        Bring the stack to what *program* declares, as `pulumi up` does.

        Raises:
            RunError: A call failed; the others of its kind were made.
            KilledError: The provider was lost.
        """
        server = _Server(border, process)
        self._release(server)
        self._all(lambda name: self._converge(name, program, server), program)
        for name in [name for name in self.state if name not in program]:
            self.leaving.append((name, self.state.pop(name)))
        self._release(server)

    def _converge(self, name: str, program: Mapping[str, Inputs], server: "_Server") -> None:
        old = self.state.get(name)
        urn = _urn(name)
        keys = {_urn(n): e.inputs["cloneKey"] for n, e in self.state.items()}
        news = {**program[name], PROGRAM: Program(keys=keys).pack()}
        inputs = server.check(urn, old.inputs if old else {}, news)
        if old is None:
            self.state[name] = server.create(urn, inputs, self._keeper(name))
            return
        difference = server.call(urn, server.border.diff, old.outputs, inputs)
        if difference.replaces:
            inputs = server.check(urn, {}, news)
            made = server.create(urn, inputs, self._replacer(name, old))
            self._replacer(name, old)(made)
        elif difference.changes or old.is_unfinished:
            updated = server.update(urn, old, inputs, self._keeper(name))
            self.state[name] = updated

    def _keeper(self, name: str) -> Callable[[Entry], None]:
        return lambda entry: self.state.update({name: entry})

    def _replacer(self, name: str, old: Entry) -> Callable[[Entry], None]:
        def replace(entry: Entry) -> None:
            self.state[name] = entry
            self.leaving.append((name, old))

        return replace

    def _release(self, server: "_Server") -> None:
        def release(number: int) -> None:
            name, entry = going[number]
            server.call(_urn(name), server.border.delete, entry.id, entry.outputs)
            self.leaving.remove((name, entry))

        going = list(self.leaving)
        self._all(release, range(len(going)))

    def _all(self, act: Callable[[Any], None], targets: Any) -> None:
        """
        Act on all *targets* at once, then raise what went wrong.
        """
        with ThreadPoolExecutor(8) as pool:
            tasks = [pool.submit(act, target) for target in targets]
        errors = [error for task in tasks if (error := task.exception())]
        for error in errors:
            if not isinstance(error, RunError):
                raise error
        if errors:
            raise RunError("; ".join(map(str, errors)))


class _Server:
    """
    The provider as the engine sees it.
    """

    def __init__(self, border: DynamicHandlers, process: Process) -> None:
        self.border = border
        self._process = process
        self._server = DynamicResourceProviderServicer()

    def check(self, urn: str, olds: Inputs, news: Inputs) -> dict[str, Any]:
        checked = self.call(urn, self.border.check, olds, news)
        if checked.failures:
            raise RunError("; ".join(failure.reason for failure in checked.failures))
        return dict(checked.inputs)

    def create(self, urn: str, inputs: dict[str, Any], keep: Callable[[Entry], None]) -> Entry:
        made = self.call(urn, self.border.create, inputs, keep=keep, inputs=inputs)
        return Entry(id=made.id, inputs=inputs, outputs=made.outs)

    def update(
        self, urn: str, old: Entry, inputs: dict[str, Any], keep: Callable[[Entry], None]
    ) -> Entry:
        handler = self.border.update
        done = self.call(urn, handler, old.id, old.outputs, inputs, keep=keep, inputs=inputs)
        return Entry(id=old.id, inputs=inputs, outputs=done.outs)

    def call(
        self,
        urn: str,
        handler: Callable[..., Any],
        *arguments: Any,
        keep: Callable[[Entry], None] | None = None,
        inputs: dict[str, Any] | None = None,
    ) -> Any:
        """
        Make a call; keep what the error of a resource that is not finished tells.
        """
        request = SimpleNamespace(urn=urn, timeout=0, inputs=None)
        context = Context(self._process)
        try:
            answer = self._server.serve(request, context, handler, *arguments)
        except ReportedError as error:
            self._process.step()
            if context.trailing and keep:
                keep(unfinished(context.trailing, inputs or {}))
            raise RunError(str(error)) from None
        self._process.step()
        context.end()
        return answer


def unfinished(trailing: bytes, inputs: dict[str, Any]) -> Entry:
    """
    Return the resource that is not finished, of which the metadata of an error tells.
    """
    detail = provider_pb2.ErrorResourceInitFailed()
    status_pb2.Status.FromString(trailing).details[0].Unpack(detail)
    outputs = json_format.MessageToDict(detail.properties)
    return Entry(id=detail.id, inputs=inputs, outputs=outputs, is_unfinished=True)


def _urn(name: str) -> str:
    return f"urn:pulumi:dev::shop::{TYPE}::{name}"
