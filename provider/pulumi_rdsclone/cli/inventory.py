"""
The commands ``clones list`` and ``clones adopt``.
"""

from collections.abc import Iterator
from typing import Final

from pulumi_rdsclone.adapters.reports import report_document
from pulumi_rdsclone.cli import output
from pulumi_rdsclone.cli.guarding import Code
from pulumi_rdsclone.cli.reach import default_region
from pulumi_rdsclone.cli.words import NOT_KNOWN, emulator_note, place, restore_text
from pulumi_rdsclone.cloud.regions import Regions
from pulumi_rdsclone.domain.identity import KEY_TAG, STACK_TAG, STAGE_TAG
from pulumi_rdsclone.domain.reporting import format_age
from pulumi_rdsclone.lifecycle.inventory import (
    Clone,
    clones_in,
    find,
    steps_to_adopt,
)

_COLUMNS: Final = ("clone", "stage", "status", "age", "a day", "stack")


def list_clones(stack: str | None, sites: Regions, *, as_json: bool) -> Code:
    """
    Print the clones of *stack*, or of all stacks.

    Raises:
        ConfigurationError: No region is given, or the credentials are refused.
        CloneError: The cloud gave no usable answer.
    """
    region = default_region(sites)
    clones = clones_in(sites.at(region), stack)
    if as_json:
        listed = {"region": region, "clones": [one.tree() for one in clones]}
        output.document(report_document(listed))
        return Code.FINE
    of = f" of {stack}" if stack else ""
    counted = f"{len(clones) or 'no'} clone{'' if len(clones) == 1 else 's'}"
    note = emulator_note(sites.emulator)
    output.rows([(f"{counted}{of} in {region}{note}",)])
    if clones:
        output.rows([(), _COLUMNS, *map(_line, clones)])
    return Code.FINE


def adopt(instance_id: str, sites: Regions, *, as_json: bool) -> Code:
    """
    Print how a stack takes the clone *instance_id* over.

    Raises:
        RefusedError: It is no clone, or about to go.
        ConfigurationError: No region is given, or the credentials are refused.
        CloneError: The cloud gave no usable answer.
    """
    clone = find(instance_id, sites.at(default_region(sites)))
    steps = steps_to_adopt(clone)
    if as_json:
        told = {**clone.tree(), "urn_prefix": clone.urn_prefix, "steps": [*steps]}
        output.document(report_document(told))
        return Code.FINE
    output.rows(_about_adoption(clone, steps, sites.emulator), labelled=True)
    return Code.FINE


def about(clone: Clone, emulator: str) -> Iterator[output.Row]:
    """
    Say what there is to know of *clone* before anything is done with it.
    """
    instance, tags = clone.seen.instance, clone.seen.tags
    yield "clone", place(clone.id, instance.region, emulator)
    yield "stack", tags.get(STACK_TAG, NOT_KNOWN)
    yield "stage", tags.get(STAGE_TAG, NOT_KNOWN)
    yield "status", instance.status
    yield "age", _age(clone)
    yield "restored", restore_text(clone.origin[1])


def _about_adoption(
    clone: Clone, steps: tuple[str, ...], emulator: str
) -> Iterator[output.Row]:
    yield from about(clone, emulator)
    yield "key", clone.seen.tags[KEY_TAG]
    yield "urn", f"{clone.urn_prefix}…" if clone.urn_prefix else NOT_KNOWN
    yield ()
    for number, step in enumerate(steps, start=1):
        yield f"step {number}", step


def _line(clone: Clone) -> output.Row:
    instance, tags, price = clone.seen.instance, clone.seen.tags, clone.price
    return (
        clone.id,
        tags.get(STAGE_TAG, NOT_KNOWN),
        instance.status,
        _age(clone),
        f"{price.amount:.2f} {price.currency}" if price else "",
        tags.get(STACK_TAG, NOT_KNOWN),
    )


def _age(clone: Clone) -> str:
    return format_age(clone.age) if clone.age is not None else NOT_KNOWN
