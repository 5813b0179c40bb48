"""
Delays the end of a preview until all clones that cannot be made are reported.

The engine ends a run at the first Check or Create that fails, and asks for resources
one after the other. So Check notes what is wrong with a clone and succeeds; the Create
or Update that follows reports it. In preview the first of them waits until the engine
has come to the end of the program, and only then fails; the others show their errors
on their own rows. When clones are made, each fails for itself.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from pulumi_rdsclone.adapters.calls import Call
from pulumi_rdsclone.domain.errors import RefusedError

_QUIET_SECONDS: Final = 1.0
"""The engine has come to the end when it has asked for nothing for so long."""

_LOOK_SECONDS: Final = 0.05
_GOODBYE_SECONDS: Final = 1.0


def _report_nothing(_call: Call) -> None:
    """
    Do nothing.
    """


class PreviewGate:
    """
    Notes what is wrong with the clones of this run, and fails a preview at its end.

    Args:
        report_together: Reports the clones without room, when a preview ends.
    """

    def __init__(
        self, report_together: Callable[[Call], None] = _report_nothing
    ) -> None:
        self._report_together = report_together
        self._lock = threading.Lock()
        self._errors: dict[str, list[str]] = {}
        self._crowded: set[str] = set()
        self._refused = 0
        self._running = 0
        self._ignored = 0
        self._last = time.monotonic()

    @property
    def is_idle(self) -> bool:
        """
        Whether no call is being served, apart from ignored ones.
        """
        return self._running <= self._ignored

    @contextmanager
    def passing(self) -> Iterator[None]:
        """
        Count a call of the engine while it lasts.
        """
        self._count(1)
        try:
            yield
        finally:
            self._count(-1)

    def ignore(self, call: Call) -> None:
        """
        Do not count *call*: it waits for the engine's next calls.
        """
        with self._lock:
            self._ignored += 1
        call.context.add_callback(self._forget)

    def wait_for_ignored(self) -> None:
        """
        Wait until ignored calls have been answered, for a second at most.

        They are about to end: an engine that has said goodbye reads no answer.
        """
        end = time.monotonic() + _GOODBYE_SECONDS
        while self._ignored and time.monotonic() < end:
            time.sleep(_LOOK_SECONDS)

    def note(self, urn: str, errors: list[str], *, is_crowded: bool = False) -> None:
        """
        Note what is wrong with the clone *urn*; empty if nothing is wrong any more.

        Args:
            urn: The clone's.
            errors: What is wrong with it by itself.
            is_crowded: Whether there is no room for it and others.
        """
        with self._lock:
            self._errors[urn] = errors
            (self._crowded.add if is_crowded else self._crowded.discard)(urn)

    def is_refused(self, urn: str) -> bool:
        """
        Return whether the clone *urn* cannot be made or changed as declared.
        """
        return bool(self._errors.get(urn)) or urn in self._crowded

    def refuse(self, call: Call) -> None:
        """
        Raise if something is wrong with the clone that *call* makes or changes.

        Whether there is room for it and others is checked again before the order.

        Raises:
            RefusedError: Something is wrong with it.
        """
        if errors := self._errors.get(call.urn):
            raise RefusedError(*errors)

    def refuse_in_preview(self, call: Call) -> None:
        """
        Report what is wrong with a clone; the first call fails when all have reported.

        Raises:
            RefusedError: Something is wrong, and this is the first such call.
        """
        if not self.is_refused(call.urn):
            return
        errors = self._errors.get(call.urn, [])
        with self._lock:
            self._refused += 1
            is_first = self._refused == 1
        for error in errors:
            call.log_error(error, call.urn)
        if is_first:
            self._wait_for_the_others(call)
            self._report_together(call)
            raise RefusedError(self._summary())

    def _wait_for_the_others(self, call: Call) -> None:
        while not self._is_quiet() and call.is_attended and not call.is_cancelled:
            time.sleep(_LOOK_SECONDS)

    def _is_quiet(self) -> bool:
        """
        Return whether no other call has been under way for a while.
        """
        with self._lock:
            others = self._running - self._ignored - 1
            return others <= 0 and time.monotonic() - self._last > _QUIET_SECONDS

    def _summary(self) -> str:
        clones = "1 clone" if self._refused == 1 else f"{self._refused} clones"
        return f"{clones} cannot be made or changed as declared; nothing was ordered"

    def _forget(self) -> None:
        with self._lock:
            self._ignored -= 1

    def _count(self, step: int) -> None:
        with self._lock:
            self._running += step
            self._last = time.monotonic()
