"""
What Terraform's provider asks, in its order, and takes for granted in the answers.

Source: terraform-provider-alicloud 81c43b67; a field of another type is a Go panic.
"""

from pathlib import Path
from typing import Any

import pytest

from rds_emulator import Emulator
from tests.emulator.wire import MARIADB, MYSQL, POSTGRESQL, SQL_SERVER, Answer, Client

VPC = "2016-04-28"


def rds(client: Client, action: str, **parameters: str) -> dict[str, Any]:
    answer = client.call(action, **parameters)
    assert 200 == answer.status, answer.body
    return answer.body


def network(client: Client, action: str, **parameters: str) -> Answer:
    return client.call(action, Version=VPC, **parameters)


def asked(client: Client, action: str, **parameters: str) -> dict[str, Any]:
    answer = network(client, action, **parameters)
    assert 200 == answer.status, answer.body
    return answer.body


def made(client: Client) -> tuple[str, str]:
    """
    Return the ids of a new VPC and of a vSwitch in it.
    """
    vpc = asked(client, "CreateVpc", VpcName="tf", CidrBlock="172.16.0.0/16")["VpcId"]
    order = {"VpcId": vpc, "CidrBlock": "172.16.1.0/24", "ZoneId": "cn-hangzhou-h"}
    return vpc, asked(client, "CreateVSwitch", **order)["VSwitchId"]


def test_alicloud_vpc_is_created_read_changed_and_deleted(client: Client) -> None:
    tags = {"Tag__1__Key": "team", "Tag__1__Value": "a"}
    order = {"CidrBlock": "10.0.0.0/8", "VpcName": "tf", "ClientToken": "t", **tags}
    vpc = asked(client, "CreateVpc", **order)["VpcId"]
    body = asked(client, "DescribeVpcAttribute", VpcId=vpc)
    tables = asked(client, "DescribeRouteTableList", VpcId=vpc)
    (table,) = tables["RouterTableList"]["RouterTableListType"]

    assert ("Available", "10.0.0.0/8", "tf") == (
        body["Status"], body["CidrBlock"], body["VpcName"])  # fmt: skip
    assert body["ClassicLinkEnabled"] is False
    assert [{"Key": "team", "Value": "a"}] == body["Tags"]["Tag"]
    assert [] == body["Ipv6CidrBlocks"]["Ipv6CidrBlock"]
    assert [] == body["SecondaryCidrBlocks"]["SecondaryCidrBlock"]
    assert ("System", vpc) == (table["RouteTableType"], table["VpcId"])
    assert body["VRouterId"] == table["RouterId"]

    asked(client, "ModifyVpcAttribute", VpcId=vpc, VpcName="new", Description="d")
    own = {"ResourceType": "VPC", "ResourceId__1": vpc}
    asked(client, "TagResources", **own, Tag__1__Key="env", Tag__1__Value="test")
    asked(client, "UnTagResources", **own, TagKey__1="team")
    changed = asked(client, "DescribeVpcAttribute", VpcId=vpc)

    assert ("new", "d") == (changed["VpcName"], changed["Description"])
    assert [{"Key": "env", "Value": "test"}] == changed["Tags"]["Tag"]

    asked(client, "DeleteVpc", VpcId=vpc, ClientToken="t")
    gone = network(client, "DescribeVpcAttribute", VpcId=vpc)

    assert (404, "InvalidVpcId.NotFound") == gone.refusal


def test_alicloud_vswitch_is_created_read_changed_and_deleted(client: Client) -> None:
    vpc, vswitch = made(client)
    body = asked(client, "DescribeVSwitchAttributes", VSwitchId=vswitch)

    assert (vswitch, vpc, "Available") == (body["VSwitchId"], body["VpcId"], body["Status"])
    assert ("172.16.1.0/24", "cn-hangzhou-h") == (body["CidrBlock"], body["ZoneId"])
    assert (252, "", []) == (
        body["AvailableIpAddressCount"], body["Ipv6CidrBlock"], body["Tags"]["Tag"]
    )  # fmt: skip

    asked(client, "ModifyVSwitchAttribute", VSwitchId=vswitch, VSwitchName="n", Description="d")
    own = {"ResourceType": "VSWITCH", "ResourceId__1": vswitch}
    asked(client, "TagResources", **own, Tag__1__Key="team", Tag__1__Value="a")
    changed = asked(client, "DescribeVSwitchAttributes", VSwitchId=vswitch)
    listed = asked(client, "ListTagResources", **own)["TagResources"]["TagResource"]

    assert ("n", "d") == (changed["VSwitchName"], changed["Description"])
    assert [{"Key": "team", "Value": "a"}] == changed["Tags"]["Tag"]
    assert [("team", "a")] == [(tag["TagKey"], tag["TagValue"]) for tag in listed]

    asked(client, "ModifyVSwitchAttribute", VSwitchId=vswitch, Description="")
    cleared = asked(client, "DescribeVSwitchAttributes", VSwitchId=vswitch)
    asked(client, "DeleteVSwitch", VSwitchId=vswitch)
    asked(client, "DeleteVpc", VpcId=vpc)
    gone = network(client, "DescribeVSwitchAttributes", VSwitchId=vswitch)

    assert ("n", "") == (cleared["VSwitchName"], cleared["Description"])
    assert (404, "InvalidVswitchID.NotFound") == gone.refusal


