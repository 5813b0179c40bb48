"""
Check: normalise the inputs and find everything that would go wrong.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Final

from pulumi_rdsclone.domain.adoption import Claim, adoptable, own_of
from pulumi_rdsclone.domain.checking import Finding, Judgement, judge, unknown_ids
from pulumi_rdsclone.domain.checks import CHECKS
from pulumi_rdsclone.domain.differences import recorded
from pulumi_rdsclone.domain.errors import AccessDeniedError, ApiError
from pulumi_rdsclone.domain.facts import Facts
from pulumi_rdsclone.domain.identity import Birth
from pulumi_rdsclone.domain.instances import Instance
from pulumi_rdsclone.domain.ordering import hash_order
from pulumi_rdsclone.domain.parsing import (
    Parsed,
    parse,
    parse_checked,
    problems_by_path,
)
from pulumi_rdsclone.domain.part import value_at
from pulumi_rdsclone.domain.problems import Problem, Severity
from pulumi_rdsclone.domain.reporting import Report
from pulumi_rdsclone.domain.spec import CloneSpec
from pulumi_rdsclone.domain.unknown import has_unknown, is_unknown
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


def check(
    news: dict[str, Any],
    olds: dict[str, Any],
    new_key: str,
    sites: Sites,
    *,
    stack: str = "",
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
        return Checked(inputs=inputs, problems=_errors_of_form(parsed, sites))
    report = _foresee(parsed, _claim(parsed, clone_key, stack), sites)
    return Checked(inputs=inputs, problems=report.problems, report=report)


OF_THE_CLONE: Final = frozenset(
    {"disk-settings", "endpoint-port", "engine-settings", "essd-level"}
)
"""What a clone that exists tells of itself: it has the engine of its source."""


def check_change(
    news: dict[str, Any], olds: dict[str, Any], sites: Sites
) -> tuple[Problem, ...]:
    """
    Find what a clone that exists cannot become in place, without asking the cloud.

    Args:
        news: The checked inputs, a tree in snake_case; may hold *UNKNOWN*.
        olds: The recorded outputs; those of an unfinished clone may tell nothing.
        sites: Whose configuration may skip checks.
    """
    if not olds.get("engine"):
        return ()
    spec = parse_checked(news).spec
    checks = [entry for entry in CHECKS if entry.id in OF_THE_CLONE]
    facts = Facts(source=_as_recorded(olds))
    return judge(checks, spec, facts, skip=_skipped(spec, sites)).problems


def _as_recorded(outputs: dict[str, Any]) -> Instance:
    """
    Give a clone as its outputs tell it, as far as a rule may look at it.
    """

    def told(path: str) -> Any:
        return recorded(outputs, path) or ""

    return Instance(
        id=told("instance_id"),
        region=told("region"),
        status=told("status"),
        lock_mode="",
        role="",
        engine=told("engine"),
        engine_version=told("engine_version"),
        edition=told("edition"),
        zones=tuple(told("zones")),
        instance_class=told("capacity.instance_class"),
        storage_gb=told("capacity.storage_gb") or 0,
        storage_type=told("capacity.storage_type"),
        payment=told("payment.type"),
        network_type=told("network.type"),
        description=told("description"),
        deletion_protection=bool(told("deletion_protection")),
    )


def _foresee(parsed: Parsed[CloneSpec], claim: Claim | None, sites: Sites) -> Report:
    """
    Make all checks, and look for a clone that is there already.
    """
    if claim is None:
        return examine(parsed, sites, FOR_PREVIEW)
    library = sites.at(str(parsed.spec.region)).library
    read = library.ask("clones_of", claim.birth.stack_tag, max_age=FOR_PREVIEW)
    report = examine(parsed, sites, FOR_PREVIEW)
    own = _own_clone(claim, library, read)
    problems = [*report.problems, own] if own else report.problems
    return replace(report, problems=tuple(problems_by_path(problems)))


def examine(parsed: Parsed[CloneSpec], sites: Sites, max_age: timedelta) -> Report:
    """
    Make all checks of a clone that is to be made.

    Args:
        parsed: What is asked for.
        sites: Where to look.
        max_age: How old the facts may be.

    Raises:
        ApiError: The source could not be asked about at all.
        ConfigurationError: The cloud cannot be reached as configured.
    """
    spec = parsed.spec
    learnt = _learn(spec, sites, max_age)
    judgement = judge(
        CHECKS, spec, learnt.facts, learnt.unlearnt, skip=_skipped(spec, sites)
    )
    return Report(
        spec=spec,
        facts=learnt.facts,
        judgement=judgement,
        problems=_all_problems(parsed, judgement, sites),
        unlearnt=learnt.unlearnt,
    )


def _claim(parsed: Parsed[CloneSpec], clone_key: str, stack: str) -> Claim | None:
    """
    Say what the resource will call its own; None where that is not known yet.
    """
    spec = parsed.spec
    if not stack or has_unknown(spec.given()) or not spec.region:
        return None
    birth = Birth(key=clone_key, spec_hash=hash_order(spec), stack=stack, restored="")
    return Claim(birth=birth, adopt=spec.adopt)


def _own_clone(claim: Claim, library: Library, read: Read) -> Problem | None:
    """
    Tell of a clone that an earlier run ordered: create will adopt it, or refuse to.

    Create looks again, so what is not answered in time is not worth a word.
    """
    try:
        own = own_of(library.take(read), claim.birth)
    except AccessDeniedError as error:
        action = error.fault.action
        return _about_own_clone(
            f"rds:{action} is not permitted, so nobody could tell whether an earlier "
            "run has ordered this clone, and none is ordered",
            "allow this RAM action",
        )
    except (ApiError, SlowError):
        return None
    choice = adoptable(own, claim)
    if choice is None:
        return None
    if isinstance(choice, Finding):
        return _about_own_clone(choice.what, choice.remedy)
    return _about_own_clone(
        f"{choice.description}, is taken over, so none is ordered",
        "to order a new one instead, release it with rdsclone clones release "
        f"{choice.sighting.id}",
        Severity.WARNING,
    )


def _about_own_clone(
    what: str, remedy: str, severity: Severity = Severity.ERROR
) -> Problem:
    return Problem(
        check="own-clone", path="adopt", what=what, remedy=remedy, severity=severity
    )


def _errors_of_form(parsed: Parsed[CloneSpec], sites: Sites) -> tuple[Problem, ...]:
    """
    Find what is wrong with the inputs alone; advice was given when it was ordered.

    Where the clone is, its outputs tell: the inputs need not. What it was restored
    from nobody may know any more, when it was imported.
    """
    skip = _skipped(parsed.spec, sites)
    is_told = bool(parsed.spec.given().get("restore_point"))
    checks = [
        entry
        for entry in CHECKS
        if "region" not in entry.reads
        and (is_told or "restore_point" not in entry.reads)
    ]
    judgement = judge(checks, parsed.spec, Facts(), skip=skip)
    problems = _all_problems(parsed, judgement, sites)
    return tuple(p for p in problems if p.severity is Severity.ERROR)


def _learn(spec: CloneSpec, sites: Sites, max_age: timedelta) -> Learnt:
    if is_unknown(spec.region) or not spec.region:
        return nothing_learnt()
    return learn(spec, sites.at(spec.region).library, max_age)


def _all_problems(
    parsed: Parsed[CloneSpec], judgement: Judgement, sites: Sites
) -> tuple[Problem, ...]:
    skips = _wrong_skips(parsed.spec, sites)
    problems = (*parsed.problems, *skips, *judgement.problems)
    return tuple(problems_by_path(problems))


def _skipped(spec: CloneSpec, sites: Sites) -> Collection[str]:
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
