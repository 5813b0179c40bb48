"""
Where faults are ordered, handed out and accounted for.

All of it lives in the memory of the process, not in the database.
"""

import random
import threading
from collections.abc import Callable, Collection
from typing import Generic, TypeVar

from rds_emulator.faults import kinds
from rds_emulator.faults.plan import Course, Fault, Fired, Plan, Schedule
from rds_emulator.state import document
from rds_emulator.state.model import Step

T = TypeVar("T", bound=Schedule)


class Faults:
    """
    What is on order, and what of it has struck.

    Orders are served in the order in which they were given; at most one fault
    strikes a call.

    Args:
        actions: The names of the actions there are.
    """

    def __init__(self, actions: Collection[str]) -> None:
        self._actions = actions
        chance = random.Random()  # noqa: S311 - faults need no secrecy
        self._chance = chance
        self._faults: _Queue[Fault] = _Queue(chance)
        self._courses: _Queue[Course] = _Queue(chance)
        self._fired: list[Fired] = []

    def order(self, kind: str, action: str = "*", **fields: object) -> Fault:
        """
        Order that something goes wrong with the next call of *action*.

        Args:
            kind: A key of `KINDS`.
            action: The name of an action, or a pattern such as ``Describe*``.
            fields: The other fields of `Fault`.

        Raises:
            DocumentError: When that cannot be meant; the message says why.
        """
        entry = {"kind": kind, "action": action, **fields}
        fault = kinds.completed(document.read(Fault, entry), self._actions)
        self._faults.add(fault)
        return fault

    def order_course(self, *steps: tuple[str, float] | str, **fields: object) -> Course:
        """
        Order *steps* for the next clone, in the place of Creating and Running.

        Args:
            steps: Each a status and the emulated seconds it lasts; the last one
                stays and is the status alone. "Released" means gone.
            fields: The fields of `Schedule`.

        Raises:
            DocumentError: When that cannot be meant; the message says why.
        """
        entry = {"steps": [_entry(step) for step in steps], **fields}
        course = kinds.completed_course(document.read(Course, entry))
        self._courses.add(course)
        return course

    def take(self, plan: Plan) -> None:
        """
        Order everything in *plan*, or nothing when one thing is wrong.
        """
        plan = kinds.completed_plan(plan, self._actions)
        if plan.fault_seed is not None:
            self.seed(plan.fault_seed)
        self._faults.add(*plan.faults)
        self._courses.add(*plan.courses)

    def seed(self, number: int) -> None:
        """
        Make repeatable what happens by chance from now on.
        """
        self._chance.seed(number)

    def ordered(self) -> Plan:
        """
        Return what is still to come, less what has come already.
        """
        return Plan(faults=self._faults.waiting, courses=self._courses.waiting)

    def fired(self) -> list[Fired]:
        """
        Return the faults that struck, the first one first.
        """
        return list(self._fired)

    def forget(self) -> None:
        """
        Forget what is ordered and what has struck.
        """
        self._faults.clear()
        self._courses.clear()
        self._fired = []

    def next_fault(self, action: str, request_id: str) -> Fault | None:
        """
        Return the fault of a call, if one is due; it has struck then.
        """
        fault = self._faults.take(lambda planned: planned.matches(action))
        if fault is not None:
            self._fired.append(Fired(kind=fault.kind, action=action, id=request_id))
        return fault

    def next_course(self, clone_id: str) -> tuple[Step, ...]:
        """
        Return the course of a new clone; empty when none is due.
        """
        course = self._courses.take(lambda _: True)
        if course is None:
            return ()
        self._fired.append(Fired(kind="course", action="CloneDBInstance", id=clone_id))
        return course.steps


class _Queue(Generic[T]):
    """
    Standing orders of one sort, the oldest first.
    """

    def __init__(self, chance: random.Random) -> None:
        self.waiting: tuple[T, ...] = ()
        self._chance = chance
        self._lock = threading.Lock()

    def add(self, *orders: T) -> None:
        with self._lock:
            self.waiting += orders

    def clear(self) -> None:
        with self._lock:
            self.waiting = ()

    def take(self, matches: Callable[[T], bool]) -> T | None:
        """
        Return the first matching order that is due; all of them count the match.
        """
        if not self.waiting:
            return None
        drawn: T | None = None
        left: list[T] = []
        with self._lock:
            for order in self.waiting:
                if not matches(order):
                    left.append(order)
                elif order.after:
                    left.append(order.after_match())
                elif drawn is None and self._happens(order):
                    drawn = order
                    left.extend(order.after_hit())
                else:
                    left.append(order)
            self.waiting = tuple(left)
        return drawn

    def _happens(self, order: T) -> bool:
        return order.probability is None or self._chance.random() < order.probability


def _entry(step: tuple[str, float] | str) -> dict[str, object]:
    if isinstance(step, str):
        return {"status": step}
    status, seconds = step
    return {"status": status, "seconds": seconds}
