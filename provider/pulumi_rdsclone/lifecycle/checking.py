"""
Check: normalise the inputs and find everything that would go wrong.
"""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import Any, Final

from pulumi_rdsclone.domain.adoption import Claim, Marked, adoptable, own_of
from pulumi_rdsclone.domain.checking import (
    Finding,
    Judgement,
    is_gating,
    judge,
    unknown_ids,
)
from pulumi_rdsclone.domain.checks import CHECKS
from pulumi_rdsclone.domain.demand import Demand
from pulumi_rdsclone.domain.differences import recorded
from pulumi_rdsclone.domain.errors import AccessDeniedError, ApiError
from pulumi_rdsclone.domain.facts import Facts, Gap, told
from pulumi_rdsclone.domain.identity import RESTORED_TAG, Birth, root_of
from pulumi_rdsclone.domain.instances import Instance
from pulumi_rdsclone.domain.neighbours import Neighbour
from pulumi_rdsclone.domain.ordering import hash_order
from pulumi_rdsclone.domain.parsing import (
    Parsed,
    parse,
    parse_checked,
    problems_by_path,
)
from pulumi_rdsclone.domain.part import leaves_of, value_at, with_value_at
from pulumi_rdsclone.domain.problems import Problem, Severity
from pulumi_rdsclone.domain.reporting import Report
from pulumi_rdsclone.domain.restoring import read_origin
from pulumi_rdsclone.domain.spec import CloneSpec
from pulumi_rdsclone.domain.unknown import has_unknown, is_unknown
from pulumi_rdsclone.lifecycle.demands import Applicant, Demands
from pulumi_rdsclone.lifecycle.learning import (
    FOR_PREVIEW,
    Learnt,
    learn,
    nothing_learnt,
)
from pulumi_rdsclone.lifecycle.library import Library, Read, SlowError
from pulumi_rdsclone.lifecycle.site import Sites


@dataclass(frozen=True, kw_only=True)
class Checked:
    """
    What check decides.

    Attributes:
        inputs: The normalised inputs, a tree in snake_case.
        problems: Errors and warnings, in the order of the inputs.
        report: What would be restored; None for a clone that exists.
    """

    inputs: dict[str, Any]
    problems: tuple[Problem, ...]
    report: Report | None = None


@dataclass(frozen=True, kw_only=True)
class Member:
    """
    A clone among those that the program declares.

    Attributes:
        name: The resource's name; without one what it needs is judged alone.
        others: The clones that the program has declared before.
    """

    name: str = ""
    others: tuple[Neighbour, ...] = ()


ALONE: Final = Member()


