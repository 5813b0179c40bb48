"""
What can be ordered: faults of calls, courses of clones, and how often.
"""

from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from typing import Self

from rds_emulator.state.model import Step


@dataclass(frozen=True, kw_only=True)
class Schedule:
    """
    How often something on order happens.

    Args:
        times: How often at most; None is once, or without end when there is a
            probability.
        probability: The chance at each match; None makes it certain.
        after: So many matches go by first, whatever becomes of them.
    """

    times: int | None = None
    probability: float | None = None
    after: int = 0

    def after_match(self) -> Self:
        """
        Return what is left after one more match that went by.
        """
        return replace(self, after=self.after - 1)

    def after_hit(self) -> tuple[Self, ...]:
        """
        Return what is left when it has happened once more; empty for nothing.
        """
        if self.times is None:
            return (self,)
        return (replace(self, times=self.times - 1),) if self.times > 1 else ()


@dataclass(frozen=True, kw_only=True)
class Fault(Schedule):
    """
    Something that goes wrong with a call; what is empty has the kind's default.

    Args:
        kind: A key of `KINDS`.
        action: The name of an action, or a pattern such as ``Describe*``.
        phase: Whether it strikes "before" the effect, which then does not
            happen, or "after" it.
        code: Of the refusal.
        status: The HTTP status.
        message: Of the refusal; the documented text of the code by default,
            its gaps unfilled.
        retry_after: Seconds, for the header Retry-After.
        seconds: Real seconds by which the answer is late.
    """

    kind: str
    action: str = "*"
    phase: str = ""
    code: str = ""
    status: int = 0
    message: str = ""
    retry_after: int = 0
    seconds: float = 0.0

    def matches(self, action: str) -> bool:
        """
        Whether it is meant for *action*.
        """
        return fnmatchcase(action, self.action)


@dataclass(frozen=True, kw_only=True)
class Course(Schedule):
    """
    The life of a clone, in the place of Creating and then Running.
    """

    steps: tuple[Step, ...]


@dataclass(frozen=True, kw_only=True)
class Plan:
    """
    Faults and courses together, as a seed or the control API gives them.

    *fault_seed* makes what follows by chance repeatable.
    """

    faults: tuple[Fault, ...] = ()
    courses: tuple[Course, ...] = ()
    fault_seed: int | None = None


@dataclass(frozen=True, kw_only=True)
class Fired:
    """
    A fault that struck.

    Args:
        kind: The fault's; "course" for the course of a clone.
        action: What was called.
        id: The request's id; the clone's for a course.
    """

    kind: str
    action: str
    id: str
