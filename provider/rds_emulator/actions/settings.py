"""
Small changes of an instance that take effect at once.
"""

from dataclasses import replace

from rds_emulator import naming
from rds_emulator.errors import ApiError, invalid, missing
from rds_emulator.preconditions import check_engine
from rds_emulator.registry import Answer, Invocation, action
from rds_emulator.upkeep import UPGRADED_ENGINES, is_window

_MAX_DESCRIPTION = 64
_UPGRADES = ("Auto", "Manual")


@action(
    "ModifyDBInstanceDescription",
    writes=True,
    models="The description, 2 to 64 characters, in any status.",
    evidence="Error table of the official page.",
    not_found="InvalidDBInstanceName.NotFound",
)
def modify_description(invocation: Invocation) -> Answer:
    """
    Give an instance another description.
    """
    description = invocation.parameters.required("DBInstanceDescription")
    naming.check_description(description, most=_MAX_DESCRIPTION)
    instance = invocation.instance()
    invocation.world.change(replace(instance, description=description))
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
    invocation.world.change(replace(instance, deletion_protection=wanted))
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
    Give an instance another maintenance window.
    """
    window = invocation.parameters.required("MaintainTime")
    if not is_window(window):
        raise invalid(name="MaintainTime")
    instance = invocation.instance()
    invocation.world.change(replace(instance, maintain_time=window))
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
    Say how an instance gets new minor versions.
    """
    name = "AutoUpgradeMinorVersion"
    wanted = invocation.parameters.required(name)
    invocation.parameters.choice(name, _UPGRADES)
    instance = invocation.instance()
    check_engine(instance, UPGRADED_ENGINES)
    invocation.world.change(replace(instance, auto_upgrade_minor_version=wanted))
    return {}
