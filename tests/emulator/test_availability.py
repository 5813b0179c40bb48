import itertools
from collections.abc import Iterator
from typing import Any

import pytest

from rds_emulator import Emulator
from tests.emulator.wire import Client
from tests.support.rows import row

CLASS = "mysql.n2.medium.2c"
MYSQL = {
    "ZoneId": "cn-hangzhou-h",
    "Engine": "MySQL",
    "EngineVersion": "8.0",
    "DBInstanceStorageType": "cloud_essd",
    "Category": "HighAvailability",
}
SERVERLESS = {"Category": "serverless_standard"}
SERVERLESS_CLASS = "mysql.n2.serverless.2c"
BARDS = {"CommodityCode": "bards"}
RDS = {"CommodityCode": "rds"}
RCUS = {"CommodityCode": "rds_serverless_public_cn"}
SOURCES = [
    row("MySQL", "rm-demo-mysql80", "8.0", "1000000109"),
    row("SQL Server", "rm-demo-sqlserver2022", "2022_std_ha", "1000000302"),
    row("MariaDB", "rm-demo-mariadb106", "10.6", "1000000501"),
    row("PostgreSQL", "rm-demo-postgresql16", "16.0", "1000000203"),
    row("local disks", "rm-demo-mysql57-local", "5.7", "1000000601"),
]
NAMES = (
    "{}.n2.medium.1",
    "{}.n2.medium.2c",
    "{}.n2.medium.xc",
    "{}.n2.medium.s1",
    "{}.x4.large.s2",
    "{}.x4.large.2",
    "{}.x8.8xlarge.2c",
    "rds.{}.s2.large",
)


@pytest.fixture(scope="module")
def world() -> Iterator[Emulator]:
    """
    Return a demo emulator whose clones are ready at once.
    """
    with Emulator(speed=0, clone_seconds=0, delete_seconds=0) as running:
        yield running


@pytest.fixture
def buyer(world: Emulator) -> Client:
    return Client(world)


def classes(client: Client, **parameters: str) -> dict[str, tuple[int, int, int]]:
    """
    Return the classes on sale, each with the least, the most and the step of its storage.
    """
    answer = client.call("DescribeAvailableClasses", **{**MYSQL, **parameters})
    assert 200 == answer.status, answer.body
    return {
        class_["DBInstanceClass"]: tuple(
            class_["DBInstanceStorageRange"][name] for name in ("MinValue", "MaxValue", "Step")
        )
        for class_ in answer.body["DBInstanceClasses"]
    }


def zones(client: Client, **parameters: str) -> dict[str, set[tuple[str, ...]]]:
    """
    Return the zones, each with versions, editions and disks.
    """
    answer = client.call("DescribeAvailableZones", **{"Engine": "MySQL", **parameters})
    assert 200 == answer.status, answer.body
    return {zone["ZoneId"]: set(_disks(zone)) for zone in answer.body["AvailableZones"]}


def _disks(zone: dict[str, Any]) -> Iterator[tuple[str, ...]]:
    for engine in zone["SupportedEngines"]:
        for version in engine["SupportedEngineVersions"]:
            for category in version["SupportedCategorys"]:
                for disk in category["SupportedStorageTypes"]:
                    names = version["Version"], category["Category"]
                    yield (*names, disk["StorageType"])


def test_zones_have_the_documented_shape(buyer: Client) -> None:
    answer = buyer.call(
        "DescribeAvailableZones",
        Engine="MariaDB",
        EngineVersion="10.6",
        Category="HighAvailability",
        ZoneId="cn-hangzhou-h",
        DispenseMode="1",
        CommodityCode="bards",
    )
    disks = ("cloud_ssd", "cloud_essd", "cloud_essd2", "cloud_essd3")

    assert [
        {
            "ZoneId": "cn-hangzhou-h",
            "RegionId": "cn-hangzhou",
            "SupportedEngines": [
                {
                    "Engine": "MariaDB",
                    "SupportedEngineVersions": [
                        {
                            "Version": "10.6",
                            "SupportedCategorys": [
                                {
                                    "Category": "HighAvailability",
                                    "SupportedStorageTypes": [
                                        {"StorageType": disk} for disk in disks
                                    ],
                                }
                            ],
                        }
                    ],
                }
            ],
        }
    ] == answer.body["AvailableZones"]


def test_sold_out_and_unsold_are_not_listed(buyer: Client) -> None:
    found = zones(buyer, EngineVersion="8.0", Category="HighAvailability")
    disk = ("8.0", "HighAvailability", "cloud_essd3")
    big = "mysql.x8.8xlarge.2c"

    assert {f"cn-hangzhou-{zone}" for zone in "hijk"} == found.keys()
    assert [True, False] == [disk in found[f"cn-hangzhou-{zone}"] for zone in "hk"]
    assert {} == classes(buyer, ZoneId="cn-hangzhou-b")
    assert [True, False] == [big in classes(buyer, ZoneId=f"cn-hangzhou-{zone}") for zone in "hk"]


@pytest.mark.parametrize(
    "parameters",
    [
        row("version", {"EngineVersion": "9.0"}),
        row("engine", {"Engine": "PPAS"}),
        row("old", {"Engine": "SQLServer", "EngineVersion": "2008r2"}),
        row("edition", {"Category": "AlwaysOn"}),
        row("zone", {"ZoneId": "cn-nowhere-a"}),
    ],
)
def test_what_is_not_sold_is_an_empty_list(buyer: Client, parameters: dict[str, str]) -> None:
    assert {} == classes(buyer, **parameters)
    assert {} == zones(buyer, **parameters)


