"""
The HTTP side: one application, and a server that starts and stops quickly.
"""

import asyncio
import contextlib
import socket
import time
from collections.abc import Callable, Iterator, Mapping

import uvicorn
from starlette.requests import Request as HttpRequest
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from rds_emulator import control
from rds_emulator.gateway import Gateway
from rds_emulator.journal import Journal
from rds_emulator.request import Request
from rds_emulator.version import __version__
from rds_emulator.world import World

_LONGEST_GOODBYE = 2.0


class Api:
    """
    The API itself, at every path that is not the control API's.

    Args:
        gateway: answers the requests.
        delays: real seconds by which the answers of an action come late.
    """

    def __init__(self, gateway: Gateway, delays: Mapping[str, float]) -> None:
        self._gateway = gateway
        self._delays = delays

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
        if self._delays and (seconds := self._delays.get(request.action)):
            await _hold(seconds, receive)
        response = Response(reply.body, reply.status, media_type="application/json")
        await response(scope, receive, send)


async def _hold(seconds: float, receive: Receive) -> None:
    """
    Wait, but no longer than the client does or the server runs.

    The request has been read, so all that can still come is its end.
    """
    with contextlib.suppress(TimeoutError, asyncio.CancelledError):
        await asyncio.wait_for(receive(), seconds)


class FrontDoor:
    """
    Leads to the control API or to the API, and says in every answer who answers.

    The API has one path for everything, so it needs no router; going through
    one costs about a fifth of the speed.
    """

    _HEADER = (b"x-rds-emulator", __version__.encode())

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

        is_control = scope["path"].startswith(f"{control.PREFIX}/")
        app = self._control if is_control else self._api
        await app(scope, receive, announce)


def application(world: World, journal: Journal) -> ASGIApp:
    """
    Put the API and the control API under one roof.
    """
    return FrontDoor(
        api=Api(Gateway(world, journal), world.delays),
        control=control.application(world, journal),
    )


def listen(host: str, port: int) -> socket.socket:
    """
    Open a listening socket; port 0 takes any free one.

    asyncio switches Nagle's algorithm off only for sockets that name TCP as
    their protocol. Without that, most answers would be 40 ms late.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(1024)
    except BaseException:
        listener.close()
        raise
    return listener


class Server(uvicorn.Server):
    """
    A server on a socket that is already open.

    Args:
        app: what to serve.
        on_ready: called once when requests are answered.
    """

    def __init__(self, app: ASGIApp, *, on_ready: Callable[[], object]) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                http="httptools",
                loop="asyncio",
                ws="none",
                lifespan="off",
                interface="asgi3",
                log_config=None,
                access_log=False,
                server_header=False,
                timeout_keep_alive=75,
            )
        )
        self._on_ready = on_ready
        self._loop: asyncio.AbstractEventLoop | None = None
        self._wake = asyncio.Event()

    def stop(self) -> None:
        """
        Ask the server to stop; may be called from any thread or signal handler.
        """
        self.should_exit = True
        if self._loop is not None:
            with contextlib.suppress(RuntimeError):  # the loop is closed already
                self._loop.call_soon_threadsafe(self._wake.set)

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """
        Leave the signals to whoever runs the server.
        """
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """
        Begin to listen and say so.
        """
        self._loop = asyncio.get_running_loop()
        await super().startup(sockets)
        self._on_ready()

    async def main_loop(self) -> None:
        """
        Wait for `stop`, keeping the Date header fresh.
        """
        while not await self.on_tick(0):
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), 1.0)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """
        Close idle connections at once and let running requests finish.
        """
        for listener in self.servers:
            listener.close()
        for listening in sockets or []:
            listening.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        deadline = time.monotonic() + _LONGEST_GOODBYE
        # uvicorn keeps a set of connections and tells nobody when it empties.
        while self.server_state.connections and time.monotonic() < deadline:  # noqa: ASYNC110
            await asyncio.sleep(0.002)
