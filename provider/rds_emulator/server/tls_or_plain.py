"""
HTTP and HTTPS on one port: the first byte of a connection tells which one it speaks.
"""

import asyncio
import contextlib
import socket
import ssl
from typing import Any, Final

from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

_HANDSHAKE: Final = b"\x16"
"""The type of a TLS record that a client begins with; no HTTP method begins so."""
_LONGEST_GOODBYE: Final = 0.5


def either_protocol(tls: ssl.SSLContext) -> type[asyncio.Protocol]:
    """
    Return a protocol that speaks HTTPS with *tls* to clients that do, else HTTP.
    """

    class BoundEither(Either):
        context = tls

    return BoundEither


class Either(asyncio.Protocol):
    """
    A connection that becomes one of HTTP or HTTPS with its first byte.

    The byte is looked at and left where it is, so that asyncio's own TLS reads it.
    Until then the server counts it among its connections, as one that can be closed.
    """

    context: ssl.SSLContext

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        self._loop = _loop or asyncio.get_running_loop()
        self._http = HttpToolsProtocol(config, server_state, app_state, self._loop)
        self._connections: set[Any] = server_state.connections
        self._early = b""
        self._wire: socket.socket | None = None
        self._upgrade: asyncio.Task[None] | None = None
        self.transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """
        Wait for the first byte.
        """
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - of a socket
        self.transport = transport
        self._connections.add(self)
        # asyncio begins to read only after this call, in the same turn of its loop.
        self._loop.call_soon(self._watch)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio's
        """
        Forget the connection.
        """
        self._connections.discard(self)
        self._unwatch()

    def data_received(self, data: bytes) -> None:
        """
        Keep what comes together with the end of the handshake.
        """
        self._early += data

    def shutdown(self) -> None:
        """
        Close the connection: it has asked for nothing yet.
        """
        self.transport.close()

    def _watch(self) -> None:
        if self.transport.is_closing():
            return
        self.transport.pause_reading()
        self._wire = self.transport.get_extra_info("socket").dup()
        self._loop.add_reader(self._wire.fileno(), self._look)

    def _unwatch(self) -> None:
        if self._wire is not None:
            self._loop.remove_reader(self._wire.fileno())
            self._wire.close()
            self._wire = None

    def _look(self) -> None:
        if self._wire is None:
            return
        try:
            first = self._wire.recv(1, socket.MSG_PEEK)
        except BlockingIOError:
            return
        except OSError:
            first = b""  # reset already: the transport finds out by reading
        self._unwatch()
        if first == _HANDSHAKE:
            self._upgrade = self._loop.create_task(self._speak_tls())
        else:
            self._speak_http(self.transport)
            self.transport.resume_reading()

    async def _speak_tls(self) -> None:
        with contextlib.suppress(OSError):  # no TLS after all, or no trust
            made = await self._loop.start_tls(
                self.transport,
                self,
                self.context,
                server_side=True,
                ssl_shutdown_timeout=_LONGEST_GOODBYE,
            )
            if made is not None and not made.is_closing():
                self._speak_http(made)
                return
        self._connections.discard(self)
        self.transport.abort()

    def _speak_http(self, transport: asyncio.Transport) -> None:
        self._connections.discard(self)
        transport.set_protocol(self._http)
        self._http.connection_made(transport)
        if self._early:
            self._http.data_received(self._early)
