from collections.abc import Mapping
from typing import Any

import pytest

from pulumi_rdsclone.cloud.aspects import DIALECTS
from pulumi_rdsclone.cloud.aspects.access import tell_whitelist
from pulumi_rdsclone.cloud.aspects.dialect import Request
from pulumi_rdsclone.cloud.aspects.endpoints import tell_endpoints
from pulumi_rdsclone.cloud.client import RdsClient
from pulumi_rdsclone.domain.aspects import Aspect
from rds_emulator import Emulator
from tests.domain.samples import SOURCE, alteration

PUBLIC = {
    "network.public_endpoint": True,
    "network.public_connection_prefix": "open",
    "network.public_port": 3306,
    "public_connection_string": "open.mysql.rds.aliyuncs.com",
}
ID = "rm-demo-mysql80"


def _whitelist(name: str, addresses: str, mode: str = "Cover") -> Request:
    return "ModifySecurityIps", {
        "DBInstanceIPArrayName": name,
        "SecurityIps": addresses,
        "ModifyMode": mode,
    }


def _endpoint(current: str, prefix: str, port: str) -> Request:
    return "ModifyDBInstanceConnectionString", {
        "CurrentConnectionString": f"{current}.mysql.rds.aliyuncs.com",
        "ConnectionStringPrefix": prefix,
        "Port": port,
    }


def test_every_aspect_has_a_dialect() -> None:
    """
    Every aspect can be changed, and no other.
    """
    assert set(Aspect) == set(DIALECTS)


@pytest.mark.parametrize(
    ("aspect", "old", "new", "requests"),
    [
        pytest.param(
            Aspect.WHITELIST,
            {"security_ips": {"default": ["10.0.0.0/8"], "web": ["10.1.0.1"]}},
            {"security_ips": {"default": ["10.0.0.0/8"], "app": ["10.2.0.1", "::1"]}},
            [
                _whitelist("app", "10.2.0.1,::1"),
                _whitelist("web", "10.1.0.1", "Delete"),
            ],
            id="a group more, one less",
        ),
        pytest.param(
            Aspect.WHITELIST,
            {"security_ips": {"default": ["0.0.0.0/0"]}},
            {"security_ips": {"app": ["10.2.0.1"]}},
            [_whitelist("app", "10.2.0.1"), _whitelist("default", "127.0.0.1")],
            id="the default group cannot go, so nobody is in it",
        ),
        pytest.param(
            Aspect.WHITELIST,
            {"security_ips": {"default": ["127.0.0.1"]}},
            {"security_ips": {"app": []}},
            [_whitelist("app", "127.0.0.1")],
            id="an empty group lets nobody in",
        ),
        pytest.param(
            Aspect.TAGS,
            {"tags": {"a": "1", "b": "2", "c": "3"}},
            {"tags": {"a": "1", "b": "two", "d": "4"}},
            [
                (
                    "UntagResources",
                    {
                        "ResourceType": "INSTANCE",
                        "ResourceId.1": "rm-source",
                        "TagKey.1": "c",
                    },
                ),
                (
                    "TagResources",
                    {
                        "ResourceType": "INSTANCE",
                        "ResourceId.1": "rm-source",
                        "Tag.1.Key": "b",
                        "Tag.1.Value": "two",
                        "Tag.2.Key": "d",
                        "Tag.2.Value": "4",
                    },
                ),
            ],
            id="a tag more, one less, one changed",
        ),
        pytest.param(
            Aspect.DESCRIPTION,
            {"description": "old"},
            {"description": "staging"},
            [("ModifyDBInstanceDescription", {"DBInstanceDescription": "staging"})],
            id="the description",
        ),
        pytest.param(
            Aspect.DELETION_PROTECTION,
            {"deletion_protection": True},
            {"deletion_protection": False},
            [("ModifyDBInstanceDeletionProtection", {"DeletionProtection": "false"})],
            id="the protection",
        ),
        pytest.param(
            Aspect.MAINTENANCE_WINDOW,
            {},
            {"maintenance_window": "18:00Z-22:00Z"},
            [("ModifyDBInstanceMaintainTime", {"MaintainTime": "18:00Z-22:00Z"})],
            id="the maintenance window",
        ),
        pytest.param(
            Aspect.ENDPOINT,
            {"network.connection_prefix": "rm-source", "network.port": 3306},
            {"network.port": 3307},
            [_endpoint("rm-source", "rm-source", "3307")],
            id="a port alone: the prefix is sent as it is",
        ),
        pytest.param(
            Aspect.ENDPOINT,
            {"network.connection_prefix": "rm-source", "network.port": 3306},
            {"network.connection_prefix": "staging"},
            [_endpoint("rm-source", "staging", "3306")],
            id="a prefix alone: the port is sent as it is",
        ),
        pytest.param(
            Aspect.PUBLIC_ENDPOINT,
            {"network.public_endpoint": False},
            {"network.public_endpoint": True},
            [
                (
                    "AllocateInstancePublicConnection",
                    {"ConnectionStringPrefix": "rm-source-public", "Port": "3306"},
                )
            ],
            id="a public endpoint, named after the private one",
        ),
        pytest.param(
            Aspect.PUBLIC_ENDPOINT,
            {"network.public_endpoint": False},
            {
                "network.public_endpoint": True,
                "network.public_connection_prefix": "open",
                "network.public_port": 3307,
            },
            [
                (
                    "AllocateInstancePublicConnection",
                    {"ConnectionStringPrefix": "open", "Port": "3307"},
                )
            ],
            id="a public endpoint as declared",
        ),
        pytest.param(
            Aspect.PUBLIC_ENDPOINT,
            PUBLIC,
            {"network.public_endpoint": True, "network.public_port": 3307},
            [_endpoint("open", "open", "3307")],
            id="another public port",
        ),
        pytest.param(
            Aspect.PUBLIC_ENDPOINT,
            PUBLIC,
            {"network.public_endpoint": False},
            [
                (
                    "ReleaseInstancePublicConnection",
                    {"CurrentConnectionString": "open.mysql.rds.aliyuncs.com"},
                )
            ],
            id="no public endpoint any more",
        ),
        pytest.param(
            Aspect.PUBLIC_ENDPOINT,
            {"network.public_endpoint": False},
            {"network.public_endpoint": False, "network.public_port": 3307},
            [],
            id="a port of no public endpoint",
        ),
    ],
)
def test_change(
    aspect: Aspect,
    old: Mapping[str, Any],
    new: Mapping[str, Any],
    requests: list[Request],
) -> None:
    """
    A change becomes the calls that it takes, with all that the API wants in them.
    """
    assert requests == list(DIALECTS[aspect].change(alteration(aspect, new, old)))


