"""
Find names and addresses that several clones of a program declare.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from pulumi_rdsclone.domain.paths import get_value
from pulumi_rdsclone.domain.problems import Problem, quoted
from pulumi_rdsclone.domain.values import Properties, PropertyValue

PUBLIC_SUFFIX: Final = "-public"
"""The suffix of a public endpoint's undeclared name, after the private one's."""


@dataclass(frozen=True, kw_only=True)
class Neighbour:
    """
    Another clone of the same program.

    Attributes:
        name: The resource's name.
        region: Where it is to be; None where that is not known.
        prefixes: The names of its endpoints, in small letters.
        address: Its private address.
        places: Ids of its VPC and vSwitch, as far as they are declared.
    """

    name: str
    region: str | None
    prefixes: frozenset[str]
    address: str | None
    places: frozenset[str]


def neighbour_of(name: str, inputs: Properties, *, region: PropertyValue) -> Neighbour:
    """
    Return the names and the address that other clones may not declare.

    Args:
        name: The resource's name.
        inputs: Its inputs as written, a tree in snake_case.
        region: Where it is, unless it declares a region.
    """
    return Neighbour(
        name=name,
        region=_text(inputs, "region") or region,
        prefixes=frozenset(map(str.casefold, prefixes_of(inputs).values())),
        address=_text(inputs, "network.private_ip_address"),
        places=places_of(inputs),
    )


def prefixes_of(inputs: Properties) -> dict[str, str]:
    """
    Return the names of a clone's endpoints, each by the input that it follows from.
    """
    private = _text(inputs, "network.connection_prefix")
    names = {"network.connection_prefix": private}
    if get_value(inputs, "network.public_endpoint") is True:
        public = "network.public_connection_prefix"
        if get_value(inputs, public) is not None:
            names[public] = _text(inputs, public)
        elif private is not None:
            names["network.public_endpoint"] = f"{private}{PUBLIC_SUFFIX}"
    return {path: name for path, name in names.items() if name is not None}


def kept_prefixes(outputs: Properties, inputs: Properties) -> frozenset[str]:
    """
    Return the names of endpoints that a clone has and does not declare, in lowercase.

    An input that was removed leaves the name as it is; one that is declared gives up
    the name that the clone had before.

    Args:
        outputs: What is recorded of the clone, a tree in snake_case.
        inputs: Its inputs as written, likewise.
    """
    has_public = get_value(inputs, "network.public_endpoint") is not False
    kept = {
        "network.connection_prefix": outputs.get("connection_string"),
        "network.public_connection_prefix": has_public
        and outputs.get("public_connection_string"),
    }
    return frozenset(
        host.partition(".")[0].casefold()
        for path, host in kept.items()
        if isinstance(host, str) and host and get_value(inputs, path) is None
    )


def who_takes(
    kept: frozenset[str], clone: Neighbour, *, others: Iterable[Neighbour]
) -> Iterator[Problem]:
    """
    Yield a problem for each of *others* that declares a name *kept* by *clone*.

    Source: the error InvalidConnectionString.Duplicate.
    """
    for other in others:
        taken = sorted(other.prefixes & kept)
        if taken and other.region == clone.region:
            yield Problem(
                check="endpoint-twins",
                path="network.connection_prefix",
                what=f"the clone {quoted(other.name)} has the prefix "
                f"{quoted(taken[0])}, which is the name of an endpoint of this clone",
                remedy="choose another prefix for one of them",
            )


def places_of(inputs: Properties) -> frozenset[str]:
    """
    Return the VPC and vSwitch that a clone declares; with none of them its source.
    """
    vswitches = get_value(inputs, "network.vswitch_ids")
    first = vswitches[:1] if isinstance(vswitches, list | tuple) else ()
    declared = (_text(inputs, "network.vpc_id"), *first)
    known = frozenset(place for place in declared if isinstance(place, str))
    source = _text(inputs, "source_instance_id")
    return known or frozenset(filter(None, [source]))


def _text(inputs: Properties, path: str) -> str | None:
    value = get_value(inputs, path)
    return value if isinstance(value, str) else None
