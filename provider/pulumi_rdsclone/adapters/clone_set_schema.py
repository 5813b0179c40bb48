"""
The schema of `CloneSet`, derived from that of one clone.
"""

from pulumi_rdsclone.adapters.function_schema import Schema
from pulumi_rdsclone.domain.clone_set import (
    DEFAULT,
    LARGEST,
    OUTPUTS,
    QUANTITY,
    described_for_each,
)
from pulumi_rdsclone.presentation.spelling import to_camel


def clone_set(clone: Schema) -> Schema:
    """
    Return the schema of a set of clones, given that of *clone*.
    """
    properties = clone["properties"]
    outputs = {
        to_camel(name): _list_of(properties[to_camel(n)]) for name, n in OUTPUTS.items()
    }
    quantity = {
        "type": "integer",
        "plain": True,
        "description": f"{QUANTITY} Default: {DEFAULT}.",
    }
    return {
        "description": (
            f"One to {LARGEST} clones of an ApsaraDB RDS instance, made alike from one "
            "declaration. Each is a `CloneInstance` named after the set: NAME-1, "
            "NAME-2, and so on."
        ),
        "isComponent": True,
        "inputProperties": {"quantity": quantity, **clone["inputProperties"]},
        "requiredInputs": clone["requiredInputs"],
        "properties": outputs,
        "required": list(outputs),
    }


def _list_of(output: Schema) -> Schema:
    return {
        "type": "array",
        "items": {"type": output["type"]},
        "description": described_for_each(output["description"]),
    }
