"""
Apply all checks to one specification, on facts of a given age.
"""

from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import timedelta

from pulumi_rdsclone.domain.checks import CHECKS
from pulumi_rdsclone.domain.facts import Missing
from pulumi_rdsclone.domain.identity import root_of
from pulumi_rdsclone.domain.instances import Instance
from pulumi_rdsclone.domain.judging import Judgement, judge, unknown_ids
from pulumi_rdsclone.domain.model import value_at, with_value_at
from pulumi_rdsclone.domain.parsing import (
    Parsed,
    problems_by_path,
)
from pulumi_rdsclone.domain.problems import Problem
from pulumi_rdsclone.domain.reporting import Report
from pulumi_rdsclone.domain.spec import CloneSpec
from pulumi_rdsclone.domain.unknown import has_unknown, is_unknown
from pulumi_rdsclone.lifecycle.demands import Demands
from pulumi_rdsclone.lifecycle.fact_reading import (
    FactReport,
    no_facts,
    read_facts,
)
from pulumi_rdsclone.lifecycle.region import Regions


def examine(
    parsed: Parsed[CloneSpec],
    regions: Regions,
    *,
    max_age: timedelta,
    clone_key: str = "",
) -> Report:
    """
    Apply all checks to a clone that is to be created.

    Args:
        parsed: What is asked for.
        regions: Where to look.
        max_age: How old the facts may be.
        clone_key: The key of a clone that was checked in this run.

    Raises:
        ApiError: The source could not be asked about at all.
        ConfigurationError: The cloud cannot be reached as configured.
    """
    limited = within_the_limit_of(regions, parsed.spec)
    found = read_region_facts(limited, regions, max_age=max_age)
    demands = demands_of(limited, regions)
    adopts = demands is not None and demands.is_adopting(root_of(clone_key))
    facts = replace(found.facts, adopts=adopts)
    return report_on(
        parsed, limited, regions=regions, found=replace(found, facts=facts)
    )


def examine_inputs(parsed: Parsed[CloneSpec], regions: Regions) -> Report:
    """
    Apply the checks that need no facts, without a call.
    """
    limited = within_the_limit_of(regions, parsed.spec)
    return report_on(parsed, limited, regions=regions, found=no_facts())


def report_on(
    parsed: Parsed[CloneSpec],
    limited: CloneSpec,
    *,
    regions: Regions,
    found: FactReport,
) -> Report:
    """
    Return the report of all checks of *limited* on the facts that were read.
    """
    spec = parsed.spec
    judgement = judge(
        CHECKS,
        limited,
        facts=found.facts,
        unknown_facts=found.unknown_facts,
        skip=skipped(spec, regions),
    )
    return Report(
        spec=spec,
        facts=found.facts,
        judgement=judgement,
        problems=all_problems(parsed, judgement, regions=regions),
        unknown_facts=found.unknown_facts,
    )


def within_the_limit_of(regions: Regions, spec: CloneSpec) -> CloneSpec:
    """
    Return *spec* with the stack's limit of prices where that is smaller, or alone.
    """
    own, common = spec.max_price_per_hour, regions.max_price_per_hour
    if common is None or is_unknown(own) or (own is not None and own <= common):
        return spec
    return with_value_at(spec, "max_price_per_hour", value=common)


def demands_of(spec: CloneSpec, regions: Regions) -> Demands | None:
    """
    Return the demands in the region of *spec*; None if the region is not known.
    """
    if is_unknown(spec.region) or not spec.region:
        return None
    return regions.at(spec.region).demands


def place_of(spec: CloneSpec, source: Instance | Missing) -> str:
    """
    Return the vSwitch that a clone has its address in; empty if that is not known.

    Source: DescribeDBInstanceAttribute, VSwitchId, which reports the first one.
    """
    ids = value_at(spec, "network.vswitch_ids")
    if not ids and isinstance(source, Instance):
        ids = source.vswitch_ids
    return next(iter(ids), "") if ids and not has_unknown(ids) else ""


def all_problems(
    parsed: Parsed[CloneSpec], judgement: Judgement, *, regions: Regions
) -> tuple[Problem, ...]:
    """
    Return all problems of a clone's inputs, in the order of the inputs.
    """
    skips = _wrong_skips(parsed.spec, regions)
    problems = (*parsed.problems, *skips, *judgement.problems)
    return tuple(problems_by_path(problems))


def skipped(spec: CloneSpec, regions: Regions) -> Collection[str]:
    """
    Return the ids of the checks that neither the clone nor the stack wants.
    """
    return {*_declared_skips(spec), *regions.skip_checks}


def _declared_skips(spec: CloneSpec) -> list[str]:
    skip = value_at(spec, "checks.skip")
    return (
        []
        if is_unknown(skip)
        else [check_id for check_id in skip if not is_unknown(check_id)]
    )


def _wrong_skips(spec: CloneSpec, regions: Regions) -> Iterator[Problem]:
    for path, ids in (
        ("checks.skip", _declared_skips(spec)),
        ("rdsclone:skipChecks", regions.skip_checks),
    ):
        for finding in unknown_ids(CHECKS, ids):
            yield Problem(
                check="skip-known",
                path=path,
                what=finding.what,
                remedy=finding.remedy,
            )


def read_region_facts(
    spec: CloneSpec, regions: Regions, *, max_age: timedelta
) -> FactReport:
    """
    Return the facts for the checks of *spec*; none where its region is unknown.
    """
    if is_unknown(spec.region) or not spec.region:
        return no_facts()
    region = regions.at(spec.region)
    is_counted = region.demands.quota is not None
    return read_facts(spec, region.cache, max_age=max_age, counts_instances=is_counted)
