import itertools
import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from ipaddress import IPv4Network
from typing import Any, Final

import pytest

from pulumi_rdsclone.cloud.client import RdsClient
from pulumi_rdsclone.cloud.permissions import FACT_ACTIONS
from pulumi_rdsclone.domain.aspects import Aspect
from pulumi_rdsclone.domain.backups import (
    BackupPolicy,
    BackupSet,
    Contents,
    NoWindow,
    RecoveryWindow,
    Span,
)
from pulumi_rdsclone.domain.errors import (
    AccessDeniedError,
    ApiError,
    ConflictError,
    NotFoundError,
    NotVisibleError,
    TokenUsedError,
    UnavailableError,
)
from pulumi_rdsclone.domain.market import ClassOffer, OfferQuery, Price, VSwitch, ZoneOffer
from pulumi_rdsclone.domain.restoring import Restore
from pulumi_rdsclone.domain.spec import Payment, Serverless
from rds_emulator import Emulator
from tests.cloud.stub import Connect, Stub, answer_of, stub, unsigned, version_sold
from tests.domain.samples import NOW, OFFER_QUERY, alteration, order
from tests.lifecycle.fakes import FakeClock
from tests.support.rows import case, row

SOURCE = "rm-demo-mysql80"
NOBODY = "rm-nobody"
ORDER: Final = order(
    source_instance_id=SOURCE,
    backup_id="1000000109",
    description="staging",
    tags={"rdsclone:key": "key-1", "team": "data"},
)
BUSY = (503, '{"Code": "ServiceUnavailable", "Message": "Later.", "RequestId": "R-1"}')


def asked_of(server: Stub) -> list[dict[str, str]]:
    """
    Return what a server was asked, without what signs each call.
    """
    signing = {"AccessKeyId", "Format", "Timestamp"}
    return [
        {
            name: value
            for name, value in asked.items()
            if name not in signing and not name.startswith("Signature")
        }
        for asked in server.asked
    ]


def test_instance_is_described(rds: RdsClient, emulator: Emulator) -> None:
    told = emulator.instance(SOURCE)

    found = rds.instance(SOURCE)

    assert found.id == SOURCE
    assert found.region == "cn-hangzhou"
    assert found.status == "Running"
    assert found.lock_mode == "Unlock"
    assert found.role == "Primary"
    assert (found.engine, found.engine_version) == ("MySQL", "8.0")
    assert found.edition == "HighAvailability"
    assert found.zones == ("cn-hangzhou-h", "cn-hangzhou-i")
    assert found.instance_class == "mysql.n2.medium.2c"
    assert (found.storage_gb, found.storage_type) == (100, "cloud_essd")
    assert found.payment == "PayAsYouGo"
    assert (found.network_type, found.vpc_id) == ("VPC", "vpc-demo")
    assert found.vswitch_ids == ("vsw-demo-h",)
    assert found.connection_string == told.connection_string
    assert found.port == 3306
    assert found.created == told.created.replace(microsecond=0)
    assert found.expires is None
    assert found.deletion_protection is False
    assert found.serverless is None


def test_instance_is_described_with_payment_and_scaling(rds: RdsClient, emulator: Emulator) -> None:
    emulator.add(
        "rm-serverless",
        pay_type="Serverless",
        serverless={"min_capacity": 0.5, "max_capacity": 8, "auto_pause": True},
        deletion_protection=True,
    )

    subscribed = rds.instance("rm-demo-subscription")
    scaling = rds.instance("rm-serverless")

    assert subscribed.payment == "Subscription"
    assert subscribed.expires is not None
    assert scaling.payment == "Serverless"
    assert scaling.serverless == {"min_rcu": 0.5, "max_rcu": 8.0, "auto_pause": True}
    assert scaling.deletion_protection is True


def test_only_the_description_tells_not_found(rds: RdsClient) -> None:
    with pytest.raises(NotFoundError) as failure:
        rds.instance(NOBODY)

    assert failure.value.fault.request_id


@pytest.mark.parametrize(
    "call",
    [
        row("backup sets", lambda rds: rds.backup_sets(NOBODY)),
        row("window", lambda rds: rds.recovery_window(NOBODY)),
        row("release", lambda rds: rds.release(NOBODY)),
        row("read_aspects", lambda rds: rds.read_aspects(NOBODY, [Aspect.WHITELIST])),
        case("change")(
            lambda rds: rds.apply(alteration(Aspect.DESCRIPTION, {"description": "ab"}, id=NOBODY))
        ),
        row("clone", lambda rds: rds.order_clone(replace(ORDER, source_instance_id=NOBODY))),
    ],
)
def test_instance_unknown_to_another_call_may_exist(
    rds: RdsClient, call: Callable[[RdsClient], object]
) -> None:
    with pytest.raises(NotVisibleError) as failure:
        call(rds)

    assert failure.value.fault.request_id


