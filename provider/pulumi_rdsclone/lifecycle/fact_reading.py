"""
Read the facts that the checks of one specification need, as few and as parallel calls.
"""

from collections.abc import Collection, Hashable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from pulumi_rdsclone.domain.backups import Span, logs_around, window_from_logs
from pulumi_rdsclone.domain.errors import (
    AccessDeniedError,
    ApiError,
    CloneError,
    NotFoundError,
)
from pulumi_rdsclone.domain.facts import Facts, Missing
from pulumi_rdsclone.domain.instances import SQL_SERVER, Instance
from pulumi_rdsclone.domain.judging import UnknownFact
from pulumi_rdsclone.domain.market import OfferQuery, Price
from pulumi_rdsclone.domain.model import value_at
from pulumi_rdsclone.domain.restoring import is_by_set, is_by_time, resolve_if_known
from pulumi_rdsclone.domain.shape import Shape, shape_of
from pulumi_rdsclone.domain.spec import CloneSpec, Payment
from pulumi_rdsclone.domain.unknown import has_unknown, is_unknown
from pulumi_rdsclone.lifecycle.read_cache import (
    PendingRead,
    ReadCache,
    ReadTimedOutError,
)
from pulumi_rdsclone.lifecycle.unknown_facts import CONTENTS_UNKNOWN, unknown_fact

PREVIEW_MAX_AGE: Final = timedelta(minutes=5)
"""How old facts may be in preview: they serve one run of the engine."""

ORDER_MAX_AGE: Final = timedelta(seconds=5)
"""How old facts may be right before a paid call: they serve one burst of orders."""

_EPOCH: Final = datetime.fromtimestamp(0, UTC)

_BY_SOURCE: Final = (
    "exists",
    "migrations",
    "zone_offers",
    "class_offers",
    "vswitches",
    "price",
)
"""The facts that cannot be read while the source is not known."""


@dataclass(frozen=True, kw_only=True)
class FactReport:
    """
    The facts that the checks of a specification may use.

    Attributes:
        facts: What the rules may ask for.
        unknown_facts: Why some of them could not be read.
    """

    facts: Facts
    unknown_facts: tuple[UnknownFact, ...] = ()


ALL_FACTS: Final = frozenset(Facts.__dataclass_fields__)
"""The names of all facts."""


def read_facts(
    spec: CloneSpec,
    cache: ReadCache,
    *,
    max_age: timedelta,
    wanted: Collection[str] = ALL_FACTS,
    counts_instances: bool = False,
) -> FactReport:
    """
    Return the facts for the checks of *spec*, from calls not older than *max_age*.

    Independent calls run at the same time: first those that the source's id is
    enough for, then those that need to know the source.

    Args:
        spec: What is asked for.
        cache: Makes the calls.
        max_age: How old the results of calls may be.
        wanted: The names of the facts that are needed.
        counts_instances: Whether the region's instances are to be counted.

    Raises:
        ApiError: The source could not be asked about at all.
        ConfigurationError: The cloud cannot be reached as configured.
    """
    reader = _FactReader(spec, cache, max_age=max_age, wanted=wanted)
    if is_unknown(spec.source_instance_id):
        return reader.all_deferred()
    reader.ask_by_id()
    if counts_instances:
        reader.ask_for_instances()
    source = reader.take_source()
    if source is None:
        return reader.all_deferred(exists=False)
    if isinstance(source, Instance):
        reader.ask_by_source(source)
    return reader.report()


def no_facts() -> FactReport:
    """
    Return the report of a specification for which no call can be made yet.
    """
    return FactReport(facts=_all(Missing.DEFERRED))


