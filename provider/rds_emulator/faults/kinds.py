"""
The kinds of faults, in one table, and the judgement of what is ordered.

An order that cannot be meant is refused with one sentence that names its field.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Final

from rds_emulator.faults import responses
from rds_emulator.faults.plan import Course, Fault, Plan, Schedule
from rds_emulator.faults.responses import Spoil
from rds_emulator.protocol.codes import CODES
from rds_emulator.state.document import DocumentError
from rds_emulator.state.transitions import RELEASED

_EITHER: Final = ("after", "before")
_REFUSAL: Final = ("code", "status", "message", "retry_after")
_DETAILS: Final = (*_REFUSAL, "seconds")
_ERRORS: Final = range(400, 600)


@dataclass(frozen=True, kw_only=True)
class Kind:
    """
    A kind of fault.

    Args:
        spoil: What it makes of the answer.
        phases: When it may strike, the default first.
        takes: What may be said of it.
        needs: What of that must be said.
        code: The default; "" for none.
        status: The status of a code that is not documented, or of the answer.
    """

    spoil: Spoil
    phases: tuple[str, ...] = _EITHER
    takes: tuple[str, ...] = ()
    needs: str = ""
    code: str = ""
    status: int = 0


def _refusal(*, code: str = "") -> Kind:
    return Kind(
        spoil=responses.refuse,
        phases=("before",),
        takes=_REFUSAL,
        needs="" if code else "code",
        code=code,
        status=400,
    )


def _body(spoil: Spoil, *takes: str) -> Kind:
    return Kind(spoil=spoil, takes=takes, status=200)


KINDS: Final[Mapping[str, Kind]] = {
    "throttled": _refusal(code="Throttling.User"),
    "refused": _refusal(),
    "expired_token": _refusal(code="InvalidSecurityToken.Expired"),
    "clock_skew": _refusal(code="IllegalTimestamp"),
    "failed": Kind(
        spoil=responses.refuse,
        phases=("after",),
        takes=_REFUSAL,
        code="InternalError",
        status=500,
    ),
    "dropped": Kind(spoil=responses.drop),
    "delayed": Kind(spoil=responses.delay, takes=("seconds",), needs="seconds"),
    "empty": _body(responses.empty, "status"),
    "garbage": _body(responses.garble, "status"),
    "truncated": _body(responses.truncate, "status"),
    "bare": _body(responses.strip),
}


def completed_plan(plan: Plan, actions: Collection[str]) -> Plan:
    """
    Return *plan* with all that it leaves open.

    Args:
        plan: As it was ordered.
        actions: The names of the actions there are.

    Raises:
        DocumentError: What is ordered makes no sense; the message says why.
    """
    return replace(
        plan,
        faults=tuple(
            completed(fault, actions, at=f"faults[{position}].")
            for position, fault in enumerate(plan.faults)
        ),
        courses=tuple(
            completed_course(course, at=f"courses[{position}].")
            for position, course in enumerate(plan.courses)
        ),
    )


def completed(fault: Fault, actions: Collection[str], *, at: str = "") -> Fault:
    """
    Return *fault* with what it leaves to its kind.

    Args:
        fault: As it was ordered.
        actions: The names of the actions there are.
        at: Where it stands, for messages.

    Raises:
        DocumentError: What is ordered makes no sense; the message says why.
    """
    kind = KINDS.get(fault.kind)
    if kind is None:
        message = f"{at}kind: there is no {fault.kind!r}; known are {', '.join(KINDS)}"
        raise DocumentError(message)
    known = any(fault.matches(name) for name in actions)
    _demand(known, f"{at}action: there is no action {fault.action}")
    _check_details(fault, kind, at=at)
    code = fault.code or kind.code
    status, text = CODES.get(code, (kind.status, "This call was refused on order."))
    return replace(
        fault,
        times=_times(fault, at),
        phase=fault.phase or kind.phases[0],
        code=code,
        status=fault.status or status,
        message=fault.message or (text if code else ""),
    )


def completed_course(course: Course, *, at: str = "") -> Course:
    """
    Return *course* with how often it is taken.

    Raises:
        DocumentError: What is ordered makes no sense; the message says why.
    """
    _demand(bool(course.steps), f"{at}steps: at least one is needed")
    last = len(course.steps) - 1
    for position, step in enumerate(course.steps):
        place = f"{at}steps[{position}]"
        _demand(
            step.status != RELEASED or 0 < position == last,
            f"{place}.status: {RELEASED} can only be the end, after another status",
        )
        if position == last:
            _demand(
                step.seconds is None,
                f"{place}.seconds: the last status stays, so leave them out",
            )
        else:
            _demand(
                step.seconds is not None and step.seconds >= 0,
                f"{place}.seconds: must be 0 or more, not {step.seconds}",
            )
    return replace(course, times=_times(course, at))


def _times(schedule: Schedule, at: str) -> int | None:
    times, chance = schedule.times, schedule.probability
    _demand(times is None or times > 0, f"{at}times: must be 1 or more, not {times}")
    _demand(
        chance is None or 0 < chance <= 1,
        f"{at}probability: must be above 0 and at most 1, not {chance}",
    )
    _demand(schedule.after >= 0, f"{at}after: must be 0 or more, not {schedule.after}")
    return 1 if times is None and chance is None else times


def _check_details(fault: Fault, kind: Kind, *, at: str) -> None:
    name = fault.kind
    given = [name for name in _DETAILS if getattr(fault, name)]
    for detail in given:
        _demand(detail in kind.takes, f"{at}{detail}: means nothing for {name!r}")
    _demand(
        not kind.needs or kind.needs in given,
        f"{at}{kind.needs}: is required for {name!r}",
    )
    _demand(
        fault.phase in ("", *kind.phases),
        f"{at}phase: must be {' or '.join(kind.phases)} for {name!r},"
        f" not {fault.phase!r}",
    )
    _demand(
        not fault.status or fault.status in (kind.status, *_ERRORS),
        f"{at}status: must be 400 to 599 for {name!r}, not {fault.status}",
    )
    for detail in ("seconds", "retry_after"):
        value = getattr(fault, detail)
        _demand(value >= 0, f"{at}{detail}: must be 0 or more, not {value:g}")


def _demand(holds: bool, otherwise: str) -> None:  # noqa: FBT001 - reads like assert
    if not holds:
        raise DocumentError(otherwise)
