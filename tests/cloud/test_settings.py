from dataclasses import fields
from datetime import timedelta
from typing import Any

import pytest

from pulumi_rdsclone.cloud.settings import AccountSite, Settings
from pulumi_rdsclone.domain.errors import ConfigurationError
from tests.support.rows import case, row

ACCOUNT_TYPE = "ALIBABA_CLOUD_ACCOUNT_TYPE"
PAIR = {"access_key_id": "LTAI-key", "access_key_secret": "hush-hush"}


@pytest.mark.parametrize(
    ("endpoint", "host", "plain", "local"),
    [
        row("the public endpoint", None, "", False, False),
        row("a host", "rds.aliyuncs.com", "rds.aliyuncs.com", False, False),
        row("with a port", "rds.corp:8443", "rds.corp:8443", False, False),
        row("https", "https://rds.corp", "rds.corp", False, False),
        row("http", "http://rds.corp:80", "rds.corp:80", True, False),
        row("this machine", "http://127.0.0.1:8080", "127.0.0.1:8080", True, True),
        row("its name, a slash", "http://localhost:1/", "localhost:1", True, True),
        row("IPv6", "http://[::1]:8080", "[::1]:8080", True, True),
        row("no scheme", "127.0.0.1:8080", "127.0.0.1:8080", False, True),
        row("spaces around", " rds.corp ", "rds.corp", False, False),
        row("capital letters", "HTTP://Rds:1", "Rds:1", True, False),
        row("last port", "HTTPS://rds:65535", "rds:65535", False, False),
        row("a container", "http://rds_1:80", "rds_1:80", True, False),
        row("a final dot", "rds.corp.", "rds.corp.", False, False),
        row("its name, loud", "LOCALHOST:1", "LOCALHOST:1", False, True),
    ],
)
def test_https_is_spoken_unless_the_endpoint_says_http(
    endpoint: str | None, host: str, *, plain: bool, local: bool
) -> None:
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
def test_endpoint_without_a_host_is_refused(setting: str, name: str, endpoint: str) -> None:
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
        row("the public one", None, None, "", False),
        row("the public one, RDS elsewhere", "rds.corp", None, "", False),
        row("an emulator", "http://rds.corp:80", None, "rds.corp:80", True),
        row("one of its own", None, "vpc.corp", "vpc.corp", False),
        row("beside an emulator", "http://rds.corp", "vpc.corp", "vpc.corp", False),
        row("an emulator alone", "rds.corp", "http://127.0.0.1:1", "127.0.0.1:1", True),
    ],
)
def test_vpc_service_has_its_own_endpoint(
    endpoint: str | None, vpc_endpoint: str | None, host: str, *, plain: bool
) -> None:
    vpc = Settings(endpoint=endpoint, vpc_endpoint=vpc_endpoint).vpc

    assert (host, plain) == (vpc.host, vpc.is_plain)


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        row("nothing", None, ()),
        row("empty", "", ()),
        row("separators alone", " , ", ()),
        row("an empty list", "[]", ()),
        row("one", "source-idle", ("source-idle",)),
        row("commas", "a,b", ("a", "b")),
        row("spaces", "a b", ("a", "b")),
        row("commas, spaces and lines", "a, b,\n c,", ("a", "b", "c")),
        row("a list, as config --path stores it", '["a","b"]', ("a", "b")),
        row("a list with spaces", '["a", "b"]', ("a", "b")),
        row("a list, as Python writes it", "['a', 'b']", ("a", "b")),
        row("in the order given", "b,a", ("b", "a")),
    ],
)
def test_skipped_checks_are_read_from_each_form(text: str | None, ids: tuple[str, ...]) -> None:
    assert ids == Settings(skip_checks=text).skipped


@pytest.mark.parametrize(
    ("text", "budget"),
    [
        row("nothing", None, None),
        row("seconds", "10s", timedelta(seconds=10)),
        row("parts of one", "0.5s", timedelta(milliseconds=500)),
        row("minutes and seconds", "1m30s", timedelta(seconds=90)),
    ],
)
def test_check_timeout_is_a_duration(text: str | None, budget: timedelta | None) -> None:
    assert budget == Settings(check_timeout=text).budget


@pytest.mark.parametrize("text", ["soon", "0s", "-1s", "10 s", " "])
def test_wrong_check_timeout_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(ConfigurationError) as failure:
        Settings(check_timeout=text)

    assert str(failure.value) == (
        f"rdsclone:checkTimeout {text!r} is not a duration — write it like 90m, 36h or 2d"
    )


@pytest.mark.parametrize("text", ["10", " 10 ", "0.5"])
def test_check_timeout_without_unit_is_refused_with_a_suggestion(text: str) -> None:
    with pytest.raises(ConfigurationError, match=r"has no unit — write .*m for min"):
        Settings(check_timeout=text)


