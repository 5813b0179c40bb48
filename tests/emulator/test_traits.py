"""
The traits of the cloud's temper, a story for each; lists: `test_consistency_lag`.
"""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from rds_emulator import Emulator
from rds_emulator.protocol.timestamps import to_seconds
from tests.emulator.wire import FINE, ORDER, POSTGRESQL, SOURCE, SQL_SERVER, Client, Refusal
from tests.support.rows import row

UNKNOWN = (404, "InvalidDBInstanceId.NotFound")
FORBIDDEN = (404, "Forbidden.InstanceNotFound")
TAGGED = {**ORDER, "Tag__1__Key": "team", "Tag__1__Value": "new"}
MONTH = {"PayType": "Prepaid", "Period": "Month", "UsedTime": "1"}
NEW_ACCOUNT = {"AccountName": "report", "AccountPassword": "Staging-2026"}
GRANT = {"AccountName": "report", "DBName": "reporting", "AccountPrivilege": "ReadOnly"}


def ask(client: Client, action: str, instance_id: str, **parameters: str) -> Refusal:
    return client.call(action, DBInstanceId=instance_id, **parameters).refusal


@pytest.mark.parametrize(
    ("code", "refusals"),
    [
        row("both", "both", [UNKNOWN, FORBIDDEN]),
        row("unknown", UNKNOWN[1], [UNKNOWN, UNKNOWN]),
        row("forbidden", FORBIDDEN[1], [FORBIDDEN, FORBIDDEN]),
    ],
)
def test_attribute_call_does_not_know_a_new_id_for_a_while(
    emulator: Emulator, client: Client, code: str, refusals: list[Refusal]
) -> None:
    emulator.set_temper(attribute_lag_seconds=4, attribute_lag_code=code)
    clone = client.clone()
    seen = []
    for step in (1.9, 0.1, 1.9, 0.1, 0):
        seen.append(ask(client, "DescribeDBInstanceAttribute", clone))
        emulator.clock.advance(step)

    first, second = refusals
    assert [first, first, second, second, FINE] == seen
    assert FINE == ask(client, "DescribeDBInstanceNetInfo", clone)


def test_unknown_id_has_both_known_texts(emulator: Emulator, client: Client) -> None:
    emulator.set_temper(attribute_lag_seconds=4)
    clone = client.clone()
    texts = []
    for _ in range(2):
        answer = client.call("DescribeDBInstanceAttribute", DBInstanceId=clone)
        texts.append(answer.body["Message"])
        emulator.clock.advance(2)

    assert [
        "DBInstanceIdentifier does not refer to an existing DB instance.",
        "The specified DB instance does not exist.",
    ] == texts


@pytest.mark.parametrize(
    ("action", "parameters"),
    [
        row("read", "DescribeDBInstanceNetInfo", {}),
        row("read with a code of its own", "DescribeAccounts", {}),
        row("change", "ModifyDBInstanceDescription", {"DBInstanceDescription": "mine"}),
        row(
            "tags",
            "TagResources",
            {
                "ResourceType": "INSTANCE",
                "ResourceId__1": "",
                "Tag__1__Key": "team",
                "Tag__1__Value": "new",
            },
        ),
        row("release", "DeleteDBInstance", {}),
    ],
)
def test_other_calls_do_not_know_a_running_instance_for_a_while(
    emulator: Emulator, client: Client, action: str, parameters: dict[str, str]
) -> None:
    emulator.set_temper(sub_read_lag_seconds=200)
    clone = client.clone()
    emulator.clock.advance(199)
    named = {name: value or clone for name, value in parameters.items()}
    seen = []
    for step in (1, 0):
        seen.append(ask(client, action, clone, **named))
        emulator.clock.advance(step)

    assert UNKNOWN == seen[0]
    assert UNKNOWN != seen[1]
    assert "Running" == emulator.history(clone)[1].status


def test_lags_concern_new_instances_only(emulator: Emulator, client: Client) -> None:
    emulator.set_temper("real")

    assert "Running" == client.attribute(SOURCE)["DBInstanceStatus"]
    assert FINE == ask(client, "DescribeDBInstanceNetInfo", SOURCE)


