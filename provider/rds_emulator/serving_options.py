"""
What the options of ``rds-emulator serve`` mean together.
"""

import secrets
from pathlib import Path

from rds_emulator.control.guard import is_loopback_name
from rds_emulator.server.tls_files import TlsFiles, default_folder
from rds_emulator.state.document import DocumentError


def control_token(host: str, token: str | None, *, allowed: bool) -> str | None:
    """
    Return the token of the control API; refuse *host* if nobody allowed others in.
    """
    if is_loopback_name(host):
        return token
    if not allowed:
        message = (
            f"cannot listen on {host!r}: other machines could use the emulator; add"
            " --allow-remote to let them"
        )
        raise DocumentError(message)
    return token or secrets.token_urlsafe(24)


def tls_files(
    *,
    tls: bool,
    cert: str | None,
    key: str | None,
    folder: str | None,
    host: str,
) -> TlsFiles | None:
    """
    Return the certificate to speak HTTPS with; None when HTTP alone is to be spoken.
    """
    if (cert is None) != (key is None):
        message = "--tls-cert and --tls-key need each other"
        raise DocumentError(message)
    if cert is not None and key is not None:
        return TlsFiles(certificate=Path(cert), key=Path(key), trusted=Path(cert))
    if not tls:
        return None
    # What makes certificates takes a while to import.
    from rds_emulator.server import certificates  # noqa: PLC0415

    return certificates.own(Path(folder) if folder else default_folder(), host=host)
