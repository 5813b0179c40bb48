"""
An emulator without a server: the SDK's requests go right to the gateway.

Signing, parameters, faults and answers are those of the wire; sockets and HTTP are left
out, which is most of what a call costs. For tests that make very many calls.
"""

import itertools
import threading
from functools import partialmethod
from typing import Any
from urllib.parse import urlsplit

import pytest
from aliyunsdkcore.http.http_response import HttpResponse

from rds_emulator.protocol.reply import Reply
from rds_emulator.protocol.request import Request
from rds_emulator.server.gateway import Gateway
from tests.support.emulators import Emulator

_PORTS = itertools.count(1)
"""Nothing is sent there, but a machine remembers its orders by address."""


class DirectEmulator(Emulator):
    """
    An emulator of this process, which the SDK's requests reach without a connection.

    From its start to its end all requests of the SDK are led here; the newest one wins.

    Args:
        settings: Those of `Emulator`.
    """

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self._monkeypatch = pytest.MonkeyPatch()
        self._turn = threading.Lock()

    def _listen(self) -> None:
        self.endpoint = f"127.0.0.1:{next(_PORTS)}"
        self.url = f"http://{self.endpoint}"
        self._gateway = Gateway(self._runtime)
        self._monkeypatch.setattr(HttpResponse, "get_response_object", partialmethod(_answer, self))

    def __exit__(self, *_: object) -> None:
        self._monkeypatch.undo()
        self._runtime.cloud.store.close()

    def answer(self, request: Request) -> Reply:
        """
        Answer a request as the server does, one at a time.
        """
        with self._turn:
            return self._gateway.handle(request)


def _answer(sent: HttpResponse, emulator: DirectEmulator) -> tuple[int, dict[str, str], bytes]:
    """
    Answer as `HttpResponse.get_response_object` does: status, headers and body.
    """
    url = urlsplit(sent.get_url())
    reply = emulator.answer(
        Request(
            method=sent.get_method(),
            path=url.path,
            query_string=url.query,
            headers={name.lower(): value for name, value in sent.get_headers().items()},
            body=_bytes(sent.get_body()),
        )
    )
    if reply.dropped:
        message = "Connection reset by peer"
        raise ConnectionResetError(message)
    return reply.status, dict(reply.headers or {}), reply.body


def _bytes(body: Any) -> bytes:
    return body.encode() if isinstance(body, str) else body or b""
