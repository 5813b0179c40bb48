"""
The HTTP side: one application for the API and the control API.
"""

import asyncio
import contextlib
from collections.abc import Mapping
from typing import Final, Protocol

from starlette.requests import ClientDisconnect
from starlette.requests import Request as HttpRequest
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from rds_emulator.actions import registry
from rds_emulator.protocol.request import Request
from rds_emulator.server.gateway import Gateway
from rds_emulator.server.runtime import Runtime
from rds_emulator.version import VERSION

CONTROL_PREFIX: Final = "/_emulator"

MOST_BODY: Final = 4 * 2**20
MOST_HEAD: Final = 2**18
"""Bytes of a body, and of a query with all headers, that are read. Ours: more than any
call needs."""


class Connections(Protocol):
    """
    The connections that lead to an application: they can be cut.
    """

    def reset(self, client: tuple[str, int]) -> None:
        """
        Reset the connection of *client*, an address and a port.
        """

    def unplug(self, seconds: float | None = None) -> None:
        """
        Refuse all connections, for so many real seconds or until plugged in.
        """


class Api:
    """
    The API itself, at every path that is not the control API's.

    Args:
        gateway: Answers the requests.
        delays: Real seconds by which the answers of an action come late.
        connections: Resets those of calls that are dropped.
    """

    def __init__(
        self, gateway: Gateway, delays: Mapping[str, float], *, connections: Connections
    ) -> None:
        self._gateway = gateway
        self._delays = delays
        self._connections = connections

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """
        Answer one request.

        The gateway never waits for anything but its database, so it is called
        right here: a thread pool would cost more than the answer does.
        """
        request = Request(
            method=scope["method"],
            path=scope["path"],
            query_string=scope["query_string"].decode("latin-1"),
            headers={
                name.decode("latin-1"): value.decode("latin-1")
                for name, value in scope["headers"]
            },
            body=await HttpRequest(scope, receive).body(),
        )
        reply = self._gateway.handle(request)
        seconds = reply.seconds
        if self._delays:
            action = registry.named(request.version, request.action)
            seconds += self._delays.get(action.name, 0.0) if action else 0.0
        if seconds:
            await _hold(seconds, receive)
        if reply.dropped:
            self._connections.reset(scope["client"])
            await receive()
            return
        response = Response(
            reply.body, reply.status, reply.headers, media_type=reply.media_type
        )
        await response(scope, receive, send)


async def _hold(seconds: float, receive: Receive) -> None:
    """
    Wait, but no longer than the client does or the server runs.

    The request has been read, so all that can still come is its end.
    """
    with contextlib.suppress(TimeoutError, asyncio.CancelledError):
        await asyncio.wait_for(receive(), seconds)


class Router:
    """
    Passes requests to the control API or to the API, and marks every answer.

    The API has one path for everything; Starlette's router would cost about a fifth
    of the speed.
    """

    _HEADER = (b"x-rds-emulator", VERSION.encode())

    def __init__(self, *, api: ASGIApp, control: ASGIApp) -> None:
        self._api = api
        self._control = control

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """
        Pass the request on and add the header to the answer.
        """

        async def announce(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], self._HEADER]
            await send(message)

        if _head_size(scope) > MOST_HEAD:
            await Response(status_code=431)(scope, receive, announce)
            return
        is_control = scope["path"].startswith(f"{CONTROL_PREFIX}/")
        app = self._control if is_control else self._api
        try:
            await app(scope, _limited(receive), announce)
        except _TooLargeError:
            headers = {"connection": "close"}  # the rest of the body is not read
            await Response(status_code=413, headers=headers)(scope, receive, announce)
        except ClientDisconnect:
            return  # nobody is there to be answered


class _TooLargeError(Exception):
    """
    A body of more than *MOST_BODY* bytes.
    """


def _limited(receive: Receive) -> Receive:
    """
    Return *receive* that reads no more of a body than is allowed.
    """
    size = 0

    async def limited() -> Message:
        nonlocal size
        message = await receive()
        size += len(message.get("body", b""))
        if size > MOST_BODY:
            raise _TooLargeError
        return message

    return limited


def _head_size(scope: Scope) -> int:
    headers = sum(len(name) + len(value) for name, value in scope["headers"])
    return headers + len(scope["query_string"]) + len(scope["path"])


def application(
    runtime: Runtime, connections: Connections, *, control: ASGIApp
) -> ASGIApp:
    """
    Return one application for the API and the control API.

    Args:
        runtime: What the API shows and changes.
        connections: How the application is reached.
        control: The control API, which answers under *CONTROL_PREFIX*.
    """
    api = Api(Gateway(runtime), runtime.delays, connections=connections)
    return Router(api=api, control=control)
