"""
The provider's real processes, started and spoken to as the engine does it.

Both borders are spoken to in the same words: what Pulumi's server for dynamic
providers wants in addition is put in and taken out here.
"""

import subprocess
import sys
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import grpc
from google.protobuf import empty_pb2, json_format, struct_pb2
from pulumi.runtime.proto import engine_pb2, engine_pb2_grpc, provider_pb2, provider_pb2_grpc

from rds_emulator import Emulator
from sandbox import environment
from tests.support.engine import Entry, unfinished
from tests.support.stacks import TYPES, Border

PICKLE: Final = (
    "gASVQQAAAAAAAACMIHB1bHVtaV9yZHNjbG9uZS5hZGFwdGVycy5keW5hbWljlIwVQ2xvbmVJbnN0"
    "YW5jZVByb3ZpZGVylJOUKYGULg=="
)
"""What stands in every state for the dynamic provider, since version 0.1.0."""

COMMANDS: Final[Mapping[Border, tuple[str, ...]]] = {
    # As in the SDK's script pulumi-resource-pulumi-python.
    "dynamic": ("-u", "-m", "pulumi.dynamic"),
    "plugin": ("-m", "pulumi_rdsclone.adapters.plugin"),
}

PATIENCE: Final = 30.0
"""Seconds after which a call that is not answered fails its test."""

_AT_ONCE: Final = 256
_SEED: Final = bytes(range(32))

Properties = dict[str, Any]


class CallError(Exception):
    """
    The provider answered a call with an error.

    Attributes:
        text: What the user reads.
        kept: The resource that the engine saves all the same.
    """

    def __init__(self, text: str, kept: Entry | None) -> None:
        super().__init__(text)
        self.text = text
        self.kept = kept


@dataclass(frozen=True)
class Checked:
    """
    What Check answered.

    Attributes:
        inputs: The checked inputs.
        failures: What is wrong.
        wire: The inputs as they came, byte for byte.
    """

    inputs: Properties
    failures: list[str]
    wire: bytes


class Listener(engine_pb2_grpc.EngineServicer):
    """
    The part of the engine that providers speak to; it remembers their messages.
    """

    def __init__(self) -> None:
        self.messages: list[engine_pb2.LogRequest] = []

    def Log(  # noqa: N802 - the protocol's name
        self, request: engine_pb2.LogRequest, _context: Any
    ) -> empty_pb2.Empty:
        self.messages.append(request)
        return empty_pb2.Empty()

    def GetRootResource(  # noqa: N802 - the protocol's name
        self, _request: Any, _context: Any
    ) -> engine_pb2.GetRootResourceResponse:
        return engine_pb2.GetRootResourceResponse()

    def told(self, severity: "engine_pb2.LogSeverity.ValueType") -> list[str]:
        return [m.message for m in self.messages if m.severity == severity]