def test_description_without_an_instance_is_not_found(connect: Connect) -> None:
    nothing = '{"RequestId": "R-1", "Items": {"DBInstanceAttribute": []}}'

    with stub((200, nothing)) as server, pytest.raises(NotFoundError):
        connect(unsigned(server.url)).instance(SOURCE)


def test_instances_are_listed_with_status_and_age(rds: RdsClient, emulator: Emulator) -> None:
    emulator.add("rm-both", tags={"a": "1", "b": "2"}, status="Rebooting")
    emulator.add("rm-one", tags={"a": "1"})
    emulator.add("rm-other", tags={"a": "1", "b": "3"})
    emulator.add("rm-elsewhere", tags={"a": "1", "b": "2"}, region="cn-shanghai", zones=[])

    (seen,) = rds.list_instances({"b": "2"})

    created = emulator.instance("rm-both").created.replace(microsecond=0)
    assert (seen.id, seen.status, seen.created) == ("rm-both", "Rebooting", created)
    assert rds.list_instances({"a": "2"}) == ()


def test_pages_of_instances_are_read_with_few_calls(rds: RdsClient, emulator: Emulator) -> None:
    names = {f"rm-{number}" for number in range(201)}
    for name in names:
        emulator.add(name, tags={"many": "yes"}, backups=[])

    seen = [summary.id for summary in rds.list_instances({"many": "yes"})]

    assert len(seen) == 201
    assert names == set(seen)
    assert emulator.journal.count("DescribeDBInstances") == 3


@pytest.mark.parametrize(
    ("total", "instances"),
    [
        row("more than nothing", 5, []),
        row("one more", "2", [{"DBInstanceId": "rm-1"}]),
        row("one less", 0, [{"DBInstanceId": "rm-1"}]),
        row("default", None, []),
    ],
)
def test_list_that_miscounts(
    connect: Connect, total: object, instances: list[dict[str, str]]
) -> None:
    """
    A list whose total does not match what it holds is neither believed nor read for ever.
    """
    page = answer_of(TotalRecordCount=total, Items={"DBInstance": instances})

    with stub(page) as server:
        with pytest.raises(UnavailableError, match="not understood"):
            connect(unsigned(server.url)).list_instances({"a": "1"})

        assert len(server.asked) < 3


def test_usable_and_other_backup_sets_are_listed(rds: RdsClient, emulator: Emulator) -> None:
    sets = {backup.id: backup for backup in rds.backup_sets(SOURCE)}

    ended = {b.id: b.ended.replace(microsecond=0) for b in emulator.backups(SOURCE)}
    assert len(sets) == 9
    assert sets["1000000109"] == BackupSet(
        id="1000000109",
        succeeded=True,
        available=True,
        method="Physical",
        ended=ended["1000000109"],
        started=sets["1000000109"].started,
        size_bytes=sets["1000000109"].size_bytes,
    )
    assert {"1000000105"} == {b.id for b in sets.values() if not b.succeeded}
    assert {"1000000105"} == {b.id for b in sets.values() if not b.available}
    assert {"1000000108"} == {b.id for b in sets.values() if b.logical}


def test_pages_of_backup_sets_are_joined(rds: RdsClient, emulator: Emulator) -> None:
    emulator.add("rm-old", backups=[{"id": str(n), "started": f"now-{n}h"} for n in range(1, 152)])

    assert {str(n) for n in range(1, 152)} == {b.id for b in rds.backup_sets("rm-old")}
    assert emulator.journal.count("DescribeBackups") == 2


def test_window_is_read_with_both_ends(rds: RdsClient, emulator: Emulator) -> None:
    window = rds.recovery_window("rm-demo-mysql80")

    assert isinstance(window, RecoveryWindow)
    now = emulator.clock.now()
    assert now - window.end < timedelta(seconds=10)
    assert timedelta(days=6) < window.end - window.begin < timedelta(days=8)
    assert timedelta() == window.begin.utcoffset()


@pytest.mark.parametrize(
    ("instance_id", "reason"),
    [
        row("no log backup", "rm-demo-no-log-backup", NoWindow.LOG_BACKUP_OFF),
        row("no usable set", "rm-demo-no-backup", NoWindow.NO_BACKUP),
        row("SQL Server", "rm-demo-sqlserver2022", NoWindow.NOT_TOLD),
        row("stopped", "rm-demo-stopped", NoWindow.NOT_NOW),
        row("locked", "rm-demo-locked-manual", NoWindow.NOT_NOW),
        row("read-only", "rm-demo-readonly", NoWindow.NOT_NOW),
    ],
)
def test_missing_window_is_a_reason(rds: RdsClient, instance_id: str, reason: NoWindow) -> None:
    assert rds.recovery_window(instance_id) is reason


