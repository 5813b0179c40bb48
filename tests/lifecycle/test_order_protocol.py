"""
Exactly one clone, exhaustively: every combination of what the cloud may do to an order.

The real code of create and update runs against a small cloud on a virtual clock: it is
ordered, killed, run again, and again. No case is left to chance. RDSCLONE_PROTOCOL=all
plays every case; else the kills are played beside fewer lags.
"""

import itertools
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any, Final

import pytest
from typing_extensions import override

from pulumi_rdsclone.domain.aspect_reading import AspectReading
from pulumi_rdsclone.domain.errors import (
    ApiError,
    CloneError,
    NotFoundError,
    ThrottledError,
    TokenUsedError,
    UnavailableError,
    UnfinishedError,
)
from pulumi_rdsclone.domain.identity import KEY_TAG, OWNED, next_key
from pulumi_rdsclone.domain.instances import Instance, InstanceSummary
from pulumi_rdsclone.domain.ordering import CloneOrder
from pulumi_rdsclone.domain.restoring import Restore
from pulumi_rdsclone.lifecycle import creating, finishing, observing, waiting
from pulumi_rdsclone.lifecycle.order_log import OrderLog
from pulumi_rdsclone.lifecycle.region import RegionContext, RegionOptions
from tests.domain.samples import NOW, SOURCE
from tests.lifecycle.fakes import SCHEDULE, FakeClock, FakeProgress, Killed, api_error
from tests.lifecycle.runs import INPUTS, KEY
from tests.lifecycle.test_creating import marks_of
from tests.support.verbs import create, update

ALL = os.environ.get("RDSCLONE_PROTOCOL") == "all"
LAGS: Final = (0, 10, 60)
"""Seconds: none, less than the settling time of 30 seconds, and more."""

READY_AFTER: Final = timedelta(seconds=100)
RUNS: Final = 5
AGAIN: Final = "run pulumi up again in 15 minutes"
REFUSALS: Final = ("may be that clone, so it is not ordered", "carry the key of this")
MOST_CALLS: Final = 2000
FIRST_CALLS: Final = 12
LAST_CALLS: Final = 3
OLD: Final = "rm-old"
REPLIES: Final = ("answered", "lost", "undefined", "refused", "throttled")
TOKENS: Final = ("honoured", "compared", "ignored")


@dataclass(frozen=True, kw_only=True)
class Case:
    """
    What the cloud does, and what happens to the first run.

    Attributes:
        attribute_lag, list_lag, tag_lag: Seconds after which these calls tell news.
        keeps_tags: Whether an order's Tag.N are kept.
        token: Whether a ClientToken is honoured, compared with the other parameters
            too, or ignored.
        reply: What the first order is answered.
        dies_at: The number of the call during which the first run is killed; 0 never.
        is_done: Whether that call has its effect.
        moves: Whether later runs are on another machine.
        replaces: Whether the clone replaces an older one.
    """

    attribute_lag: int
    list_lag: int
    tag_lag: int
    keeps_tags: bool
    token: str
    reply: str
    dies_at: int = 0
    is_done: bool = False
    moves: bool = False
    replaces: bool = False


@dataclass
class LaggingInstance:
    """
    An instance: its tags as they became known, each with the time of the change.
    """

    instance: Instance
    tags: list[tuple[datetime, dict[str, str]]]