@pytest.mark.parametrize(
    ("text", "limit"), [(None, None), ("2.5", 2.5), ("3", 3.0), (" 0.05 ", 0.05)]
)
def test_price_limit_is_a_number(text: str | None, limit: float | None) -> None:
    assert limit == Settings(max_price_per_hour=text).price_limit


@pytest.mark.parametrize(
    ("text", "quota"), [(None, None), ("30", 30), (" 1 ", 1), ("100000000", 10**8)]
)
def test_instance_quota_is_a_whole_number(text: str | None, quota: int | None) -> None:
    assert quota == Settings(instance_quota=text).quota


@pytest.mark.parametrize("text", ["many", "0", "-1", "2.5", "03", "1e3", "٣", " "])
def test_wrong_instance_quota_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(ConfigurationError) as failure:
        Settings(instance_quota=text)

    assert str(failure.value) == (
        f"rdsclone:instanceQuota {text!r} is not a number of instances — write a whole "
        "number above 0, such as 30"
    )


@pytest.mark.parametrize("text", ["cheap", "0", "-1", "nan", "inf", "2,5", "5 CNY", " "])
def test_wrong_price_limit_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(ConfigurationError) as failure:
        Settings(max_price_per_hour=text)

    assert str(failure.value) == (
        f"rdsclone:maxPricePerHour {text!r} is not a price — write a number above 0, such as 2.5"
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
def test_site_is_configured_or_taken_from_terraform(
    configured: dict[str, str], environment: dict[str, str], site: AccountSite
) -> None:
    assert site is Settings.of(configured, environment).account_site


def test_wrong_site_is_refused_at_once() -> None:
    with pytest.raises(ConfigurationError) as failure:
        Settings(site="mars")

    assert str(failure.value) == (
        "rdsclone:site 'mars' is not a site of Alibaba Cloud — choose one of china, international"
    )


@pytest.mark.parametrize("missing", PAIR)
def test_key_without_its_other_half_is_refused(missing: str) -> None:
    half: dict[str, Any] = {name: v for name, v in PAIR.items() if name != missing}

    with pytest.raises(ConfigurationError, match="set both or neither") as failure:
        Settings(**half)

    assert not any(value in str(failure.value) for value in PAIR.values())


def test_whole_key_or_none_is_accepted() -> None:
    assert Settings(**PAIR).access_key_id == "LTAI-key"
    assert Settings().access_key_id is None


@pytest.mark.parametrize(
    ("configured", "environment", "region"),
    [
        row("none", {}, {}, None),
        row("the stack's", {"region": "a"}, {}, "a"),
        row("the stack's first", {"region": "a"}, {"ALIBABA_CLOUD_REGION_ID": "b"}, "a"),
        row("the environment's", {}, {"ALIBABA_CLOUD_REGION_ID": "b"}, "b"),
        row("another name of it", {}, {"ALIBABA_CLOUD_REGION": "c"}, "c"),
        row("Terraform's name of it", {}, {"ALICLOUD_REGION": "d"}, "d"),
        case("the first name first")(
            {}, {"ALICLOUD_REGION": "d", "ALIBABA_CLOUD_REGION_ID": "b"}, "b"
        ),
        case("empty is unset")(
            {"region": ""}, {"ALIBABA_CLOUD_REGION_ID": "", "ALICLOUD_REGION": "d"}, "d"
        ),
    ],
)
def test_region_of_the_stack_beats_the_environment(
    configured: dict[str, str], environment: dict[str, str], region: str | None
) -> None:
    assert region == Settings.of(configured, environment).region


def test_every_setting_is_read_by_its_own_name() -> None:
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
    assert {setting.name for setting in fields(Settings)} == set(told)

    settings = Settings.of({**told, "colour": "blue"}, {})

    assert told == {name: getattr(settings, name) for name in told}


@pytest.mark.parametrize("text", ["", "  ", "\t"])
def test_blank_setting_counts_as_unset(text: str) -> None:
    empty = {setting.name: text for setting in fields(Settings)}

    assert Settings.of(empty, {}) == Settings()


def test_keys_do_not_come_from_the_environment_here() -> None:
    """
    They are left to the credential chain, which renews them.
    """
    environment = {"ALIBABA_CLOUD_ACCESS_KEY_ID": "x", "ALIBABA_CLOUD_ACCESS_KEY_SECRET": "y"}

    assert Settings.of({}, environment) == Settings()


def test_secrets_are_not_shown() -> None:
    shown = repr(Settings(**PAIR, security_token="hush-token"))  # noqa: S106

    assert "hush" not in shown
    assert "LTAI-key" in shown