SPAN = Span(NOW - timedelta(hours=8, seconds=30), NOW - timedelta(seconds=30))
IN_RDS = {"Version": "2014-08-15", "RegionId": "cn-hangzhou"}
IN_VPC = {"Version": "2016-04-28", "RegionId": "cn-hangzhou"}
FIRST_PAGE = {"PageSize": "100", "PageNumber": "1"}
ONE = {"TotalRecordCount": 1, "PageRecordCount": 1}
MYSQL_8 = version_sold("8.0", {"Basic": ["cloud_essd"]})
PRICED = {
    **IN_RDS,
    "Action": "DescribePrice",
    "Engine": "MySQL",
    "EngineVersion": "8.0",
    "ZoneId": "cn-hangzhou-h",
    "DBInstanceClass": "mysql.x",
    "DBInstanceStorage": "105",
    "DBInstanceStorageType": "cloud_essd",
    "Quantity": "1",
    "OrderType": "BUY",
}


@pytest.mark.parametrize(
    ("call", "sent", "body", "found"),
    [
        case("policy", lambda rds: rds.backup_policy(SOURCE))(
            {**IN_RDS, "Action": "DescribeBackupPolicy", "DBInstanceId": SOURCE},
            {
                "PreferredBackupPeriod": "Monday,Thursday",
                "BackupRetentionPeriod": 7,
                "EnableBackupLog": "1",
            },
            BackupPolicy(data=True, log=True, retention_days=7),
        ),
        case("logs", lambda rds: rds.log_backups(SOURCE, SPAN))(
            {
                **IN_RDS,
                **FIRST_PAGE,
                "Action": "DescribeLogBackupFiles",
                "DBInstanceId": SOURCE,
                "StartTime": "2026-11-20T03:59Z",
                "EndTime": "2026-11-20T12:00Z",
            },
            {
                **ONE,
                "Items": {
                    "BinLogFile": [
                        {
                            "LogBeginTime": "2026-11-20T11:00:00Z",
                            "LogEndTime": "2026-11-20T12:00:00Z",
                        }
                    ]
                },
            },
            (Span(NOW - timedelta(hours=1), NOW),),
        ),
        case("imports", lambda rds: rds.migrations(SOURCE))(
            {
                **IN_RDS,
                **FIRST_PAGE,
                "Action": "DescribeMigrateTasks",
                "DBInstanceId": SOURCE,
                "StartTime": "2026-11-13T12:00Z",
                "EndTime": "2026-11-20T12:00Z",
            },
            {**ONE, "Items": {"MigrateTask": [{"DBName": "shop", "Status": "Running"}]}},
            ("shop",),
        ),
        case("tasks", lambda rds: rds.tasks(SOURCE))(
            {**IN_RDS, **FIRST_PAGE, "Action": "DescribeTasks", "DBInstanceId": SOURCE},
            {**ONE, "Items": {"TaskProgressInfo": [{"TaskAction": "Copy", "Status": "Running"}]}},
            ("Copy",),
        ),
        case("zones", lambda rds: rds.zone_offers("MySQL", "8.0"))(
            {
                **IN_RDS,
                "Action": "DescribeAvailableZones",
                "CommodityCode": "bards",
                "Engine": "MySQL",
                "EngineVersion": "8.0",
            },
            {
                "AvailableZones": [
                    {
                        "ZoneId": "cn-hangzhou-h",
                        "SupportedEngines": [
                            {"Engine": "MySQL", "SupportedEngineVersions": [MYSQL_8]}
                        ],
                    }
                ]
            },
            (ZoneOffer(zone="cn-hangzhou-h", edition="Basic", storage_type="cloud_essd"),),
        ),
        case("classes", lambda rds: rds.class_offers(OFFER_QUERY))(
            {
                **IN_RDS,
                "Action": "DescribeAvailableClasses",
                "CommodityCode": "bards",
                "InstanceChargeType": "Postpaid",
                "Engine": "MySQL",
                "EngineVersion": "8.0",
                "Category": "HighAvailability",
                "ZoneId": "cn-hangzhou-h",
                "DBInstanceStorageType": "cloud_essd",
            },
            {
                "DBInstanceClasses": [
                    {
                        "DBInstanceClass": "mysql.x",
                        "DBInstanceStorageRange": {"MinValue": 20, "MaxValue": 6000, "Step": 5},
                    }
                ]
            },
            (ClassOffer(name="mysql.x", least_gb=20, most_gb=6000, step_gb=5),),
        ),
        case("vSwitches", lambda rds: rds.vswitches("vpc-1"))(
            {
                **IN_VPC,
                "Action": "DescribeVSwitches",
                "VpcId": "vpc-1",
                "PageSize": "50",
                "PageNumber": "1",
            },
            {
                "TotalCount": 1,
                "VSwitches": {
                    "VSwitch": [
                        {
                            "VSwitchId": "vsw-1",
                            "ZoneId": "cn-hangzhou-h",
                            "CidrBlock": "10.0.0.0/24",
                            "AvailableIpAddressCount": 252,
                        }
                    ]
                },
            },
            (VSwitch(id="vsw-1", zone="cn-hangzhou-h", cidr=IPv4Network("10.0.0.0/24"), free=252),),
        ),
        case("price", lambda rds: rds.price(OFFER_QUERY, "mysql.x", 105, Payment()))(
            {**PRICED, "CommodityCode": "bards", "PayType": "Postpaid"},
            {"PriceInfo": {"TradePrice": 1.25, "Currency": "CNY"}},
            Price(amount=1.25, currency="CNY", per="hour"),
        ),
        case("the most that serverless costs")(
            lambda rds: rds.serverless_price(
                OFFER_QUERY, "mysql.x", 105, Serverless(min_rcu=0.5, max_rcu=8)
            ),
            {
                **PRICED,
                "CommodityCode": "rds_serverless_public_cn",
                "PayType": "Serverless",
                "ServerlessConfig": '{"MinCapacity": 0.5, "MaxCapacity": 8.0}',
            },
            {
                "PriceInfo": {"TradePrice": 0.2, "Currency": "CNY"},
                "ServerlessPrice": {"TradeMaxRCUAmount": "2.8", "StorageOriginalAmount": 0.1},
            },
            Price(amount=2.9, currency="CNY", per="hour"),
        ),
    ],
)
def test_read_sends_what_is_documented_once(
    connect: Connect,
    call: Callable[[RdsClient], object],
    sent: dict[str, str],
    body: dict[str, Any],
    found: object,
) -> None:
    with stub(BUSY, answer_of(**body)) as server:
        assert found == call(connect(unsigned(server.url)))
        assert [sent, sent] == asked_of(server)


