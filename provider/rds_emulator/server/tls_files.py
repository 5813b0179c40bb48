"""
The files that HTTPS is spoken with.
"""

import os
import ssl
from dataclasses import dataclass
from pathlib import Path


class CertificateError(ValueError):
    """
    A certificate that cannot be used; the message says why.
    """


@dataclass(frozen=True, kw_only=True)
class TlsFiles:
    """
    Where a certificate is, its private key, and what a client has to trust.
    """

    certificate: Path
    key: Path
    trusted: Path

    def context(self) -> ssl.SSLContext:
        """
        Return what a server speaks TLS with.

        Raises:
            CertificateError: The files are not a certificate with its key.
        """
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        try:
            context.load_cert_chain(self.certificate, self.key, password=_no_password)
        except (OSError, ValueError) as error:
            message = (
                f"cannot use the certificate {self.certificate} with the key"
                f" {self.key}: {getattr(error, 'strerror', None) or error}"
            )
            raise CertificateError(message) from error
        return context


def default_folder() -> Path:
    """
    Return where the emulator keeps its own certificate, so that it stays the same.
    """
    state = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local/state"
    return Path(state) / "rds-emulator"


def _no_password() -> str:
    message = "the key has a password"
    raise ValueError(message)
