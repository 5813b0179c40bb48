"""
The machinery of checks: entering rules and applying them.

A rule asks for what it needs by the names of its parameters: *spec*, what is asked for;
*shape*, what the clone will be, which follows from the source; and facts by their names
in *Facts*. One with a default it can do without. A rule is not applied while a fact is
missing or an input that it reads is unknown. It answers None, or a finding: what is
wrong, and what to do.

A rule that judges the entries of a map or list one by one reads them as ``tags[]``, or
``accounts[].password``: it gets the inputs without the entries that are unknown there,
and waits for them only if it finds nothing wrong with the others. One that judges the
keys of a map alone reads them as ``tags{}``; ``accounts{}.type`` waits until the types
of all entries are known, whatever else of them is not.
"""

import inspect
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from functools import cache, cached_property
from typing import Final, NamedTuple

from pulumi_rdsclone.domain.facts import Facts, Missing, known_or_none
from pulumi_rdsclone.domain.model import FieldGroup, value_at, with_value_at
from pulumi_rdsclone.domain.problems import Problem, Severity, quoted
from pulumi_rdsclone.domain.shape import shape_of
from pulumi_rdsclone.domain.spec import CloneSpec
from pulumi_rdsclone.domain.unknown import has_unknown, is_unknown, known_part
from pulumi_rdsclone.domain.values import PropertyValue

EACH: Final = "[]"
"""Stands behind the path of a map or list whose entries are judged one by one."""

KEYS: Final = "{}"
"""Stands behind the path of a map of which only the keys, always known, are judged."""

READ_PERMISSION: Final = "may-look"
"""Id of the warning that something could not be verified."""


class Finding(NamedTuple):
    """
    What is wrong and the remedy; *path* if it is not the first that the rule reads.
    """

    what: str
    remedy: str
    path: str = ""


Rule = Callable[..., Finding | None]


class Outcome(StrEnum):
    """
    The outcome of a check.
    """

    PASSED = "passed"
    FAILED = "failed"
    WARNED = "warned"
    DEFERRED = "deferred"
    """It waits for an input that is not known yet."""
    UNVERIFIED = "unverified"
    """A fact it needs could not be read."""
    SKIPPED = "skipped"


