"""
The endpoints of instances: their names and ports, and which of them are taken.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from rds_emulator.protocol.errors import ApiError
from rds_emulator.state.model import Instance

_PREFIX: Final = re.compile(r"[a-z][a-z0-9-]{4,39}", re.ASCII | re.IGNORECASE)
_LEAST_PORT: Final = 1000
_MOST_PORTS: Final[Mapping[str, int]] = {"MySQL": 65534}
_MOST_PORT: Final = 5999


def host_names(instance: Instance) -> tuple[str, ...]:
    """
    Return the hosts of an instance, the internal one first.
    """
    public = instance.public_endpoint
    return (
        instance.connection_string,
        *((public.connection_string,) if public else ()),
    )


def ports(engine: str) -> tuple[int, int]:
    """
    Return the least and the greatest port that an endpoint of *engine* may have.
    """
    return _LEAST_PORT, _MOST_PORTS.get(engine, _MOST_PORT)


def check_prefix(prefix: str, *, refusal: str) -> None:
    """
    Refuse an ill-formed first label of a host name with the code *refusal*.
    """
    if not _PREFIX.fullmatch(prefix):
        raise ApiError(code=refusal)


def check_free(prefix: str, instances: Iterable[Instance], *, but: str = "") -> None:
    """
    Refuse a prefix that a host name of any instance has, but for the host *but*.
    """
    used = (name for instance in instances for name in _names(instance) if name != but)
    if prefix.lower() in {_prefix_of(name) for name in used}:
        raise ApiError(code="InvalidConnectionString.Duplicate")


def _names(instance: Instance) -> Iterator[str]:
    """
    Yield the hosts of an instance, and those that a change under way will give it.
    """
    yield from host_names(instance)
    yield str(instance.coming.get("connection_string", ""))
    public = instance.coming.get("public_endpoint")
    if isinstance(public, Mapping):
        yield str(public["connection_string"])


def _prefix_of(name: str) -> str:
    return name.partition(".")[0].lower()