def test_nothing_sold_is_no_offers(connect: Connect) -> None:
    """
    Where nothing is sold there are no offers, whether by an error or an empty list.

    Source: InvalidCondition.NotFound counts as none in Terraform's data source of
    classes (data_source_alicloud_db_instance_classes.go).
    """
    refused = {"RequestId": "R-1", "Code": "InvalidCondition.NotFound", "Message": "No"}
    for answer in ((404, json.dumps(refused)), answer_of(DBInstanceClasses=[])):
        with stub(answer) as server:
            assert () == connect(unsigned(server.url)).class_offers(OFFER_QUERY)


def test_other_refusals_do_not_count_as_no_offers(connect: Connect) -> None:
    refused = {"RequestId": "R-1", "Code": "InvalidZone.NotFound", "Message": "No"}

    with stub((404, json.dumps(refused))) as server, pytest.raises(ApiError):
        connect(unsigned(server.url)).class_offers(OFFER_QUERY)


GRANTED = {
    "DatabasePrivileges": {
        "DatabasePrivilege": [{"DBName": "shop", "AccountPrivilege": "ReadOnly"}]
    }
}
"""What an account is told to have, so that no other call is asked for it."""


@pytest.mark.parametrize("sizes", [[0], [1], [100, 2], [100, 0]])
def test_list_without_totals(connect: Connect, sizes: list[int]) -> None:
    """
    A list that tells no total ends with a page that is not full.

    Source: an answer of DescribeAccounts of the real cloud has no TotalRecordCount,
    github.com/aliyun/terraform-provider-alicloud/issues/1887.
    """
    names = (f"account_{number}" for number in itertools.count())
    pages = [
        [{"AccountName": name, **GRANTED} for name in itertools.islice(names, size)]
        for size in sizes
    ]
    answers = [answer_of(Accounts={"DBInstanceAccount": page}) for page in pages]

    with stub(*answers) as server:
        found = connect(unsigned(server.url)).read_aspects(SOURCE, {Aspect.ACCOUNTS})

    assert sum(sizes) == len(found.at("accounts"))
    assert len(sizes) == len(server.asked)


def test_other_list_without_totals(connect: Connect) -> None:
    """
    A page of another list that is not full ends it, too.

    One that is empty does not: a clone that is not seen might be ordered again.
    """
    one = {"DBInstanceId": "rm-1", "DBInstanceStatus": "Running"}

    with stub(answer_of(Items={"DBInstance": [one]})) as server:
        (seen,) = connect(unsigned(server.url)).list_instances({"a": "1"})

    assert "rm-1" == seen.id