@pytest.mark.parametrize(
    ("named", "editions"),
    [
        row("nothing", {}, {"ordinary", "serverless"}),
        row("pay-as-you-go", BARDS, {"ordinary"}),
        row("subscription", RDS, {"ordinary"}),
        row("serverless", RCUS, {"serverless"}),
    ],
)
def test_commodity_decides_which_editions_are_listed(
    buyer: Client, named: dict[str, str], editions: set[str]
) -> None:
    """
    Serverless editions are listed under their own code, the others under theirs.
    """
    shown = {category for _, category, _ in zones(buyer, **named)["cn-hangzhou-h"]}
    found = {
        "serverless" if category.startswith("serverless_") else "ordinary" for category in shown
    }

    assert editions == found
    assert ("ordinary" in editions) == (CLASS in classes(buyer, **named))
    assert ("serverless" in editions) == (SERVERLESS_CLASS in classes(buyer, **SERVERLESS, **named))


@pytest.mark.parametrize(
    ("named", "expected"),
    [
        row("pay-as-you-go", {"InstanceChargeType": "Postpaid"}, [CLASS]),
        row("both", {"InstanceChargeType": "Prepaid", **RDS}, [CLASS]),
        row("serverless", {"InstanceChargeType": "Serverless"}, [SERVERLESS_CLASS]),
    ],
)
def test_charge_type_decides_which_classes_are_listed(
    buyer: Client, named: dict[str, str], expected: list[str]
) -> None:
    found = {**classes(buyer, **named), **classes(buyer, **SERVERLESS, **named)}

    assert expected == [name for name in (CLASS, SERVERLESS_CLASS) if name in found]


@pytest.mark.parametrize(
    ("disk", "expected"),
    [
        row("PL1", "cloud_essd", (20, 64000, 5)),
        row("PL2", "cloud_essd2", (500, 64000, 5)),
        row("PL3", "cloud_essd3", (1500, 64000, 5)),
    ],
)
def test_storage_range_of_a_class_follows_from_its_disk(
    buyer: Client, disk: str, expected: tuple[int, int, int]
) -> None:
    assert expected == classes(buyer, DBInstanceStorageType=disk)[CLASS]


def test_the_international_site_has_codes_of_its_own() -> None:
    with Emulator(seed={"site": "international"}, speed=0) as emulator:
        client = Client(emulator)
        for code in ("bards_intl", "rds_intl"):
            assert CLASS in classes(client, CommodityCode=code)
        assert SERVERLESS_CLASS in classes(
            client, **SERVERLESS, CommodityCode="rds_serverless_public_intl"
        )


def test_patterns_of_a_region_s_seed_take_offers_out() -> None:
    unsold = [{"engine": "MySQL", "engine_version": "8.0", "zone": "a"}, {"category": "Basic"}]
    region = {"id": "r", "zones": ["a", "b"], "unsold": unsold}
    seed = {"regions": [region], "retired_classes": [CLASS]}
    with Emulator(seed=seed, speed=0) as emulator:
        client = Client(emulator)

        assert {"b"} == zones(client, EngineVersion="8.0").keys()
        assert {"a", "b"} == zones(client, EngineVersion="5.7").keys()
        assert {} == zones(client, Category="Basic")
        assert CLASS not in classes(client, ZoneId="b")


@pytest.mark.parametrize(("source", "version", "backup"), SOURCES)
def test_clone_is_accepted_exactly_where_zones_and_classes_are_listed(
    world: Emulator, buyer: Client, source: str, version: str, backup: str
) -> None:
    instance = world.instance(source)
    engine = {"Engine": instance.engine, "EngineVersion": version}
    shown = zones(buyer, **engine)
    is_local = instance.storage_type == "local_ssd"
    prefix = instance.instance_class.removeprefix("rds.").split(".")[0]
    every = itertools.product(
        [f"cn-hangzhou-{zone}" for zone in "hkb"],
        ("Basic", "HighAvailability", "cluster"),
        ("local_ssd",) if is_local else ("cloud_essd", "cloud_essd3"),
        [name.format(prefix) for name in NAMES],
    )
    for zone, category, disk, name in every:
        place = {"ZoneId": zone, "Category": category, "DBInstanceStorageType": disk}
        listed = classes(buyer, **engine, **place)
        answer = buyer.call(
            "CloneDBInstance",
            **place,
            DBInstanceId=source,
            PayType="Postpaid",
            BackupId=backup,
            VSwitchId=f"vsw-demo-{zone[-1]}",
            DBInstanceClass=name,
            DBInstanceStorage="1500",
        )
        if answer.status == 200:
            world.remove(answer.body["DBInstanceId"])

        assert bool(listed) == ((version, category, disk) in shown.get(zone, set()))
        assert (name in listed) == (answer.status == 200), (zone, category, disk, name)


def test_seed_entry_of_engine_and_edition_can_be_cloned(buyer: Client, world: Emulator) -> None:
    editions = {
        "MySQL": ("Basic", "HighAvailability", "cluster", "Finance"),
        "PostgreSQL": ("Basic", "HighAvailability", "cluster"),
        "SQLServer": ("Basic", "HighAvailability", "AlwaysOn"),
        "MariaDB": ("Basic", "HighAvailability"),
    }
    for engine, categories in editions.items():
        for category in categories:
            name = f"rm-{engine}-{category}".lower()
            made = world.add(name, engine=engine, category=category)
            answer = buyer.call(
                "CloneDBInstance",
                DBInstanceId=name,
                PayType="Postpaid",
                BackupId=world.backups(name)[0].id,
            )

            assert 200 == answer.status, (made, answer.body)
