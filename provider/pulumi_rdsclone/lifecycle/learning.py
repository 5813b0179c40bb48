"""
Learning the facts about a source: read-only calls, once for all its clones.
"""

import threading
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar

from pulumi_rdsclone.domain.errors import (
    AccessDeniedError,
    ApiError,
    ConflictError,
    NotFoundError,
)
from pulumi_rdsclone.domain.instances import Facts
from pulumi_rdsclone.domain.problems import Problem, Severity
from pulumi_rdsclone.domain.spec import CloneSpec
from pulumi_rdsclone.domain.unknown import is_unknown
from pulumi_rdsclone.lifecycle.ports import Clock, Rds

T = TypeVar("T")

_REFUSALS = (AccessDeniedError, ConflictError, NotFoundError)

FOR_PREVIEW = timedelta(minutes=5)
"""How old facts may be in preview: they serve one run of the engine."""

BEFORE_ORDERING = timedelta(seconds=5)
"""How old facts may be right before a paid call: they serve one burst of orders."""


@dataclass
class _Shelf:
    """
    What one read gave: a value, or a refusal that a second call would only repeat.
    """

    lock: threading.Lock = field(default_factory=threading.Lock)
    learnt: Any = None
    refused: ApiError | None = None
    at: datetime | None = None


class Library:
    """
    The facts learnt in one region, shared by all clones and threads.
    """

    def __init__(self, rds: Rds, clock: Clock) -> None:
        self._rds = rds
        self._clock = clock
        self._lock = threading.Lock()
        self._shelves: dict[Hashable, _Shelf] = {}

    def learn(
        self, spec: CloneSpec, max_age: timedelta
    ) -> tuple[Facts, tuple[Problem, ...]]:
        """
        Learn what the checks of *spec* need, from calls not older than *max_age*.

        Returns:
            The facts, and what was found wrong while learning: a source that does
            not exist, and a warning for each read that is not permitted.
        """
        return _Study(self, self._rds, spec, max_age).facts()

    def recall(self, key: Hashable, read: Callable[[], T], max_age: timedelta) -> T:
        """
        Give what *read* gives, calling it once for all who ask at the same time.
        """
        with self._lock:
            shelf = self._shelves.setdefault(key, _Shelf())
        with shelf.lock:
            now = self._clock.now()
            if shelf.at is None or not timedelta() <= now - shelf.at <= max_age:
                shelf.learnt = shelf.refused = None
                try:
                    shelf.learnt = read()
                except _REFUSALS as error:
                    shelf.refused = error
                shelf.at = now
            if shelf.refused:
                raise shelf.refused
            learnt: T = shelf.learnt
            return learnt


class _Study:
    """
    The reads for one specification.
    """

    def __init__(
        self, library: Library, rds: Rds, spec: CloneSpec, max_age: timedelta
    ) -> None:
        self._library = library
        self._rds = rds
        self._spec = spec
        self._max_age = max_age
        self._problems: list[Problem] = []

    def facts(self) -> tuple[Facts, tuple[Problem, ...]]:
        if is_unknown(self._spec.source_instance_id):
            return Facts(), ()
        point = self._spec.restore_point
        if is_unknown(point):
            by_set = by_time = False
        else:
            by_set = _known(point.backup_id) or point.latest == "backup"
            by_time = _known(point.time) or point.latest == "time"
        source = self._read("source_instance_id", self._rds.instance)
        if self._source_is_missing():
            return Facts(), tuple(self._problems)
        facts = Facts(
            source=source,
            backup_sets=self._read("restore_point.backup_id", self._rds.backup_sets)
            if by_set
            else None,
            window=self._read("restore_point.time", self._rds.recovery_window)
            if by_time
            else None,
        )
        return facts, tuple(self._problems)

    def _read(self, path: str, read: Callable[[str], T]) -> T | None:
        source_id = self._spec.source_instance_id
        try:
            return self._library.recall(
                (read.__name__, source_id), lambda: read(source_id), self._max_age
            )
        except NotFoundError:
            self._problems.append(_missing_source(source_id, self._rds.region))
        except AccessDeniedError as error:
            why = f"rds:{error.fault.action} is not permitted"
            remedy = "allow this RAM action to have it checked in preview"
            self._problems.append(_unverified(path, why, remedy))
        except ConflictError as error:
            # A source that is not Running or locked is refused by its own check.
            why = f"{error.fault.action} answered {error.fault.code}"
            remedy = "look again when the source is Running"
            self._problems.append(_unverified(path, why, remedy))
        return None

    def _source_is_missing(self) -> bool:
        return any(p.severity is Severity.ERROR for p in self._problems)


def _known(value: Any) -> bool:
    return value is not None and not is_unknown(value)


def _missing_source(source_id: str, region: str) -> Problem:
    return Problem(
        check="source-exists",
        path="source_instance_id",
        what=f"there is no instance {source_id} in {region}",
        remedy="correct the id, the region or the account's credentials",
    )


def _unverified(path: str, why: str, remedy: str) -> Problem:
    return Problem(
        check="may-look",
        path=path,
        what=f"not verified, {why}",
        remedy=remedy,
        severity=Severity.WARNING,
    )
