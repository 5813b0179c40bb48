"""
Applies checks to a specification: what each one has found, or why it was not made.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from typing import Final

from pulumi_rdsclone.domain.checking import EACH, KEYS, Check, Finding, parts_of
from pulumi_rdsclone.domain.facts import Facts, Missing, known_or_none
from pulumi_rdsclone.domain.model import FieldGroup, value_at, with_value_at
from pulumi_rdsclone.domain.problems import Problem, Severity, quoted
from pulumi_rdsclone.domain.shape import shape_of
from pulumi_rdsclone.domain.spec import CloneSpec
from pulumi_rdsclone.domain.unknown import has_unknown, is_unknown, known_part
from pulumi_rdsclone.domain.values import PropertyValue

READ_PERMISSION: Final = "may-look"
"""Id of the warning that something could not be verified."""


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
    *,
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
            outcomes[entry.id], finding = _apply(entry, known, inputs=inputs)
        except Exception as error:  # noqa: BLE001 - no rule may take the others down
            outcomes[entry.id] = Outcome.UNVERIFIED
            problems.append(problem_of_broken(entry, error, gating=gating))
            continue
        if finding:
            problems.append(_problem(entry, finding))
    if READ_PERMISSION not in skip:
        problems.extend(
            _unverified(checks, outcomes, unknown_facts=unknown_facts, gating=gating)
        )
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
    """
    Return the inputs without unknown entries of *reads*; None if that is not enough.
    """
    for read in reads:
        root, mark, inner = parts_of(read)
        value = value_at(spec, root)
        if _must_be_known(value, mark, inner=inner):
            return None
        if mark == EACH and has_unknown(value):
            spec = with_value_at(spec, root, value=_known_entries(value, inner))
    return spec


def _must_be_known(value: PropertyValue, mark: str, *, inner: str) -> bool:
    """
    Return whether a rule has to wait for what is unknown in the *value* that it reads.

    Args:
        value: The value of an input.
        mark: What is judged of it: *EACH* entry, its *KEYS*, or without one all.
        inner: What is judged of its entries.
    """
    if is_unknown(value):
        return True
    if mark == EACH or isinstance(value, FieldGroup) or not has_unknown(value):
        return False
    if mark == KEYS:
        return bool(inner) and len(_known_entries(value, inner)) < len(value)
    return True


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


_OUTCOMES_OF_FINDINGS: Final = {
    Severity.ERROR: Outcome.FAILED,
    Severity.WARNING: Outcome.WARNED,
}


def _apply(
    entry: Check, known: Mapping[str, object], *, inputs: _Inputs
) -> tuple[Outcome, Finding | None]:
    """
    Return the outcome of a check, and what its rule has found.
    """
    spec = inputs.known_to(entry)
    if spec is None:
        return Outcome.DEFERRED, None
    asked = {name: spec if name == "spec" else known[name] for name in entry.asks}
    if gaps := [fact for fact in asked.values() if isinstance(fact, Missing)]:
        return _outcome_without(gaps), None
    more = {name: known_or_none(known[name]) for name in entry.more}
    finding = entry.rule(**asked, **more)
    if finding:
        return _OUTCOMES_OF_FINDINGS[entry.severity], finding
    is_complete = spec is inputs.spec
    return Outcome.PASSED if is_complete else Outcome.DEFERRED, None


def _outcome_without(gaps: Collection[Missing]) -> Outcome:
    """
    Return the outcome of a check whose facts are missing for the reasons *gaps*.
    """
    if Missing.DEFERRED in gaps:
        return Outcome.DEFERRED
    return Outcome.UNVERIFIED if Missing.UNVERIFIED in gaps else Outcome.PASSED


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
    *,
    unknown_facts: Iterable[UnknownFact],
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
