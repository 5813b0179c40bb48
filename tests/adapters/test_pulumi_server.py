import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import grpc
import pytest
from pulumi.runtime import rpc
from pulumi.runtime.proto import engine_pb2, provider_pb2, status_pb2
from pytest_mock import MockerFixture

from pulumi_rdsclone.adapters import calls, run
from pulumi_rdsclone.adapters.calls import ReportedError
from pulumi_rdsclone.adapters.engine import is_unknown, make_unknown
from pulumi_rdsclone.adapters.pulumi_server import (
    ServerCall,
    current_call,
    patch_cancel,
    raise_worker_cap,
)
from pulumi_rdsclone.adapters.run import CANCELLED, note_cancel
from pulumi_rdsclone.domain.errors import UnfinishedError
from tests.support.protocol import struct
from tests.support.rows import row

URN = "urn:pulumi:dev::shop::pulumi-python:dynamic:Clone::staging"


class DynamicResourceProviderServicer:
    """
    Serves calls as Pulumi's own server does: handlers run below its frame.
    """

    def run_guarded(self, request: Any, context: Any, handler: Callable[[], Any]) -> Any:
        assert (request, context) != (self, self)
        return handler()

    def Cancel(self, _request: Any, _context: Any) -> None:  # noqa: N802 - as there
        """
        Do nothing, as Pulumi's own server.
        """


class Context:
    """
    Remembers what the engine would be told.
    """

    def __init__(self) -> None:
        self.code: Any = None
        self.details = ""
        self.trailing: tuple[tuple[str, bytes], ...] = ()
        self.aborted: list[tuple[Any, str]] = []
        self.afterwards: list[Callable[[], None]] = []

    def set_code(self, code: Any) -> None:
        self.code = code

    def set_details(self, details: str) -> None:
        self.details = details

    def set_trailing_metadata(self, trailing: tuple[tuple[str, bytes], ...]) -> None:
        self.trailing = trailing

    def add_callback(self, callback: Callable[[], None]) -> None:
        self.afterwards.append(callback)

    def abort(self, code: Any, details: str) -> None:
        self.aborted.append((code, details))


def served(handler: Callable[[], Any], request: Any, context: Any = None) -> Any:
    server = DynamicResourceProviderServicer()
    return server.run_guarded(request, context, handler)


def test_call_outside_the_server_is_empty(capfd: pytest.CaptureFixture[str]) -> None:
    call = current_call()

    assert ServerCall() == call
    assert (call.urn, call.timeout, call.recorded_inputs) == ("", None, None)
    assert ("", "") == capfd.readouterr()


def test_empty_call_serves(capfd: pytest.CaptureFixture[str]) -> None:
    """
    Everything an empty call offers does nothing, and its errors are still errors.
    """
    call = ServerCall()

    call.show_progress("progress")
    call.log_persistent("a report")
    call.warn("a warning")

    assert str(call.refuse("no")) == "no"
    assert str(call.fail_but_save("rm-clone", {}, text="later")) == "later"
    assert ("", "") == capfd.readouterr()


def test_call_is_found_from_any_depth_of_a_handler() -> None:
    request = provider_pb2.CreateRequest(urn=URN, timeout=90)
    context = Context()

    def deeper() -> ServerCall:
        return current_call()

    def handler() -> ServerCall:
        return deeper()

    call = served(handler, request, context)

    assert call.request is request
    assert call.context is context
    assert call.urn == URN
    assert timedelta(seconds=90) == call.timeout


def test_threads_have_their_own_calls() -> None:
    meeting = threading.Barrier(2)

    def handler() -> str:
        meeting.wait(timeout=10)
        return current_call().urn

    def run_guarded(urn: str) -> Any:
        return served(handler, provider_pb2.CreateRequest(urn=urn), Context())

    with ThreadPoolExecutor(max_workers=2) as pool:
        assert list(pool.map(run_guarded, ["one", "two"])) == ["one", "two"]


def test_server_of_another_shape_is_refused(capfd: pytest.CaptureFixture[str]) -> None:
    class Servicer:
        def run_guarded(self, context: Any) -> ServerCall:
            assert context
            return current_call()

    assert ServerCall() == Servicer().run_guarded(object())
    assert ("", "") == capfd.readouterr()


def test_no_limit_without_custom_timeouts() -> None:
    assert ServerCall(provider_pb2.CreateRequest(urn=URN), None).timeout is None


