"""
Which names of endpoints a clone keeps, and who else declares them.
"""

from dataclasses import replace
from typing import Any

import pytest

from pulumi_rdsclone.domain.neighbours import kept_prefixes, neighbour_of, who_takes
from pulumi_rdsclone.domain.unknown import UNKNOWN
from tests.support.rows import case, row

OUTPUTS = {
    "connection_string": "Orders.mysql.rds.aliyuncs.com",
    "public_connection_string": "orders-public.mysql.rds.aliyuncs.com",
}
REGION = "cn-hangzhou"


@pytest.mark.parametrize(
    ("network", "kept"),
    [
        row("nothing is declared", {}, {"orders", "orders-public"}),
        row("another", {"connection_prefix": "carts"}, {"orders-public"}),
        row("unknown", {"connection_prefix": UNKNOWN}, {"orders-public"}),
        row("no public endpoint", {"public_endpoint": False}, {"orders"}),
        case("another public one")(
            {"public_endpoint": True, "public_connection_prefix": "open"}, {"orders"}
        ),
    ],
)
def test_name_is_kept_unless_an_input_replaces_it(network: dict[str, Any], kept: set[str]) -> None:
    assert kept == kept_prefixes(OUTPUTS, {"network": network})


def test_endpoints_of_an_unfinished_clone_are_not_kept() -> None:
    assert frozenset() == kept_prefixes({"connection_string": None}, {})


def test_clone_that_takes_a_kept_name_is_found_in_the_same_region() -> None:
    clone = neighbour_of("own", {}, region=REGION)
    other = neighbour_of("other", {"network": {"connection_prefix": "ORDERS"}}, region=REGION)
    kept = frozenset({"orders"})

    (problem,) = who_takes(kept, clone, others=[other, replace(other, region="cn-beijing")])

    assert str(problem) == (
        "network.connection_prefix: the clone 'other' has the prefix 'orders', which is the name "
        "of an endpoint of this clone — choose another prefix for one of them (endpoint-twins)"
    )
    assert [] == list(who_takes(frozenset(), clone, others=[other]))
