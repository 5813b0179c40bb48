"""
Small changes of an instance that take effect at once.
"""

from dataclasses import replace
from typing import Final

from rds_emulator.actions.registry import Answer, Invocation, action
from rds_emulator.protocol.errors import ApiError, invalid, missing
from rds_emulator.rules import naming
from rds_emulator.rules.preconditions import check_engine
from rds_emulator.rules.windows import is_window
from rds_emulator.state.model import UPGRADED_ENGINES

_MAX_DESCRIPTION: Final = 64
_UPGRADES: Final = ("Auto", "Manual")


@action(
    "ModifyDBInstanceDescription",
    writes=True,
    models="The description, 2 to 64 characters, in any status.",
    evidence="Error table of the official page.",
    not_found="InvalidDBInstanceName.NotFound",
)
def modify_description(invocation: Invocation) -> Answer:
    """
    Change the description of an instance.
    """
    description = invocation.parameters.required("DBInstanceDescription")
    naming.check_description(description, most=_MAX_DESCRIPTION)
    instance = invocation.instance()
    invocation.cloud.change(replace(instance, description=description))
    return {}


@action(
    "ModifyDBInstanceDeletionProtection",
    writes=True,
    models=(
        "The switch, in any status; for pay-as-you-go instances only, others get"
        " InvalidDeletionProtection.ValueNotSupported."
    ),
    evidence=(
        "Parameters of SDK 16.0.2; no error table was found, so that code is ours."
    ),
)
def modify_deletion_protection(invocation: Invocation) -> Answer:
    """
    Switch the protection against release on or off.
    """
    wanted = invocation.parameters.boolean("DeletionProtection")
    if wanted is None:
        raise missing(name="DeletionProtection")
    instance = invocation.instance()
    if wanted and instance.pay_type != "Postpaid":
        raise ApiError(code="InvalidDeletionProtection.ValueNotSupported")
    invocation.cloud.change(replace(instance, deletion_protection=wanted))
    return {}


@action(
    "ModifyDBInstanceMaintainTime",
    writes=True,
    models=(
        "The window, HH:mmZ-HH:mmZ of any length, in any status; a clone has the"
        " default, 18:00Z-22:00Z. Nothing happens in it. ClientToken is ignored."
    ),
    evidence=(
        "Parameters of SDK 16.0.2; no error table was found. That a clone does not"
        " inherit it is ours."
    ),
)
def modify_maintain_time(invocation: Invocation) -> Answer:
    """
    Change the maintenance window of an instance.
    """
    window = invocation.parameters.required("MaintainTime")
    if not is_window(window):
        raise invalid(name="MaintainTime")
    instance = invocation.instance()
    invocation.cloud.change(replace(instance, maintain_time=window))
    return {}


@action(
    "ModifyDBInstanceAutoUpgradeMinorVersion",
    writes=True,
    models=(
        "Auto or Manual for MySQL and PostgreSQL, in any status; a clone has the"
        " default, Auto. Nothing is upgraded by itself. ClientToken is ignored."
    ),
    evidence=(
        "Parameters and engines of the official page and of SDK 16.0.2; no error table"
        " was found. The default is that of Terraform's documentation. Ours: the code"
        " for other engines (IncorrectDBInstanceEngine), and that a clone does not"
        " inherit it."
    ),
)
def modify_auto_upgrade(invocation: Invocation) -> Answer:
    """
    Set how an instance gets new minor versions.
    """
    name = "AutoUpgradeMinorVersion"
    wanted = invocation.parameters.required(name)
    invocation.parameters.choice(name, _UPGRADES)
    instance = invocation.instance()
    check_engine(instance, UPGRADED_ENGINES)
    invocation.cloud.change(replace(instance, auto_upgrade_minor_version=wanted))
    return {}
