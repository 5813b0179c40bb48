import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Network
from typing import Any, Final

import pytest

from pulumi_rdsclone.cloud.aspects import CODECS
from pulumi_rdsclone.cloud.permissions import FACT_ACTIONS
from pulumi_rdsclone.cloud.settings import AccountSite
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
from pulumi_rdsclone.cloud.wire.instances import tag_filter, to_instance, to_summaries, to_tags
from pulumi_rdsclone.cloud.wire.market import (
    from_class_query,
    from_price_query,
    from_zone_query,
    to_class_offers,
    to_parameter_templates,
    to_price,
    to_serverless_price,
    to_zone_offers,
)
from pulumi_rdsclone.cloud.wire.order import PARAMETERS, UNSENT, from_order
from pulumi_rdsclone.cloud.wire.tasks import to_migrations, to_tasks
from pulumi_rdsclone.cloud.wire.values import indexed, to_text
from pulumi_rdsclone.cloud.wire.vswitches import to_vswitches
from pulumi_rdsclone.domain.backups import BackupPolicy, BackupSet, RecoveryWindow, Span
from pulumi_rdsclone.domain.engine_parameters import ParameterTemplate
from pulumi_rdsclone.domain.facts import Facts
from pulumi_rdsclone.domain.instances import Instance, InstanceSummary
from pulumi_rdsclone.domain.market import ClassOffer, Price, VSwitch, ZoneOffer
from pulumi_rdsclone.domain.model import Field, leaves_of
from pulumi_rdsclone.domain.restoring import Restore
from pulumi_rdsclone.domain.spec import Capacity, CloneSpec, Network, Payment, Serverless
from tests.cloud.stub import version_sold
from tests.domain.samples import OFFER_QUERY, order
from tests.support.rows import case, row

Tree = dict[str, Any]

LEAVES = [field.path for field in leaves_of(CloneSpec)]
FOUR = datetime(2026, 11, 20, 4, tzinfo=UTC)
ORDER: Final = order(restore_time=FOUR)
SHORTEST = {
    "DBInstanceId": "rm-source",
    "RestoreTime": "2026-11-20T04:00:00Z",
    "DBInstanceStorageType": "cloud_essd",
    "PayType": "Postpaid",
    "ClientToken": "token-1",
}


@pytest.mark.parametrize("field", leaves_of(CloneSpec), ids=lambda field: field.path)
def test_input_is_ordered_changed_later_or_has_a_reason_to_be_unsent(field: Field) -> None:
    path = field.path
    is_changed = field.aspect and path in CODECS[field.aspect].parameters

    assert (path in UNSENT) != (path in PARAMETERS or bool(is_changed))
    assert bool(field.aspect) == bool(is_changed)


def test_tables_name_existing_inputs_and_no_parameter_twice() -> None:
    names = list(PARAMETERS.values())
    changed = [path for codec in CODECS.values() for path in codec.parameters]

    assert {*PARAMETERS, *UNSENT, *changed} == set(LEAVES)
    assert len(changed) == len(set(changed))
    assert len(names) == len(set(names))
    assert all(UNSENT.values())


def test_every_fact_names_its_ram_action() -> None:
    ours = {"now", "others", "adopts", "demand"}
    assert set(Facts.__dataclass_fields__) - ours == set(FACT_ACTIONS)


def test_shortest_order_sends_nothing_that_was_not_asked_for() -> None:
    assert SHORTEST == from_order(ORDER)


@pytest.mark.parametrize(
    ("changes", "sent"),
    [
        row("edition", {"edition": "cluster"}, {"Category": "cluster"}),
        row("one zone", {"zones": ("a",)}, {"ZoneId": "a"}),
        case("three zones")(
            {"zones": ("a", "b", "c")}, {"ZoneId": "a", "ZoneIdSlave1": "b", "ZoneIdSlave2": "c"}
        ),
        case("capacity", {"capacity": Capacity(instance_class="mysql.x", storage_gb=105)})(
            {"DBInstanceClass": "mysql.x", "DBInstanceStorage": "105"}
        ),
        row("storage type", {"storage_type": "local_ssd"}, {"DBInstanceStorageType": "local_ssd"}),
        case("network")(
            {
                "network": Network(
                    type="VPC",
                    vpc_id="vpc-1",
                    vswitch_ids=["vsw-1", "vsw-2"],
                    private_ip_address="10.0.0.7",
                )
            },
            {
                "InstanceNetworkType": "VPC",
                "VPCId": "vpc-1",
                "VSwitchId": "vsw-1,vsw-2",
                "PrivateIpAddress": "10.0.0.7",
            },
        ),
        case("a subscription, paid at once")(
            {"payment": Payment(type="Subscription", period="Year", duration=3)},
            {"PayType": "Prepaid", "Period": "Year", "UsedTime": "3", "AutoPay": "true"},
        ),
        case("a subscription, paid later")(
            {"payment": Payment(type="Subscription", period="Month", duration=1, auto_pay=False)},
            {"PayType": "Prepaid", "Period": "Month", "UsedTime": "1", "AutoPay": "false"},
        ),
        row("serverless", {"payment": Payment(type="Serverless")}, {"PayType": "Serverless"}),
        row("description", {"description": "staging"}, {"DBInstanceDescription": "staging"}),
        row("protection", {"deletion_protection": True}, {"DeletionProtection": "true"}),
        case("tags, always in one order", {"tags": {"b": "2", "a": "1"}})(
            {"Tag.1.Key": "a", "Tag.1.Value": "1", "Tag.2.Key": "b", "Tag.2.Value": "2"}
        ),
    ],
)
def test_each_part_of_an_order_is_sent(changes: Tree, sent: dict[str, str]) -> None:
    assert {**SHORTEST, **sent} == from_order(replace(ORDER, **changes))


