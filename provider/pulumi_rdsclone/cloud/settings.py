"""
The configuration: region, endpoints, credentials, limits.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import timedelta
from enum import StrEnum
from ipaddress import IPv4Address, IPv6Address
from math import inf
from typing import Any, Final

from pulumi_rdsclone.domain.errors import ConfigurationError
from pulumi_rdsclone.domain.problems import FormError, quoted
from pulumi_rdsclone.domain.times import parse_duration

_REGION_VARIABLES = (
    "ALIBABA_CLOUD_REGION_ID",
    "ALIBABA_CLOUD_REGION",
    "ALICLOUD_REGION",
)
"""Environment variables of the region, as Alibaba Cloud's tools read them."""


def _is_given(text: str | None) -> bool:
    """
    Return whether a setting has a value that is not blank.
    """
    return bool(text and text.strip())


def _setting(doc: str, *, secret: bool = False, variables: tuple[str, ...] = ()) -> Any:
    """
    Return the field of a setting: its doc, environment variables, and secrecy.
    """
    metadata = {"doc": doc, "secret": secret, "variables": variables}
    return field(default=None, repr=not secret, metadata=metadata)


class AccountSite(StrEnum):
    """
    The web site on which an account was opened; it decides prices and products.
    """

    CHINA = "china"
    INTERNATIONAL = "international"


_SITES: Final = {
    **{site.value: site for site in AccountSite},
    "domestic": AccountSite.CHINA,
}
"""Sites by their names: ours, and those of the environment variable."""

_ENDPOINT: Final = re.compile(
    r"(?:(?P<scheme>https?)://)?"
    r"(?P<place>(?P<host>\[[^\]/]+\]|[a-z0-9_.-]+)(?::(?P<port>[1-9][0-9]{0,4}))?)/?",
    re.IGNORECASE,
)
_NAME: Final = re.compile(
    r"(?:[a-z0-9_-]{1,63}\.)*[a-z_][a-z0-9_-]{0,62}\.?", re.IGNORECASE
)
"""
Source: RFC 1123, with the underscores that names in a container network may have. A
name that ends with a number is none (URL Standard, host parsing).
"""

_LAST_PORT: Final = 65535


@dataclass(frozen=True)
class Endpoint:
    """
    Configured endpoint of a service; empty for the region's public endpoint.
    """

    text: str

    @property
    def host(self) -> str:
        """
        Host and port; empty for the region's public endpoint, and if malformed.
        """
        found = self._parts
        if not found or int(found["port"] or 1) > _LAST_PORT:
            return ""
        is_host = _address(found["host"]) or _NAME.fullmatch(found["host"])
        return found["place"] if is_host else ""

    @property
    def is_plain(self) -> bool:
        """
        Whether HTTP is spoken, as with an emulator.
        """
        found = self._parts
        return found is not None and (found["scheme"] or "").lower() == "http"

    @property
    def is_local(self) -> bool:
        """
        Whether the host is this machine, which no proxy can reach.
        """
        name = self._parts["host"] if self._parts else ""
        address = _address(name)
        return address.is_loopback if address else name.lower() == "localhost"

    @property
    def _parts(self) -> re.Match[str] | None:
        return _ENDPOINT.fullmatch(self.text.strip())


def _address(host: str) -> IPv4Address | IPv6Address | None:
    """
    Return the IP address that *host* is, as a URL writes it; None for a name.
    """
    try:
        return IPv6Address(host[1:-1]) if host.startswith("[") else IPv4Address(host)
    except ValueError:
        return None


