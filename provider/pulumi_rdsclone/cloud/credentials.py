"""
Finds the keys that sign calls, before each call: some expire within the hour.
"""

import logging
import os
import threading
from dataclasses import dataclass, field
from typing import Any, Final

from pulumi_rdsclone.cloud.settings import Settings
from pulumi_rdsclone.debugging import DEBUG
from pulumi_rdsclone.domain.errors import ConfigurationError
from pulumi_rdsclone.domain.problems import quoted

_VARIABLES: Final = (
    (
        "ALIBABA_CLOUD_ACCESS_KEY_ID",
        "ALIBABA_CLOUD_ACCESS_KEY_SECRET",
        "ALIBABA_CLOUD_SECURITY_TOKEN",
    ),
    ("ALICLOUD_ACCESS_KEY", "ALICLOUD_SECRET_KEY", "ALICLOUD_SECURITY_TOKEN"),
)
"""
Environment variables of static keys: those of Alibaba Cloud's tools, then those of the
alicloud providers of Terraform and Pulumi. Keys of two sets are never mixed.
"""

SECRETS: Final = tuple(name for _, *secrets in _VARIABLES for name in secrets)
"""Those of them that hold secrets."""

_PROFILE: Final = "ALIBABA_CLOUD_PROFILE"
_OTHER_PROFILE: Final = "ALICLOUD_PROFILE"
"""The alicloud providers' name of it; the library reads the first one only."""

_LIBRARY: Final = "alibabacloud_credentials"


def _may_be_seen(record: logging.LogRecord) -> bool:
    """
    Return whether *record* is not the library's, or *DEBUG* is set.

    The library prints a traceback for each place where it finds no credentials, by a
    handler of its own for a logger whose name a program may use, too.
    """
    return _LIBRARY not in record.pathname or bool(os.environ.get(DEBUG))


logging.getLogger("credentials").addFilter(_may_be_seen)


@dataclass(frozen=True)
class Keys:
    """
    One set of signing keys. Its secrets stay out of its repr.
    """

    access_key_id: str
    secret: str = field(repr=False)
    token: str = field(default="", repr=False)


class Keyring:
    """
    Source of valid keys for as long as the program runs.

    Static keys come from the settings. Otherwise Alibaba Cloud's own library finds
    and renews them: environment, OIDC, configuration files, ECS role.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._lock = threading.Lock()
        self._client: Any = None

    def keys(self) -> Keys:
        """
        Return keys that are valid now.

        Raises:
            ConfigurationError: No keys were found.
        """
        if static := _from_settings(self._settings) or self._from_environment():
            return static
        try:
            with self._lock:
                found = self._library_client().get_credential()
        except Exception as error:
            raise ConfigurationError(self._missing_message()) from error
        return Keys(
            found.access_key_id, found.access_key_secret, found.security_token or ""
        )

    def renew(self) -> bool:
        """
        Forget what the library has found, so that it looks for other keys.

        Returns:
            Whether there may be others: configured keys stay as they are.
        """
        if _from_settings(self._settings) or self._from_environment():
            return False
        with self._lock:
            self._client = None
        return True

    def _from_environment(self) -> Keys | None:
        """
        Return the keys in the environment, the first step of the library's chain.

        Most previews end here; loading the library would make them a fifth longer.
        """
        if self._settings.profile:
            return None
        for names in _VARIABLES:
            found = [os.environ.get(name, "") for name in names]
            if all(found[:2]):
                return Keys(*found)
        return None

    @property
    def _profile(self) -> str | None:
        """
        The configured profile, or the one that the alicloud providers read.
        """
        if self._settings.profile or os.environ.get(_PROFILE):
            return self._settings.profile
        return os.environ.get(_OTHER_PROFILE) or None

    def _library_client(self) -> Any:
        """
        Return the library's client, loaded by the first call: it costs 0.3 s.
        """
        if self._client is None:
            self._client = _load(self._profile)
        return self._client

    def _missing_message(self) -> str:
        if profile := self._profile:
            source = "rdsclone:profile" if self._settings.profile else _OTHER_PROFILE
            return (
                f"the profile {quoted(profile)} has no credentials — correct {source} "
                "or run aliyun configure"
            )
        return (
            "no credentials were found — set ALIBABA_CLOUD_ACCESS_KEY_ID and "
            "ALIBABA_CLOUD_ACCESS_KEY_SECRET, or rdsclone:accessKeyId and "
            "rdsclone:accessKeySecret in the stack's configuration"
        )


def _from_settings(settings: Settings) -> Keys | None:
    if not settings.access_key_id or not settings.access_key_secret:
        return None
    token = settings.security_token or ""
    return Keys(settings.access_key_id, settings.access_key_secret, token)


def _load(profile: str | None) -> Any:
    # Imported here for its 0.3 s, and because it reads the environment at import.
    from alibabacloud_credentials.client import Client  # noqa: PLC0415

    if profile is None:
        return Client()

    from alibabacloud_credentials.provider import (  # noqa: PLC0415
        CLIProfileCredentialsProvider,
    )

    return Client(provider=CLIProfileCredentialsProvider(profile_name=profile))
