"""
The way of a request through the API: steps in the order of the real gateway.

Method, version and action, access key, time, nonce, signature, permission, and
then the action itself with its parameters. Each call ends in the journal, and
its effect and its entry are committed before the answer leaves.
"""

import json
import sys
import time
import traceback
import uuid
from dataclasses import dataclass

from rds_emulator import credential, permissions
from rds_emulator.access import Access
from rds_emulator.actions import ACTIONS, Action, Answer, Invocation
from rds_emulator.errors import ApiError, missing
from rds_emulator.journal import Call, Journal
from rds_emulator.model import AccessKey
from rds_emulator.parameters import Parameters
from rds_emulator.registry import PRODUCTS, RDS
from rds_emulator.request import Request
from rds_emulator.world import World


@dataclass(frozen=True)
class Reply:
    """
    A status and a JSON body, ready to be sent.
    """

    status: int
    body: bytes


@dataclass(frozen=True, kw_only=True)
class _Outcome:
    status: int = 200
    error: str | None = None
    effective: bool = False


class Gateway:
    """
    Answers requests to the API.
    """

    def __init__(self, world: World, journal: Journal) -> None:
        self._world = world
        self._journal = journal
        self._access = Access(world)

    def handle(self, request: Request) -> Reply:
        """
        Answer one request, whatever it is.
        """
        request_id = str(uuid.uuid4()).upper()
        store = self._world.store
        try:
            with store.transaction():
                self._world.settle()
                before = store.changes
                answer = self._run(request)
                outcome = _Outcome(effective=store.changes > before)
                self._record(request, outcome, request_id)
        except ApiError as error:
            return self._refuse(request, error, request_id)
        except Exception:  # noqa: BLE001 - a bug of ours is a 500, as in the cloud
            traceback.print_exc(file=sys.stderr)
            return self._refuse(request, ApiError(code="InternalError"), request_id)
        return _reply(200, {"RequestId": request_id, **answer})

    def _run(self, request: Request) -> Answer:
        action = _find_action(request)
        key = self._authenticate(request)
        permissions.check(key, action, request, self._world)
        # Throttling and faults on order belong here, in this order.
        invocation = Invocation(
            action=action,
            parameters=Parameters(request.parameters),
            world=self._world,
        )
        return action.run(invocation)

    def _authenticate(self, request: Request) -> AccessKey:
        claims = credential.of_request(request)
        key = self._access.key(claims)
        self._access.check_security_token(key, claims)
        self._access.check_timestamp(claims)
        self._access.check_nonce(claims)
        self._access.check_signature(key, claims)
        return key

    def _refuse(self, request: Request, error: ApiError, request_id: str) -> Reply:
        outcome = _Outcome(status=error.status, error=error.code)
        with self._world.store.transaction():
            self._world.settle()
            self._record(request, outcome, request_id)
        return _reply(
            error.status,
            {
                "RequestId": request_id,
                "HostId": request.headers.get("host", ""),
                "Code": error.code,
                "Message": error.message,
                "Recommend": _recommend(error.code, request.version),
            },
        )

    def _record(self, request: Request, outcome: _Outcome, request_id: str) -> None:
        action = ACTIONS.get((request.version, request.action))
        self._journal.record(
            Call(
                sequence=0,
                wall=time.time(),
                at=self._world.clock.now(),
                action=request.action,
                parameters=request.parameters,
                access_key_id=credential.claimed_key(request),
                status=outcome.status,
                error=outcome.error,
                writes=action is not None and action.writes,
                effective=outcome.effective,
                request_id=request_id,
            )
        )


def _find_action(request: Request) -> Action:
    if request.method not in ("GET", "POST"):
        raise ApiError(code="UnsupportedHTTPMethod")
    if request.path != "/":
        raise ApiError(code="InvalidAction.NotFound")
    if not request.version:
        raise missing(name="Version")
    if request.version not in PRODUCTS:
        raise ApiError(code="InvalidVersion")
    if not request.action:
        raise missing(name="Action")
    action = ACTIONS.get((request.version, request.action))
    if action is None:
        product = PRODUCTS[request.version].name
        what = f"the action {request.action} of the product {product}"
        raise ApiError(code="EmulatorNotImplemented", what=what)
    if request.format.upper() != "JSON":
        raise ApiError(code="EmulatorNotImplemented", what=f"Format={request.format}")
    return action


def _recommend(code: str, version: str) -> str:
    product = PRODUCTS.get(version, RDS).name.capitalize()
    return f"https://api.aliyun.com/troubleshoot?q={code}&product={product}"


def _reply(status: int, body: Answer) -> Reply:
    return Reply(status, json.dumps(body, ensure_ascii=False).encode())