class LaggingRds:
    """
    `lifecycle.ports.Rds`, as far as making a clone asks it.
    """

    region = "cn-hangzhou"

    def __init__(self, case: Case, clock: FakeClock) -> None:
        self.case = case
        self.clock = clock
        self.made: dict[str, LaggingInstance] = {}
        self.tokens: dict[str, tuple[CloneOrder, str]] = {}
        self.calls = 0
        self.first_calls = 0
        self.orders = 0
        self.dies_at = case.dies_at
        if case.replaces:
            old = replace(marks_of(), key=KEY).tags(OWNED)
            long_ago = clock.now() - timedelta(days=1)
            instance = replace(SOURCE, id=OLD, created=long_ago)
            self.made[OLD] = LaggingInstance(instance, [(long_ago, old)])

    def step(self, effect: Callable[[], Any]) -> Any:
        """
        Make a call: it may be the one during which the process is killed.
        """
        self.calls += 1
        assert self.calls < MOST_CALLS, "it asks without an end"
        if self.calls == self.dies_at:
            if self.case.is_done:
                effect()
            raise Killed
        return effect()

    def _is_known(self, made: LaggingInstance, lag: int) -> bool:
        created = made.instance.created or NOW
        return self.clock.now() - created >= timedelta(seconds=lag)

    def _tags(self, made: LaggingInstance) -> dict[str, str]:
        seen = self.clock.now() - timedelta(seconds=self.case.tag_lag)
        known = [tags for since, tags in made.tags if since <= seen]
        return known[-1] if known else {}

    def _status(self, made: LaggingInstance) -> str:
        created = made.instance.created or NOW
        return "Running" if self.clock.now() - created >= READY_AFTER else "Creating"

    def instance(self, instance_id: str) -> Instance:
        def tell() -> Instance:
            made = self.made.get(instance_id)
            if made is None or not self._is_known(made, self.case.attribute_lag):
                raise api_error(NotFoundError)
            return replace(made.instance, status=self._status(made))

        found: Instance = self.step(tell)
        return found

    def list_instances(self, tags: Mapping[str, str]) -> tuple[InstanceSummary, ...]:
        def tell() -> tuple[InstanceSummary, ...]:
            return tuple(
                InstanceSummary(id=name, status=self._status(made), created=made.instance.created)
                for name, made in self.made.items()
                if self._is_known(made, self.case.list_lag)
                and tags.items() <= self._tags(made).items()
            )

        found: tuple[InstanceSummary, ...] = self.step(tell)
        return found

    def tags(self, instance_id: str) -> dict[str, str]:
        found: dict[str, str] = self.step(lambda: self._tags(self.made[instance_id]))
        return found

    def set_tags(self, instance_id: str, tags: Mapping[str, str]) -> None:
        def act() -> None:
            made = self.made[instance_id]
            if not self._is_known(made, self.case.attribute_lag):
                raise api_error(NotFoundError)
            made.tags.append((self.clock.now(), {**made.tags[-1][1], **tags}))

        self.step(act)

    def tags_by_key(self, key: str) -> dict[str, dict[str, str]]:
        def tell() -> dict[str, dict[str, str]]:
            tags = {name: self._tags(made) for name, made in self.made.items()}
            return {name: told for name, told in tags.items() if key in told}

        found: dict[str, dict[str, str]] = self.step(tell)
        return found

    def read_aspects(self, _: str, aspects: object) -> AspectReading:
        del aspects
        return AspectReading()

    def order_clone(self, order: CloneOrder) -> str:
        self.orders += 1
        reply = self.case.reply if self.orders == 1 else "answered"

        def act() -> str:
            if reply == "undefined":
                raise api_error(UnavailableError)
            if reply == "refused":
                raise api_error(ApiError)
            if reply == "throttled":
                raise api_error(ThrottledError)
            made = self._make(order)
            if reply == "lost":
                raise api_error(UnavailableError)
            return made

        made: str = self.step(act)
        return made

    def _make(self, order: CloneOrder) -> str:
        known = self.tokens.get(order.token)
        if known and self.case.token != "ignored":  # noqa: S105 - no password
            if self.case.token == "compared" and known[0] != order:  # noqa: S105
                raise api_error(TokenUsedError)
            return known[1]
        name, now = f"rm-new-{len(self.made)}", self.clock.now()
        tags = dict(order.tags) if self.case.keeps_tags else {}
        self.made[name] = LaggingInstance(replace(SOURCE, id=name, created=now), [(now, tags)])
        self.tokens[order.token] = order, name
        return name


@dataclass
class Story:
    """
    A case as it is played.

    Attributes:
        told: All that the user has read.
        state: The outputs that the stack has recorded.
    """

    case: Case
    clock: FakeClock = field(default_factory=FakeClock)
    told: list[str] = field(default_factory=list)
    state: dict[str, Any] | None = None

    def __post_init__(self) -> None:
        self.cloud = LaggingRds(self.case, self.clock)
        self.log = OrderLog()

    def play(self) -> None:
        """
        Run until the clone is recorded as ready, as the user is told to.
        """
        for _ in range(RUNS):
            self._run()
            self.cloud.first_calls = self.cloud.first_calls or self.cloud.calls
            if self.is_ready:
                return
            self.cloud.dies_at = 0
            self.clock.sleep(SCHEDULE.visibility_timeout if AGAIN in "".join(self.told[-1:]) else 1)
            if self.case.moves:
                self.log = OrderLog()

    @property
    def is_ready(self) -> bool:
        """
        Whether the state holds a clone that is ready.
        """
        return self.state is not None and self.state["status"] == "Running"

    def _run(self) -> None:
        progress, regions = DeferringProgress(), Regions(self)
        try:
            if self.state is None:
                self.state = create(self._inputs(), regions, progress, stack="shop/dev")
            else:
                instance_id = self.state["instance_id"]
                self.state = update(instance_id, self.state, self._inputs(), regions, progress)
            for action in progress.actions:
                action()
        except UnfinishedError as error:
            self.state = dict(error.outputs)
            self.told.append(str(error))
        except CloneError as error:
            self.told.append(str(error))
        except Killed:
            pass
        finally:
            self.told += progress.warned

    def _inputs(self) -> dict[str, Any]:
        return {**INPUTS, "clone_key": next_key(KEY) if self.case.replaces else KEY}

    @property
    def paid(self) -> set[str]:
        """
        The clones that were ordered and cost money.
        """
        return self.cloud.made.keys() - {OLD}

    @property
    def known(self) -> set[str]:
        """
        Those that the state knows, or that carry the key.
        """
        listed = {name for name, made in self.cloud.made.items() if made.tags[-1][1].get(KEY_TAG)}
        return listed | ({self.state["instance_id"]} if self.state else set())


