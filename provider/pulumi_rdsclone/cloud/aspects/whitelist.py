"""
The IP whitelist: DescribeDBInstanceIPArrayList and ModifySecurityIps.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from pulumi_rdsclone.cloud.aspects.codec import (
    AspectCodec,
    Request,
)
from pulumi_rdsclone.cloud.reading import (
    Answer,
    read_listed,
    read_text,
)
from pulumi_rdsclone.domain.aspect_reading import AspectReading
from pulumi_rdsclone.domain.aspects import Aspect
from pulumi_rdsclone.domain.changes import AspectChange

_HIDDEN: Final = "hidden"
"""Groups that the cloud manages, such as those of its migration service."""


def read_whitelist(answer: Answer) -> AspectReading:
    """
    Read the answer of DescribeDBInstanceIPArrayList; hidden groups are left out.
    """
    groups = read_listed(answer, "Items", name="DBInstanceIPArray")
    shown = {
        _name_of(read_text(group, "DBInstanceIPArrayName")): _addresses(group)
        for group in groups
        if read_text(group, "DBInstanceIPArrayAttribute") != _HIDDEN
    }
    return AspectReading(fields={"security_ips": shown})


def _name_of(name: str) -> str:
    """
    Return the name of a group as declared: pages of the reference write Default, too.
    """
    return name.casefold() if name.casefold() == "default" else name


def _addresses(group: Answer) -> list[str]:
    addresses = read_text(group, "SecurityIPList").split(",")
    return sorted(filter(None, map(str.strip, addresses)))


def _change_whitelist(change: AspectChange) -> Iterator[Request]:
    """
    Change the groups that differ, those first that lose the most addresses.

    So the limits of groups and addresses hold at each step, and addresses are removed
    before others are added.
    """
    new = change.new["security_ips"]
    old = change.old.at("security_ips") or {}
    growth = {
        name: len(new.get(name, [])) - len(old.get(name, []))
        for name in (*new, *old)
        if new.get(name) != old.get(name)
    }
    for name in sorted(growth, key=lambda name: (growth[name], name)):
        if name in new:
            yield _whitelist(name, new[name], mode="Cover")
        else:
            yield _whitelist(name, old[name], mode="Delete")


def _whitelist(name: str, addresses: list[str], *, mode: str) -> Request:
    return "ModifySecurityIps", {
        "DBInstanceIPArrayName": name,
        "SecurityIps": ",".join(addresses),
        "ModifyMode": mode,
    }


WHITELIST: Final[Mapping[Aspect, AspectCodec]] = {
    Aspect.WHITELIST: AspectCodec(
        change=_change_whitelist,
        parameters={"security_ips": "ModifySecurityIps.SecurityIps"},
        read_action="DescribeDBInstanceIPArrayList",
        read=read_whitelist,
    ),
}
