from dataclasses import fields
from datetime import timedelta
from typing import Any

import pytest

from pulumi_rdsclone.cloud.settings import AccountSite, Settings
from pulumi_rdsclone.domain.errors import ConfigurationError

ACCOUNT_TYPE = "ALIBABA_CLOUD_ACCOUNT_TYPE"
PAIR = {"access_key_id": "LTAI-key", "access_key_secret": "hush-hush"}


@pytest.mark.parametrize(
    ("endpoint", "host", "plain", "local"),
    [
        pytest.param(None, "", False, False, id="the public endpoint"),
        pytest.param("rds.aliyuncs.com", "rds.aliyuncs.com", False, False, id="a host"),
        pytest.param("rds.corp:8443", "rds.corp:8443", False, False, id="with a port"),
        pytest.param("https://rds.corp", "rds.corp", False, False, id="https"),
        pytest.param("http://rds.corp:80", "rds.corp:80", True, False, id="http"),
        pytest.param(
            "http://127.0.0.1:8080", "127.0.0.1:8080", True, True, id="this machine"
        ),
        pytest.param(
            "http://localhost:1/", "localhost:1", True, True, id="its name, a slash"
        ),
        pytest.param("http://[::1]:8080", "[::1]:8080", True, True, id="IPv6"),
        pytest.param("127.0.0.1:8080", "127.0.0.1:8080", False, True, id="no scheme"),
        pytest.param(" rds.corp ", "rds.corp", False, False, id="spaces around"),
        pytest.param("HTTP://Rds:1", "Rds:1", True, False, id="capital letters"),
        pytest.param("HTTPS://rds:65535", "rds:65535", False, False, id="last port"),
        pytest.param("http://rds_1:80", "rds_1:80", True, False, id="a container"),
        pytest.param("rds.corp.", "rds.corp.", False, False, id="a final dot"),
        pytest.param("LOCALHOST:1", "LOCALHOST:1", False, True, id="its name, loud"),
    ],
)
def test_endpoint(endpoint: str | None, host: str, plain: bool, local: bool) -> None:  # noqa: FBT001
    """
    HTTPS is spoken unless the endpoint says http://; this machine is known as such.
    """
    rds = Settings(endpoint=endpoint).rds

    assert (host, plain, local) == (rds.host, rds.is_plain, rds.is_local)


@pytest.mark.parametrize(
    "endpoint",
    [
        *("", "  ", "http://", "https:///path", "::", "http:/host", "ftp://host"),
        *("http://127.0.0.1:port", "http://127.0.0.1:99999", "host:0", "host:", ":80"),
        *("http://[::1", "[::1::2]", "1.2.3", "256.1.1.1", "a b", "-host", "h\u00fc"),
        *("http://host/path", "http://host?x", "http://user@host", "http://http://h"),
    ],
)
@pytest.mark.parametrize(
    ("setting", "name"), [("endpoint", "endpoint"), ("vpc_endpoint", "VPC endpoint")]
)
def test_endpoint_without_a_host(setting: str, name: str, endpoint: str) -> None:
    """
    An endpoint that names no host is refused with an example.
    """
    settings: dict[str, Any] = {setting: endpoint}
    with pytest.raises(ConfigurationError) as failure:
        Settings(**settings)

    assert str(failure.value) == (
        f"the {name} {endpoint!r} is not a host with an optional port — write it like "
        "rds.aliyuncs.com or http://127.0.0.1:8080"
    )


