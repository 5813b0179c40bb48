"""
Offers: zones, classes, prices; and the templates of engine parameters.
"""

import json
import sys
from typing import Final

from pulumi_rdsclone.cloud.reading import (
    Answer,
    read_bool,
    read_float,
    read_int,
    read_object,
    read_records,
    read_required_text,
    read_text,
)
from pulumi_rdsclone.cloud.settings import AccountSite
from pulumi_rdsclone.cloud.wire.values import PAY_TYPES, optional
from pulumi_rdsclone.domain.engine_parameters import ParameterTemplate
from pulumi_rdsclone.domain.instances import SQL_SERVER
from pulumi_rdsclone.domain.market import (
    ClassOffer,
    OfferQuery,
    Price,
    ZoneOffer,
)
from pulumi_rdsclone.domain.spec import Payment, Serverless


def to_zone_offers(
    answer: Answer, *, engine: str, engine_version: str
) -> tuple[ZoneOffer, ...]:
    """
    Return the offers of DescribeAvailableZones for one engine and version.
    """
    return tuple(
        ZoneOffer(
            zone=read_required_text(zone, "ZoneId"),
            edition=read_required_text(category, "Category"),
            storage_type=read_required_text(storage, "StorageType"),
        )
        for zone in read_records(answer, "AvailableZones")
        for offer in read_records(zone, "SupportedEngines")
        if offer.get("Engine") == engine
        for version in read_records(offer, "SupportedEngineVersions")
        if version.get("Version") == engine_version
        for category in read_records(version, "SupportedCategorys")
        for storage in read_records(category, "SupportedStorageTypes")
    )


def from_zone_query(
    engine: str, engine_version: str, *, payment: str, site: AccountSite
) -> dict[str, str]:
    """
    Return the parameters of DescribeAvailableZones.

    Source: Terraform's provider always sends the commodity code, which decides the
    offers of the zones.
    """
    return {
        "Engine": engine,
        "EngineVersion": engine_version,
        "CommodityCode": _COMMODITIES[site][payment],
    }


def from_class_query(query: OfferQuery, site: AccountSite) -> dict[str, str]:
    """
    Return the parameters of DescribeAvailableClasses.
    """
    return {
        "CommodityCode": _COMMODITIES[site][query.payment],
        "InstanceChargeType": PAY_TYPES[query.payment],
        "Engine": query.engine,
        "EngineVersion": query.engine_version,
        "Category": query.edition,
        "ZoneId": query.zone,
        "DBInstanceStorageType": query.storage_type,
    }


def to_class_offers(answer: Answer) -> tuple[ClassOffer, ...]:
    """
    Return the offers of DescribeAvailableClasses; a missing limit is no limit.
    """
    return tuple(
        ClassOffer(
            name=read_required_text(item, "DBInstanceClass"),
            least_gb=read_int(limits, "MinValue"),
            most_gb=read_int(limits, "MaxValue") or sys.maxsize,
            step_gb=read_int(limits, "Step"),
        )
        for item in read_records(answer, "DBInstanceClasses")
        for limits in [read_object(item, "DBInstanceStorageRange")]
    )


_TEMPLATE_ENGINES: Final = {"MySQL": "mysql", SQL_SERVER: "mssql"}
"""Engines that DescribeParameterTemplates spells differently."""


def from_template_query(engine: str, engine_version: str) -> dict[str, str]:
    """
    Return the parameters of DescribeParameterTemplates.
    """
    spelt = _TEMPLATE_ENGINES.get(engine, engine)
    return {"Engine": spelt, "EngineVersion": engine_version}


def to_parameter_templates(
    answer: Answer,
) -> tuple[ParameterTemplate, ...]:
    """
    Return the templates of DescribeParameterTemplates.

    A parameter without ForceModify can be set; without ForceRestart it needs no
    restart.
    """
    return tuple(
        ParameterTemplate(
            name=read_required_text(item, "ParameterName"),
            allowed=read_text(item, "CheckingCode"),
            modifiable=read_bool(item, "ForceModify") is not False,
            restarts=read_bool(item, "ForceRestart") is True,
        )
        for item in read_records(read_object(answer, "Parameters"), "TemplateRecord")
    )


_COMMODITIES: Final = {
    AccountSite.CHINA: {
        "PayAsYouGo": "bards",
        "Subscription": "rds",
        "Serverless": "rds_serverless_public_cn",
    },
    AccountSite.INTERNATIONAL: {
        "PayAsYouGo": "bards_intl",
        "Subscription": "rds_intl",
        "Serverless": "rds_serverless_public_intl",
    },
}
"""Source: DescribePrice, CommodityCode."""


def from_price_query(
    query: OfferQuery,
    *,
    instance_class: str,
    storage_gb: int,
    payment: Payment,
    site: AccountSite,
) -> dict[str, str]:
    """
    Return the parameters of DescribePrice for one instance.
    """
    values = {
        "CommodityCode": _COMMODITIES[site][payment.type],
        "Engine": query.engine,
        "EngineVersion": query.engine_version,
        "ZoneId": query.zone,
        "DBInstanceClass": instance_class,
        "DBInstanceStorage": str(storage_gb),
        "DBInstanceStorageType": query.storage_type,
        "PayType": PAY_TYPES[payment.type],
        "Quantity": "1",
        "OrderType": "BUY",
        "TimeType": payment.period,
        "UsedTime": optional(payment.duration, str),
    }
    return {name: value for name, value in values.items() if value is not None}


def to_price(answer: Answer, payment: Payment) -> Price | None:
    """
    Return the price of DescribePrice; None where it has no amount.
    """
    info = read_object(answer, "PriceInfo")
    amount = read_float(info, "TradePrice")
    currency = read_text(info, "Currency")
    if amount is None or not currency:
        return None
    subscribed = payment.type == "Subscription"
    per = f"{payment.duration} {payment.period}" if subscribed else "hour"
    return Price(amount=amount, currency=currency, per=per)


def from_serverless_price_query(
    query: OfferQuery,
    *,
    instance_class: str,
    storage_gb: int,
    serverless: Serverless,
    site: AccountSite,
) -> dict[str, str]:
    """
    Return the parameters of DescribePrice for one serverless instance.
    """
    payment = Payment(type="Serverless")
    limits = {"MinCapacity": serverless.min_rcu, "MaxCapacity": serverless.max_rcu}
    return {
        **from_price_query(
            query,
            instance_class=instance_class,
            storage_gb=storage_gb,
            payment=payment,
            site=site,
        ),
        "ServerlessConfig": json.dumps(limits),
    }


def to_serverless_price(answer: Answer) -> Price | None:
    """
    Return what an hour of a serverless instance costs at most; None if unknown.

    The storage counts without its discount. Source: DescribePrice, ServerlessPrice;
    that the amounts are those of an hour is inferred.
    """
    amounts = read_object(answer, "ServerlessPrice")
    units = read_float(amounts, "TradeMaxRCUAmount")
    storage = read_float(amounts, "StorageOriginalAmount")
    currency = read_text(read_object(answer, "PriceInfo"), "Currency")
    if units is None or storage is None or not currency:
        return None
    return Price(amount=round(units + storage, 6), currency=currency, per="hour")
