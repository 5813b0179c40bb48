"""
A server of both APIs.
"""

from collections.abc import Callable

from starlette.types import ASGIApp

from rds_emulator.control import api
from rds_emulator.server.application import Connections, application
from rds_emulator.server.runtime import Runtime
from rds_emulator.server.server import Server


def server_of(runtime: Runtime, *, on_ready: Callable[[], object]) -> Server:
    """
    Return a server of *runtime*, for the API and the control API.

    Args:
        runtime: What is served.
        on_ready: Called once when requests are answered.
    """

    def make_application(connections: Connections) -> ASGIApp:
        control = api.application(runtime, connections.unplug)
        return application(runtime, connections, control=control)

    return Server(make_application, on_ready=on_ready)
