"""
A server that answers whatever it was told to, and remembers what it was asked.
"""

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final, cast
from urllib.parse import parse_qsl, urlsplit

from pulumi_rdsclone.cloud.client import RdsClient
from pulumi_rdsclone.cloud.settings import Settings
from rds_emulator import Emulator

Answer = tuple[int, str] | tuple[int, str, dict[str, str]]
"""Status, body and further headers."""

Connect = Callable[[Settings], RdsClient]
"""What the fixture *connect* is: it makes a client."""

KEYS: Final = {"access_key_id": "k", "access_key_secret": "s"}
_PATIENCE: Final = 20.0


class Stub(ThreadingHTTPServer):
    """
    Answers one after the other; the last one for ever.

    Attributes:
        asked: The parameters of all calls.
        tunnels: The hosts and ports to which it was to be a proxy, and refused.
        gate: Nothing is answered before it is set.
    """

    daemon_threads = True

    def __init__(self, answers: list[Answer]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answers = answers
        self.asked: list[dict[str, str]] = []
        self.tunnels: list[str] = []
        self.gate = threading.Event()
        self.gate.set()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        stub = cast("Stub", self.server)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        stub.asked.append(dict(parse_qsl(f"{urlsplit(self.path).query}&{body}")))
        stub.gate.wait(_PATIENCE)
        answers = stub.answers
        status, text, *more = answers.pop(0) if len(answers) > 1 else answers[0]
        self.send_response(status)
        for name, value in (more[0] if more else {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(text.encode())))
        self.end_headers()
        self.wfile.write(text.encode())

    def do_CONNECT(self) -> None:
        """
        Refuse to be a proxy.
        """
        cast("Stub", self.server).tunnels.append(self.path)
        self.send_error(502)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """
        Keep quiet.
        """


@contextmanager
def stub(*answers: Answer) -> Iterator[Stub]:
    """
    Run a stub.
    """
    with Stub(list(answers)) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield server
        finally:
            server.gate.set()
            server.shutdown()
            thread.join()


def settings_of(emulator: Emulator) -> Settings:
    return Settings(
        endpoint=emulator.url,
        access_key_id=emulator.access_key_id,
        access_key_secret=emulator.access_key_secret,
    )


def unsigned(url: str, **settings: Any) -> Settings:
    """
    Return settings for a server that checks no signature.
    """
    return Settings(endpoint=url, **KEYS, **settings)


def answer_of(**body: Any) -> tuple[int, str]:
    """
    Return an answer as a server sends it.
    """
    return (200, json.dumps({"RequestId": "R-1", **body}))


def version_sold(version: str, disks: Mapping[str, Any]) -> dict[str, Any]:
    """
    Return the part of DescribeAvailableZones about one *version*: the *disks* of its editions.
    """
    editions = [
        {"Category": edition, "SupportedStorageTypes": sold and [{"StorageType": d} for d in sold]}
        for edition, sold in disks.items()
    ]
    return {"Version": version, "SupportedCategorys": editions}
