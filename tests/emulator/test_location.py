import pytest
from aliyunsdkcore.client import AcsClient
from aliyunsdkcore.endpoint.location_service_endpoint_resolver import (
    DescribeEndpointsRequest,
    LocationServiceEndpointResolver,
)
from aliyunsdkcore.endpoint.resolver_endpoint_request import ResolveEndpointRequest

from rds_emulator import Emulator
from tests.emulator.wire import Client
from tests.support.rows import row

VERSION = "2015-06-12"


class PlainClient:
    """
    The old SDK's client, which asks the location service without TLS here.
    """

    def __init__(self, emulator: Emulator) -> None:
        self._host, port = emulator.endpoint.split(":")
        self._client = AcsClient(
            emulator.access_key_id, emulator.access_key_secret, "cn-hangzhou", port=port
        )

    def do_action_with_exception(self, request: DescribeEndpointsRequest) -> bytes:
        request.set_protocol_type("http")
        request.endpoint = self._host
        answer: bytes = self._client.do_action_with_exception(request)
        return answer


def resolved(emulator: Emulator, region: str, code: str) -> str | None:
    """
    Return the endpoint that the old SDK resolves.
    """
    resolver = LocationServiceEndpointResolver(PlainClient(emulator))
    found: str | None = resolver.resolve(ResolveEndpointRequest(region, code, code, "openAPI"))
    return found


@pytest.mark.parametrize("code", ["rds", "vpc", "sts", "location"])
def test_old_sdk_resolves_the_emulators_own_endpoint(world: Emulator, code: str) -> None:
    assert world.endpoint == resolved(world, "cn-hangzhou", code)
    assert world.endpoint == resolved(world, "cn-shanghai", code)


@pytest.mark.parametrize(
    ("region", "code"),
    [row("product", "cn-hangzhou", "ecs"), row("region", "eu-nowhere", "rds")],
)
def test_old_sdk_takes_what_is_unknown_for_no_endpoint(
    world: Emulator, region: str, code: str
) -> None:
    assert resolved(world, region, code) is None


def test_endpoint_is_typed_as_terraform_looks_for_it(reader: Client) -> None:
    answer = reader.call("DescribeEndpoints", Version=VERSION, Id="cn-hangzhou", ServiceCode="sts")
    (endpoint,) = answer.body["Endpoints"]["Endpoint"]

    assert ("openAPI", reader.emulator.endpoint) == (endpoint["Type"], endpoint["Endpoint"])


def test_key_that_may_do_nothing_is_told_endpoints() -> None:
    nothing = {"Version": "1", "Statement": [{"Effect": "Deny", "Action": "*"}]}
    key = {"id": "k", "secret": "s", "policy": nothing}
    with Emulator(seed={"access_keys": [key]}) as emulator:
        answer = Client(emulator).call(
            "DescribeEndpoints", Version=VERSION, Id="cn-hangzhou", ServiceCode="rds"
        )

    assert 200 == answer.status
