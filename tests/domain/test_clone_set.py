from typing import Any

import pytest

from pulumi_rdsclone.domain.clone_set import OUTPUTS, names_of_clones, problem_with
from pulumi_rdsclone.domain.outputs import CloneOutputs
from pulumi_rdsclone.domain.unknown import UNKNOWN
from tests.support.rows import row


@pytest.mark.parametrize("quantity", [1, 5, 3.0])
def test_one_to_five_clones_are_made(quantity: Any) -> None:
    assert problem_with(quantity, {}) is None


@pytest.mark.parametrize(
    ("quantity", "written"),
    [
        (0, "0"),
        (6.0, "6"),
        (2.5, "2.5"),
        (-1, "-1"),
        ("three", "'three'"),
        (True, "True"),
        (None, "None"),
        ([2], "[2]"),
    ],
)
def test_wrong_quantity_is_refused_with_a_remedy(quantity: Any, written: str) -> None:
    assert str(problem_with(quantity, {})) == (
        f"quantity: {written} is not a whole number from 1 to 5 — set quantity "
        "to 1 to 5, or declare a second CloneSet for more clones (input-form)"
    )


def test_an_unknown_quantity_is_refused() -> None:
    assert str(problem_with(UNKNOWN, {})) == (
        "quantity: only known when another resource has been created — set a plain "
        "number, such as one of the stack's configuration (input-form)"
    )


@pytest.mark.parametrize(
    ("quantity", "network", "refused"),
    [
        row("of one clone", 1, {"connection_prefix": "orders"}, ""),
        row("a port", 2, {"port": 3307}, ""),
        row("no prefix", 2, {"connection_prefix": None}, ""),
        row("no network", 2, None, ""),
        row("a network that is not known yet", 2, UNKNOWN, ""),
        row("prefix", 2, {"connection_prefix": "orders"}, "connection_prefix"),
        row("unknown prefix", 2, {"connection_prefix": UNKNOWN}, "connection_prefix"),
        row("public prefix", 5, {"public_connection_prefix": "orders"}, "public_connection_prefix"),
        row("address", 3, {"private_ip_address": "10.0.0.7"}, "private_ip_address"),
    ],
)
def test_name_for_several_clones_is_refused(quantity: int, network: object, refused: str) -> None:
    problem = problem_with(quantity, {"network": network})

    assert str(problem or "") == (
        refused
        and f"network.{refused}: only one of several clones could have it — remove "
        f"network.{refused}, or declare the clones one by one (input-form)"
    )


def test_names_of_a_larger_set_begin_with_those_of_a_smaller_one() -> None:
    assert names_of_clones("set", 3) == ["set-1", "set-2", "set-3"]
    assert names_of_clones("set", 2) == names_of_clones("set", 3)[:2]


def test_every_output_of_a_set_is_one_of_its_clones() -> None:
    assert set(OUTPUTS.values()) <= set(CloneOutputs.model_fields)
