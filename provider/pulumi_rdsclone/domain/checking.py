"""
How rules are written, entered and applied; the rules themselves stand elsewhere.

A rule asks for what it needs by the names of its parameters: *spec*, what is asked for;
*shape*, what the clone will be, which follows from the source; and facts by their names
in *Facts*. One with a default it can do without. A rule is not applied while a fact is
missing or an input that it reads is unknown. It answers None, or a finding: what is
wrong, and what to do.
"""

import inspect
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from functools import cache
from typing import Any, Final, NamedTuple

from pulumi_rdsclone.domain.facts import Facts, Gap, told
from pulumi_rdsclone.domain.part import value_at
from pulumi_rdsclone.domain.problems import Problem, Severity
from pulumi_rdsclone.domain.shape import shape_of
from pulumi_rdsclone.domain.spec import CloneSpec
from pulumi_rdsclone.domain.unknown import has_unknown

MAY_LOOK: Final = "may-look"
"""Id of the warning that something could not be verified."""


class Finding(NamedTuple):
    """
    What a rule objects to, and the way out; *path* where it is not the rule's first.
    """

    what: str
    remedy: str
    path: str = ""


Rule = Callable[..., Finding | None]


class Outcome(StrEnum):
    """
    What became of a check.
    """

    PASSED = "passed"
    FAILED = "failed"
    WARNED = "warned"
    DEFERRED = "deferred"
    """It waits for an input that is not known yet."""
    UNVERIFIED = "unverified"
    """A fact it needs could not be learnt."""
    SKIPPED = "skipped"


@dataclass(frozen=True, kw_only=True)
class Check:
    """
    A rule with its name.

    Attributes:
        id: Stable name, shown in messages.
        reads: Dotted paths of the inputs it judges; messages name the first.
        rule: The function itself.
        severity: What a finding weighs.
        asks: What it cannot judge without, by its parameters' names.
        more: The facts that it takes into account when they are there.
        required: Whether it cannot be skipped: without it there is nothing to order.
    """

    id: str
    reads: tuple[str, ...]
    rule: Rule
    severity: Severity
    asks: tuple[str, ...]
    more: tuple[str, ...]
    required: bool

    @property
    def facts(self) -> tuple[str, ...]:
        """
        The facts without which it cannot judge: the shape is known with the source.
        """
        facts = (name for name in self.asks if name != "spec")
        return tuple(dict.fromkeys("source" if n == "shape" else n for n in facts))

    @property
    def doc(self) -> str:
        """
        What must hold, and the source of the rule.
        """
        return inspect.cleandoc(self.rule.__doc__ or "")


class Rules(list[Check]):
    """
    The rules of one subject.
    """

    def check(
        self,
        check_id: str,
        *reads: str,
        severity: Severity = Severity.ERROR,
        required: bool = False,
    ) -> Callable[[Rule], Rule]:
        """
        Enter the decorated rule.

        Args:
            check_id: Stable name, shown in messages.
            reads: Dotted paths of the inputs it judges; messages name the first.
            severity: What a finding weighs.
            required: Whether it cannot be skipped.
        """

        def enter(rule: Rule) -> Rule:
            asks, more = _asked_by(rule)
            self.append(
                Check(
                    id=check_id,
                    reads=reads,
                    rule=rule,
                    severity=severity,
                    asks=asks,
                    more=more,
                    required=required,
                )
            )
            return rule

        return enter


def _asked_by(rule: Rule) -> tuple[tuple[str, ...], tuple[str, ...]]:
    asked = inspect.signature(rule).parameters.values()
    asks = (one.name for one in asked if one.default is one.empty)
    more = (one.name for one in asked if one.default is not one.empty)
    return tuple(asks), tuple(more)


@dataclass(frozen=True, kw_only=True)
class Unlearnt:
    """
    A fact that was asked for and not told.

    Attributes:
        fact: Its name in *Facts*.
        why: A clause, such as "rds:DescribeBackups is not permitted".
        remedy: What would help, a clause in the imperative.
    """

    fact: str
    why: str
    remedy: str


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """
    What the checks found.

    Attributes:
        outcomes: What became of each check, by its id.
        problems: All findings, in the order of the checks.
    """

    outcomes: Mapping[str, Outcome]
    problems: tuple[Problem, ...]

    def count(self, outcome: Outcome) -> int:
        """
        Count the checks that ended as *outcome*.
        """
        return Counter(self.outcomes.values())[outcome]


