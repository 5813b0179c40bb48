"""
What is on sale: zones and classes.
"""

from collections.abc import Iterator
from functools import lru_cache
from itertools import groupby

from rds_emulator.actions.registry import Answer, Invocation, action
from rds_emulator.market import catalogue, commodities
from rds_emulator.market.catalogue import Shape
from rds_emulator.protocol.errors import ApiError
from rds_emulator.state.model import Region


@action(
    "DescribeAvailableZones",
    models=(
        "The filters EngineVersion, Category and ZoneId over the emulator's own"
        " catalogue, less sold-out zones, what the seed calls unsold, and retired"
        " classes; CommodityCode names how to pay, and with it whether serverless or"
        " other editions are listed. What matches nothing gives an empty list."
        " CloneDBInstance agrees. The codes of read-only instances are answered with"
        " 501; DispenseMode and DBInstanceName are ignored."
    ),
    evidence=(
        "Parameters and response tree of SDK 16.0.2, whose text has the commodity codes"
        " of both sites. Inferred: that one of the other site is refused"
        " (InvalidCommodityCode.Malformed, documented for ListClasses). Ours: that"
        " without a code all editions are listed. Which editions and disks go with"
        " a version is made up after the documentation's lists of values."
    ),
)
def describe_zones(invocation: Invocation) -> Answer:
    """
    List the zones with what can be bought there.
    """
    parameters = invocation.parameters
    engine = parameters.required("Engine")
    account = invocation.cloud.account
    tree = _zones(
        invocation.required_region(),
        account.retired_classes,
        engine=engine,
        editions=commodities.editions(commodities.wanted(parameters, account), account),
        filters=(
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
        " there, or not to who pays as CommodityCode or InstanceChargeType say."
        " CloneDBInstance agrees. The codes of read-only instances are answered with"
        " 501; OrderType and DBInstanceId are ignored."
    ),
    evidence=(
        "Parameters and response tree of SDK 16.0.2, whose text has the commodity codes"
        " of both sites. Terraform's provider names both always (5c6e77e08). Inferred:"
        " that a code which does not go with the site or with InstanceChargeType is"
        " refused (InvalidCommodityCode.Malformed, documented for ListClasses). The"
        " classes are spelled like real"
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
    account = invocation.cloud.account
    editions = commodities.editions(commodities.wanted(parameters, account), account)
    found = catalogue.offers(region, account.retired_classes, zone=zone, shape=shape)
    if commodities.is_serverless(shape.category) not in editions:
        found = ()
    if not found and account.temper.unsold_classes == "refused":
        raise ApiError(code="InvalidCondition.NotFound")
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
    *,
    engine: str,
    editions: frozenset[bool],
    filters: tuple[str | None, str | None, str | None],
) -> list[Answer]:
    version, category, wanted_zone = filters
    entries = []
    for zone in region.zones:
        sold = [
            shape
            for shape in catalogue.shapes_of_zone(
                region, retired, zone=zone, engine=engine
            )
            if version in (None, shape.engine_version)
            and category in (None, shape.category)
            and commodities.is_serverless(shape.category) in editions
        ]
        if sold and wanted_zone in (None, zone):
            entries.append(_zone(region, zone, engine=engine, sold=sold))
    return entries


def _zone(region: Region, zone: str, *, engine: str, sold: list[Shape]) -> Answer:
    return {
        "ZoneId": zone,
        "RegionId": region.id,
        "SupportedEngines": [
            {"Engine": engine, "SupportedEngineVersions": list(_versions(sold))}
        ],
    }


def _versions(sold: list[Shape]) -> Iterator[Answer]:
    for version, shapes in groupby(sold, key=lambda shape: shape.engine_version):
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
