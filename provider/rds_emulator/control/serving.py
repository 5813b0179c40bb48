"""
A server of both APIs.
"""

import ssl
from collections.abc import Callable

from starlette.types import ASGIApp

from rds_emulator.control import api
from rds_emulator.control.guard import ControlAccess
from rds_emulator.server.application import Connections, application
from rds_emulator.server.runtime import Runtime
from rds_emulator.server.server import Server


def server_of(
    runtime: Runtime,
    *,
    on_ready: Callable[[], object],
    access: ControlAccess | None = None,
    tls: ssl.SSLContext | None = None,
) -> Server:
    """
    Return a server of *runtime*, for the API and the control API.

    Args:
        runtime: What is served.
        on_ready: Called once when requests are answered.
        access: Who may use the control API; all programs of this machine when None.
        tls: What HTTPS is spoken with beside HTTP; None speaks HTTP alone.
    """
    may = ControlAccess() if access is None else access

    def make_application(connections: Connections) -> ASGIApp:
        control = api.application(runtime, connections.unplug, access=may)
        return application(runtime, connections, control=control)

    return Server(make_application, on_ready=on_ready, tls=tls)
