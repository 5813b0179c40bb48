"""
What all clones of a program cost together.
"""

import pytest

from pulumi_rdsclone.adapters.totals import Totals
from pulumi_rdsclone.domain.market import Price
from tests.support.rows import row

HOURLY = Price(amount=2.3, currency="CNY", per="hour")
MONTHLY = Price(amount=900.125, currency="CNY", per="1 Month")
DOLLARS = Price(amount=0.0125, currency="USD", per="hour")


def totals_of(*prices: Price | None, ordered: int = 1) -> Totals:
    """
    Return the totals of clones with these prices, the first of which are ordered.
    """
    totals = Totals()
    for number, price in enumerate(prices):
        totals.enter(f"clone-{number}", price, is_ordered=number < ordered)
    return totals


@pytest.mark.parametrize(
    ("totals", "line"),
    [
        row("no clone", totals_of(), ""),
        row("one, which tells it itself", totals_of(HOURLY), ""),
        row("many", totals_of(*[HOURLY] * 12), "12 clones, 27.60 CNY per hour in all"),
        row("nothing is ordered", totals_of(*[HOURLY] * 12, ordered=0), ""),
        row("no price is known", totals_of(None, None), ""),
        row(
            "one price is not known",
            totals_of(HOURLY, None, HOURLY),
            "3 clones, 4.60 CNY per hour in all, without 1 whose price is not known",
        ),
        row(
            "several currencies and terms",
            totals_of(MONTHLY, HOURLY, DOLLARS, MONTHLY),
            "4 clones, 2.30 CNY per hour and 0.0125 USD per hour and 1800.25 CNY per "
            "1 Month in all",
        ),
    ],
)
def test_sums_are_one_line_by_currency_and_term(totals: Totals, line: str) -> None:
    assert line == totals.line()


def test_a_clone_counts_as_it_was_entered_last() -> None:
    """
    A clone that exists and is to be replaced is one clone.
    """
    totals = totals_of(HOURLY, HOURLY, ordered=0)
    totals.enter("clone-1", MONTHLY, is_ordered=True)

    assert {
        "clones": 2,
        "ordered": 1,
        "without_price": 0,
        "prices": [HOURLY.tree(), MONTHLY.tree()],
    } == totals.tree()


@pytest.mark.parametrize(("ordered", "seconds"), [(1, 0), (100, 0), (101, 11), (300, 30)])
def test_many_orders_take_their_time(ordered: int, seconds: int) -> None:
    """
    Ten orders a second are accepted; where that takes long, it is told.
    """
    advice = totals_of(*[HOURLY] * ordered, ordered=ordered).advice()

    expected = (
        f"{ordered} clones would be ordered, which takes at least {seconds} s — RDS "
        "accepts 10 orders a second"
    )
    assert advice == (expected if seconds else "")
