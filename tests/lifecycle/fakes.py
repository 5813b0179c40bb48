"""
A cloud in memory, a clock that tests move, and progress that is remembered.
"""

import threading
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Final, TypeVar

from typing_extensions import override

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
from pulumi_rdsclone.domain.changes import AspectChange, fields_in
from pulumi_rdsclone.domain.engine_parameters import ParameterTemplate
from pulumi_rdsclone.domain.errors import (
    ApiError,
    ApiFault,
    ConflictError,
    NotFoundError,
    NotVisibleError,
    TokenUsedError,
)
from pulumi_rdsclone.domain.identity import EXPIRES_TAG, STACK_TAG
from pulumi_rdsclone.domain.instances import Instance, InstanceSummary
from pulumi_rdsclone.domain.market import ClassOffer, OfferQuery, Price, VSwitch, ZoneOffer
from pulumi_rdsclone.domain.ordering import CloneOrder
from pulumi_rdsclone.domain.restoring import Restore
from pulumi_rdsclone.domain.spec import Payment, Serverless
from pulumi_rdsclone.lifecycle.order_log import OrderLog
from pulumi_rdsclone.lifecycle.polling import PollSchedule
from pulumi_rdsclone.lifecycle.ports import Rds
from pulumi_rdsclone.lifecycle.read_cache import READ_TIMEOUT
from pulumi_rdsclone.lifecycle.region import RegionContext, RegionOptions
from tests.domain.samples import (
    ACCOUNTS,
    BACKUP_SETS,
    CLASS_OFFERS,
    NOW,
    PARAMETER_TEMPLATES,
    POLICY,
    PRICE,
    SOURCE,
    SOURCE_PARAMETERS,
    VSWITCHES,
    WINDOW,
    ZONE_OFFERS,
)

SCHEDULE: Final = PollSchedule(first_interval=10, longest_interval=10, list_lag=30, retry_delay=5)
REGION: Final = "cn-hangzhou"
GONE: Final = "gone"
WRITES: Final = frozenset(
    {"order_clone", "release", "set_tags", *(f"change {aspect}" for aspect in Aspect)}
)
OWN_CALLS: Final = frozenset(Aspect) - {
    Aspect.DESCRIPTION,
    Aspect.TAGS,
    Aspect.EXPIRY,
    Aspect.DELETION_PROTECTION,
    Aspect.MAINTENANCE_WINDOW,
    Aspect.PAYMENT,
    Aspect.CAPACITY,
    Aspect.STORAGE_TYPE,
    Aspect.DISK_IO,
    Aspect.SERVERLESS,
    Aspect.ENDPOINT,
    Aspect.RESOURCE_GROUP,
    Aspect.MINOR_VERSION,
}
"""Aspects that the attributes of an instance do not tell."""

UNTOLD: Final = frozenset({"ssl.server_key", "encryption.role_arn", "allow_restart"})
"""What no call tells; passwords neither."""

SQLSERVER: Final[Mapping[str, Any]] = {"engine": "SQLServer", "engine_version": "2019_std_ha"}
"""What to change of the source to have the engine whose window no call tells."""

PATIENCE: Final = 20.0
"""Seconds after which a test that waits for another thread gives up."""

_MOST_SLEEPS = 5000

T = TypeVar("T")
Script = tuple[tuple[float, str], ...]
"""Statuses, each with the seconds after which it comes; *GONE* is the end."""


def _of_instance(alteration: AspectChange) -> dict[str, Any]:
    """
    Return the attributes of an instance that *alteration* changes.
    """
    if alteration.aspect is Aspect.PAYMENT:
        return {"payment": alteration.new["payment.type"]}
    if alteration.aspect is not Aspect.ENDPOINT:
        named = {path.split(".")[-1]: v for path, v in alteration.new.items()}
        given = {name: v for name, v in named.items() if v is not None}
        return {"serverless": given} if "min_rcu" in named else given
    prefix = alteration.desired("network.connection_prefix")
    return {
        "connection_string": f"{prefix}.mysql.rds.aliyuncs.com",
        "port": alteration.desired("network.port"),
    }


