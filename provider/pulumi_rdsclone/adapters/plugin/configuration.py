"""
The provider's configuration: what it may hold, and what a change of it does.
"""

from collections.abc import Mapping
from dataclasses import fields
from difflib import get_close_matches
from typing import Any, Final

from pulumi_rdsclone.adapters.engine import is_unknown
from pulumi_rdsclone.cloud.settings import Settings
from pulumi_rdsclone.cloud.sts import account_id
from pulumi_rdsclone.domain.errors import ConfigurationError
from pulumi_rdsclone.domain.problems import one_line
from pulumi_rdsclone.presentation.spelling import to_camel

_PULUMIS_OWN: Final = ("version", "pluginDownloadURL")
"""What Pulumi's SDKs add to the arguments of a provider."""

_KEYS: Final = ("accessKeyId", "profile")
"""What names credentials."""

_NAMES: Final = {to_camel(field.name): field.name for field in fields(Settings)}


def problems_of(configured: Mapping[str, Any]) -> list[str]:
    """
    Find what is wrong with the arguments of a provider.

    Args:
        configured: By their names in camelCase; may hold marks of unknown values.
    """
    strangers = configured.keys() - _NAMES.keys() - set(_PULUMIS_OWN)
    problems = [_unknown_name(name) for name in sorted(strangers)]
    if any(map(is_unknown, configured.values())):
        return problems
    try:
        _settings(configured)
    except ConfigurationError as error:
        problems.append(str(error))
    return problems


def replaces(olds: Mapping[str, Any], news: Mapping[str, Any]) -> list[str]:
    """
    Name the arguments whose change needs new clones: another region, another account.

    A region that was not configured came from the environment, where nobody can tell
    what it was; clones keep the region in which they were made. Other keys may be the
    same account's: the cloud is asked, and where it does not tell they count as such.
    """
    moved = ["region"] if _is_other("region", olds, news) else []
    keys = [name for name in _KEYS if _is_other(name, olds, news)]
    return [*moved, *keys] if keys and _are_strangers(olds, news) else moved


def _are_strangers(olds: Mapping[str, Any], news: Mapping[str, Any]) -> bool:
    old, new = _account(olds), _account(news)
    return old is not None and new is not None and old != new


def _is_other(name: str, olds: Mapping[str, Any], news: Mapping[str, Any]) -> bool:
    old, new = olds.get(name), news.get(name)
    return bool(old and new and not is_unknown(new) and old != new)


def _account(configured: Mapping[str, Any]) -> str | None:
    """
    Ask whose the configured credentials are; None if nobody tells.
    """
    if any(map(is_unknown, configured.values())):
        return None
    try:
        return account_id(_settings(configured))
    except ConfigurationError:
        return None


def _settings(configured: Mapping[str, Any]) -> Settings:
    told = {name: configured.get(key) for key, name in _NAMES.items()}
    return Settings.of({name: str(v) for name, v in told.items() if v is not None}, {})


def _unknown_name(name: str) -> str:
    close = get_close_matches(name, _NAMES, n=1)
    remedy = f"did you mean {close[0]}?" if close else f"use one of {', '.join(_NAMES)}"
    return f"rdsclone:{one_line(name, 60)} is not a setting of this provider — {remedy}"
