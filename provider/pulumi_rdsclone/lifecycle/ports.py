"""
Protocols of the clock, the progress display and the cloud.
"""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import Protocol

from pulumi_rdsclone.domain.accounts import DatabaseAccount
from pulumi_rdsclone.domain.adoption import TaggedInstance
from pulumi_rdsclone.domain.aspect_reading import AspectReading
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
    A clock; tests replace it.
    """

    def now(self) -> datetime:
        """
        Return the present instant in UTC.
        """
        ...

    def sleep(self, seconds: float, until: Callable[[], bool] | None = None) -> None:
        """
        Sleep for *seconds*; return within half a second when *until* holds.
        """
        ...


class Progress(Protocol):
    """
    Progress on one resource, as its user sees it, and whether it is still wanted.
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
        Call *action* once the outcome has been recorded, if that can be known.

        Its errors are ignored.
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
        Return one instance; *NotFoundError* when it is known to be gone.
        """
        ...

    def list_instances(self, tags: Mapping[str, str]) -> tuple[InstanceSummary, ...]:
        """
        Return the instances that carry the one tag in *tags*; all without one.

        Of several the API matches any. Source: Tags of DescribeDBInstances, SDK 16.0.2.
        """
        ...

    def count_instances(self) -> int:
        """
        Return the number of instances of the region.
        """
        ...

    def list_clones(self, stack: str) -> tuple[TaggedInstance, ...]:
        """
        Return the clones with the birth tag of *stack*.
        """
        ...

    def backup_sets(self, instance_id: str) -> tuple[BackupSet, ...]:
        """
        Return all data backups of an instance.
        """
        ...

    def recovery_window(self, instance_id: str) -> RecoveryWindow | NoWindow:
        """
        Return the restorable window of an instance, or why it has none.
        """
        ...

    def backup_policy(self, instance_id: str) -> BackupPolicy:
        """
        Return the backup policy of an instance.
        """
        ...

    def log_backups(self, instance_id: str, span: Span) -> tuple[Span, ...]:
        """
        Return the parts of *span* that the log backups of SQL Server cover.
        """
        ...

    def migrations(self, instance_id: str) -> tuple[str, ...]:
        """
        Return the names of databases that are being imported into SQL Server.
        """
        ...

    def tasks(self, instance_id: str) -> tuple[str, ...]:
        """
        Return the names of the tasks that run on an instance.
        """
        ...

    def contents(
        self, instance_id: str, restore: Restore, databases: tuple[str, ...]
    ) -> Contents:
        """
        Return the databases that a backup contains, and the tables of some of them.
        """
        ...

    def zone_offers(
        self, engine: str, engine_version: str, payment: str = "PayAsYouGo"
    ) -> tuple[ZoneOffer, ...]:
        """
        Return the offers of the zones of the region for *payment*.
        """
        ...

    def class_offers(self, query: OfferQuery) -> tuple[ClassOffer, ...]:
        """
        Return the classes that are available.
        """
        ...

    def vswitches(self, vpc_id: str) -> tuple[VSwitch, ...]:
        """
        Return the vSwitches of a VPC; empty when there is no such VPC.
        """
        ...

    def price(
        self,
        query: OfferQuery,
        instance_class: str,
        storage_gb: int,
        payment: Payment,
    ) -> Price:
        """
        Return the price of an instance.
        """
        ...

    def serverless_price(
        self,
        query: OfferQuery,
        instance_class: str,
        storage_gb: int,
        serverless: Serverless,
    ) -> Price:
        """
        Return the highest price of an hour of a serverless instance.
        """
        ...

    def parameter_templates(
        self, engine: str, engine_version: str
    ) -> tuple[ParameterTemplate, ...]:
        """
        Return the parameters of an engine.
        """
        ...

    def parameters(self, instance_id: str) -> dict[str, str]:
        """
        Return the values that an instance's parameters have now, by their names.
        """
        ...

    def accounts(self, instance_id: str) -> dict[str, DatabaseAccount]:
        """
        Return the accounts of an instance's databases, by their names.
        """
        ...

    def order_clone(self, order: CloneOrder) -> str:
        """
        Order a clone and return its id. This is the call that costs money.

        Repeating it with an equal *order* gives the same clone.
        """
        ...

    def release(self, instance_id: str, keep_policy: str | None = None) -> None:
        """
        Start to release an instance; *keep_policy* selects the backup sets to keep.
        """
        ...

    def tags(self, instance_id: str) -> dict[str, str]:
        """
        Return all tags of an instance.
        """
        ...

    def tags_by_key(self, key: str) -> dict[str, dict[str, str]]:
        """
        Return all tags of each instance that has one with *key*, whatever its value.
        """
        ...

    def set_tags(self, instance_id: str, tags: Mapping[str, str]) -> None:
        """
        Add *tags* to an instance, replacing the values of those it has.
        """
        ...

    def read_aspects(
        self, instance_id: str, aspects: Collection[Aspect]
    ) -> AspectReading:
        """
        Return what calls of their own report of *aspects*.

        Values that *instance* and *tags* return are not read again.
        """
        ...

    def apply(self, change: AspectChange) -> None:
        """
        Change one aspect of an instance in place. Slow changes are only started.
        """
        ...
