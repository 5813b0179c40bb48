import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta

import pytest

from pulumi_rdsclone.domain.errors import AccessDeniedError, UnavailableError
from pulumi_rdsclone.domain.instances import Facts
from pulumi_rdsclone.domain.unknown import UNKNOWN
from pulumi_rdsclone.lifecycle.learning import BEFORE_ORDERING, FOR_PREVIEW, Library
from tests.domain.samples import BACKUP_SETS, SOURCE, WINDOW, read, values
from tests.lifecycle.fakes import World, api_error

BY_TIME = read(values())
BY_SET = read(values(restore_point={"latest": "backup"}))


def library(world: World) -> Library:
    """
    Give an empty library.
    """
    return Library(world.rds, world.clock)


def test_facts(world: World) -> None:
    """
    The facts are those that the restore point needs.
    """
    shelves = library(world)

    by_time, problems = shelves.learn(BY_TIME, FOR_PREVIEW)
    by_set, more = shelves.learn(BY_SET, FOR_PREVIEW)

    assert by_time == Facts(source=SOURCE, window=WINDOW)
    assert by_set == Facts(source=SOURCE, backup_sets=BACKUP_SETS)
    assert problems == more == ()


def test_hundred_clones_cost_the_calls_of_one(world: World) -> None:
    """
    All who ask at the same time are served by one call of each kind.
    """
    shelves = library(world)
    meeting = threading.Barrier(2)

    def let_others_in() -> None:
        # A second caller would meet the first one here; alone it goes on.
        with suppress(threading.BrokenBarrierError):
            meeting.wait(timeout=0.1)

    world.rds.inside = {"instance": let_others_in, "recovery_window": let_others_in}
    with ThreadPoolExecutor(max_workers=20) as pool:
        learnt = list(
            pool.map(lambda _: shelves.learn(BY_TIME, FOR_PREVIEW), range(100))
        )

    assert {"instance": 1, "recovery_window": 1} == Counter(world.rds.calls)
    assert [(Facts(source=SOURCE, window=WINDOW), ())] * 100 == learnt


def test_refused_read_is_not_repeated(world: World) -> None:
    """
    A read that is not permitted is asked for once, and told to everybody.
    """
    denied = api_error(AccessDeniedError, "DescribeThis")
    world.rds.fail("recovery_window", denied, times=100)
    shelves = library(world)

    told = [shelves.learn(BY_TIME, FOR_PREVIEW)[1] for _ in range(10)]

    assert {"instance": 1, "recovery_window": 1} == Counter(world.rds.calls)
    assert [["may-look"]] * 10 == [[p.check for p in problems] for problems in told]


def test_sources_are_told_apart(world: World) -> None:
    """
    What was learnt of one source is not told of another.
    """
    shelves = library(world)
    shelves.learn(BY_TIME, FOR_PREVIEW)

    facts, problems = shelves.learn(
        read(values(source_instance_id="rm-other")), FOR_PREVIEW
    )

    assert facts == Facts()
    assert ["source-exists"] == [problem.check for problem in problems]


@pytest.mark.parametrize(
    ("age", "calls"),
    [
        pytest.param(FOR_PREVIEW, 1, id="just young enough"),
        pytest.param(FOR_PREVIEW + timedelta(seconds=1), 2, id="a second too old"),
        pytest.param(timedelta(seconds=-1), 2, id="from the future"),
    ],
)
def test_facts_grow_old(world: World, age: timedelta, calls: int) -> None:
    """
    Facts are learnt again when they are older than allowed.
    """
    shelves = library(world)
    shelves.learn(BY_TIME, FOR_PREVIEW)
    world.clock.sleep(age.total_seconds())
    world.rds.change("rm-source", status="Stopped")

    facts, _ = shelves.learn(BY_TIME, FOR_PREVIEW)

    assert facts.source is not None
    assert calls == world.rds.count("instance")
    assert ("Running" if calls == 1 else "Stopped") == facts.source.status


def test_orders_want_fresh_facts(world: World) -> None:
    """
    What preview learnt is too old for an order soon after.
    """
    shelves = library(world)
    shelves.learn(BY_TIME, FOR_PREVIEW)
    world.clock.sleep(BEFORE_ORDERING.total_seconds() + 1)
    world.rds.change("rm-source", status="Stopped")

    facts, _ = shelves.learn(BY_TIME, BEFORE_ORDERING)

    assert facts.source is not None
    assert facts.source.status == "Stopped"


def test_failure_is_not_remembered(world: World) -> None:
    """
    A read that failed is tried again by the next who asks.
    """
    shelves = library(world)
    world.rds.fail("instance", api_error(UnavailableError))
    with pytest.raises(UnavailableError):
        shelves.learn(BY_TIME, FOR_PREVIEW)

    facts, _ = shelves.learn(BY_TIME, FOR_PREVIEW)

    assert SOURCE == facts.source


def test_what_may_not_be_read_is_missing(world: World) -> None:
    """
    Facts that nobody may read are missing, the others are there.
    """
    world.rds.fail("recovery_window", api_error(AccessDeniedError))

    facts, problems = library(world).learn(BY_TIME, FOR_PREVIEW)

    assert facts == Facts(source=SOURCE)
    assert ["may-look"] == [problem.check for problem in problems]


def test_unknown_source_is_not_asked(world: World) -> None:
    """
    There is nothing to ask about a source that is not known yet.
    """
    spec = read(values(source_instance_id=UNKNOWN))

    assert library(world).learn(spec, FOR_PREVIEW) == (Facts(), ())
    assert world.rds.calls == []
