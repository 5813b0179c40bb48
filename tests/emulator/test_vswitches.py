import json
from operator import itemgetter
from typing import Any

import pytest
from alibabacloud_tea_openapi.client import Client as NewClient  # type: ignore[import-untyped]
from alibabacloud_tea_openapi.models import (  # type: ignore[import-untyped]
    Config,
    OpenApiRequest,
    Params,
)
from aliyunsdkcore.client import AcsClient
from aliyunsdkcore.request import CommonRequest
from darabonba.runtime import RuntimeOptions  # type: ignore[import-untyped]

from rds_emulator import Emulator
from tests.emulator.wire import Answer, Client
from tests.support.rows import row

VERSION = "2016-04-28"


def call(client: Client, **parameters: str) -> Answer:
    return client.rpc({"Action": "DescribeVSwitches", "Version": VERSION, **parameters})


def found(client: Client, **parameters: str) -> list[str]:
    answer = call(client, RegionId="cn-hangzhou", **parameters)
    return [vswitch["VSwitchId"] for vswitch in answer.body["VSwitches"]["VSwitch"]]


def free(client: Client, vswitch_id: str) -> int:
    answer = call(client, RegionId="cn-hangzhou", VSwitchId=vswitch_id)
    (vswitch,) = answer.body["VSwitches"]["VSwitch"]
    return int(vswitch["AvailableIpAddressCount"])


def test_old_sdk_describes_vswitches(emulator: Emulator) -> None:
    host, port = emulator.endpoint.split(":")
    client = AcsClient(emulator.access_key_id, emulator.access_key_secret, "cn-hangzhou", port=port)
    request = CommonRequest(version=VERSION, action_name="DescribeVSwitches")
    request.set_domain(host)
    request.set_method("POST")
    request.add_query_param("VpcId", "vpc-demo-other")
    answer = json.loads(client.do_action_with_exception(request))

    assert ["vsw-demo-other-h"] == [
        vswitch["VSwitchId"] for vswitch in answer["VSwitches"]["VSwitch"]
    ]


@pytest.mark.parametrize("algorithm", ["ACS3-HMAC-SHA256", "v2"])
def test_new_sdk_describes_vswitches_by_each_signature(emulator: Emulator, algorithm: str) -> None:
    client = NewClient(
        Config(
            access_key_id=emulator.access_key_id,
            access_key_secret=emulator.access_key_secret,
            endpoint=emulator.endpoint,
            protocol="http",
            signature_algorithm=algorithm,
        )
    )
    parameters = Params(
        action="DescribeVSwitches",
        version=VERSION,
        protocol="HTTP",
        method="POST",
        auth_type="AK",
        style="RPC",
        pathname="/",
        req_body_type="formData",
        body_type="json",
    )
    query = {"RegionId": "cn-hangzhou", "VSwitchId": "vsw-demo-full"}
    answer: dict[str, Any] = client.call_api(
        parameters, OpenApiRequest(query=query), RuntimeOptions()
    )

    assert [0] == [
        vswitch["AvailableIpAddressCount"] for vswitch in answer["body"]["VSwitches"]["VSwitch"]
    ]


def test_vswitch_is_spelt_as_in_its_own_product(client: Client) -> None:
    answer = call(client, RegionId="cn-hangzhou", VSwitchId="vsw-demo-j")

    assert [
        {
            "VSwitchId": "vsw-demo-j",
            "VSwitchName": "vsw-demo-j",
            "VpcId": "vpc-demo",
            "ZoneId": "cn-hangzhou-j",
            "CidrBlock": "10.0.2.0/24",
            "AvailableIpAddressCount": 252,
            "Status": "Available",
            "Description": "",
            "IsDefault": False,
            "CreationTime": "2025-01-01T00:00:00Z",
            "ResourceGroupId": "rg-default",
            "EnabledIpv6": False,
            "Ipv6CidrBlock": "",
            "NetworkAclId": "",
            "OwnerId": 1234567890123456,
            "ShareType": "",
            "RouteTable": {"RouteTableId": "vtb-demo", "RouteTableType": "System"},
            "Tags": {"Tag": []},
        }
    ] == answer.body["VSwitches"]["VSwitch"]
    assert (1, 1, 10) == itemgetter("TotalCount", "PageNumber", "PageSize")(answer.body)


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        row("zone", {"ZoneId": "cn-hangzhou-h"},
            ["vsw-demo-h", "vsw-demo-full", "vsw-demo-other-h"]),
        row("zone and VPC", {"ZoneId": "cn-hangzhou-h", "VpcId": "vpc-demo"},
            ["vsw-demo-h", "vsw-demo-full"]),
        row("unknown VPC", {"VpcId": "vpc-none"}, []),
        row("another region", {"VSwitchId": "vsw-demo-shanghai-f"}, []),
        row("second page", {"PageSize": "4", "PageNumber": "2"},
            ["vsw-demo-full", "vsw-demo-other-h"]),
    ],
)  # fmt: skip
def test_list_holds_what_every_filter_matches(
    client: Client, parameters: dict[str, str], expected: list[str]
) -> None:
    assert expected == found(client, **parameters)


def test_instance_occupies_one_address_until_it_is_gone(emulator: Emulator, client: Client) -> None:
    before = free(client, "vsw-demo-i")
    order = {
        "DBInstanceId": "rm-demo-mysql80",
        "PayType": "Postpaid",
        "BackupId": "1000000109",
        "ZoneId": "cn-hangzhou-i",
        "VSwitchId": "vsw-demo-i",
    }
    clone_id = client.call("CloneDBInstance", **order).body["DBInstanceId"]
    with_clone = free(client, "vsw-demo-i")
    emulator.remove(clone_id)

    assert [252, 251, 252] == [before, with_clone, free(client, "vsw-demo-i")]


def test_vswitch_is_used_up_to_its_last_address_that_is_not_reserved() -> None:
    vswitch = {"id": "vsw-s", "zone": "z", "cidr": "10.0.0.8/29"}
    vpc = {"id": "vpc-s", "vswitches": [vswitch]}
    seed = {"regions": [{"id": "r", "zones": ["z", "y"], "vpcs": [vpc]}]}
    with Emulator(seed=seed) as emulator:
        made = [emulator.add(f"rm-{number}") for number in range(4)]
        left = call(Client(emulator), RegionId="r").body["VSwitches"]["VSwitch"]

    assert [f"10.0.0.{number}" for number in (9, 10, 11, 12)] == [
        instance.private_ip for instance in made
    ]
    assert [0] == [vswitch["AvailableIpAddressCount"] for vswitch in left]
