"""
The control API: clock, journal, instances, permissions, delays, faults, temper.

Plain JSON for other processes, under ``/_emulator/``, unsigned; see *guard* for who
may use it.
"""

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

from starlette.applications import Starlette
from starlette.background import BackgroundTask
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from rds_emulator.control.guard import ControlAccess
from rds_emulator.control.inspector import Inspector
from rds_emulator.faults import Plan
from rds_emulator.seeds import seed
from rds_emulator.server import permissions
from rds_emulator.server.application import CONTROL_PREFIX
from rds_emulator.server.runtime import Runtime
from rds_emulator.state import document, temper
from rds_emulator.state.document import DocumentError
from rds_emulator.state.model import Instance

Unplug = Callable[[float], None]

_CLOCK_ORDERS: Final = ("now", "advance", "speed")
_POLICY_ORDERS: Final = ("policy", "deny", "allow_all")


class Control:
    """
    The handlers of the control API.
    """

    def __init__(
        self, runtime: Runtime, unplug: Unplug, *, access: ControlAccess
    ) -> None:
        self._access = access
        self._cloud = runtime.cloud
        self._delays = runtime.delays
        self._journal = runtime.journal
        self._unplug = unplug
        self._inspector = Inspector(runtime)

    async def show_journal(self, request: Request) -> Response:
        """
        Return all calls, or those of the query's ``action``.
        """
        calls = self._journal.calls(request.query_params.get("action"))
        return self._tell({"calls": calls})

    async def clear_journal(self, _: Request) -> Response:
        """
        Forget all calls.
        """
        self._journal.clear()
        return _answer({"calls": []})

    async def show_clock(self, _: Request) -> Response:
        """
        Return the emulated time and its speed.
        """
        clock = self._cloud.clock
        return _answer({"now": clock.now(), "speed": clock.speed})

    async def change_clock(self, request: Request) -> Response:
        """
        Set the clock, advance it by seconds, or change its speed.
        """
        orders = await _body(request)
        if len(orders) != 1 or not orders.keys() <= set(_CLOCK_ORDERS):
            message = f"give exactly one of {', '.join(_CLOCK_ORDERS)}"
            raise DocumentError(message)
        clock = self._cloud.clock
        if "now" in orders:
            instants = seed.instants(clock.now())
            clock.set(
                document.read(datetime, orders["now"], at="now", instants=instants)
            )
        elif "advance" in orders:
            clock.advance(document.read(float, orders["advance"], at="advance"))
        else:
            clock.set_speed(document.read(float, orders["speed"], at="speed"))
        return await self.show_clock(request)

    async def show_instances(self, _: Request) -> Response:
        """
        Return all instances.
        """
        found = self._inspector.instances()
        shown = [self._shown(instance) for instance in found]
        return self._tell({"instances": shown})

    async def show_instance(self, request: Request) -> Response:
        """
        Return one instance.
        """
        instance = self._inspector.instance(request.path_params["id"])
        return self._tell(self._shown(instance))

    async def change_instance(self, request: Request) -> Response:
        """
        Change fields of an instance.
        """
        fields = await _body(request)
        instance_id = request.path_params["id"]
        return self._tell(self._shown(self._inspector.change(instance_id, **fields)))

    async def remove_instance(self, request: Request) -> Response:
        """
        Remove an instance at once.
        """
        instance_id = request.path_params["id"]
        self._inspector.remove(instance_id)
        return _answer({"id": instance_id, "status": "Released"})

    async def add_instance(self, request: Request) -> Response:
        """
        Add an instance, given like an entry of a seed.
        """
        fields = await _body(request)
        instance_id = document.read(str, fields.pop("id", None), at="id")
        return self._tell(self._shown(self._inspector.add(instance_id, **fields)))

    async def show_released(self, _: Request) -> Response:
        """
        Return which instances were released, and what was to be kept of each.
        """
        return _answer({"released": self._inspector.released()})

    async def show_connection(self, _: Request) -> Response:
        """
        Return what a client has to know: the first key, the region, what to trust.
        """
        account = self._cloud.account
        key = account.access_keys[0]
        return _answer(
            {
                "accessKeyId": key.id,
                "accessKeySecret": key.secret,
                "region": account.regions[0].id,
                "caFile": self._access.ca_file,
            }
        )

    async def change_policy(self, request: Request) -> Response:
        """
        Set the policy of a key, forbid the first one actions, or allow it everything.
        """
        orders = await _body(request)
        key_id = orders.pop("access_key_id", None)
        if len(orders) != 1 or not orders.keys() <= set(_POLICY_ORDERS):
            message = f"give exactly one of {', '.join(_POLICY_ORDERS)}"
            raise DocumentError(message)
        if "policy" in orders:
            self._set_policy(key_id, orders["policy"])
        elif "deny" in orders:
            self._inspector.deny(
                *document.read(tuple[str, ...], orders["deny"], at="deny")
            )
        else:
            self._inspector.allow_all()
        keys = self._cloud.account.access_keys
        return _answer({"policies": {key.id: key.policy for key in keys}})

    async def change_delay(self, request: Request) -> Response:
        """
        Hold back the answers of an action, or no longer.
        """
        orders = await _body(request)
        self._inspector.delay(
            document.read(str, orders.get("action"), at="action"),
            document.read(float, orders.get("seconds"), at="seconds"),
        )
        return _answer({"delays": self._delays})

    async def show_faults(self, _: Request) -> Response:
        """
        Return what is on order and which faults have struck.
        """
        faults = self._inspector.faults
        return _answer({**vars(faults.ordered()), "fired": faults.fired()})

    async def order_faults(self, request: Request) -> Response:
        """
        Order faults and courses, given as in a seed.
        """
        plan = document.read(Plan, await _body(request))
        self._inspector.faults.take(plan)
        return await self.show_faults(request)

    async def forget_faults(self, request: Request) -> Response:
        """
        Forget what is on order and which faults have struck.
        """
        self._inspector.faults.forget()
        return await self.show_faults(request)

    async def show_temper(self, _: Request) -> Response:
        """
        Return the traits of the cloud.
        """
        return _answer(vars(self._inspector.temper))

    async def change_temper(self, request: Request) -> Response:
        """
        Change the named traits of the cloud, or all of them to those of a base.
        """
        order = await _body(request)
        self._cloud.set_temper(temper.read(order, before=self._inspector.temper))
        return await self.show_temper(request)

    async def unplug(self, request: Request) -> Response:
        """
        Refuse all connections for some seconds, from the end of the answer on.
        """
        orders = await _body(request)
        seconds = document.read(float, orders.get("seconds"), at="seconds")
        if seconds <= 0:
            message = f"seconds: must be above 0, not {seconds:g}"
            raise DocumentError(message)
        answer = _answer({"unplugged": seconds})
        answer.background = BackgroundTask(self._unplug, seconds)
        return answer

    def _set_policy(self, key_id: object, policy: object) -> None:
        first = self._cloud.account.access_keys[0].id
        self._inspector.set_policy(
            first if key_id is None else str(key_id),
            None if policy is None else permissions.checked(policy, at="policy"),
        )

    def _tell(self, value: Mapping[str, object]) -> Response:
        return Response(
            json.dumps(self._access.told(value), ensure_ascii=False),
            media_type="application/json",
        )

    def _shown(self, instance: Instance) -> dict[str, object]:
        history = self._inspector.history(instance.id)
        return {**vars(instance), "history": history}


