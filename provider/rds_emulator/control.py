"""
The control API: clock, journal, instances, permissions, delays, faults, temper.

Plain JSON for other processes, under ``/_emulator/``, unsigned, answered on the
loopback only.
"""

import ipaddress
import json
from collections.abc import Callable, Mapping
from datetime import datetime

from starlette.applications import Starlette
from starlette.background import BackgroundTask
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from rds_emulator import document, permissions, seed, temper
from rds_emulator.backstage import Backstage
from rds_emulator.document import DocumentError
from rds_emulator.faults import Plan
from rds_emulator.journal import Journal
from rds_emulator.model import Instance
from rds_emulator.world import World

Unplug = Callable[[float], None]

PREFIX = "/_emulator"
_CLOCK_ORDERS = ("now", "advance", "speed")
_POLICY_ORDERS = ("policy", "deny", "allow_all")


class Control:
    """
    The handlers of the control API.
    """

    def __init__(self, world: World, journal: Journal, unplug: Unplug) -> None:
        self._world = world
        self._journal = journal
        self._unplug = unplug
        self._backstage = Backstage(world)

    async def show_journal(self, request: Request) -> Response:
        """
        Answer all calls, or those of the query's ``action``.
        """
        calls = self._journal.calls(request.query_params.get("action"))
        return _answer({"calls": calls})

    async def clear_journal(self, _: Request) -> Response:
        """
        Forget all calls.
        """
        self._journal.clear()
        return _answer({"calls": []})

    async def show_clock(self, _: Request) -> Response:
        """
        Answer the emulated time and its speed.
        """
        clock = self._world.clock
        return _answer({"now": clock.now(), "speed": clock.speed})

    async def change_clock(self, request: Request) -> Response:
        """
        Set the clock, advance it by seconds, or change its speed.
        """
        orders = await _body(request)
        if len(orders) != 1 or not orders.keys() <= set(_CLOCK_ORDERS):
            message = f"give exactly one of {', '.join(_CLOCK_ORDERS)}"
            raise DocumentError(message)
        clock = self._world.clock
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
        Answer all instances.
        """
        found = self._backstage.instances()
        return _answer({"instances": [self._shown(one) for one in found]})

    async def show_instance(self, request: Request) -> Response:
        """
        Answer one instance.
        """
        instance = self._backstage.instance(request.path_params["id"])
        return _answer(self._shown(instance))

    async def change_instance(self, request: Request) -> Response:
        """
        Change fields of an instance.
        """
        fields = await _body(request)
        instance_id = request.path_params["id"]
        return _answer(self._shown(self._backstage.change(instance_id, **fields)))

    async def remove_instance(self, request: Request) -> Response:
        """
        Let an instance be gone at once.
        """
        instance_id = request.path_params["id"]
        self._backstage.remove(instance_id)
        return _answer({"id": instance_id, "status": "Released"})

    async def add_instance(self, request: Request) -> Response:
        """
        Add an instance, given like an entry of a seed.
        """
        fields = await _body(request)
        instance_id = document.read(str, fields.pop("id", None), at="id")
        return _answer(self._shown(self._backstage.add(instance_id, **fields)))

    async def show_released(self, _: Request) -> Response:
        """
        Answer which instances were released, and what was to be kept of each.
        """
        return _answer({"released": self._backstage.released()})

    async def change_policy(self, request: Request) -> Response:
        """
        Give a key a policy, forbid the first one actions, or allow it everything.
        """
        orders = await _body(request)
        key_id = orders.pop("access_key_id", None)
        if len(orders) != 1 or not orders.keys() <= set(_POLICY_ORDERS):
            message = f"give exactly one of {', '.join(_POLICY_ORDERS)}"
            raise DocumentError(message)
        if "policy" in orders:
            self._set_policy(key_id, orders["policy"])
        elif "deny" in orders:
            self._backstage.deny(
                *document.read(tuple[str, ...], orders["deny"], at="deny")
            )
        else:
            self._backstage.allow_all()
        keys = self._world.account.access_keys
        return _answer({"policies": {key.id: key.policy for key in keys}})

    async def change_delay(self, request: Request) -> Response:
        """
        Hold back the answers of an action, or no longer.
        """
        orders = await _body(request)
        self._backstage.delay(
            document.read(str, orders.get("action"), at="action"),
            document.read(float, orders.get("seconds"), at="seconds"),
        )
        return _answer({"delays": self._world.delays})

    async def show_faults(self, _: Request) -> Response:
        """
        Answer what is on order and which faults have struck.
        """
        faults = self._backstage.faults
        return _answer({**vars(faults.ordered()), "fired": faults.fired()})

    async def order_faults(self, request: Request) -> Response:
        """
        Order faults and courses, given as in a seed.
        """
        plan = document.read(Plan, await _body(request))
        self._backstage.faults.take(plan)
        return await self.show_faults(request)

    async def forget_faults(self, request: Request) -> Response:
        """
        Forget what is on order and which faults have struck.
        """
        self._backstage.faults.forget()
        return await self.show_faults(request)

    async def show_temper(self, _: Request) -> Response:
        """
        Answer the traits of the cloud.
        """
        return _answer(vars(self._backstage.temper))

    async def change_temper(self, request: Request) -> Response:
        """
        Give the cloud the named traits, and all others of a base.
        """
        order = await _body(request)
        self._world.set_temper(temper.read(order, before=self._backstage.temper))
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
        first = self._world.account.access_keys[0].id
        self._backstage.set_policy(
            first if key_id is None else str(key_id),
            None if policy is None else permissions.checked(policy, at="policy"),
        )

    def _shown(self, instance: Instance) -> dict[str, object]:
        history = self._backstage.history(instance.id)
        return {**vars(instance), "history": history}


def application(world: World, journal: Journal, unplug: Unplug) -> ASGIApp:
    """
    Make the application that answers under ``/_emulator/``.

    Args:
        world: what is looked at and changed.
        journal: the calls of the API.
        unplug: refuses all connections for so many real seconds.
    """
    control = Control(world, journal, unplug)
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
    return _LoopbackOnly(
        Starlette(routes=[Mount(PREFIX, routes=routes)], exception_handlers=handlers)
    )


class _LoopbackOnly:
    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        host = scope["client"][0] if scope.get("client") else ""
        app = self._app if _is_loopback(host) else _error(403, "loopback only")
        await app(scope, receive, send)


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


async def _body(request: Request) -> dict[str, object]:
    try:
        parsed = json.loads(await request.body())
    except ValueError as error:
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
