"""
The addresses of a vSwitch: which are reserved, taken and free.
"""

from collections.abc import Iterable
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network
from itertools import chain

from rds_emulator.model import Instance, VSwitch

_RESERVED_AT_END = 3
_RESERVED = 1 + _RESERVED_AT_END
_LEFT_TO_CALLERS = 10

_network = lru_cache(maxsize=256)(IPv4Network)


def free(vswitch: VSwitch, neighbours: Iterable[Instance]) -> str:
    """
    Find a free address; empty when there is none.

    The first ones stay free for callers who ask for a certain address, unless
    there are no others.
    """
    taken = {one.private_ip for one in neighbours}
    network = _network(vswitch.cidr)
    end = network.num_addresses - _RESERVED_AT_END
    first = min(1 + _LEFT_TO_CALLERS, end)
    for position in chain(range(first, end), range(1, first)):
        if str(network[position]) not in taken:
            return str(network[position])
    return ""


def count_free(vswitch: VSwitch, neighbours: Iterable[Instance]) -> int:
    """
    Count the free addresses; an exhausted vSwitch has none.
    """
    if vswitch.exhausted:
        return 0
    inside = sum(one.vswitch_ids[:1] == (vswitch.id,) for one in neighbours)
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
