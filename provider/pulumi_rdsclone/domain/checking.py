"""
Checks: how a rule is entered, with what it reads and asks for.

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
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Final, NamedTuple

from pulumi_rdsclone.domain.problems import Severity

EACH: Final = "[]"
"""Stands behind the path of a map or list whose entries are judged one by one."""

KEYS: Final = "{}"
"""Stands behind the path of a map of which only the keys, always known, are judged."""


class Finding(NamedTuple):
    """
    What is wrong and the remedy; *path* if it is not the first that the rule reads.
    """

    what: str
    remedy: str
    path: str = ""


Rule = Callable[..., Finding | None]


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
        return tuple(parts_of(read)[0] for read in self.reads)

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


_READ: Final = re.compile(r"^([^\[{]*)(\[\]|\{\}|)\.?(.*)$")


@cache
def parts_of(read: str) -> tuple[str, str, str]:
    """
    Return the path of an input, what is judged of it, and of its entries.
    """
    root, mark, inner = _READ.findall(read)[0]
    return root, mark, inner
