"""
Check: normalise the inputs and find everything that would go wrong.
"""

from dataclasses import dataclass
from typing import Any

from pulumi_rdsclone.domain.checking import judge
from pulumi_rdsclone.domain.checks import CHECKS
from pulumi_rdsclone.domain.instances import Facts
from pulumi_rdsclone.domain.parsing import parse, problems_by_path
from pulumi_rdsclone.domain.problems import Problem
from pulumi_rdsclone.domain.spec import CloneSpec
from pulumi_rdsclone.domain.unknown import is_unknown
from pulumi_rdsclone.lifecycle.learning import FOR_PREVIEW
from pulumi_rdsclone.lifecycle.site import NO_REGION, Sites


@dataclass(frozen=True, kw_only=True)
class Checked:
    """
    What check decides.

    Attributes:
        inputs: The normalised inputs, a tree in snake_case.
        problems: Errors and warnings, in the order of the inputs.
    """

    inputs: dict[str, Any]
    problems: tuple[Problem, ...]


def check(
    news: dict[str, Any], olds: dict[str, Any], new_key: str, sites: Sites
) -> Checked:
    """
    Check the inputs of a clone.

    The source is asked about only where a clone is to be made: an existing one
    must not suffer from a source that is gone. The same inputs give the same
    answer, and the answer as inputs gives itself.

    Args:
        news: The inputs as written, a tree in snake_case; may hold *UNKNOWN*.
        olds: The inputs of the clone that exists; empty when one is to be made.
        new_key: The clone key of a clone that is to be made.
        sites: Where to look.
    """
    wanted = dict(news)
    clone_key = wanted.pop("clone_key", None) or olds.get("clone_key") or new_key
    if olds.get("restore_point"):
        wanted.setdefault("restore_point", olds["restore_point"])
    if region := olds.get("region") or sites.default_region:
        wanted.setdefault("region", region)
    parsed = parse(wanted)
    facts, learnt = (Facts(), ()) if olds else _learn(parsed.spec, sites)
    problems = (*parsed.problems, *learnt, *judge(CHECKS, parsed.spec, facts))
    return Checked(
        inputs={**parsed.spec.given(), "clone_key": clone_key},
        problems=tuple(problems_by_path(problems)),
    )


def _learn(spec: CloneSpec, sites: Sites) -> tuple[Facts, tuple[Problem, ...]]:
    if is_unknown(spec.region):
        return Facts(), ()
    if not spec.region:
        return Facts(), (NO_REGION,)
    return sites.at(spec.region).library.learn(spec, FOR_PREVIEW)
