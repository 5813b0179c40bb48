from pathlib import Path

import pytest

from rds_emulator import Emulator
from tests.emulator.wire import Client, Refusal
from tests.support.rows import row

AUDIT = ("ModifySQLCollectorPolicy", "DescribeSQLCollectorPolicy", "SQLCollectorStatus")
MONITOR = ("ModifyDBInstanceMonitor", "DescribeDBInstanceMonitor", "Period")


@pytest.mark.parametrize(
    ("names", "values", "cloned"),
    [
        row("audit", AUDIT, ("Disabled", "Enable"), "Enable"),
        row("monitoring", MONITOR, ("300", "60"), "300"),
    ],
)
def test_setting_outlives_a_restart_and_a_clone_has_the_audit_alone(
    db: Path, names: tuple[str, str, str], values: tuple[str, str], cloned: str
) -> None:
    modify, describe, name = names
    with Emulator(db=db, speed=0) as emulator:
        client = Client(emulator)
        emulator.add("rm-mine")
        before = client.call(describe, DBInstanceId="rm-mine").body[name]
        client.call(modify, DBInstanceId="rm-mine", **{name: values[1]})
    with Emulator(db=db) as emulator:
        client = Client(emulator)
        after = client.call(describe, DBInstanceId="rm-mine").body[name]
        clone_id = client.clone("rm-mine")
        of_clone = client.call(describe, DBInstanceId=clone_id).body[name]

    assert values == (before, after)
    assert cloned == of_clone


def test_audit_of_mariadb_can_be_read_not_switched_on(emulator: Emulator, client: Client) -> None:
    emulator.add("rm-mine", engine="MariaDB")
    given = {"DBInstanceId": "rm-mine"}
    switched = client.call("ModifySQLCollectorPolicy", **given, SQLCollectorStatus="Enable")
    told = client.call("DescribeSQLCollectorPolicy", **given)

    assert (403, "IncorrectDBInstanceEngine") == switched.refusal
    assert "Disabled" == told.body["SQLCollectorStatus"]


def test_audit_is_switched_off(emulator: Emulator, client: Client) -> None:
    emulator.add("rm-mine", sql_audit=True)
    given = {"DBInstanceId": "rm-mine"}
    seen = [client.call("DescribeSQLCollectorPolicy", **given).body]
    client.call("ModifySQLCollectorPolicy", **given, SQLCollectorStatus="Disabled")
    seen.append(client.call("DescribeSQLCollectorPolicy", **given).body)

    assert ["Enable", "Disabled"] == [body["SQLCollectorStatus"] for body in seen]


@pytest.mark.parametrize(
    ("instance", "periods"),
    [
        row("MySQL, 4 GB", {}, ("60", "300")),
        row("64 GB", {"instance_class": "mysql.x4.2xlarge.2c"}, ("5", "60", "300")),
        row("an old class", {"storage_type": "local_ssd", "instance_class": "rds.mysql.s2.large"},
            ("60", "300")),
        row("Basic", {"category": "Basic", "instance_class": "mysql.n4.large.1c"}, ("300",)),
        row("cluster", {"category": "cluster", "instance_class": "mysql.n4.large.xc"},
            ("60", "300")),
        row("SQL Server, 2 cores", {"engine": "SQLServer", "instance_class": "mssql.x4.medium.s2"},
            ("60", "300")),
        row("SQL Server, 4 cores", {"engine": "SQLServer", "instance_class": "mssql.x4.large.s2"},
            ("10", "60", "300")),
        row("MariaDB", {"engine": "MariaDB"}, ("5", "10", "60", "300")),
        row("PostgreSQL", {"engine": "PostgreSQL"}, ("5", "10", "60", "300")),
    ],
)  # fmt: skip
def test_engine_edition_and_class_decide_which_monitoring_periods_there_are(
    emulator: Emulator, client: Client, instance: dict[str, str], periods: tuple[str]
) -> None:
    emulator.add("rm-mine", **instance)

    def set_to(period: str) -> Refusal:
        return client.call(MONITOR[0], DBInstanceId="rm-mine", Period=period).refusal

    every = ("5", "10", "60", "300")
    refused = {period for period in every if set_to(period) == (400, "InvalidParameter")}

    assert set(periods) == {*every} - refused