def test_order_of_a_backup_set_has_no_time() -> None:
    sent = from_order(replace(ORDER, restore_time=None, backup_id="103"))

    expected = {k: v for k, v in SHORTEST.items() if k != "RestoreTime"}
    assert {**expected, "BackupId": "103"} == sent


@pytest.mark.parametrize(
    ("changes", "sent"),
    [
        row("all of it", {}, {}),
        case("databases of SQL Server")(
            {"engine": "SQLServer", "databases": {"shop": "shop", "a": "a"}}, {"DbNames": "a,shop"}
        ),
        case("databases of MySQL", {"databases": {"shop": "shop_2", "a": "a"}})(
            {
                "RestoreTable": "1",
                "TableMeta": [
                    {"type": "db", "name": "a", "newname": "a"},
                    {"type": "db", "name": "shop", "newname": "shop_2"},
                ],
            }
        ),
        case("tables")(
            {
                "databases": {"shop": "shop_2"},
                "tables": {"shop.people": "p", "shop.items": "i", "a.b": "b"},
            },
            {
                "RestoreTable": "1",
                "TableMeta": [
                    {
                        "type": "db",
                        "name": "a",
                        "newname": "a",
                        "tables": [{"type": "table", "name": "b", "newname": "b"}],
                    },
                    {
                        "type": "db",
                        "name": "shop",
                        "newname": "shop_2",
                        "tables": [
                            {"type": "table", "name": "items", "newname": "i"},
                            {"type": "table", "name": "people", "newname": "p"},
                        ],
                    },
                ],
            },
        ),
    ],
)
def test_databases_and_tables_are_sent_in_order(changes: Tree, sent: Tree) -> None:
    told: Tree = dict(from_order(replace(ORDER, **changes)))
    if "TableMeta" in told:
        told["TableMeta"] = json.loads(told["TableMeta"])

    assert {**SHORTEST, **sent} == told


@pytest.mark.parametrize(
    ("limits", "sent"),
    [
        case("limits alone")(
            Serverless(min_rcu=0.5, max_rcu=8), {"MinCapacity": 0.5, "MaxCapacity": 8}
        ),
        case("all of it", Serverless(min_rcu=1, max_rcu=2, auto_pause=False, switch_force=True))(
            {"MinCapacity": 1, "MaxCapacity": 2, "AutoPause": False, "SwitchForce": True}
        ),
    ],
)
def test_scaling_limits_are_one_json_text(limits: Serverless, sent: Tree) -> None:
    order = replace(ORDER, capacity=Capacity(serverless=limits))

    assert sent == json.loads(from_order(order)["ServerlessConfig"])


def test_equal_orders_are_sent_equal() -> None:
    """
    A token holds only for the same parameters, letter by letter.
    """
    again = replace(ORDER, tags={"a": "1", "b": "2"})

    assert from_order(again) == from_order(replace(ORDER, tags={"b": "2", "a": "1"}))


@pytest.mark.parametrize("engine", ["MySQL", "SQLServer"])
def test_equal_parts_are_sent_equal(engine: str) -> None:
    databases, tables = {"a": "a", "b": "b"}, {"c.d": "d", "c.e": "e"}
    once = replace(ORDER, engine=engine, databases=databases, tables=tables)
    again = replace(
        once, databases=dict(reversed(databases.items())), tables=dict(reversed(tables.items()))
    )

    assert from_order(once) == from_order(again)


def described(**item: Any) -> Instance | None:
    """
    Read an answer that tells of one instance.
    """
    return to_instance({"Items": {"DBInstanceAttribute": [{"DBInstanceId": "rm-1", **item}]}})


NOTHING_KNOWN = Instance(
    id="rm-1",
    region="",
    status="",
    lock_mode="",
    role="",
    engine="",
    engine_version="",
    edition="",
    zones=(),
    instance_class="",
    storage_gb=0,
    storage_type="",
    payment="",
    network_type="",
    description="",
    deletion_protection=False,
)


def test_instance_is_read_from_its_id_alone() -> None:
    assert NOTHING_KNOWN == described()


