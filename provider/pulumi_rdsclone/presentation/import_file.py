"""
Makes the file by which `pulumi import --file` takes instances as dynamic clones.

The engine imports no dynamic resource by its id: it does not know the provider that is
stored with one. A file with inputs and outputs is taken as it is.
"""

from collections.abc import Mapping
from typing import Final

from pulumi_rdsclone.domain.type_tokens import DYNAMIC_CLONE_TYPE
from pulumi_rdsclone.domain.values import Document, Properties
from pulumi_rdsclone.lifecycle.observing import Reading
from pulumi_rdsclone.presentation.properties import to_properties

PROVIDER: Final = (
    "gASVQQAAAAAAAACMIHB1bHVtaV9yZHNjbG9uZS5hZGFwdGVycy5keW5hbWljlIwVQ2xvbmVJbnN0"
    "YW5jZVByb3ZpZGVylJOUKYGULg=="
)
"""The dynamic provider as Pulumi stores it with each resource: a name, unchanged."""


def import_file(readings: Mapping[str, Reading]) -> Document:
    """
    Return the content of the file.

    The inputs contain the region, as those from Check do: at the import another one may
    be configured than in the stack.

    Args:
        readings: The imported instances by the names of the resources.
    """

    def written(values: Properties | None) -> Document:
        return {"__provider": PROVIDER, **to_properties(values or {}, lambda: None)}

    return {
        "resources": [
            {
                "type": DYNAMIC_CLONE_TYPE,
                "name": name,
                "id": reading.outputs["instance_id"],
                "inputs": written(_with_region(reading)),
                "outputs": written(reading.outputs),
            }
            for name, reading in readings.items()
        ]
    }


def _with_region(reading: Reading) -> Properties:
    return {"region": reading.outputs["region"], **(reading.inputs or {})}