@dataclass(frozen=True, kw_only=True)
class Check:
    """
    A rule with its name.

    Attributes:
        id: Stable name, shown in messages.
        reads: Dotted paths of the inputs it judges, see above.
        rule: The function itself.
        severity: What a finding weighs.
        asks: The facts that it needs, by its parameters' names.
        more: The facts that it uses if they are known.
        required: Whether it cannot be skipped, because no order is possible without it.
    """

    id: str
    reads: tuple[str, ...]
    rule: Rule
    severity: Severity
    asks: tuple[str, ...]
    more: tuple[str, ...]
    required: bool

    @cached_property
    def facts(self) -> tuple[str, ...]:
        """
        The facts that it needs; for the shape of the clone that is the source.
        """
        facts = (name for name in self.asks if name != "spec")
        return tuple(dict.fromkeys("source" if n == "shape" else n for n in facts))

    @property
    def path(self) -> str:
        """
        The input that messages name.
        """
        return self.inputs[0]

    @cached_property
    def inputs(self) -> tuple[str, ...]:
        """
        The paths of the inputs that it judges, without brackets.
        """
        return tuple(_parts(read)[0] for read in self.reads)

    def judges_any(self, paths: Collection[str]) -> bool:
        """
        Return whether it judges one of *paths*, or a group around or inside of one.
        """
        return any(
            path == read or path.startswith(f"{read}.") or read.startswith(f"{path}.")
            for read in self.inputs
            for path in paths
        )

    @property
    def doc(self) -> str:
        """
        The docstring of its rule: what must hold, and the source.
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
            reads: Dotted paths of the inputs it judges; messages name the first. A
                group is unknown only as a whole.
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
    asks = (
        parameter.name for parameter in asked if parameter.default is parameter.empty
    )
    more = (
        parameter.name
        for parameter in asked
        if parameter.default is not parameter.empty
    )
    return tuple(asks), tuple(more)


@dataclass(frozen=True, kw_only=True)
class UnknownFact:
    """
    A fact that could not be read.

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
    The outcomes of all checks, and their findings.

    Attributes:
        outcomes: The outcome of each check, by its id.
        problems: All findings, in the order of the checks.
    """

    outcomes: Mapping[str, Outcome]
    problems: tuple[Problem, ...]

    def count(self, outcome: Outcome) -> int:
        """
        Return the number of checks that ended as *outcome*.
        """
        return Counter(self.outcomes.values())[outcome]


def judge(
    checks: Collection[Check],
    spec: CloneSpec,
    facts: Facts,
    unknown_facts: Iterable[UnknownFact] = (),
    skip: Collection[str] = (),
) -> Judgement:
    """
    Apply the *checks* and return their findings.

    Args:
        checks: The rules.
        spec: What is asked for; may hold *UNKNOWN*.
        facts: What is known.
        unknown_facts: The facts that could not be read, for warnings.
        skip: Ids of checks that the user does not want.
    """
    outcomes: dict[str, Outcome] = {}
    problems: list[Problem] = []
    known = _by_name(spec, facts)
    inputs = _Inputs(spec)
    gating = is_gating(spec)
    for entry in checks:
        if entry.id in skip and not entry.required:
            outcomes[entry.id] = Outcome.SKIPPED
            continue
        try:
            outcomes[entry.id], finding = _apply(entry, known, inputs)
        except Exception as error:  # noqa: BLE001 - no rule may take the others down
            outcomes[entry.id] = Outcome.UNVERIFIED
            problems.append(problem_of_broken(entry, error, gating=gating))
            continue
        if finding:
            problems.append(_problem(entry, finding))
    if READ_PERMISSION not in skip:
        problems.extend(_unverified(checks, outcomes, unknown_facts, gating=gating))
    return Judgement(outcomes=outcomes, problems=tuple(problems))


def unknown_ids(checks: Iterable[Check], ids: Iterable[str]) -> Iterator[Finding]:
    """
    Return the *ids* that name none of *checks*, or one that cannot be skipped.
    """
    known = {entry.id: entry for entry in checks}
    for wanted in ids:
        if wanted in known and known[wanted].required:
            yield Finding(
                f"the check {wanted} cannot be skipped", "remove it from checks.skip"
            )
        elif wanted not in known and wanted != READ_PERMISSION:
            close = get_close_matches(wanted, [*known, READ_PERMISSION], n=1)
            remedy = f"did you mean {close[0]}?" if close else "see docs/checks.md"
            yield Finding(f"there is no check {quoted(wanted)}", remedy)


class _Inputs:
    """
    The inputs, as far as they are known to a check.
    """

    def __init__(self, spec: CloneSpec) -> None:
        self.spec = spec
        self._all_known = not has_unknown(spec)
        self._known: dict[tuple[str, ...], CloneSpec | None] = {}

    def known_to(self, entry: Check) -> CloneSpec | None:
        """
        Return the inputs without the unknown entries that *entry* would judge.

        None where something is unknown that it cannot do without.
        """
        if self._all_known:
            return self.spec
        if entry.reads not in self._known:
            self._known[entry.reads] = _without_unknown(self.spec, entry.reads)
        return self._known[entry.reads]


def _without_unknown(spec: CloneSpec, reads: Iterable[str]) -> CloneSpec | None:
    for path in reads:
        root, mark, inner = _parts(path)
        value = value_at(spec, root)
        if is_unknown(value):
            return None
        if not has_unknown(value) or isinstance(value, FieldGroup):
            continue
        known = _known_entries(value, inner) if inner or mark == EACH else value
        if not mark or (mark == KEYS and len(known) < len(value)):
            return None
        if mark == EACH:
            spec = with_value_at(spec, root, known)
    return spec


_READ: Final = re.compile(r"^([^\[{]*)(\[\]|\{\}|)\.?(.*)$")


@cache
def _parts(read: str) -> tuple[str, str, str]:
    """
    Return the path of an input, what is judged of it, and of its entries.
    """
    root, mark, inner = _READ.findall(read)[0]
    return root, mark, inner


def _known_entries(entries: PropertyValue, inner: str) -> PropertyValue:
    """
    Return those of *entries*, a map or list, that are known; of groups, at *inner*.
    """
    if not inner:
        return known_part(entries)
    if isinstance(entries, dict):
        return {k: e for k, e in entries.items() if not has_unknown(value_at(e, inner))}
    return [entry for entry in entries if not has_unknown(value_at(entry, inner))]


def _by_name(spec: CloneSpec, facts: Facts) -> dict[str, object]:
    """
    Return the values for the parameters of rules, by name.
    """
    source = facts.source
    shape = source if isinstance(source, Missing) else shape_of(spec, source)
    return {**vars(facts), "spec": spec, "shape": shape}


def _apply(
    entry: Check, known: Mapping[str, object], inputs: _Inputs
) -> tuple[Outcome, Finding | None]:
    gaps = {fact for name in entry.asks if isinstance(fact := known[name], Missing)}
    spec = inputs.known_to(entry)
    if Missing.DEFERRED in gaps or spec is None:
        return Outcome.DEFERRED, None
    if Missing.UNVERIFIED in gaps:
        return Outcome.UNVERIFIED, None
    if gaps:
        return Outcome.PASSED, None
    asked = {name: spec if name == "spec" else known[name] for name in entry.asks}
    more = {name: known_or_none(known[name]) for name in entry.more}
    finding = entry.rule(**asked, **more)
    if finding is None:
        is_complete = spec is inputs.spec
        return (Outcome.PASSED if is_complete else Outcome.DEFERRED), None
    failed = entry.severity is Severity.ERROR
    return (Outcome.FAILED if failed else Outcome.WARNED), finding


def _problem(entry: Check, finding: Finding) -> Problem:
    return Problem(
        check=entry.id,
        path=finding.path or entry.path,
        what=finding.what,
        remedy=finding.remedy,
        severity=entry.severity,
    )


def problem_of_broken(entry: Check, error: Exception, *, gating: bool) -> Problem:
    """
    Return the warning about a check whose rule has failed with an error.
    """
    return Problem(
        check=entry.id,
        path=entry.path,
        what="this check was not made because of an internal error in rdsclone "
        f"({type(error).__name__})",
        remedy="report the error, and check by hand what docs/checks.md says about "
        f"{entry.id}",
        severity=Severity.ERROR if gating else Severity.WARNING,
    )


def is_gating(spec: CloneSpec) -> bool:
    """
    Return whether a check that is not verified refuses the clone.
    """
    return bool(value_at(spec, "checks.on_unverifiable") == "fail")


def _unverified(
    checks: Iterable[Check],
    outcomes: Mapping[str, Outcome],
    unknown_facts: Iterable[UnknownFact],
    *,
    gating: bool,
) -> Iterator[Problem]:
    """
    Return a problem for each reason that left checks unverified.
    """
    severity = Severity.ERROR if gating else Severity.WARNING
    reasons: dict[tuple[str, str], set[str]] = {}
    for unknown in unknown_facts:
        reasons.setdefault((unknown.why, unknown.remedy), set()).add(unknown.fact)
    for (why, remedy), facts in reasons.items():
        open_checks = [
            entry
            for entry in checks
            if outcomes[entry.id] is Outcome.UNVERIFIED and facts & {*entry.facts}
        ]
        if open_checks:
            ids = ", ".join(entry.id for entry in open_checks)
            yield Problem(
                check=READ_PERMISSION,
                path=open_checks[0].path,
                what=f"{why}, so this was not verified: {ids}",
                remedy=remedy,
                severity=severity,
            )
