"""
How the cloud is reached: region, endpoint, credentials, as configured.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from pulumi_rdsclone.domain.errors import ConfigurationError

_REGION_VARIABLES = (
    "ALIBABA_CLOUD_REGION_ID",
    "ALIBABA_CLOUD_REGION",
    "ALICLOUD_REGION",
)
"""Environment variables of the region, as Alibaba Cloud's tools read them."""


def _setting(doc: str, *, secret: bool = False, variables: tuple[str, ...] = ()) -> Any:
    """
    Describe one setting: what it means, whether it is secret, where it may come from.
    """
    metadata = {"doc": doc, "secret": secret, "variables": variables}
    return field(default=None, repr=not secret, metadata=metadata)


@dataclass(frozen=True, kw_only=True)
class Settings:
    """
    The provider's configuration, the ``rdsclone`` namespace of the stack.

    Raises:
        ConfigurationError: The settings contradict themselves.
    """

    region: str | None = _setting(
        "Default region of clones, such as cn-hangzhou.", variables=_REGION_VARIABLES
    )
    endpoint: str | None = _setting(
        "Host, optionally with port, of an RDS endpoint; HTTPS is spoken unless it "
        "begins with http://. Default: the region's public endpoint."
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

    def __post_init__(self) -> None:
        if bool(self.access_key_id) != bool(self.access_key_secret):
            msg = (
                "rdsclone:accessKeyId and rdsclone:accessKeySecret belong together — "
                "set both or neither"
            )
            raise ConfigurationError(msg)
        if self.endpoint is not None and not self.host:
            msg = (
                f"rdsclone:endpoint {self.endpoint!r} is no host — write it like "
                "rds.aliyuncs.com or http://127.0.0.1:8080"
            )
            raise ConfigurationError(msg)

    @classmethod
    def of(
        cls, configured: Mapping[str, str], environment: Mapping[str, str]
    ) -> "Settings":
        """
        Read settings from *configured*, names in snake_case, and the environment.

        Raises:
            ConfigurationError: The settings contradict themselves.
        """
        told = {f.name: configured.get(f.name) or None for f in fields(cls)}
        for described in fields(cls):
            variables = described.metadata["variables"]
            found = (environment[name] for name in variables if environment.get(name))
            told[described.name] = told[described.name] or next(found, None)
        return cls(**told)

    @property
    def host(self) -> str:
        """
        Host and port of the endpoint; empty for the region's public one.
        """
        return urlsplit(self._url).netloc

    @property
    def is_plain(self) -> bool:
        """
        Whether HTTP is spoken; only an emulator is reached like that.
        """
        return self._url.startswith("http://")

    @property
    def is_local(self) -> bool:
        """
        Whether the endpoint is this machine, which no proxy can reach.
        """
        name = urlsplit(self._url).hostname or ""
        try:
            return ip_address(name).is_loopback
        except ValueError:
            return name == "localhost"

    @property
    def _url(self) -> str:
        endpoint = (self.endpoint or "").strip()
        if not endpoint or endpoint.startswith(("http://", "https://")):
            return endpoint
        return f"https://{endpoint}"