def judge(
    checks: Collection[Check],
    spec: CloneSpec,
    facts: Facts,
    unlearnt: Iterable[Unlearnt] = (),
    skip: Collection[str] = (),
) -> Judgement:
    """
    Apply all of *checks* that can be applied and give every finding.

    Args:
        checks: The rules.
        spec: What is asked for; may hold *UNKNOWN*.
        facts: What was learnt.
        unlearnt: What was not told, for the warnings about it.
        skip: Ids of checks that the user does not want.
    """
    outcomes: dict[str, Outcome] = {}
    problems: list[Problem] = []
    known = _by_name(spec, facts)
    unknown = _unknown_in(spec)
    for entry in checks:
        if entry.id in skip and not entry.required:
            outcomes[entry.id] = Outcome.SKIPPED
            continue
        outcomes[entry.id], finding = _apply(entry, known, unknown)
        if finding:
            problems.append(_problem(entry, finding))
    if MAY_LOOK not in skip:
        problems.extend(_unverified(checks, spec, outcomes, unlearnt))
    return Judgement(outcomes=outcomes, problems=tuple(problems))


def unknown_ids(checks: Iterable[Check], ids: Iterable[str]) -> Iterator[Finding]:
    """
    Find the *ids* that name none of *checks*, or one that cannot be skipped.
    """
    known = {entry.id: entry for entry in checks}
    for wanted in ids:
        if wanted in known and known[wanted].required:
            yield Finding(
                f"{wanted} cannot be skipped", "without it there is nothing to order"
            )
        elif wanted not in known and wanted != MAY_LOOK:
            close = get_close_matches(wanted, [*known, MAY_LOOK], n=1)
            remedy = f"did you mean {close[0]}?" if close else "see docs/checks.md"
            yield Finding(f"there is no check {wanted!r}", remedy)


def _unknown_in(spec: CloneSpec) -> Callable[[str], bool]:
    """
    Give what tells whether the value at a path has yet to come; mostly none has.
    """
    if not has_unknown(spec.given()):
        return lambda _path: False
    return cache(lambda path: has_unknown(value_at(spec, path)))


def _by_name(spec: CloneSpec, facts: Facts) -> dict[str, Any]:
    """
    Give everything that a rule may ask for, by the name it asks with.
    """
    source = facts.source
    shape = source if isinstance(source, Gap) else shape_of(spec, source)
    return {**vars(facts), "spec": spec, "shape": shape}


def _apply(
    entry: Check, known: Mapping[str, Any], unknown: Callable[[str], bool]
) -> tuple[Outcome, Finding | None]:
    gaps = {fact for name in entry.asks if isinstance(fact := known[name], Gap)}
    if Gap.DEFERRED in gaps or any(map(unknown, entry.reads)):
        return Outcome.DEFERRED, None
    if Gap.UNVERIFIED in gaps:
        return Outcome.UNVERIFIED, None
    if gaps:
        return Outcome.PASSED, None
    asked = {name: known[name] for name in entry.asks}
    more = {name: told(known[name]) for name in entry.more}
    finding = entry.rule(**asked, **more)
    if finding is None:
        return Outcome.PASSED, None
    failed = entry.severity is Severity.ERROR
    return (Outcome.FAILED if failed else Outcome.WARNED), finding


def _problem(entry: Check, finding: Finding) -> Problem:
    return Problem(
        check=entry.id,
        path=finding.path or entry.reads[0],
        what=finding.what,
        remedy=finding.remedy,
        severity=entry.severity,
    )


def _unverified(
    checks: Iterable[Check],
    spec: CloneSpec,
    outcomes: Mapping[str, Outcome],
    unlearnt: Iterable[Unlearnt],
) -> Iterator[Problem]:
    """
    Say once for each reason which checks could not be made.
    """
    gating = value_at(spec, "checks.on_unverifiable") == "fail"
    reasons: dict[tuple[str, str], set[str]] = {}
    for one in unlearnt:
        reasons.setdefault((one.why, one.remedy), set()).add(one.fact)
    for (why, remedy), facts in reasons.items():
        open_checks = [
            entry
            for entry in checks
            if outcomes[entry.id] is Outcome.UNVERIFIED and facts & {*entry.facts}
        ]
        if open_checks:
            ids = ", ".join(entry.id for entry in open_checks)
            yield Problem(
                check=MAY_LOOK,
                path=open_checks[0].reads[0],
                what=f"{why}, so this was not verified: {ids}",
                remedy=remedy,
                severity=Severity.ERROR if gating else Severity.WARNING,
            )
