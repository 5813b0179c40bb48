"""
Check a change in place of a clone that exists, before it is made.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Final

from pulumi_rdsclone.domain.aspects import Aspect
from pulumi_rdsclone.domain.changes import fields_in
from pulumi_rdsclone.domain.checking import Check
from pulumi_rdsclone.domain.checks import CHECKS
from pulumi_rdsclone.domain.clone_state import CloneState
from pulumi_rdsclone.domain.desired import DesiredClone
from pulumi_rdsclone.domain.errors import CloneError
from pulumi_rdsclone.domain.facts import Facts, Missing, known_or_none
from pulumi_rdsclone.domain.judging import judge
from pulumi_rdsclone.domain.market import Price
from pulumi_rdsclone.domain.model import value_at, with_value_at
from pulumi_rdsclone.domain.parsing import problems_by_path
from pulumi_rdsclone.domain.problems import Problem
from pulumi_rdsclone.domain.spec import CloneSpec
from pulumi_rdsclone.lifecycle.examining import skipped, within_the_limit_of
from pulumi_rdsclone.lifecycle.fact_reading import (
    PREVIEW_MAX_AGE,
    FactReport,
    read_facts,
)
from pulumi_rdsclone.lifecycle.region import Regions, region_id_of
from pulumi_rdsclone.lifecycle.unknown_facts import unknown_fact


@dataclass(frozen=True, kw_only=True)
class CheckedChange:
    """
    The result of the checks of a change in place.

    Attributes:
        problems: Errors and warnings, in the order of the inputs.
        price: What the clone costs afterwards; None where the change does not touch
            that, or it is not reported.
    """

    problems: tuple[Problem, ...] = ()
    price: Price | None = None


_OF_THE_RESTORE: Final = frozenset(
    {
        "class-smaller",
        "endpoint-not-the-sources",
        "inherited-access",
        "network-inherited",
    }
)
"""Checks about the source and its restore, which say nothing of a change."""

_PAID_FOR: Final = frozenset({Aspect.PAYMENT, Aspect.CAPACITY, Aspect.STORAGE_TYPE})
"""Aspects whose change makes a clone cost something else."""


def check_change(
    desired: DesiredClone,
    olds: CloneState,
    *,
    changed: Collection[str],
    regions: Regions,
) -> CheckedChange:
    """
    Return the problems of a change in place of an existing clone.

    The rules are those of a clone that is to be made, with the clone itself in the
    place of the source. The facts are read that rules about changed inputs need; rules
    without facts were applied by *check*.

    Args:
        desired: What is asked for; may hold *UNKNOWN*.
        olds: The recorded outputs; those of an unfinished clone may be empty.
        changed: The paths that change in place.
        regions: Where the clone is, and whose configuration may skip checks.
    """
    if not olds.at("engine"):
        return CheckedChange()
    declared = within_the_limit_of(regions, desired.spec)
    spec = with_value_at(declared, "source_instance_id", value=olds.at("instance_id"))
    checks = _checks_of(changed)
    wanted = _facts_for(checks, spec)
    is_paid_for = any(f.path in changed for f in fields_in(_PAID_FOR))
    if is_paid_for and _reports_price(spec, olds):
        wanted |= {"price"}
    found = _learn_of_clone(spec, olds, wanted=wanted, regions=regions)
    skip = skipped(spec, regions)
    judgement = judge(
        checks, spec, facts=found.facts, unknown_facts=found.unknown_facts, skip=skip
    )
    return CheckedChange(
        problems=tuple(problems_by_path(judgement.problems)),
        price=known_or_none(found.facts.price) if is_paid_for else None,
    )


def _checks_of(changed: Collection[str]) -> list[Check]:
    """
    Return the checks of the paths *changed* that use facts about the clone.
    """
    return [
        entry
        for entry in CHECKS
        if (entry.facts or entry.more)
        and entry.judges_any(changed)
        and entry.id not in _OF_THE_RESTORE
    ]


def _facts_for(checks: Collection[Check], spec: CloneSpec) -> set[str]:
    """
    Return the names of the facts that *checks* need about a clone that exists.
    """
    used = {fact for entry in checks for fact in (*entry.facts, *entry.more)}
    used.discard("others")  # What is shared with them is found by Check.
    if spec.max_price_per_hour is None:
        used.discard("price_per_hour")
    return used


def _reports_price(spec: CloneSpec, olds: CloneState) -> bool:
    """
    Return whether DescribePrice reports the price of the clone after a change.

    What the upgrade of a subscription costs depends on the rest of its term.
    """
    is_subscribed = olds.at("payment.type") == "Subscription"
    return not (is_subscribed and value_at(spec, "payment.type") != "PayAsYouGo")


def _learn_of_clone(
    spec: CloneSpec, olds: CloneState, *, wanted: Collection[str], regions: Regions
) -> FactReport:
    """
    Read the facts *wanted* of a clone; without an answer use its outputs.
    """
    recorded_clone = Facts(exists=True, source=olds.as_instance())
    if not wanted:
        return FactReport(facts=recorded_clone)
    try:
        cache = regions.at(region_id_of(olds.outputs, regions)).cache
        return read_facts(spec, cache, max_age=PREVIEW_MAX_AGE, wanted=wanted)
    except CloneError as error:
        rest = {*wanted} - {"source", "exists"}
        missing = dict.fromkeys(rest, Missing.UNVERIFIED)
        return FactReport(
            facts=replace(recorded_clone, **missing),
            unknown_facts=tuple(unknown_fact(fact, error) for fact in sorted(rest)),
        )
