"""
The restore report of one clone: restore point, shape, price and problems.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from pulumi_rdsclone.domain.backups import RecoveryWindow
from pulumi_rdsclone.domain.facts import Facts, known_or_none
from pulumi_rdsclone.domain.judging import Judgement, Outcome, UnknownFact
from pulumi_rdsclone.domain.problems import Problem, errors_in
from pulumi_rdsclone.domain.restoring import Restore, resolve_if_known
from pulumi_rdsclone.domain.spec import CloneSpec
from pulumi_rdsclone.domain.times import format_instant
from pulumi_rdsclone.domain.unknown import is_unknown
from pulumi_rdsclone.domain.values import Document

_COUNTED = (
    (Outcome.PASSED, "passed"),
    (Outcome.FAILED, "failed"),
    (Outcome.WARNED, "warned"),
    (Outcome.UNVERIFIED, "not verified"),
    (Outcome.DEFERRED, "deferred"),
    (Outcome.SKIPPED, "skipped"),
)


@dataclass(frozen=True, kw_only=True)
class Report:
    """
    Inputs, facts and findings of the checks of one clone.

    Attributes:
        spec: What is asked for; may hold *UNKNOWN*.
        facts: What is known.
        judgement: The outcome of each check.
        problems: All findings, those about the form of the inputs included.
        unknown_facts: The facts that could not be read.
        adopted: What was restored into the adopted clone; None if a clone is to be
            ordered.
    """

    spec: CloneSpec
    facts: Facts
    judgement: Judgement
    problems: tuple[Problem, ...]
    unknown_facts: tuple[UnknownFact, ...] = ()
    adopted: Restore | None = None

    @property
    def errors(self) -> list[Problem]:
        """
        The findings that refuse the clone.
        """
        return errors_in(self.problems)

    @cached_property
    def restore(self) -> Restore | None:
        """
        What would be restored, or has been; None when that is not known.
        """
        return self.adopted or resolve_if_known(self.spec.restore_point, self.facts)

    @property
    def age(self) -> timedelta | None:
        """
        How old the restored data is: later changes are not in the clone.
        """
        restore, now = self.restore, known_or_none(self.facts.now)
        if restore is None or restore.time is None or now is None:
            return None
        age: timedelta = now - restore.time
        return age

    @property
    def source_id(self) -> str | None:
        """
        The source; None if unknown.
        """
        return _known_text(self.spec.source_instance_id)

    @property
    def region_id(self) -> str | None:
        """
        The region of the source; None if unknown.
        """
        return _known_text(self.spec.region)

    @property
    def counts(self) -> dict[str, int]:
        """
        How many checks had each outcome.
        """
        return {o.value: self.judgement.count(o) for o, _ in _COUNTED}

    @property
    def why_no_price(self) -> str:
        """
        Why the price alone could not be read, a clause; otherwise empty.
        """
        if known_or_none(self.facts.source) is None:
            return ""
        reasons = (
            unknown.why for unknown in self.unknown_facts if unknown.fact == "price"
        )
        return next(reasons, "")

    @property
    def _declares_whitelist(self) -> bool:
        """
        Whether the clone gets a whitelist of its own; otherwise it has the source's.
        """
        return self.spec.security_ips is not None

    def line(self) -> str:
        """
        Return the report in one line.
        """
        return join_statements(self.statements().values())

    def statements(self) -> dict[str, str]:
        """
        Return the statements by key; equal statements of several clones share a key.

        The age of the data goes on while other clones are checked.
        """
        parts = [*self._window(), *self._price(), *self._access(), self._counts()]
        return {
            self._source(): self._source(),
            **self._restore(),
            **{part: part for part in parts},
        }

    def tree(self) -> Document:
        """
        Return the report as a tree of plain values, in snake_case; None is unknown.
        """
        price = known_or_none(self.facts.price)
        return {
            "verdict": "refused" if self.errors else "accepted",
            **self._source_tree(),
            **self._restore_tree(),
            "window": self._window_tree(),
            "estimated_price": price.tree() if price else None,
            "whitelist": "declared" if self._declares_whitelist else "inherited",
            "checks": self.counts,
            "problems": [problem.tree() for problem in self.problems],
        }

    def _source_tree(self) -> Document:
        source = known_or_none(self.facts.source)
        return {
            "source_instance_id": self.source_id,
            "region": self.region_id,
            "engine": source.engine if source else None,
            "engine_version": source.engine_version if source else None,
        }

    def _restore_tree(self) -> Document:
        restore, age = self.restore, self.age
        return {
            "backup_id": restore.backup_id if restore else None,
            "time": _text(restore.time if restore else None),
            "age_seconds": None if age is None else int(age.total_seconds()),
        }

    def _window_tree(self) -> Document | None:
        window = known_or_none(self.facts.window)
        if not isinstance(window, RecoveryWindow):
            return None
        return {"begin": _text(window.begin), "end": _text(window.end)}

    def _source(self) -> str:
        source = known_or_none(self.facts.source)
        if source is None:
            return "source not known"
        return f"{source.engine} {source.engine_version} {source.id}"

    def _restore(self) -> dict[str, str]:
        restore, age = self.restore, self.age
        if restore is None or restore.time is None or age is None:
            return {}
        where = f"backup set {restore.backup_id} of" if restore.backup_id else "as of"
        what = f"{where} {format_instant(restore.time)}"
        return {what: f"{what}, {format_age(age)} ago"}

    def _window(self) -> list[str]:
        window = known_or_none(self.facts.window)
        if self.adopted or not isinstance(window, RecoveryWindow):
            return []
        begin, end = format_instant(window.begin), format_instant(window.end)
        return [f"restorable {begin} to {end}"]

    def _price(self) -> list[str]:
        if price := known_or_none(self.facts.price):
            return [str(price)]
        return [f"price not known: {self.why_no_price}"] if self.why_no_price else []

    def _access(self) -> list[str]:
        return (
            [] if self._declares_whitelist else ["whitelist inherited from the source"]
        )

    def _counts(self) -> str:
        counts = [(self.judgement.count(outcome), word) for outcome, word in _COUNTED]
        told_counts = [f"{count} {word}" for count, word in counts if count]
        return f"checks: {', '.join(told_counts)}"


def join_statements(statements: Iterable[str]) -> str:
    """
    Return *statements* in one line.
    """
    return " · ".join(statements)


def format_age(age: timedelta) -> str:
    """
    Return *age* in its two largest units: ``3d 4h``, ``12m 5s``.
    """
    seconds = max(int(age.total_seconds()), 0)
    units = (("d", 86400), ("h", 3600), ("m", 60), ("s", 1))
    first = next((n for n, (_, size) in enumerate(units) if seconds >= size), 3)
    parts = []
    for unit, size in units[first : first + 2]:
        count, seconds = divmod(seconds, size)
        parts.append(f"{count}{unit}")
    return " ".join(part for part in parts if part[0] != "0") or "0s"


def _known_text(value: str | None) -> str | None:
    return None if is_unknown(value) else value


def _text(instant: datetime | None) -> str | None:
    return format_instant(instant) if instant else None
