"""
`CloneSet` as a Pulumi component of dynamic resources.
"""

from typing import Any, Final, Unpack

import pulumi
from pulumi_rdsclone.adapters.dynamic import CloneInstance
from pulumi_rdsclone.adapters.generated.arguments import (
    NAMES,
    CloneInstanceArguments,
    CloneSetOutputs,
)
from pulumi_rdsclone.domain.clone_set import (
    DEFAULT,
    OUTPUTS,
    names_of_clones,
    problem_with,
)
from pulumi_rdsclone.domain.type_tokens import CLONE_SET_TYPE
from pulumi_rdsclone.domain.unknown import UNKNOWN
from pulumi_rdsclone.domain.values import Properties, PropertyValue
from pulumi_rdsclone.presentation.properties import from_properties
from pulumi_rdsclone.presentation.spelling import to_message

_FOR_CLONES: Final = (
    "custom_timeouts",
    "delete_before_replace",
    "deleted_with",
    "depends_on",
    "ignore_changes",
    "replace_on_changes",
    "retain_on_delete",
)
"""Resource options of the clones; Pulumi itself passes on some of the others."""


class CloneSet(CloneSetOutputs, pulumi.ComponentResource):
    """
    One to five clones of an ApsaraDB RDS instance, made alike from one declaration.

    Attributes:
        clones: The clones in order; they are named after the set, NAME-1 to NAME-5.
    """

    def __init__(
        self,
        resource_name: str,
        opts: pulumi.ResourceOptions | None = None,
        *,
        quantity: int = DEFAULT,
        **arguments: Unpack[CloneInstanceArguments],
    ) -> None:
        """
        Declare a set of clones.

        Args:
            resource_name: The set's name in the stack.
            opts: Pulumi's resource options; those of the clones are passed on.
            quantity: How many clones there are, 1 to 5. A lower number releases the
                last ones, a higher one adds to them.
            arguments: What to clone and how, as for one *CloneInstance*.

        Raises:
            pulumi.RunError: *quantity* is not such a number, or only one of several
                clones could have the value of an argument.
        """
        _refuse_wrong(quantity, arguments)
        super().__init__(CLONE_SET_TYPE, resource_name, None, opts)
        own = opts or pulumi.ResourceOptions()
        passed_on: dict[str, Any] = {name: getattr(own, name) for name in _FOR_CLONES}
        self.clones = [
            CloneInstance(
                name, pulumi.ResourceOptions(parent=self, **passed_on), **arguments
            )
            for name in names_of_clones(resource_name, int(quantity))
        ]
        outputs = {
            NAMES["*"][name]: pulumi.Output.all(
                *(getattr(c, output) for c in self.clones)
            )
            for name, output in OUTPUTS.items()
        }
        self.__dict__.update(outputs)
        self.register_outputs(outputs)


def _refuse_wrong(quantity: PropertyValue, arguments: Properties) -> None:
    inputs = from_properties(arguments, _is_output)
    if problem := problem_with(UNKNOWN if _is_output(quantity) else quantity, inputs):
        raise pulumi.RunError(to_message(problem))


def _is_output(value: object) -> bool:
    return isinstance(value, pulumi.Output)
