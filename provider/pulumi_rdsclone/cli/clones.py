"""
The commands ``clones list`` and ``clones adopt``.
"""

from collections.abc import Iterator
from typing import Final

from pulumi_rdsclone.cli import output
from pulumi_rdsclone.cli.connection import default_region
from pulumi_rdsclone.cli.exit_codes import ExitCode
from pulumi_rdsclone.cli.phrases import NOT_KNOWN, located, restore_text
from pulumi_rdsclone.cloud.regions import CloudRegions
from pulumi_rdsclone.domain.identity import KEY_TAG, STACK_TAG, STAGE_TAG
from pulumi_rdsclone.domain.reporting import format_age
from pulumi_rdsclone.lifecycle.inventory import (
    OwnedClone,
    clones_in,
    find,
    steps_to_adopt,
)
from pulumi_rdsclone.presentation.documents import to_document
from pulumi_rdsclone.presentation.messages import emulator_note

_COLUMNS: Final = ("clone", "stage", "status", "age", "a day", "stack")


def print_clones(
    stack: str | None, regions: CloudRegions, *, as_json: bool
) -> ExitCode:
    """
    Print the clones of *stack*, or of all stacks.

    Raises:
        ConfigurationError: No region is given, or the credentials are refused.
        CloneError: The cloud gave no usable answer.
    """
    region_id = default_region(regions)
    clones = clones_in(regions.at(region_id), stack)
    if as_json:
        listed = {"region": region_id, "clones": [clone.tree() for clone in clones]}
        output.document(to_document(listed))
        return ExitCode.SUCCESS
    of = f" of {stack}" if stack else ""
    counted = f"{len(clones) or 'no'} clone{'' if len(clones) == 1 else 's'}"
    note = emulator_note(regions.emulator)
    output.rows([(f"{counted}{of} in {region_id}{note}",)])
    if clones:
        output.rows([(), _COLUMNS, *map(_line, clones)])
    return ExitCode.SUCCESS


def print_adoption(
    instance_id: str, regions: CloudRegions, *, as_json: bool
) -> ExitCode:
    """
    Print how a stack adopts the clone *instance_id*.

    Raises:
        RefusedError: It is not a clone, or it is being released.
        ConfigurationError: No region is given, or the credentials are refused.
        CloneError: The cloud gave no usable answer.
    """
    clone = find(instance_id, regions.at(default_region(regions)))
    steps = steps_to_adopt(clone)
    if as_json:
        tree = {**clone.tree(), "urn_prefix": clone.urn_prefix, "steps": [*steps]}
        output.document(to_document(tree))
        return ExitCode.SUCCESS
    output.rows(_adoption_rows(clone, steps, emulator=regions.emulator), labelled=True)
    return ExitCode.SUCCESS


def clone_rows(clone: OwnedClone, emulator: str) -> Iterator[output.Row]:
    """
    Yield the rows that describe *clone*.
    """
    instance, tags = clone.seen.instance, clone.seen.tags
    yield "clone", located(clone.id, instance.region, emulator=emulator)
    yield "stack", tags.get(STACK_TAG, NOT_KNOWN)
    yield "stage", tags.get(STAGE_TAG, NOT_KNOWN)
    yield "status", instance.status
    yield "age", _age(clone)
    yield "restored", restore_text(clone.origin[1])


def _adoption_rows(
    clone: OwnedClone, steps: tuple[str, ...], *, emulator: str
) -> Iterator[output.Row]:
    yield from clone_rows(clone, emulator)
    yield "key", clone.seen.tags[KEY_TAG]
    yield "urn", f"{clone.urn_prefix}…" if clone.urn_prefix else NOT_KNOWN
    yield ()
    for number, step in enumerate(steps, start=1):
        yield f"step {number}", step


def _line(clone: OwnedClone) -> output.Row:
    instance, tags, price = clone.seen.instance, clone.seen.tags, clone.price
    return (
        clone.id,
        tags.get(STAGE_TAG, NOT_KNOWN),
        instance.status,
        _age(clone),
        f"{price.amount:.2f} {price.currency}" if price else "",
        tags.get(STACK_TAG, NOT_KNOWN),
    )


def _age(clone: OwnedClone) -> str:
    return format_age(clone.age) if clone.age is not None else NOT_KNOWN
