"""
The clones of a program that the engine has not asked about yet.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from pulumi_rdsclone.domain.adoption import Marked, living
from pulumi_rdsclone.domain.errors import CloneError
from pulumi_rdsclone.domain.facts import Gap
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
from pulumi_rdsclone.lifecycle.checking import place_of
from pulumi_rdsclone.lifecycle.demands import Applicant
from pulumi_rdsclone.lifecycle.learning import FOR_PREVIEW
from pulumi_rdsclone.lifecycle.library import Library
from pulumi_rdsclone.lifecycle.site import Site


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
    inputs: dict[str, Any]
    key: str


def applicants_of(
    coming: Iterable[Coming], region: str, site: Site, stack: str
) -> Iterator[Applicant]:
    """
    Return those of *coming* that would be ordered, with the vSwitch of each.

    One that an earlier run has ordered is adopted; one without a key may be. What is
    asked here is asked anyway when the clone is checked; what is not told leaves the
    vSwitch open.
    """
    made = _made_before(site.library, stack)
    for clone in coming:
        if not (_is_among(made, clone.key) if clone.key else made):
            parsed = parse({"region": region, **clone.inputs})
            source = _source(parsed.spec.source_instance_id, site.library)
            place = place_of(parsed.spec, source)
            yield Applicant(name=clone.name, vswitch_id=place)


def _made_before(library: Library, stack: str) -> list[Marked]:
    read = library.ask("clones_of", stack_tag_of(stack), max_age=FOR_PREVIEW)
    try:
        found: tuple[Marked, ...] = library.take(read)
    except CloneError:
        return []
    return [one for one in found if living([one.sighting])]


def _is_among(made: Iterable[Marked], key: str) -> bool:
    """
    Tell whether a clone with *key*, or one that has replaced it, was ordered before.
    """
    return any(
        one.tags.get(KEY_TAG) == root_of(key)
        and generation_of(key_in(one.tags)) >= generation_of(key)
        for one in made
    )


def _source(source_id: Any, library: Library) -> Instance | Gap:
    if is_unknown(source_id):
        return Gap.DEFERRED
    try:
        source: Instance = library.take(
            library.ask("instance", source_id, max_age=FOR_PREVIEW)
        )
    except CloneError:
        return Gap.UNVERIFIED
    return source
