"""
The command ``import-file``.
"""

import sys
from collections.abc import Sequence
from typing import Final
from uuid import uuid4

from pulumi_rdsclone.adapters.import_file import import_file
from pulumi_rdsclone.cli import output
from pulumi_rdsclone.cli.forms import id_fault, region_fault
from pulumi_rdsclone.cli.guarding import Code, tell
from pulumi_rdsclone.cli.reach import default_region
from pulumi_rdsclone.cloud.regions import Regions
from pulumi_rdsclone.domain.errors import ConfigurationError
from pulumi_rdsclone.lifecycle.importing import read_for_import

_MOST_PARTS: Final = 3

_NEXT: Final = (
    "write this to a file, declare the clones with these names and inputs, and run "
    "pulumi import --file FILE --yes --generate-code=false --protect=false\n"
)


def write(clones: Sequence[str], sites: Regions) -> Code:
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
            msg = f"{text!r} is not NAME=ID — write a name and the id of an instance"
            raise ConfigurationError(msg)
        if names.count(name) > 1:
            msg = (
                f"the name {name} is used twice — write NAME=ID with a different NAME "
                "for each instance"
            )
            raise ConfigurationError(msg)
        if fault := _fault(instance):
            msg = f"{name}: {fault} — write NAME=[REGION/]ID[/SOURCE]"
            raise ConfigurationError(msg)
    readings = {
        name: read_for_import(_with_region(instance, sites), uuid4().hex, sites)
        for name, _, instance in named
    }
    output.document(import_file(readings))
    if sys.stderr.isatty():
        tell(_NEXT)
    return Code.FINE


def _with_region(place: str, sites: Regions) -> str:
    return place if "/" in place else f"{default_region(sites)}/{place}"


def _fault(place: str) -> str:
    """
    Return what is wrong with *place*, [REGION/]ID[/SOURCE]; empty if nothing is.
    """
    parts = place.split("/")
    if len(parts) > _MOST_PARTS:
        return f"{place!r} has too many parts"
    region = parts[:1] if len(parts) > 1 else []
    faults = [region_fault(one) for one in region]
    faults += [id_fault(one) for one in parts[len(region) :]]
    return next(filter(None, faults), "")
