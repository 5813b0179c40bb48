"""
What the classes of an engine can do, and what they cost.
"""

from collections.abc import Iterator
from typing import Final

from rds_emulator.actions.registry import Answer, Invocation, action
from rds_emulator.market import catalogue, class_power, commodities, prices
from rds_emulator.market.catalogue import Shape
from rds_emulator.protocol.errors import ApiError, missing
from rds_emulator.state.model import Account

_ENGINES: Final = ("MySQL", "SQLServer", "PostgreSQL", "MariaDB")
_ORDERS: Final = ("BUY", "UPGRADE", "RENEW", "CONVERT")
_CONNECTIONS_OF_GB: Final = 300
_IOPS_OF_CORE: Final = 1_000
_MBPS_OF_CORE: Final = 128
_CENTS: Final = 100


@action(
    "ListClasses",
    models=(
        "Every class that is not retired, with power, price and the first edition and"
        " disk that it goes with; Engine is a filter, OrderType is checked. The codes"
        " of read-only instances are answered with 501; zones, ClientToken and"
        " DBInstanceId are ignored. What the name of a class does not tell is left"
        " out."
    ),
    evidence=(
        "Parameters, their texts and response tree of SDK 16.0.2, where all figures are"
        " texts; error table of the official page. Without RegionId the first region"
        " answers. Which classes exist and all figures are made up: 300 connections a"
        " GB, 1000 I/O operations and 128 Mbit/s a core; prices are those of"
        " DescribePrice without a disk, in cents, by the hour or month."
    ),
)
def list_classes(invocation: Invocation) -> Answer:
    """
    List the classes of one engine or of all.
    """
    parameters, account = invocation.parameters, invocation.cloud.account
    region = invocation.region() or account.regions[0]
    payment = _payment(invocation)
    if "OrderType" not in parameters:
        raise missing(name="OrderType")
    parameters.choice("OrderType", _ORDERS)
    engine = parameters.choice("Engine", _ENGINES)
    items = [
        {**_class(name, shape, payment=payment), **_edition(shape)}
        for name, shape in _sold(account, (engine,) if engine else _ENGINES)
    ]
    return {"RegionId": region.id, "Items": items}


@action(
    "DescribeClassDetails",
    models=(
        "One class of one version, as ListClasses tells it. The codes of read-only"
        " instances are answered with 501; ClientToken and ResourceGroupId are ignored."
    ),
    evidence=(
        "Parameters, their texts and response tree of SDK 16.0.2; no error table was"
        " found. Inferred: InvalidDBInstanceClass.NotFound for a class that the version"
        " does not have. Figures are made up."
    ),
)
def describe_class(invocation: Invocation) -> Answer:
    """
    Describe one class.
    """
    parameters = invocation.parameters
    invocation.required_region()
    wanted = parameters.required("ClassCode")
    payment = _payment(invocation)
    engine = parameters.required("Engine")
    version = parameters.required("EngineVersion")
    for shape in catalogue.shapes(engine):
        if shape.engine_version == version and wanted in catalogue.classes(shape):
            return {
                **_class(wanted, shape, payment=payment),
                "Category": shape.category,
                "DBInstanceStorageType": shape.storage_type,
            }
    raise ApiError(code="InvalidDBInstanceClass.NotFound")


def _payment(invocation: Invocation) -> str:
    invocation.parameters.required("CommodityCode")
    return commodities.pay_type(invocation.parameters, invocation.cloud.account)


def _sold(account: Account, engines: tuple[str, ...]) -> Iterator[tuple[str, Shape]]:
    """
    Yield each class once, with the first shape that it goes with.
    """
    seen = {*account.retired_classes}
    for engine in engines:
        for shape in catalogue.shapes(engine):
            for name in sorted(catalogue.classes(shape) - seen):
                seen.add(name)
                yield name, shape


def _class(name: str, shape: Shape, *, payment: str) -> Answer:
    hour = prices.class_hour(shape.engine, name)
    price = (
        prices.by_the_term(hour, months=1, quantity=1)
        if payment == "Prepaid"
        else prices.by_the_hour(hour, quantity=1)
    )
    return {
        "ClassCode": name,
        "ClassGroup": "Exclusive package" if ".x" in name else "General-purpose",
        "InstructionSetArch": "",
        "ReferencePrice": str(round(price.original * _CENTS)),
        **_power(name),
    }


def _power(name: str) -> Answer:
    known = class_power.of_class(name)
    if known is None:
        return {}
    return {
        "Cpu": str(known.cores),
        "MemoryClass": str(known.memory_gb),
        "MaxConnections": str(known.memory_gb * _CONNECTIONS_OF_GB),
        "MaxIOPS": str(known.cores * _IOPS_OF_CORE),
        "MaxIOMBPS": str(known.cores * _MBPS_OF_CORE),
    }


def _edition(shape: Shape) -> Answer:
    return {"category": shape.category, "storageType": shape.storage_type}
