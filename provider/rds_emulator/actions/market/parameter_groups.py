"""
Parameter templates: there are none.
"""

from rds_emulator.actions.registry import Answer, Invocation, action
from rds_emulator.protocol.errors import ApiError


@action(
    "DescribeParameterGroups",
    models=(
        "An empty list: parameter templates are not modelled. EnableDetail is checked;"
        " ResourceGroupId is ignored."
    ),
    evidence="Parameters and response tree of SDK 16.0.2.",
)
def describe_parameter_groups(invocation: Invocation) -> Answer:
    """
    List the parameter templates of a region: none.
    """
    invocation.required_region()
    invocation.parameters.boolean("EnableDetail")
    return {"ParameterGroups": {"ParameterGroup": []}, "SignalForOptimizeParams": False}


@action(
    "DescribeParameterGroup",
    models="Every template is unknown.",
    evidence=(
        "Parameters of SDK 16.0.2. ParamGroupsNotExistError is what Terraform's"
        " provider takes for gone; its status is ours."
    ),
)
def describe_parameter_group(invocation: Invocation) -> Answer:
    """
    Refuse to describe a parameter template, for there are none.
    """
    invocation.required_region()
    invocation.parameters.required("ParameterGroupId")
    raise ApiError(code="ParamGroupsNotExistError")