@pytest.mark.parametrize(
    ("item", "changes"),
    [
        row("no port yet", {"Port": ""}, {}),
        row("a port", {"Port": "3306"}, {"port": 3306}),
        row("no vSwitch", {"VSwitchId": ""}, {}),
        row("two vSwitches", {"VSwitchId": "a,b"}, {"vswitch_ids": ("a", "b")}),
        row("one zone", {"ZoneId": "a"}, {"zones": ("a",)}),
        case("the primary's zone, then the standbys'")(
            {
                "ZoneId": "x",
                "MasterZone": "a",
                "SlaveZones": {"SlaveZone": [{"ZoneId": "b"}, {"ZoneId": "c"}]},
            },
            {"zones": ("a", "b", "c")},
        ),
        row("postpaid", {"PayType": "Postpaid"}, {"payment": "PayAsYouGo"}),
        row("prepaid", {"PayType": "Prepaid"}, {"payment": "Subscription"}),
        row("capitals", {"PayType": "SERVERLESS"}, {"payment": "Serverless"}),
        row("a new payment", {"PayType": "Barter"}, {"payment": "Barter"}),
        row("protected", {"DeletionProtection": True}, {"deletion_protection": True}),
        row("a false text", {"DeletionProtection": "false"}, {}),
        row("a storage", {"DBInstanceStorage": "105"}, {"storage_gb": 105}),
        row("a second", {"CreationTime": "2026-11-20T04:00:00Z"}, {"created": FOUR}),
        row("a minute", {"ExpireTime": "2026-11-20T04:00Z"}, {"expires": FOUR}),
        row("no end", {"ExpireTime": ""}, {}),
        case("scaling limits")(
            {"ServerlessConfig": {"ScaleMin": 0.5, "ScaleMax": 8, "AutoPause": "true"}},
            {"serverless": {"min_rcu": 0.5, "max_rcu": 8.0, "auto_pause": True}},
        ),
        row("no scaling limits", {"ServerlessConfig": {}}, {}),
    ],
)
def test_instance_is_read_in_every_form(item: Tree, changes: Tree) -> None:
    assert replace(NOTHING_KNOWN, **changes) == described(**item)


def test_empty_list_is_no_instance() -> None:
    assert to_instance({"Items": {"DBInstanceAttribute": []}}) is None


@pytest.mark.parametrize(
    "items", [None, [], {}, {"DBInstanceAttribute": None}, {"DBInstanceAttribute": {}}]
)
def test_answer_without_a_list_does_not_mean_that_an_instance_is_gone(items: object) -> None:
    with pytest.raises((AttributeError, TypeError)):
        to_instance({"Items": items})


def test_page_of_instances_is_read() -> None:
    page = {
        "Items": {
            "DBInstance": [
                {
                    "DBInstanceId": "rm-1",
                    "DBInstanceStatus": "Creating",
                    "CreateTime": "2026-11-20T04:00:00Z",
                },
                {"DBInstanceId": "rm-2"},
            ]
        }
    }

    assert to_summaries(page) == (
        InstanceSummary(id="rm-1", status="Creating", created=FOUR),
        InstanceSummary(id="rm-2", status=""),
    )
    assert to_summaries({}) == ()


@pytest.mark.parametrize(
    ("item", "backup"),
    [
        row("a good one", {}, {}),
        row("withdrawn", {"IsAvail": 0}, {"available": False}),
        row("withdrawn, as a text", {"IsAvail": "0"}, {"available": False}),
        row("available, as a text", {"IsAvail": "1"}, {}),
        row("failed", {"BackupStatus": "Failed"}, {"succeeded": False}),
        row("logical", {"BackupMethod": "Logical"}, {"method": "Logical"}),
        row("snapshot", {"BackupMethod": "Snapshot"}, {"method": "Snapshot"}),
        row("a number for an id", {"BackupId": 103}, {}),
        row("a full one", {"BackupType": "FullBackup"}, {}),
        row("an incremental one", {"BackupType": "IncrementalBackup"}, {"full": False}),
    ],
)
def test_backup_set_is_read_with_what_makes_it_usable(item: Tree, backup: Tree) -> None:
    page = {
        "Items": {
            "Backup": [
                {
                    "BackupId": "103",
                    "BackupStatus": "Success",
                    "BackupMethod": "Physical",
                    "BackupEndTime": "2026-11-20T04:00:00Z",
                    **item,
                }
            ]
        }
    }
    good = BackupSet(id="103", succeeded=True, available=True, method="Physical", ended=FOUR)

    assert (replace(good, **backup),) == to_backup_sets(page)


