"""
The table of the functions that a program may call: name, doc, arguments, result.

The schema, the functions in Python and a plugin's Invoke derive from it. Functions
read, and neither order nor change anything.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

from pulumi_rdsclone.domain.errors import (
    InvalidSpecError,
    PrerequisiteError,
    RefusedError,
)
from pulumi_rdsclone.domain.functions import (
    Backup,
    Backups,
    BackupsQuery,
    CloneCheck,
    LatestBackupQuery,
    RestorableWindow,
    SourceQuery,
)
from pulumi_rdsclone.domain.market import Price
from pulumi_rdsclone.domain.model import FieldGroup
from pulumi_rdsclone.domain.outputs import EstimatedPrice
from pulumi_rdsclone.domain.parsing import Parsed, parse_as
from pulumi_rdsclone.domain.problems import Problem
from pulumi_rdsclone.domain.spec import CloneSpec
from pulumi_rdsclone.domain.unknown import has_unknown
from pulumi_rdsclone.domain.values import Properties
from pulumi_rdsclone.lifecycle.examining import examine
from pulumi_rdsclone.lifecycle.fact_reading import PREVIEW_MAX_AGE
from pulumi_rdsclone.lifecycle.region import RegionContext, Regions, region_id_of
from pulumi_rdsclone.lifecycle.sources import (
    backup_sets_of,
    latest_backup_of,
    look_up,
    require_source,
    window_of,
)

P = TypeVar("P", bound=FieldGroup)


@dataclass(frozen=True, kw_only=True)
class Function(Generic[P]):
    """
    One function.

    Attributes:
        name: As Pulumi's users know it.
        doc: One or more sentences for users.
        arguments: Type of its arguments.
        result: Type of its result.
        handler: Returns the *result*.
    """

    name: str
    doc: str
    arguments: type[P]
    result: type[FieldGroup]
    handler: Callable[[Parsed[P], Regions], FieldGroup]

    def answer(self, arguments: Properties, regions: Regions) -> Properties:
        """
        Return the result as a tree in snake_case; None is unknown.

        Args:
            arguments: A tree in snake_case, every value known.
            regions: Where to look.

        Raises:
            CloneError: The arguments are wrong, or there is no result.
        """
        if unknown := [name for name in arguments if has_unknown(arguments[name])]:
            raise InvalidSpecError([_not_known(name) for name in unknown])
        values = {**arguments, "region": region_id_of(arguments, regions)}
        return self.handler(parse_as(self.arguments, values), regions).complete()


def _not_known(name: str) -> Problem:
    return Problem(
        check="input-form",
        path=name,
        what="not known yet",
        remedy="ask when it is known",
    )


def _region(query: SourceQuery, regions: Regions) -> RegionContext:
    return regions.at(str(query.region))


def _restorable_window(
    parsed: Parsed[SourceQuery], regions: Regions
) -> RestorableWindow:
    query = parsed.spec_or_raise()
    region = _region(query, regions)
    source = look_up(query.source_instance_id, region)
    window = window_of(source, region.cache)
    return RestorableWindow.of(source, window, region=region.id)


def _backups(parsed: Parsed[BackupsQuery], regions: Regions) -> Backups:
    query = parsed.spec_or_raise()
    region = _region(query, regions)
    source = look_up(query.source_instance_id, region)
    sets = backup_sets_of(source.id, region.cache)
    return Backups(
        source_instance_id=source.id,
        region=region.id,
        backups=[
            Backup.of(backup_set)
            for backup_set in sets
            if backup_set.usable or not query.usable_only
        ],
    )


def _latest_backup(parsed: Parsed[LatestBackupQuery], regions: Regions) -> Backup:
    query = parsed.spec_or_raise()
    region = _region(query, regions)
    source = look_up(query.source_instance_id, region)
    return Backup.of(latest_backup_of(source.id, region, before=query.before))


def _clone_check(parsed: Parsed[CloneSpec], regions: Regions) -> CloneCheck:
    report = examine(parsed, regions, max_age=PREVIEW_MAX_AGE)
    require_source(report, regions)
    return CloneCheck.of(report)


def _clone_price(parsed: Parsed[CloneSpec], regions: Regions) -> EstimatedPrice:
    """
    Return the price of a clone.

    Raises:
        RefusedError: It depends on the load, or is not reported.
        PrerequisiteError: There is nothing that could have a price.
    """
    spec = parsed.spec_or_raise()
    if spec.payment.type == "Serverless":
        raise RefusedError(_BY_LOAD)
    report = examine(parsed, regions, max_age=PREVIEW_MAX_AGE)
    require_source(report, regions)
    price = report.facts.price
    if isinstance(price, Price):
        return EstimatedPrice.model_validate(price.tree())
    if report.errors:
        raise PrerequisiteError(report.errors)
    reasons = [
        unknown.why for unknown in report.unknown_facts if unknown.fact == "price"
    ]
    why = "; ".join(reasons) or "it was not told"
    message = (
        f"the price is not known: {why} — allow what is missing, or run again later"
    )
    raise RefusedError(message)


_BY_LOAD: Final = (
    "payment.type: what a Serverless clone costs depends on its load — ask for "
    "PayAsYouGo or Subscription"
)

_FUNCTIONS: Final = (
    Function(
        name="getRestorableWindow",
        doc=(
            "Tell which seconds of an instance can be restored. Where none can, the "
            "reason is told, and nothing fails."
        ),
        arguments=SourceQuery,
        result=RestorableWindow,
        handler=_restorable_window,
    ),
    Function(
        name="getBackups",
        doc="List the backup sets of an instance, and what keeps one from use.",
        arguments=BackupsQuery,
        result=Backups,
        handler=_backups,
    ),
    Function(
        name="getLatestBackup",
        doc=(
            "Give the newest usable backup set of an instance, the one that "
            "`latest: backup` takes. Where there is none, the call fails."
        ),
        arguments=LatestBackupQuery,
        result=Backup,
        handler=_latest_backup,
    ),
    Function(
        name="checkClone",
        doc=(
            "Check a clone as preview does: tell what would be restored, at what "
            "price, and every problem. A clone that would be refused is told, and "
            "nothing fails."
        ),
        arguments=CloneSpec,
        result=CloneCheck,
        handler=_clone_check,
    ),
    Function(
        name="getClonePrice",
        doc=(
            "Tell what a clone would cost, discounts included. Where the cloud does "
            "not tell, the call fails."
        ),
        arguments=CloneSpec,
        result=EstimatedPrice,
        handler=_clone_price,
    ),
)

FUNCTIONS: Final[Mapping[str, Function[Any]]] = {
    function.name: function for function in _FUNCTIONS
}
"""All functions by their names."""
