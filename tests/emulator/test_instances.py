import pytest

from tests.emulator.wire import Client
from tests.support.rows import row


def ids(client: Client, **parameters: str) -> list[str]:
    answer = client.call("DescribeDBInstances", **{"PageSize": "100", **parameters})
    return [instance["DBInstanceId"] for instance in answer.body["Items"]["DBInstance"]]


def test_regions_are_listed_with_their_zones(reader: Client) -> None:
    entries = reader.call("DescribeRegions").body["Regions"]["RDSRegion"]

    assert {"cn-hangzhou", "cn-shanghai"} == {entry["RegionId"] for entry in entries}
    assert 7 == len(entries)


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        row("empty region", {"RegionId": "cn-shanghai"}, []),
        row("unknown id", {"DBInstanceId": "rm-none"}, []),
        row("id", {"DBInstanceId": "rm-demo-mysql80"}, ["rm-demo-mysql80"]),
        row("status", {"DBInstanceStatus": "TRANSING"}, ["rm-demo-migrating"]),
        row("type", {"DBInstanceType": "Guard"}, ["rm-demo-guard"]),
        row("engine", {"Engine": "MariaDB"}, ["rm-demo-mariadb106"]),
        row("search", {"SearchKey": "essd2"}, ["rm-demo-mysql80-essd2"]),
        row("edition", {"Category": "CLUSTER"}, ["rm-demo-edition-unsold"]),
        row("tag", {"Tags": '{"team": "demo"}'}, ["rm-demo-mysql80"]),
        row("tag key alone", {"Tags": '{"team": ""}'}, ["rm-demo-mysql80"]),
        row("tag of another value", {"Tags": '{"team": "other"}'}, []),
        row("network", {"VpcId": "vpc-none"}, []),
        row("expired", {"Expired": "True"}, ["rm-demo-expired", "rm-demo-locked-expired"]),
        row(
            "two filters",
            {"PayType": "Prepaid", "Expired": "False"},
            ["rm-demo-expiring", "rm-demo-subscription"],
        ),
    ],
)
def test_list_holds_what_every_filter_matches(
    reader: Client, parameters: dict[str, str], expected: list[str]
) -> None:
    assert expected == ids(reader, **parameters)


def test_pages_by_number_and_by_token_agree(reader: Client) -> None:
    everything = ids(reader)
    by_number = [
        instance_id
        for number in range(1, 12)
        for instance_id in ids(reader, PageSize="4", PageNumber=str(number))
    ]
    by_token, token = [], ""
    while True:
        answer = reader.call("DescribeDBInstances", MaxResults="4", NextToken=token)
        items = answer.body["Items"]["DBInstance"]
        by_token += [instance["DBInstanceId"] for instance in items]
        token = answer.body.get("NextToken", "")
        if not token:
            break

    assert everything == by_number
    assert everything == by_token
    assert len(everything) == answer.body["TotalRecordCount"]


def test_primary_names_its_read_only_guard_and_temporary_instances(reader: Client) -> None:
    answer = reader.call("DescribeDBInstanceAttribute", DBInstanceId="rm-demo-mysql80")
    (shown,) = answer.body["Items"]["DBInstanceAttribute"]
    replicas = shown["ReadOnlyDBInstanceIds"]["ReadOnlyDBInstanceId"]

    assert 4 == len(replicas)
    assert ("Running", "Unlock") == (shown["DBInstanceStatus"], shown["LockMode"])


def test_instance_has_one_internal_endpoint_and_no_other(reader: Client) -> None:
    name = "rm-demo-sqlserver2022"
    answer = reader.call("DescribeDBInstanceNetInfo", DBInstanceId=name).body
    (endpoint,) = answer["DBInstanceNetInfos"]["DBInstanceNetInfo"]
    split = reader.call(
        "DescribeDBInstanceNetInfo",
        DBInstanceId=name,
        DBInstanceNetRWSplitType="ReadWriteSplitting",
    ).body

    assert ("1433", f"{name}.sqlserver.rds.aliyuncs.com") == (
        endpoint["Port"],
        endpoint["ConnectionString"],
    )
    assert [] == split["DBInstanceNetInfos"]["DBInstanceNetInfo"]