@pytest.mark.parametrize(
    ("item", "told"),
    [
        row("nothing", {}, (None, None)),
        row(
            "both", {"BackupStartTime": "2026-11-20T04:00:00Z", "BackupSize": 2**40}, (FOUR, 2**40)
        ),
        row("a text", {"BackupSize": "1024"}, (None, 1024)),
        pytest.param({"BackupStartTime": "04:00", "BackupSize": "1 GB"}, (None, None)),
        pytest.param({"BackupStartTime": 4, "BackupSize": -2}, (None, None)),
        pytest.param({"BackupStartTime": [], "BackupSize": 10**30}, (None, None)),
        row("no method", {"BackupMethod": 7}, (None, None)),
    ],
)
def test_set_is_read_with_begin_and_size_or_without(
    item: Tree, told: tuple[datetime | None, int | None]
) -> None:
    times = {"BackupEndTime": "2026-11-20T04:00:00Z", "BackupStatus": "Success"}
    page = {"Items": {"Backup": [{"BackupId": "103", **times, **item}]}}

    (backup,) = to_backup_sets(page)

    assert told == (backup.started, backup.size_bytes)
    assert backup.usable


def test_running_backup_is_no_set() -> None:
    page = {"Items": {"Backup": [{"BackupId": "104", "BackupEndTime": ""}]}}

    assert to_backup_sets(page) == ()
    assert to_backup_sets({}) == ()


def test_window_is_read_with_both_ends() -> None:
    answer = {
        "RecoveryBeginTime": "2026-11-19T04:00:00Z",
        "RecoveryEndTime": "2026-11-20T04:00:00Z",
    }

    assert to_window(answer) == RecoveryWindow((Span(FOUR.replace(day=19), FOUR),))


@pytest.mark.parametrize(
    ("answer", "on"),
    [
        row("nothing told", {}, False),
        row("1", {"EnableBackupLog": "1"}, True),
        row("the number 1", {"EnableBackupLog": 1}, True),
        row("0", {"EnableBackupLog": "0"}, False),
        row("the number 0", {"EnableBackupLog": 0}, False),
        row("True", {"EnableBackupLog": "True"}, True),
        row("False", {"EnableBackupLog": "False"}, False),
        row("truth itself", {"EnableBackupLog": True}, True),
        row("empty", {"EnableBackupLog": ""}, False),
        row("null", {"EnableBackupLog": None}, False),
        row("Enable", {"BackupLog": "Enable"}, True),
        row("Enabled", {"BackupLog": "Enabled"}, True),
        row("capitals", {"BackupLog": "ENABLE"}, True),
        row("Disabled", {"BackupLog": "Disabled"}, False),
        row("Disable", {"BackupLog": "Disable"}, False),
        row("one of two", {"EnableBackupLog": "0", "BackupLog": "Enable"}, True),
        row("none of two", {"EnableBackupLog": "0", "BackupLog": "Disabled"}, False),
        row(
            "the newer form alone",
            {
                "EnableBackupLog": "0",
                "BackupLog": "Disabled",
                "EnablePitrProtection": True,
                "PitrRetentionPeriod": 7,
            },
            True,
        ),
        row("the older form alone", {"EnablePitrProtection": False, "BackupLog": "Enable"}, True),
    ],
)
def test_log_backup_is_read_in_each_spelling(answer: Tree, *, on: bool) -> None:
    assert on is to_backup_policy(answer).log


@pytest.mark.parametrize(
    ("answer", "on"),
    [
        row("nothing told", {}, False),
        row(
            "days and a retention",
            {"PreferredBackupPeriod": "Monday,Thursday", "BackupRetentionPeriod": 7},
            True,
        ),
        row(
            "a retention as a text",
            {"PreferredBackupPeriod": "Monday,Thursday", "BackupRetentionPeriod": "7"},
            True,
        ),
        row("no days", {"PreferredBackupPeriod": "", "BackupRetentionPeriod": 7}, False),
        row("no retention", {"PreferredBackupPeriod": "Monday", "BackupRetentionPeriod": 0}, False),
        row("days alone", {"PreferredBackupPeriod": "Monday"}, False),
    ],
)
def test_data_backup_needs_days_and_a_retention(answer: Tree, *, on: bool) -> None:
    assert on is to_backup_policy(answer).data


def test_backup_policy_of_sdk_16_is_read() -> None:
    answer = {
        "RequestId": "R-1",
        "BackupInterval": "-1",
        "BackupLog": "Enable",
        "BackupMethod": "Snapshot",
        "BackupRetentionPeriod": 7,
        "EnableBackupLog": "1",
        "EnableIncrementDataBackup": False,
        "LogBackupRetentionPeriod": 7,
        "PreferredBackupPeriod": "Tuesday,Thursday,Saturday",
        "PreferredBackupTime": "02:00Z-03:00Z",
    }

    assert BackupPolicy(data=True, log=True, retention_days=7) == to_backup_policy(answer)


