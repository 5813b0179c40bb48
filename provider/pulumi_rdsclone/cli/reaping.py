"""
The command ``reap``.
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from pulumi_rdsclone.adapters.reports import report_document
from pulumi_rdsclone.cli import output
from pulumi_rdsclone.cli.guarding import Code
from pulumi_rdsclone.cli.reach import default_region
from pulumi_rdsclone.cli.releasing import Progress
from pulumi_rdsclone.cli.words import emulator_note
from pulumi_rdsclone.cloud.regions import Regions
from pulumi_rdsclone.domain.errors import CloneError
from pulumi_rdsclone.lifecycle import releasing
from pulumi_rdsclone.lifecycle.inventory import Clone, clones_in, find
from pulumi_rdsclone.lifecycle.site import Site

_AT_ONCE: Final = 10
"""How many clones are released at the same time."""


@dataclass(frozen=True)
class Reaped:
    """
    What became of an expired clone.

    Attributes:
        clone: The clone.
        fate: One of released, kept and expired, the last when nothing was done.
        why: Why it was kept; empty otherwise.
    """

    clone: Clone
    fate: str
    why: str = ""

    def tree(self) -> dict[str, Any]:
        """
        Give everything as a tree of plain values, in snake_case.
        """
        return {**self.clone.tree(), "fate": self.fate, "why": self.why or None}


def reap(stack: str | None, sites: Regions, *, dry_run: bool, as_json: bool) -> Code:
    """
    Release the clones of *stack*, or of all stacks, that have expired.

    Args:
        stack: Project and stack, as the birth tags have them; None for all.
        sites: Where.
        dry_run: Whether they are only named.
        as_json: Whether a program reads the outcome.

    Raises:
        ConfigurationError: No region is given, or the credentials are refused.
        CloneError: The cloud gave no usable answer about the clones.
    """
    region = default_region(sites)
    site = sites.at(region)
    expired = [one for one in clones_in(site, stack) if one.has_expired]
    end = partial(_named if dry_run else _released, site)
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        reaped = list(pool.map(end, expired))
    if as_json:
        told = {"region": region, "clones": [one.tree() for one in reaped]}
        output.document(report_document(told))
    else:
        counted = f"{len(reaped) or 'no'} clone{'' if len(reaped) == 1 else 's'}"
        note = emulator_note(sites.emulator)
        output.rows([(f"{counted} expired in {region}{note}",)])
        output.rows((one.clone.id, one.fate, one.why) for one in reaped)
    return Code.REFUSED if any(one.why for one in reaped) else Code.FINE


def _named(_site: Site, clone: Clone) -> Reaped:
    return Reaped(clone, "expired")


def _released(site: Site, clone: Clone) -> Reaped:
    """
    Release *clone*, if it is still the one that has expired.
    """
    try:
        if not find(clone.id, site).has_expired:
            return Reaped(clone, "kept", "it was given more time meanwhile")
        releasing.release(clone.id, site, Progress())
    except CloneError as error:
        return Reaped(clone, "kept", str(error))
    return Reaped(clone, "released")
