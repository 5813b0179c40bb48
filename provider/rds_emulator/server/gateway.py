"""
The way of a request through the API: steps in the order of the real gateway.

Method, version and action, access key, time, nonce, signature, permission,
throttling and other faults on order, and then the action itself with its
parameters. Each call ends in the journal, and its effect and its entry are
committed before the answer leaves.
"""

import sys
import time
import traceback
import uuid
from collections.abc import Callable
from dataclasses import dataclass

from rds_emulator.actions import Action, Answer, Invocation, registry
from rds_emulator.actions.registry import PRODUCTS, RDS
from rds_emulator.faults import KINDS, Fault
from rds_emulator.protocol import request_signature
from rds_emulator.protocol.errors import ApiError, missing
from rds_emulator.protocol.parameters import Parameters
from rds_emulator.protocol.reply import Reply
from rds_emulator.protocol.request import Request
from rds_emulator.server import permissions
from rds_emulator.server.authentication import Access
from rds_emulator.server.call_hook import Phase, notify_nobody
from rds_emulator.server.journal import Call
from rds_emulator.server.runtime import Runtime
from rds_emulator.state.model import AccessKey


@dataclass(kw_only=True)
class _Visit:
    """
    A request on its way, and what was found out about it so far.
    """

    request: Request
    request_id: str
    fault: Fault | None = None
    notify: Callable[[Phase], None] = notify_nobody

    def spoiled(self, reply: Reply) -> Reply:
        """
        Return what the fault of this call makes of *reply*.
        """
        if self.fault is None:
            return reply
        return KINDS[self.fault.kind].spoil(reply, self.fault, self.refusal)

    def refusal(self, status: int, code: str, message: str) -> Reply:
        """
        Return a refusal.
        """
        return Reply.of(
            {
                "RequestId": self.request_id,
                "HostId": self.request.headers.get("host", ""),
                "Code": code,
                "Message": message,
                "Recommend": _recommend(code, self.request.version),
            },
            status=status,
            code=code,
        )


class Gateway:
    """
    Answers requests to the API.
    """

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._cloud = runtime.cloud
        self._access = Access(runtime.cloud)

    def handle(self, request: Request) -> Reply:
        """
        Answer one request, whatever it is.
        """
        visit = _Visit(request=request, request_id=str(uuid.uuid4()).upper())
        try:
            reply = self._serve(visit)
        except ApiError as error:
            reply = self._refuse(visit, error)
        except Exception:  # noqa: BLE001 - a bug of ours is a 500, as in the cloud
            traceback.print_exc(file=sys.stderr)
            reply = self._refuse(visit, ApiError(code="InternalError"))
        visit.notify("after")
        return reply

    def _serve(self, visit: _Visit) -> Reply:
        action, key = self._admit(visit.request)
        self._prepare(visit, action)
        store = self._cloud.store
        with store.transaction():
            self._cloud.apply_due_changes()
            before = store.changes
            answer = self._run(visit, action, key=key)
            reply = visit.spoiled(Reply.of({"RequestId": visit.request_id, **answer}))
            self._record(
                visit, reply, effective=action.writes and store.changes > before
            )
        return reply

    def _admit(self, request: Request) -> tuple[Action, AccessKey]:
        action = _find_action(request)
        key = self._authenticate(request)
        permissions.check(key, action, request=request, cloud=self._cloud)
        self._access.check_rate(action.name)
        return action, key

    def _prepare(self, visit: _Visit, action: Action) -> None:
        """
        Notify the hook, and find the fault of the call, if it has one.

        Both happen outside of any transaction: who is notified may look around.
        """
        hook = self._runtime.hook
        if hook is not None:
            visit.notify = hook.watch(action.name, visit.request.parameters)
            visit.notify("before")
        visit.fault = self._runtime.faults.next_fault(action.name, visit.request_id)

    def _run(self, visit: _Visit, action: Action, *, key: AccessKey) -> Answer:
        if visit.fault is not None and visit.fault.phase == "before":
            return {}
        invocation = Invocation(
            action=action,
            key=key,
            parameters=Parameters(visit.request.parameters),
            cloud=self._cloud,
            faults=self._runtime.faults,
            host=visit.request.headers.get("host", ""),
        )
        return action.run(invocation)

    def _authenticate(self, request: Request) -> AccessKey:
        claims = request_signature.of_request(request)
        key = self._access.key(claims)
        self._access.check_security_token(key, claims)
        self._access.check_timestamp(claims)
        self._access.check_nonce(claims)
        self._access.check_signature(key, claims)
        return key

    def _refuse(self, visit: _Visit, error: ApiError) -> Reply:
        refusal = visit.refusal(error.status, error.code, error.message)
        reply = visit.spoiled(refusal)
        with self._cloud.store.transaction():
            self._cloud.apply_due_changes()
            self._record(visit, reply, effective=False)
        return reply

    def _record(self, visit: _Visit, reply: Reply, *, effective: bool) -> None:
        request = visit.request
        action = registry.named(request.version, request.action)
        self._runtime.journal.record(
            Call(
                sequence=0,
                wall=time.time(),
                at=self._cloud.clock.now(),
                action=action.name if action else request.action,
                parameters=request.parameters,
                access_key_id=request_signature.claimed_key(request),
                status=reply.status,
                error=reply.code,
                writes=action is not None and action.writes,
                effective=effective,
                request_id=visit.request_id,
                fault=visit.fault.kind if visit.fault else None,
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
    action = registry.named(request.version, request.action)
    if action is None:
        if not registry.is_documented(request.version, request.action):
            raise ApiError(code="InvalidAction.NotFound")
        product = PRODUCTS[request.version].name
        what = f"the action {request.action} of the product {product}"
        raise ApiError(code="EmulatorNotImplemented", what=what)
    if request.format.upper() != "JSON":
        raise ApiError(code="EmulatorNotImplemented", what=f"Format={request.format}")
    return action


def _recommend(code: str, version: str) -> str:
    product = PRODUCTS.get(version, RDS).name.capitalize()
    return f"https://api.aliyun.com/troubleshoot?q={code}&product={product}"