def check(
    news: dict[str, Any],
    olds: dict[str, Any],
    new_key: str,
    sites: Sites,
    *,
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
        sites: Where to look.
        stack: Project and stack, to look for a clone that an earlier run ordered;
            empty for not to look.
        member: What the clone is among others of the program.
    """
    wanted = dict(news)
    known_key = wanted.pop("clone_key", None) or olds.get("clone_key")
    clone_key = known_key or new_key
    if olds and not wanted.get("restore_point"):
        wanted["restore_point"] = olds.get("restore_point", {})
    if region := olds.get("region") or sites.default_region:
        wanted.setdefault("region", region)
    parsed = parse(wanted)
    inputs = {**parsed.spec.given(), "clone_key": clone_key}
    # The engine asks so about an import, whose file brings the key along.
    if known_key:
        changed = _changed_inputs(parsed.spec, olds)
        problems = _found_without_facts(parsed, changed, sites, member.others)
        advised = problems if olds else [p for p in problems if _is_error(p)]
        return Checked(inputs=inputs, problems=tuple(advised))
    report = _foresee(parsed, clone_key, stack, sites, member)
    return Checked(inputs=inputs, problems=report.problems, report=report)


def _foresee(
    parsed: Parsed[CloneSpec],
    clone_key: str,
    stack: str,
    sites: Sites,
    member: Member,
) -> Report:
    """
    Make all checks, and look for a clone that is there already.
    """
    find = _begin_to_look(_claim(parsed, clone_key, stack), parsed.spec, sites)
    limited = within_the_limit_of(sites, parsed.spec)
    learnt = _learn(limited, sites, FOR_PREVIEW)
    own = find()
    adopts = isinstance(own, Marked)
    facts = replace(
        learnt.facts,
        others=member.others,
        adopts=adopts,
    )
    if member.name and adopts:
        if demands := _demands_of(limited, sites):
            demands.adopt(root_of(clone_key))
    elif member.name:
        demand = _enter(limited, clone_key, facts, sites, member.name)
        facts = replace(facts, demand=demand)
    report = _report(parsed, limited, sites, replace(learnt, facts=facts))
    if own is None:
        return report
    adopted = None
    if isinstance(own, Marked):
        _, adopted = read_origin(own.tags.get(RESTORED_TAG, ""))
        own = _about_adoption(own)
    problems = problems_by_path([*report.problems, own])
    return replace(report, problems=tuple(problems), adopted=adopted)


def _demands_of(spec: CloneSpec, sites: Sites) -> Demands | None:
    """
    Return what is needed in the region of *spec*; None where that is not known.
    """
    if is_unknown(spec.region) or not spec.region:
        return None
    return sites.at(spec.region).demands


def _enter(
    spec: CloneSpec, clone_key: str, facts: Facts, sites: Sites, name: str
) -> Demand | Gap:
    """
    Note what the clone will need, and return what it needs together with the others.
    """
    demands = _demands_of(spec, sites)
    if demands is None:
        return Gap.NOT_NEEDED
    place = place_of(spec, facts.source)
    free = {one.id: one.free for one in told(facts.vswitches) or ()}
    return demands.enter(
        root_of(clone_key),
        Applicant(name=name, vswitch_id=place),
        free=free.get(place),
        instances=told(facts.instances),
    )


def place_of(spec: CloneSpec, source: Instance | Gap) -> str:
    """
    Return the vSwitch that a clone has its address in; empty if that is not known.

    Source: DescribeDBInstanceAttribute, VSwitchId, which tells the first one only.
    """
    ids = value_at(spec, "network.vswitch_ids")
    if not ids and isinstance(source, Instance):
        ids = source.vswitch_ids
    return next(iter(ids), "") if ids and not has_unknown(ids) else ""


def judge_together(
    inputs: dict[str, Any],
    sites: Sites,
    expected: Collection[Applicant] = (),
    others: tuple[Neighbour, ...] = (),
) -> tuple[Problem, ...]:
    """
    Judge again what a clone shares with the others that have been checked since.

    Args:
        inputs: Its checked inputs, a tree in snake_case; may hold *UNKNOWN*.
        sites: Where to look; nobody is asked.
        expected: Clones that have not been checked yet.
        others: All other clones, with what only one of them can have.
    """
    parsed = parse_checked(inputs)
    spec = parsed.spec
    demands = _demands_of(spec, sites)
    demand = demands and demands.demand_of(root_of(inputs["clone_key"]), expected)
    facts = Facts(others=others, demand=demand or Gap.NOT_NEEDED)
    checks = [one for one in CHECKS if {"others", "demand"} & {*one.more, *one.asks}]
    return judge(checks, spec, facts, skip=skipped(spec, sites)).problems


def examine(
    parsed: Parsed[CloneSpec],
    sites: Sites,
    max_age: timedelta,
    clone_key: str = "",
) -> Report:
    """
    Make all checks of a clone that is to be made.

    Args:
        parsed: What is asked for.
        sites: Where to look.
        max_age: How old the facts may be.
        clone_key: The key of a clone that was checked in this run.

    Raises:
        ApiError: The source could not be asked about at all.
        ConfigurationError: The cloud cannot be reached as configured.
    """
    limited = within_the_limit_of(sites, parsed.spec)
    learnt = _learn(limited, sites, max_age)
    demands = _demands_of(limited, sites)
    adopts = demands is not None and demands.is_adopting(root_of(clone_key))
    facts = replace(learnt.facts, adopts=adopts)
    return _report(parsed, limited, sites, replace(learnt, facts=facts))


def examine_inputs(parsed: Parsed[CloneSpec], sites: Sites) -> Report:
    """
    Make the checks that the inputs alone decide, and ask nobody.
    """
    limited = within_the_limit_of(sites, parsed.spec)
    return _report(parsed, limited, sites, nothing_learnt())


def _report(
    parsed: Parsed[CloneSpec], limited: CloneSpec, sites: Sites, learnt: Learnt
) -> Report:
    spec = parsed.spec
    judgement = judge(
        CHECKS, limited, learnt.facts, learnt.unlearnt, skip=skipped(spec, sites)
    )
    return Report(
        spec=spec,
        facts=learnt.facts,
        judgement=judgement,
        problems=_all_problems(parsed, judgement, sites),
        unlearnt=learnt.unlearnt,
    )


def within_the_limit_of(sites: Sites, spec: CloneSpec) -> CloneSpec:
    """
    Return *spec* with the stack's limit of prices where that is smaller, or alone.
    """
    own, common = spec.max_price_per_hour, sites.max_price_per_hour
    if common is None or is_unknown(own) or (own is not None and own <= common):
        return spec
    return with_value_at(spec, "max_price_per_hour", common)


def _claim(parsed: Parsed[CloneSpec], clone_key: str, stack: str) -> Claim | None:
    """
    Say what the resource will call its own; None where that is not known yet.
    """
    spec = parsed.spec
    if not stack or has_unknown(spec.given()) or not spec.region:
        return None
    birth = Birth(key=clone_key, spec_hash=hash_order(spec), stack=stack, restored="")
    return Claim(birth=birth, adopt=spec.adopt)


def _begin_to_look(
    claim: Claim | None, spec: CloneSpec, sites: Sites
) -> Callable[[], Marked | Problem | None]:
    """
    Begin to look for a clone that is there already; what this returns, finds it.
    """
    if claim is None:
        return lambda: None
    library, tag = sites.at(str(spec.region)).library, claim.birth.stack_tag
    read = library.ask("clones_of", tag, max_age=FOR_PREVIEW)
    return partial(_own_clone, claim, spec, library, read)


def _own_clone(
    claim: Claim, spec: CloneSpec, library: Library, read: Read
) -> Marked | Problem | None:
    """
    Return the clone that create will adopt, or why it will refuse to order one.

    Create looks again, so what is not answered in time is not worth a word. Without
    the permission to look it orders nothing; a preview may lack that permission, so
    this is a warning as for any other read.
    """
    try:
        own = own_of(library.take(read), claim.birth)
    except AccessDeniedError as error:
        action = error.fault.action
        return _about_own_clone(
            f"rds:{action} is not permitted, so it is not known whether an earlier "
            "run has ordered this clone, and pulumi up will not order a clone",
            "allow this RAM action for the caller of pulumi up",
            Severity.ERROR if is_gating(spec) else Severity.WARNING,
        )
    except (ApiError, SlowError):
        return None
    choice = adoptable(own, claim)
    if choice is None:
        return None
    if isinstance(choice, Finding):
        return _about_own_clone(choice.what, choice.remedy)
    return choice


def _about_adoption(own: Marked) -> Problem:
    return _about_own_clone(
        f"{own.description}, will be adopted, so no new clone is ordered",
        f"to get a new clone, first run rdsclone clones release {own.sighting.id}",
        Severity.WARNING,
    )


def _about_own_clone(
    what: str, remedy: str, severity: Severity = Severity.ERROR
) -> Problem:
    return Problem(
        check="own-clone", path="adopt", what=what, remedy=remedy, severity=severity
    )


def _changed_inputs(spec: CloneSpec, olds: dict[str, Any]) -> list[str]:
    """
    Return the paths of the inputs that are not as they are recorded.
    """
    given = spec.given()
    return [
        leaf.path
        for leaf in leaves_of(CloneSpec)
        if recorded(given, leaf.path) != recorded(olds, leaf.path)
    ]


def _found_without_facts(
    parsed: Parsed[CloneSpec],
    changed: Collection[str],
    sites: Sites,
    others: tuple[Neighbour, ...],
) -> tuple[Problem, ...]:
    """
    Find what is wrong with the *changed* inputs of a clone that exists, by themselves.

    What it shares with *others* is wrong even if it does not change. The region
    stands in its outputs. What it was restored from nobody may know any more, when
    it was imported.
    """
    skip = skipped(parsed.spec, sites)
    is_told = bool(parsed.spec.given().get("restore_point"))
    checks = [
        entry
        for entry in CHECKS
        if not entry.facts and (entry.judges_any(changed) or "others" in entry.more)
        if "region" not in entry.inputs
        and (is_told or "restore_point" not in entry.inputs)
    ]
    judgement = judge(checks, parsed.spec, Facts(others=others), skip=skip)
    return _all_problems(parsed, judgement, sites)


def _is_error(problem: Problem) -> bool:
    return problem.severity is Severity.ERROR


def _learn(spec: CloneSpec, sites: Sites, max_age: timedelta) -> Learnt:
    if is_unknown(spec.region) or not spec.region:
        return nothing_learnt()
    site = sites.at(spec.region)
    is_counted = site.demands.quota is not None
    return learn(spec, site.library, max_age, counts_instances=is_counted)


def _all_problems(
    parsed: Parsed[CloneSpec], judgement: Judgement, sites: Sites
) -> tuple[Problem, ...]:
    skips = _wrong_skips(parsed.spec, sites)
    problems = (*parsed.problems, *skips, *judgement.problems)
    return tuple(problems_by_path(problems))


def skipped(spec: CloneSpec, sites: Sites) -> Collection[str]:
    """
    Return the ids of the checks that neither the clone nor the stack wants.
    """
    return {*_declared_skips(spec), *sites.skip_checks}


def _declared_skips(spec: CloneSpec) -> list[str]:
    skip = value_at(spec, "checks.skip")
    return [] if is_unknown(skip) else [one for one in skip if not is_unknown(one)]


def _wrong_skips(spec: CloneSpec, sites: Sites) -> Iterator[Problem]:
    for path, ids in (
        ("checks.skip", _declared_skips(spec)),
        ("rdsclone:skipChecks", sites.skip_checks),
    ):
        for finding in unknown_ids(CHECKS, ids):
            yield Problem(
                check="skip-known",
                path=path,
                what=finding.what,
                remedy=finding.remedy,
            )
