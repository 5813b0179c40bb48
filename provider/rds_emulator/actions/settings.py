"""
Small changes of an instance that take effect at once.
"""

from dataclasses import replace

from rds_emulator import naming
from rds_emulator.errors import ApiError, missing
from rds_emulator.registry import Answer, Invocation, action

_MAX_DESCRIPTION = 64


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