@pytest.mark.parametrize(
    ("begin", "end", "sent"),
    [
        case("whole minutes")(
            FOUR, FOUR + timedelta(hours=1), ("2026-11-20T04:00Z", "2026-11-20T05:00Z")
        ),
        case("parts of minutes", FOUR + timedelta(seconds=59))(
            FOUR + timedelta(minutes=7, seconds=1), ("2026-11-20T04:00Z", "2026-11-20T04:08Z")
        ),
        case("an instant", FOUR + timedelta(microseconds=1))(
            FOUR + timedelta(microseconds=1), ("2026-11-20T04:00Z", "2026-11-20T04:01Z")
        ),
    ],
)
def test_span_is_sent_in_whole_minutes_that_contain_it(
    begin: datetime, end: datetime, sent: tuple[str, str]
) -> None:
    told = to_minutes(Span(begin, end))

    assert dict(zip(("StartTime", "EndTime"), sent, strict=True)) == told


def test_page_of_log_backups_is_read() -> None:
    page = {
        "PageNumber": 1,
        "PageRecordCount": 2,
        "TotalFileSize": 2048,
        "TotalRecordCount": 2,
        "Items": {
            "BinLogFile": [
                {
                    "LogBeginTime": f"2026-11-20T0{hour}:00:00Z",
                    "LogEndTime": f"2026-11-20T0{hour}:30:00Z",
                    "FileSize": 1024,
                    "DownloadLink": "https://example.com/log",
                    "IntranetDownloadLink": "https://example.com/log",
                    "LinkExpiredTime": "2026-11-21T04:00:00Z",
                }
                for hour in (4, 5)
            ]
        },
    }

    half = timedelta(minutes=30)
    assert to_logs(page) == (Span(FOUR, FOUR + half), Span(FOUR + 2 * half, FOUR + 3 * half))


@pytest.mark.parametrize(
    ("restore", "sent"),
    [
        case("an instant", Restore(time=FOUR))(
            {"RestoreType": "RestoreTime", "RestoreTime": "2026-11-20T04:00:00Z"}
        ),
        case("a set", Restore(time=FOUR, backup_id="103"))(
            {"RestoreType": "BackupSetID", "BackupSetID": "103"}
        ),
    ],
)
def test_contents_are_read_at_a_time_or_of_a_set(restore: Restore, sent: dict[str, str]) -> None:
    assert sent == from_restore(restore)


def test_databases_and_tables_are_named() -> None:
    shop = [
        {"Database": "shop", "Tables": "people,items", "Size": "1024"},
        {"Database": "shop", "Tables": "orders"},
    ]
    empty = {"Database": "empty", "Tables": ""}

    assert {"shop", "empty"} == to_databases({"Items": {"Meta": [*shop, empty]}})
    assert {"shop.people", "shop.items", "shop.orders"} == to_tables(
        {"Items": {"Meta": shop}}, "shop"
    )
    assert set() == to_tables({"Items": {"Meta": [empty]}}, "empty")


@pytest.mark.parametrize(
    ("status", "goes_on"),
    [
        *((status, True) for status in ("NoStart", "Running", "Waiting")),
        *((status, False) for status in ("Success", "Failed", None)),
    ],
)
def test_migration_goes_on_until_it_succeeds_or_fails(status: str | None, *, goes_on: bool) -> None:
    task = {
        "MigrateTaskId": "564532",
        "DBName": "shop",
        "BackupMode": "FULL",
        "IsDBReplaced": "True",
        "CreateTime": "2026-11-20T04:00:00Z",
        "EndTime": "",
        "Description": "test",
        "Status": status,
    }

    found = to_migrations({"Items": {"MigrateTask": [task]}})

    assert (("shop",) if goes_on else ()) == found


@pytest.mark.parametrize(
    ("task", "name"),
    [
        row("a database", {"DBName": "shop", "MigrateTaskId": "7"}, "shop"),
        row("a task", {"DBName": "", "MigrateTaskId": "7"}, "7"),
        row("neither", {}, "a database"),
    ],
)
def test_migration_is_named_by_its_database_or_its_task(task: Tree, name: str) -> None:
    page = {"Items": {"MigrateTask": [{"Status": "Running", **task}]}}

    assert (name,) == to_migrations(page)


@pytest.mark.parametrize(
    ("status", "goes_on"),
    [
        *((status, True) for status in ("Running", "NoStart", "Checking", "Preparing")),
        *((status, True) for status in ("Waiting", "Uploading", "Paused")),
        *((status, False) for status in ("Finish", "Finished", "finished", "Success", "Failed")),
        *((status, False) for status in ("Canceled", "Cancelled", "Completed", "Closed", "", None)),
    ],
)
def test_task_goes_on_unless_a_word_says_it_has_ended(status: str | None, *, goes_on: bool) -> None:
    task = {
        "TaskId": "152600****",
        "TaskAction": "BackupDBInstance",
        "Status": status,
        "Progress": "10.0",
        "ProgressInfo": "",
        "BeginTime": "2026-11-20T04:00:00Z",
        "FinishTime": "",
        "Remain": 60,
    }

    found = to_tasks({"Items": {"TaskProgressInfo": [task]}})

    assert (("BackupDBInstance",) if goes_on else ()) == found