def test_databases_are_read_once_and_the_tables_of_each_that_needs_it(connect: Connect) -> None:
    answers = [
        answer_of(Items={"Meta": [{"Database": name} for name in ("a", "b", "c")]}),
        answer_of(Items={"Meta": [{"Database": "a", "Tables": "x,y"}]}),
        answer_of(Items={"Meta": [{"Database": "b", "Tables": "z"}]}),
    ]
    sent = {
        **IN_RDS,
        "Action": "DescribeMetaList",
        "DBInstanceId": SOURCE,
        "RestoreType": "BackupSetID",
        "BackupSetID": "103",
    }
    restore = Restore(time=NOW, backup_id="103")

    with stub(*answers) as server:
        found = connect(unsigned(server.url)).contents(SOURCE, restore, databases=("a", "b"))
        asked = asked_of(server)

    assert [sent, {**sent, "GetDbName": "a"}, {**sent, "GetDbName": "b"}] == asked
    assert found == Contents(databases=frozenset("abc"), tables=frozenset({"a.x", "a.y", "b.z"}))


def rds_pages(group: str, pages: list[list[dict[str, Any]]]) -> list[tuple[int, str]]:
    """
    Return the pages of a list of RDS; its older actions count in texts.
    """
    total = str(sum(map(len, pages)))
    return [
        answer_of(
            TotalRecordCount=total,
            PageRecordCount=str(len(page)),
            PageNumber=str(number),
            Items={group: page},
        )
        for number, page in enumerate(pages, start=1)
    ]


@pytest.mark.parametrize(
    ("call", "group", "item"),
    [
        case("logs", lambda rds: rds.log_backups(SOURCE, SPAN), "BinLogFile")(
            {"LogBeginTime": "2026-11-20T11:00:00Z", "LogEndTime": "2026-11-20T12:00:00Z"}
        ),
        case("imports", lambda rds: rds.migrations(SOURCE))(
            "MigrateTask", {"DBName": "shop", "Status": "Running"}
        ),
        case("tasks", lambda rds: rds.tasks(SOURCE))(
            "TaskProgressInfo", {"TaskAction": "Copy", "Status": "Running"}
        ),
    ],
)
@pytest.mark.parametrize(
    "sizes",
    [
        row("nothing", [0]),
        row("one full page", [100]),
        row("one more", [100, 1]),
        row("three pages", [100, 100, 50]),
    ],
)
def test_lists_in_pages_are_read_with_few_calls(
    connect: Connect,
    call: Callable[[RdsClient], tuple[object, ...]],
    group: str,
    item: dict[str, str],
    sizes: list[int],
) -> None:
    records = ({**item, "Number": str(number)} for number in itertools.count())
    pages = rds_pages(group, [list(itertools.islice(records, n)) for n in sizes])

    with stub(*pages) as server:
        assert sum(sizes) == len(call(connect(unsigned(server.url))))
        asked = [(sent["PageSize"], sent["PageNumber"]) for sent in server.asked]

    assert [("100", str(n)) for n in range(1, len(sizes) + 1)] == asked


@pytest.mark.parametrize(
    "sizes",
    [
        row("no such VPC", [0]),
        row("one full page", [50]),
        row("one more", [50, 1]),
        row("three pages", [50, 50, 20]),
    ],
)
def test_vswitches_have_pages(connect: Connect, sizes: list[int]) -> None:
    """
    The VPC service answers fifty at once, and counts in its own way.
    """
    ids = [f"vsw-{number}" for number in range(sum(sizes))]
    pages = []
    for number, size in enumerate(sizes, start=1):
        page = [
            {"VSwitchId": vswitch_id, "CidrBlock": "10.0.0.0/24"}
            for vswitch_id in ids[50 * (number - 1) :][:size]
        ]
        pages.append(
            answer_of(
                TotalCount=sum(sizes), PageNumber=number, PageSize=50, VSwitches={"VSwitch": page}
            )
        )

    with stub(*pages) as server:
        found = connect(unsigned(server.url)).vswitches("vpc-1")
        asked = [(sent["PageSize"], sent["PageNumber"]) for sent in server.asked]

    assert ids == [vswitch.id for vswitch in found]
    assert [("50", str(n)) for n in range(1, len(sizes) + 1)] == asked


