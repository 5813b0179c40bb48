"""
Learning the facts about a source: which are needed, in which order they are asked for.
"""

from collections.abc import Collection, Hashable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from pulumi_rdsclone.domain.backups import logs_around, window_from_logs
from pulumi_rdsclone.domain.checking import Unlearnt
from pulumi_rdsclone.domain.errors import (
    AccessDeniedError,
    ApiError,
    CloneError,
    ConflictError,
    NotFoundError,
    UnavailableError,
)
from pulumi_rdsclone.domain.facts import Facts, Gap
from pulumi_rdsclone.domain.instances import SQL_SERVER, Instance
from pulumi_rdsclone.domain.market import Price, Sale
from pulumi_rdsclone.domain.part import value_at
from pulumi_rdsclone.domain.restoring import foresee, is_by_set, is_by_time
from pulumi_rdsclone.domain.shape import Shape, shape_of
from pulumi_rdsclone.domain.spec import CloneSpec, Payment
from pulumi_rdsclone.domain.unknown import has_unknown, is_unknown
from pulumi_rdsclone.lifecycle.library import Library, Read, SlowError

FOR_PREVIEW: Final = timedelta(minutes=5)
"""How old facts may be in preview: they serve one run of the engine."""

BEFORE_ORDERING: Final = timedelta(seconds=5)
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
"""The facts that cannot be asked for while the source is not known."""


@dataclass(frozen=True, kw_only=True)
class Learnt:
    """
    What is known of a source.

    Attributes:
        facts: What the rules may ask for.
        unlearnt: What was asked for and not told.
    """

    facts: Facts
    unlearnt: tuple[Unlearnt, ...] = ()


EVERYTHING: Final = frozenset(Facts.__dataclass_fields__)
"""The names of all facts."""


def learn(
    spec: CloneSpec,
    library: Library,
    max_age: timedelta,
    wanted: Collection[str] = EVERYTHING,
    *,
    counts_instances: bool = False,
) -> Learnt:
    """
    Learn what the checks of *spec* need, from calls not older than *max_age*.

    Independent calls run at the same time: first those that the source's id is
    enough for, then those that need to know the source.

    Args:
        spec: What is asked for.
        library: Who asks.
        max_age: How old the answers may be.
        wanted: The names of the facts that are needed.
        counts_instances: Whether the region's instances are to be counted.

    Raises:
        ApiError: The source could not be asked about at all.
        ConfigurationError: The cloud cannot be reached as configured.
    """
    study = _Study(spec, library, max_age, wanted)
    if is_unknown(spec.source_instance_id):
        return study.all_deferred()
    study.ask_by_id()
    if counts_instances:
        study.ask_for_instances()
    source = study.take_source()
    if source is None:
        return study.all_deferred(exists=False)
    if isinstance(source, Instance):
        study.ask_by_source(source)
    return study.take_all()


def nothing_learnt() -> Learnt:
    """
    Give what is known when there is nobody to ask.
    """
    return Learnt(facts=_all(Gap.DEFERRED))


