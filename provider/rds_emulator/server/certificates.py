"""
A certificate of the emulator's own.

The emulator makes a certificate authority for one certificate and throws the
authority's key away: trusting it means to trust that one certificate, for names of this
machine.
"""

import ipaddress
import os
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from rds_emulator.server.tls_files import CertificateError, TlsFiles

LOCAL: Final = ("localhost", "127.0.0.1", "::1")
_LIFETIME: Final = timedelta(days=365)
_LEAST_LEFT: Final = timedelta(days=1)


def own(folder: Path, *, host: str = "127.0.0.1") -> TlsFiles:
    """
    Return the emulator's own certificate in *folder*, made when there is none.

    One that expires within a day, or is not for *host*, is replaced.

    Raises:
        CertificateError: The folder cannot be written.
    """
    files = TlsFiles(
        certificate=folder / "server.pem",
        key=folder / "server.key",
        trusted=folder / "ca.pem",
    )
    names = tuple(dict.fromkeys((*LOCAL, host)))
    try:
        if not _is_usable(files, names):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            _make(files, names)
    except OSError as error:
        message = f"cannot keep a certificate in {folder}: {error.strerror or error}"
        raise CertificateError(message) from error
    return files


def _is_usable(files: TlsFiles, names: Sequence[str]) -> bool:
    try:
        found = x509.load_pem_x509_certificate(files.certificate.read_bytes())
        held = found.extensions.get_extension_for_class(x509.SubjectAlternativeName)
        files.context()
    except (OSError, ValueError, x509.ExtensionNotFound):
        return False
    left = found.not_valid_after_utc - datetime.now(UTC)
    wanted = {_name(name) for name in names}
    return left > _LEAST_LEFT and files.trusted.exists() and wanted <= set(held.value)


def _make(files: TlsFiles, names: Sequence[str]) -> None:
    authority_key = ec.generate_private_key(ec.SECP256R1())
    key = ec.generate_private_key(ec.SECP256R1())
    authority = _authority(authority_key)
    alternatives = x509.SubjectAlternativeName([_name(name) for name in names])
    issuer_id = x509.AuthorityKeyIdentifier.from_issuer_public_key(
        authority_key.public_key()
    )
    certificate = (
        _builder("RDS emulator", "RDS emulator's own authority", key=key)
        .add_extension(alternatives, critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs=False), critical=True)
        .add_extension(
            x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False
        )
        .add_extension(issuer_id, critical=False)
        .sign(authority_key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    _write(files.trusted, authority.public_bytes(pem))
    _write(
        files.key,
        key.private_bytes(
            pem,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        ),
    )
    _write(files.certificate, certificate.public_bytes(pem))


def _authority(key: ec.EllipticCurvePrivateKey) -> x509.Certificate:
    name = "RDS emulator's own authority"
    return (
        _builder(name, name, key=key)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs=True), critical=True)
        .sign(key, hashes.SHA256())
    )


def _builder(
    subject: str, issuer: str, *, key: ec.EllipticCurvePrivateKey
) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, subject)]))
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer)]))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + _LIFETIME)
        .add_extension(
            x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False
        )
    )


def _usage(*, signs: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs,
        crl_sign=signs,
        encipher_only=False,
        decipher_only=False,
    )


def _name(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name.encode("idna").decode())


def _write(path: Path, content: bytes) -> None:
    """
    Write a file that nobody but its owner reads.
    """
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
