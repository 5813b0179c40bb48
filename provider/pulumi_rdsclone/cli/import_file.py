"""
The command ``import-file``.
"""

import sys
from collections.abc import Sequence
from typing import Final
from uuid import uuid4

from pulumi_rdsclone.cli import output
from pulumi_rdsclone.cli.connection import default_region
from pulumi_rdsclone.cli.exit_codes import ExitCode, write_error
from pulumi_rdsclone.cli.validation import id_fault, region_fault
from pulumi_rdsclone.cloud.regions import CloudRegions
from pulumi_rdsclone.domain.errors import ConfigurationError
from pulumi_rdsclone.lifecycle.importing import read_for_import
from pulumi_rdsclone.presentation.import_file import import_file

_MOST_PARTS: Final = 3

_NEXT: Final = (
    "write this to a file, declare the clones with these names and inputs, and run "
    "pulumi import --file FILE --yes --generate-code=false --protect=false\n"
)


def print_import_file(clones: Sequence[str], regions: CloudRegions) -> ExitCode:
    """
    Print the file for *clones*, each NAME=ID, NAME=REGION/ID or NAME=REGION/ID/SOURCE.

    Raises:
        RefusedError: An instance does not exist, or its source is not known.
        ConfigurationError: A name is missing or given twice, an id or a region is
            ill-formed, or no region is given.
        CloneError: The cloud gave no usable answer.
    """
    named = [clone.partition("=") for clone in clones]
    names = [name for name, _, _ in named]
    for text, (name, _, instance) in zip(clones, named, strict=True):
        if not name.strip() or not instance:
            message = (
                f"{text!r} is not NAME=ID — write a name and the id of an instance"
            )
            raise ConfigurationError(message)
        if names.count(name) > 1:
            message = (
                f"the name {name} is used twice — write NAME=ID with a different NAME "
                "for each instance"
            )
            raise ConfigurationError(message)
        if fault := _fault(instance):
            message = f"{name}: {fault} — write NAME=[REGION/]ID[/SOURCE]"
            raise ConfigurationError(message)
    readings = {
        name: read_for_import(
            _with_region(instance, regions), new_key=uuid4().hex, regions=regions
        )
        for name, _, instance in named
    }
    output.document(import_file(readings))
    if sys.stderr.isatty():
        write_error(_NEXT)
    return ExitCode.SUCCESS


def _with_region(place: str, regions: CloudRegions) -> str:
    return place if "/" in place else f"{default_region(regions)}/{place}"


def _fault(place: str) -> str:
    """
    Return what is wrong with *place*, [REGION/]ID[/SOURCE]; empty if nothing is.
    """
    parts = place.split("/")
    if len(parts) > _MOST_PARTS:
        return f"{place!r} has too many parts"
    region = parts[:1] if len(parts) > 1 else []
    faults = [region_fault(part) for part in region]
    faults += [id_fault(part) for part in parts[len(region) :]]
    return next(filter(None, faults), "")
