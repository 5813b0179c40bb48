import pytest

from pulumi_rdsclone.domain.market import Price
from pulumi_rdsclone.domain.outputs import EstimatedPrice
from tests.support.rows import row


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        row("a whole number", 2.0, "2 CNY per hour"),
        row("a fraction", 1.25, "1.25 CNY per hour"),
        row("no dust of floats", 0.1 + 0.2, "0.3 CNY per hour"),
        row("a small one", 0.0004, "0.0004 CNY per hour"),
        row("thousands and cents", 12345.67, "12345.67 CNY per hour"),
        row("millions and cents", 1234567.89, "1234567.89 CNY per hour"),
        row("nothing", 0.0, "0 CNY per hour"),
    ],
)
def test_price_is_written_to_the_cent(amount: float, text: str) -> None:
    assert text == str(Price(amount=amount, currency="CNY", per="hour"))


def test_price_of_a_subscription_names_its_term() -> None:
    price = Price(amount=640, currency="USD", per="3 Month")

    assert str(price) == "640 USD per 3 Month"


def test_price_of_a_day_is_without_float_errors() -> None:
    hourly = Price(amount=2.33, currency="CNY", per="hour")

    assert Price(amount=55.92, currency="CNY", per="day") == hourly.per_day()


@pytest.mark.parametrize(
    ("amount", "per", "hourly"),
    [
        row("an hour", 1.25, "hour", 1.25),
        row("a month", 730, "1 Month", 1),
        row("months", 640, "3 Month", 0.292237),
        row("years", 17520, "2 Year", 1),
    ],
)
def test_price_of_an_hour(amount: float, per: str, hourly: float) -> None:
    """
    A month is a twelfth of a year.
    """
    price = Price(amount=amount, currency="CNY", per=per)

    assert Price(amount=hourly, currency="CNY", per="hour") == price.per_hour()


def test_price_of_an_unknown_term_has_no_hourly_price() -> None:
    assert Price(amount=1, currency="CNY", per="1 None").per_hour() is None


def test_price_is_an_output() -> None:
    tree = Price(amount=1.25, currency="CNY", per="hour").tree()

    assert tree == {"amount": 1.25, "currency": "CNY", "per": "hour"}
    assert tree == EstimatedPrice.model_validate(tree).given()