def api_error(kind: type[ApiError], action: str = "AnyAction", code: str = "Code") -> ApiError:
    return kind(ApiFault(action=action, code=code, message="said the API"))


class Killed(BaseException):
    """
    The process ends here: nothing of ours may catch it.
    """


class FakeClock:
    """
    Time that passes only while somebody sleeps.
    """

    def __init__(self, now: datetime = NOW) -> None:
        self._now = now
        self._lock = threading.Lock()
        self.slept: list[float] = []

    def now(self) -> datetime:
        with self._lock:
            return self._now

    def sleep(self, seconds: float, until: Callable[[], bool] | None = None) -> None:
        """
        Move the hand, unless there is nothing to wait for.
        """
        if until and until():
            return
        with self._lock:
            self.slept.append(seconds)
            if len(self.slept) > _MOST_SLEEPS:
                message = "somebody waits for ever"
                raise AssertionError(message)
            self._now += timedelta(seconds=seconds)


@dataclass
class FakeProgress:
    """
    Remembers what the user was told; *broken* is raised instead, if it is set.
    """

    shown: list[str] = field(default_factory=list)
    warned: list[str] = field(default_factory=list)
    broken: Exception | None = None
    has_listener: bool = True
    is_cancelled: bool = False

    def leave(self) -> None:
        """
        Have nobody wait for the outcome any more.
        """
        self.has_listener = False

    def cancel(self) -> None:
        """
        Have the user stop the run.
        """
        self.is_cancelled = True

    def show(self, text: str) -> None:
        if self.broken:
            raise self.broken
        self.shown.append(text)

    def after_recorded(self, action: Callable[[], None]) -> None:
        action()

    def warn(self, text: str) -> None:
        self.warned.append(text)


@dataclass(frozen=True, kw_only=True)
class FakeTiming:
    """
    How a change takes effect, once it is accepted.

    Attributes:
        lag: Seconds in which the instance looks as if nothing had happened.
        busy: Seconds for which it is busy afterwards.
        shows: Whether it is ever different.
    """

    lag: float = 0
    busy: float = 0
    shows: bool = True


AT_ONCE: Final = FakeTiming()


@dataclass
class FakeInstance:
    """
    One instance of the fake cloud.

    Attributes:
        instance: As it was planted or ordered; its status follows from the script.
        tags: Its tags.
        script: Its statuses from *since* on.
        since: When the script began.
        shown: From when on list calls show it.
        values: What the aspects with calls of their own are, by dotted path.
        waiting: The names of the parameters that wait for a restart.
        secrets: What was set and is never told, by dotted path.
        coming: A change that was accepted and is not made yet, and when it will be.
    """

    instance: Instance
    tags: dict[str, str]
    script: Script
    since: datetime
    shown: datetime
    values: dict[str, Any] = field(default_factory=dict)
    waiting: tuple[str, ...] = ()
    secrets: dict[str, str] = field(default_factory=dict)
    coming: tuple[datetime, AspectChange] | None = None


def _told_accounts(there: Mapping[str, Any]) -> dict[str, DatabaseAccount]:
    """
    Return accounts in the form in which a read tells all of them.
    """
    return {
        name: DatabaseAccount(
            type=account.get("type", ""), description=account.get("description", "")
        )
        for name, account in there.items()
    }


def _set_accounts(record: FakeInstance, accounts: Mapping[str, Any]) -> None:
    """
    Make accounts, or change them, and remember their passwords.
    """
    told = dict(record.values.get("accounts", {}))
    for name, new in accounts.items():
        was = told.get(name) or {"type": "Normal", "description": "", "privileges": {}}
        told[name] = {**was, **{k: v for k, v in new.items() if k != "password"}}
        record.secrets[f"accounts.{name}.password"] = new["password"]
    record.values["accounts"] = told


