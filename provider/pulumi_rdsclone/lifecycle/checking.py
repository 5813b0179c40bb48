"""
Check: normalise the inputs and apply the checks.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from pulumi_rdsclone.domain.adoption import (
    Claim,
    TaggedInstance,
    choose_adoption,
    instances_of,
)
from pulumi_rdsclone.domain.checking import Finding
from pulumi_rdsclone.domain.checks import CHECKS
from pulumi_rdsclone.domain.demand import Demand
from pulumi_rdsclone.domain.desired import DesiredClone
from pulumi_rdsclone.domain.errors import AccessDeniedError, ApiError
from pulumi_rdsclone.domain.facts import Facts, Missing, known_or_none
from pulumi_rdsclone.domain.identity import RESTORED_TAG, CloneMarks, root_of
from pulumi_rdsclone.domain.judging import is_gating, judge
from pulumi_rdsclone.domain.model import leaves_of
from pulumi_rdsclone.domain.neighbours import Neighbour
from pulumi_rdsclone.domain.ordering import hash_order
from pulumi_rdsclone.domain.parsing import (
    Parsed,
    parse,
    problems_by_path,
)
from pulumi_rdsclone.domain.paths import get_value
from pulumi_rdsclone.domain.problems import Problem, Severity
from pulumi_rdsclone.domain.ram import ram_action
from pulumi_rdsclone.domain.reporting import Report
from pulumi_rdsclone.domain.restoring import parse_tag
from pulumi_rdsclone.domain.spec import CloneSpec
from pulumi_rdsclone.domain.unknown import has_unknown
from pulumi_rdsclone.domain.values import Properties
from pulumi_rdsclone.lifecycle.demands import Applicant
from pulumi_rdsclone.lifecycle.examining import (
    all_problems,
    demands_of,
    place_of,
    read_region_facts,
    report_on,
    skipped,
    within_the_limit_of,
)
from pulumi_rdsclone.lifecycle.fact_reading import (
    PREVIEW_MAX_AGE,
)
from pulumi_rdsclone.lifecycle.read_cache import (
    PendingRead,
    ReadCache,
    ReadTimedOutError,
)
from pulumi_rdsclone.lifecycle.region import Regions


@dataclass(frozen=True, kw_only=True)
class Checked:
    """
    The result of check.

    Attributes:
        inputs: The normalised inputs, a tree in snake_case.
        problems: Errors and warnings, in the order of the inputs.
        report: The restore report; None for a clone that exists.
    """

    inputs: Properties
    problems: tuple[Problem, ...]
    report: Report | None = None


@dataclass(frozen=True, kw_only=True)
class Member:
    """
    A clone among those that the program declares.

    Attributes:
        name: The resource's name; without one its demand is judged alone.
        others: The clones that the program has declared before.
    """

    name: str = ""
    others: tuple[Neighbour, ...] = ()


ALONE: Final = Member()


def check(
    news: Properties,
    olds: Properties,
    *,
    new_key: str,
    regions: Regions,
    stack: str = "",
    member: Member = ALONE,
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
        regions: Where to look.
        stack: Project and stack, to look for a clone that an earlier run ordered;
            empty for not to look.
        member: What the clone is among others of the program.
    """
    known_key = news.get("clone_key") or olds.get("clone_key")
    clone_key = known_key or new_key
    parsed = parse(_completed(news, olds=olds, regions=regions))
    inputs = {**parsed.spec.given(), "clone_key": clone_key}
    # The engine asks so about an import, whose file brings the key along.
    if known_key:
        changed = _changed_inputs(parsed.spec, olds)
        problems = _found_without_facts(
            parsed, changed, regions=regions, others=member.others
        )
        advised = problems if olds else [p for p in problems if _is_error(p)]
        return Checked(inputs=inputs, problems=tuple(advised))
    report = _foresee(parsed, clone_key, stack=stack, regions=regions, member=member)
    return Checked(inputs=inputs, problems=report.problems, report=report)


def _completed(news: Properties, *, olds: Properties, regions: Regions) -> Properties:
    """
    Return *news* without the clone key, with what they leave to *olds* and the stack.
    """
    wanted = {name: value for name, value in news.items() if name != "clone_key"}
    if olds and not wanted.get("restore_point"):
        wanted["restore_point"] = olds.get("restore_point", {})
    if region_id := olds.get("region") or regions.default_region:
        wanted.setdefault("region", region_id)
    return wanted


def _foresee(
    parsed: Parsed[CloneSpec],
    clone_key: str,
    *,
    stack: str,
    regions: Regions,
    member: Member,
) -> Report:
    """
    Apply all checks, and look for an existing clone to adopt.
    """
    find = _begin_to_look(
        _claim(parsed, clone_key=clone_key, stack=stack), parsed.spec, regions=regions
    )
    limited = within_the_limit_of(regions, parsed.spec)
    found = read_region_facts(limited, regions, max_age=PREVIEW_MAX_AGE)
    own = find()
    adopts = isinstance(own, TaggedInstance)
    facts = replace(
        found.facts,
        others=member.others,
        adopts=adopts,
    )
    if member.name and adopts:
        if demands := demands_of(limited, regions):
            demands.adopt(root_of(clone_key))
    elif member.name:
        demand = _enter(
            limited, clone_key, facts=facts, regions=regions, name=member.name
        )
        facts = replace(facts, demand=demand)
    report = report_on(
        parsed, limited, regions=regions, found=replace(found, facts=facts)
    )
    if own is None:
        return report
    adopted = None
    if isinstance(own, TaggedInstance):
        _, adopted = parse_tag(own.tags.get(RESTORED_TAG, ""))
        own = _about_adoption(own)
    problems = problems_by_path([*report.problems, own])
    return replace(report, problems=tuple(problems), adopted=adopted)