@pytest.mark.parametrize(
    "call",
    [
        row("policy", lambda rds: rds.backup_policy(SOURCE)),
        row("logs", lambda rds: rds.log_backups(SOURCE, SPAN)),
        row("imports", lambda rds: rds.migrations(SOURCE)),
        row("tasks", lambda rds: rds.tasks(SOURCE)),
        row("contents", lambda rds: rds.contents(SOURCE, Restore(time=NOW), ())),
        row("zones", lambda rds: rds.zone_offers("MySQL", "8.0")),
        row("classes", lambda rds: rds.class_offers(OFFER_QUERY)),
        row("vSwitches", lambda rds: rds.vswitches("vpc-1")),
        row("price", lambda rds: rds.price(OFFER_QUERY, "mysql.x", 105, Payment())),
        case("the most that serverless costs")(
            lambda rds: rds.serverless_price(
                OFFER_QUERY, "mysql.x", 105, Serverless(min_rcu=1, max_rcu=8)
            )
        ),
        row("templates", lambda rds: rds.parameter_templates("MySQL", "8.0")),
        row("parameters", lambda rds: rds.parameters(SOURCE)),
    ],
)
def test_denied_read_names_its_action_and_is_not_repeated(
    connect: Connect, call: Callable[[RdsClient], object]
) -> None:
    body = {"Code": "Forbidden.RAM", "Message": "No.", "RequestId": "R-1"}

    with stub((403, json.dumps(body))) as server:
        with pytest.raises(AccessDeniedError) as failure:
            call(connect(unsigned(server.url)))

        assert [failure.value.fault.action] == [sent["Action"] for sent in server.asked]
    actions = ", ".join(FACT_ACTIONS.values()).split(", ")
    assert failure.value.fault.action in {name.split(":")[1] for name in actions}


@pytest.mark.parametrize("info", [{}, {"TradePrice": 1.25}, {"Currency": "CNY"}])
def test_answer_without_an_amount_is_no_price(connect: Connect, info: Mapping[str, object]) -> None:
    with (
        stub(answer_of(PriceInfo=info)) as server,
        pytest.raises(UnavailableError, match=r"names no price .*DescribePrice.*R-1"),
    ):
        connect(unsigned(server.url)).price(
            OFFER_QUERY, "mysql.x", storage_gb=105, payment=Payment()
        )


@pytest.mark.parametrize("told", [{}, {"Parameters": {"TemplateRecord": []}}])
def test_answer_without_parameters_tells_none(connect: Connect, told: Mapping[str, object]) -> None:
    with (
        stub(answer_of(**told)) as server,
        pytest.raises(UnavailableError, match=r"names no parameter .*Templates.*R-1"),
    ):
        connect(unsigned(server.url)).parameter_templates("MySQL", "8.0")


@pytest.mark.parametrize(
    ("engine", "version", "name"),
    [
        row("MySQL", "MySQL", "8.0", "back_log"),
        row("PostgreSQL", "PostgreSQL", "16.0", "wal_level"),
        row("SQL Server", "SQLServer", "2022_std_ha", "fill factor"),
        row("MariaDB", "MariaDB", "10.6", "back_log"),
    ],
)
def test_parameters_of_each_engine_are_read(
    rds: RdsClient, engine: str, version: str, name: str
) -> None:
    found = {template.name: template for template in rds.parameter_templates(engine, version)}

    assert found[name].restarts
    assert found[name].modifiable


def test_reads_of_the_emulator(rds: RdsClient) -> None:
    """
    The emulator shares no code with the client.
    """
    source = rds.instance(SOURCE)
    sale = OfferQuery(
        engine=source.engine,
        engine_version=source.engine_version,
        edition=source.edition,
        zone=source.zones[0],
        storage_type=source.storage_type,
    )

    zones = rds.zone_offers(sale.engine, sale.engine_version)
    classes = {offer.name: offer for offer in rds.class_offers(sale)}
    vswitches = {vswitch.id: vswitch for vswitch in rds.vswitches("vpc-demo")}
    price = rds.price(sale, source.instance_class, storage_gb=source.storage_gb, payment=Payment())

    assert rds.parameters(SOURCE)["back_log"] == "3000"
    assert rds.backup_policy(SOURCE) == BackupPolicy(data=True, log=True, retention_days=7)
    assert rds.backup_policy("rm-demo-no-log-backup").log is False
    assert rds.tasks(SOURCE) == ()
    assert rds.migrations("rm-demo-sqlserver2022") == ()
    assert (sale.zone, sale.edition, sale.storage_type) in {
        (offer.zone, offer.edition, offer.storage_type) for offer in zones
    }
    offer = classes[source.instance_class]
    assert offer.least_gb <= source.storage_gb <= offer.most_gb
    assert vswitches["vsw-demo-h"].zone == "cn-hangzhou-h"
    assert vswitches["vsw-demo-h"].cidr == IPv4Network("10.0.0.0/24")
    assert vswitches["vsw-demo-h"].free > 0
    assert vswitches["vsw-demo-full"].free == 0
    assert rds.vswitches("vpc-nobody") == ()
    assert price.amount > 0
    assert (price.currency, price.per) == ("CNY", "hour")