@pytest.mark.parametrize(
    ("edition", "sent"),
    [
        pytest.param(
            "serverless_basic", {"Category": "serverless_basic"}, id="as calls take it"
        ),
        pytest.param(
            "Serverless_basic", {"Category": "serverless_basic"}, id="as it is answered"
        ),
        pytest.param("", {}, id="untold"),
    ],
)
def test_edition_of_a_serverless_range(edition: str, sent: dict[str, str]) -> None:
    """
    A serverless range is changed with the edition, spelt as the API takes it.
    """
    new = {"capacity.serverless.min_rcu": 1.0, "capacity.serverless.max_rcu": 8.0}
    change = alteration(Aspect.SERVERLESS, new, payment="Serverless", edition=edition)

    assert [
        (
            "ModifyDBInstanceSpec",
            {
                "PayType": "Serverless",
                **sent,
                "Direction": "Serverless",
                "ServerlessConfiguration": '{"MinCapacity": 1.0, "MaxCapacity": 8.0}',
            },
        )
    ] == list(DIALECTS[Aspect.SERVERLESS].change(change))


def test_whitelist_that_is_told() -> None:
    """
    Groups are told in order and without the cloud's own; the default one is one word.
    """
    groups = [
        ("Default", "10.2.0.1, 10.1.0.1", ""),
        ("Web", "", None),
        ("hdm_security_ips", "11.0.0.0/8", "hidden"),
    ]
    answer = {
        "Items": {
            "DBInstanceIPArray": [
                {
                    "DBInstanceIPArrayName": name,
                    "SecurityIPList": addresses,
                    "DBInstanceIPArrayAttribute": attribute,
                }
                for name, addresses, attribute in groups
            ]
        }
    }

    assert tell_whitelist(answer) == {
        "security_ips": {"default": ["10.1.0.1", "10.2.0.1"], "Web": []}
    }


def test_endpoints_that_are_told() -> None:
    """
    The public endpoint is found wherever it stands; without one that is told, too.
    """
    private = {"IPType": "Private", "ConnectionString": "rm.mysql", "Port": "3306"}
    public = {
        "IPType": "Public",
        "ConnectionString": "open.mysql.rds.aliyuncs.com",
        "Port": "3306",
    }

    def told(*infos: dict[str, str]) -> dict[str, Any]:
        return tell_endpoints(
            {"DBInstanceNetInfos": {"DBInstanceNetInfo": list(infos)}}
        )

    assert told(public, private) == told(private, public) == PUBLIC
    assert told(private) == {"network.public_endpoint": False}


@pytest.mark.parametrize(
    ("aspect", "new"),
    [
        pytest.param(
            Aspect.WHITELIST,
            {"security_ips": {"default": ["10.0.0.0/8"], "app": ["10.1.2.3"]}},
            id="whitelist",
        ),
    ],
)
def test_changed_and_told(
    rds: RdsClient, emulator: Emulator, aspect: Aspect, new: Mapping[str, Any]
) -> None:
    """
    What was changed is what is told afterwards.
    """
    old = rds.live(ID, [aspect])

    rds.change(alteration(aspect, new, old, id=ID))
    emulator.clock.advance(60)

    assert old != new
    assert new == rds.live(ID, [aspect])


def test_one_call_tells_several_aspects(rds: RdsClient, emulator: Emulator) -> None:
    """
    Aspects that one action tells are read with one call, others with none.
    """
    before = len(emulator.journal.calls())

    rds.live(ID, [Aspect.DESCRIPTION, Aspect.TAGS])
    rds.live(ID, [Aspect.WHITELIST, Aspect.ENDPOINT])

    assert SOURCE.id != ID
    assert 1 == len(emulator.journal.calls()) - before
