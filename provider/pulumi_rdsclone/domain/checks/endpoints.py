"""
Endpoints.

RDS would refuse them only after the order.
"""

import re
from typing import Final

from pulumi_rdsclone.domain.checking import Finding, Rules
from pulumi_rdsclone.domain.instances import Instance
from pulumi_rdsclone.domain.model import value_at
from pulumi_rdsclone.domain.neighbours import PUBLIC_SUFFIX, Neighbour, prefixes_of
from pulumi_rdsclone.domain.problems import quoted
from pulumi_rdsclone.domain.spec import CloneSpec

RULES = Rules()

_PREFIX: Final = re.compile(r"[A-Za-z][A-Za-z0-9-]{4,39}")
_PREFIXES: Final = ("network.connection_prefix", "network.public_connection_prefix")
_PORTS: Final = ("network.port", "network.public_port")
_LEAST_PORT: Final = 1000
_MOST_PORT: Final = {"MySQL": 65534}


@RULES.check("endpoint-name", *_PREFIXES)
def endpoint_names_are_well_formed(spec: CloneSpec) -> Finding | None:
    """
    The prefix of an endpoint has 5 to 40 letters, digits and hyphens, a letter first.

    Source: AllocateInstancePublicConnection, ConnectionStringPrefix.
    """
    for path in _PREFIXES:
        prefix = value_at(spec, path)
        if prefix is not None and not _PREFIX.fullmatch(prefix):
            return Finding(
                f"{quoted(prefix)} is not a prefix of an endpoint",
                "use 5 to 40 letters, digits and hyphens; start with a letter",
                path,
            )
    return None


_LONGEST_PREFIX: Final = 40


@RULES.check("endpoint-names-differ", *_PREFIXES, "network.public_endpoint")
def endpoints_have_two_names(spec: CloneSpec) -> Finding | None:
    """
    The public endpoint has another name than the private one, and not too long a one.

    Where none is declared it is that of the private one with ``-public``.

    Source: AllocateInstancePublicConnection, ConnectionStringPrefix and the error
    InvalidConnectionString.Duplicate.
    """
    network = spec.network
    if network is None or not network.public_endpoint or not network.connection_prefix:
        return None
    private, public = network.connection_prefix, network.public_connection_prefix
    if public and public.casefold() == private.casefold():
        return Finding(
            f"the private endpoint has the same prefix {quoted(public)}",
            f"use another prefix, or remove {_PREFIXES[1]}",
            _PREFIXES[1],
        )
    if public is None and len(private + PUBLIC_SUFFIX) > _LONGEST_PREFIX:
        return Finding(
            f"{quoted(private)} with {PUBLIC_SUFFIX}, the default prefix of the public "
            f"endpoint, has more than {_LONGEST_PREFIX} characters",
            f"set {_PREFIXES[1]}, or use a shorter prefix",
        )
    return None


@RULES.check("endpoint-not-the-sources", *_PREFIXES)
def endpoints_are_not_the_sources(spec: CloneSpec, source: Instance) -> Finding | None:
    """
    No endpoint of the clone is called like that of its source.

    Source: the error InvalidConnectionString.Duplicate of
    ModifyDBInstanceConnectionString.
    """
    taken = (source.connection_string or "").partition(".")[0].casefold()
    for path in _PREFIXES:
        prefix = value_at(spec, path)
        if prefix and prefix.casefold() == taken:
            return Finding(
                f"the prefix {quoted(prefix)} is already used by the source",
                "use another prefix",
                path,
            )
    return None


@RULES.check("endpoint-twins", *_PREFIXES, "network.public_endpoint")
def endpoints_are_of_one_clone(
    spec: CloneSpec, others: tuple[Neighbour, ...] | None = None
) -> Finding | None:
    """
    No endpoint is called like that of another clone that the program declares.

    Source: the error InvalidConnectionString.Duplicate.
    """
    if spec.network is None:
        return None
    names = prefixes_of({"network": spec.network.given()})
    for path, prefix in names.items():
        for other in others or ():
            if other.region == spec.region and prefix.casefold() in other.prefixes:
                return Finding(
                    f"an endpoint of the clone {quoted(other.name)} has the same "
                    f"prefix {quoted(prefix)}",
                    "choose another prefix for one of them",
                    path,
                )
    return None


@RULES.check("endpoint-port", *_PORTS)
def endpoint_ports_are_in_range(spec: CloneSpec, source: Instance) -> Finding | None:
    """
    A port is between 1000 and 5999, for MySQL up to 65534.

    Source: AllocateInstancePublicConnection, Port.
    """
    most = _MOST_PORT.get(source.engine, 5999)
    for path in _PORTS:
        port = value_at(spec, path)
        if port is not None and not _LEAST_PORT <= port <= most:
            return Finding(
                f"{source.engine} does not accept port {port}",
                f"use {_LEAST_PORT} to {most}",
                path,
            )
    return None
