"""
Network and endpoints: VPC, address, connection strings and ports.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from pulumi_rdsclone.cloud.aspects.codec import (
    AspectCodec,
    Request,
    to_parameters,
)
from pulumi_rdsclone.cloud.reading import (
    Answer,
    read_int,
    read_records,
    read_required_object,
    read_text,
)
from pulumi_rdsclone.domain.aspect_reading import AspectReading
from pulumi_rdsclone.domain.aspects import Aspect
from pulumi_rdsclone.domain.changes import AspectChange


def _change_endpoint(change: AspectChange) -> Iterator[Request]:
    yield _endpoint(
        change.instance.connection_string or "",
        change.desired("network.connection_prefix"),
        port=change.desired("network.port"),
    )


def _endpoint(current: str, prefix: str, *, port: int) -> Request:
    """
    Return the call that renames an endpoint: it needs both prefix and port.
    """
    return "ModifyDBInstanceConnectionString", {
        "CurrentConnectionString": current,
        "ConnectionStringPrefix": prefix,
        "Port": str(port),
    }


def read_endpoints(answer: Answer) -> AspectReading:
    """
    Read the answer of DescribeDBInstanceNetInfo: the public endpoint, if there is one.
    """
    infos = read_records(
        read_required_object(answer, "DBInstanceNetInfos"), "DBInstanceNetInfo"
    )
    public = (info for info in infos if read_text(info, "IPType") == "Public")
    for info in public:
        host = read_text(info, "ConnectionString")
        return AspectReading(
            fields={
                "network.public_endpoint": True,
                "network.public_connection_prefix": host.partition(".")[0],
                "network.public_port": read_int(info, "Port"),
            },
            public_host=host,
        )
    return AspectReading(fields={"network.public_endpoint": False})


def read_private_address(answer: Answer) -> AspectReading:
    """
    Read the answer of DescribeDBInstanceNetInfo: the address in the vSwitch.
    """
    infos = read_records(
        read_required_object(answer, "DBInstanceNetInfos"), "DBInstanceNetInfo"
    )
    addresses = (
        read_text(info, "IPAddress")
        for info in infos
        if read_text(info, "IPType") == "Private"
    )
    address = next(filter(None, addresses), None)
    known = {"network.private_ip_address": address} if address else {}
    return AspectReading(fields=known)


def _change_public_endpoint(change: AspectChange) -> Iterator[Request]:
    old, instance = change.old, change.instance
    prefix = change.desired("network.public_connection_prefix")
    port = change.desired("network.public_port")
    is_there, host = old.at("network.public_endpoint"), old.public_host or ""
    if not change.new["network.public_endpoint"]:
        if is_there:
            current = {"CurrentConnectionString": host}
            yield "ReleaseInstancePublicConnection", current
    elif is_there:
        yield _endpoint(host, prefix, port=port)
    else:
        private = (instance.connection_string or "").partition(".")[0]
        yield (
            "AllocateInstancePublicConnection",
            {
                "ConnectionStringPrefix": prefix or f"{private}-public",
                "Port": str(port or instance.port),
            },
        )


def _change_network(change: AspectChange) -> Iterator[Request]:
    """
    Move to another network: even a change of the address needs VPC and vSwitch.
    """
    vswitches = change.desired("network.vswitch_ids") or [""]
    yield (
        "SwitchDBInstanceVpc",
        to_parameters(
            VPCId=change.desired("network.vpc_id"),
            VSwitchId=vswitches[0],
            PrivateIpAddress=change.new["network.private_ip_address"],
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
