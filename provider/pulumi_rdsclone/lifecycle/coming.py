"""
Clones of a program that the engine has not checked yet.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pulumi_rdsclone.domain.adoption import TaggedInstance, not_deleted
from pulumi_rdsclone.domain.errors import CloneError
from pulumi_rdsclone.domain.facts import Missing
from pulumi_rdsclone.domain.identity import (
    KEY_TAG,
    generation_of,
    key_in,
    root_of,
    stack_tag_of,
)
from pulumi_rdsclone.domain.instances import Instance
from pulumi_rdsclone.domain.parsing import parse
from pulumi_rdsclone.domain.unknown import is_unknown
from pulumi_rdsclone.domain.values import Properties, PropertyValue
from pulumi_rdsclone.lifecycle.demands import Applicant
from pulumi_rdsclone.lifecycle.examining import place_of
from pulumi_rdsclone.lifecycle.fact_reading import PREVIEW_MAX_AGE
from pulumi_rdsclone.lifecycle.read_cache import ReadCache
from pulumi_rdsclone.lifecycle.region import RegionContext


@dataclass(frozen=True, kw_only=True)
class Coming:
    """
    A clone that is declared and does not stand in the state.

    Attributes:
        name: The resource's name.
        inputs: As written, a tree in snake_case; may hold *UNKNOWN*.
        key: The key that it would get; empty if not known.
    """

    name: str
    inputs: Properties
    key: str


def applicants_of(
    coming: Iterable[Coming], region_id: str, *, region: RegionContext, stack: str
) -> Iterator[Applicant]:
    """
    Return those of *coming* that would be ordered, with the vSwitch of each.

    One that an earlier run has ordered is adopted; one without a key may be. The
    calls are needed anyway when the clone is checked; without an answer the vSwitch
    is unknown.
    """
    made = _made_before(region.cache, stack)
    for clone in coming:
        if not (_is_among(made, clone.key) if clone.key else made):
            parsed = parse({"region": region_id, **clone.inputs})
            source = _source(parsed.spec.source_instance_id, region.cache)
            place = place_of(parsed.spec, source)
            yield Applicant(name=clone.name, vswitch_id=place)


def _made_before(cache: ReadCache, stack: str) -> list[TaggedInstance]:
    read = cache.start("list_clones", stack_tag_of(stack), max_age=PREVIEW_MAX_AGE)
    try:
        found: tuple[TaggedInstance, ...] = cache.result(read)
    except CloneError:
        return []
    return [clone for clone in found if not_deleted([clone.summary])]


def _is_among(made: Iterable[TaggedInstance], key: str) -> bool:
    """
    Return whether a clone with *key*, or one that has replaced it, exists.
    """
    return any(
        clone.tags.get(KEY_TAG) == root_of(key)
        and generation_of(key_in(clone.tags)) >= generation_of(key)
        for clone in made
    )


def _source(source_id: PropertyValue, cache: ReadCache) -> Instance | Missing:
    if is_unknown(source_id):
        return Missing.DEFERRED
    try:
        source: Instance = cache.result(
            cache.start("instance", source_id, max_age=PREVIEW_MAX_AGE)
        )
    except CloneError:
        return Missing.UNVERIFIED
    return source