def test_logs_of_sql_server_have_no_gap(rds: RdsClient, emulator: Emulator) -> None:
    name = "rm-demo-sqlserver2022"
    first = min(backup.ended for backup in rds.backup_sets(name) if backup.usable)
    now = emulator.clock.now()

    logs = sorted(rds.log_backups(name, Span(first, now)))

    assert logs
    assert logs[0].begin <= first
    assert all(log.end >= two.begin for log, two in itertools.pairwise(logs))


def test_order_makes_a_clone_with_its_tags(rds: RdsClient, emulator: Emulator) -> None:
    clone = emulator.instance(rds.order_clone(ORDER))

    assert clone.status == "Creating"
    assert clone.description == "staging"
    assert clone.tags == {"rdsclone:key": "key-1", "team": "data"}
    assert clone.restored_from is not None
    assert clone.restored_from.backup_id == "1000000109"
    assert ["CloneDBInstance"] == [call.action for call in emulator.journal.calls()]
    assert emulator.journal.calls()[0].parameters["ClientToken"] == "token-1"


def test_repeated_order_gives_the_same_clone(rds: RdsClient, emulator: Emulator) -> None:
    first = rds.order_clone(ORDER)

    assert first == rds.order_clone(ORDER)
    assert len(emulator.journal.writes()) == 1


def test_token_of_another_order_is_reported(rds: RdsClient) -> None:
    rds.order_clone(ORDER)

    with pytest.raises(TokenUsedError):
        rds.order_clone(replace(ORDER, description="testing"))


def test_order_is_sent_once(connect: Connect, clock: FakeClock) -> None:
    with stub(BUSY) as server:
        with pytest.raises(UnavailableError):
            connect(unsigned(server.url)).order_clone(ORDER)

        assert len(server.asked) == 1
    assert clock.slept == []


@pytest.mark.parametrize(
    "body",
    [
        row("none", {}),
        row("a list", {"DBInstanceId": ["rm-1"]}),
        row("a number", {"DBInstanceId": 5}),
        row("a sentence", {"DBInstanceId": "rm-1 or so"}),
        row("the source's", {"DBInstanceId": SOURCE}),
    ],
)
def test_order_answered_without_id_is_unavailable(connect: Connect, body: dict[str, Any]) -> None:
    with stub(answer_of(**body)) as server:
        with pytest.raises(UnavailableError, match=r"names no instance .*R-1"):
            connect(unsigned(server.url)).order_clone(ORDER)

        assert len(server.asked) == 1


def test_release_begins_and_is_not_waited_for(rds: RdsClient, emulator: Emulator) -> None:
    emulator.add("rm-old")

    rds.release("rm-old")

    assert emulator.instance("rm-old").status == "Deleting"


@pytest.mark.parametrize("instance_id", ["rm-demo-stopped", "rm-demo-locked-manual"])
def test_release_that_the_state_forbids_is_a_conflict(rds: RdsClient, instance_id: str) -> None:
    with pytest.raises(ConflictError):
        rds.release(instance_id)


def test_protected_release_is_no_conflict(rds: RdsClient, emulator: Emulator) -> None:
    emulator.add("rm-safe", deletion_protection=True)

    with pytest.raises(ApiError) as failure:
        rds.release("rm-safe")

    assert type(failure.value) is ApiError
    assert failure.value.fault.code == "OperationDenied.DeletionProtection"


def test_tags_are_set_without_touching_others(rds: RdsClient, emulator: Emulator) -> None:
    emulator.add("rm-tagged", tags={"a": "1", "b": "2", "c": "3"})

    rds.set_tags("rm-tagged", {"b": "two", "d": "4"})

    assert rds.tags("rm-tagged") == {"a": "1", "b": "two", "c": "3", "d": "4"}
    assert rds.tags("rm-demo-postgresql16") == {}


def test_pages_of_tags_are_joined(connect: Connect) -> None:
    one, two = (
        f'{{"TagResource": [{{"ResourceId": "{SOURCE}", "TagKey": "{key}"}}]}}' for key in "ab"
    )
    pages = [
        (200, f'{{"RequestId": "R", "NextToken": "more", "TagResources": {one}}}'),
        (200, f'{{"RequestId": "R", "NextToken": "", "TagResources": {two}}}'),
    ]

    with stub(*pages) as server:
        assert connect(unsigned(server.url)).tags(SOURCE) == {"a": "", "b": ""}
        assert [None, "more"] == [asked.get("NextToken") for asked in server.asked]