def _enter(
    spec: CloneSpec, clone_key: str, *, facts: Facts, regions: Regions, name: str
) -> Demand | Missing:
    """
    Note what the clone needs, and return the demand of all clones.
    """
    demands = demands_of(spec, regions)
    if demands is None:
        return Missing.NOT_NEEDED
    place = place_of(spec, facts.source)
    free = {
        vswitch.id: vswitch.free for vswitch in known_or_none(facts.vswitches) or ()
    }
    return demands.enter(
        root_of(clone_key),
        Applicant(name=name, vswitch_id=place),
        free=free.get(place),
        instances=known_or_none(facts.instances),
    )


def judge_together(
    desired: DesiredClone,
    regions: Regions,
    *,
    expected: Collection[Applicant] = (),
    others: tuple[Neighbour, ...] = (),
) -> tuple[Problem, ...]:
    """
    Apply again the checks that also depend on clones checked since.

    Args:
        desired: What is asked for; may hold *UNKNOWN*.
        regions: Where the clones are; no call is made.
        expected: Clones that have not been checked yet.
        others: All other clones, with their names and addresses.
    """
    spec = desired.spec
    demands = demands_of(spec, regions)
    demand = demands and demands.demand_of(root_of(desired.clone_key), expected)
    facts = Facts(others=others, demand=demand or Missing.NOT_NEEDED)
    checks = [
        entry for entry in CHECKS if {"others", "demand"} & {*entry.more, *entry.asks}
    ]
    return judge(checks, spec, facts=facts, skip=skipped(spec, regions)).problems


def _claim(parsed: Parsed[CloneSpec], *, clone_key: str, stack: str) -> Claim | None:
    """
    Return the claim of the resource; None if it is not known yet.
    """
    spec = parsed.spec
    if not stack or has_unknown(spec.given()) or not spec.region:
        return None
    marks = CloneMarks(
        key=clone_key, spec_hash=hash_order(spec), stack=stack, restored=""
    )
    return Claim(marks=marks, adopt=spec.adopt)


def _begin_to_look(
    claim: Claim | None, spec: CloneSpec, *, regions: Regions
) -> Callable[[], TaggedInstance | Problem | None]:
    """
    Start to look for an existing clone, and return a function that returns it.
    """
    if claim is None:
        return lambda: None
    cache, tag = regions.at(str(spec.region)).cache, claim.marks.stack_tag
    read = cache.start("list_clones", tag, max_age=PREVIEW_MAX_AGE)
    return partial(_own_clone, claim, spec, cache=cache, read=read)


def _own_clone(
    claim: Claim, spec: CloneSpec, *, cache: ReadCache, read: PendingRead
) -> TaggedInstance | Problem | None:
    """
    Return the clone that create will adopt, or why it will refuse to order one.

    Create looks again, so a timeout is not reported. Without the permission to look,
    create orders nothing; a preview may lack it, so this is a warning as for any read.
    """
    try:
        own = instances_of(cache.result(read), claim.marks)
    except AccessDeniedError as error:
        action = error.fault.action
        return _about_own_clone(
            f"{ram_action(action)} is not permitted, so it is not known whether an "
            "earlier run has ordered this clone, and pulumi up will not order a clone",
            "allow this RAM action for the caller of pulumi up",
            severity=Severity.ERROR if is_gating(spec) else Severity.WARNING,
        )
    except (ApiError, ReadTimedOutError):
        return None
    choice = choose_adoption(own, claim)
    if choice is None:
        return None
    if isinstance(choice, Finding):
        return _about_own_clone(choice.what, choice.remedy)
    return choice


def _about_adoption(own: TaggedInstance) -> Problem:
    return _about_own_clone(
        f"{own.description}, will be adopted, so no new clone is ordered",
        f"to get a new clone, first run rdsclone clones release {own.summary.id}",
        severity=Severity.WARNING,
    )


def _about_own_clone(
    what: str, remedy: str, *, severity: Severity = Severity.ERROR
) -> Problem:
    return Problem(
        check="own-clone", path="adopt", what=what, remedy=remedy, severity=severity
    )


def _changed_inputs(spec: CloneSpec, olds: Properties) -> list[str]:
    """
    Return the paths of the inputs that are not as they are recorded.
    """
    given = spec.given()
    return [
        leaf.path
        for leaf in leaves_of(CloneSpec)
        if get_value(given, leaf.path) != get_value(olds, leaf.path)
    ]


def _found_without_facts(
    parsed: Parsed[CloneSpec],
    changed: Collection[str],
    *,
    regions: Regions,
    others: tuple[Neighbour, ...],
) -> tuple[Problem, ...]:
    """
    Return the problems of the *changed* inputs of an existing clone, without facts.

    Conflicts with *others* count even for unchanged inputs. Region checks are skipped:
    the outputs hold the region. So are restore-point checks of imported clones, whose
    origin may be unknown.
    """
    skip = skipped(parsed.spec, regions)
    has_restore_point = bool(parsed.spec.given().get("restore_point"))
    checks = [
        entry
        for entry in CHECKS
        if not entry.facts and (entry.judges_any(changed) or "others" in entry.more)
        if "region" not in entry.inputs
        and (has_restore_point or "restore_point" not in entry.inputs)
    ]
    judgement = judge(checks, parsed.spec, facts=Facts(others=others), skip=skip)
    return all_problems(parsed, judgement, regions=regions)


def _is_error(problem: Problem) -> bool:
    return problem.severity is Severity.ERROR
