"""
Whatever comes over the wire is answered with a refusal, never with an error of ours.
"""

import http.client
import socket
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rds_emulator import Emulator
from rds_emulator.server.application import MOST_BODY, MOST_HEAD
from tests.emulator.wire import Client
from tests.support.rows import row

FORM = b"Content-Type: application/x-www-form-urlencoded\r\n"


@pytest.fixture(autouse=True)
def _silence(capfd: pytest.CaptureFixture[str]) -> Iterator[None]:
    yield
    assert "Traceback" not in capfd.readouterr().err


def said(emulator: Emulator, text: bytes) -> bytes:
    """
    Send *text* and return the first line that is answered; empty when nothing is.
    """
    host, port = emulator.endpoint.split(":")
    with socket.create_connection((host, int(port)), timeout=20) as raw:
        try:
            raw.sendall(text)
            raw.shutdown(socket.SHUT_WR)
            return raw.makefile("rb").readline()
        except (BrokenPipeError, ConnectionResetError):
            return b""  # what is not read to its end is reset


def request(line: bytes, headers: bytes = b"", body: bytes = b"") -> bytes:
    length = f"Content-Length: {len(body)}\r\n".encode()
    return line + b" HTTP/1.1\r\nHost: x\r\n" + headers + length + b"\r\n" + body


@pytest.mark.parametrize(
    ("text", "status"),
    [
        row("no HTTP", b"\x00\xff\xfe\r\n\r\n", b"400"),
        row("no version", b"GET /\r\n\r\n", b"400"),
        row("unknown method", request(b"FLY /"), b"400"),
        row("other method", request(b"DELETE /"), b"403"),
        row("other path", request(b"GET /%00%ff/../x"), b"404"),
        row("bytes in the path", request(b"GET /\xff\xfe"), b"400"),
        row("bytes in the query", request(b"GET /?Action=\xff&%FF=%00"), b"400"),
        row("broken escapes", request(b"GET /?%=%&%zz=%u1234&&=;"), b"400"),
        row("connect", request(b"CONNECT x:1"), b"400"),
        row("upgrade", request(b"GET /", b"Connection: Upgrade\r\nUpgrade: x\r\n"), b"400"),
        row("no form", request(b"POST /", FORM, b"\xff\x00=\xfe&&%%%=&" + b"a" * 9999), b"400"),
        row("JSON body", request(b"POST /", b"Content-Type: application/json\r\n", b"{"), b"400"),
        row("broken chunk", request(b"POST /", b"Transfer-Encoding: chunked\r\n", b"zz"), b"400"),
        row("bad length", b"POST / HTTP/1.1\r\nContent-Length: x\r\n\r\n", b"400"),
        row("NUL in a header", request(b"GET /", b"x: a\x00b\r\n"), b"400"),
        row("scheme", request(b"POST /?Version=2014-08-15&Action=DescribeRegions",
            b"Authorization: ACS3-HMAC-SHA256 \xff=\xfe,,,\r\n"), b"400"),
        row("signed with nothing", request(b"POST /?Version=2014-08-15&Action=DescribeRegions",
            b"Authorization: ACS3-HMAC-SHA256 Credential=a,SignedHeaders=;;;,Signature=\xe9\r\n"),
            b"404"),
        row("control JSON", request(b"POST /_emulator/clock", b"", b"{"), b"403"),
    ],
)  # fmt: skip
def test_garbage_is_refused(world: Emulator, text: bytes, status: bytes) -> None:
    line = said(world, text)

    assert line.split()[1:2] == [status]


@pytest.mark.parametrize(
    ("text", "status"),
    [
        row("query", request(b"GET /?a=" + b"b" * MOST_HEAD), b"400"),
        row("header", request(b"GET /", b"x: " + b"y" * MOST_HEAD + b"\r\n"), b"431"),
        row("many headers", request(b"GET /", b"x: y\r\n" * MOST_HEAD), b"431"),
        row("path", request(b"GET /" + b"p" * MOST_HEAD), b"400"),
        row("body", request(b"POST /", FORM, b"a" * (MOST_BODY + 1)), b"413"),
        row("large body", request(b"POST /", FORM, b"a=b&" * (MOST_BODY // 4)), b"400"),
        row("control body", request(b"POST /_emulator/clock", b"Host: localhost\r\n",
            b"[" * (MOST_BODY + 1)), b"4"),
    ],
)  # fmt: skip
def test_what_is_too_large_is_refused(world: Emulator, text: bytes, status: bytes) -> None:
    line = said(world, text)

    # The refusal of a body comes while it is still being sent, and may get lost.
    assert not line or line.split()[1].startswith(status)
    assert 200 == Client(world).call("DescribeRegions").status


@pytest.mark.parametrize(
    "body",
    ["[" * 100_000, "1" * 5000, '{"advance": 1e999}', '{"advance": NaN}', '{"now": "9999"}', "\x00",
     '{"speed": ' + "9" * 400 + "}", '{"advance": 99999999999999}',
     '{"advance": 1e300}', '{"seconds": 1e999}', '{"action": "DescribeTags", "seconds": NaN}',
     '{"id": "a", "storage": 1e999}', '{"now": "9999-12-31T23:59:59-23:59"}', '{"\ud7ff": 1}'],
)  # fmt: skip
@pytest.mark.parametrize(
    "path",
    ["clock", "instances", "instances/rm-demo-mysql80", "policy", "delay", "faults", "temper",
     "unplug"],
)  # fmt: skip
def test_control_api_refuses_garbage(emulator: Emulator, path: str, body: str) -> None:
    connection = http.client.HTTPConnection(emulator.endpoint, timeout=10)
    connection.request("POST", f"/_emulator/{path}", body=body.encode("utf-8", "replace"))
    answer = connection.getresponse()
    connection.close()

    assert 400 <= answer.status < 500


def test_client_that_goes_in_the_middle_of_its_body_is_forgotten(world: Emulator) -> None:
    host, port = world.endpoint.split(":")
    with socket.create_connection((host, int(port)), timeout=10) as raw:
        raw.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 99\r\n\r\nabc")

    assert 200 == Client(world).call("DescribeRegions").status


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck), database=None)
@given(
    headers=st.dictionaries(
        st.sampled_from(
            [
                "authorization",
                "x-acs-action",
                "x-acs-version",
                "x-acs-date",
                "content-type",
                "host",
                "x-acs-security-token",
                "x-acs-signature-nonce",
                "x-acs-bearer-token",
                "transfer-encoding",
            ]
        ),
        st.binary(max_size=40),
    ),
    query=st.binary(max_size=60),
    body=st.binary(max_size=60),
)
def test_any_bytes_are_refused(
    world: Emulator, headers: dict[str, bytes], query: bytes, body: bytes
) -> None:
    told = b"".join(name.encode() + b": " + value + b"\r\n" for name, value in headers.items())
    line = said(world, request(b"POST /?" + query, told, body))

    assert not line or line.split()[1:2][0].startswith((b"4", b"501"))
