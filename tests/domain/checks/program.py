from typing import Any, Final

from pulumi_rdsclone.domain.demand import Demand
from pulumi_rdsclone.domain.facts import Facts
from tests.domain.checks.rows import Row, fails, knowing, passes, placed, rule

MEANS: Final = {"vswitch_id": "vsw-1", "free": 2}
FEWER: Final = (
    "release instances, declare fewer clones, or increase the quota and rdsclone:instanceQuota"
)


def crowd(*names: str, **fields: Any) -> Facts:
    """
    Return the healthy facts, with these clones in the clone's vSwitch.
    """
    return knowing(demand=Demand(**{**MEANS, "placed": names, **fields}))


def ordering(*names: str, instances: int | None, quota: int | None) -> Facts:
    """
    Return the healthy facts, where these clones would be ordered.
    """
    return knowing(demand=Demand(ordered=names, instances=instances, quota=quota))


ROWS: list[Row] = []

ROWS += rule(
    "vswitch-crowded",
    passes("as many as find room", facts=crowd("a", "b")),
    passes("a place that is not known", facts=crowd(vswitch_id="")),
    passes("one alone without room", facts=crowd("a", free=0)),
    fails("one more than find room", placed(vswitch_ids=["vsw-1"]), crowd("b", "a", "c")).says(
        "3 clones of this program need an IP address in the vSwitch vsw-1, where "
        "2 are free: 'a', 'b', 'c'",
        "set network.vswitch_ids to another vSwitch for 1 of them",
    ),
    fails(
        "many, in the source's vSwitch",
        facts=crowd(*(f"clone-{n}" for n in range(300)), "extra", free=216),
    ).says(
        "301 clones of this program need an IP address in the vSwitch vsw-1, "
        "where 216 are free: 'clone-0' to 'clone-299', 'extra'",
        "set network.vswitch_ids to another vSwitch for 85 of them",
    ),
    fails("one address", facts=crowd("a", "b", free=1)).says(
        "2 clones of this program need an IP address in the vSwitch vsw-1, where "
        "1 is free: 'a', 'b'",
        "set network.vswitch_ids to another vSwitch for 1 of them",
    ),
)

ROWS += rule(
    "instance-quota",
    passes("none", facts=ordering("a", instances=9, quota=None)),
    passes("not counted", facts=ordering("a", instances=None, quota=1)),
    passes("the last one", facts=ordering("a", instances=9, quota=10)),
    fails("one too many", facts=ordering("a", "b", instances=9, quota=10)).says(
        "2 clones would be ordered in a region with 9 instances, of which at most "
        "10 are allowed: 'a', 'b'",
        FEWER,
    ),
    fails("exceeded already", facts=ordering("a", instances=11, quota=10)).says(
        "1 clone would be ordered in a region with 11 instances, of which at most "
        "10 are allowed: 'a'",
        FEWER,
    ),
)
