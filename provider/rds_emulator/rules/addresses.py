"""
The addresses of a vSwitch: which are reserved, taken and free.
"""

from collections.abc import Iterable
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network
from itertools import chain
from typing import Final

from rds_emulator.protocol.errors import ApiError
from rds_emulator.state.model import Instance, VSwitch

_RESERVED_AT_END: Final = 3
_RESERVED: Final = 1 + _RESERVED_AT_END
_LEFT_TO_CALLERS: Final = 10

_network = lru_cache(maxsize=256)(IPv4Network)


def free(vswitch: VSwitch, neighbours: Iterable[Instance]) -> str:
    """
    Return a free address; empty when there is none.

    The first ones stay free for callers who ask for a certain address, unless
    there are no others.
    """
    taken = _taken(neighbours)
    network = _network(vswitch.cidr)
    end = network.num_addresses - _RESERVED_AT_END
    first = min(1 + _LEFT_TO_CALLERS, end)
    for position in chain(range(first, end), range(1, first)):
        if str(network[position]) not in taken:
            return str(network[position])
    return ""


def check_choice(
    vswitch: VSwitch | None, text: str, *, neighbours: Iterable[Instance]
) -> None:
    """
    Refuse *text* as an address unless it is in *vswitch* and nobody else's.
    """
    try:
        address = IPv4Address(text)
    except ValueError:
        raise ApiError(code="InvalidPrivateIpAddress.Format") from None
    if vswitch is None or not is_inside(vswitch, address):
        raise ApiError(code="InvalidPrivateIpAddress.Mismatch")
    if is_reserved(vswitch, address):
        raise ApiError(code="InvalidPrivateIpAddress.AlreadyUsed")
    if str(address) in _taken(neighbours):
        raise ApiError(code="InvalidIPAddress.Conflict")


def count_free(vswitch: VSwitch, neighbours: Iterable[Instance]) -> int:
    """
    Count the free addresses; an exhausted vSwitch has none.
    """
    if vswitch.exhausted:
        return 0
    inside = sum(neighbour.vswitch_ids[:1] == (vswitch.id,) for neighbour in neighbours)
    return max(_network(vswitch.cidr).num_addresses - _RESERVED - inside, 0)


def is_inside(vswitch: VSwitch, address: IPv4Address) -> bool:
    """
    Whether *address* is in the range of the vSwitch.
    """
    return address in _network(vswitch.cidr)


def is_reserved(vswitch: VSwitch, address: IPv4Address) -> bool:
    """
    Whether *address* is the first or one of the last three of the vSwitch.
    """
    network = _network(vswitch.cidr)
    position = int(address) - int(network.network_address)
    return position == 0 or position >= network.num_addresses - _RESERVED_AT_END


def _taken(neighbours: Iterable[Instance]) -> set[object]:
    """
    Collect the addresses that are in use, or are going to be.
    """
    pairs = (
        (neighbour.private_ip, neighbour.coming.get("private_ip"))
        for neighbour in neighbours
    )
    return set(chain.from_iterable(pairs))
