"""
Which calls are under way, for the preview that waits and for the process that ends.
"""

import threading
import time
from collections.abc import Callable
from types import SimpleNamespace

import pytest

from pulumi_rdsclone.adapters.calls import Call
from pulumi_rdsclone.adapters.plugin.gate import Gate
from pulumi_rdsclone.domain.errors import RefusedError


class Context:
    """
    The server's side of a call.
    """

    def __init__(self) -> None:
        self.ended: list[Callable[[], None]] = []

    def add_callback(self, callback: Callable[[], None]) -> None:
        """
        Take what is to be done when the call has ended.
        """
        self.ended.append(callback)

    def is_active(self) -> bool:
        """
        Tell that the engine waits.
        """
        return True


def call(urn: str = "", context: Context | None = None) -> Call:
    """
    Make a call about *urn*.
    """
    return Call(SimpleNamespace(urn=urn), context or Context())


def test_a_set_that_waits_for_its_clones_holds_nobody_up() -> None:
    """
    A failing clone ends the preview although its set is still under way.
    """
    gate = Gate()
    gate.note("clone", ["bad"])
    began = time.monotonic()

    with gate.passing():
        gate.put_aside(call())
        with gate.passing(), pytest.raises(RefusedError, match="1 clone cannot"):
            gate.refuse_in_preview(call("clone"))

    assert time.monotonic() - began < 5


def test_a_set_alone_keeps_no_process() -> None:
    """
    A process that nobody waits for but a set ends; a clone's call would keep it.
    """
    gate = Gate()

    with gate.passing():
        assert not gate.is_idle
        gate.put_aside(call())
        assert gate.is_idle
        with gate.passing():
            assert not gate.is_idle


def test_a_goodbye_is_answered_after_the_sets() -> None:
    """
    A set's answer is heard before the engine closes the connection; not for ever.
    """
    gate = Gate()
    context = Context()
    asked = call(context=context)
    gate.put_aside(asked)
    threading.Timer(0.2, lambda: [end() for end in context.ended]).start()
    began = time.monotonic()

    gate.wait_for_those_aside()
    assert 0.2 <= time.monotonic() - began < 1
    gate.put_aside(asked)
    gate.wait_for_those_aside()
    assert time.monotonic() - began < 5
