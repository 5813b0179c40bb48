"""
Checks the provider's configuration and compares it with an earlier one.
"""

from difflib import get_close_matches
from typing import Final

from pulumi_rdsclone.adapters.engine import is_unknown
from pulumi_rdsclone.cloud.settings import Settings
from pulumi_rdsclone.cloud.sts import account_id
from pulumi_rdsclone.domain.errors import ConfigurationError
from pulumi_rdsclone.domain.problems import one_line
from pulumi_rdsclone.domain.values import Properties
from pulumi_rdsclone.presentation.configuration import SETTINGS, configured_settings

_PULUMIS_OWN: Final = ("version", "pluginDownloadURL")
"""What Pulumi's SDKs add to the arguments of a provider."""

_KEYS: Final = ("accessKeyId", "profile")
"""Settings that select credentials."""


def problems_of(configured: Properties) -> list[str]:
    """
    Return what is wrong with the arguments of a provider.

    Args:
        configured: By their names in camelCase; may hold marks of unknown values.
    """
    strangers = configured.keys() - SETTINGS.keys() - set(_PULUMIS_OWN)
    problems = [_unknown_name(name) for name in sorted(strangers)]
    if any(map(is_unknown, configured.values())):
        return problems
    try:
        _settings(configured)
    except ConfigurationError as error:
        problems.append(str(error))
    return problems


def replaces(olds: Properties, news: Properties) -> list[str]:
    """
    Return the arguments whose change needs new clones: another region or account.

    A region that was not configured came from the environment and is not known; clones
    keep the region in which they were made. Other keys may belong to the same account:
    the cloud is asked, and without an answer they count as such.
    """
    moved = ["region"] if _is_other("region", olds=olds, news=news) else []
    keys = [name for name in _KEYS if _is_other(name, olds=olds, news=news)]
    return [*moved, *keys] if keys and _are_strangers(olds, news) else moved


def _are_strangers(olds: Properties, news: Properties) -> bool:
    old, new = _account(olds), _account(news)
    return old is not None and new is not None and old != new


def _is_other(name: str, *, olds: Properties, news: Properties) -> bool:
    old, new = olds.get(name), news.get(name)
    return bool(old and new and not is_unknown(new) and old != new)


def _account(configured: Properties) -> str | None:
    """
    Return the account of the configured credentials; None if unknown.
    """
    if any(map(is_unknown, configured.values())):
        return None
    try:
        return account_id(_settings(configured))
    except ConfigurationError:
        return None


def _settings(configured: Properties) -> Settings:
    texts = {name: str(v) for name, v in configured.items() if v is not None}
    return Settings.of(configured_settings(texts.get), {})


def _unknown_name(name: str) -> str:
    close = get_close_matches(name, SETTINGS, n=1)
    remedy = (
        f"did you mean {close[0]}?" if close else f"use one of {', '.join(SETTINGS)}"
    )
    return f"rdsclone:{one_line(name, 60)} is not a setting of this provider — {remedy}"
