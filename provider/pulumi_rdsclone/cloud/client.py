"""
Implements `lifecycle.ports.Rds` over the API.
"""

from collections.abc import Collection, Iterator, Mapping
from datetime import timedelta
from typing import Final

from typing_extensions import override

from pulumi_rdsclone.cloud.aspects import CODECS
from pulumi_rdsclone.cloud.aspects.codec import Request, Requests, Supplement
from pulumi_rdsclone.cloud.errors import error_for_code, reject_malformed
from pulumi_rdsclone.cloud.reading import Answer
from pulumi_rdsclone.cloud.retry import call_with_retries
from pulumi_rdsclone.cloud.settings import AccountSite
from pulumi_rdsclone.cloud.throttling import RateLimiters
from pulumi_rdsclone.cloud.transport import Transport
from pulumi_rdsclone.cloud.wire.backups import (
    from_restore,
    to_backup_policy,
    to_backup_sets,
    to_databases,
    to_logs,
    to_minutes,
    to_tables,
    to_window,
)
from pulumi_rdsclone.cloud.wire.instances import (
    tag_filter,
    to_instance,
    to_summaries,
    to_tags,
)
from pulumi_rdsclone.cloud.wire.market import (
    from_class_query,
    from_price_query,
    from_serverless_price_query,
    from_template_query,
    from_zone_query,
    to_class_offers,
    to_parameter_templates,
    to_price,
    to_serverless_price,
    to_zone_offers,
)
from pulumi_rdsclone.cloud.wire.order import from_keep_policy, from_order, to_clone_id
from pulumi_rdsclone.cloud.wire.pages import (
    is_list,
    may_end_with,
    records_in,
    to_next_token,
    to_total,
)
from pulumi_rdsclone.cloud.wire.tasks import to_migrations, to_tasks
from pulumi_rdsclone.cloud.wire.values import indexed, tag_list
from pulumi_rdsclone.cloud.wire.vswitches import to_vswitches
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
from pulumi_rdsclone.domain.errors import AccessDeniedError, ApiError, CloneError
from pulumi_rdsclone.domain.identity import STACK_TAG
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
from pulumi_rdsclone.lifecycle.ports import Clock, Rds

_PAGE: Final = 100
_MOST_PAGES: Final = 1000
"""Limit for a list whose total is wrong."""

_INCOMPLETE: Final = "the pages of the list are incomplete"

_TAGGED: Final = 50
"""The most instances that one call of ListTagResources names."""

_VPC_PAGE: Final = 50
"""The largest page of DescribeVSwitches."""

_MIGRATIONS_AGE: Final = timedelta(days=7)

_ORDER_SECONDS: Final = 20
"""The API reference advises this read time-out for calls that create instances."""

_NO_OFFER: Final = "InvalidCondition.NotFound"
"""
The answer of DescribeAvailableClasses if no class is available.

Source: data_source_alicloud_db_instance_classes.go of Terraform's provider.
"""

_NO_WINDOW: Final = {
    "LogBackupNotEnabled": NoWindow.LOG_BACKUP_OFF,
    "InvalidBackup.NotFound": NoWindow.NO_BACKUP,
    "InvalidBinlog.NotFound": NoWindow.NO_BACKUP,
    "IncorrectDBInstanceEngine": NoWindow.NOT_TOLD,
    "IncorrectDBInstanceState": NoWindow.NOT_NOW,
    "IncorrectDBInstanceLockMode": NoWindow.NOT_NOW,
    "IncorrectDBInstanceCharacterType": NoWindow.NOT_NOW,
}
"""Source: the error table of DescribeLocalAvailableRecoveryTime."""


