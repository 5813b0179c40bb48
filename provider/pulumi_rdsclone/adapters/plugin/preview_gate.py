"""
Lets a preview learn of all clones that cannot be made before one of them ends it.

The engine ends a run at the first Check or Create that fails, and asks for resources
one after the other. So Check notes what is wrong with a clone and lets it pass; the
Create or Update that follows tells it. In preview the first of them waits until the
engine has come to the end of the program, and only then fails; the others tell their
errors on their own rows. When clones are made, each fails for itself.
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


def _tell_nothing(_call: Call) -> None:
    """
    Take no notice.
    """


class PreviewGate:
    """
    What is wrong with the clones of this run, and who waits to tell it.

    Args:
        tell_together: Tells for which clones there is no room, when a preview ends.
    """

    def __init__(self, report_together: Callable[[Call], None] = _tell_nothing) -> None:
        self._tell_together = report_together
        self._lock = threading.Lock()
        self._errors: dict[str, list[str]] = {}
        self._crowded: set[str] = set()
        self._told = 0
        self._running = 0
        self._aside = 0
        self._last = time.monotonic()

    @property
    def is_idle(self) -> bool:
        """
        Whether no call is under way, but for those that wait for the engine.
        """
        return self._running <= self._aside

    @contextmanager
    def passing(self) -> Iterator[None]:
        """
        Count a call of the engine, as long as it lasts.
        """
        self._count(1)
        try:
            yield
        finally:
            self._count(-1)

    def ignore(self, call: Call) -> None:
        """
        Leave *call* out of account: it waits for what the engine asks for next.
        """
        with self._lock:
            self._aside += 1
        call.context.add_callback(self._forget)

    def wait_for_those_aside(self) -> None:
        """
        Wait until calls that were put aside have been answered, if they soon are.

        They are about to end: an engine that has said goodbye hears no answer.
        """
        end = time.monotonic() + _GOODBYE_SECONDS
        while self._aside and time.monotonic() < end:
            time.sleep(_LOOK_SECONDS)

    def note(self, urn: str, errors: list[str], *, is_crowded: bool = False) -> None:
        """
        Note what is wrong with the clone *urn*; nothing, when it was mended.

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
        Tell whether the clone *urn* cannot be made or changed as it is declared.
        """
        return bool(self._errors.get(urn)) or urn in self._crowded

    def refuse(self, call: Call) -> None:
        """
        End a call that makes or changes a clone, if something is wrong with it.

        Whether there is room for it and others is judged anew before it is ordered.

        Raises:
            RefusedError: Something is.
        """
        if errors := self._errors.get(call.urn):
            raise RefusedError(*errors)

    def refuse_in_preview(self, call: Call) -> None:
        """
        Tell what is wrong with a clone, and end the preview when all have told.

        Raises:
            RefusedError: Something is wrong, and this is the call that ends it.
        """
        if not self.is_refused(call.urn):
            return
        errors = self._errors.get(call.urn, [])
        with self._lock:
            self._told += 1
            is_first = self._told == 1
        for error in errors:
            call.tell_error(error, call.urn)
        if is_first:
            self._wait_for_the_others(call)
            self._tell_together(call)
            raise RefusedError(self._summary())

    def _wait_for_the_others(self, call: Call) -> None:
        while not self._is_quiet() and call.is_attended and not call.is_cancelled:
            time.sleep(_LOOK_SECONDS)

    def _is_quiet(self) -> bool:
        """
        Tell whether nothing but the call that waits has been under way for a while.
        """
        with self._lock:
            others = self._running - self._aside - 1
            return others <= 0 and time.monotonic() - self._last > _QUIET_SECONDS

    def _summary(self) -> str:
        clones = "1 clone" if self._told == 1 else f"{self._told} clones"
        return f"{clones} cannot be made or changed as declared; nothing was ordered"

    def _forget(self) -> None:
        with self._lock:
            self._aside -= 1

    def _count(self, step: int) -> None:
        with self._lock:
            self._running += step
            self._last = time.monotonic()