@pytest.mark.parametrize(
    ("endpoint", "vpc_endpoint", "host", "plain"),
    [
        pytest.param(None, None, "", False, id="the public one"),
        pytest.param("rds.corp", None, "", False, id="the public one, RDS elsewhere"),
        pytest.param("http://rds.corp:80", None, "rds.corp:80", True, id="an emulator"),
        pytest.param(None, "vpc.corp", "vpc.corp", False, id="one of its own"),
        pytest.param(
            "http://rds.corp", "vpc.corp", "vpc.corp", False, id="beside an emulator"
        ),
        pytest.param(
            "rds.corp",
            "http://127.0.0.1:1",
            "127.0.0.1:1",
            True,
            id="an emulator alone",
        ),
    ],
)
def test_vpc_endpoint(
    endpoint: str | None,
    vpc_endpoint: str | None,
    host: str,
    plain: bool,  # noqa: FBT001
) -> None:
    """
    The VPC service has an endpoint of its own; an emulator answers for both.
    """
    vpc = Settings(endpoint=endpoint, vpc_endpoint=vpc_endpoint).vpc

    assert (host, plain) == (vpc.host, vpc.is_plain)


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        pytest.param(None, (), id="nothing"),
        pytest.param("", (), id="empty"),
        pytest.param(" , ", (), id="separators alone"),
        pytest.param("[]", (), id="an empty list"),
        pytest.param("source-idle", ("source-idle",), id="one"),
        pytest.param("a,b", ("a", "b"), id="commas"),
        pytest.param("a b", ("a", "b"), id="spaces"),
        pytest.param("a, b,\n c,", ("a", "b", "c"), id="commas, spaces and lines"),
        pytest.param('["a","b"]', ("a", "b"), id="a list, as config --path stores it"),
        pytest.param('["a", "b"]', ("a", "b"), id="a list with spaces"),
        pytest.param("['a', 'b']", ("a", "b"), id="a list, as Python writes it"),
        pytest.param("b,a", ("b", "a"), id="in the order given"),
    ],
)
def test_skipped(text: str | None, ids: tuple[str, ...]) -> None:
    """
    The checks that are not made are told in each way in which lists are written.
    """
    assert ids == Settings(skip_checks=text).skipped


@pytest.mark.parametrize(
    ("text", "budget"),
    [
        pytest.param(None, None, id="nothing"),
        pytest.param("10s", timedelta(seconds=10), id="seconds"),
        pytest.param("0.5s", timedelta(milliseconds=500), id="parts of one"),
        pytest.param("1m30s", timedelta(seconds=90), id="minutes and seconds"),
    ],
)
def test_check_timeout(text: str | None, budget: timedelta | None) -> None:
    """
    How long a question may hold up the checks is a duration.
    """
    assert budget == Settings(check_timeout=text).budget


@pytest.mark.parametrize("text", ["soon", "0s", "-1s", "10 s", " "])
def test_wrong_check_timeout(text: str) -> None:
    """
    What is no duration is refused at once, with an example.
    """
    with pytest.raises(ConfigurationError) as failure:
        Settings(check_timeout=text)

    assert str(failure.value) == (
        f"rdsclone:checkTimeout {text!r} is not a duration — "
        "write it like 90m, 36h or 2d"
    )


@pytest.mark.parametrize("text", ["10", " 10 ", "0.5"])
def test_check_timeout_without_unit(text: str) -> None:
    """
    A number without a unit is refused, and what it may have meant is said.
    """
    with pytest.raises(ConfigurationError, match=r"has no unit — write .*m for min"):
        Settings(check_timeout=text)


@pytest.mark.parametrize(
    ("text", "limit"), [(None, None), ("2.5", 2.5), ("3", 3.0), (" 0.05 ", 0.05)]
)
def test_price_limit(text: str | None, limit: float | None) -> None:
    """
    What an hour may cost is a number.
    """
    assert limit == Settings(max_price_per_hour=text).price_limit


@pytest.mark.parametrize(
    ("text", "quota"), [(None, None), ("30", 30), (" 1 ", 1), ("100000000", 10**8)]
)
def test_instance_quota(text: str | None, quota: int | None) -> None:
    """
    How many instances there may be is a whole number.
    """
    assert quota == Settings(instance_quota=text).quota


@pytest.mark.parametrize("text", ["many", "0", "-1", "2.5", "03", "1e3", "٣", " "])
def test_wrong_instance_quota(text: str) -> None:
    """
    What is not such a number is refused at once, with an example.
    """
    with pytest.raises(ConfigurationError) as failure:
        Settings(instance_quota=text)

    assert str(failure.value) == (
        f"rdsclone:instanceQuota {text!r} is not a number of instances — write a whole "
        "number above 0, such as 30"
    )


@pytest.mark.parametrize(
    "text", ["cheap", "0", "-1", "nan", "inf", "2,5", "5 CNY", " "]
)
def test_wrong_price_limit(text: str) -> None:
    """
    What is no price is refused at once, with an example.
    """
    with pytest.raises(ConfigurationError) as failure:
        Settings(max_price_per_hour=text)

    assert str(failure.value) == (
        f"rdsclone:maxPricePerHour {text!r} is not a price — write a number above 0, "
        "such as 2.5"
    )


