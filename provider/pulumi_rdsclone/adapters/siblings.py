"""
The other clones of the program, from the hidden input of a clone.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from pulumi_rdsclone.adapters.engine import is_unknown
from pulumi_rdsclone.adapters.program import Program
from pulumi_rdsclone.domain.clone_state import CloneState
from pulumi_rdsclone.domain.desired import DesiredClone
from pulumi_rdsclone.domain.urn import name_in, sibling_urn
from pulumi_rdsclone.domain.values import Properties
from pulumi_rdsclone.lifecycle import diffing
from pulumi_rdsclone.presentation.properties import from_properties


@dataclass(frozen=True, kw_only=True)
class Sibling:
    """
    Another clone of the same program.

    Attributes:
        name: The resource's name.
        urn: Its URN; None if it has a parent, whose URN is not known yet.
        inputs: As declared, a tree in snake_case.
        recorded: Its outputs in the state, as far as they are declared in plain text;
            None if it has no state.
    """

    name: str
    urn: str | None
    inputs: Properties
    recorded: Properties | None

    @property
    def is_to_be_made(self) -> bool:
        """
        Whether it is to be created or replaced.
        """
        if self.recorded is None:
            return True
        return bool(
            diffing.diff(
                CloneState(self.recorded), DesiredClone.from_inputs(self.inputs)
            ).replaces
        )


def siblings_of(urn: str, program: Program) -> Iterator[Sibling]:
    """
    Yield the other clones of *program* for the clone with *urn*.

    There are none if the state is not known: an existing clone must not be taken for a
    new one.
    """
    own_name = name_in(urn)
    for clone in program.clones:
        name, recorded = clone["name"], clone["recorded"]
        if name == own_name:
            continue
        yield Sibling(
            name=name,
            urn=None if clone["nested"] else sibling_urn(name, urn),
            inputs=from_properties(clone["inputs"], is_unknown),
            recorded=from_properties(recorded, is_unknown) if recorded else None,
        )
