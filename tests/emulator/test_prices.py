from typing import Any

import pytest

from rds_emulator import Emulator
from tests.emulator.wire import Client
from tests.support.rows import row

CLASS = "mysql.n2.medium.2c"
PRICE = {
    "Engine": "MySQL",
    "EngineVersion": "8.0",
    "DBInstanceClass": CLASS,
    "DBInstanceStorage": "100",
    "DBInstanceStorageType": "cloud_essd",
    "Quantity": "1",
}
HOUR = {"CommodityCode": "bards", "PayType": "Postpaid"}
MONTH = {"CommodityCode": "rds", "PayType": "Prepaid", "TimeType": "Month"}
YEAR = {**MONTH, "TimeType": "Year"}
RCU = {
    "CommodityCode": "rds_serverless_public_cn",
    "PayType": "Serverless",
    "DBInstanceClass": "mysql.n2.serverless.2c",
    "ServerlessConfig": '{"MinCapacity": 0.5, "MaxCapacity": 8}',
}


def price(client: Client, **parameters: str) -> dict[str, Any]:
    answer = client.call("DescribePrice", **{**PRICE, **parameters})
    assert 200 == answer.status, answer.body
    return answer.body


def trade(client: Client, **parameters: str) -> float:
    return float(price(client, **parameters)["PriceInfo"]["TradePrice"])


def test_the_international_site_has_a_currency_of_its_own() -> None:
    """
    There prices are in dollars, and the codes of the other site have none.
    """
    with Emulator(seed={"site": "international"}, speed=0) as emulator:
        client = Client(emulator)
        hour = price(client, CommodityCode="bards_intl")["PriceInfo"]
        month = price(client, TimeType="Month", PayType="Prepaid")["PriceInfo"]
        foreign = client.call("DescribePrice", **{**PRICE, **HOUR})

    assert ("USD", "USD") == (hour["Currency"], month["Currency"])
    assert (400, "InvalidCommodityCode.Malformed") == foreign.refusal


@pytest.mark.parametrize(
    ("less", "more"),
    [
        row("storage", HOUR, {**HOUR, "DBInstanceStorage": "500"}),
        row("class", HOUR, {**HOUR, "DBInstanceClass": "mysql.n2.large.2c"}),
        row("node", {**HOUR, "DBInstanceClass": "mysql.n2.medium.1"}, HOUR),
        row("disk", HOUR, {**HOUR, "DBInstanceStorageType": "cloud_essd2"}),
        row("quantity", HOUR, {**HOUR, "Quantity": "2"}),
        row("term", HOUR, MONTH),
        row("months", MONTH, {**MONTH, "UsedTime": "2"}),
        row("year", {**MONTH, "UsedTime": "10"}, YEAR),
        row("years", YEAR, {**YEAR, "UsedTime": "2"}),
    ],
)
def test_more_costs_more(reader: Client, less: dict[str, str], more: dict[str, str]) -> None:
    assert 0 < trade(reader, **less) < trade(reader, **more)


def test_prices_are_always_the_same(reader: Client) -> None:
    first, second = (price(reader, **YEAR)["PriceInfo"] for _ in range(2))

    assert first == second
    assert "CNY" == first["Currency"]
    assert first["DiscountPrice"] == pytest.approx(
        first["OriginalPrice"] - first["TradePrice"], abs=0.01
    )


def test_commodity_decides_how_to_pay_and_is_rds_by_default(reader: Client) -> None:
    assert trade(reader, **HOUR) == trade(reader, CommodityCode="bards")
    assert trade(reader, **MONTH) == trade(reader, TimeType="Month")


def test_serverless_price_goes_from_the_least_to_the_most_capacity(reader: Client) -> None:
    found = price(reader, **RCU)["ServerlessPrice"]

    assert found["TradeMinRCUAmount"] * 16 == pytest.approx(found["TradeMaxRCUAmount"], rel=0.05)
    assert found["TotalOriginalMinAmount"] == pytest.approx(
        found["RCUOriginalMinAmount"] + found["StorageOriginalAmount"]
    )
