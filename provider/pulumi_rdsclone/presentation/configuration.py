"""
The settings of the provider by the names that users write.
"""

from collections.abc import Callable
from dataclasses import fields
from typing import Final

from pulumi_rdsclone.cloud.settings import Settings
from pulumi_rdsclone.presentation.spelling import to_camel

SETTINGS: Final = {to_camel(field.name): field.name for field in fields(Settings)}
"""Names of the settings in this package by their names in camelCase."""


def configured_settings(config: Callable[[str], str | None]) -> dict[str, str]:
    """
    Return the values of the configured settings, by their names in snake_case.

    Args:
        config: Returns the value of a setting by its name in camelCase.
    """
    values = {name: config(key) for key, name in SETTINGS.items()}
    return {name: value for name, value in values.items() if value}