def test_refresh_finds_the_recorded_inputs() -> None:
    inputs = struct({"region": "cn-hangzhou", "zones": ["a"]})

    assert ServerCall(provider_pb2.ReadRequest(inputs=inputs)).recorded_inputs == {
        "region": "cn-hangzhou",
        "zones": ["a"],
    }
    assert ServerCall(SimpleNamespace()).recorded_inputs is None


def test_refusal_is_the_whole_error_of_a_call() -> None:
    context = Context()

    error = ServerCall(None, context).refuse("not like this")
    context.abort(grpc.StatusCode.INTERNAL, "Traceback (most recent call last): …")

    assert isinstance(error, ReportedError)
    assert (grpc.StatusCode.UNKNOWN, "not like this") == (context.code, context.details)
    assert [(grpc.StatusCode.INTERNAL, "not like this")] == context.aborted


def kept(request: Any) -> tuple[provider_pb2.ErrorResourceInitFailed, Context]:
    """
    Return what the engine is told of an unfinished clone.
    """
    context = Context()
    ServerCall(request, context).fail_but_save(
        "rm-clone", {"instanceId": "rm-clone", "port": None}, text="rm-clone is Creating"
    )
    ((name, value),) = context.trailing
    assert name == "grpc-status-details-bin"
    status = status_pb2.Status.FromString(value)
    assert status.message == "rm-clone is Creating"
    detail = provider_pb2.ErrorResourceInitFailed()
    assert status.details[0].Unpack(detail)
    return detail, context


def test_unfinished_create_is_saved_whole() -> None:
    properties = struct({"region": "cn-hangzhou", "__provider": "pickle"})

    detail, context = kept(provider_pb2.CreateRequest(properties=properties))

    assert detail.id == "rm-clone"
    assert list(detail.reasons) == ["rm-clone is Creating"]
    assert detail.inputs == properties
    assert dict(detail.properties) == {"instanceId": "rm-clone", "__provider": "pickle"}
    assert context.details == "rm-clone is Creating"


def test_unfinished_update_saves_the_new_inputs() -> None:
    news = struct({"region": "new", "__provider": "pickle"})
    olds = struct({"region": "old", "__provider": "pickle"})

    detail, _ = kept(provider_pb2.UpdateRequest(news=news, olds=olds))

    assert detail.inputs == news
    assert dict(detail.properties)["__provider"] == "pickle"


def test_unfinished_read_keeps_the_recorded_inputs() -> None:
    inputs = struct({"region": "recorded"})
    properties = struct({"status": "Creating", "__provider": "pickle"})

    detail, _ = kept(provider_pb2.ReadRequest(inputs=inputs, properties=properties))

    assert detail.inputs == inputs
    assert dict(detail.properties)["__provider"] == "pickle"


def test_worker_cap_outside_a_server_does_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    assert raise_worker_cap(8) is False
    assert ("", "") == capfd.readouterr()


