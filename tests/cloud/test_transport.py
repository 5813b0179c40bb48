"""
Which host each product's calls go to, and what a region shares.
"""

from datetime import timedelta

import pytest

from pulumi_rdsclone.cloud import regions
from pulumi_rdsclone.cloud.client import RdsClient
from pulumi_rdsclone.cloud.regions import CLOUD_SCHEDULE, EMULATOR_SCHEDULE, CloudRegions
from pulumi_rdsclone.cloud.settings import Settings
from pulumi_rdsclone.domain.errors import UnavailableError
from pulumi_rdsclone.lifecycle.read_cache import ReadTimedOutError
from tests.cloud.stub import KEYS, Connect, Stub, stub, unsigned
from tests.lifecycle.fakes import PATIENCE, FakeClock
from tests.support.rows import case, row

NOTHING = (200, '{"RequestId": "R-1", "TotalCount": 0}')
RDS_CALL = ("DescribeBackupPolicy", "2014-08-15")
VPC_CALL = ("DescribeVSwitches", "2016-04-28")


def call_both(rds: RdsClient) -> None:
    """
    Make one call of each product.
    """
    rds.backup_policy("rm-source")
    rds.vswitches("vpc-1")


def calls_of(server: Stub) -> list[tuple[str, str]]:
    """
    Return action and version of all calls.
    """
    return [(asked["Action"], asked["Version"]) for asked in server.asked]


def test_each_product_has_its_endpoint(connect: Connect) -> None:
    with stub(NOTHING) as rds, stub(NOTHING) as vpc:
        call_both(connect(unsigned(rds.url, vpc_endpoint=vpc.url)))

        assert [RDS_CALL] == calls_of(rds)
        assert [VPC_CALL] == calls_of(vpc)


def test_emulator_answers_for_both(connect: Connect) -> None:
    with stub(NOTHING) as server:
        call_both(connect(unsigned(server.url)))

        assert [RDS_CALL, VPC_CALL] == calls_of(server)


@pytest.mark.parametrize(
    ("endpoints", "region", "hosts"),
    [
        row(
            "the central ones", {}, "cn-hangzhou", ["rds.aliyuncs.com:443", "vpc.aliyuncs.com:443"]
        ),
        case("the region's", {}, "eu-central-1")(
            ["rds.eu-central-1.aliyuncs.com:443", "vpc.eu-central-1.aliyuncs.com:443"]
        ),
        case("one for RDS, which is no emulator")(
            {"endpoint": "rds.corp:8443"}, "cn-hangzhou", ["rds.corp:8443", "vpc.aliyuncs.com:443"]
        ),
        case("one for the VPC service")(
            {"vpc_endpoint": "vpc.corp"}, "cn-hangzhou", ["rds.aliyuncs.com:443", "vpc.corp:443"]
        ),
        case("one for each", {"endpoint": "rds.corp", "vpc_endpoint": "https://vpc.corp:8443"})(
            "eu-central-1", ["rds.corp:443", "vpc.corp:8443"]
        ),
    ],
)
def test_calls_go_to_public_endpoints_by_https(
    monkeypatch: pytest.MonkeyPatch, endpoints: dict[str, str], region: str, hosts: list[str]
) -> None:
    monkeypatch.setattr(regions, "SystemClock", FakeClock)
    rds = CloudRegions(Settings(**endpoints, **KEYS)).at(region)
    with stub(NOTHING) as proxy:
        for name in ("HTTPS_PROXY", "https_proxy"):
            monkeypatch.setenv(name, proxy.url)
        for read in (
            rds.cache.start("backup_policy", "rm-1", max_age=timedelta()),
            rds.cache.start("vswitches", "vpc-1", max_age=timedelta()),
        ):
            with pytest.raises(UnavailableError):
                rds.cache.result(read)

        assert set(hosts) == set(proxy.tunnels)


def test_settings_of_the_checks_reach_the_region() -> None:
    sites = CloudRegions(Settings(region="cn-hangzhou", skip_checks="a,b", identity="i"))

    assert sites.skip_checks == ("a", "b")
    assert sites.default_region == "cn-hangzhou"
    assert sites.identity == "i"
    assert sites.at("cn-hangzhou") is sites.at("cn-hangzhou")
    assert sites.at("cn-hangzhou") is not sites.at("cn-shanghai")


def test_site_of_the_account() -> None:
    """
    What is sold is asked for under the codes of the account's site.

    Source: DescribePrice, CommodityCode: international accounts have their own codes.
    """
    with stub((200, '{"RequestId": "R-1", "AvailableZones": []}')) as server:
        settings = unsigned(server.url, site="international")
        CloudRegions(settings).at("cn-hangzhou").rds.zone_offers("MySQL", "8.0")

        assert "bards_intl" == server.asked[0]["CommodityCode"]


@pytest.mark.parametrize(
    ("endpoint", "emulator"),
    [
        row("the cloud", None, ""),
        row("another endpoint", "rds.corp", ""),
        row("an emulator", "http://127.0.0.1:1", "127.0.0.1:1"),
    ],
)
def test_emulator_is_polled_often_and_the_cloud_is_not(endpoint: str | None, emulator: str) -> None:
    sites = CloudRegions(Settings(endpoint=endpoint))

    assert emulator == sites.emulator
    assert (EMULATOR_SCHEDULE if emulator else CLOUD_SCHEDULE) is sites.schedule


def test_reads_wait_no_longer_than_configured() -> None:
    with stub(NOTHING) as server:
        server.gate.clear()
        settings = unsigned(server.url, check_timeout="0.05s")
        library = CloudRegions(settings).at("cn-hangzhou").cache
        read = library.start("backup_policy", "rm-source", max_age=timedelta())

        with pytest.raises(ReadTimedOutError, match=r"within 0\.05s"):
            library.result(read)
        server.gate.set()
        assert read.future.result(PATIENCE) is not None


THROTTLED = '{"RequestId": "R-1", "Code": "Throttling.User", "Message": "slow"}'


@pytest.mark.parametrize(
    ("header", "pause"),
    [
        row("seconds", {"Retry-After": "7"}, 7),
        row("a day", {"Retry-After": "86400"}, 60),
        row("date", {"Retry-After": "Tue, 24 Nov 2026 08:00:00 GMT"}, 0.1),
        row("nonsense", {"Retry-After": "-5"}, 0.1),
        row("none", {}, 0.1),
    ],
)
def test_retry_after_is_waited_for(
    connect: Connect, clock: FakeClock, header: dict[str, str], pause: float
) -> None:
    with stub((400, THROTTLED, header), NOTHING) as server:
        connect(unsigned(server.url)).backup_policy("rm-source")

        assert 2 == len(server.asked)
        assert [0.0, pause] == clock.slept