class _Study:
    """
    The reads for one specification.
    """

    def __init__(
        self,
        spec: CloneSpec,
        library: Library,
        max_age: timedelta,
        wanted: Collection[str],
    ) -> None:
        self._spec = spec
        self._library = library
        self._max_age = max_age
        self._wanted = {*wanted, "source"}
        self._now = library.clock.now()
        self._reads: dict[str, Read] = {}
        self._facts: dict[str, Any] = {"now": self._now}
        self._unlearnt: list[Unlearnt] = []
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

    def all_deferred(self, **facts: object) -> Learnt:
        return Learnt(facts=_all(Gap.DEFERRED, now=self._now, **facts))

    def ask_by_id(self) -> None:
        source_id = self._spec.source_instance_id
        self._ask("source", "instance", source_id)
        self._ask("backup_policy", "backup_policy", source_id)
        self._ask("tasks", "tasks", source_id)
        if self._by_set:
            self._ask("backup_sets", "backup_sets", source_id)

    def ask_for_instances(self) -> None:
        self._ask("instances", "count_instances")

    def take_source(self) -> Instance | Gap | None:
        """
        Give the source; None when it is known not to exist.
        """
        try:
            source: Instance = self._library.take(self._reads.pop("source"))
        except NotFoundError:
            return None
        except (AccessDeniedError, SlowError) as error:
            self._miss("source", error)
            for fact in (*_BY_SOURCE, *self._wanted_of_source()):
                self._miss_without("source", fact)
            return Gap.UNVERIFIED
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
            self._facts["zone_offers"] = Gap.DEFERRED
        if self._sets_parameters:
            self._ask("parameter_templates", "parameter_templates", *version)
            self._ask("source_parameters", "parameters", source.id)
        if self._sets_accounts:
            self._ask("accounts", "accounts", source.id)
        self._ask_by_shape(shape_of(self._spec, source))

    def _ask_by_shape(self, shape: Shape) -> None:
        if not shape.is_known("vpc_id"):
            self._facts["vswitches"] = Gap.DEFERRED
        elif shape.vpc_id:
            self._ask("vswitches", "vswitches", shape.vpc_id)
        pays_as = self._pays_as
        if not pays_as or not shape.is_known("edition", "zone", "storage_type"):
            self._facts |= {"class_offers": Gap.DEFERRED, "price": Gap.DEFERRED}
            return
        sale = Sale(
            engine=shape.engine,
            engine_version=shape.engine_version,
            edition=shape.edition,
            zone=shape.zone,
            storage_type=shape.storage_type,
            payment=pays_as,
        )
        self._ask("class_offers", "class_offers", sale)
        payment = self._spec.payment
        size = (shape.instance_class, shape.storage_gb)
        if has_unknown(size) or is_unknown(payment) or has_unknown(payment.complete()):
            self._facts["price"] = Gap.DEFERRED
        # What a serverless clone costs depends on its load.
        elif payment.type != "Serverless":
            self._ask("price", "price", sale, *size, payment)
        elif self._is_limited:
            self._ask_most_price(sale, *size)

    @property
    def _pays_as(self) -> str:
        """
        How the clone is paid for, which decides about what is sold; empty if unknown.
        """
        told = value_at(self._spec, "payment.type")
        return "" if is_unknown(told) else str(told or Payment().type)

    def _ask_most_price(self, sale: Sale, instance_class: str, storage_gb: int) -> None:
        limits = value_at(self._spec, "capacity.serverless")
        if has_unknown(limits):
            self._facts["price_per_hour"] = Gap.DEFERRED
        elif limits:
            query = (sale, instance_class, storage_gb, limits)
            self._ask("price_per_hour", "serverless_price", *query)

    def take_all(self) -> Learnt:
        for fact in list(self._reads):
            self._facts[fact] = self._take(fact)
        source = self._facts.get("source")
        if isinstance(source, Instance) and source.engine == SQL_SERVER:
            self._work_window_out(source)
        if isinstance(source, Instance):
            self._look_into_the_backup(source)
        if self._is_limited and "price_per_hour" not in self._facts:
            self._work_price_per_hour_out()
        return Learnt(facts=Facts(**self._facts), unlearnt=tuple(self._unlearnt))

    def _work_window_out(self, source: Instance) -> None:
        if not self._by_time:
            return
        time = self._spec.restore_point.time
        sets = self._facts["backup_sets"]
        if is_unknown(time):
            self._facts["window"] = Gap.DEFERRED
            return
        if isinstance(sets, Gap):
            self._miss_without("backup_sets", "window")
            return
        logs: Any = ()
        hour = timedelta(hours=1)
        # Up to the full hour, so that clones checked one after the other share it.
        until = self._now + hour - (self._now - _EPOCH) % hour
        if span := logs_around(time or self._now, sets, until):
            self._ask("window", "log_backups", source.id, span)
            logs = self._take("window")
        known = not isinstance(logs, Gap)
        self._facts["window"] = window_from_logs(sets, logs) if known else logs

    def _work_price_per_hour_out(self) -> None:
        price = self._facts.get("price", Gap.NOT_NEEDED)
        if price is Gap.UNVERIFIED:
            self._miss_without("price", "price_per_hour")
        else:
            hourly = price.an_hour() if isinstance(price, Price) else price
            self._facts["price_per_hour"] = hourly or Gap.NOT_NEEDED

    def _look_into_the_backup(self, source: Instance) -> None:
        """
        Learn which databases and tables there are, where some are asked for.
        """
        databases, tables = self._spec.databases, self._spec.tables
        if "contents" not in self._wanted:
            return
        if is_unknown(databases) or is_unknown(tables):
            self._facts["contents"] = Gap.DEFERRED
            return
        if not databases and not tables:
            return
        if not _tells_contents(source):
            self._facts["contents"] = Gap.UNVERIFIED
            self._unlearnt.append(_CONTENTS_UNTOLD)
            return
        restore = foresee(self._spec.restore_point, Facts(**self._facts))
        if restore is None:
            self._facts["contents"] = Gap.DEFERRED
            for cause in ("window", "backup_sets"):
                if self._facts.get(cause) is Gap.UNVERIFIED:
                    self._miss_without(cause, "contents")
            return
        of_tables = sorted({name.partition(".")[0] for name in tables})
        self._ask("contents", "contents", source.id, restore, tuple(of_tables))
        self._facts["contents"] = self._take("contents")

    def _ask(self, fact: str, method: str, *args: Hashable) -> None:
        if fact in self._wanted:
            read = self._library.ask(method, *args, max_age=self._max_age)
            self._reads[fact] = read

    def _take(self, fact: str) -> Any:
        try:
            return self._library.take(self._reads[fact])
        except (ApiError, SlowError) as error:
            self._miss(fact, error)
            return Gap.UNVERIFIED

    def _miss(self, fact: str, error: CloneError) -> None:
        self._facts[fact] = Gap.UNVERIFIED
        self._unlearnt.append(unlearnt(fact, error))

    def _miss_without(self, cause: str, fact: str) -> None:
        """
        Give *fact* up for the reason for which *cause* was not told.
        """
        self._facts[fact] = Gap.UNVERIFIED
        self._unlearnt += [
            replace(one, fact=fact) for one in self._unlearnt if one.fact == cause
        ]