def test_task_without_a_name() -> None:
    page = {"Items": {"TaskProgressInfo": [{"Status": "Running"}]}}

    assert to_tasks(page) == ("a task",)


DISKS = {"Basic": ["cloud_essd"], "HighAvailability": ["local_ssd", "cloud_essd"]}
ZONES = {
    "AvailableZones": [
        {
            "RegionId": "cn-hangzhou",
            "ZoneId": zone,
            "SupportedEngines": [
                {
                    "Engine": engine,
                    "SupportedEngineVersions": [
                        version_sold(version, DISKS) for version in versions
                    ],
                }
                for engine, versions in (("MySQL", ("5.7", "8.0")), ("PostgreSQL", ("16.0",)))
            ],
        }
        for zone in ("cn-hangzhou-h", "cn-hangzhou-i")
    ]
}


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        case("can be set")(
            {"ForceModify": "True", "ForceRestart": "False", "CheckingCode": "[1-9]"},
            {"allowed": "[1-9]", "modifiable": True, "restarts": False},
        ),
        case("fixed", {"ForceModify": "false", "ForceRestart": "true", "CheckingCode": ""})(
            {"allowed": "", "modifiable": False, "restarts": True}
        ),
        row("not told", {}, {"allowed": "", "modifiable": True, "restarts": False}),
    ],
)
def test_template_tells_values_and_how_they_are_set(record: dict[str, str], expected: Tree) -> None:
    records = [{"ParameterName": "p", **record}]

    told = to_parameter_templates({"Parameters": {"TemplateRecord": records}})

    assert (ParameterTemplate(name="p", **expected),) == told
    assert to_parameter_templates({}) == ()


def test_zone_offers_are_of_one_engine_and_version() -> None:
    assert to_zone_offers(ZONES, engine="MySQL", engine_version="8.0") == tuple(
        ZoneOffer(zone=zone, edition=edition, storage_type=storage_type)
        for zone in ("cn-hangzhou-h", "cn-hangzhou-i")
        for edition, storage_type in (
            ("Basic", "cloud_essd"),
            ("HighAvailability", "local_ssd"),
            ("HighAvailability", "cloud_essd"),
        )
    )
    assert to_zone_offers(ZONES, engine="MySQL", engine_version="5.5") == ()
    assert to_zone_offers(ZONES, engine="PostgreSQL", engine_version="8.0") == ()


@pytest.mark.parametrize(
    "engines",
    [
        row("no engines", None),
        row("empty engines", []),
        row("no versions", [{"Engine": "MySQL"}]),
        row("no editions", [{"Engine": "MySQL", "SupportedEngineVersions": [{"Version": "8.0"}]}]),
        case("no disks")(
            [{"Engine": "MySQL", "SupportedEngineVersions": [version_sold("8.0", {"Basic": None})]}]
        ),
    ],
)
def test_zone_whose_tree_ends_early_sells_nothing(engines: list[Tree] | None) -> None:
    zone = {"ZoneId": "cn-hangzhou-h", "SupportedEngines": engines}

    assert to_zone_offers({"AvailableZones": [zone]}, engine="MySQL", engine_version="8.0") == ()


@pytest.mark.parametrize(
    ("limits", "step"),
    [
        row("a range", {"MinValue": 20, "MaxValue": 6000, "Step": 5}, 5),
        row("texts", {"MinValue": "20", "MaxValue": "6000", "Step": "5"}, 5),
        row("no step", {"MinValue": 20, "MaxValue": 6000}, 0),
    ],
)
def test_class_is_read_with_its_storage(limits: Tree, step: int) -> None:
    item = {"DBInstanceClass": "mysql.x", "DBInstanceStorageRange": limits}

    offer = ClassOffer(name="mysql.x", least_gb=20, most_gb=6000, step_gb=step)
    assert (offer,) == to_class_offers({"DBInstanceClasses": [item]})


@pytest.mark.parametrize("limits", [{}, {"DBInstanceStorageRange": {}}])
def test_class_without_a_range_takes_any_storage(limits: Tree) -> None:
    page = {"DBInstanceClasses": [{"DBInstanceClass": "mysql.x", **limits}]}

    (offer,) = to_class_offers(page)

    assert (offer.name, offer.least_gb, offer.step_gb) == ("mysql.x", 0, 0)
    assert offer.most_gb > 10**6


