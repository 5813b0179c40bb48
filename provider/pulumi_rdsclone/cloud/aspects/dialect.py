"""
What is known of one aspect: how the API tells it, and the calls that change it.
"""

from collections.abc import Callable, Generator, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from pulumi_rdsclone.cloud.wire import to_text
from pulumi_rdsclone.domain.changes import AspectChange

Answer = Mapping[str, Any]
Request = tuple[str, dict[str, str]]
"""An action and its parameters, without those that name region and instance."""

Requests = Generator[Request, Answer | None, None]
"""
What a change gives: a refusal can be raised where the call was given. Where it was a
read, the answer is sent there.
"""


def _nothing(_answer: Answer) -> dict[str, Any]:
    return {}


@dataclass(frozen=True, kw_only=True)
class Supplement:
    """
    What one engine leaves out of an answer, and the read that tells it.

    Attributes:
        engine: The engine.
        reads: The action.
        lacks: Tells whether something is left out of what was told, by dotted path.
        complete: Adds what the answers of *reads* tell, page by page; None where the
            caller may not read them, or the API refuses for good.
    """

    engine: str
    reads: str
    lacks: Callable[[Mapping[str, Any]], bool]
    complete: Callable[[dict[str, Any], list[dict[str, Any]] | None], dict[str, Any]]


@dataclass(frozen=True, kw_only=True)
class Dialect:
    """
    How the API speaks of one aspect.

    Attributes:
        change: Gives the calls that an alteration takes, in their order. A refusal is
            raised where the call was given, for a change that knows another way.
        parameters: The parameter that carries each field, behind its action's name.
        also: Further actions that a change may take.
        reads: The action that tells it; empty where the attributes of an instance or
            its tags do.
        tell: Takes what is told out of the answer, by dotted path.
        supplement: A second read, for an engine that tells less.
    """

    change: Callable[[AspectChange], Iterator[Request]]
    parameters: Mapping[str, str]
    also: tuple[str, ...] = ()
    reads: str = ""
    tell: Callable[[Answer], dict[str, Any]] = field(default=_nothing)
    supplement: Supplement | None = None

    def requests(self, alteration: AspectChange) -> Requests:
        """
        Give the calls that *alteration* takes; a refusal reaches the change itself.
        """
        yield from self.change(alteration)

    @property
    def changes(self) -> tuple[str, ...]:
        """
        The actions that a change may take.
        """
        carriers = ", ".join(self.parameters.values()).split(", ")
        named = (carrier.partition(".")[0] for carrier in carriers)
        return tuple(dict.fromkeys([*named, *self.also]))


def told(**parameters: Any) -> dict[str, str]:
    """
    Give *parameters* as texts; None is not sent.
    """
    return {name: to_text(v) for name, v in parameters.items() if v is not None}
