"""
One signed call to the RDS API: parameters in, the answer or an error of ours out.
"""

import json
import logging
import threading
from collections.abc import Mapping
from typing import Any, Final

from aliyunsdkcore.client import AcsClient
from aliyunsdkcore.request import RpcRequest

from pulumi_rdsclone.cloud.credentials import Keyring, Keys
from pulumi_rdsclone.cloud.errors import (
    FOREIGN_ANSWER,
    HEADERS,
    refusal,
    translated,
)
from pulumi_rdsclone.cloud.settings import Endpoint
from pulumi_rdsclone.domain.errors import ExpiredCredentialsError

RDS: Final = ("Rds", "2014-08-15")
VPC: Final = ("Vpc", "2016-04-28")
"""Products and the versions of their APIs."""

_CONNECT_SECONDS: Final = 5
_READ_SECONDS: Final = 10
_CONNECTIONS: Final = 64
"""Kept open per client; a hundred clones poll through one list call, not each."""

for _name in ("aliyunsdkcore.http.http_response", "alibabacloud-tea"):
    # With DEBUG=sdk in the environment these print signed URLs, tokens included.
    logging.getLogger(_name).disabled = True


class Transport:
    """
    Signs and sends one product's calls for one region. Safe to use from many threads.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        keyring: Keyring,
        region: str,
        product: tuple[str, str] = RDS,
    ) -> None:
        self._endpoint = endpoint
        self._product = product
        self._keyring = keyring
        self._region = region
        self._lock = threading.Lock()
        self._client: _Client | None = None
        self._signs_as: tuple[str, str] | None = None

    def call(
        self,
        action: str,
        parameters: Mapping[str, str],
        *,
        read_seconds: int = _READ_SECONDS,
    ) -> dict[str, Any]:
        """
        Call *action* once and give its answer.

        Args:
            action: API action, such as ``DescribeDBInstances``.
            parameters: In the API's words; RegionId is added.
            read_seconds: How long to wait for the answer.

        Raises:
            ApiError: It was refused, or no proper answer came.
            ConfigurationError: The credentials are missing or were refused.
        """
        try:
            return self._send(action, parameters, read_seconds)
        except ExpiredCredentialsError:
            # They may expire between two looks at them; a refusal has no effect.
            if not self._keyring.renew():
                raise
        return self._send(action, parameters, read_seconds)

    def _send(
        self, action: str, parameters: Mapping[str, str], read_seconds: int
    ) -> dict[str, Any]:
        keys = self._keyring.keys()
        request = self._request(action, parameters, keys, read_seconds)
        with translated(action):
            body = self._client_for(keys).do_action_with_exception(request)
        return _answer(action, body)

    def _request(
        self, action: str, parameters: Mapping[str, str], keys: Keys, read_seconds: int
    ) -> RpcRequest:
        request = RpcRequest(*self._product, action)
        request.set_method("POST")
        request.set_accept_format("JSON")
        # The SDK would speak plain HTTP by default.
        request.set_protocol_type("http" if self._endpoint.is_plain else "https")
        request.set_connect_timeout(_CONNECT_SECONDS)
        request.set_read_timeout(read_seconds)
        if self._endpoint.host:
            request.set_endpoint(self._endpoint.host)
        for name, value in parameters.items():
            request.add_query_param(name, value)
        if keys.token:
            # As the SDK's own STS signer does. That signer is passed over because
            # the SDK prefers two environment variables to it and drops the token.
            request.add_query_param("SecurityToken", keys.token)
        return request

    def _client_for(self, keys: Keys) -> "_Client":
        signs_as = (keys.access_key_id, keys.secret)
        with self._lock:
            if self._client is None or self._signs_as != signs_as:
                self._client = _Client(
                    *signs_as,
                    self._region,
                    auto_retry=False,
                    pool_size=_CONNECTIONS,
                    # The SDK ignores NO_PROXY.
                    proxy={"http": None, "https": None}
                    if self._endpoint.is_local
                    else None,
                )
                self._signs_as = signs_as
            return self._client


class _Client(AcsClient):  # type: ignore[misc] # the SDK ships no types
    """
    The SDK's client, whose errors keep the headers of the answer.
    """

    def _handle_single_request(self, *args: Any) -> tuple[Any, Any, Any, Any]:
        status, headers, body, error = super()._handle_single_request(*args)
        if error is not None:
            setattr(error, HEADERS, headers)
        return status, headers, body, error


def _answer(action: str, body: bytes) -> dict[str, Any]:
    """
    Read *body*; the SDK takes any body for a success.
    """
    try:
        answer = json.loads(body)
    except ValueError:
        answer = None
    if not isinstance(answer, dict) or "RequestId" not in answer:
        raise refusal(action, "UnexpectedAnswer", FOREIGN_ANSWER)
    return answer
