import http.client
import json
import socket
import ssl
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509

from rds_emulator import Emulator
from rds_emulator.server import certificates
from rds_emulator.server.tls_files import CertificateError, TlsFiles
from tests.emulator.wire import Client

COMMAND = [sys.executable, "-m", "rds_emulator"]


@pytest.fixture
def secure() -> Iterator[Emulator]:
    with Emulator(speed=0, tls=True) as running:
        yield running


def trusting(emulator: Emulator) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=str(emulator.ca_file))
    context.verify_flags |= ssl.VERIFY_X509_STRICT
    return context


def clock(emulator: Emulator, context: ssl.SSLContext, host: str = "127.0.0.1") -> int:
    port = int(emulator.endpoint.rpartition(":")[2])
    connection = http.client.HTTPSConnection(host, port, context=context, timeout=10)
    try:
        connection.request("GET", "/_emulator/clock")
        return connection.getresponse().status
    finally:
        connection.close()


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_one_port_speaks_both(secure: Emulator, host: str) -> None:
    plain = Client(secure).call("DescribeRegions").status
    encrypted = clock(secure, trusting(secure), host)

    assert (200, 200) == (plain, encrypted)
    assert secure.url == f"https://{secure.endpoint}"


def test_who_does_not_trust_the_certificate_is_not_answered(secure: Emulator) -> None:
    with pytest.raises(ssl.SSLCertVerificationError):
        clock(secure, ssl.create_default_context())

    assert 200 == clock(secure, trusting(secure))


def test_request_that_comes_with_the_end_of_the_handshake_is_answered(secure: Emulator) -> None:
    text = b"GET /_emulator/clock HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    wire = trusting(secure).wrap_bio(incoming, outgoing, server_hostname="localhost")
    host, port = secure.endpoint.split(":")
    with socket.create_connection((host, int(port)), timeout=10) as raw:
        while True:
            try:
                wire.do_handshake()
                break
            except ssl.SSLWantReadError:
                raw.sendall(outgoing.read())
                incoming.write(raw.recv(65536))
        wire.write(text)
        raw.sendall(outgoing.read())  # both in one piece
        answer = b""
        while b"speed" not in answer:
            incoming.write(raw.recv(65536))
            try:
                answer += wire.read(65536)
            except ssl.SSLWantReadError:
                continue

    assert answer.startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize("garbage", [b"\x16", b"\x16\x03\x01\xff\xff" + b"x" * 999, b"\x00", b""])
def test_garbage_at_the_beginning_ends_that_connection_alone(
    secure: Emulator, garbage: bytes, capfd: pytest.CaptureFixture[str]
) -> None:
    host, port = secure.endpoint.split(":")
    with socket.create_connection((host, int(port)), timeout=10) as raw:
        raw.sendall(garbage)
        raw.shutdown(socket.SHUT_WR)
        while raw.recv(4096):
            pass

    assert 200 == clock(secure, trusting(secure))
    assert "Traceback" not in capfd.readouterr().err


def test_emulator_with_idle_connections_ends_soon() -> None:
    with Emulator(speed=0, tls=True) as emulator:
        host, port = emulator.endpoint.split(":")
        silent = socket.create_connection((host, int(port)))
        held = trusting(emulator).wrap_socket(
            socket.create_connection((host, int(port))), server_hostname=host
        )
        begun = time.monotonic()
    took = time.monotonic() - begun
    silent.close()
    held.close()

    assert took < 1.9
    assert "rds-emulator" not in {thread.name for thread in threading.enumerate()}


def test_plug_and_dropped_answers_work_with_tls(secure: Emulator) -> None:
    secure.unplug()
    with pytest.raises(OSError, match="refused"):
        clock(secure, trusting(secure))
    secure.plug_in()
    secure.faults.order("dropped", "DescribeRegions")
    with pytest.raises(ConnectionError):
        Client(secure).call("DescribeRegions")

    assert 200 == clock(secure, trusting(secure))


def test_folder_of_an_emulator_ends_with_it() -> None:
    with Emulator(tls=True) as emulator:
        assert emulator.ca_file is not None
        folder = emulator.ca_file.parent
        assert 0o700 == stat.S_IMODE(folder.stat().st_mode)
        assert {0o600} == {stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()}

    assert not folder.exists()


def test_own_certificate_stays_the_same_until_it_does_not_fit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "deep" / "tls"
    first = certificates.own(folder).trusted.read_bytes()
    second = certificates.own(folder).trusted.read_bytes()
    third = certificates.own(folder, host="build.example").trusted.read_bytes()

    class Later(datetime):
        @classmethod
        def now(cls, tz: object = None) -> "Later":  # noqa: ARG003
            return cls.fromtimestamp((datetime.now(UTC) + timedelta(days=364.5)).timestamp(), UTC)

    monkeypatch.setattr(certificates, "datetime", Later)
    fourth = certificates.own(folder).trusted.read_bytes()

    assert first == second
    assert 3 == len({first, third, fourth})
    assert 0o700 == stat.S_IMODE(folder.stat().st_mode)


def test_key_of_the_authority_is_kept_nowhere(tmp_path: Path) -> None:
    files = certificates.own(tmp_path)
    authority = x509.load_pem_x509_certificate(files.trusted.read_bytes())
    certificate = x509.load_pem_x509_certificate(files.certificate.read_bytes())

    assert ["ca.pem", "server.key", "server.pem"] == sorted(f.name for f in tmp_path.iterdir())
    assert authority.public_key() != certificate.public_key()
    certificate.verify_directly_issued_by(authority)


def test_files_that_are_no_certificate_are_refused(tmp_path: Path) -> None:
    (tmp_path / "x").write_text("x")
    files = TlsFiles(certificate=tmp_path / "x", key=tmp_path / "x", trusted=tmp_path / "x")

    with pytest.raises(CertificateError, match="cannot use the certificate"):
        files.context()
    with pytest.raises(CertificateError, match="cannot keep a certificate"):
        certificates.own(tmp_path / "x" / "y")


def test_command_makes_a_certificate_or_takes_a_given_one(tmp_path: Path) -> None:
    given = certificates.own(tmp_path / "given")
    own = ["--tls", "--tls-folder", str(tmp_path / "own")]
    taken = ["--tls-cert", str(given.certificate), "--tls-key", str(given.key)]
    trusted = [started(own), started(taken)]
    half = subprocess.run(
        [*COMMAND, "serve", "--tls-cert", "x"], capture_output=True, text=True, check=False
    )

    assert [str(tmp_path / "own" / "ca.pem"), str(given.certificate)] == trusted
    assert (2, 1) == (half.returncode, half.stderr.count("\n"))
    assert "need each other" in half.stderr


def started(options: list[str]) -> str:
    command = [*COMMAND, "serve", "--json", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        ready = json.loads(process.stdout.readline())
        process.terminate()
    return str(ready["caFile"])


def test_emulator_without_tls_does_not_load_what_makes_certificates() -> None:
    code = (
        "import sys; import rds_emulator.command, rds_emulator.emulator;"
        "assert 'cryptography' not in sys.modules"
    )

    subprocess.run([sys.executable, "-c", code], check=True)
