"""
Whitelists: how their groups change, and what may stand in them.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network
from typing import Final

from rds_emulator.protocol.errors import ApiError, invalid
from rds_emulator.state.model import DEFAULT_GROUP, LOOPBACK_ONLY, IpGroup

_MAX_GROUPS: Final = 200
_MAX_ADDRESSES: Final = 1000
_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,118}[a-z0-9]")
_ADDRESS: Final = re.compile(r"[0-9.]+(/[0-9]{1,2})?", re.ASCII)

Groups = tuple[IpGroup, ...]
Addresses = tuple[str, ...]

MODES: Final[Mapping[str, Callable[[Addresses, Addresses], Addresses]]] = {
    "Cover": lambda _, given: given,
    "Append": lambda old, given: (
        *old,
        *(address for address in given if address not in old),
    ),
    "Delete": lambda old, given: tuple(
        address for address in old if address not in given
    ),
}
"""What becomes of the addresses of a group, by ModifyMode."""


@dataclass(frozen=True, kw_only=True)
class Change:
    """
    What is to become of one group; without an *attribute* it keeps the one it has.
    """

    name: str
    mode: str
    ips: Addresses
    attribute: str | None = None


def group_name(text: str | None) -> str:
    """
    Return the name of a group, or refuse it; the default one is spelled in any case.
    """
    if text is None or text.lower() == DEFAULT_GROUP:
        return DEFAULT_GROUP
    if not _NAME.fullmatch(text):
        raise invalid(name="DBInstanceIPArrayName")
    return text


def addresses_from(text: str) -> Addresses:
    """
    Return addresses and ranges, separated by commas alone, or refuse them.
    """
    found = tuple(text.split(","))
    if not all(map(_is_address, found)):
        raise ApiError(code="SecurityIPList.Format")
    if len(set(found)) < len(found):
        raise ApiError(code="InvalidSecurityIPList.Duplicate")
    return found


def default_addresses(groups: Groups) -> Addresses:
    """
    Return the addresses of the default group.
    """
    default = _find(groups, DEFAULT_GROUP)
    return default.ips if default else ()


def changed(groups: Groups, change: Change) -> Groups:
    """
    Return the groups after *change*, or refuse it.

    A group that loses its last address is gone; the default one must keep one.
    """
    old = _find(groups, change.name)
    ips = MODES[change.mode](old.ips if old else (), change.ips)
    if not ips and change.name == DEFAULT_GROUP:
        raise ApiError(code="SecurityIPList.Format")
    attribute = change.attribute
    if attribute is None:
        attribute = old.attribute if old else ""
    new = IpGroup(name=change.name, ips=ips, attribute=attribute)
    after = _with_group(groups, old, new=new)
    return _checked(tuple(group for group in after if group.ips))


def _with_group(groups: Groups, old: IpGroup | None, *, new: IpGroup) -> Groups:
    """
    Return *groups* with *new* in the place of *old*, or at their end.
    """
    if old is None:
        return (*groups, new)
    return tuple(new if group == old else group for group in groups)


def seeded(default: Addresses | None, groups: Groups) -> Groups:
    """
    Return the groups of a seed, with the default one if they lack it.
    """
    if _find(groups, DEFAULT_GROUP):
        return groups
    first = LOOPBACK_ONLY if default is None else _default_group(default)
    return (*first, *groups)


def _default_group(ips: Addresses) -> Groups:
    return (IpGroup(name=DEFAULT_GROUP, ips=ips),)


def _find(groups: Groups, name: str) -> IpGroup | None:
    return next((group for group in groups if group.name == name), None)


def _is_address(text: str) -> bool:
    if not _ADDRESS.fullmatch(text):
        return False
    try:
        IPv4Network(text, strict=False)
    except ValueError:
        return False
    return True


def _checked(groups: Groups) -> Groups:
    if len(groups) > _MAX_GROUPS:
        raise ApiError(code="InvalidSecurityIPListGroup.QuotaExceeded")
    if sum(len(group.ips) for group in groups) > _MAX_ADDRESSES:
        raise ApiError(code="InvalidSecurityIPListLength.Malformed")
    return groups