class _FactReader:
    """
    Reads the facts for one specification.
    """

    def __init__(
        self,
        spec: CloneSpec,
        cache: ReadCache,
        *,
        max_age: timedelta,
        wanted: Collection[str],
    ) -> None:
        self._spec = spec
        self._cache = cache
        self._max_age = max_age
        self._wanted = {*wanted, "source"}
        self._now = cache.clock.now()
        self._reads: dict[str, PendingRead] = {}
        self._facts: dict[str, Any] = {"now": self._now}
        self._unknown_facts: list[UnknownFact] = []
        point = spec.restore_point
        self._by_set = not is_unknown(point) and is_by_set(point)
        asks_for_time = not is_unknown(point) and is_by_time(point)
        self._by_time = asks_for_time and "window" in wanted
        named = spec.parameters
        is_limited = spec.max_price_per_hour is not None
        self._is_limited = is_limited and "price_per_hour" in wanted
        self._wanted |= {"price"} if self._is_limited else set()
        self._sets_parameters = not is_unknown(named) and bool(named)
        self._sets_accounts = _is_declared(spec.accounts, spec.accounts_exclusive)

    def all_deferred(self, **facts: object) -> FactReport:
        return FactReport(facts=_all(Missing.DEFERRED, now=self._now, **facts))

    def ask_by_id(self) -> None:
        source_id = self._spec.source_instance_id
        self._ask("source", "instance", source_id)
        self._ask("backup_policy", "backup_policy", source_id)
        self._ask("tasks", "tasks", source_id)
        if self._by_set:
            self._ask("backup_sets", "backup_sets", source_id)

    def ask_for_instances(self) -> None:
        self._ask("instances", "count_instances")

    def take_source(self) -> Instance | Missing | None:
        """
        Return the source; None when it is known not to exist.
        """
        try:
            source: Instance = self._cache.result(self._reads.pop("source"))
        except NotFoundError:
            return None
        except (AccessDeniedError, ReadTimedOutError) as error:
            self._miss("source", error)
            for fact in (*_BY_SOURCE, *self._wanted_of_source()):
                self._miss_with("source", fact)
            return Missing.UNVERIFIED
        self._facts |= {"exists": True, "source": source}
        return source

    def _wanted_of_source(self) -> Iterator[str]:
        if self._by_time:
            yield "window"
        if self._spec.databases or self._spec.tables:
            yield "contents"
        if self._is_limited:
            yield "price_per_hour"
        if self._sets_parameters:
            yield from ("parameter_templates", "source_parameters")
        if self._sets_accounts:
            yield "accounts"

    def ask_by_source(self, source: Instance) -> None:
        if source.engine == SQL_SERVER:
            self._ask("migrations", "migrations", source.id)
            if self._by_time:
                self._ask("backup_sets", "backup_sets", source.id)
        elif self._by_time:
            self._ask("window", "recovery_window", source.id)
        version = (source.engine, source.engine_version)
        if pays_as := self._pays_as:
            self._ask("zone_offers", "zone_offers", *version, pays_as)
        else:
            self._facts["zone_offers"] = Missing.DEFERRED
        if self._sets_parameters:
            self._ask("parameter_templates", "parameter_templates", *version)
            self._ask("source_parameters", "parameters", source.id)
        if self._sets_accounts:
            self._ask("accounts", "accounts", source.id)
        self._ask_by_shape(shape_of(self._spec, source))

    def _ask_by_shape(self, shape: Shape) -> None:
        if not shape.is_known("vpc_id"):
            self._facts["vswitches"] = Missing.DEFERRED
        elif shape.vpc_id:
            self._ask("vswitches", "vswitches", shape.vpc_id)
        pays_as = self._pays_as
        if not pays_as or not shape.is_known("edition", "zone", "storage_type"):
            self._facts |= {"class_offers": Missing.DEFERRED, "price": Missing.DEFERRED}
            return
        offer_query = OfferQuery(
            engine=shape.engine,
            engine_version=shape.engine_version,
            edition=shape.edition,
            zone=shape.zone,
            storage_type=shape.storage_type,
            payment=pays_as,
        )
        self._ask("class_offers", "class_offers", offer_query)
        payment = self._spec.payment
        size = (shape.instance_class, shape.storage_gb)
        if has_unknown(size) or is_unknown(payment) or has_unknown(payment.complete()):
            self._facts["price"] = Missing.DEFERRED
        # What a serverless clone costs depends on its load.
        elif payment.type != "Serverless":
            self._ask("price", "price", offer_query, *size, payment)
        elif self._is_limited:
            self._ask_serverless_price(offer_query, *size)

    @property
    def _pays_as(self) -> str:
        """
        How the clone is paid for, which decides what is available; empty if unknown.
        """
        declared = value_at(self._spec, "payment.type")
        return "" if is_unknown(declared) else str(declared or Payment().type)

    def _ask_serverless_price(
        self, offer_query: OfferQuery, instance_class: str, storage_gb: int
    ) -> None:
        limits = value_at(self._spec, "capacity.serverless")
        if has_unknown(limits):
            self._facts["price_per_hour"] = Missing.DEFERRED
        elif limits:
            query = (offer_query, instance_class, storage_gb, limits)
            self._ask("price_per_hour", "serverless_price", *query)

    def report(self) -> FactReport:
        for fact in list(self._reads):
            self._facts[fact] = self._take(fact)
        source = self._facts.get("source")
        if isinstance(source, Instance):
            if source.engine == SQL_SERVER:
                self._resolve_window(source)
            if "contents" in self._wanted:
                self._read_contents(source)
        if self._is_limited and "price_per_hour" not in self._facts:
            self._resolve_price_per_hour()
        return FactReport(
            facts=Facts(**self._facts), unknown_facts=tuple(self._unknown_facts)
        )

    def _resolve_window(self, source: Instance) -> None:
        if not self._by_time:
            return
        time = self._spec.restore_point.time
        sets = self._facts["backup_sets"]
        if is_unknown(time):
            self._facts["window"] = Missing.DEFERRED
            return
        if isinstance(sets, Missing):
            self._miss_with("backup_sets", "window")
            return
        logs: tuple[Span, ...] | Missing = ()
        hour = timedelta(hours=1)
        # Up to the full hour, so that clones checked one after the other share it.
        until = self._now + hour - (self._now - _EPOCH) % hour
        if span := logs_around(time or self._now, sets, until=until):
            self._ask("window", "log_backups", source.id, span)
            logs = self._take("window")
        self._facts["window"] = (
            logs if isinstance(logs, Missing) else window_from_logs(sets, logs)
        )

    def _resolve_price_per_hour(self) -> None:
        price = self._facts.get("price", Missing.NOT_NEEDED)
        if price is Missing.UNVERIFIED:
            self._miss_with("price", "price_per_hour")
        else:
            hourly = price.per_hour() if isinstance(price, Price) else price
            self._facts["price_per_hour"] = hourly or Missing.NOT_NEEDED

    def _read_contents(self, source: Instance) -> None:
        """
        Read which databases and tables the backup holds, where some are named.
        """
        databases, tables = self._spec.databases, self._spec.tables
        if is_unknown(databases) or is_unknown(tables):
            self._facts["contents"] = Missing.DEFERRED
            return
        if not databases and not tables:
            return
        if _has_contents_api(source):
            self._read_contents_of_restore(source, tables)
        else:
            self._facts["contents"] = Missing.UNVERIFIED
            self._unknown_facts.append(CONTENTS_UNKNOWN)

    def _read_contents_of_restore(
        self, source: Instance, tables: Mapping[str, str]
    ) -> None:
        """
        Read what is in the backup that is restored, if that is known.
        """
        restore = resolve_if_known(self._spec.restore_point, Facts(**self._facts))
        if restore:
            of_tables = sorted({name.partition(".")[0] for name in tables})
            self._ask("contents", "contents", source.id, restore, tuple(of_tables))
            self._facts["contents"] = self._take("contents")
            return
        self._facts["contents"] = Missing.DEFERRED
        for cause in ("window", "backup_sets"):
            if self._facts.get(cause) is Missing.UNVERIFIED:
                self._miss_with(cause, "contents")

    def _ask(self, fact: str, method: str, *args: Hashable) -> None:
        if fact in self._wanted:
            read = self._cache.start(method, *args, max_age=self._max_age)
            self._reads[fact] = read

    def _take(self, fact: str) -> Any:
        try:
            return self._cache.result(self._reads[fact])
        except (ApiError, ReadTimedOutError) as error:
            self._miss(fact, error)
            return Missing.UNVERIFIED

    def _miss(self, fact: str, error: CloneError) -> None:
        self._facts[fact] = Missing.UNVERIFIED
        self._unknown_facts.append(unknown_fact(fact, error))

    def _miss_with(self, cause: str, fact: str) -> None:
        """
        Note that *fact* is unknown for the same reason as *cause*.
        """
        self._facts[fact] = Missing.UNVERIFIED
        self._unknown_facts += [
            replace(known, fact=fact)
            for known in self._unknown_facts
            if known.fact == cause
        ]


def _is_declared(*values: object) -> bool:
    return any(not is_unknown(value) and bool(value) for value in values)


def _has_contents_api(source: Instance) -> bool:
    """
    Return whether DescribeMetaList supports *source*. Source: its page.
    """
    kind = (source.engine, source.edition, source.storage_type)
    return kind == ("MySQL", "HighAvailability", "local_ssd")


def _all(gap: Missing, **facts: object) -> Facts:
    names = dict.fromkeys(ALL_FACTS, gap)
    return Facts(**{**names, **facts})  # type: ignore[arg-type]