@pytest.mark.parametrize(
    ("regions", "tags"),
    [
        row("none", [], {"team": "new"}),
        row("another", ["cn-shanghai"], {"team": "new"}),
        row("this one", ["cn-hangzhou"], {}),
        row("all", ["*"], {}),
    ],
)
def test_birth_tags_are_ignored_in_some_regions(
    emulator: Emulator, client: Client, regions: list[str], tags: dict[str, str]
) -> None:
    """
    A region that ignores Tag.N creates the clone without tags, and it can be tagged.
    """
    emulator.set_temper(untagged_regions=regions)
    clone = client.clone(**TAGGED)
    born = emulator.instance(clone).tags
    named = {"ResourceType": "INSTANCE", "ResourceId__1": clone}
    pair = {"Tag__1__Key": "team", "Tag__1__Value": "late"}

    assert tags == born
    assert FINE == client.call("TagResources", **named, **pair).refusal
    assert {"team": "late"} == emulator.instance(clone).tags


def test_order_is_repeated_if_tokens_are_ignored(emulator: Emulator, client: Client) -> None:
    first, again = client.clone(ClientToken="t"), client.clone(ClientToken="t")
    emulator.set_temper(client_token="ignored")  # noqa: S106 - what becomes of it
    second = client.clone(ClientToken="t")
    third = client.clone(ClientToken="t", DBInstanceDescription="other")

    assert 3 == len({first, again, second, third})
    assert first == again


@pytest.mark.parametrize(
    ("status", "of_source", "of_clone"),
    [
        row("none", "none", ["Running"] * 3, ["Creating"] * 2),
        row("clone", "clone", ["Running"] * 3, ["Creating", "INS_CLONING"]),
        row("source", "source", ["INS_CLONING", "INS_CLONING", "Running"], ["Creating"] * 2),
    ],
)
def test_status_of_a_clone_under_way_follows_the_trait(
    emulator: Emulator, client: Client, status: str, of_source: list[str], of_clone: list[str]
) -> None:
    emulator.set_temper(cloning_status=status)
    clone = client.clone()
    seen = []
    for step in (60, 60, 0):
        seen.append([emulator.instance(instance_id).status for instance_id in (SOURCE, clone)])
        emulator.clock.advance(step)

    assert of_source == [source for source, _ in seen]
    assert [*of_clone, "Running"] == [made for _, made in seen]


def test_source_that_is_not_running_accepts_no_order(emulator: Emulator, client: Client) -> None:
    emulator.set_temper(cloning_status="source")
    client.clone()
    second = ask(client, "CloneDBInstance", SOURCE, **_rest())
    emulator.clock.advance(120)

    assert (403, "IncorrectDBInstanceState") == second
    assert client.clone()


def test_course_of_a_clone_goes_before_its_temper(emulator: Emulator, client: Client) -> None:
    emulator.set_temper(cloning_status="clone")
    emulator.faults.order_course(("Restoring", 5), "Running")
    clone = client.clone()

    assert "Restoring" == emulator.instance(clone).status


@pytest.fixture
def slow() -> Iterator[Emulator]:
    """
    Return an emulator whose clock runs, but stands still while a test looks.
    """
    with Emulator(speed=1e-9, temper={"order_rate": 2}) as running:
        yield running


def test_orders_have_a_rate_that_refused_ones_count_for(slow: Emulator) -> None:
    client = Client(slow)
    unknown = {**_rest(), "BackupId": "1"}
    seen = [ask(client, "CloneDBInstance", SOURCE, **_rest())]
    seen.append(ask(client, "CloneDBInstance", SOURCE, **unknown))
    seen.append(ask(client, "CloneDBInstance", SOURCE, **_rest()))
    reads = [ask(client, "DescribeDBInstanceNetInfo", SOURCE) for _ in range(4)]
    slow.clock.advance(1)
    seen.append(ask(client, "CloneDBInstance", SOURCE, **_rest()))

    throttled = (400, "Throttling.User")
    assert [FINE, (404, "InvalidBackupSetID.NotFound"), throttled, FINE] == seen
    assert [FINE] * 4 == reads


def test_standing_clock_has_no_rate(emulator: Emulator, client: Client) -> None:
    """
    The next second would never come.
    """
    emulator.set_temper(order_rate=1)

    assert 3 == len({client.clone() for _ in range(3)})