def test_vswitch_and_vpc_stay_while_an_instance_is_in_them(
    emulator: Emulator, client: Client
) -> None:
    vpc, vswitch = made(client)
    emulator.add("rm-mine", vpc_id=vpc, vswitch_ids=[vswitch])
    refused = network(client, "DeleteVSwitch", VSwitchId=vswitch)
    emulator.remove("rm-mine")

    assert (400, "DependencyViolation") == refused.refusal
    assert "Specified object has dependent resources." == refused.body["Message"]
    assert {"RequestId"} == {*asked(client, "DeleteVSwitch", VSwitchId=vswitch)}


def test_clone_stands_in_a_vswitch_that_was_made(client: Client) -> None:
    vpc, vswitch = made(client)
    clone = client.clone(VPCId=vpc, VSwitchId=vswitch, ZoneId="cn-hangzhou-h")
    found = client.attribute(clone)

    assert (vpc, vswitch) == (found["VpcId"], found["VSwitchId"])


def test_vpc_outlives_a_restart(db: Path) -> None:
    with Emulator(db=db, speed=0) as emulator:
        vpc, vswitch = made(Client(emulator))
    with Emulator(db=db) as emulator:
        body = asked(Client(emulator), "DescribeVpcAttribute", VpcId=vpc)

    assert [vswitch] == body["VSwitchIds"]["VSwitchId"]


def test_data_source_vpcs_reads_what_it_asserts(reader: Client) -> None:
    body = asked(reader, "DescribeVpcs", PageNumber="1", PageSize="50")

    assert ["vpc-demo", "vpc-demo-other"] == [vpc["VpcId"] for vpc in body["Vpcs"]["Vpc"]]
    assert 2 == body["TotalCount"]
    for vpc in body["Vpcs"]["Vpc"]:
        assert isinstance(vpc["CidrBlock"], str)
        assert isinstance(vpc["Status"], str)
        assert [] == vpc["SecondaryCidrBlocks"]["SecondaryCidrBlock"]
        assert [] == vpc["UserCidrs"]["UserCidr"]
        assert isinstance(vpc["VSwitchIds"]["VSwitchId"], list)
        tables = asked(reader, "DescribeRouteTableList", VpcId=vpc["VpcId"], PageSize="50")
        (table,) = tables["RouterTableList"]["RouterTableListType"]
        assert [table["RouteTableId"]] == vpc["RouterTableIds"]["RouterTableIds"]


def test_data_source_vswitches_reads_what_it_asserts(reader: Client) -> None:
    body = asked(reader, "DescribeVSwitches", VpcId="vpc-demo", PageSize="50", PageNumber="1")

    assert 5 == len(body["VSwitches"]["VSwitch"])
    for vswitch in body["VSwitches"]["VSwitch"]:
        assert isinstance(vswitch["RouteTable"]["RouteTableId"], str)
        assert isinstance(vswitch["Tags"]["Tag"], list)
        assert isinstance(vswitch["Status"], str)


@pytest.mark.parametrize("name", [MYSQL, POSTGRESQL, SQL_SERVER, MARIADB])
def test_reads_of_alicloud_db_instance_are_answered_for_every_engine(
    reader: Client, name: str
) -> None:
    retention = rds(reader, "DescribeSQLCollectorRetention", DBInstanceId=name)
    groups = rds(reader, "DescribeSecurityGroupConfiguration", DBInstanceId=name)
    templates = rds(reader, "DescribeInstanceLinkedWhitelistTemplate", InsName=name)

    assert "30" == retention["ConfigValue"]
    assert [] == groups["Items"]["EcsSecurityGroupRelation"]
    assert [] == templates["Data"]["Templates"]


def test_encryption_key_of_postgresql_is_empty_without_one(reader: Client) -> None:
    assert (
        ""
        == rds(reader, "DescribeDBInstanceEncryptionKey", DBInstanceId=POSTGRESQL)["EncryptionKey"]
    )


def test_encryption_key_is_that_of_tde(emulator: Emulator, client: Client) -> None:
    emulator.add("rm-mine", tde={"encryption_key": "key-1", "role_arn": "acs:ram::1:role/r"})
    body = rds(client, "DescribeDBInstanceEncryptionKey", DBInstanceId="rm-mine")

    assert ("key-1", "Enabled") == (body["EncryptionKey"], body["EncryptionKeyStatus"])
    assert ["TDE"] == [key["UsedBy"] for key in body["EncryptionKeyList"]]


def test_security_groups_are_replaced_and_emptied(client: Client) -> None:
    def groups() -> list[str]:
        body = rds(client, "DescribeSecurityGroupConfiguration", DBInstanceId=MYSQL)
        return [group["SecurityGroupId"] for group in body["Items"]["EcsSecurityGroupRelation"]]

    change = "ModifySecurityGroupConfiguration"
    rds(client, change, DBInstanceId=MYSQL, SecurityGroupId="sg-a1,sg-b2")
    both = groups()
    rds(client, change, DBInstanceId=MYSQL, SecurityGroupId="Empty")

    assert (["sg-a1", "sg-b2"], []) == (both, groups())


