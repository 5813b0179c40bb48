"""
The arithmetic of both signature styles.

Whether a signature is right is not judged here. The old SDK puts everything in
the query and signs with HMAC-SHA1 ("RPC"), the new one in headers with
HMAC-SHA256 ("ACS3"). Both are worked out from the request as it was received,
so a client that signs one thing and sends another does not get by.
"""

import base64
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final
from urllib.parse import quote

from rds_emulator.protocol.request import Request

ACS3: Final = "ACS3-HMAC-SHA256"


def rpc_string_to_sign(method: str, parameters: Mapping[str, str]) -> str:
    """
    Return what an RPC signature covers: query and form, without the signature.
    """
    signed = {name: text for name, text in parameters.items() if name != "Signature"}
    return f"{method}&%2F&{_encode(_canonical(signed))}"


def rpc_signature(secret: str, string_to_sign: str) -> str:
    """
    Sign the RPC way.
    """
    key = f"{secret}&".encode()
    digest = hmac.digest(key, string_to_sign.encode(), "sha1")
    return base64.b64encode(digest).decode()


def acs3_string_to_sign(request: Request, signed_headers: Sequence[str]) -> str:
    """
    Return what an ACS3 signature covers.

    Args:
        request: The request.
        signed_headers: Names in lower case, as the client lists them.
    """
    headers = "".join(
        f"{name}:{request.headers.get(name, '').strip()}\n" for name in signed_headers
    )
    canonical = "\n".join(
        (
            request.method,
            request.path,
            _canonical(request.query),
            headers,
            ";".join(signed_headers),
            hashlib.sha256(request.body).hexdigest(),
        )
    )
    return f"{ACS3}\n{hashlib.sha256(canonical.encode()).hexdigest()}"


def acs3_signature(secret: str, string_to_sign: str) -> str:
    """
    Sign the ACS3 way.
    """
    return hmac.digest(secret.encode(), string_to_sign.encode(), "sha256").hex()


def _canonical(parameters: Mapping[str, str]) -> str:
    return "&".join(
        f"{_encode(name)}={_encode(parameters[name])}" for name in sorted(parameters)
    )


@lru_cache(maxsize=4096)
def _encode(text: str) -> str:
    return quote(text, safe="-_.~")
