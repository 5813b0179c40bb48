"""
What a request says about who sent it: key, time, nonce, signature.

The two signature styles put these in different places; here they become one
value, and what is compared is worked out.
"""

import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from rds_emulator.protocol import signing
from rds_emulator.protocol.errors import ApiError, missing
from rds_emulator.protocol.request import Request

_RPC_METHODS: Final = ("", "HMAC-SHA1")
_AUTHORIZATION: Final = re.compile(r"(\w+)=([^,\s]+)")


@dataclass(frozen=True, kw_only=True)
class Credential:
    """
    The claims of a request, none of them checked yet.

    Args:
        signature: As the client sent it.
        string_to_sign: As the server works it out.
    """

    access_key_id: str
    security_token: str
    timestamp: str
    nonce: str
    signature: str
    string_to_sign: str
    style: str

    def is_signed_with(self, secret: str) -> bool:
        """
        Whether the signature was made with *secret*.
        """
        sign = signing.rpc_signature if self.style == "RPC" else signing.acs3_signature
        expected = sign(secret, self.string_to_sign)
        return hmac.compare_digest(expected.encode(), self.signature.encode())


def of_request(request: Request) -> Credential:
    """
    Read the claims of *request*, in whichever style it is signed.
    """
    if _is_bearer(request):
        raise ApiError(code="EmulatorNotImplemented", what="bearer tokens")
    authorization = request.headers.get("authorization", "")
    if authorization:
        return _acs3(request, authorization)
    return _rpc(request, request.everything)


def claimed_key(request: Request) -> str:
    """
    Return which key a request claims, for the journal; empty when none.
    """
    authorization = request.headers.get("authorization", "")
    claims = dict(_AUTHORIZATION.findall(authorization))
    return claims.get("Credential") or request.everything.get("AccessKeyId", "")


def _is_bearer(request: Request) -> bool:
    return (
        "x-acs-bearer-token" in request.headers or "BearerToken" in request.everything
    )


def _rpc(request: Request, given: Mapping[str, str]) -> Credential:
    if not given.get("AccessKeyId"):
        raise missing(name="AccessKeyId")
    if given.get("SignatureMethod", "") not in _RPC_METHODS:
        raise ApiError(code="InvalidSignatureMethod")
    return Credential(
        access_key_id=given["AccessKeyId"],
        security_token=given.get("SecurityToken", ""),
        timestamp=given.get("Timestamp", ""),
        nonce=given.get("SignatureNonce", ""),
        signature=given.get("Signature", ""),
        string_to_sign=signing.rpc_string_to_sign(request.method, given),
        style="RPC",
    )


def _acs3(request: Request, authorization: str) -> Credential:
    algorithm, _, rest = authorization.partition(" ")
    if algorithm != signing.ACS3:
        raise ApiError(code="InvalidSignatureMethod")
    claims = dict(_AUTHORIZATION.findall(rest))
    if not claims.keys() >= {"Credential", "SignedHeaders", "Signature"}:
        raise ApiError(code="IncompleteSignature")
    headers = request.headers
    signed = claims["SignedHeaders"].split(";")
    return Credential(
        access_key_id=claims["Credential"],
        security_token=headers.get("x-acs-security-token", ""),
        timestamp=headers.get("x-acs-date", ""),
        nonce=headers.get("x-acs-signature-nonce", ""),
        signature=claims["Signature"],
        string_to_sign=signing.acs3_string_to_sign(request, signed),
        style="ACS3",
    )