@dataclass(frozen=True)
class PlacedOrder:
    """
    An order that had its effect.
    """

    id: str
    order: CloneOrder


class FakeRds(Rds):
    """
    `lifecycle.ports.Rds` in memory.

    Attributes:
        calls: Names of all calls, in their order.
        made: The orders that had an effect: what would be billed.
        script: The statuses of a new clone.
        tag_delay: Seconds until list calls show a new clone.
        backups, window, policy, logs, held: What every source has.
        imports, tasks_running: What goes on in every source.
        zones_sell, classes_sold, cost: What is sold, and for how much.
        switches: The vSwitches of the VPC of each id.
        inside: Called inside the call of that name, before its effect.
        asked: All calls with what they were called with.
        changes: All changes that were accepted.
        timings: How changes take effect that do not at once.
        late: Parameters that take effect at a restart only.
        silent: Paths that no call tells, although it might.
        unreadable: What asking for an aspect is answered with, until it is removed.
        readable_when: The status in which aspects are told; in others they are refused.
        read: The aspects that were told.
    """

    def __init__(self, clock: FakeClock, region: str = REGION) -> None:
        self.region = region
        self.calls: list[str] = []
        self.made: list[PlacedOrder] = []
        self.script: Script = ((0, "Creating"), (600, "Running"))
        self.tag_delay = 0.0
        self.backups: tuple[BackupSet, ...] = BACKUP_SETS
        self.window: RecoveryWindow | NoWindow = WINDOW
        self.policy: BackupPolicy = POLICY
        self.logs: tuple[Span, ...] = WINDOW.spans
        self.held = Contents(
            databases=frozenset({"orders", "shop"}), tables=frozenset({"shop.items", "shop.people"})
        )
        self.imports: tuple[str, ...] = ()
        self.tasks_running: tuple[str, ...] = ()
        self.zones_sell: tuple[ZoneOffer, ...] = ZONE_OFFERS
        self.classes_sold: tuple[ClassOffer, ...] = CLASS_OFFERS
        self.cost: Price = PRICE
        self.templates: tuple[ParameterTemplate, ...] = PARAMETER_TEMPLATES
        self.users: dict[str, DatabaseAccount] = dict(ACCOUNTS)
        self.in_use: dict[str, str] = dict(SOURCE_PARAMETERS)
        self.switches: dict[str, tuple[VSwitch, ...]] = {"vpc-1": VSWITCHES}
        self.inside: dict[str, Callable[[], object]] = {}
        self.asked: list[tuple[str, Any]] = []
        self.changes: list[AspectChange] = []
        self.timings: dict[Aspect, FakeTiming] = {}
        self.late: set[str] = set()
        self.sets_instead: dict[str, str] = {}
        """The values that parameters get whatever is asked for."""
        self.silent: set[str] = set()
        self.unreadable: dict[Aspect, ApiError] = {}
        self.readable_when = ""
        self.read: set[Aspect] = set()
        self._clock = clock
        self._lock = threading.RLock()
        self._records: dict[str, FakeInstance] = {}
        self._tokens: dict[str, PlacedOrder] = {}
        self._faults: list[tuple[str, str, BaseException]] = []
        self.plant(SOURCE)

    def plant(
        self,
        instance: Instance,
        tags: Mapping[str, str] | None = None,
        script: Script | None = None,
    ) -> None:
        """
        Add an instance that lists show at once.
        """
        now = self._clock.now()
        self._records[instance.id] = FakeInstance(
            instance, dict(tags or {}), script or ((0, instance.status),), now, now
        )

    def alter(self, instance_id: str, **changes: Any) -> None:
        """
        Change an instance behind everybody's back; a status ends its script.
        """
        record = self._records[instance_id]
        record.instance = replace(record.instance, **changes)
        if "status" in changes:
            record.script = ((0, changes["status"]),)

    def show(self, instance_id: str, values: Mapping[str, Any]) -> None:
        """
        Let the calls of its own aspects tell *values* of an instance, by dotted path.
        """
        self._records[instance_id].values |= values

    def let_wait(self, instance_id: str, *parameters: str) -> None:
        """
        Let *parameters* of an instance wait for a restart.
        """
        self._records[instance_id].waiting = parameters

    def secrets_of(self, instance_id: str) -> dict[str, str]:
        return dict(self._records[instance_id].secrets)

    def remove(self, instance_id: str) -> None:
        self._records[instance_id].script = ((0, GONE),)

    def fail(
        self, name: str, error: BaseException, *, when: str = "before", times: int = 1
    ) -> None:
        """
        Have the next *times* calls of *name* fail before or after their effect.
        """
        assert hasattr(self, name) or name in WRITES, f"no call is named {name}"
        self._faults += [(name, when, error)] * times

    def hold(self, name: str) -> threading.Event:
        """
        Have calls of *name* not come back before the returned event is set.
        """
        gate = threading.Event()
        self.inside[name] = lambda: gate.wait(PATIENCE)
        return gate

    def count(self, name: str) -> int:
        return Counter(self.calls)[name]

    @property
    def writes(self) -> list[str]:
        """
        The names of the calls that may change something.
        """
        return [name for name in self.calls if name in WRITES]

    def tags_of(self, instance_id: str) -> dict[str, str]:
        return dict(self._records[instance_id].tags)

    @override
    def instance(self, instance_id: str) -> Instance:
        self._enter("instance", instance_id)
        with self._lock:
            record = self._living(instance_id, NotFoundError)
            found = replace(record.instance, status=self._status(record))
        self._leave("instance")
        return found

    @override
    def list_instances(self, tags: Mapping[str, str]) -> tuple[InstanceSummary, ...]:
        self._enter("list_instances", dict(tags))
        with self._lock:
            found = tuple(
                InstanceSummary(id=r.instance.id, status=status, created=r.instance.created)
                for r in self._records.values()
                if tags.items() <= r.tags.items() and r.shown <= self._clock.now()
                for status in [self._status(r)]
                if status != GONE
            )
        self._leave("list_instances")
        return found

    @override
    def count_instances(self) -> int:
        self._enter("count_instances", None)
        with self._lock:
            return len(self._records)

    @override
    def list_clones(self, stack: str) -> tuple[TaggedInstance, ...]:
        self._enter("list_clones", stack)
        with self._lock:
            found = tuple(
                TaggedInstance(
                    summary=InstanceSummary(
                        id=r.instance.id, status=self._status(r), created=r.instance.created
                    ),
                    tags=dict(r.tags),
                )
                for r in self._records.values()
                if r.tags.get(STACK_TAG) == stack and r.shown <= self._clock.now()
            )
        self._leave("list_clones")
        return found

    @override
    def backup_sets(self, instance_id: str) -> tuple[BackupSet, ...]:
        self._enter("backup_sets", instance_id)
        self._living(instance_id)
        self._leave("backup_sets")
        return self.backups

    @override
    def recovery_window(self, instance_id: str) -> RecoveryWindow | NoWindow:
        self._enter("recovery_window", instance_id)
        self._living(instance_id)
        self._leave("recovery_window")
        return self.window

    @override
    def backup_policy(self, instance_id: str) -> BackupPolicy:
        return self._tell("backup_policy", self.policy, instance_id)

    @override
    def log_backups(self, instance_id: str, span: Span) -> tuple[Span, ...]:
        return self._tell("log_backups", self.logs, instance_id, span)

    @override
    def migrations(self, instance_id: str) -> tuple[str, ...]:
        return self._tell("migrations", self.imports, instance_id)

    @override
    def tasks(self, instance_id: str) -> tuple[str, ...]:
        return self._tell("tasks", self.tasks_running, instance_id)

    @override
    def contents(self, instance_id: str, restore: Restore, databases: tuple[str, ...]) -> Contents:
        return self._tell("contents", self.held, instance_id, restore, databases)

    @override
    def zone_offers(
        self, engine: str, engine_version: str, payment: str = "PayAsYouGo"
    ) -> tuple[ZoneOffer, ...]:
        return self._tell("zone_offers", self.zones_sell, engine, engine_version, payment)

    @override
    def class_offers(self, offer_query: OfferQuery) -> tuple[ClassOffer, ...]:
        return self._tell("class_offers", self.classes_sold, offer_query)

    @override
    def vswitches(self, vpc_id: str) -> tuple[VSwitch, ...]:
        return self._tell("vswitches", self.switches.get(vpc_id, ()), vpc_id)

    @override
    def price(
        self, offer_query: OfferQuery, instance_class: str, storage_gb: int, payment: Payment
    ) -> Price:
        return self._tell("price", self.cost, offer_query, instance_class, storage_gb, payment)

    @override
    def serverless_price(
        self, offer_query: OfferQuery, instance_class: str, storage_gb: int, serverless: Serverless
    ) -> Price:
        query = (offer_query, instance_class, storage_gb, serverless)
        return self._tell("serverless_price", self.cost, *query)

    @override
    def parameter_templates(
        self, engine: str, engine_version: str
    ) -> tuple[ParameterTemplate, ...]:
        return self._tell("parameter_templates", self.templates, engine, engine_version)

    @override
    def parameters(self, instance_id: str) -> dict[str, str]:
        return self._tell("parameters", self.in_use, instance_id)

    @override
    def accounts(self, instance_id: str) -> dict[str, DatabaseAccount]:
        return self._tell("accounts", self.users, instance_id)

    @override
    def order_clone(self, order: CloneOrder) -> str:
        self._enter("order_clone", order)
        with self._lock:
            made = self._tokens.get(order.token) or self._make(order)
            if made.order != order:
                raise api_error(TokenUsedError)
        self._leave("order_clone")
        return made.id

    def forget_tokens(self) -> None:
        """
        Let an order that is sent again make another clone.
        """
        self._tokens.clear()

    @override
    def release(self, instance_id: str, keep: str | None = None) -> None:
        self._enter("release", (instance_id, keep) if keep else instance_id)
        with self._lock:
            record = self._living(instance_id)
            if self._status(record) != "Running":
                raise api_error(ConflictError)
            record.since = self._clock.now()
            record.script = ((0, "Deleting"), (25, GONE))
        self._leave("release")

    @override
    def tags(self, instance_id: str) -> dict[str, str]:
        self._enter("tags", instance_id)
        found = dict(self._living(instance_id).tags)
        self._leave("tags")
        return found

    @override
    def tags_by_key(self, key: str) -> dict[str, dict[str, str]]:
        self._enter("tags_by_key", key)
        with self._lock:
            found = {
                name: dict(record.tags)
                for name, record in self._records.items()
                if key in record.tags and self._status(record) != GONE
            }
        self._leave("tags_by_key")
        return found

    @override
    def set_tags(self, instance_id: str, tags: Mapping[str, str]) -> None:
        self._enter("set_tags", dict(tags))
        self._living(instance_id).tags.update(tags)
        self._leave("set_tags")

    def lose_tags(self, instance_id: str, keys: Iterable[str]) -> None:
        """
        Take tags from an instance behind everybody's back.
        """
        for key in keys:
            self._records[instance_id].tags.pop(key, None)

    @override
    def read_aspects(self, instance_id: str, aspects: Collection[Aspect]) -> AspectReading:
        asked = OWN_CALLS.intersection(aspects)
        if not asked:
            return AspectReading()
        self._enter("read_aspects", asked)
        record = self._living(instance_id)
        for aspect in asked & self.unreadable.keys():
            raise self.unreadable[aspect]
        if self.readable_when not in ("", self._status(record)):
            raise api_error(ConflictError, code="IncorrectDBInstanceState")
        self.read |= asked
        values = record.values
        paths = {field.path for field in fields_in(asked)} & values.keys()
        self._leave("read_aspects")
        return AspectReading(
            fields={path: values[path] for path in paths - self.silent},
            all_accounts=_told_accounts(values["accounts"]) if "accounts" in paths else None,
            waiting_for_restart=record.waiting,
        )

    @override
    def apply(self, alteration: AspectChange) -> None:
        """
        Make a change: at once, unless *timings* has another time for it.
        """
        name = f"change {alteration.aspect}"
        self._enter(name, alteration.new)
        with self._lock:
            record = self._living(alteration.instance.id)
            if record.coming:
                raise api_error(ConflictError, code="IncorrectDBInstanceState")
            self.changes.append(alteration)
            self._begin(record, alteration)
        self._leave(name)

    def _begin(self, record: FakeInstance, alteration: AspectChange) -> None:
        timing = self.timings.get(alteration.aspect, AT_ONCE)
        if timing == AT_ONCE:
            self._take_effect(record, alteration)
        elif timing.shows:
            now = self._clock.now()
            end = timing.lag + timing.busy
            record.coming = now + timedelta(seconds=end), alteration
            record.since = now
            record.script = ((0, "Running"), (timing.lag, "Modifying"), (end, "Running"))

    def _take_effect(self, record: FakeInstance, alteration: AspectChange) -> None:
        new = {path: v for path, v in alteration.new.items() if v is not None}
        aspect = alteration.aspect
        if aspect is Aspect.TAGS:
            marks = {k: v for k, v in record.tags.items() if k.startswith("rdsclone:")}
            record.tags = {**marks, **new["tags"]}
        elif aspect is Aspect.EXPIRY:
            record.tags.pop(EXPIRES_TAG, None)
            if new.get("expires_at"):
                record.tags[EXPIRES_TAG] = new["expires_at"]
        elif aspect is Aspect.ACCOUNTS:
            _set_accounts(record, new["accounts"])
            if new.get("accounts_exclusive"):
                kept = record.values["accounts"]
                record.values["accounts"] = {name: kept[name] for name in new["accounts"]}
        elif aspect is Aspect.PARAMETERS:
            self._set_parameters(record, new)
        elif aspect in OWN_CALLS:
            record.secrets |= {path: new[path] for path in UNTOLD & new.keys()}
            told = {path: value for path, value in new.items() if path not in UNTOLD}
            record.values |= told
        else:
            self.alter(record.instance.id, **_of_instance(alteration))

    def _set_parameters(self, record: FakeInstance, new: Mapping[str, Any]) -> None:
        given = new.get("parameters", {})
        waiting = set() if new.get("allow_restart") else self.late & given.keys()
        set_to = {name: self.sets_instead.get(name, v) for name, v in given.items()}
        used = {name: v for name, v in set_to.items() if name not in waiting}
        record.values["parameters"] = {**record.values.get("parameters", {}), **used}
        record.waiting = tuple(sorted(waiting))

    def _make(self, order: CloneOrder) -> PlacedOrder:
        source = self._living(order.source_instance_id).instance
        now = self._clock.now()
        made = PlacedOrder(f"rm-clone-{len(self.made) + 1}", order)
        clone = replace(
            source,
            id=made.id,
            edition=order.edition or source.edition,
            description=order.description or "",
            instance_class=order.capacity.instance_class or source.instance_class,
            storage_gb=order.capacity.storage_gb or source.storage_gb,
            storage_type=order.storage_type,
            deletion_protection=order.deletion_protection,
            payment=order.payment.type,
            connection_string=f"{made.id}.mysql.rds.aliyuncs.com",
            created=now,
        )
        self.made.append(made)
        self._tokens[order.token] = made
        self._records[made.id] = FakeInstance(
            clone,
            dict(order.tags),
            self.script,
            now,
            now + timedelta(seconds=self.tag_delay),
            deepcopy(self._records[source.id].values),
        )
        return made

    def _living(self, instance_id: str, unknown: type[ApiError] = NotVisibleError) -> FakeInstance:
        record = self._records.get(instance_id)
        if record is None or self._status(record) == GONE:
            raise api_error(unknown)
        return record

    def _status(self, record: FakeInstance) -> str:
        if record.coming and record.coming[0] <= self._clock.now():
            (_, alteration), record.coming = record.coming, None
            self._take_effect(record, alteration)
        age = (self._clock.now() - record.since).total_seconds()
        come = [status for after, status in record.script if after <= age]
        return come[-1] if come else record.script[0][1]

    def _tell(self, name: str, answer: T, *arguments: Any) -> T:
        """
        Make a call that gives *answer* and changes nothing.
        """
        self._enter(name, arguments if len(arguments) > 1 else arguments[0])
        self._leave(name)
        return answer

    def _enter(self, name: str, argument: Any) -> None:
        with self._lock:
            self.calls.append(name)
            self.asked.append((name, argument))
        if name in self.inside:
            self.inside[name]()
        self._raise(name, "before")

    def _leave(self, name: str) -> None:
        self._raise(name, "after")

    def _raise(self, name: str, when: str) -> None:
        with self._lock:
            for number, (failing, moment, error) in enumerate(self._faults):
                if (failing, moment) == (name, when):
                    del self._faults[number]
                    raise error