def test_new_pay_type_shows_late_also_after_a_restart(db: Path) -> None:
    seed = {"instances": [{"id": "rm-mine"}]}
    lag = {"payment_lag_seconds": 30}
    with Emulator(seed=seed, speed=0, db=db, temper=lag) as emulator:
        client = Client(emulator)
        first = ask(client, "TransformDBInstancePayType", "rm-mine", **MONTH)
        again = ask(client, "TransformDBInstancePayType", "rm-mine", **MONTH)
        emulator.clock.advance(29)
        early = client.attribute("rm-mine")
    with Emulator(db=db) as emulator:
        client = Client(emulator)
        emulator.clock.advance(1)
        late = client.attribute("rm-mine")
        history = emulator.history("rm-mine")
        third = ask(client, "TransformDBInstancePayType", "rm-mine", PayType="Postpaid")

    assert (FINE, (400, "InvalidOrderTask.NotSupport")) == (first, again)
    assert ("Postpaid", "Running") == (early["PayType"], early["DBInstanceStatus"])
    assert ("Prepaid", "Running") == (late["PayType"], late["DBInstanceStatus"])
    assert ["Running"] == [change.status for change in history]
    assert (400, "OperationDenied.TimeLimit") == third


def test_new_account_gets_no_privileges_until_it_is_available(db: Path) -> None:
    with Emulator(speed=0, db=db, temper={"account_seconds": 30}) as emulator:
        client = Client(emulator)
        made = ask(client, "CreateAccount", SOURCE, **NEW_ACCOUNT)
        emulator.clock.advance(29)
        early = _account(client, "report")
        refused = ask(client, "GrantAccountPrivilege", SOURCE, **GRANT)
        status = emulator.instance(SOURCE).status
    with Emulator(db=db) as emulator:
        client = Client(emulator)
        emulator.clock.advance(1)
        late = _account(client, "report")
        granted = ask(client, "GrantAccountPrivilege", SOURCE, **GRANT)

    assert (FINE, "Unavailable", "Running") == (made, early, status)
    assert (403, "OperationDenied.OutofUsage") == refused
    assert ("Available", FINE) == (late, granted)


@pytest.mark.parametrize(
    ("temper", "statuses"),
    [
        row("restart", "Rebooting", ["Rebooting"] * 3),
        row("specific", "specific", ["SSL_MODIFYING", "TDE_MODIFYING", "CONFIG_ENCRYPTING"]),
    ],
)
def test_change_of_encryption_shows_as_a_restart_or_by_a_status_of_its_own(
    emulator: Emulator, client: Client, temper: str, statuses: list[str]
) -> None:
    emulator.set_temper(encryption_status=temper)
    key = {"EncryptionKey": "key", "RoleArn": "acs:ram::1:role/rds"}
    host = emulator.instance(SOURCE).connection_string
    emulator.add("rm-tde")
    emulator.add("rm-key")
    begun = [
        ask(client, "ModifyDBInstanceSSL", SOURCE, ConnectionString=host),
        ask(client, "ModifyDBInstanceTDE", "rm-tde", TDEStatus="Enabled"),
        ask(client, "ModifyDBInstanceTDE", "rm-key", TDEStatus="Enabled", **key),
    ]
    seen = [emulator.instance(instance_id).status for instance_id in (SOURCE, "rm-tde", "rm-key")]
    emulator.clock.advance(2)

    assert ([FINE] * 3, statuses) == (begun, seen)
    assert emulator.instance(SOURCE).ssl
    assert emulator.instance("rm-tde").tde
    assert emulator.instance("rm-key").tde


def test_accounts_of_a_clone_are_those_of_the_restore_point_or_of_now(db: Path) -> None:
    reset = {"AccountName": "shop", "AccountPassword": "Another-2026"}
    with Emulator(speed=0, db=db) as emulator:
        client = Client(emulator)
        before = emulator.instance(SOURCE).accounts
        early = emulator.clock.now() + timedelta(seconds=300)
        emulator.clock.advance(600)
        calls = [
            ask(client, "ResetAccountPassword", SOURCE, **reset),
            ask(client, "CreateAccount", SOURCE, **NEW_ACCOUNT),
        ]
        middle = emulator.clock.now() + timedelta(seconds=300)
        emulator.clock.advance(600)
        calls.append(ask(client, "DeleteAccount", SOURCE, AccountName="report"))
        emulator.clock.advance(600)
        of_now = client.clone()
    with Emulator(db=db, temper={"cloned_accounts": "restore_point"}) as emulator:
        client = Client(emulator)
        found = [
            emulator.instance(clone).accounts
            for clone in (
                of_now,
                client.clone(),
                _at(client, to_seconds(early)),
                _at(client, to_seconds(middle)),
            )
        ]
        now = emulator.instance(SOURCE).accounts

    names = [{account.name: account.password for account in accounts} for accounts in found]
    assert [FINE] * 3 == calls
    assert (now, before, before) == (found[0], found[1], found[2])
    assert reset["AccountPassword"] == names[0]["shop"] == names[3]["shop"] != names[1]["shop"]
    assert "report" in names[3]
    assert all("report" not in passwords for passwords in names[:3])