@pytest.mark.parametrize(
    ("configured", "environment", "site"),
    [
        ({}, {}, AccountSite.CHINA),
        ({"site": "china"}, {}, AccountSite.CHINA),
        ({"site": "International "}, {}, AccountSite.INTERNATIONAL),
        ({}, {ACCOUNT_TYPE: "Domestic"}, AccountSite.CHINA),
        ({}, {ACCOUNT_TYPE: "International"}, AccountSite.INTERNATIONAL),
        ({"site": "china"}, {ACCOUNT_TYPE: "International"}, AccountSite.CHINA),
    ],
)
def test_site(
    configured: dict[str, str], environment: dict[str, str], site: AccountSite
) -> None:
    """
    The site of the account is configured, or told by Terraform's variable.
    """
    assert site is Settings.of(configured, environment).account_site


def test_wrong_site() -> None:
    """
    What is no site is refused at once.
    """
    with pytest.raises(ConfigurationError) as failure:
        Settings(site="mars")

    assert str(failure.value) == (
        "rdsclone:site 'mars' is not a site of Alibaba Cloud — choose one of china, "
        "international"
    )


@pytest.mark.parametrize("missing", PAIR)
def test_half_a_key(missing: str) -> None:
    """
    A key without its secret, or a secret without its key, is refused unseen.
    """
    half: dict[str, Any] = {name: v for name, v in PAIR.items() if name != missing}

    with pytest.raises(ConfigurationError, match="set both or neither") as failure:
        Settings(**half)

    assert not any(value in str(failure.value) for value in PAIR.values())


def test_both_or_neither() -> None:
    """
    A whole key is taken, and none is asked for.
    """
    assert Settings(**PAIR).access_key_id == "LTAI-key"
    assert Settings().access_key_id is None


@pytest.mark.parametrize(
    ("configured", "environment", "region"),
    [
        pytest.param({}, {}, None, id="none"),
        pytest.param({"region": "a"}, {}, "a", id="the stack's"),
        pytest.param(
            {"region": "a"},
            {"ALIBABA_CLOUD_REGION_ID": "b"},
            "a",
            id="the stack's first",
        ),
        pytest.param({}, {"ALIBABA_CLOUD_REGION_ID": "b"}, "b", id="the environment's"),
        pytest.param({}, {"ALIBABA_CLOUD_REGION": "c"}, "c", id="another name of it"),
        pytest.param({}, {"ALICLOUD_REGION": "d"}, "d", id="Terraform's name of it"),
        pytest.param(
            {},
            {"ALICLOUD_REGION": "d", "ALIBABA_CLOUD_REGION_ID": "b"},
            "b",
            id="the first name first",
        ),
        pytest.param(
            {"region": ""},
            {"ALIBABA_CLOUD_REGION_ID": "", "ALICLOUD_REGION": "d"},
            "d",
            id="empty is unset",
        ),
    ],
)
def test_region(
    configured: dict[str, str], environment: dict[str, str], region: str | None
) -> None:
    """
    The region comes from the stack's configuration, then from the environment.
    """
    assert region == Settings.of(configured, environment).region


def test_everything_is_read() -> None:
    """
    Every setting comes from the configuration by its own name; others are not ours.
    """
    told = {
        "region": "cn-hangzhou",
        "endpoint": "rds.corp",
        **PAIR,
        "security_token": "sts",
        "profile": "work",
        "identity": "team-a",
        "vpc_endpoint": "vpc.corp",
        "skip_checks": "source-idle",
        "max_price_per_hour": "2.5",
        "instance_quota": "30",
        "check_timeout": "5s",
        "site": "international",
    }
    assert {one.name for one in fields(Settings)} == set(told)

    settings = Settings.of({**told, "colour": "blue"}, {})

    assert told == {name: getattr(settings, name) for name in told}


@pytest.mark.parametrize("text", ["", "  ", "\t"])
def test_blank_is_unset(text: str) -> None:
    """
    A setting that is set to nothing is not set.
    """
    empty = {one.name: text for one in fields(Settings)}

    assert Settings.of(empty, {}) == Settings()


def test_keys_do_not_come_from_the_environment_here() -> None:
    """
    Keys in the environment are left to the credential chain, which renews them.
    """
    environment = {
        "ALIBABA_CLOUD_ACCESS_KEY_ID": "x",
        "ALIBABA_CLOUD_ACCESS_KEY_SECRET": "y",
    }

    assert Settings.of({}, environment) == Settings()


def test_secrets_are_not_shown() -> None:
    """
    What is secret stays out of what is printed.
    """
    shown = repr(Settings(**PAIR, security_token="hush-token"))  # noqa: S106

    assert "hush" not in shown
    assert "LTAI-key" in shown
