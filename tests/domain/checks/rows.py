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
    Ask for the shortest clone with a region, changed by *changes*.
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

    check: str
    case: str
    tree: dict[str, Any]
    facts: Facts
    what: str = ""
    remedy: str = ""
    path: str = ""


Rows = tuple[Row, ...]


def passes(
    check: str, case: str, tree: dict[str, Any] | None = None, facts: Facts = FACTS
) -> Row:
    """
    Make a row in which the rule finds nothing.
    """
    return Row(check=check, case=case, tree=tree or clone(), facts=facts)


def fails(  # noqa: PLR0913 - one parameter for each part of a row
    check: str,
    case: str,
    tree: dict[str, Any] | None = None,
    facts: Facts = FACTS,
    *,
    what: str,
    remedy: str,
    path: str = "",
) -> Row:
    """
    Make a row in which the rule objects.
    """
    row = passes(check, case, tree, facts)
    return replace(row, what=what, remedy=remedy, path=path)


def knowing(**facts: Any) -> Facts:
    """
    Give the healthy facts, changed by *facts*.
    """
    return replace(FACTS, **facts)


def source(**changes: Any) -> Facts:
    """
    Give the healthy facts with a source that differs in *changes*.
    """
    return knowing(source=replace(SOURCE, **changes))


def restoring(**point: object) -> dict[str, Any]:
    """
    Ask for a restore point.
    """
    return clone(restore_point=point)


def at(moment: datetime) -> dict[str, Any]:
    """
    Ask for a restore to *moment*.
    """
    return restoring(time=format_instant(moment))


def paying(**payment: object) -> dict[str, Any]:
    """
    Ask for a payment.
    """
    return clone(payment=payment)


def sized(**capacity: object) -> dict[str, Any]:
    """
    Ask for a capacity.
    """
    return clone(capacity=capacity)


def scaling(low: float, high: float, **more: object) -> dict[str, Any]:
    """
    Ask for scaling limits.
    """
    return clone(capacity={"serverless": {"min_rcu": low, "max_rcu": high}}, **more)


def placed(**network: object) -> dict[str, Any]:
    """
    Ask for a network.
    """
    return clone(network=network)


SERVERLESS = {"type": "Serverless"}