def _rest() -> dict[str, str]:
    return {name: value for name, value in ORDER.items() if name != "DBInstanceId"}


def _at(client: Client, time: str) -> str:
    answer = client.call(
        "CloneDBInstance", DBInstanceId=SOURCE, PayType="Postpaid", RestoreTime=time
    )
    assert FINE == answer.refusal
    return str(answer.body["DBInstanceId"])


def _account(client: Client, name: str) -> str:
    body = client.call("DescribeAccounts", DBInstanceId=SOURCE, AccountName=name).body
    return str(body["Accounts"]["DBInstanceAccount"][0]["AccountStatus"])


CLASSES = {
    "ZoneId": "cn-hangzhou-h",
    "Engine": "MySQL",
    "EngineVersion": "8.0",
    "DBInstanceStorageType": "cloud_essd",
    "Category": "HighAvailability",
}
SERVERLESS = {"Category": "serverless_standard"}
BY_CHARGE = {"InstanceChargeType": "Serverless"}
BY_CODE = {"CommodityCode": "rds_serverless_public_cn"}
NOTHING = (404, "InvalidCondition.NotFound")


@pytest.mark.parametrize(
    ("word", "refusal"), [row("empty", "empty", FINE), row("refused", "refused", NOTHING)]
)
def test_what_is_not_sold_is_an_empty_list_or_an_error(
    emulator: Emulator, client: Client, word: str, refusal: Refusal
) -> None:
    """
    Zones are an empty list always.
    """
    emulator.set_temper(unsold_classes=word)
    unsold = {**CLASSES, "Category": "AlwaysOn"}
    classes = client.call("DescribeAvailableClasses", **unsold)
    zones = client.call("DescribeAvailableZones", Engine="MySQL", Category="AlwaysOn").body

    assert refusal == classes.refusal
    assert FINE == client.call("DescribeAvailableClasses", **CLASSES).refusal
    assert [] == zones["AvailableZones"]


@pytest.mark.parametrize("word", ["listed", "hidden"])
def test_trait_decides_on_serverless_editions_where_no_payment_is_named(
    emulator: Emulator, client: Client, word: str
) -> None:
    emulator.set_temper(unnamed_serverless=word)
    is_listed = word == "listed"

    def sold(**named: str) -> bool:
        given = {**CLASSES, **SERVERLESS, **named}
        body = client.call("DescribeAvailableClasses", **given).body
        return bool(body["DBInstanceClasses"])

    def zones(**named: str) -> bool:
        given = {"Engine": "MySQL", **SERVERLESS, **named}
        body = client.call("DescribeAvailableZones", **given).body
        return bool(body["AvailableZones"])

    assert (is_listed, is_listed) == (sold(), zones())
    assert (True, True, True) == (sold(**BY_CHARGE), sold(**BY_CODE), zones(**BY_CODE))


OWNER = {"name": "own", "password": "Staging-1", "privileges": {"app": "DBOwner"}}
WRITER = {"name": "own", "password": "Staging-1", "privileges": {"app": "ReadWrite"}}


@pytest.mark.parametrize(
    ("name", "account", "logged"),
    [
        row("PostgreSQL", POSTGRESQL, OWNER, []),
        row("SQL Server", SQL_SERVER, OWNER, ["DbOwner"]),
        row("no owner", SQL_SERVER, WRITER, ["ReadWrite"]),
        row("MySQL", SOURCE, WRITER, ["ReadWrite"]),
    ],
)
def test_privileges_are_reported_as_granted_or_as_two_engines_do(
    emulator: Emulator, client: Client, name: str, account: dict[str, Any], logged: list[str]
) -> None:
    emulator.change(name, accounts=[account])

    def told() -> list[str]:
        (account,) = client.call("DescribeAccounts", DBInstanceId=name).body["Accounts"][
            "DBInstanceAccount"
        ]
        privileges = account["DatabasePrivileges"]["DatabasePrivilege"]
        return [privilege["AccountPrivilege"] for privilege in privileges]

    granted = told()
    emulator.set_temper(account_privileges="as_logged")

    assert [account["privileges"]["app"]] == granted
    assert logged == told()


