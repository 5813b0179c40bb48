"""
The functions that a program may call: what each is asked and tells, in one table.

The schema, the functions in Python and a plugin's Invoke derive from it. Nothing is
ever ordered or changed.
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
from pulumi_rdsclone.domain.outputs import EstimatedPrice
from pulumi_rdsclone.domain.parsing import Parsed, parse_as
from pulumi_rdsclone.domain.part import Part
from pulumi_rdsclone.domain.problems import Problem
from pulumi_rdsclone.domain.spec import CloneSpec
from pulumi_rdsclone.domain.unknown import has_unknown
from pulumi_rdsclone.lifecycle.checking import examine
from pulumi_rdsclone.lifecycle.learning import FOR_PREVIEW
from pulumi_rdsclone.lifecycle.site import Site, Sites, region_of
from pulumi_rdsclone.lifecycle.sources import (
    backup_sets_of,
    insist,
    latest_backup_of,
    look_up,
    window_of,
)

P = TypeVar("P", bound=Part)


@dataclass(frozen=True, kw_only=True)
class Function(Generic[P]):
    """
    One function.

    Attributes:
        name: As Pulumi's users know it.
        doc: What it tells, a sentence or more.
        arguments: What it is asked.
        result: What it tells.
        handler: Answers; gives a *result*.
    """

    name: str
    doc: str
    arguments: type[P]
    result: type[Part]
    handler: Callable[[Parsed[P], Sites], Part]

    def answer(self, arguments: Mapping[str, Any], sites: Sites) -> dict[str, Any]:
        """
        Answer with a tree in snake_case; None is not known.

        Args:
            arguments: A tree in snake_case, every value known.
            sites: Where to look.

        Raises:
            CloneError: The arguments are wrong, or there is no answer.
        """
        if unknown := [name for name in arguments if has_unknown(arguments[name])]:
            raise InvalidSpecError([_not_known(name) for name in unknown])
        told = {**arguments, "region": region_of(arguments, sites)}
        return self.handler(parse_as(self.arguments, told), sites).complete()


def _not_known(name: str) -> Problem:
    return Problem(
        check="input-form",
        path=name,
        what="not known yet",
        remedy="ask when it is known",
    )


def _site(query: SourceQuery, sites: Sites) -> Site:
    return sites.at(str(query.region))


def _restorable_window(parsed: Parsed[SourceQuery], sites: Sites) -> RestorableWindow:
    query = parsed.sound()
    site = _site(query, sites)
    source = look_up(query.source_instance_id, site)
    window = window_of(source, site.library)
    return RestorableWindow.of(source, window, site.rds.region)


def _backups(parsed: Parsed[BackupsQuery], sites: Sites) -> Backups:
    query = parsed.sound()
    site = _site(query, sites)
    source = look_up(query.source_instance_id, site)
    sets = backup_sets_of(source.id, site.library)
    return Backups(
        source_instance_id=source.id,
        region=site.rds.region,
        backups=[Backup.of(one) for one in sets if one.usable or not query.usable_only],
    )


def _latest_backup(parsed: Parsed[LatestBackupQuery], sites: Sites) -> Backup:
    query = parsed.sound()
    site = _site(query, sites)
    source = look_up(query.source_instance_id, site)
    return Backup.of(latest_backup_of(source.id, site, query.before))


def _clone_check(parsed: Parsed[CloneSpec], sites: Sites) -> CloneCheck:
    report = examine(parsed, sites, FOR_PREVIEW)
    insist(report, sites)
    return CloneCheck.of(report)


def _clone_price(parsed: Parsed[CloneSpec], sites: Sites) -> EstimatedPrice:
    """
    Give the price.

    Raises:
        RefusedError: It depends on the load, or the cloud does not tell it.
        PrerequisiteError: There is nothing that could have a price.
    """
    spec = parsed.sound()
    if spec.payment.type == "Serverless":
        raise RefusedError(_BY_LOAD)
    report = examine(parsed, sites, FOR_PREVIEW)
    insist(report, sites)
    price = report.facts.price
    if isinstance(price, Price):
        return EstimatedPrice.model_validate(price.tree())
    if report.errors:
        raise PrerequisiteError(report.errors)
    reasons = [one.why for one in report.unlearnt if one.fact == "price"]
    why = "; ".join(reasons) or "it was not told"
    msg = f"the price is not known: {why} — allow what is missing, or run again later"
    raise RefusedError(msg)


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

FUNCTIONS: Final[Mapping[str, Function[Any]]] = {one.name: one for one in _FUNCTIONS}
"""All functions by their names."""
