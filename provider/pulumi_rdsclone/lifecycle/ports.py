"""
What the lifecycle needs from the world, as protocols.
"""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import Any, Protocol

from pulumi_rdsclone.domain.accounts import DatabaseAccount
from pulumi_rdsclone.domain.adoption import TaggedInstance
from pulumi_rdsclone.domain.aspects import Aspect
from pulumi_rdsclone.domain.backups import (
    BackupPolicy,
    BackupSet,
    Contents,
    NoWindow,
    RecoveryWindow,
    Span,
)
from pulumi_rdsclone.domain.changes import AspectChange
from pulumi_rdsclone.domain.engine_parameters import ParameterTemplate
from pulumi_rdsclone.domain.instances import Instance, InstanceSummary
from pulumi_rdsclone.domain.market import (
    ClassOffer,
    OfferQuery,
    Price,
    VSwitch,
    ZoneOffer,
)
from pulumi_rdsclone.domain.ordering import CloneOrder
from pulumi_rdsclone.domain.restoring import Restore
from pulumi_rdsclone.domain.spec import Payment, Serverless


class Clock(Protocol):
    """
    Time, so that tests can hold it in their hands.
    """

    def now(self) -> datetime:
        """
        Give the present instant in UTC.
        """
        ...

    def sleep(self, seconds: float, until: Callable[[], bool] | None = None) -> None:
        """
        Come back after *seconds*, or within half a second when *until* holds.
        """
        ...


class Progress(Protocol):
    """
    What the user sees of the work on one resource, and whether it is still wanted.
    """

    @property
    def has_listener(self) -> bool:
        """
        Whether the engine, or a user at a terminal, still waits for the outcome.
        """
        ...

    @property
    def is_cancelled(self) -> bool:
        """
        Whether the user wants this run to end soon, with everything kept.
        """
        ...

    def show(self, text: str) -> None:
        """
        Show *text* in place of what was shown before; it is gone at the end.
        """
        ...

    def warn(self, text: str) -> None:
        """
        Show *text* as a warning that stays.
        """
        ...

    def after_recorded(self, action: Callable[[], None]) -> None:
        """
        Do *action* once the outcome has been recorded, if that can be known.

        What goes wrong with it is nobody's concern any more.
        """
        ...


class Rds(Protocol):
    """
    ApsaraDB RDS in one region, as far as clones need it.

    Every method raises *ApiError* of `domain.errors` when the call is refused or
    does not come back, after the repeats that are safe for it: a call that orders or
    changes something is sent once.
    """

    region: str

    def instance(self, instance_id: str) -> Instance:
        """
        Describe one instance; *NotFoundError* when it is known to be gone.
        """
        ...

    def list_instances(self, tags: Mapping[str, str]) -> tuple[InstanceSummary, ...]:
        """
        List the instances that carry the one tag in *tags*; all without one.

        Of several the API matches any. Source: Tags of DescribeDBInstances, SDK 16.0.2.
        """
        ...

    def count_instances(self) -> int:
        """
        Count the instances of the region.
        """
        ...

    def list_clones(self, stack: str) -> tuple[TaggedInstance, ...]:
        """
        List the clones with the birth tag of *stack*.
        """
        ...

    def backup_sets(self, instance_id: str) -> tuple[BackupSet, ...]:
        """
        List all data backups of an instance.
        """
        ...

    def recovery_window(self, instance_id: str) -> RecoveryWindow | NoWindow:
        """
        Tell which seconds of an instance can be restored.
        """
        ...

    def backup_policy(self, instance_id: str) -> BackupPolicy:
        """
        Tell what of an instance is backed up.
        """
        ...

    def log_backups(self, instance_id: str, span: Span) -> tuple[Span, ...]:
        """
        List the stretches of *span* that the log backups of SQL Server cover.
        """
        ...

    def migrations(self, instance_id: str) -> tuple[str, ...]:
        """
        Name the databases that are being imported into a SQL Server instance.
        """
        ...

    def tasks(self, instance_id: str) -> tuple[str, ...]:
        """
        Name the tasks that run on an instance.
        """
        ...

    def contents(
        self, instance_id: str, restore: Restore, databases: tuple[str, ...]
    ) -> Contents:
        """
        Tell which databases a backup holds, and the tables of some of them.
        """
        ...

    def zone_offers(
        self, engine: str, engine_version: str, payment: str = "PayAsYouGo"
    ) -> tuple[ZoneOffer, ...]:
        """
        List what the zones of the region sell to be paid for as *payment* says.
        """
        ...

    def class_offers(self, offer_query: OfferQuery) -> tuple[ClassOffer, ...]:
        """
        List the classes that are sold.
        """
        ...

    def vswitches(self, vpc_id: str) -> tuple[VSwitch, ...]:
        """
        List the vSwitches of a VPC; empty when there is no such VPC.
        """
        ...

    def price(
        self,
        offer_query: OfferQuery,
        instance_class: str,
        storage_gb: int,
        payment: Payment,
    ) -> Price:
        """
        Tell what an instance costs.
        """
        ...

    def serverless_price(
        self,
        offer_query: OfferQuery,
        instance_class: str,
        storage_gb: int,
        serverless: Serverless,
    ) -> Price:
        """
        Tell what an hour of a serverless instance costs at most.
        """
        ...

    def parameter_templates(
        self, engine: str, engine_version: str
    ) -> tuple[ParameterTemplate, ...]:
        """
        List the parameters of an engine.
        """
        ...

    def parameters(self, instance_id: str) -> dict[str, str]:
        """
        Give the values that an instance's parameters have now, by their names.
        """
        ...

    def accounts(self, instance_id: str) -> dict[str, DatabaseAccount]:
        """
        Give the accounts of an instance's databases, by their names.
        """
        ...

    def order_clone(self, order: CloneOrder) -> str:
        """
        Order a clone and give its id. This is the call that costs money.

        Repeating it with an equal *order* gives the same clone.
        """
        ...

    def release(self, instance_id: str, keep: str | None = None) -> None:
        """
        Begin to release an instance; *keep* says which backup sets outlive it.
        """
        ...

    def tags(self, instance_id: str) -> dict[str, str]:
        """
        Give all tags of an instance.
        """
        ...

    def tags_by_key(self, key: str) -> dict[str, dict[str, str]]:
        """
        Give all tags of each instance that has one with *key*, whatever its value.
        """
        ...

    def set_tags(self, instance_id: str, tags: Mapping[str, str]) -> None:
        """
        Add *tags* to an instance, replacing the values of those it has.
        """
        ...

    def read_aspects(
        self, instance_id: str, aspects: Collection[Aspect]
    ) -> dict[str, Any]:
        """
        Read those of *aspects* that need calls of their own: values by dotted path.

        What *instance* and *tags* tell is not asked for again.
        """
        ...

    def apply(self, alteration: AspectChange) -> None:
        """
        Change one aspect of an instance in place. Slow changes are only begun.
        """
        ...
