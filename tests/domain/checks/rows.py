"""
The form of a row: inputs and facts that one rule judges, and its finding if any.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from pulumi_rdsclone.domain.facts import Facts
from pulumi_rdsclone.domain.times import format_instant
from tests.domain.samples import FACTS, SOURCE, values


def clone(**changes: object) -> dict[str, Any]:
    """
    Return the inputs of the shortest clone with a region, changed by *changes*.
    """
    return values(region="cn-hangzhou", **changes)


@dataclass(frozen=True, kw_only=True)
class Row:
    """
    What one rule judges, and what it says.

    Attributes:
        case: What is special about it, for people who read the test's name.
        what, remedy: The finding; both are empty where the rule finds nothing.
        path: What the finding names; empty for the first input that the rule reads.
    """

    case: str
    tree: dict[str, Any]
    facts: Facts
    check: str = ""
    what: str = ""
    remedy: str = ""
    path: str = ""

    def says(self, what: str, remedy: str, path: str = "") -> "Row":
        """
        Return this row with the finding that the rule has to make.
        """
        return replace(self, what=what, remedy=remedy, path=path)


def rule(check: str, *rows: Row) -> tuple[Row, ...]:
    """
    Return *rows* as those of the rule *check*.
    """
    return tuple(replace(row, check=check) for row in rows)


def passes(case: str, tree: dict[str, Any] | None = None, facts: Facts = FACTS) -> Row:
    """
    Return a row in which the rule finds nothing.
    """
    return Row(case=case, tree=tree or clone(), facts=facts)


fails = passes  # until *says* adds the finding


def knowing(**facts: Any) -> Facts:
    """
    Return the healthy facts, changed by *facts*.
    """
    return replace(FACTS, **facts)


def source(**changes: Any) -> Facts:
    """
    Return the healthy facts with a source that differs in *changes*.
    """
    return knowing(source=replace(SOURCE, **changes))


def restoring(**point: object) -> dict[str, Any]:
    return clone(restore_point=point)


def at(moment: datetime) -> dict[str, Any]:
    return restoring(time=format_instant(moment))


def paying(**payment: object) -> dict[str, Any]:
    return clone(payment=payment)


def sized(**capacity: object) -> dict[str, Any]:
    return clone(capacity=capacity)


def scaling(low: float, high: float, **more: object) -> dict[str, Any]:
    return clone(capacity={"serverless": {"min_rcu": low, "max_rcu": high}}, **more)


def placed(**network: object) -> dict[str, Any]:
    return clone(network=network)


SERVERLESS = {"type": "Serverless"}
