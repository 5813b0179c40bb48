"""
A server that starts and stops quickly, and whose plug can be pulled.
"""

import asyncio
import contextlib
import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable, Coroutine, Iterator
from typing import Final

import uvicorn
from starlette.types import ASGIApp

from rds_emulator.server.application import Connections
from rds_emulator.server.tls_or_plain import either_protocol

_LONGEST_GOODBYE: Final = 2.0
_BACKLOG: Final = 1024
_RESET_AT_CLOSE: Final = struct.pack("ii", 1, 0)


def listen(host: str, port: int) -> socket.socket:
    """
    Open a listening socket; port 0 takes any free one.
    """
    listener = _bind(host, port)
    listener.listen(_BACKLOG)
    return listener


def _bind(host: str, port: int) -> socket.socket:
    """
    Reserve a port; until somebody listens at it, connections are refused.

    asyncio switches Nagle's algorithm off only for sockets that name TCP as
    their protocol. Without that, most answers would be 40 ms late.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    bound = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind((host, port))
    except BaseException:
        bound.close()
        raise
    return bound


class Server(uvicorn.Server):
    """
    A server of the API on a socket that is already open.

    Args:
        make_application: Returns what is served; it is given this server.
        on_ready: Called once when requests are answered.
        tls: What HTTPS is spoken with, on the same port; None speaks HTTP alone.
    """

    def __init__(
        self,
        make_application: Callable[[Connections], ASGIApp],
        *,
        on_ready: Callable[[], object],
        tls: ssl.SSLContext | None = None,
    ) -> None:
        super().__init__(
            uvicorn.Config(
                make_application(self),
                http="httptools" if tls is None else either_protocol(tls),
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
        self._thread = 0
        self._wake = asyncio.Event()
        self._unplugged: socket.socket | None = None
        self._switching = asyncio.Lock()
        self._task: asyncio.Task[None] | None = None
        self._timer: asyncio.TimerHandle | None = None

    def stop(self) -> None:
        """
        Ask the server to stop; may be called from any thread or signal handler.
        """
        self.should_exit = True
        if self._loop is not None:
            with contextlib.suppress(RuntimeError):  # the loop is closed already
                self._loop.call_soon_threadsafe(self._wake.set)

    def reset(self, client: tuple[str, int]) -> None:
        """
        Reset the connection of *client*, an address and a port.
        """
        for connection in list(self.server_state.connections):
            transport = connection.transport
            peer = transport.get_extra_info("peername") or ()  # gone already: none
            if peer[:2] == client:
                wire = transport.get_extra_info("socket")
                wire.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_AT_CLOSE)
                transport.abort()

    def unplug(self, seconds: float | None = None) -> None:
        """
        Cut all connections and refuse new ones; may be called from any thread.

        Args:
            seconds: Real ones after which it is plugged in again; None waits
                for `plug_in`.
        """
        if threading.get_ident() == self._thread:
            self._cut()
        self._do(self._unplug(seconds))

    def plug_in(self) -> None:
        """
        Accept connections again, on the same port; may be called from any thread.
        """
        self._do(self._plug_in())

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
        self._thread = threading.get_ident()
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
        async with self._switching:
            self._cancel_timer()
            if self._unplugged is not None:
                self._unplugged.close()
            await self._close_listeners()
        for listening in sockets or []:
            listening.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        deadline = time.monotonic() + _LONGEST_GOODBYE
        # uvicorn keeps a set of connections and tells nobody when it empties.
        while self.server_state.connections and time.monotonic() < deadline:  # noqa: ASYNC110
            await asyncio.sleep(0.002)

    def _do(self, work: Coroutine[None, None, None]) -> None:
        """
        Do *work* in the server's thread, and wait for it unless this is its thread.
        """
        if self._loop is None:
            work.close()
        elif threading.get_ident() == self._thread:
            self._task = self._loop.create_task(work)
        else:
            asyncio.run_coroutine_threadsafe(work, self._loop).result()

    async def _unplug(self, seconds: float | None) -> None:
        async with self._switching:
            self._cancel_timer()
            if self._unplugged is None:
                address = self.servers[0].sockets[0].getsockname()
                await self._close_listeners()
                # Held, the port cannot become anybody else's in the meantime.
                self._unplugged = _bind(*address[:2])
            self._cut()
            if seconds is not None:
                loop = asyncio.get_running_loop()
                self._timer = loop.call_later(seconds, self.plug_in)

    async def _plug_in(self) -> None:
        async with self._switching:
            self._cancel_timer()
            if self._unplugged is not None:
                listener, self._unplugged = self._unplugged, None
                listener.listen(_BACKLOG)
                await super().startup([listener])

    def _cut(self) -> None:
        for connection in list(self.server_state.connections):
            connection.transport.abort()

    async def _close_listeners(self) -> None:
        """
        Accept no more, and close when those just accepted are connections.

        asyncio loses a connection whose listener is closed right after it was
        accepted: its client would wait for ever.
        """
        loop = asyncio.get_running_loop()
        for server in self.servers:
            for listening in server.sockets:
                loop.remove_reader(listening)
        for _ in range(2):
            await asyncio.sleep(0)
        for server in self.servers:
            server.close()

    def _cancel_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
