"""
Who may call: the steps between the action's name and its parameters.

Each step looks at one thing and refuses with that thing's code. Their order is
the gateway's and is kept by the caller.
"""

import time
from collections import OrderedDict, deque
from datetime import UTC, datetime
from typing import Final

from rds_emulator.protocol import timestamps
from rds_emulator.protocol.errors import ApiError, missing
from rds_emulator.protocol.request_signature import Credential
from rds_emulator.state.cloud import Cloud
from rds_emulator.state.model import AccessKey

TOLERANCE: Final = 15 * 60.0
"""Seconds that a client's clock may be off, either way."""


class Access:
    """
    The world's keys, the nonces that were used with them, and the newest orders.

    Nonces are remembered for as long as their timestamps are accepted, in
    memory: after a restart an old request could be replayed once. The orders of the
    last emulated second are forgotten as well.
    """

    def __init__(self, cloud: Cloud) -> None:
        self._cloud = cloud
        self._nonces: OrderedDict[tuple[str, str], float] = OrderedDict()
        self._orders: deque[float] = deque()

    def key(self, credential: Credential) -> AccessKey:
        """
        Return the key that a request claims.
        """
        key = self._cloud.account.key(credential.access_key_id)
        if key is None:
            raise ApiError(code="InvalidAccessKeyId.NotFound")
        return key

    def check_security_token(self, key: AccessKey, credential: Credential) -> None:
        """
        Refuse a temporary key without its own, unexpired token.
        """
        token = credential.security_token
        if not token and key.security_token:
            raise ApiError(code="MissingSecurityToken")
        if token != (key.security_token or ""):
            others = self._cloud.account.access_keys
            known = any(token == other.security_token for other in others)
            fault = "MismatchWithAccessKey" if known else "Malformed"
            raise ApiError(code=f"InvalidSecurityToken.{fault}")
        if key.expires is not None and key.expires <= datetime.now(UTC):
            raise ApiError(code="InvalidSecurityToken.Expired")

    def check_timestamp(self, credential: Credential) -> None:
        """
        Refuse a request that was signed too long ago, or in the future.

        The real clock counts here, never the emulated one: a client signs with
        the time of the machine it runs on, however fast the cloud's time goes.
        """
        if not credential.timestamp:
            raise ApiError(code="IllegalTimestamp")
        signed = timestamps.from_seconds(credential.timestamp)
        if signed is None:
            raise ApiError(code="InvalidTimeStamp.Format")
        if abs(time.time() - signed.timestamp()) > TOLERANCE:
            raise ApiError(code="InvalidTimeStamp.Expired")

    def check_nonce(self, credential: Credential) -> None:
        """
        Refuse a request that was sent before.
        """
        if not credential.nonce:
            raise missing(name="SignatureNonce")
        self._forget_nonces(time.time() - 2 * TOLERANCE)
        if (credential.access_key_id, credential.nonce) in self._nonces:
            raise ApiError(code="SignatureNonceUsed")

    def check_signature(self, key: AccessKey, credential: Credential) -> None:
        """
        Refuse a wrong signature; the nonce of a right one is now used up.
        """
        if not credential.signature:
            raise missing(name="Signature")
        if not credential.is_signed_with(key.secret):
            string_to_sign = credential.string_to_sign
            raise ApiError(code="SignatureDoesNotMatch", string_to_sign=string_to_sign)
        self._nonces[credential.access_key_id, credential.nonce] = time.time()

    def check_rate(self, action: str) -> None:
        """
        Refuse an order of a clone too many in one emulated second.

        A clock that stands still never gets to the next second: no order is too many.
        """
        rate, clock = self._cloud.account.temper.order_rate, self._cloud.clock
        if action != "CloneDBInstance" or not rate or not clock.speed:
            return
        now = clock.timestamp()
        while self._orders and self._orders[0] <= now - 1:
            self._orders.popleft()
        if len(self._orders) >= rate:
            raise ApiError(code="Throttling.User")
        self._orders.append(now)

    def _forget_nonces(self, before: float) -> None:
        while self._nonces and next(iter(self._nonces.values())) < before:
            self._nonces.popitem(last=False)
