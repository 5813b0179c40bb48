"""
Where a clone is reached.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from pulumi_rdsclone.cloud.aspects.codec import (
    Answer,
    AspectCodec,
    Request,
    to_parameters,
)
from pulumi_rdsclone.cloud.reading import (
    read_int,
    read_records,
    read_text,
)
from pulumi_rdsclone.domain.aspects import Aspect
from pulumi_rdsclone.domain.changes import AspectChange


def _change_endpoint(alteration: AspectChange) -> Iterator[Request]:
    yield _endpoint(
        alteration.instance.connection_string,
        alteration.desired("network.connection_prefix"),
        alteration.desired("network.port"),
    )


def _endpoint(current: Any, prefix: Any, port: Any) -> Request:
    """
    Rename an endpoint: the API wants prefix and port, whichever is changed.
    """
    return "ModifyDBInstanceConnectionString", {
        "CurrentConnectionString": current,
        "ConnectionStringPrefix": prefix,
        "Port": str(port),
    }


_PUBLIC: Final = "public_connection_string"


def read_endpoints(answer: Answer) -> dict[str, Any]:
    """
    Read the answer of DescribeDBInstanceNetInfo: the public endpoint, if there is one.
    """
    infos = read_records(answer["DBInstanceNetInfos"], "DBInstanceNetInfo")
    public = (one for one in infos if read_text(one, "IPType") == "Public")
    for one in public:
        host = read_text(one, "ConnectionString")
        return {
            "network.public_endpoint": True,
            "network.public_connection_prefix": host.partition(".")[0],
            "network.public_port": read_int(one, "Port"),
            _PUBLIC: host,
        }
    return {"network.public_endpoint": False}


def read_private_address(answer: Answer) -> dict[str, Any]:
    """
    Read the answer of DescribeDBInstanceNetInfo: the address in the vSwitch.
    """
    infos = read_records(answer["DBInstanceNetInfos"], "DBInstanceNetInfo")
    addresses = (
        read_text(one, "IPAddress")
        for one in infos
        if read_text(one, "IPType") == "Private"
    )
    address = next(filter(None, addresses), None)
    return {"network.private_ip_address": address} if address else {}


def _change_public_endpoint(alteration: AspectChange) -> Iterator[Request]:
    old, instance = alteration.old, alteration.instance
    prefix = alteration.desired("network.public_connection_prefix")
    port = alteration.desired("network.public_port")
    is_there = old.get("network.public_endpoint")
    if not alteration.new["network.public_endpoint"]:
        if is_there:
            current = {"CurrentConnectionString": old[_PUBLIC]}
            yield "ReleaseInstancePublicConnection", current
    elif is_there:
        yield _endpoint(old[_PUBLIC], prefix, port)
    else:
        private = (instance.connection_string or "").partition(".")[0]
        yield (
            "AllocateInstancePublicConnection",
            {
                "ConnectionStringPrefix": prefix or f"{private}-public",
                "Port": str(port or instance.port),
            },
        )


def _change_network(alteration: AspectChange) -> Iterator[Request]:
    """
    Move to another network: VPC and vSwitch are wanted even for another address.
    """
    vswitches = alteration.desired("network.vswitch_ids") or [""]
    yield (
        "SwitchDBInstanceVpc",
        to_parameters(
            VPCId=alteration.desired("network.vpc_id"),
            VSwitchId=vswitches[0],
            PrivateIpAddress=alteration.new["network.private_ip_address"],
        ),
    )


ENDPOINTS: Final[Mapping[Aspect, AspectCodec]] = {
    Aspect.NETWORK: AspectCodec(
        change=_change_network,
        parameters={
            "network.vpc_id": "SwitchDBInstanceVpc.VPCId",
            "network.vswitch_ids": "SwitchDBInstanceVpc.VSwitchId",
            "network.private_ip_address": "SwitchDBInstanceVpc.PrivateIpAddress",
        },
        read_action="DescribeDBInstanceNetInfo",
        read=read_private_address,
    ),
    Aspect.ENDPOINT: AspectCodec(
        change=_change_endpoint,
        parameters={
            "network.connection_prefix": (
                "ModifyDBInstanceConnectionString.ConnectionStringPrefix"
            ),
            "network.port": "ModifyDBInstanceConnectionString.Port",
        },
    ),
    Aspect.PUBLIC_ENDPOINT: AspectCodec(
        change=_change_public_endpoint,
        parameters={
            "network.public_endpoint": "AllocateInstancePublicConnection",
            "network.public_connection_prefix": (
                "AllocateInstancePublicConnection.ConnectionStringPrefix"
            ),
            "network.public_port": "AllocateInstancePublicConnection.Port",
        },
        more_actions=(
            "ModifyDBInstanceConnectionString",
            "ReleaseInstancePublicConnection",
        ),
        read_action="DescribeDBInstanceNetInfo",
        read=read_endpoints,
    ),
}
