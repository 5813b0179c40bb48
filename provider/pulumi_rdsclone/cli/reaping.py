"""
The command ``reap``.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any, Final

from pulumi_rdsclone.adapters.reports import report_document
from pulumi_rdsclone.cli import output
from pulumi_rdsclone.cli.guarding import Code
from pulumi_rdsclone.cli.reach import default_region
from pulumi_rdsclone.cli.releasing import Progress
from pulumi_rdsclone.cli.words import emulator_note
from pulumi_rdsclone.cloud.regions import Regions
from pulumi_rdsclone.domain.errors import CloneError, ConfigurationError
from pulumi_rdsclone.domain.times import parse_duration
from pulumi_rdsclone.lifecycle import releasing
from pulumi_rdsclone.lifecycle.inventory import Clone, clones_in, find
from pulumi_rdsclone.lifecycle.region import RegionContext

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


@dataclass(frozen=True, kw_only=True)
class Limits:
    """
    Which clones may be released.

    Attributes:
        stack: Project and stack, as the birth tags have them; None for all.
        most: How many may have expired; if there are more, none is released. None for
            any number.
        grace: How long ago a clone must have expired.
    """

    stack: str | None = None
    most: int | None = None
    grace: timedelta = timedelta()

    @classmethod
    def of(cls, *, stack: str | None, most: str | None, grace: str | None) -> "Limits":
        """
        Return the limits that the options, which are sound, give.
        """
        period = parse_duration(grace) if grace else timedelta()
        return cls(stack=stack, most=int(most) if most else None, grace=period)

    def expired(self, clones: Sequence[Clone]) -> list[Clone]:
        """
        Return those of *clones* that expired at least the grace period ago.
        """
        return [one for one in clones if one.has_expired_for(self.grace)]

    def refusal(self, count: int) -> str:
        """
        Return why *count* expired clones are too many, empty if they are not.
        """
        if self.most is None or count <= self.most:
            return ""
        return f"{count} clones have expired, more than --max {self.most}"


def reap(limits: Limits, sites: Regions, *, dry_run: bool, as_json: bool) -> Code:
    """
    Release the clones that have expired, within *limits*.

    Args:
        limits: Which of them.
        sites: Where.
        dry_run: Whether they are only named.
        as_json: Whether a program reads the outcome.

    Raises:
        ConfigurationError: No region is given, the credentials are refused, or the
            stack has no clone.
        CloneError: The cloud gave no usable answer about the clones.
    """
    region = default_region(sites)
    site = sites.at(region)
    clones = _clones_of(limits.stack, site)
    reaped = _reaped(limits, limits.expired(clones), site, dry_run=dry_run)
    if as_json:
        told = {"region": region, "clones": [one.tree() for one in reaped]}
        output.document(report_document(told))
    else:
        counted = f"{len(reaped) or 'no'} clone{'' if len(reaped) == 1 else 's'}"
        note = emulator_note(sites.emulator)
        output.rows([(f"{counted} expired in {region}{note}",)])
        output.rows((one.clone.id, one.fate, one.why) for one in reaped)
    return Code.REFUSED if any(one.why for one in reaped) else Code.FINE


def _clones_of(stack: str | None, site: RegionContext) -> list[Clone]:
    """
    Give the clones of *stack*, or of all stacks, the oldest first.

    Raises:
        ConfigurationError: The stack has none: its name may be misspelt.
        CloneError: The cloud gave no usable answer.
    """
    clones = clones_in(site, stack)
    if stack and not clones:
        msg = (
            f"there is no clone of the stack {stack} in {site.rds.region} — run "
            "rdsclone clones list to see all stacks with clones"
        )
        raise ConfigurationError(msg)
    return clones


def _reaped(
    limits: Limits, expired: Sequence[Clone], site: RegionContext, *, dry_run: bool
) -> list[Reaped]:
    if refusal := limits.refusal(len(expired)):
        return [Reaped(one, "kept", refusal) for one in expired]
    if dry_run:
        return [Reaped(one, "expired") for one in expired]
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        return list(pool.map(partial(_released, site, limits.grace), expired))


def _released(site: RegionContext, grace: timedelta, clone: Clone) -> Reaped:
    """
    Release *clone*, if it is still one that has expired.
    """
    try:
        if not find(clone.id, site).has_expired_for(grace):
            return Reaped(clone, "kept", "its expiry was extended in the meantime")
        releasing.release(clone.id, site, Progress())
    except CloneError as error:
        return Reaped(clone, "kept", str(error))
    return Reaped(clone, "released")
