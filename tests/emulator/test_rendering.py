import pytest
from alibabacloud_rds20140815 import models  # type: ignore[import-untyped]

from rds_emulator import Emulator
from rds_emulator.market import class_power
from rds_emulator.market.class_power import Power
from tests.emulator.wire import MARIADB, MYSQL, POSTGRESQL, SQL_SERVER, Client
from tests.support.rows import row

LOCAL = "rm-demo-mysql57-local"
ENGINES = (MYSQL, POSTGRESQL, SQL_SERVER, MARIADB)


@pytest.mark.parametrize("name", ENGINES)
def test_objects_that_clients_rely_on_are_there_and_empty(reader: Client, name: str) -> None:
    told = reader.attribute(name)

    assert ({}, [], [], {}, "") == (
        told["ServerlessConfig"],
        told["Extra"]["DBInstanceIds"]["DBInstanceId"],
        told["DBClusterNodes"]["DBClusterNode"],
        told["BabelfishConfig"],
        told["DedicatedHostGroupId"],
    )
    assert "3" != told["kindCode"]
    assert told["CurrentKernelVersion"] == told["LatestKernelVersion"]


def test_only_a_serverless_instance_reports_a_range(world: Emulator, reader: Client) -> None:
    world.add(
        "rm-range",
        category="serverless_standard",
        pay_type="Serverless",
        serverless={"min_capacity": 1, "max_capacity": 8, "auto_pause": True},
    )

    assert {"ScaleMin": 1, "ScaleMax": 8, "AutoPause": True} == (
        reader.attribute("rm-range")["ServerlessConfig"]
    )


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        row(
            "MySQL",
            MYSQL,
            {
                "CurrentKernelVersion": "rds_20241031",
                "DBInstanceCPU": "2",
                "DBInstanceMemory": 4096,
                "MaxConnections": 1200,
                "MaxIOPS": 6800,
                "ColdDataEnabled": False,
            },
        ),
        row("old class", LOCAL,
            {"DBInstanceCPU": "2", "DBInstanceMemory": 4096, "MaxConnections": 1200}),
        row("PostgreSQL", POSTGRESQL,
            {"CurrentKernelVersion": "rds_postgres_1600_20241031", "PGBouncerEnabled": "false"}),
        row(
            "SQL Server",
            SQL_SERVER,
            {
                "CurrentKernelVersion": "15.0.4073.23",
                "TimeZone": "China Standard Time",
                "Collation": "Chinese_PRC_CI_AS",
            },
        ),
    ],
)  # fmt: skip
def test_kernel_power_and_settings_are_of_the_documented_types(
    reader: Client, name: str, expected: dict[str, object]
) -> None:
    told = reader.attribute(name)

    assert expected == {field: told[field] for field in expected}


@pytest.mark.parametrize(
    ("version", "kernel"),
    [row("8.0", "8.0", "xcluster80_20241031"), row("5.7", "5.7", "xcluster_20241031")],
)
def test_mysql_finance_has_its_own_kernels(
    world: Emulator, reader: Client, version: str, kernel: str
) -> None:
    name = f"rm-finance-{version}"
    world.add(name, category="Finance", engine_version=version)

    assert kernel == reader.attribute(name)["CurrentKernelVersion"]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        row("medium", "mysql.n4.medium.2c", Power(2, 8)),
        row("2xlarge", "pg.x8.2xlarge.2c", Power(16, 128)),
        row("xlarge", "mssql.x2.xlarge.s2", Power(8, 16)),
        row("old", "rds.mysql.s1.small", Power(1, 2)),
        row("serverless", "mysql.n2.serverless.2c", None),
        row("dedicated", "rds.mysql.st.d13", None),
        row("no class", "?", None),
    ],
)
def test_cores_and_memory_are_those_of_the_class_name(name: str, expected: Power | None) -> None:
    assert expected == class_power.of_class(name)


def test_what_does_not_follow_from_the_class_is_left_out(world: Emulator, reader: Client) -> None:
    world.add("rm-dedicated", instance_class="rds.mysql.st.d13")
    told = reader.attribute("rm-dedicated")

    assert {"DBInstanceCPU", "DBInstanceMemory", "MaxConnections"}.isdisjoint(told)


@pytest.mark.parametrize("name", ENGINES)
@pytest.mark.parametrize(
    ("action", "model"),
    [
        row(name.removeprefix("Describe"), name, f"{name}ResponseBody")
        for name in (
            "DescribeDBInstanceAttribute",
            "DescribeBackups",
            "DescribeBackupPolicy",
            "DescribeAccounts",
            "DescribeDBInstanceNetInfo",
        )
    ],
)
def test_sdk_knows_every_field_and_type(reader: Client, action: str, model: str, name: str) -> None:
    told = reader.call(action, DBInstanceId=name).body
    read = getattr(models, model)().from_map(told)

    assert told == read.to_map()


def test_every_account_has_its_password_policy(reader: Client) -> None:
    told = reader.call("DescribeAccounts", DBInstanceId=MYSQL).body["Accounts"]

    assert [False, False] == [account["CheckPolicy"] for account in told["DBInstanceAccount"]]


@pytest.mark.parametrize(
    ("name", "port"), [row("PostgreSQL", POSTGRESQL, ""), row("no", MYSQL, None)]
)
def test_only_postgresql_has_babelfish(reader: Client, name: str, port: str | None) -> None:
    """
    BabelfishPort is empty where PostgreSQL has no Babelfish.
    """
    told = reader.call("DescribeDBInstanceNetInfo", DBInstanceId=name).body
    (endpoint,) = told["DBInstanceNetInfos"]["DBInstanceNetInfo"]

    assert port == endpoint.get("BabelfishPort")
