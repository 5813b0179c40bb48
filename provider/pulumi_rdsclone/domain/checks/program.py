"""
All clones of the program.
"""

from collections.abc import Iterable
from typing import Final

from pulumi_rdsclone.domain.checking import Finding, Rules
from pulumi_rdsclone.domain.demand import Demand, ranges_of
from pulumi_rdsclone.domain.problems import named, quoted

RULES = Rules()

_MOST_NAMED: Final = 1500
"""Characters of a message that are taken by the names of clones."""


@RULES.check("vswitch-crowded", "network.vswitch_ids", "network.vpc_id")
def vswitch_has_room_for_all(demand: Demand) -> Finding | None:
    """
    The vSwitch has an address for each clone of the program that would be ordered.

    A clone that exists has its address; one that is replaced needs another, because
    its own is free only after the new clone has been created. So it is with clones
    that the program does not declare any more. The address of a clone with standby
    zones is in the first vSwitch. Source: vpc DescribeVSwitches,
    AvailableIpAddressCount; the error VswitchIpExhausted.
    """
    count = len(demand.placed)
    if count <= max(demand.free, 1):
        return None
    return Finding(
        f"{count} clones of this program need an IP address in the vSwitch "
        f"{named(demand.vswitch_id)}, where {_are(demand.free)} free: "
        f"{names_of(demand.placed)}",
        f"set network.vswitch_ids to another vSwitch for {count - demand.free} of them",
    )


@RULES.check("instance-quota", "source_instance_id")
def quota_has_room_for_all(demand: Demand) -> Finding | None:
    """
    The region may have all instances that the program would order.

    Judged where rdsclone:instanceQuota is set: no call of this API tells the quota. A
    clone that is replaced counts twice until the old one is released. Source:
    DescribeDBInstances, TotalRecordCount; the error QuotaExceeded.CreateInstance.
    """
    if demand.quota is None or demand.instances is None:
        return None
    count = len(demand.ordered)
    left = max(demand.quota - demand.instances, 0)
    if count <= left:
        return None
    clones = "1 clone" if count == 1 else f"{count} clones"
    return Finding(
        f"{clones} would be ordered in a region with {demand.instances} instances, of "
        f"which at most {demand.quota} are allowed: {names_of(demand.ordered)}",
        "release instances, declare fewer clones, or increase the quota and "
        "rdsclone:instanceQuota",
    )


TOGETHER: Final = frozenset(entry.id for entry in RULES)
"""The ids of the checks whose findings are about all clones that they name."""


def names_of(clones: Iterable[str]) -> str:
    """
    Return the names of *clones* in quotes, of a numbered range the first and last.

    Names beyond 1500 characters are counted.
    """
    texts = [
        quoted(first) if first == last else f"{quoted(first)} to {quoted(last)}"
        for first, last in ranges_of(clones)
    ]
    named: list[str] = []
    for text in texts:
        if len(", ".join([*named, text])) > _MOST_NAMED:
            break
        named.append(text)
    left = len(texts) - len(named)
    return ", ".join([*named, *([f"and {left} more"] if left else [])])


def _are(count: int) -> str:
    return "1 is" if count == 1 else f"{count} are"