@pytest.mark.parametrize(
    ("word", "total"), [row("told", "told", 2), row("missing", "missing", None)]
)
def test_accounts_are_listed_whether_or_not_they_are_counted(
    emulator: Emulator, client: Client, word: str, total: int | None
) -> None:
    emulator.set_temper(account_total=word)
    body = client.call("DescribeAccounts", DBInstanceId=SOURCE).body

    assert total == body.get("TotalRecordCount")
    assert 2 == len(body["Accounts"]["DBInstanceAccount"])


@pytest.mark.parametrize(
    ("name", "told"), [row("MySQL", SOURCE, "1020"), row("no", POSTGRESQL, "500")]
)
def test_mysql_reports_more_connections_than_were_set(
    emulator: Emulator, client: Client, name: str, told: str
) -> None:
    emulator.set_temper(reserved_connections=520)
    answer = client.call(
        "ModifyParameter",
        DBInstanceId=name,
        Parameters='{"max_connections": "500"}',
        Forcerestart="true",
    )
    emulator.clock.advance(10)
    running = client.call("DescribeParameters", DBInstanceId=name).body["RunningParameters"][
        "DBInstanceParameter"
    ]
    values = {parameter["ParameterName"]: parameter["ParameterValue"] for parameter in running}

    assert FINE == answer.refusal
    assert told == values["max_connections"]
    assert "500" == emulator.instance(name).parameters["max_connections"]


def test_backup_set_can_be_cloned_before_it_shows(emulator: Emulator, client: Client) -> None:
    emulator.set_temper(backup_lag_seconds=60)
    begun = emulator.clock.now() + timedelta(seconds=10)
    emulator.add("rm-mine", backups=[{"id": "77", "started": to_seconds(begun), "minutes": 1}])

    def shown() -> list[str]:
        sets = client.call("DescribeBackups", DBInstanceId="rm-mine").body["Items"]
        return [backup["BackupId"] for backup in sets["Backup"]]

    emulator.clock.advance(75)
    before = shown(), client.clone(DBInstanceId="rm-mine", BackupId="77")
    emulator.clock.advance(60)

    assert [] == before[0]
    assert ["77"] == shown()


@pytest.mark.parametrize(
    ("zones", "told"),
    [
        row("two", ["cn-hangzhou-i", "cn-hangzhou-h"], "cn-hangzhou-MAZ9(h,i)"),
        row("one", ["cn-hangzhou-h", "cn-hangzhou-h"], "cn-hangzhou-h"),
        row("none", [], ""),
    ],
)
def test_zones_in_one_name(emulator: Emulator, client: Client, zones: list[str], told: str) -> None:
    """
    Both reads name all zones at once; MasterZone is always the primary's.
    """
    emulator.set_temper(zone_ids="combined")
    emulator.add("rm-mine", zones=zones, vswitch_ids=[])
    listed = client.call("DescribeDBInstances", DBInstanceId="rm-mine").body["Items"]
    attribute = client.attribute("rm-mine")

    assert (told, told) == (attribute["ZoneId"], listed["DBInstance"][0]["ZoneId"])
    assert (zones or [""])[0] == attribute["MasterZone"]


@pytest.mark.parametrize(
    ("word", "told"),
    [row("all", "all", "vsw-demo-h,vsw-demo-i"), row("first", "first", "vsw-demo-h")],
)
def test_vswitches_of_all_zones(emulator: Emulator, client: Client, word: str, told: str) -> None:
    """
    Both reads name the vSwitches of all zones, or that of the primary.
    """
    emulator.set_temper(vswitch_ids=word)
    emulator.add("rm-mine", vswitch_ids=["vsw-demo-h", "vsw-demo-i"])
    listed = client.call("DescribeDBInstances", DBInstanceId="rm-mine").body["Items"]

    assert told == client.attribute("rm-mine")["VSwitchId"]
    assert told == listed["DBInstance"][0]["VSwitchId"]
