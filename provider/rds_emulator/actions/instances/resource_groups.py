"""
The resource group that an instance is in.
"""

import re
from dataclasses import replace
from typing import Final

from rds_emulator.actions.registry import Answer, Invocation, action
from rds_emulator.protocol.errors import ApiError
from rds_emulator.rules.cloning import order

_GROUP: Final = re.compile(r"rg-[a-z0-9-]+")


@action(
    "ModifyResourceGroup",
    writes=True,
    models=(
        "The resource group, at once and in any status. Any id that begins with rg- is"
        " taken for one that exists."
    ),
    evidence=(
        "Parameters of SDK 16.0.2; no error table was found, so"
        " InvalidResourceGroupId.Malformed, for any other id, is ours. That"
        " ResourceType can only be INSTANCE is inferred."
    ),
)
def modify_resource_group(invocation: Invocation) -> Answer:
    """
    Move an instance to another resource group.
    """
    order.client_token(invocation.parameters)
    invocation.parameters.choice("ResourceType", ("INSTANCE",))
    group = invocation.parameters.required("ResourceGroupId")
    instance = invocation.instance()
    if not _GROUP.fullmatch(group):
        raise ApiError(code="InvalidResourceGroupId.Malformed")
    invocation.cloud.change(replace(instance, resource_group_id=group))
    return {}