def _is_declared(*values: object) -> bool:
    return any(not is_unknown(value) and bool(value) for value in values)


def _tells_contents(source: Instance) -> bool:
    """
    Tell whether DescribeMetaList serves *source*. Source: its page.
    """
    kind = (source.engine, source.edition, source.storage_type)
    return kind == ("MySQL", "HighAvailability", "local_ssd")


_CONTENTS_UNTOLD: Final = Unlearnt(
    fact="contents",
    why="the API tells what a backup holds for MySQL on local disks only",
    remedy="compare the names with the source's",
)

_LATER: Final = "run again later"


def _all(gap: Gap, **facts: object) -> Facts:
    names = dict.fromkeys(EVERYTHING, gap)
    return Facts(**{**names, **facts})  # type: ignore[arg-type]


def unlearnt(fact: str, error: CloneError) -> Unlearnt:
    """
    Say why *fact* is not known, and what would help.
    """
    if not isinstance(error, ApiError):
        return Unlearnt(fact=fact, why=str(error), remedy=_LATER)
    action = error.fault.action
    if isinstance(error, AccessDeniedError):
        product = "vpc" if fact == "vswitches" else "rds"
        return Unlearnt(
            fact=fact,
            why=f"{product}:{action} is not permitted",
            remedy="allow this RAM action to have it checked in preview",
        )
    if isinstance(error, UnavailableError):
        why = f"gave no usable answer: {error.fault}"
        return Unlearnt(fact=fact, why=f"{action} {why}", remedy=_LATER)
    hindered = isinstance(error, ConflictError)
    return Unlearnt(
        fact=fact,
        why=f"{action} answered {error.fault.code}",
        remedy="look again when the source is Running" if hindered else _LATER,
    )
