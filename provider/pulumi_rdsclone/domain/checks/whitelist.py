"""
Whitelist.

RDS would refuse it only after the order.
"""

import re
from ipaddress import IPv4Network
from typing import Final

from pulumi_rdsclone.domain.checking import Finding, Rules
from pulumi_rdsclone.domain.problems import quoted
from pulumi_rdsclone.domain.spec import DEFAULT_GROUP, CloneSpec

RULES = Rules()

_GROUP: Final = re.compile(r"[a-z][a-z0-9_]{0,30}[a-z0-9]")
_MOST_GROUPS: Final = 200
_MOST_ADDRESSES: Final = 1000
_ADDRESS: Final = re.compile(r"[0-9.]+(/[0-9]{1,2})?")


@RULES.check("whitelist-groups", "security_ips{}")
def whitelist_groups_are_well_formed(spec: CloneSpec) -> Finding | None:
    """
    A group's name has 2 to 32 lowercase letters, digits, _; a letter first, no _ last.

    Inferred: ModifySecurityIps tells no form. Resource Orchestration's page of it takes
    lowercase letters and _; the rest is the form that PolarDB's whitelists have.
    """
    for name in spec.security_ips or {}:
        if name != DEFAULT_GROUP and not _GROUP.fullmatch(name):
            return Finding(
                f"{quoted(name)} is not a name of a whitelist group",
                "use 2 to 32 lowercase letters, digits and _; start with a letter, and "
                "end with a letter or digit",
            )
    return None


@RULES.check("whitelist-size", "security_ips[]")
def whitelist_has_room(spec: CloneSpec) -> Finding | None:
    """
    A whitelist has at most 200 groups and 1000 addresses.

    Source: ModifySecurityIps, DBInstanceIPArrayName and SecurityIps.
    """
    groups = spec.security_ips or {}
    addresses = sum(map(len, groups.values()))
    if len(groups) > _MOST_GROUPS:
        what = f"{len(groups)} whitelist groups are declared"
        return Finding(what, f"use at most {_MOST_GROUPS}")
    if addresses > _MOST_ADDRESSES:
        return Finding(
            f"{addresses} addresses are declared",
            f"use at most {_MOST_ADDRESSES}, some of them as blocks such as 10.0.0.0/8",
        )
    return None


@RULES.check("whitelist-addresses", "security_ips[]")
def whitelist_holds_addresses(spec: CloneSpec) -> Finding | None:
    """
    A whitelist holds IPv4 addresses and CIDR blocks.

    Source: ModifySecurityIps, SecurityIps and SecurityIPType.
    """
    for name, addresses in (spec.security_ips or {}).items():
        for address in addresses:
            if not _is_address(address):
                return Finding(
                    f"{quoted(address)} in the whitelist group {quoted(name)} is not "
                    "an IPv4 address or CIDR block",
                    "write addresses like 10.1.2.3 and blocks like 10.0.0.0/8",
                )
    return None


def _is_address(text: str) -> bool:
    """
    Return whether *text* is an address or block; a mask in full is none.
    """
    try:
        IPv4Network(text)
    except ValueError:
        return False
    return _ADDRESS.fullmatch(text) is not None
