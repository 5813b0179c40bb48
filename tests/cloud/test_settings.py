from typing import Any

import pytest

from pulumi_rdsclone.cloud.settings import Settings
from pulumi_rdsclone.domain.errors import ConfigurationError

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
    ],
)
def test_endpoint(endpoint: str | None, host: str, plain: bool, local: bool) -> None:  # noqa: FBT001
    """
    HTTPS is spoken unless the endpoint says http://; this machine is known as such.
    """
    settings = Settings(endpoint=endpoint)

    assert (host, plain, local) == (settings.host, settings.is_plain, settings.is_local)


@pytest.mark.parametrize("endpoint", ["", "  ", "http://", "https:///path"])
def test_endpoint_without_a_host(endpoint: str) -> None:
    """
    An endpoint that names no host is refused with an example.
    """
    with pytest.raises(ConfigurationError, match=r"rdsclone:endpoint .* is no host"):
        Settings(endpoint=endpoint)


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
    }

    settings = Settings.of({**told, "colour": "blue"}, {})

    assert told == {name: getattr(settings, name) for name in told}


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
