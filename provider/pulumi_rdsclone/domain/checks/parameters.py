"""
Whether the engine takes the parameters: their names, their values, a restart.

What is refused there would be refused only after the clone has been ordered.
"""

from collections.abc import Mapping
from difflib import get_close_matches

from pulumi_rdsclone.domain.checking import Finding, Rules
from pulumi_rdsclone.domain.spec import CloneSpec
from pulumi_rdsclone.domain.tuning import ParameterTemplate

RULES = Rules()

Templates = tuple[ParameterTemplate, ...]


@RULES.check("parameter-known", "parameters{}")
def parameters_can_be_set(
    spec: CloneSpec, parameter_templates: Templates
) -> Finding | None:
    """
    The engine has the parameters, and they can be set.

    Source: DescribeParameterTemplates, ParameterName and ForceModify.
    """
    known = {one.name: one for one in parameter_templates}
    for name in sorted(spec.parameters):
        if name not in known:
            close = get_close_matches(name, known, n=1)
            remedy = f"did you mean {close[0]}?" if close else "leave it out"
            return Finding(f"the engine has no parameter {name!r}", remedy)
        if not known[name].modifiable:
            return Finding(f"{name} cannot be set", "leave it out")
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
    for one in sorted(parameter_templates, key=lambda one: one.name):
        value = spec.parameters.get(one.name)
        if value is not None and (better := one.instead_of(value)):
            return Finding(f"{one.name} does not take {value!r}", f"use {better}")
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
        one.name
        for one in parameter_templates
        if one.modifiable and one.restarts and one.name in spec.parameters
        if source_parameters.get(one.name) != spec.parameters[one.name]
    ]
    if not names:
        return None
    return Finding(
        f"these take effect at a restart only: {', '.join(sorted(names))}",
        "set allow_restart, or leave them out",
    )
