"""
How rules are written, entered and applied; the rules themselves stand elsewhere.

A rule asks for what it needs by the names of its parameters: *spec* and, if it
cannot judge without, *source*, *backup_sets* or *window*. It is passed over while
a fact it asks for could not be learnt, and deferred while an input that it reads
is unknown. It answers None, or a finding: what is wrong, and what to do.
"""

import inspect
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from pulumi_rdsclone.domain.instances import Facts
from pulumi_rdsclone.domain.problems import Problem, Severity
from pulumi_rdsclone.domain.spec import CloneSpec
from pulumi_rdsclone.domain.unknown import UNKNOWN


class Finding(NamedTuple):
    """
    What a rule objects to, and the way out.
    """

    what: str
    remedy: str


Rule = Callable[..., Finding | None]


@dataclass(frozen=True)
class Check:
    """
    A rule with its name.

    Attributes:
        id: Stable name, shown in messages.
        reads: Dotted paths of the inputs it judges; messages name the first.
        rule: The function itself.
        severity: What a finding weighs.
        facts: The facts without which it cannot judge.
    """

    id: str
    reads: tuple[str, ...]
    rule: Rule
    severity: Severity
    facts: tuple[str, ...]

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
        self, check_id: str, *reads: str, severity: Severity = Severity.ERROR
    ) -> Callable[[Rule], Rule]:
        """
        Enter the decorated rule.

        Args:
            check_id: Stable name, shown in messages.
            reads: Dotted paths of the inputs it judges; messages name the first.
            severity: What a finding weighs.
        """

        def enter(rule: Rule) -> Rule:
            parameters = inspect.signature(rule).parameters
            facts = tuple(name for name in parameters if name != "spec")
            self.append(Check(check_id, reads, rule, severity, facts))
            return rule

        return enter


def judge(
    checks: Iterable[Check], spec: CloneSpec, facts: Facts
) -> tuple[Problem, ...]:
    """
    Apply all of *checks* that can be applied and give every finding.
    """
    return tuple(_findings(checks, spec, facts))


def _findings(
    checks: Iterable[Check], spec: CloneSpec, facts: Facts
) -> Iterator[Problem]:
    for entry in checks:
        needed = {name: getattr(facts, name) for name in entry.facts}
        if None in needed.values() or _reads_unknown(entry, spec):
            continue
        if finding := entry.rule(spec, **needed):
            yield Problem(
                check=entry.id,
                path=entry.reads[0],
                what=finding.what,
                remedy=finding.remedy,
                severity=entry.severity,
            )


def _reads_unknown(entry: Check, spec: CloneSpec) -> bool:
    return any(_value(spec, path) is UNKNOWN for path in entry.reads)


def _value(spec: CloneSpec, path: str) -> Any:
    value: Any = spec
    for step in path.split("."):
        if value is None or value is UNKNOWN:
            return value
        value = getattr(value, step)
    return value
