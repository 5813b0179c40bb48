"""
Instances: one in detail, or the list of a region.
"""

from rds_emulator import instant, paging
from rds_emulator.actions import filters, rendering
from rds_emulator.model import Instance
from rds_emulator.parameters import Parameters
from rds_emulator.registry import Answer, Invocation, action

_PAGE_SIZE = 30
_MAX_PAGE_SIZE = 100


@action(
    "DescribeDBInstanceAttribute",
    models=(
        "Identity, status, lock, edition, class, storage, zones, network, payment,"
        " serverless range, maintenance window and minor upgrades. CPU, memory, kernel"
        " versions, nodes and limits are left out. A clone shows its connection string"
        " from the beginning."
        "Identity, status, lock, edition, class, storage, zones, network, default"
        " whitelist group, resource group, payment and serverless range. CPU, memory,"
        " kernel versions, nodes and limits are left out. A clone shows its connection"
        " string from the beginning."
    ),
    evidence=(
        "Response tree of SDK 16.0.2. An unknown instance is"
        " InvalidDBInstanceId.NotFound with 404, as Terraform's provider expects; the"
        " page of 2025 has 400."
    ),
)
def describe_attribute(invocation: Invocation) -> Answer:
    """
    Describe one instance.
    """
    instance = invocation.instance()
    replicas = [
        {"DBInstanceId": other.id} for other in invocation.world.replicas(instance.id)
    ]
    described = rendering.attribute(instance)
    described["ReadOnlyDBInstanceIds"] = {"ReadOnlyDBInstanceId": replicas}
    return {"Items": {"DBInstanceAttribute": [described]}}


@action(
    "DescribeDBInstances",
    models=(
        f"Filters {', '.join(sorted(filters.QUESTIONS))}, Expired and Tags (up to"
        " five). Pages by number and by token, oldest instance first."
        f" {', '.join(filters.NOT_MODELLED)} are answered with 501."
    ),
    evidence=(
        "Parameters and response tree of SDK 16.0.2, error table of the official page."
        " That an unknown DBInstanceId gives an empty list, the order of the list and"
        " that an empty tag value matches any value are inferred."
    ),
)
def describe_instances(invocation: Invocation) -> Answer:
    """
    List the instances of a region.
    """
    region = invocation.required_region()
    world, parameters = invocation.world, invocation.parameters
    now = world.clock.now()
    found = filters.select(world.listed(region), parameters, now=now)
    number = parameters.integer("PageNumber", default=1)
    page = _page(found, parameters, number)
    return {
        "Items": {"DBInstance": [rendering.summary(one) for one in page.entries]},
        "PageNumber": number,
        "PageRecordCount": len(page.entries),
        "TotalRecordCount": len(found),
        **({"NextToken": page.next_token} if page.next_token else {}),
    }


def _page(
    found: list[Instance], parameters: Parameters, number: int
) -> paging.Page[Instance]:
    token = parameters.text("NextToken")
    if token or "MaxResults" in parameters:
        size = parameters.integer("MaxResults", default=_PAGE_SIZE, most=_MAX_PAGE_SIZE)
        return paging.following(found, token=token, size=size, key=_age)
    size = parameters.integer("PageSize", default=_PAGE_SIZE, most=_MAX_PAGE_SIZE)
    return paging.numbered(found, number=number, size=size)


def _age(instance: Instance) -> str:
    return f"{instant.to_exact(instance.created)} {instance.id}"
