"""
Construct of a set, against a monitor that plays the engine's.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import grpc
import pytest
from google.protobuf import empty_pb2, json_format
from pulumi.runtime.proto import provider_pb2, resource_pb2, resource_pb2_grpc

from pulumi_rdsclone.adapters.calls import to_struct
from pulumi_rdsclone.adapters.engine import make_unknown
from pulumi_rdsclone.adapters.plugin.clone_set import construct
from pulumi_rdsclone.adapters.run import CANCELLED
from pulumi_rdsclone.adapters.secret_marks import SECRET, SIGNATURE
from pulumi_rdsclone.domain.errors import RefusedError

SET = "rdsclone:index:CloneSet"
CLONE = "rdsclone:index:CloneInstance"
SOURCE = "urn:pulumi:dev::shop::cloud:index:Instance::source"
HIDDEN = {SIGNATURE: SECRET, "value": "s3cret"}
INPUTS = {"sourceInstanceId": "rm-source", "restorePoint": {"latest": "time"}}


class Monitor(resource_pb2_grpc.ResourceMonitorServicer):
    """
    Remembers what is registered; a clone's id is its name.
    """

    def __init__(self) -> None:
        self.address = ""
        self.registered: list[resource_pb2.RegisterResourceRequest] = []
        self.outputs: list[resource_pb2.RegisterResourceOutputsRequest] = []
        self.told: dict[str, Any] = {"status": "Running", "port": 3306}
        self.failing: set[str] = set()
        self.silent: set[str] = set()

    @property
    def clones(self) -> list[resource_pb2.RegisterResourceRequest]:
        """
        The clones, in the order of their names.
        """
        return sorted((r for r in self.registered if r.custom), key=lambda r: r.name)

    def RegisterResource(  # noqa: N802
        self, request: resource_pb2.RegisterResourceRequest, context: grpc.ServicerContext
    ) -> resource_pb2.RegisterResourceResponse:
        self.registered.append(request)
        if request.name in self.silent:
            CANCELLED.set()
            while context.is_active():
                CANCELLED.wait(0.01)
        failed = request.name in self.failing
        told = {**self.told, "instanceId": request.name} if request.custom else {}
        return resource_pb2.RegisterResourceResponse(
            urn=f"urn:pulumi:dev::shop::{request.type}::{request.name}",
            object=to_struct(told),
            result=resource_pb2.FAIL if failed else resource_pb2.SUCCESS,
        )

    def RegisterResourceOutputs(  # noqa: N802
        self, request: resource_pb2.RegisterResourceOutputsRequest, _context: grpc.ServicerContext
    ) -> empty_pb2.Empty:
        self.outputs.append(request)
        return empty_pb2.Empty()


@pytest.fixture
def monitor() -> Iterator[Monitor]:
    served = Monitor()
    server = grpc.server(ThreadPoolExecutor(16))
    resource_pb2_grpc.add_ResourceMonitorServicer_to_server(served, server)
    served.address = f"127.0.0.1:{server.add_insecure_port('127.0.0.1:0')}"
    server.start()
    yield served
    CANCELLED.clear()
    server.stop(0).wait()


def asked(monitor: Monitor, quantity: Any = 2, **more: Any) -> Any:
    inputs = {**INPUTS, "quantity": quantity, **more.pop("inputs", {})}
    return provider_pb2.ConstructRequest(
        type=more.pop("type", SET),
        name="set",
        monitorEndpoint=monitor.address,
        inputs=to_struct(inputs),
        **more,
    )


def test_set_is_registered_before_its_clones(monitor: Monitor) -> None:
    answer = construct(asked(monitor, 3, parent="urn:parent"))

    first = monitor.registered[0]
    assert (first.type, first.custom, first.parent) == (SET, False, "urn:parent")
    assert [clone.name for clone in monitor.clones] == ["set-1", "set-2", "set-3"]
    assert {(c.type, c.parent) for c in monitor.clones} == {(CLONE, answer.urn)}
    assert all(json_format.MessageToDict(c.object) == INPUTS for c in monitor.clones)


def test_outputs_reach_the_engine_and_the_caller(monitor: Monitor) -> None:
    answer = construct(asked(monitor))

    (recorded,) = monitor.outputs
    assert recorded.urn == answer.urn
    assert recorded.outputs == answer.state
    assert json_format.MessageToDict(answer.state) == {
        "instanceIds": ["set-1", "set-2"],
        "statuses": ["Running", "Running"],
        "connectionStrings": [None, None],
        "ports": [3306.0, 3306.0],
    }
    assert len(answer.stateDependencies["ports"].urns) == 2


def test_what_is_not_told_in_preview_is_unknown(monitor: Monitor) -> None:
    answer = construct(asked(monitor, dryRun=True))

    told = json_format.MessageToDict(answer.state)
    assert told["connectionStrings"] == [make_unknown()] * 2


def test_secret_and_unknown_inputs_keep_their_marks(monitor: Monitor) -> None:
    marked = {"tags": {"token": HIDDEN}, "description": make_unknown()}
    construct(asked(monitor, inputs=marked))

    for clone in monitor.clones:
        assert clone.acceptSecrets
        assert json_format.MessageToDict(clone.object) == {**INPUTS, **marked}


def test_secret_outputs_stay_secret(monitor: Monitor) -> None:
    monitor.told["connectionString"] = HIDDEN

    state = json_format.MessageToDict(construct(asked(monitor)).state)

    assert state["connectionStrings"] == [HIDDEN, HIDDEN]


def test_options_reach_the_clones(monitor: Monitor) -> None:
    request = asked(
        monitor,
        protect=True,
        retainOnDelete=False,
        deletedWith=SOURCE,
        providers={"rdsclone": "urn:provider::id", "other": "urn:other::id"},
        dependencies=[SOURCE],
        customTimeouts={"create": "2h"},
        ignoreChanges=["tags"],
        replaceOnChanges=["description"],
        deleteBeforeReplace=True,
        inputDependencies={"sourceInstanceId": {"urns": [SOURCE + "-2"]}},
    )

    construct(request)

    for registered in monitor.registered:
        assert (registered.protect, registered.deletedWith) == (True, SOURCE)
        assert registered.HasField("retainOnDelete")
        assert list(registered.dependencies) == [SOURCE, SOURCE + "-2"]
        assert list(registered.propertyDependencies["sourceInstanceId"].urns) == [SOURCE + "-2"]
        assert list(registered.propertyDependencies["restorePoint"].urns) == []
    assert dict(monitor.registered[0].providers) == dict(request.providers)
    for clone in monitor.clones:
        assert clone.provider == "urn:provider::id"
        assert clone.customTimeouts.create == "2h"
        assert list(clone.ignoreChanges) == ["tags"]
        assert list(clone.replaceOnChanges) == ["description"]
        assert clone.deleteBeforeReplace
        assert clone.deleteBeforeReplaceDefined


def test_options_that_are_not_set_are_left_to_the_engine(monitor: Monitor) -> None:
    construct(asked(monitor))

    for request in monitor.registered:
        assert not request.HasField("protect")
        assert not request.deleteBeforeReplaceDefined
        origin = (request.provider, request.version, request.pluginDownloadURL)
        assert ("", "", "") == origin


@pytest.mark.parametrize("quantity", [0, 6, 2.5, make_unknown()])
def test_a_bad_quantity_registers_nothing(monitor: Monitor, quantity: Any) -> None:
    with pytest.raises(RefusedError, match=r"^quantity: .* — set "):
        construct(asked(monitor, quantity, dryRun=True))

    assert monitor.registered == []


def test_another_component_is_refused(monitor: Monitor) -> None:
    with pytest.raises(RefusedError, match="no component rdsclone:index:Set — use"):
        construct(asked(monitor, type="rdsclone:index:Set"))


def test_set_waits_for_all_clones_and_tells_how_many_failed(monitor: Monitor) -> None:
    monitor.failing = {"set-1"}

    with pytest.raises(RefusedError, match=r"^1 of 3 clones could not be created"):
        construct(asked(monitor, 3))

    assert len(monitor.clones) == 3
    assert monitor.outputs == []


def test_failing_clones_speak_for_themselves_in_preview(monitor: Monitor) -> None:
    monitor.failing = {"set-1", "set-2"}

    state = json_format.MessageToDict(construct(asked(monitor, dryRun=True)).state)

    assert state["instanceIds"] == [make_unknown()] * 2


@pytest.mark.parametrize("is_preview", [True, False])
def test_a_run_that_ends_ends_the_wait(monitor: Monitor, *, is_preview: bool) -> None:
    monitor.silent = {"set-1"}

    assert construct(asked(monitor, dryRun=is_preview)).urn
    assert [] == monitor.outputs


def test_engine_that_is_gone_ends_the_set(monitor: Monitor) -> None:
    request = asked(monitor)
    request.monitorEndpoint = "127.0.0.1:1"

    with pytest.raises(RefusedError, match=r"^the clone set .* could not be registered: "):
        construct(request)
