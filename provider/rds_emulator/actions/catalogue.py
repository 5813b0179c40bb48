"""
What is on sale: zones and classes.
"""

from collections.abc import Iterator
from functools import lru_cache
from itertools import groupby

from rds_emulator import catalogue
from rds_emulator.catalogue import Shape
from rds_emulator.model import Region
from rds_emulator.registry import Answer, Invocation, action


@action(
    "DescribeAvailableZones",
    models=(
        "The filters EngineVersion, Category and ZoneId over the emulator's own"
        " catalogue, less sold-out zones, what the seed calls unsold, and retired"
        " classes. What matches nothing gives an empty list. CloneDBInstance agrees."
        " DispenseMode, CommodityCode and DBInstanceName are ignored."
    ),
    evidence=(
        "Parameters and response tree of SDK 16.0.2. Which editions and disks go with"
        " a version is made up after the documentation's lists of values."
    ),
)
def describe_zones(invocation: Invocation) -> Answer:
    """
    List the zones with what can be bought there.
    """
    parameters = invocation.parameters
    engine = parameters.required("Engine")
    tree = _zones(
        invocation.required_region(),
        invocation.world.account.retired_classes,
        engine,
        (
            parameters.text("EngineVersion"),
            parameters.text("Category"),
            parameters.text("ZoneId"),
        ),
    )
    return {"AvailableZones": tree}


@action(
    "DescribeAvailableClasses",
    models=(
        "The classes of one zone, version, edition and disk out of the emulator's own"
        " catalogue, each with its storage range; an empty list for what is not sold"
        " there. CloneDBInstance agrees. InstanceChargeType, OrderType, DBInstanceId"
        " and CommodityCode are ignored."
    ),
    evidence=(
        "Parameters and response tree of SDK 16.0.2. The classes are spelled like real"
        " ones; which exist, and their storage ranges, are made up."
    ),
)
def describe_classes(invocation: Invocation) -> Answer:
    """
    List the classes of one zone, version, edition and disk.
    """
    region, parameters = invocation.required_region(), invocation.parameters
    zone = parameters.required("ZoneId")
    shape = Shape(
        engine=parameters.required("Engine"),
        engine_version=parameters.required("EngineVersion"),
        category=parameters.required("Category"),
        storage_type=catalogue.storage_type(
            parameters.required("DBInstanceStorageType")
        ),
    )
    retired = invocation.world.account.retired_classes
    found = catalogue.offers(region, retired, zone, shape)
    return {
        "DBInstanceClasses": [
            {
                "DBInstanceClass": offer.instance_class,
                "DBInstanceStorageRange": {
                    "MinValue": offer.least_gb,
                    "MaxValue": offer.most_gb,
                    "Step": catalogue.STEP_GB,
                },
            }
            for offer in found
        ]
    }


@lru_cache(maxsize=256)
def _zones(
    region: Region,
    retired: tuple[str, ...],
    engine: str,
    filters: tuple[str | None, str | None, str | None],
) -> list[Answer]:
    version, category, wanted_zone = filters
    entries = []
    for zone in region.zones:
        sold = [
            shape
            for shape in catalogue.shapes_of_zone(region, retired, zone, engine)
            if version in (None, shape.engine_version)
            and category in (None, shape.category)
        ]
        if sold and wanted_zone in (None, zone):
            entries.append(_zone(region, zone, engine, sold))
    return entries


def _zone(region: Region, zone: str, engine: str, sold: list[Shape]) -> Answer:
    return {
        "ZoneId": zone,
        "RegionId": region.id,
        "SupportedEngines": [
            {"Engine": engine, "SupportedEngineVersions": list(_versions(sold))}
        ],
    }


def _versions(sold: list[Shape]) -> Iterator[Answer]:
    for version, shapes in groupby(sold, key=lambda one: one.engine_version):
        disks: dict[str, list[Answer]] = {}
        for shape in shapes:
            disk = {"StorageType": shape.storage_type}
            disks.setdefault(shape.category, []).append(disk)
        yield {
            "Version": version,
            "SupportedCategorys": [
                {"Category": category, "SupportedStorageTypes": types}
                for category, types in disks.items()
            ],
        }