class RdsClient(Rds):
    """
    ApsaraDB RDS in one region. Safe to use from many threads.
    """

    def __init__(
        self,
        rds: Transport,
        *,
        vpc: Transport,
        region: str,
        clock: Clock,
        site: AccountSite = AccountSite.CHINA,
    ) -> None:
        self.region = region
        self._site = site
        self._rds = rds
        self._vpc = vpc
        self._clock = clock
        self._limiters = RateLimiters(clock)
        self._engines: dict[str, str] = {}
        """The engines of the instances that were described; they never change."""

    @override
    @reject_malformed("DescribeDBInstanceAttribute")
    def instance(self, instance_id: str) -> Instance:
        action = "DescribeDBInstanceAttribute"
        answer = self._call(action, DBInstanceId=instance_id)
        instance = to_instance(answer)
        if instance is None:
            raise error_for_code(
                action,
                "InvalidDBInstanceId.NotFound",
                message=f"the answer contains no instance {instance_id}",
                request_id=answer["RequestId"],
            )
        if instance.id != instance_id:
            message = "the answer is about another instance"
            raise ValueError(message)
        self._engines[instance_id] = instance.engine
        return instance

    @override
    @reject_malformed("DescribeDBInstances")
    def list_instances(self, tags: Mapping[str, str]) -> tuple[InstanceSummary, ...]:
        pages = self._pages("DescribeDBInstances", Tags=tag_filter(tags))
        return tuple(seen for page in pages for seen in to_summaries(page))

    @override
    @reject_malformed("DescribeDBInstances")
    def count_instances(self) -> int:
        page = next(self._pages("DescribeDBInstances"))
        total = to_total(page)
        return len(to_summaries(page)) if total < 0 else total

    @override
    def list_clones(self, stack: str) -> tuple[TaggedInstance, ...]:
        summaries = self.list_instances({STACK_TAG: stack})
        tags = self._tags_of([summary.id for summary in summaries])
        return tuple(
            TaggedInstance(summary=summary, tags=tags.get(summary.id, {}))
            for summary in summaries
        )

    @override
    @reject_malformed("DescribeBackups")
    def backup_sets(self, instance_id: str) -> tuple[BackupSet, ...]:
        pages = self._pages("DescribeBackups", DBInstanceId=instance_id)
        return tuple(backup for page in pages for backup in to_backup_sets(page))

    @override
    @reject_malformed("DescribeLocalAvailableRecoveryTime")
    def recovery_window(self, instance_id: str) -> RecoveryWindow | NoWindow:
        try:
            answer = self._call(
                "DescribeLocalAvailableRecoveryTime", DBInstanceId=instance_id
            )
        except ApiError as error:
            if error.fault.code in _NO_WINDOW:
                return _NO_WINDOW[error.fault.code]
            raise
        return to_window(answer)

    @override
    @reject_malformed("DescribeBackupPolicy")
    def backup_policy(self, instance_id: str) -> BackupPolicy:
        answer = self._call("DescribeBackupPolicy", DBInstanceId=instance_id)
        return to_backup_policy(answer)

    @override
    @reject_malformed("DescribeLogBackupFiles")
    def log_backups(self, instance_id: str, span: Span) -> tuple[Span, ...]:
        pages = self._pages(
            "DescribeLogBackupFiles",
            DBInstanceId=instance_id,
            **to_minutes(span),
        )
        return tuple(log for page in pages for log in to_logs(page))

    @reject_malformed("DescribeMigrateTasks")
    def migrations(self, instance_id: str) -> tuple[str, ...]:
        """
        Return the databases that are being imported, by the tasks of the last week.
        """
        now = self._clock.now()
        pages = self._pages(
            "DescribeMigrateTasks",
            DBInstanceId=instance_id,
            **to_minutes(Span(now - _MIGRATIONS_AGE, now)),
        )
        return tuple(name for page in pages for name in to_migrations(page))

    @override
    @reject_malformed("DescribeTasks")
    def tasks(self, instance_id: str) -> tuple[str, ...]:
        pages = self._pages("DescribeTasks", DBInstanceId=instance_id)
        return tuple(name for page in pages for name in to_tasks(page))

    @override
    @reject_malformed("DescribeMetaList")
    def contents(
        self, instance_id: str, restore: Restore, databases: tuple[str, ...]
    ) -> Contents:
        action, point = "DescribeMetaList", from_restore(restore)
        listed = self._call(action, DBInstanceId=instance_id, **point)
        tables = [
            to_tables(
                self._call(
                    action, DBInstanceId=instance_id, GetDbName=database, **point
                ),
                database,
            )
            for database in databases
        ]
        return Contents(
            databases=to_databases(listed), tables=frozenset().union(*tables)
        )

    @override
    @reject_malformed("DescribeAvailableZones")
    def zone_offers(
        self, engine: str, engine_version: str, payment: str = "PayAsYouGo"
    ) -> tuple[ZoneOffer, ...]:
        parameters = from_zone_query(
            engine, engine_version, payment=payment, site=self._site
        )
        answer = self._call("DescribeAvailableZones", **parameters)
        return to_zone_offers(answer, engine=engine, engine_version=engine_version)

    @override
    @reject_malformed("DescribeAvailableClasses")
    def class_offers(self, query: OfferQuery) -> tuple[ClassOffer, ...]:
        parameters = from_class_query(query, self._site)
        try:
            answer = self._call("DescribeAvailableClasses", **parameters)
        except ApiError as error:
            if error.fault.code == _NO_OFFER:
                return ()
            raise
        return to_class_offers(answer)

    @override
    @reject_malformed("DescribeVSwitches")
    def vswitches(self, vpc_id: str) -> tuple[VSwitch, ...]:
        pages = self._pages_of(
            self._vpc,
            "DescribeVSwitches",
            parameters={"VpcId": vpc_id, "PageSize": str(_VPC_PAGE)},
        )
        return tuple(vswitch for page in pages for vswitch in to_vswitches(page))

    @override
    @reject_malformed("DescribePrice")
    def price(
        self,
        query: OfferQuery,
        instance_class: str,
        storage_gb: int,
        payment: Payment,
    ) -> Price:
        action = "DescribePrice"
        parameters = from_price_query(
            query,
            instance_class=instance_class,
            storage_gb=storage_gb,
            payment=payment,
            site=self._site,
        )
        answer = self._call(action, **parameters)
        return _named(to_price(answer, payment), action, answer=answer)

    @override
    @reject_malformed("DescribePrice")
    def serverless_price(
        self,
        query: OfferQuery,
        instance_class: str,
        storage_gb: int,
        serverless: Serverless,
    ) -> Price:
        action = "DescribePrice"
        parameters = from_serverless_price_query(
            query,
            instance_class=instance_class,
            storage_gb=storage_gb,
            serverless=serverless,
            site=self._site,
        )
        answer = self._call(action, **parameters)
        return _named(to_serverless_price(answer), action, answer=answer)

    @override
    @reject_malformed("DescribeParameterTemplates")
    def parameter_templates(
        self, engine: str, engine_version: str
    ) -> tuple[ParameterTemplate, ...]:
        action = "DescribeParameterTemplates"
        answer = self._call(action, **from_template_query(engine, engine_version))
        templates = to_parameter_templates(answer)
        if not templates:
            raise _unexpected(
                action, what="the answer names no parameter", answer=answer
            )
        return templates

    @override
    def parameters(self, instance_id: str) -> dict[str, str]:
        reading = self.read_aspects(instance_id, {Aspect.PARAMETERS})
        parameters: dict[str, str] = reading.fields["parameters"]
        return parameters

    @override
    def accounts(self, instance_id: str) -> dict[str, DatabaseAccount]:
        reading = self.read_aspects(instance_id, {Aspect.ACCOUNTS})
        return dict(reading.all_accounts or {})

    def order_clone(self, order: CloneOrder) -> str:
        """
        Order a clone and return its id. Sent once: the caller decides about a repeat.
        """
        action = "CloneDBInstance"
        parameters = {**from_order(order), "RegionId": self.region}
        answer = self._limiters.of(action).run(
            lambda: self._rds.call(action, parameters, read_seconds=_ORDER_SECONDS)
        )
        clone_id = to_clone_id(answer)
        if clone_id is None or clone_id == order.source_instance_id:
            raise error_for_code(
                action,
                "UnexpectedAnswer",
                message="the answer names no instance that was made",
                request_id=answer["RequestId"],
            )
        return clone_id

    @override
    def release(self, instance_id: str, keep_policy: str | None = None) -> None:
        kept = from_keep_policy(keep_policy)
        self._call("DeleteDBInstance", DBInstanceId=instance_id, **kept)

    @override
    def tags(self, instance_id: str) -> dict[str, str]:
        return self._tags_of([instance_id]).get(instance_id, {})

    @reject_malformed("ListTagResources")
    def tags_by_key(self, key: str) -> dict[str, dict[str, str]]:
        """
        Return all tags of each instance that has one with *key*, whatever its value.

        Whether an answer by key contains the other tags, too, is not documented: where
        it does not, they are asked for by the instances' ids.
        """
        found = self._list_tags({"Tag.1.Key": key})
        bare = [id_ for id_, tags in found.items() if tags.keys() == {key}]
        found |= self._tags_of(bare)
        return {id_: tags for id_, tags in found.items() if key in tags}

    @reject_malformed("ListTagResources")
    def _tags_of(self, instance_ids: list[str]) -> dict[str, dict[str, str]]:
        tags: dict[str, dict[str, str]] = {}
        for first in range(0, len(instance_ids), _TAGGED):
            some = instance_ids[first : first + _TAGGED]
            tags |= self._list_tags(indexed("ResourceId", some))
        if not tags.keys() <= set(instance_ids):
            message = "the answer is about other instances"
            raise ValueError(message)
        return tags

    def _list_tags(self, of: Mapping[str, str]) -> dict[str, dict[str, str]]:
        """
        Return the tags of each instance that the parameters *of* select.
        """
        tags: dict[str, dict[str, str]] = {}
        token, used = "", set[str]()
        while token not in used and len(used) < _MOST_PAGES:
            used.add(token)
            more = {"NextToken": token} if token else {}
            page = self._call(
                "ListTagResources",
                ResourceType="INSTANCE",
                **more,
                **of,
            )
            for instance_id, key, value in to_tags(page):
                tags.setdefault(instance_id, {})[key] = value
            token = to_next_token(page)
            if not token:
                return tags
        raise ValueError(_INCOMPLETE)

    @override
    def set_tags(self, instance_id: str, tags: Mapping[str, str]) -> None:
        self._call(
            "TagResources",
            ResourceType="INSTANCE",
            **indexed("ResourceId", [instance_id]),
            **tag_list(tags),
        )

    @override
    def read_aspects(
        self, instance_id: str, aspects: Collection[Aspect]
    ) -> AspectReading:
        found = AspectReading()
        asked: dict[str, list[Answer]] = {}
        for codec in (CODECS[aspect] for aspect in sorted(aspects)):
            action = codec.read_action
            if not action:
                continue
            if action not in asked:
                asked[action] = self._answers_to(action, instance_id)
            read = reject_malformed(action)(codec.read)
            reading = AspectReading()
            for page in asked[action]:
                reading |= read(page)
            if codec.supplement:
                reading = self._supplemented(
                    reading, codec.supplement, instance_id=instance_id
                )
            found |= reading
        return found

    def _supplemented(
        self, reading: AspectReading, more: Supplement, *, instance_id: str
    ) -> AspectReading:
        """
        Return *reading* with what the engine of the instance leaves out.

        Without the permission to read that, or if the call is refused for good, it
        stays left out.
        """
        if not more.is_needed(reading) or self._engine_of(instance_id) != more.engine:
            return reading
        answers: list[Answer] | None
        try:
            answers = self._answers_to(more.read_action, instance_id)
        except ApiError as error:
            if type(error) not in (ApiError, AccessDeniedError):
                raise
            answers = None
        return reject_malformed(more.read_action)(more.complete)(reading, answers)

    def _engine_of(self, instance_id: str) -> str:
        if instance_id not in self._engines:
            self.instance(instance_id)
        return self._engines[instance_id]

    def _answers_to(self, action: str, instance_id: str) -> list[Answer]:
        """
        Return the answers of *action*: the pages of a list, else one.
        """
        if not is_list(action):
            return [self._call(action, DBInstanceId=instance_id)]
        pages = self._pages(action, DBInstanceId=instance_id)
        return reject_malformed(action)(list[Answer])(pages)

    def apply(self, change: AspectChange) -> None:
        """
        Change one aspect. Each call is sent once: the caller decides about a repeat.
        """
        instance = {"DBInstanceId": change.instance.id}
        requests = CODECS[change.aspect].requests(change)
        request = next(requests, None)
        while request:
            action, parameters = request
            named = {} if "ResourceId.1" in parameters else instance
            try:
                answer = self._repeat(
                    self._rds,
                    action,
                    parameters={**named, **parameters},
                    may_be_lost=False,
                )
            except ApiError as error:
                request = _alternative_to(requests, error)
            else:
                request = _next_after(requests, action, answer=answer)

    def _call(self, action: str, **parameters: str) -> Answer:
        """
        Call *action*, which may take effect twice, and retry it if no reply comes.
        """
        return self._repeat(self._rds, action, parameters=parameters)

    def _repeat(
        self,
        transport: Transport,
        action: str,
        *,
        parameters: dict[str, str],
        may_be_lost: bool = True,
    ) -> Answer:
        """
        Call *action* and retry after transient errors, see *call_with_retries*.
        """
        sent = {"RegionId": self.region, **parameters}
        limiter = self._limiters.of(action)
        return call_with_retries(
            lambda: limiter.run(lambda: transport.call(action, sent)),
            self._clock.sleep,
            may_be_lost=may_be_lost,
        )

    def _pages(self, action: str, **parameters: str) -> Iterator[Answer]:
        """
        Yield the pages of a list call of RDS.
        """
        return self._pages_of(
            self._rds, action, parameters={"PageSize": str(_PAGE), **parameters}
        )

    def _pages_of(
        self, transport: Transport, action: str, *, parameters: dict[str, str]
    ) -> Iterator[Answer]:
        """
        Yield the pages of a list call until they hold as much as they promise.

        Raises:
            ValueError: They end before that.
        """
        seen = 0
        before: list[Answer] | None = None
        for number in range(1, _MOST_PAGES):
            numbered = {**parameters, "PageNumber": str(number)}
            page = self._repeat(transport, action, parameters=numbered)
            yield page
            records, total = records_in(action, page), to_total(page)
            if records == before:
                break
            seen += len(records)
            if seen >= total >= len(records):
                return
            size = int(parameters["PageSize"])
            if total < 0 and may_end_with(action, records, page_size=size):
                return
            if not records:
                break
            before = records
        raise ValueError(_INCOMPLETE)


@reject_malformed("DescribeAccounts")
def _next_after(requests: Requests, action: str, *, answer: Answer) -> Request | None:
    """
    Return the call that follows *action*; None if there is none.

    A change whose call was a read receives the answer.
    """
    if not action.startswith("Describe"):
        return next(requests, None)
    try:
        return requests.send(answer)
    except StopIteration:
        return None


def _alternative_to(requests: Requests, error: ApiError) -> Request | None:
    """
    Return the call to send instead of the refused one; None if the change is done.

    Raises:
        ApiError: *error*, if the change has no alternative.
    """
    try:
        return requests.throw(error)
    except StopIteration:
        return None


def _named(price: Price | None, action: str, *, answer: Answer) -> Price:
    """
    Return the price that an answer names.

    Raises:
        UnavailableError: It names none.
    """
    if price is None:
        raise _unexpected(action, what="the answer names no price", answer=answer)
    return price


def _unexpected(action: str, *, what: str, answer: Answer) -> CloneError:
    return error_for_code(
        action, "UnexpectedAnswer", message=what, request_id=answer["RequestId"]
    )