@dataclass
class DeferringProgress(FakeProgress):
    """
    Progress whose actions are done once the state is recorded.
    """

    actions: list[Callable[[], None]] = field(default_factory=list)

    @override
    def after_recorded(self, action: Callable[[], None]) -> None:
        self.actions.append(action)


class Regions:
    """
    `lifecycle.region.Regions` of one run.
    """

    default_region: str | None = "cn-hangzhou"
    skip_checks: tuple[str, ...] = ()
    max_price_per_hour: float | None = None
    identity = ""

    def __init__(self, story: Story) -> None:
        options = RegionOptions(log=story.log)
        self._region = RegionContext.of(
            story.cloud,  # type: ignore[arg-type] # the part of the protocol called
            story.clock,
            schedule=SCHEDULE,
            options=options,
        )

    def at(self, _: str) -> RegionContext:
        return self._region


def at_once(call: Callable[..., Any], *args: Any) -> Future[Any]:
    """
    Make a call that others make in the background: no thread, no chance.
    """
    outcome: Future[Any] = Future()
    try:
        outcome.set_result(call(*args))
    except BaseException as error:  # noqa: BLE001 - raised where it is taken
        outcome.set_exception(error)
    return outcome


def prepared(
    _: object, regions: Regions, **_more: object
) -> tuple[Instance, Restore, SimpleNamespace]:
    """
    Return what the checks have found: *latest* is another second in each run.
    """
    now = regions.at("").clock.now()
    report = SimpleNamespace(facts=SimpleNamespace(price=None))
    return SOURCE, Restore(time=now), report


@pytest.fixture(autouse=True)
def _one_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(creating, "_prepare", prepared)
    for module in (finishing, observing, waiting):
        monkeypatch.setattr(module, "in_background", at_once)


def evidence(case: Case) -> bool:
    """
    Return whether a token or a tag tells of a clone whose id was never heard.

    On another machine nobody knows that there is something to wait for.
    """
    late = 0 if case.moves and case.dies_at else SCHEDULE.list_lag
    shows = case.keeps_tags and max(case.list_lag, case.tag_lag) <= late
    return case.token != "ignored" or shows  # noqa: S105 - no password


def most_paid(case: Case) -> int:
    """
    Return how many clones may be paid for: one more where no evidence can exist.

    For each of a lost reply and a kill on another machine.
    """
    if evidence(case):
        return 1
    accidents = [case.reply == "lost", case.dies_at > 0]
    return 1 + (sum(accidents) if case.moves else any(accidents))


def judge(story: Story) -> str:
    """
    Return what is wrong with how a story ended; empty if nothing is.
    """
    case, told = story.case, "\n".join(story.told)
    if not story.is_ready and not any(text in told for text in REFUSALS):
        return "it never gets there"
    if not 0 < len(story.paid) <= most_paid(case):
        return f"{len(story.paid)} clones are paid for"
    lost = {name for name in story.paid - story.known if name not in told}
    state = {story.state["instance_id"]} if story.state else set()
    untold = {name for name in story.paid - state if name not in told}
    if (lost or untold) and not (case.moves and not case.keeps_tags):
        return f"nobody knows {lost | untold}"
    return ""


def cases_of(token: str, *, keeps_tags: bool) -> Iterator[Case]:
    """
    Yield all cases with this token and these tags, but for kills.
    """
    for attribute, listed, tag in itertools.product(LAGS, LAGS, LAGS):
        for reply, replaces in itertools.product(REPLIES, (False, True)):
            yield Case(
                attribute_lag=attribute,
                list_lag=listed,
                tag_lag=tag,
                keeps_tags=keeps_tags,
                token=token,
                reply=reply,
                replaces=replaces,
            )


def killed(case: Case, calls: int) -> Iterator[Case]:
    """
    Yield the cases in which the first run is killed at each of its calls.
    """
    is_short = {case.attribute_lag, case.list_lag, case.tag_lag} <= {0, 60}
    if not ALL and not (is_short and case.reply in ("answered", "lost")):
        return
    for dies_at in range(1, calls + 1):
        if not ALL and FIRST_CALLS < dies_at <= calls - LAST_CALLS:
            continue
        for is_done, moves in itertools.product((False, True), (False, True)):
            yield replace(case, dies_at=dies_at, is_done=is_done, moves=moves)


@pytest.mark.parametrize("keeps_tags", [True, False], ids=["tagged", "untagged"])
@pytest.mark.parametrize("token", TOKENS)
def test_exactly_one_clone_is_paid_for(
    token: str,
    keeps_tags: bool,  # noqa: FBT001
) -> None:
    wrong: list[str] = []
    count = 0
    for case in cases_of(token, keeps_tags=keeps_tags):
        story = Story(case)
        story.play()
        for each in (story, *map(Story, killed(case, story.cloud.first_calls))):
            if each is not story:
                each.play()
            count += 1
            if what := judge(each):
                wrong.append(f"{what}: {each.case}: {each.told}")
    sys.stdout.write(f"{count} cases\n")
    assert not wrong, f"{len(wrong)} of {count}:\n" + "\n".join(wrong[:5])