@dataclass(frozen=True, kw_only=True)
class Settings:
    """
    The provider's configuration, the ``rdsclone`` namespace of the stack.

    Raises:
        ConfigurationError: The settings contradict each other.
    """

    region: str | None = _setting(
        "Default region of clones, such as cn-hangzhou.", variables=_REGION_VARIABLES
    )
    endpoint: str | None = _setting(
        "Host, optionally with port, of an RDS endpoint; HTTPS is spoken unless it "
        "begins with http://. Default: the region's public endpoint."
    )
    vpc_endpoint: str | None = _setting(
        "Host of an endpoint of the VPC service, which tells the vSwitches. Default: "
        "the region's public endpoint; an RDS endpoint that begins with http:// "
        "answers for both."
    )
    access_key_id: str | None = _setting(
        "Access key. Default: the credential chain of Alibaba Cloud's tools "
        "(environment, OIDC, ~/.aliyun/config.json, ECS role)."
    )
    access_key_secret: str | None = _setting("Secret of the access key.", secret=True)
    security_token: str | None = _setting(
        "Token of temporary (STS) credentials.", secret=True
    )
    profile: str | None = _setting(
        "Profile of the aliyun command line's configuration file."
    )
    identity: str | None = _setting(
        "Sets apart two stacks of one name in one account, which private state "
        "backends allow."
    )
    skip_checks: str | None = _setting(
        "Ids of checks that are not made, separated by commas; see docs/checks.md."
    )
    check_timeout: str | None = _setting(
        "How long a question to the cloud may hold up the checks, such as 10s, the "
        "default; what is not known by then is not verified."
    )
    max_price_per_hour: str | None = _setting(
        "The most that an hour of any clone may cost, in the account's currency; a "
        "clone's own limit counts where it is smaller."
    )
    site: str | None = _setting(
        "Where the account was opened: china, the default, or international. Prices "
        "and products are asked for under the codes of that site.",
        variables=("ALIBABA_CLOUD_ACCOUNT_TYPE",),
    )
    instance_quota: str | None = _setting(
        "How many instances a region of the account may have, such as 30; with it the "
        "clones of a program are counted before one is ordered."
    )

    def __post_init__(self) -> None:
        if bool(self.access_key_id) != bool(self.access_key_secret):
            message = (
                "rdsclone:accessKeyId and rdsclone:accessKeySecret belong together — "
                "set both or neither"
            )
            raise ConfigurationError(message)
        for name, text in (
            ("endpoint", self.endpoint),
            ("VPC endpoint", self.vpc_endpoint),
        ):
            if text is not None and not Endpoint(text).host:
                message = (
                    f"the {name} {quoted(text)} is not a host with an optional port — "
                    "write it like rds.aliyuncs.com or http://127.0.0.1:8080"
                )
                raise ConfigurationError(message)
        self.account_site  # noqa: B018 - judged now, so that it is refused early
        self.price_limit  # noqa: B018 - judged now, so that it is refused early
        self.quota  # noqa: B018 - judged now, so that it is refused early
        try:
            self.budget  # noqa: B018 - judged now, so that it is refused early
        except FormError as error:
            message = f"rdsclone:checkTimeout {error.what} — {error.remedy}"
            raise ConfigurationError(message) from None

    @classmethod
    def of(
        cls, configured: Mapping[str, str], environment: Mapping[str, str]
    ) -> "Settings":
        """
        Return the settings in *configured*, by snake_case names, and *environment*.

        Raises:
            ConfigurationError: The settings contradict each other.
        """
        values = {}
        for described in fields(cls):
            variables = described.metadata["variables"]
            texts = [configured.get(described.name), *map(environment.get, variables)]
            values[described.name] = next(filter(_is_given, texts), None)
        return cls(**values)

    @property
    def rds(self) -> Endpoint:
        """
        Endpoint of RDS.
        """
        return Endpoint(self.endpoint or "")

    @property
    def vpc(self) -> Endpoint:
        """
        Endpoint of the VPC service; an emulator answers for both.
        """
        if self.vpc_endpoint or not self.rds.is_plain:
            return Endpoint(self.vpc_endpoint or "")
        return self.rds

    @property
    def sts(self) -> Endpoint:
        """
        Endpoint of STS, which knows the account of the credentials.
        """
        return self.rds if self.rds.is_plain else Endpoint("sts.aliyuncs.com")

    @property
    def skipped(self) -> tuple[str, ...]:
        """
        The ids of the skipped checks.
        """
        return tuple(re.findall(r"[^\s,\[\]\"']+", self.skip_checks or ""))

    @property
    def account_site(self) -> AccountSite:
        """
        The web site on which the account was opened.

        It has to be configured: accounts of both use the same endpoints and regions.

        Raises:
            ConfigurationError: The configured text is not a site.
        """
        name = (self.site or AccountSite.CHINA).strip().casefold()
        if name not in _SITES:
            message = (
                f"rdsclone:site {quoted(self.site or '')} is not a site of Alibaba "
                "Cloud — choose one of china, international"
            )
            raise ConfigurationError(message)
        return _SITES[name]

    @property
    def price_limit(self) -> float | None:
        """
        The highest price of an hour of a clone; None if not configured.

        Raises:
            ConfigurationError: The configured text is not a price.
        """
        text = self.max_price_per_hour
        if text is None:
            return None
        try:
            limit = float(text)
        except ValueError:
            limit = 0
        if not 0 < limit < inf:
            message = (
                f"rdsclone:maxPricePerHour {quoted(text)} is not a price — write a "
                "number above 0, such as 2.5"
            )
            raise ConfigurationError(message)
        return limit

    @property
    def quota(self) -> int | None:
        """
        How many instances a region may have; None if not configured.

        Raises:
            ConfigurationError: The configured text is not such a number.
        """
        text = self.instance_quota
        if text is None:
            return None
        if not re.fullmatch(r"[1-9][0-9]{0,8}", text.strip(), re.ASCII):
            message = (
                f"rdsclone:instanceQuota {quoted(text)} is not a number of instances — "
                "write a whole number above 0, such as 30"
            )
            raise ConfigurationError(message)
        return int(text)

    @property
    def budget(self) -> timedelta | None:
        """
        How long a read may delay a check; None if not configured.
        """
        return parse_duration(self.check_timeout) if self.check_timeout else None