@dataclass
class Provider:
    """
    A process of the provider, and the engine's calls of it.

    Attributes:
        border: Which of the two it is.
        process: The process.
        stub: The protocol's calls, as they are.
        listener: What the provider told the engine.
        stderr: The file with what it printed.
        engine: The server of *listener*.
    """

    border: Border
    process: subprocess.Popen[str]
    stub: Any
    listener: Listener
    stderr: Path
    engine: grpc.Server = field(repr=False)

    def urn(self, name: str) -> str:
        return f"urn:pulumi:dev::shop::{TYPES[self.border]}::{name}"

    def call(self, method: str, request: Any) -> Any:
        try:
            return getattr(self.stub, method)(request, timeout=PATIENCE)
        except grpc.RpcError as error:
            told: Any = error
            assert told.code() is not grpc.StatusCode.DEADLINE_EXCEEDED, method
            trailing = dict(told.trailing_metadata() or ())
            details = trailing.get("grpc-status-details-bin")
            kept = self._bare(unfinished(details, {})) if details else None
            raise CallError(str(told.details()), kept) from None

    def configure(self, emulator: Emulator, **more: str) -> Any:
        told = {**settings(emulator), **more}
        space = "rdsclone:" if self.border == "dynamic" else ""
        return self.call(
            "Configure",
            provider_pb2.ConfigureRequest(
                args=struct({f"{space}{name}": value for name, value in told.items()}),
                variables={f"rdsclone:config:{n}": value for n, value in told.items()},
                acceptSecrets=True,
                acceptResources=True,
            ),
        )

    def check(self, name: str, news: Properties, olds: Properties | None = None) -> Checked:
        """
        Make the call Check; without *olds* as for a clone that is to be made.
        """
        request = provider_pb2.CheckRequest(
            **self._names(name),
            olds=self._dressed(olds) if olds else None,
            news=self._dressed(news),
            randomSeed=_SEED,
        )
        answer = self.call("Check", request)
        return Checked(
            self._values(answer.inputs),
            [failure.reason for failure in answer.failures],
            answer.inputs.SerializeToString(deterministic=True),
        )

    def must_check(self, name: str, news: Properties, olds: Properties | None = None) -> Properties:
        """
        Return the checked inputs, of which nothing may be wrong.
        """
        checked = self.check(name, news, olds)
        assert [] == checked.failures
        return checked.inputs

    def diff(self, name: str, old: Entry, news: Properties) -> Any:
        request = provider_pb2.DiffRequest(
            **self._names(name),
            id=old.id,
            olds=self._dressed(old.outputs),
            old_inputs=self._dressed(old.inputs),
            news=self._dressed(news),
        )
        return self.call("Diff", request)

    def create(
        self, name: str, inputs: Properties, *, preview: bool = False, timeout: float = 0
    ) -> Entry:
        request = provider_pb2.CreateRequest(
            **self._names(name), properties=self._dressed(inputs), timeout=timeout, preview=preview
        )
        answer = self.call("Create", request)
        return Entry(id=answer.id, inputs=inputs, outputs=self._values(answer.properties))

    def update(self, name: str, old: Entry, inputs: Properties) -> Entry:
        request = provider_pb2.UpdateRequest(
            **self._names(name),
            id=old.id,
            olds=self._dressed(old.outputs),
            old_inputs=self._dressed(old.inputs),
            news=self._dressed(inputs),
        )
        answer = self.call("Update", request)
        outputs = self._values(answer.properties)
        return Entry(id=old.id, inputs=inputs, outputs=outputs)

    def read(self, name: str, old: Entry) -> Entry | None:
        """
        Make the call Read of a recorded clone; None when it is gone.
        """
        request = provider_pb2.ReadRequest(
            **self._names(name),
            id=old.id,
            properties=self._dressed(old.outputs),
            inputs=self._dressed(old.inputs),
        )
        answer = self.call("Read", request)
        return self._entry(answer) if answer.id else None

    def read_only_id(self, name: str, instance_id: str) -> Entry:
        """
        Make the call Read of an import.
        """
        request = provider_pb2.ReadRequest(**self._names(name), id=instance_id)
        return self._entry(self.call("Read", request))

    def delete(self, name: str, old: Entry) -> None:
        request = provider_pb2.DeleteRequest(
            **self._names(name), id=old.id, properties=self._dressed(old.outputs)
        )
        self.call("Delete", request)

    def make(self, name: str, news: Properties, *, timeout: float = 0) -> Entry:
        return self.create(name, self.must_check(name, news), timeout=timeout)

    def cancel(self) -> None:
        self.call("Cancel", empty_pb2.Empty())

    def _names(self, name: str) -> dict[str, Any]:
        return {"urn": self.urn(name), "name": name, "type": TYPES[self.border]}

    def _dressed(self, properties: Properties) -> struct_pb2.Struct:
        own = {"__provider": PICKLE} if self.border == "dynamic" else {}
        return struct({**properties, **own})

    def _values(self, properties: struct_pb2.Struct) -> Properties:
        """
        Return *properties* as values; Pulumi's server must not lose the provider among them.
        """
        values: Properties = json_format.MessageToDict(properties)
        if self.border == "dynamic":
            assert PICKLE == values.pop("__provider")
        return values

    def _entry(self, answer: Any) -> Entry:
        return Entry(
            id=answer.id,
            inputs=self._values(answer.inputs),
            outputs=self._values(answer.properties),
        )

    def _bare(self, kept: Entry) -> Entry:
        outputs = self._values(struct(kept.outputs))
        return Entry(id=kept.id, inputs={}, outputs=outputs, is_unfinished=True)


@contextmanager
def started(border: Border, folder: Path) -> Iterator[Provider]:
    """
    Start a provider of *border* in *folder*; it is gone at the end of the block.
    """
    with listening() as (listener, engine, address):
        stderr = folder / "stderr.txt"
        with spawn(border, address, folder, stderr) as process:
            try:
                with grpc.insecure_channel(f"127.0.0.1:{port_of(process)}") as channel:
                    stub = provider_pb2_grpc.ResourceProviderStub(channel)
                    yield Provider(border, process, stub, listener, stderr, engine)
            finally:
                process.kill()


def spawn(border: Border, address: str, folder: Path, stderr: Path) -> subprocess.Popen[str]:
    with stderr.open("w") as file:
        return subprocess.Popen(
            [sys.executable, *COMMANDS[border], address],
            cwd=folder,
            env={**environment(folder, folder), "PULUMI_PROJECT": "shop"},
            stdout=subprocess.PIPE,
            stderr=file,
            text=True,
        )


def port_of(process: subprocess.Popen[str]) -> int:
    """
    Return the port from the one line by which a provider tells it.
    """
    assert process.stdout is not None
    return int(process.stdout.readline())


def settings(emulator: Emulator) -> dict[str, str]:
    return {
        "region": emulator.region,
        "endpoint": emulator.url,
        "accessKeyId": emulator.access_key_id,
        "accessKeySecret": emulator.access_key_secret,
    }


def struct(properties: Properties) -> struct_pb2.Struct:
    made = struct_pb2.Struct()
    made.update(properties)
    return made


@contextmanager
def listening() -> Iterator[tuple[Listener, grpc.Server, str]]:
    """
    Serve the calls of providers, at an address of the loopback.
    """
    listener = Listener()
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        server = grpc.server(pool)
        engine_pb2_grpc.add_EngineServicer_to_server(listener, server)
        port = server.add_insecure_port("127.0.0.1:0")
        server.start()
        try:
            yield listener, server, f"127.0.0.1:{port}"
        finally:
            server.stop(None).wait()
