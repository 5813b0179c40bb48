"""
The location service: at which host a product is reached.
"""

from typing import Final

from rds_emulator.actions.registry import (
    LOCATION,
    PRODUCTS,
    Answer,
    Invocation,
    action,
)
from rds_emulator.protocol.errors import ApiError

_NAMES: Final = frozenset(product.name for product in PRODUCTS.values())
_TYPES: Final = ("openAPI", "innerAPI")


@action(
    "DescribeEndpoints",
    product=LOCATION,
    models=(
        "Version 2015-06-12, on the same endpoint, which it returns, as the client has"
        " called it, for rds, vpc, sts and location in every region of the seed. Other"
        " products are Illegal Parameter. There are no inner endpoints: the list of"
        " innerAPI is empty. No policy is asked."
    ),
    evidence=(
        "Parameters, response tree (SerivceCode, sic) and the texts of both refusals as"
        " the old Python SDK's core reads them (location_service_endpoint_resolver.py),"
        " the type openAPI as Terraform's provider does (connectivity/endpoint.go)."
        " Statuses of the refusals are ours."
    ),
)
def describe_endpoints(invocation: Invocation) -> Answer:
    """
    Return where a product is reached in a region.
    """
    parameters = invocation.parameters
    region_id = parameters.required("Id")
    code = parameters.required("ServiceCode")
    kind = parameters.choice("Type", _TYPES) or _TYPES[0]
    if code.lower() not in _NAMES:
        raise ApiError(code="Illegal Parameter")
    if invocation.cloud.account.region(region_id) is None:
        raise ApiError(code="InvalidRegionId")
    endpoint = {
        "Id": region_id,
        "Type": kind,
        "SerivceCode": code,
        "Namespace": "",
        "Endpoint": invocation.host,
        "Protocols": {"Protocols": ["HTTP"]},
    }
    found = [endpoint] if kind == _TYPES[0] else []
    return {"Success": True, "Endpoints": {"Endpoint": found}}
