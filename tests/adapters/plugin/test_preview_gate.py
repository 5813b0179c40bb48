import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from types import SimpleNamespace

import pytest
from typing_extensions import override

from pulumi_rdsclone.adapters.calls import Call
from pulumi_rdsclone.adapters.plugin import preview_gate as gates
from pulumi_rdsclone.adapters.plugin.preview_gate import PreviewGate
from pulumi_rdsclone.adapters.run import CANCELLED
from pulumi_rdsclone.domain.errors import RefusedError
from tests.support.waiting import wait_for

Quiet = Callable[[float], None]

NEVER = 3600.0
PATIENCE = 20.0


class Context:
    """
    The server's side of a call.
    """

    def __init__(self, *, is_attended: bool = True) -> None:
        self.ended: list[Callable[[], None]] = []
        self._is_attended = is_attended

    def add_callback(self, callback: Callable[[], None]) -> None:
        self.ended.append(callback)

    def is_active(self) -> bool:
        return self._is_attended


@dataclass(frozen=True)
class ToldCall(Call):
    """
    A call that remembers the errors that were shown.
    """

    told: list[tuple[str, str]] = field(default_factory=list)

    @override
    def log_error(self, text: str, urn: str) -> None:
        self.told.append((urn, text))


def call_of(urn: str, *, is_attended: bool = True) -> ToldCall:
    return ToldCall(SimpleNamespace(urn=urn), Context(is_attended=is_attended))


def preview(gate: PreviewGate, call: Call) -> None:
    """
    Ask for the preview of a clone, as the servicer does.
    """
    with gate.passing():
        gate.refuse_in_preview(call)


def is_over(task: Future[None], seconds: float) -> bool:
    try:
        task.exception(seconds)
    except TimeoutError:
        return False
    return True


@pytest.fixture
def quiet(monkeypatch: pytest.MonkeyPatch) -> Quiet:
    """
    Return a setter of the seconds after which the engine counts as quiet.
    """

    def change(seconds: float) -> None:
        monkeypatch.setattr(gates, "_QUIET_SECONDS", seconds)
        monkeypatch.setattr(gates, "_LOOK_SECONDS", 0.001)

    return change


@pytest.fixture
def gate() -> PreviewGate:
    """
    Return a gate that knows of two clones that cannot be made, and one that can.
    """
    made = PreviewGate()
    made.note("one", ["no source", "no backup"])
    made.note("two", ["no class"])
    made.note("healthy", [])
    return made


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(4) as threads:
        yield threads


@pytest.mark.parametrize("urn", ["healthy", "never checked"])
def test_correct_clone_passes_without_waiting(gate: PreviewGate, quiet: Quiet, urn: str) -> None:
    quiet(NEVER)

    gate.refuse(call_of(urn))
    gate.refuse_in_preview(call_of(urn))

    assert not gate.is_refused(urn)


def test_each_clone_fails_with_its_own_errors(gate: PreviewGate) -> None:
    for urn, text in (("one", "no source\nno backup"), ("two", "no class")):
        assert gate.is_refused(urn)
        with pytest.raises(RefusedError) as refused:
            gate.refuse(call_of(urn))
        assert text == str(refused.value)


def test_clone_that_a_later_check_accepts_passes(gate: PreviewGate) -> None:
    gate.note("one", [])

    gate.refuse(call_of("one"))

    assert not gate.is_refused("one")


def test_failing_clone_tells_its_errors_then_ends_the_preview(quiet: Quiet) -> None:
    quiet(0)
    gate, call = PreviewGate(), call_of("one")
    gate.note("one", ["no source", "no backup"])

    with pytest.raises(RefusedError) as refused:
        preview(gate, call)

    assert [("one", "no source"), ("one", "no backup")] == call.told
    assert "1 clone cannot be made or changed as declared; nothing was ordered" == str(
        refused.value
    )


def test_first_failing_clone_waits_for_the_end_and_the_others_pass(
    gate: PreviewGate, quiet: Quiet, pool: ThreadPoolExecutor
) -> None:
    quiet(2)
    before, call = call_of("one"), call_of("two")
    first = pool.submit(preview, gate, before)
    wait_for(lambda: before.told or first.done())

    preview(gate, call)
    preview(gate, call_of("healthy"))

    assert [("two", "no class")] == call.told
    with pytest.raises(RefusedError, match=r"^2 clones cannot be made"):
        first.result(PATIENCE)


def test_preview_waits_for_calls_under_way(
    gate: PreviewGate, quiet: Quiet, pool: ThreadPoolExecutor
) -> None:
    quiet(0.01)

    with gate.passing():
        first = pool.submit(preview, gate, call_of("one"))
        waits = not is_over(first, 0.2)

    assert waits
    assert is_over(first, PATIENCE)


def test_cancel_ends_the_wait(
    gate: PreviewGate, quiet: Quiet, monkeypatch: pytest.MonkeyPatch
) -> None:
    quiet(NEVER)
    monkeypatch.setattr(CANCELLED, "_flag", True)

    with pytest.raises(RefusedError, match=r"^1 clone cannot be made"):
        preview(gate, call_of("one"))


def test_lost_engine_ends_the_wait(gate: PreviewGate, quiet: Quiet) -> None:
    quiet(NEVER)

    with pytest.raises(RefusedError):
        preview(gate, call_of("one", is_attended=False))


def test_gate_is_idle_while_no_call_is_under_way(gate: PreviewGate) -> None:
    with gate.passing():
        within = gate.is_idle
    with pytest.raises(ZeroDivisionError), gate.passing():
        raise ZeroDivisionError

    assert not within
    assert gate.is_idle


def test_a_set_that_waits_for_its_clones_holds_nobody_up() -> None:
    gate = PreviewGate()
    gate.note("clone", ["bad"])
    began = time.monotonic()

    with gate.passing():
        gate.ignore(call_of(""))
        with gate.passing(), pytest.raises(RefusedError, match="1 clone cannot"):
            gate.refuse_in_preview(call_of("clone"))

    assert time.monotonic() - began < 5


def test_a_set_alone_keeps_no_process() -> None:
    gate = PreviewGate()

    with gate.passing():
        assert not gate.is_idle
        gate.ignore(call_of(""))
        assert gate.is_idle
        with gate.passing():
            assert not gate.is_idle


def test_a_goodbye_is_answered_after_the_sets() -> None:
    gate = PreviewGate()
    context = Context()
    asked = ToldCall(SimpleNamespace(urn=""), context)
    gate.ignore(asked)
    threading.Timer(0.2, lambda: [end() for end in context.ended]).start()
    began = time.monotonic()

    gate.wait_for_ignored()
    assert 0.2 <= time.monotonic() - began < 1
    gate.ignore(asked)
    gate.wait_for_ignored()
    assert time.monotonic() - began < 5
