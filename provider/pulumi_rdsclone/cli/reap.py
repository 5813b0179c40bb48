"""
The command ``reap``.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Final

from pulumi_rdsclone.cli import output
from pulumi_rdsclone.cli.clones_release import TerminalProgress
from pulumi_rdsclone.cli.connection import default_region
from pulumi_rdsclone.cli.exit_codes import ExitCode
from pulumi_rdsclone.cloud.regions import CloudRegions
from pulumi_rdsclone.domain.errors import CloneError, ConfigurationError
from pulumi_rdsclone.domain.times import parse_duration
from pulumi_rdsclone.domain.values import Document
from pulumi_rdsclone.lifecycle import releasing
from pulumi_rdsclone.lifecycle.inventory import OwnedClone, clones_in, find
from pulumi_rdsclone.lifecycle.region import RegionContext
from pulumi_rdsclone.presentation.documents import to_document
from pulumi_rdsclone.presentation.messages import emulator_note

_AT_ONCE: Final = 10
"""How many clones are released at the same time."""


@dataclass(frozen=True)
class Reaped:
    """
    An expired clone and its fate.

    Attributes:
        clone: The clone.
        fate: One of released, kept and expired, the last if nothing was done.
        why: Why it was kept; empty otherwise.
    """

    clone: OwnedClone
    fate: str
    why: str = ""

    def tree(self) -> Document:
        """
        Return everything as a tree of plain values, in snake_case.
        """
        return {**self.clone.tree(), "fate": self.fate, "why": self.why or None}


@dataclass(frozen=True, kw_only=True)
class Limits:
    """
    Limits of what may be released.

    Attributes:
        stack: Project and stack, as in the birth tags; None for all.
        most: How many clones may have expired; if there are more, none is released.
            None for any number.
        grace: How long ago a clone must have expired.
    """

    stack: str | None = None
    most: int | None = None
    grace: timedelta = timedelta()

    @classmethod
    def of(cls, *, stack: str | None, most: str | None, grace: str | None) -> "Limits":
        """
        Return the limits that the validated options set.
        """
        period = parse_duration(grace) if grace else timedelta()
        return cls(stack=stack, most=int(most) if most else None, grace=period)

    def expired(self, clones: Sequence[OwnedClone]) -> list[OwnedClone]:
        """
        Return those of *clones* that expired at least the grace period ago.
        """
        return [clone for clone in clones if clone.has_expired_for(self.grace)]

    def refusal(self, count: int) -> str:
        """
        Return why *count* expired clones are too many, empty if they are not.
        """
        if self.most is None or count <= self.most:
            return ""
        return f"{count} clones have expired, more than --max {self.most}"


def reap_clones(
    limits: Limits, regions: CloudRegions, *, dry_run: bool, as_json: bool
) -> ExitCode:
    """
    Release the clones that have expired, within *limits*.

    Args:
        limits: Limits of what may be released.
        regions: The configured regions.
        dry_run: Whether they are only listed.
        as_json: Whether to print JSON.

    Raises:
        ConfigurationError: No region is given, the credentials are refused, or the
            stack has no clone.
        CloneError: The cloud gave no usable answer about the clones.
    """
    region_id = default_region(regions)
    region = regions.at(region_id)
    clones = _clones_of(limits.stack, region)
    reaped = _reaped(limits, limits.expired(clones), region=region, dry_run=dry_run)
    if as_json:
        tree = {"region": region_id, "clones": [entry.tree() for entry in reaped]}
        output.document(to_document(tree))
    else:
        counted = f"{len(reaped) or 'no'} clone{'' if len(reaped) == 1 else 's'}"
        note = emulator_note(regions.emulator)
        output.rows([(f"{counted} expired in {region_id}{note}",)])
        output.rows((entry.clone.id, entry.fate, entry.why) for entry in reaped)
    return ExitCode.REFUSED if any(entry.why for entry in reaped) else ExitCode.SUCCESS


def _clones_of(stack: str | None, region: RegionContext) -> list[OwnedClone]:
    """
    Return the clones of *stack*, or of all stacks, the oldest first.

    Raises:
        ConfigurationError: The stack has none: its name may be misspelt.
        CloneError: The cloud gave no usable answer.
    """
    clones = clones_in(region, stack)
    if stack and not clones:
        message = (
            f"there is no clone of the stack {stack} in {region.id} — run "
            "rdsclone clones list to see all stacks with clones"
        )
        raise ConfigurationError(message)
    return clones


def _reaped(
    limits: Limits,
    expired: Sequence[OwnedClone],
    *,
    region: RegionContext,
    dry_run: bool,
) -> list[Reaped]:
    if refusal := limits.refusal(len(expired)):
        return [Reaped(clone, "kept", refusal) for clone in expired]
    if dry_run:
        return [Reaped(clone, "expired") for clone in expired]
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        return list(pool.map(partial(_released, region, grace=limits.grace), expired))


def _released(region: RegionContext, clone: OwnedClone, *, grace: timedelta) -> Reaped:
    """
    Release *clone* if it is still expired.
    """
    try:
        if not find(clone.id, region).has_expired_for(grace):
            return Reaped(clone, "kept", "its expiry was extended in the meantime")
        releasing.release(clone.id, region, progress=TerminalProgress())
    except CloneError as error:
        return Reaped(clone, "kept", str(error))
    return Reaped(clone, "released")
