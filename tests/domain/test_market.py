import pytest

from pulumi_rdsclone.domain.market import Price
from pulumi_rdsclone.domain.outputs import EstimatedPrice


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        pytest.param(2.0, "2 CNY per hour", id="a whole number"),
        pytest.param(1.25, "1.25 CNY per hour", id="a fraction"),
        pytest.param(0.1 + 0.2, "0.3 CNY per hour", id="no dust of floats"),
        pytest.param(0.0004, "0.0004 CNY per hour", id="a small one"),
        pytest.param(12345.67, "12345.67 CNY per hour", id="thousands and cents"),
        pytest.param(1234567.89, "1234567.89 CNY per hour", id="millions and cents"),
        pytest.param(0.0, "0 CNY per hour", id="nothing"),
    ],
)
def test_price_is_written(amount: float, text: str) -> None:
    """
    A price is written to the cent, without an exponent.
    """
    assert text == str(Price(amount=amount, currency="CNY", per="hour"))


def test_price_of_a_term() -> None:
    """
    The price of a subscription names its term.
    """
    price = Price(amount=640, currency="USD", per="3 Month")

    assert str(price) == "640 USD per 3 Month"


def test_price_of_a_day() -> None:
    """
    A day costs what its hours do, without the dust of floats.
    """
    hourly = Price(amount=2.33, currency="CNY", per="hour")

    assert Price(amount=55.92, currency="CNY", per="day") == hourly.per_day()


@pytest.mark.parametrize(
    ("amount", "per", "hourly"),
    [
        pytest.param(1.25, "hour", 1.25, id="an hour"),
        pytest.param(730, "1 Month", 1, id="a month"),
        pytest.param(640, "3 Month", 0.292237, id="months"),
        pytest.param(17520, "2 Year", 1, id="years"),
    ],
)
def test_price_of_an_hour(amount: float, per: str, hourly: float) -> None:
    """
    What is paid for a term is divided by its hours: a month is a twelfth of a year.
    """
    price = Price(amount=amount, currency="CNY", per=per)

    assert Price(amount=hourly, currency="CNY", per="hour") == price.per_hour()


def test_price_of_an_unheard_of_term() -> None:
    """
    What is paid for a term that nobody knows has no price of an hour.
    """
    assert Price(amount=1, currency="CNY", per="1 None").per_hour() is None


def test_price_is_an_output() -> None:
    """
    A price as a tree is the output that describes it.
    """
    tree = Price(amount=1.25, currency="CNY", per="hour").tree()

    assert tree == {"amount": 1.25, "currency": "CNY", "per": "hour"}
    assert tree == EstimatedPrice.model_validate(tree).given()