ADVICE: Final = "inherited-access"
"""The warning that every short clone would get; it has tests of its own."""


class FakeRegions:
    """
    `lifecycle.region.Regions` with one region.
    """

    def __init__(
        self,
        rds: FakeRds,
        clock: FakeClock,
        skip_checks: tuple[str, ...] = (),
        read_timeout: timedelta = READ_TIMEOUT,
        log: OrderLog | None = None,
    ) -> None:
        self.default_region: str | None = REGION
        self.skip_checks = (*skip_checks, ADVICE)
        self.max_price_per_hour: float | None = None
        self.identity = ""
        self.instance_quota: int | None = None
        self.asked: list[str] = []
        self._rds = rds
        self._clock = clock
        self._read_timeout = read_timeout
        self._log = log or OrderLog()
        self._region: RegionContext | None = None

    def at(self, region: str) -> RegionContext:
        self.asked.append(region)
        options = RegionOptions(
            read_timeout=self._read_timeout, log=self._log, instance_quota=self.instance_quota
        )
        self._region = self._region or RegionContext.of(
            self._rds, self._clock, schedule=SCHEDULE, options=options
        )
        return self._region


class Fakes:
    """
    Everything that a test of the lifecycle needs.

    Args:
        skip_checks: What the stack's configuration skips.
        read_timeout: How long a read may take.
    """

    def __init__(
        self, *, skip_checks: tuple[str, ...] = (), read_timeout: timedelta = READ_TIMEOUT
    ) -> None:
        self.clock = FakeClock()
        self.rds = FakeRds(self.clock)
        self.log = OrderLog()
        self._configured = (skip_checks, read_timeout)
        self.restart()

    @property
    def region(self) -> RegionContext:
        return self.regions.at(REGION)

    def restart(self) -> None:
        """
        Begin a new process on the same machine: what was remembered is gone.
        """
        self.regions = FakeRegions(self.rds, self.clock, *self._configured, self.log)
        self.progress = FakeProgress()

    def forget(self) -> None:
        """
        Begin a new process, and forget the calls and the arrangements of earlier ones.
        """
        self.restart()
        for noted in (self.rds.calls, self.rds.asked, self.rds.changes, self.clock.slept):
            noted.clear()
        self.rds.inside.clear()
        self.rds.timings.clear()

    def move(self) -> None:
        """
        Begin a new process on another machine.
        """
        self.log = OrderLog()
        self.restart()
