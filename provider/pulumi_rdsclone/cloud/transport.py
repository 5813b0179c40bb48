"""
Sends a signed call to the API and returns its answer.
"""

import json
import logging
import re
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

from aliyunsdkcore.client import AcsClient
from aliyunsdkcore.request import RpcRequest

from pulumi_rdsclone.cloud.credentials import Keyring, Keys
from pulumi_rdsclone.cloud.errors import (
    HEADERS,
    LAST_REQUEST_ID,
    PLACE,
    error_for_code,
    foreign_answer,
    note_request_id,
    translate_sdk_errors,
)
from pulumi_rdsclone.cloud.reading import Answer
from pulumi_rdsclone.cloud.settings import Endpoint
from pulumi_rdsclone.debugging import CALLS
from pulumi_rdsclone.domain.errors import (
    ApiError,
    CloneError,
    ExpiredCredentialsError,
)

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
        *,
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
    ) -> Answer:
        """
        Call *action* once and return its answer.

        Args:
            action: API action, such as ``DescribeDBInstances``.
            parameters: In the API's words; RegionId is added.
            read_seconds: How long to wait for the answer.

        Raises:
            ApiError: The call was refused, or no valid answer came.
            ConfigurationError: The credentials are missing or were refused.
        """
        try:
            return self._send(action, parameters, read_seconds=read_seconds)
        except ExpiredCredentialsError:
            # Keys may expire before they are used; a refused call had no effect.
            if not self._keyring.renew():
                raise
        return self._send(action, parameters, read_seconds=read_seconds)

    def _send(
        self, action: str, parameters: Mapping[str, str], *, read_seconds: int
    ) -> Answer:
        keys = self._keyring.keys()
        note_request_id("")
        request = self._request(
            action, parameters, keys=keys, read_seconds=read_seconds
        )
        with _logged(action, request, instance_id=parameters.get("DBInstanceId", "")):
            with translate_sdk_errors(action, lambda: _place_of(request)):
                body = self._client_for(keys).do_action_with_exception(request)
            answer = _answer(action, body, place=_place_of(request))
            note_request_id(answer["RequestId"])
        return answer

    def _request(
        self,
        action: str,
        parameters: Mapping[str, str],
        *,
        keys: Keys,
        read_seconds: int,
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
    The SDK's client, whose errors keep the headers of the answer, and the endpoint.
    """

    def _handle_single_request(
        self, endpoint: str, request: Any, *args: Any
    ) -> tuple[Any, Any, Any, Any]:
        place = _with_port(endpoint, request.get_protocol_type())
        setattr(request, PLACE, place)
        status, headers, body, error = super()._handle_single_request(
            endpoint, request, *args
        )
        if error is not None:
            setattr(error, HEADERS, headers)
            setattr(error, PLACE, place)
        return status, headers, body, error


_DEFAULT_PORTS: Final = {"http": 80, "https": 443}
_HAS_PORT: Final = re.compile(r":\d+$")


def _with_port(host: str, scheme: str) -> str:
    """
    Return *host* with its port, by default that of *scheme*.
    """
    return host if _HAS_PORT.search(host) else f"{host}:{_DEFAULT_PORTS[scheme]}"


def _place_of(request: RpcRequest) -> str:
    """
    Return host and port to which *request* was sent; empty before that.
    """
    return str(getattr(request, PLACE, ""))


@contextmanager
def _logged(action: str, request: RpcRequest, *, instance_id: str) -> Iterator[None]:
    """
    Log a call: action, endpoint, time, outcome, request id.

    Parameters other than the instance are left out: they may be secrets.
    """
    if not CALLS.isEnabledFor(logging.DEBUG):
        yield
        return
    began, outcome = time.monotonic(), "answered"
    try:
        yield
    except CloneError as error:
        code = f" {error.fault.code}" if isinstance(error, ApiError) else ""
        outcome = f"{type(error).__name__}{code}"
        raise
    finally:
        CALLS.debug(
            "%s %s at %s: %s after %.3f s, request id %s",
            action,
            instance_id or "-",
            _place_of(request) or "-",
            outcome,
            time.monotonic() - began,
            LAST_REQUEST_ID.get() or "-",
        )


def _answer(action: str, body: bytes, *, place: str) -> Answer:
    """
    Return the answer in *body*; the SDK takes any body for a success.

    Raises:
        UnavailableError: It is not an answer of the API.
    """
    try:
        answer = json.loads(body)
    except ValueError:
        answer = None
    if not isinstance(answer, dict) or "RequestId" not in answer:
        raise error_for_code(action, "UnexpectedAnswer", message=foreign_answer(place))
    return answer