def test_retention_of_the_audit_and_the_enhanced_mode_are_told_and_cloned(client: Client) -> None:
    rds(client, "ModifySQLCollectorRetention", DBInstanceId=MYSQL, ConfigValue="180")
    mode = rds(client, "MigrateSecurityIPMode", DBInstanceId=MYSQL)["SecurityIPMode"]
    clone = client.clone()

    for name in (MYSQL, clone):
        told = rds(client, "DescribeSQLCollectorRetention", DBInstanceId=name)["ConfigValue"]
        net = rds(client, "DescribeDBInstanceNetInfo", DBInstanceId=name)
        assert ("180", mode, mode) == (
            told, net["SecurityIPMode"], client.attribute(name)["SecurityIPMode"]
        )  # fmt: skip


def test_growth_of_storage_is_kept_until_it_is_switched_off(
    emulator: Emulator, client: Client
) -> None:
    grow = {"StorageAutoScale": "Enable", "StorageThreshold": "30", "StorageUpperBound": "500"}
    rds(client, "ModifyDasInstanceConfig", DBInstanceId=MYSQL, **grow)
    growth = emulator.instance(MYSQL).storage_growth
    rds(client, "ModifyDasInstanceConfig", DBInstanceId=MYSQL, StorageAutoScale="Disable")

    assert growth is not None
    assert (30, 500) == (growth.threshold, growth.most_gb)
    assert emulator.instance(MYSQL).storage_growth is None


def test_data_source_db_instance_class_infos_reads_texts(reader: Client) -> None:
    hourly = rds(reader, "ListClasses", CommodityCode="bards", OrderType="BUY")["Items"]
    monthly = rds(reader, "ListClasses", CommodityCode="rds", OrderType="BUY", Engine="MySQL")
    names = [item["ClassCode"] for item in hourly]
    (medium,) = (item for item in hourly if item["ClassCode"] == "mysql.n2.medium.2c")
    (by_month,) = (item for item in monthly["Items"] if item["ClassCode"] == "mysql.n2.medium.2c")

    assert len(names) == len({*names})
    assert "mysql.n1.micro.1" not in names
    assert all(isinstance(text, str) for item in hourly for text in item.values())
    assert ("2", "4") == (medium["Cpu"], medium["MemoryClass"])
    assert int(medium["ReferencePrice"]) < int(by_month["ReferencePrice"])


def test_data_source_rds_class_details_reads_one_class(reader: Client) -> None:
    asked_for = {"ClassCode": "pg.n2.medium.1c", "CommodityCode": "bards"}
    version = {"Engine": "PostgreSQL", "EngineVersion": "16.0"}
    body = rds(reader, "DescribeClassDetails", **asked_for, **version)

    assert ("Basic", "2", "4") == (body["Category"], body["Cpu"], body["MemoryClass"])
    assert isinstance(body["DBInstanceStorageType"], str)


def test_data_sources_of_what_is_not_there_read_empty_lists(reader: Client) -> None:
    groups = rds(reader, "DescribeParameterGroups")["ParameterGroups"]["ParameterGroup"]
    page = {"PageSize": "50", "PageNumber": "1"}
    backups = rds(reader, "DescribeCrossRegionBackups", DBInstanceId=MYSQL, **page)
    slots = rds(reader, "DescribeSlots", DBInstanceId=POSTGRESQL)["Slots"]

    assert [[], [], []] == [groups, backups["Items"]["Item"], slots]
    assert ["cn-shanghai"] == rds(reader, "DescribeAvailableCrossRegion")["Regions"]["Region"]


def test_subscriptions_are_listed_by_when_they_end(emulator: Emulator, client: Client) -> None:
    for name, end in (("rm-late", "now+90d"), ("rm-soon", "now+3d"), ("rm-over", "now-1d")):
        emulator.add(name, pay_type="Prepaid", expires=end)

    def ending(**parameters: str) -> list[str]:
        body = rds(client, "DescribeDBInstancesByExpireTime", **parameters)
        found = [item["DBInstanceId"] for item in body["Items"]["DBInstanceExpireTime"]]
        return [name for name in found if name in ("rm-late", "rm-soon", "rm-over")]

    assert ["rm-over", "rm-soon", "rm-late"] == ending()
    assert ["rm-soon"] == ending(ExpirePeriod="30")
    assert ["rm-over"] == ending(Expired="True")


def test_instances_for_a_clone_are_those_of_the_list(reader: Client) -> None:
    given = {"Engine": "PostgreSQL", "PageSize": "100"}
    every = rds(reader, "DescribeDBInstances", **given)["Items"]["DBInstance"]
    found = rds(reader, "DescribeDBInstancesForClone", **given)["Items"]["DBInstance"]

    assert every
    assert [item["DBInstanceId"] for item in every] == [item["DBInstanceId"] for item in found]
