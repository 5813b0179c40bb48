"""
A dynamic resource that does nothing, which is pickled by its name as a clone is.
"""

from typing import Any

from pulumi.dynamic import CreateResult, Resource, ResourceProvider

import pulumi


class NothingProvider(ResourceProvider):
    """
    Serves the engine's calls, and makes nothing.
    """

    serialize_as_secret_always = False

    def create(self, props: dict[str, Any]) -> CreateResult:
        return CreateResult(props["name"], {**props, "status": "done"})


class Nothing(Resource, module="rds", name="CloneInstance"):
    """
    A resource of a clone's type that is nothing.
    """

    status: pulumi.Output[str]

    def __init__(self, name: str) -> None:
        super().__init__(NothingProvider(), name, {"name": name, "status": None})
