"""
Engine parameters.

RDS would refuse them only after the clone has been ordered.
"""

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Final

from pulumi_rdsclone.domain.checking import Finding, Rules
from pulumi_rdsclone.domain.engine_parameters import ParameterTemplate
from pulumi_rdsclone.domain.problems import listed, quoted
from pulumi_rdsclone.domain.spec import CloneSpec

RULES = Rules()

Templates = tuple[ParameterTemplate, ...]

_REMOVE: Final = "remove this parameter"


@RULES.check("parameter-known", "parameters{}")
def parameters_can_be_set(
    spec: CloneSpec, parameter_templates: Templates
) -> Finding | None:
    """
    The engine has the parameters, and they can be set.

    Source: DescribeParameterTemplates, ParameterName and ForceModify.
    """
    known = {template.name: template for template in parameter_templates}
    for name in sorted(spec.parameters):
        if name not in known:
            close = get_close_matches(name, known, n=1)
            remedy = f"did you mean {quoted(close[0])}?" if close else _REMOVE
            return Finding(f"the engine has no parameter {quoted(name)}", remedy)
        if not known[name].modifiable:
            return Finding(f"the parameter {quoted(name)} cannot be set", _REMOVE)
    return None


@RULES.check("parameter-range", "parameters[]")
def parameters_are_in_range(
    spec: CloneSpec, parameter_templates: Templates
) -> Finding | None:
    """
    A parameter has one of the values that it takes.

    Source: DescribeParameterTemplates, CheckingCode. Only ranges of numbers and choices
    of words are judged.
    """
    for template in sorted(parameter_templates, key=lambda template: template.name):
        name = template.name
        value = spec.parameters.get(name)
        if value is not None and (better := template.accepted_values(value)):
            return Finding(
                f"the parameter {quoted(name)} does not accept {quoted(value)}",
                f"use {better}",
            )
    return None


@RULES.check("parameter-restart", "parameters[]", "allow_restart")
def restarts_are_allowed(
    spec: CloneSpec,
    parameter_templates: Templates,
    source_parameters: Mapping[str, str],
) -> Finding | None:
    """
    The clone may be restarted for a parameter that takes effect at a restart only.

    A clone begins with the source's values, so those need none.

    Source: DescribeParameterTemplates, ForceRestart; the documentation of cloning says
    that parameters come along.
    """
    if spec.allow_restart:
        return None
    names = [
        template.name
        for template in parameter_templates
        if template.modifiable
        and template.restarts
        and template.name in spec.parameters
        if source_parameters.get(template.name) != spec.parameters[template.name]
    ]
    if not names:
        return None
    return Finding(
        f"a restart is needed for the parameters {listed(sorted(names), quoted)}",
        "set allow_restart to true, or remove these parameters",
    )
