"""
Programs against a mocked engine, which makes nothing.
"""

from collections.abc import Callable
from typing import Any

from pulumi.runtime import mocks

import pulumi


class Engine(mocks.Mocks):
    """
    Remembers what is registered.
    """

    def __init__(self) -> None:
        self.registered: list[mocks.MockResourceArgs] = []

    @property
    def clones(self) -> list[mocks.MockResourceArgs]:
        """
        The clones, in the order of their names.
        """
        found = [resource for resource in self.registered if resource.custom]
        return sorted(found, key=lambda resource: resource.name)

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str | None, dict[str, Any]]:
        self.registered.append(args)
        return args.name, {
            **args.inputs,
            "instanceId": args.name,
            "status": "Running",
            "connectionString": f"{args.name}.rds",
            "port": 3306.0,
            "restoredFrom": {"sourceInstanceId": "rm-source", "time": "2026-11-20T04:00:00Z"},
        }

    def call(self, args: mocks.MockCallArgs) -> tuple[dict[str, Any], None]:
        raise NotImplementedError(args.token)


def run(program: Callable[[], Any]) -> None:
    """
    Run *program* to its end.
    """
    pulumi.runtime.test(program)()  # type: ignore[no-untyped-call]