@pytest.mark.parametrize(
    ("item", "changes"),
    [
        row("as it is told", {}, {}),
        row("a full one", {"AvailableIpAddressCount": 0}, {"free": 0}),
        row("a text", {"AvailableIpAddressCount": "12"}, {"free": 12}),
        row("no zone", {"ZoneId": ""}, {"zone": ""}),
        row("a range with a host's address", {"CidrBlock": "10.0.0.9/24"}, {}),
    ],
)
def test_vswitch_is_read_with_its_room(item: Tree, changes: Tree) -> None:
    page = {
        "TotalCount": 1,
        "PageNumber": 1,
        "PageSize": 50,
        "VSwitches": {
            "VSwitch": [
                {
                    "VSwitchId": "vsw-1",
                    "VpcId": "vpc-1",
                    "ZoneId": "cn-hangzhou-h",
                    "CidrBlock": "10.0.0.0/24",
                    "Ipv6CidrBlock": "",
                    "AvailableIpAddressCount": 252,
                    "Status": "Available",
                    "VSwitchName": "first",
                    **item,
                }
            ]
        },
    }
    plain = VSwitch(id="vsw-1", zone="cn-hangzhou-h", cidr=IPv4Network("10.0.0.0/24"), free=252)

    assert (replace(plain, **changes),) == to_vswitches(page)


def test_vswitch_of_unknown_room_is_not_taken_for_a_full_one() -> None:
    item = {"VSwitchId": "vsw-1", "CidrBlock": "10.0.0.0/24"}

    (vswitch,) = to_vswitches({"VSwitches": {"VSwitch": [item]}})

    assert vswitch.free > 0
    assert vswitch.zone == ""


def databases_of(answer: Tree) -> tuple[str, ...]:
    return tuple(to_databases(answer))


def offers_of_mysql(answer: Tree) -> tuple[ZoneOffer, ...]:
    return to_zone_offers(answer, engine="MySQL", engine_version="8.0")


@pytest.mark.parametrize(
    ("reader", "group", "entries"),
    [
        row("logs", to_logs, "Items", "BinLogFile"),
        row("imports", to_migrations, "Items", "MigrateTask"),
        row("tasks", to_tasks, "Items", "TaskProgressInfo"),
        row("vSwitches", to_vswitches, "VSwitches", "VSwitch"),
        row("databases", databases_of, "Items", "Meta"),
        row("zones", offers_of_mysql, "AvailableZones", ""),
        row("classes", to_class_offers, "DBInstanceClasses", ""),
    ],
)
def test_empty_list_holds_nothing(
    reader: Callable[[Tree], tuple[Any, ...]], group: str, entries: str
) -> None:
    empty: list[Any] = [None, []]
    answers: list[Tree] = [
        {},
        {"RequestId": "R-1"},
        *({group: {entries: nothing} if entries else nothing} for nothing in empty),
        *([{group: {}}] if entries else []),
    ]

    assert [()] * len(answers) == [reader(answer) for answer in answers]


CODES = [
    (AccountSite.CHINA, "PayAsYouGo", "bards", "Postpaid"),
    (AccountSite.CHINA, "Subscription", "rds", "Prepaid"),
    (AccountSite.CHINA, "Serverless", "rds_serverless_public_cn", "Serverless"),
    (AccountSite.INTERNATIONAL, "PayAsYouGo", "bards_intl", "Postpaid"),
    (AccountSite.INTERNATIONAL, "Subscription", "rds_intl", "Prepaid"),
    (AccountSite.INTERNATIONAL, "Serverless", "rds_serverless_public_intl", "Serverless"),
]


@pytest.mark.parametrize(("site", "payment", "code", "charge"), CODES)
def test_offers_are_asked_for_by_the_payment(
    site: AccountSite, payment: str, code: str, charge: str
) -> None:
    """
    Zones, classes and prices are asked for under the code of payment and site.

    Source: Terraform's provider always sends CommodityCode and InstanceChargeType, and
    its commit 5c6e77e08 is about zones that list serverless editions only under their
    code. The codes of both sites: DescribePrice, CommodityCode.
    """
    zones = from_zone_query("MySQL", "8.0", payment=payment, site=site)
    classes = from_class_query(replace(OFFER_QUERY, payment=payment), site)
    price = from_price_query(
        OFFER_QUERY,
        instance_class="mysql.x",
        storage_gb=20,
        payment=Payment(type=payment),
        site=site,
    )

    told = {"Engine": "MySQL", "EngineVersion": "8.0", "CommodityCode": code}
    assert told == zones
    assert (code, charge) == (classes["CommodityCode"], classes["InstanceChargeType"])
    assert (code, charge) == (price["CommodityCode"], price["PayType"])


def test_classes_are_asked_for_by_all_that_decides() -> None:
    assert from_class_query(OFFER_QUERY, AccountSite.CHINA) == {
        "CommodityCode": "bards",
        "InstanceChargeType": "Postpaid",
        "Engine": "MySQL",
        "EngineVersion": "8.0",
        "Category": "HighAvailability",
        "ZoneId": "cn-hangzhou-h",
        "DBInstanceStorageType": "cloud_essd",
    }