def test_tagged_instances_are_told_with_all_tags(rds: RdsClient, emulator: Emulator) -> None:
    for number in range(30):
        emulator.add(f"rm-{number}", tags={"k": str(number), "b": "2"}, backups=[])
    emulator.add("rm-other", tags={"b": "2"})
    emulator.add("rm-elsewhere", tags={"k": "1"}, region="cn-shanghai", zones=[])

    found = rds.tags_by_key("k")

    assert {f"rm-{n}": {"k": str(n), "b": "2"} for n in range(30)} == found
    # The emulator tells fifty tags at once.
    assert 2 == emulator.journal.count("ListTagResources")


def test_other_tags_are_read_where_a_list_tells_only_the_key(connect: Connect) -> None:
    def page(*tags: tuple[int, str], more: str = "") -> tuple[int, str]:
        entries = [{"ResourceId": f"rm-{n}", "TagKey": key} for n, key in tags]
        return answer_of(TagResources={"TagResource": entries}, NextToken=more)

    listed = [(n, "k") for n in range(51)]
    full = [(n, key) for n in range(50) for key in ("k", "stack")]
    last = page((50, "k"), (50, "stack"))

    with stub(page(*listed[:40], more="next"), page(*listed[40:]), page(*full), last) as server:
        found = connect(unsigned(server.url)).tags_by_key("k")

        asked = [{"Tag.1.Key", "ResourceId.50"} & sent.keys() for sent in server.asked]
        assert [{"Tag.1.Key"}, {"Tag.1.Key"}, {"ResourceId.50"}, set()] == asked
        assert "next" == server.asked[1]["NextToken"]
    assert {f"rm-{n}": {"k": "", "stack": ""} for n in range(51)} == found


def test_idempotent_calls_are_repeated_until_answered(connect: Connect, clock: FakeClock) -> None:
    nothing = answer_of(TotalRecordCount=0, Items={"Backup": []})

    with stub(BUSY, BUSY, nothing) as server:
        assert connect(unsigned(server.url)).backup_sets(SOURCE) == ()

        assert len(server.asked) == 3
    assert len(clock.slept) == 2


def test_call_that_is_never_answered_ends_with_the_last_error(connect: Connect) -> None:
    with stub(BUSY) as server:
        with pytest.raises(UnavailableError, match=r"Later .*ServiceUnavailable.*R-1"):
            connect(unsigned(server.url)).instance(SOURCE)

        assert len(server.asked) == 4


def test_every_call_names_its_region(rds: RdsClient, emulator: Emulator) -> None:
    rds.instance(SOURCE)
    rds.list_instances({"a": "1"})
    rds.tags(SOURCE)
    rds.order_clone(ORDER)

    assert ["cn-hangzhou"] * 4 == [
        call.parameters.get("RegionId") for call in emulator.journal.calls()
    ]


UNUSUAL: Final = [
    case("a vSwitch without a range", lambda client: client.vswitches("vpc-1"))(
        {"VSwitches": {"VSwitch": [{"VSwitchId": "vsw-1"}]}}
    ),
    row("no list", lambda client: client.backup_sets("rm-1"), {"Items": None}),
    row("a window without ends", lambda client: client.recovery_window("rm-1"), {}),
    case("a number in words")(
        lambda client: client.backup_policy("rm-1"), {"BackupRetentionPeriod": "seven"}
    ),
    case("a tag of nobody")(
        lambda client: client.tags_by_key("k"), {"TagResources": {"TagResource": [{"TagKey": "k"}]}}
    ),
    case("a text for a list")(
        lambda client: client.zone_offers("MySQL", "8.0"), {"AvailableZones": "none"}
    ),
    case("another instance", lambda client: client.instance("rm-1"))(
        {"Items": {"DBInstanceAttribute": [{"DBInstanceId": "rm-2"}]}}
    ),
    case("our own word for a status", lambda client: client.instance("rm-1"))(
        {"Items": {"DBInstanceAttribute": [{"DBInstanceId": "rm-1", "DBInstanceStatus": "gone"}]}}
    ),
    row("no instances", lambda client: client.instance("rm-1"), {}),
    case("tags of another instance", lambda client: client.tags("rm-1"))(
        {"TagResources": {"TagResource": [{"ResourceId": "rm-2", "TagKey": "a"}]}}
    ),
    row("no tags and no list", lambda client: client.tags("rm-1"), {}),
    case("a page that is followed by itself", lambda client: client.tags("rm-1"))(
        {"TagResources": {"TagResource": []}, "NextToken": "more"}
    ),
]


@pytest.mark.parametrize(("read", "body"), UNUSUAL)
def test_answer_of_another_form_is_reported(
    connect: Connect, read: Callable[[RdsClient], object], body: dict[str, Any]
) -> None:
    with stub(answer_of(**body)) as server:
        with pytest.raises(UnavailableError, match="the answer is not understood"):
            read(connect(unsigned(server.url)))

        assert len(server.asked) <= 2