def test_cancel_is_heard(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    A method that the server already holds on to tells of the first Ctrl-C.
    """
    monkeypatch.setattr(CANCELLED, "_flag", False)
    server = DynamicResourceProviderServicer()
    held = server.Cancel

    server.run_guarded(provider_pb2.CheckRequest(), Context(), patch_cancel)
    before = ServerCall().is_cancelled
    answer: Any = held(None, None)

    assert before is False
    assert ServerCall().is_cancelled is True
    assert b"" == answer.SerializeToString()


def test_cancel_outside_a_server_exchanges_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    patch_cancel()

    assert ServerCall().is_cancelled is False
    assert ("", "") == capfd.readouterr()


@pytest.mark.parametrize(
    ("request_type", "is_told"),
    [
        (provider_pb2.CreateRequest, True),
        (provider_pb2.UpdateRequest, True),
        (provider_pb2.ReadRequest, False),
    ],
)
def test_error_is_reworded(
    monkeypatch: pytest.MonkeyPatch,
    mocker: MockerFixture,
    request_type: type[Any],
    is_told: bool,  # noqa: FBT001
) -> None:
    """
    The row gets the sentence after the engine's words; a refresh has no error to tell.
    """
    monkeypatch.setattr(run, "_RECORDED_SECONDS", 0.0)
    monkeypatch.setattr(CANCELLED, "_flag", False)
    said = threading.Event()
    log = mocker.patch.object(calls, "log", side_effect=lambda *_, **__: said.set())
    context = Context()

    def handler(_call: calls.Call) -> None:
        text = "rm-1 is Deleting"
        raise UnfinishedError(text, outputs={"instance_id": "rm-1"})

    with pytest.raises(ReportedError):
        calls.run_guarded(ServerCall(request_type(urn=URN), context), handler)
    before = log.call_count
    for callback in context.afterwards:
        callback()

    assert 0 == before
    assert is_told == bool(context.afterwards)
    if is_told:
        assert said.wait(20)
        log.assert_called_once_with(engine_pb2.ERROR, "rm-1 is Deleting", urn=URN, ephemeral=True)


def test_error_is_not_reworded_at_the_end(
    monkeypatch: pytest.MonkeyPatch, mocker: MockerFixture
) -> None:
    """
    A run that ends has no row for the sentence any more: the diagnostics tell it.
    """
    monkeypatch.setattr(run, "_RECORDED_SECONDS", 3600.0)
    monkeypatch.setattr(CANCELLED, "_flag", False)
    log = mocker.patch.object(calls, "log")
    context = Context()

    ServerCall(None, context).reword_error("rm-1 is Deleting")
    for callback in context.afterwards:
        callback()
    note_cancel()

    log.assert_not_called()


def test_nothing_waits_for_an_answer_outside_a_server() -> None:
    done: list[str] = []

    ServerCall().after_answer(lambda: done.append("marked"))

    assert ["marked"] == done


def test_action_after_an_answer_is_done_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "_RECORDED_SECONDS", 0.0)
    monkeypatch.setattr(CANCELLED, "_flag", False)
    context, done = Context(), threading.Event()
    times: list[int] = []

    def act() -> None:
        times.append(1)
        done.set()
        raise ZeroDivisionError

    ServerCall(None, context).after_answer(act)
    note_cancel()
    before = list(times)
    for callback in context.afterwards:
        callback()
    arrived = done.wait(20)
    note_cancel()

    assert [] == before
    assert arrived
    assert [1] == times


def test_deferred_action_is_done_at_once_at_the_goodbye(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "_RECORDED_SECONDS", 3600.0)
    monkeypatch.setattr(CANCELLED, "_flag", False)
    context = Context()
    done: list[str] = []

    ServerCall(None, context).after_answer(lambda: done.append("marked"))
    for callback in context.afterwards:
        callback()
    before = list(done)
    note_cancel()

    assert [] == before
    assert ["marked"] == done


def met(pool: ThreadPoolExecutor, count: int) -> bool:
    barrier = threading.Barrier(count)

    def meet() -> bool:
        with suppress(threading.BrokenBarrierError):
            barrier.wait(timeout=2)
            return True
        return False

    tasks = [pool.submit(meet) for _ in range(count)]
    return all(task.result() for task in tasks)


@pytest.mark.parametrize(
    ("cap", "asked", "count"), [row("it is raised", 1, 5, 5), row("never lowered", 4, 2, 4)]
)
def test_calls_are_served_up_to_the_cap(cap: int, asked: int, count: int) -> None:
    with ThreadPoolExecutor(max_workers=cap) as pool:
        raised = pool.submit(raise_worker_cap, asked).result()

        assert raised is True
        assert met(pool, count)


@pytest.mark.parametrize(
    ("value", "verdict"),
    [
        row("the SDK's mark", rpc.UNKNOWN, True),
        row("of a number", "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7", True),
        row("an empty text", "", False),
        row("a part of a mark", "04da6b54", False),
        row("nothing", None, False),
        row("what cannot be hashed", {}, False),
        row("a list", ["04da6b54-80e4-46f7-96ec-b56ff0331ba9"], False),
    ],
)
def test_every_mark_of_an_unknown_is_known(value: object, verdict: bool) -> None:  # noqa: FBT001
    assert verdict is is_unknown(value)


def test_unknown_round_trip() -> None:
    assert rpc.UNKNOWN == make_unknown()
    assert is_unknown(make_unknown())


def test_strange_context_still_gets_the_text() -> None:
    """
    A server that is not as it was loses the feature, not the message.
    """
    error = ServerCall(None, SimpleNamespace()).refuse("not like this")
    unfinished = ServerCall(None, SimpleNamespace()).fail_but_save(
        "rm-clone", {}, text="rm-clone waits"
    )

    assert ["not like this", "rm-clone waits"] == [str(error), str(unfinished)]