@pytest.mark.parametrize(
    ("payment", "sent"),
    [
        row("pay as you go", Payment(), {"CommodityCode": "bards", "PayType": "Postpaid"}),
        case("a subscription", Payment(type="Subscription", period="Month", duration=3))(
            {"CommodityCode": "rds", "PayType": "Prepaid", "TimeType": "Month", "UsedTime": "3"}
        ),
        case("serverless", Payment(type="Serverless"))(
            {"CommodityCode": "rds_serverless_public_cn", "PayType": "Serverless"}
        ),
    ],
)
def test_price_is_asked_for_on_the_terms_of_payment(payment: Payment, sent: dict[str, str]) -> None:
    assert from_price_query(
        OFFER_QUERY,
        instance_class="mysql.x",
        storage_gb=105,
        payment=payment,
        site=AccountSite.CHINA,
    ) == {
        "Engine": "MySQL",
        "EngineVersion": "8.0",
        "ZoneId": "cn-hangzhou-h",
        "DBInstanceClass": "mysql.x",
        "DBInstanceStorage": "105",
        "DBInstanceStorageType": "cloud_essd",
        "Quantity": "1",
        "OrderType": "BUY",
        **sent,
    }


HOUR = Price(amount=1.25, currency="CNY", per="hour")


@pytest.mark.parametrize(
    ("info", "payment", "price"),
    [
        row("an hour", {"TradePrice": 1.25, "Currency": "CNY"}, Payment(), HOUR),
        row("a text", {"TradePrice": "1.25", "Currency": "CNY"}, Payment(), HOUR),
        case("for nothing", {"TradePrice": 0, "OriginalPrice": 10, "Currency": "USD"})(
            Payment(), Price(amount=0.0, currency="USD", per="hour")
        ),
        case("a term, with its discount")(
            {"TradePrice": 300.5, "OriginalPrice": 400, "Currency": "CNY"},
            Payment(type="Subscription", period="Month", duration=3),
            Price(amount=300.5, currency="CNY", per="3 Month"),
        ),
        case("serverless", {"TradePrice": 2, "Currency": "CNY"})(
            Payment(type="Serverless"), Price(amount=2.0, currency="CNY", per="hour")
        ),
        row("no currency", {"TradePrice": 1.25}, Payment(), None),
        row("no amount", {"Currency": "CNY"}, Payment(), None),
        row("nothing", {}, Payment(), None),
        row("null", None, Payment(), None),
    ],
)
def test_price_is_read_with_currency_or_not_at_all(
    info: Tree | None, payment: Payment, price: Price | None
) -> None:
    assert price == to_price({"RequestId": "R-1", "PriceInfo": info}, payment)


@pytest.mark.parametrize(
    ("answer", "price"),
    [
        case("units and storage")(
            {
                "PriceInfo": {"Currency": "USD"},
                "ServerlessPrice": {
                    "TradeMinRCUAmount": 0.1,
                    "TradeMaxRCUAmount": 1.6,
                    "StorageOriginalAmount": "0.25",
                    "storageDiscountAmount": 0.2,
                },
            },
            Price(amount=1.85, currency="USD", per="hour"),
        ),
        case("no storage")(
            {"PriceInfo": {"Currency": "USD"}, "ServerlessPrice": {"TradeMaxRCUAmount": 1.6}}, None
        ),
        case("no units")(
            {"PriceInfo": {"Currency": "USD"}, "ServerlessPrice": {"StorageOriginalAmount": 1.6}},
            None,
        ),
        case("no currency")(
            {"ServerlessPrice": {"TradeMaxRCUAmount": 1, "StorageOriginalAmount": 1}}, None
        ),
        row("null", {"PriceInfo": None, "ServerlessPrice": None}, None),
        row("nothing", {}, None),
    ],
)
def test_most_serverless_price_is_read_or_none(answer: Tree, price: Price | None) -> None:
    assert price == to_serverless_price({"RequestId": "R-1", **answer})


def test_answer_without_a_group_of_prices_has_no_price() -> None:
    assert to_price({"RequestId": "R-1"}, Payment()) is None


def test_tags_are_read_without_values_too() -> None:
    page = {
        "TagResources": {
            "TagResource": [
                {"ResourceId": "rm-1", "TagKey": "a", "TagValue": "1"},
                {"ResourceId": "rm-2", "TagKey": "b"},
            ]
        }
    }

    assert to_tags(page) == (("rm-1", "a", "1"), ("rm-2", "b", ""))
    assert to_tags({"TagResources": {"TagResource": []}}) == ()


def test_tag_filter_is_json() -> None:
    assert json.loads(tag_filter({"a": "1", "b": '"'})) == {"a": "1", "b": '"'}


def test_lists_are_numbered_from_one() -> None:
    assert indexed("TagKey", ["a", "b"]) == {"TagKey.1": "a", "TagKey.2": "b"}


@pytest.mark.parametrize(
    ("value", "text"),
    [
        row("true", True, "true"),
        row("false", False, "false"),
        row("a number", 105, "105"),
        row("a text stays", "True", "True"),
    ],
)
def test_booleans_are_written_as_the_api_writes_them(value: object, text: str) -> None:
    assert text == to_text(value)