def application(runtime: Runtime, unplug: Unplug, *, access: ControlAccess) -> ASGIApp:
    """
    Return the application that answers under ``/_emulator/``.

    Args:
        runtime: What is shown and changed.
        unplug: Refuses all connections for so many real seconds.
        access: Who may use it.
    """
    control = Control(runtime, unplug, access=access)
    routes = [
        Route("/journal", control.show_journal, methods=["GET"]),
        Route("/journal", control.clear_journal, methods=["DELETE"]),
        Route("/clock", control.show_clock, methods=["GET"]),
        Route("/clock", control.change_clock, methods=["POST"]),
        Route("/instances", control.show_instances, methods=["GET"]),
        Route("/instances", control.add_instance, methods=["POST"]),
        Route("/instances/{id}", control.show_instance, methods=["GET"]),
        Route("/instances/{id}", control.change_instance, methods=["POST"]),
        Route("/instances/{id}", control.remove_instance, methods=["DELETE"]),
        Route("/released", control.show_released, methods=["GET"]),
        Route("/connection", control.show_connection, methods=["GET"]),
        Route("/policy", control.change_policy, methods=["POST"]),
        Route("/delay", control.change_delay, methods=["POST"]),
        Route("/faults", control.show_faults, methods=["GET"]),
        Route("/faults", control.order_faults, methods=["POST"]),
        Route("/faults", control.forget_faults, methods=["DELETE"]),
        Route("/temper", control.show_temper, methods=["GET"]),
        Route("/temper", control.change_temper, methods=["POST"]),
        Route("/unplug", control.unplug, methods=["POST"]),
    ]
    handlers = {
        DocumentError: _refuse_document,
        ValueError: _refuse_document,
        KeyError: _refuse_unknown,
        HTTPException: _refuse_http,
    }
    routed = Starlette(
        routes=[Mount(CONTROL_PREFIX, routes=routes)], exception_handlers=handlers
    )
    return _Guarded(routed, access)


class _Guarded:
    def __init__(self, app: ASGIApp, access: ControlAccess) -> None:
        self._app = app
        self._access = access

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        peer = scope["client"][0] if scope.get("client") else None
        refusal = self._access.refusal(peer, Request(scope).headers)
        app = _error(*refusal) if refusal else self._app
        await app(scope, receive, send)


async def _body(request: Request) -> dict[str, object]:
    try:
        parsed = json.loads(await request.body())
    except (ValueError, RecursionError) as error:
        message = f"the body is not JSON: {error}"
        raise DocumentError(message) from error
    if not isinstance(parsed, dict):
        message = "the body must be one JSON object"
        raise DocumentError(message)
    return parsed


def _answer(value: Mapping[str, object], status: int = 200) -> Response:
    return Response(document.to_json(value), status, media_type="application/json")


def _error(status: int, message: str) -> Response:
    return _answer({"error": message}, status)


async def _refuse_document(_: Request, error: Exception) -> Response:
    return _error(400, str(error))


async def _refuse_unknown(_: Request, error: Exception) -> Response:
    return _error(404, f"there is no instance {error.args[0]}")


async def _refuse_http(_: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    return _error(status, str(error))
