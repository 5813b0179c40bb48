"""
A clone set: its inputs and outputs, the names of its clones.
"""

from collections.abc import Mapping
from typing import Final

from pulumi_rdsclone.domain.problems import Problem, quoted
from pulumi_rdsclone.domain.unknown import is_unknown
from pulumi_rdsclone.domain.values import Properties, PropertyValue

LARGEST: Final = 5
"""The clones of one set: the cloud's console orders five instances at most at once."""

DEFAULT: Final = 1

QUANTITY: Final = (
    f"How many clones there are, 1 to {LARGEST}. A lower number releases the last "
    "ones, a higher one adds to them. A plain number: preview has to know it."
)

OUTPUTS: Final = {
    "instance_ids": "instance_id",
    "statuses": "status",
    "connection_strings": "connection_string",
    "ports": "port",
}
"""The outputs of a set: lists, each with the output of a clone that it is made of."""

OF_ONE: Final = (
    "connection_prefix",
    "public_connection_prefix",
    "private_ip_address",
)
"""Inputs of the group *network* that only one instance can have."""


def described_for_each(doc: str) -> str:
    """
    Describe an output of a set by *doc*, which describes it for one clone.
    """
    return f"One entry for each clone, in order. {doc}"


def names_of_clones(name: str, quantity: int) -> list[str]:
    """
    Return the names of the clones of the set *name*: set-1, set-2, and so on.
    """
    return [f"{name}-{number}" for number in range(1, quantity + 1)]


def problem_with(quantity: PropertyValue, inputs: Properties) -> Problem | None:
    """
    Return what is wrong with a set; None if nothing is.

    Args:
        quantity: How many clones there are to be.
        inputs: What is declared for each, a tree in snake_case.
    """
    if is_unknown(quantity):
        return _problem(
            "only known when another resource has been created",
            "set a plain number, such as one of the stack's configuration",
        )
    if quantity in range(1, LARGEST + 1) and not isinstance(quantity, bool):
        return None if quantity == 1 else _shared(inputs)
    written = f"{quantity:g}" if isinstance(quantity, float) else quoted(quantity)
    return _problem(
        f"{written} is not a whole number from 1 to {LARGEST}",
        f"set quantity to 1 to {LARGEST}, or declare a second CloneSet for more clones",
    )


def _shared(inputs: Properties) -> Problem | None:
    network = inputs.get("network")
    given = network if isinstance(network, Mapping) else {}
    shared = next((name for name in OF_ONE if given.get(name) is not None), None)
    if shared is None:
        return None
    return _problem(
        "only one of several clones could have it",
        f"remove network.{shared}, or declare the clones one by one",
        path=f"network.{shared}",
    )


def _problem(what: str, remedy: str, *, path: str = "quantity") -> Problem:
    return Problem(check="input-form", path=path, what=what, remedy=remedy)
