"""
The provider's configuration: what it may hold, and what a change of it does.
"""

from collections.abc import Mapping
from dataclasses import fields
from difflib import get_close_matches
from typing import Any, Final

from pulumi_rdsclone.adapters.engine import is_unknown
from pulumi_rdsclone.adapters.properties import to_camel
from pulumi_rdsclone.cloud.settings import Settings
from pulumi_rdsclone.domain.errors import ConfigurationError

_PULUMIS_OWN: Final = ("version", "pluginDownloadURL")
"""What Pulumi's SDKs add to the arguments of a provider."""

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
        told = {name: configured.get(key) for key, name in _NAMES.items()}
        Settings.of({name: str(v) for name, v in told.items() if v is not None}, {})
    except ConfigurationError as error:
        problems.append(str(error))
    return problems


def replaces(olds: Mapping[str, Any], news: Mapping[str, Any]) -> list[str]:
    """
    Name the arguments whose change needs new clones: another region is another place.

    A region that was not configured came from the environment, where nobody can tell
    what it was; clones keep the region in which they were made.
    """
    old, new = olds.get("region"), news.get("region")
    moved = old and new and not is_unknown(new) and old != new
    return ["region"] if moved else []


def _unknown_name(name: str) -> str:
    close = get_close_matches(name, _NAMES, n=1)
    remedy = f"did you mean {close[0]}?" if close else f"known: {', '.join(_NAMES)}"
    return f"rdsclone:{name} is no setting of this provider — {remedy}"
