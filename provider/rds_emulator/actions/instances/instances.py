"""
Instances: one in detail, or the list of a region.
"""

from typing import Final

from rds_emulator.actions.instances import filters, rendering
from rds_emulator.actions.registry import Answer, Invocation, action
from rds_emulator.protocol import paging, timestamps
from rds_emulator.protocol.parameters import Parameters
from rds_emulator.state.model import Instance

_PAGE_SIZE: Final = 30
_MAX_PAGE_SIZE: Final = 100
_NOT_TOLD: Final = (
    "BurstingEnabled",
    "ConnectionString",
    "DeletionProtection",
    "IoAccelerationEnabled",
)
"""What DescribeDBInstancesForClone leaves out of an entry of DescribeDBInstances."""


@action(
    "DescribeDBInstanceAttribute",
    models=(
        "Identity, status, lock, edition, class, storage, zones, network, default"
        " whitelist group, resource group, payment, serverless range, maintenance"
        " window, minor upgrades, and what the instance runs on. ServerlessConfig and"
        " Extra are always there, if need be empty. Cores, memory and connections are"
        " left out where the name of the class does not tell them, and so are nodes and"
        " disk usage. A clone shows its connection string from the beginning."
    ),
    evidence=(
        "Response tree of SDK 16.0.2 and the sample of the official page, which has"
        " Extra.DBInstanceIds. Terraform's provider takes ServerlessConfig and Extra"
        " for objects of every engine and reads CurrentKernelVersion,"
        " PGBouncerEnabled, OptimizedWritesInfo, ColdDataEnabled, TimeZone, Collation"
        " and DedicatedHostGroupId; its pull request 9724 has the logs of passed"
        " acceptance tests for MySQL, SQL Server, PostgreSQL and MariaDB. It asks for"
        " TDE unless kindCode is 3; its documentation has the spellings of kernel"
        " versions. Cores and memory of old classes are those of the page Primary"
        " instance types. Ours: 0 as kindCode, the dates of kernels, 300 connections a"
        " GB, MaxIOPS, which follows the pages of ECS disks, and SQL Server's time zone"
        " and collation. An unknown instance is InvalidDBInstanceId.NotFound with 404,"
        " as Terraform's provider expects; the page of 2025 has 400."
    ),
)
def describe_attribute(invocation: Invocation) -> Answer:
    """
    Describe one instance.
    """
    instance = invocation.instance()
    replicas = [
        {"DBInstanceId": other.id} for other in invocation.cloud.replicas(instance.id)
    ]
    temper = invocation.cloud.account.temper
    described = rendering.attribute(instance, temper)
    described["ReadOnlyDBInstanceIds"] = {"ReadOnlyDBInstanceId": replicas}
    return {"Items": {"DBInstanceAttribute": [described]}}


@action(
    "DescribeDBInstances",
    models=(
        f"Filters {', '.join(sorted(filters.QUESTIONS))}, Expired and Tags (up to"
        " five, all of which an instance needs). Pages by number and by token, oldest"
        " instance first."
        f" {', '.join(filters.NOT_MODELLED)} are answered with 501."
    ),
    evidence=(
        "Parameters, their texts and response tree of SDK 16.0.2, error table of the"
        " official page. That an unknown DBInstanceId gives an empty list, the order of"
        " the list and that an empty tag value matches any value are inferred."
    ),
)
def describe_instances(invocation: Invocation) -> Answer:
    """
    List the instances of a region.
    """
    region = invocation.required_region()
    cloud, parameters = invocation.cloud, invocation.parameters
    now = cloud.clock.now()
    temper = cloud.account.temper
    found = filters.select(cloud.listed(region), parameters, now=now, temper=temper)
    number = parameters.integer("PageNumber", default=1)
    page = _page(found, parameters, number=number)
    return {
        "Items": {
            "DBInstance": [
                rendering.summary(instance, temper) for instance in page.entries
            ]
        },
        "PageNumber": number,
        "PageRecordCount": len(page.entries),
        "TotalRecordCount": len(found),
        **({"NextToken": page.next_token} if page.next_token else {}),
    }


@action(
    "DescribeDBInstancesForClone",
    models=(
        "The instances that DescribeDBInstances lists for the same filters, by pages"
        " alone; CurrentInstanceId must be known, and NodeType is checked. Neither"
        " leaves an instance out: which ones the real action takes for sources is not"
        " documented."
    ),
    evidence="Parameters, their texts and response tree of SDK 16.0.2.",
    not_found="InvalidDBInstanceName.NotFound",
)
def describe_instances_for_clone(invocation: Invocation) -> Answer:
    """
    List the instances of a region that may be cloned.
    """
    region = invocation.required_region()
    cloud, parameters = invocation.cloud, invocation.parameters
    if "CurrentInstanceId" in parameters:
        invocation.instance("CurrentInstanceId")
    parameters.choice("NodeType", ("Master", "Slave"))
    temper = cloud.account.temper
    found = filters.select(
        cloud.listed(region), parameters, now=cloud.clock.now(), temper=temper
    )
    number = parameters.integer("PageNumber", default=1)
    size = parameters.integer("PageSize", default=_PAGE_SIZE, most=_MAX_PAGE_SIZE)
    page = paging.numbered(found, number=number, size=size)
    entries = [_for_clone(rendering.summary(item, temper)) for item in page.entries]
    return {
        "Items": {"DBInstance": entries},
        "PageNumber": number,
        "PageRecordCount": len(entries),
        "TotalRecordCount": len(found),
    }


def _for_clone(summary: Answer) -> Answer:
    return {name: value for name, value in summary.items() if name not in _NOT_TOLD}


def _page(
    found: list[Instance], parameters: Parameters, *, number: int
) -> paging.Page[Instance]:
    token = parameters.text("NextToken")
    if token or "MaxResults" in parameters:
        size = parameters.integer("MaxResults", default=_PAGE_SIZE, most=_MAX_PAGE_SIZE)
        return paging.following(found, token=token, size=size, key=_age)
    size = parameters.integer("PageSize", default=_PAGE_SIZE, most=_MAX_PAGE_SIZE)
    return paging.numbered(found, number=number, size=size)


def _age(instance: Instance) -> str:
    return f"{timestamps.to_exact(instance.created)} {instance.id}"
