"""
Codec of an aspect: reads it from answers of the API, makes the calls that change it.
"""

from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from pulumi_rdsclone.cloud.reading import Answer
from pulumi_rdsclone.cloud.wire.values import to_text
from pulumi_rdsclone.domain.aspect_reading import AspectReading
from pulumi_rdsclone.domain.changes import AspectChange

Request = tuple[str, dict[str, str]]
"""An action and its parameters, without those that name region and instance."""

Requests = Generator[Request, Answer | None, None]
"""
The calls of a change. An error is raised at the `yield` of its call; the answer of a
read is the value of its `yield`.
"""


def _nothing(_answer: Answer) -> AspectReading:
    return AspectReading()


@dataclass(frozen=True, kw_only=True)
class Supplement:
    """
    A call that completes an answer from which one engine leaves values out.

    Attributes:
        engine: The engine.
        read_action: The action to read.
        is_needed: Returns whether something is left out of what was read so far.
        complete: Adds what stands in the answers of *read_action*, page by page; None
            where the caller lacks the permission, or the API refuses for good.
    """

    engine: str
    read_action: str
    is_needed: Callable[[AspectReading], bool]
    complete: Callable[[AspectReading, Sequence[Answer] | None], AspectReading]


@dataclass(frozen=True, kw_only=True)
class AspectCodec:
    """
    Translates one aspect to and from the API.

    Attributes:
        change: Yields the calls that a change takes, in their order. An error is
            raised at the `yield`, for a change that has an alternative.
        parameters: The parameter that carries each field, as ACTION.PARAMETER.
        more_actions: Further actions that a change may take.
        read_action: The action that reports it; empty where the attributes of an
            instance or its tags do.
        read: Returns what the answer of *read_action* reports.
        supplement: A second call, for an engine that reports less.
    """

    change: Callable[[AspectChange], Iterator[Request]]
    parameters: Mapping[str, str]
    more_actions: tuple[str, ...] = ()
    read_action: str = ""
    read: Callable[[Answer], AspectReading] = field(default=_nothing)
    supplement: Supplement | None = None

    def requests(self, change: AspectChange) -> Requests:
        """
        Yield the calls that *change* takes, with errors passed to *change*.
        """
        yield from self.change(change)

    @property
    def change_actions(self) -> tuple[str, ...]:
        """
        The actions that a change may take.
        """
        carriers = ", ".join(self.parameters.values()).split(", ")
        named = (carrier.partition(".")[0] for carrier in carriers)
        return tuple(dict.fromkeys([*named, *self.more_actions]))


def to_parameters(**parameters: object) -> dict[str, str]:
    """
    Return *parameters* as texts; None is not sent.
    """
    return {name: to_text(v) for name, v in parameters.items() if v is not None}
