"""
One order, whatever happens between any two steps, and the clone is never lost.
"""

import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from pulumi_rdsclone.domain.backups import NoWindow, RecoveryWindow, Span
from pulumi_rdsclone.domain.errors import (
    AbandonedError,
    AccessDeniedError,
    ApiError,
    InvalidSpecError,
    NotFoundError,
    PrerequisiteError,
    RefusedError,
    ThrottledError,
    UnavailableError,
    UnfinishedError,
)
from pulumi_rdsclone.domain.identity import CREATING, OWNED, CloneMarks, client_token
from pulumi_rdsclone.domain.market import ZoneOffer
from pulumi_rdsclone.domain.ordering import hash_order
from pulumi_rdsclone.domain.spec import Payment
from pulumi_rdsclone.domain.unknown import UNKNOWN
from pulumi_rdsclone.lifecycle import finishing
from pulumi_rdsclone.lifecycle.checking import check as check_inputs
from tests.domain.samples import (
    CLASS_OFFERS,
    NEWEST_SET,
    POLICY,
    PRICE,
    SOURCE,
    VSWITCHES,
    WINDOW,
    read,
    values,
)
from tests.lifecycle.fakes import GONE, PATIENCE, FakeProgress, Fakes, Killed, api_error
from tests.support.rows import row
from tests.support.verbs import create

KEY = "key-1"
PROGRAM = values(region="cn-hangzhou")
INPUTS = {**PROGRAM, "clone_key": KEY}
FIXED = {**INPUTS, "restore_point": {"time": "2026-11-20T04:00:00Z"}}
NO_REPLY = api_error(UnavailableError)
NOT_SENT = api_error(UnavailableError)
NOT_SENT.may_be_done = False  # type: ignore[attr-defined] # of UnavailableError
Story = Callable[[Fakes], dict[str, Any]]


def make(fakes: Fakes, inputs: dict[str, Any] = INPUTS, **more: Any) -> dict[str, Any]:
    """
    Create the clone.
    """
    return create(inputs, fakes.regions, fakes.progress, stack="shop/dev", **more)


def marks_of(inputs: dict[str, Any] = INPUTS, **changes: Any) -> CloneMarks:
    """
    Return the marks that the clone of *inputs* is born with.
    """
    spec = read({name: inputs[name] for name in inputs if name != "clone_key"})
    marks = CloneMarks(
        key=KEY,
        spec_hash=hash_order(spec),
        stack="shop/dev",
        restored=f"{SOURCE.id}/time/2026-11-20T12:00:00Z",
    )
    return replace(marks, **changes)


def window_until(end: datetime) -> RecoveryWindow:
    """
    Return the window of a source that can be restored until *end*.
    """
    return RecoveryWindow((Span(WINDOW.begin, end),))


def plant_orphan(
    fakes: Fakes, name: str, stage: str, status: str = "Creating", **marks: Any
) -> None:
    """
    Leave an instance behind that carries this resource's key.
    """
    fakes.rds.plant(
        replace(SOURCE, id=name, status=status, created=fakes.clock.now()),
        marks_of(**marks).tags(stage),
        ((0, status), (300, "Running")) if status == "Creating" else None,
    )


def today(fakes: Fakes) -> date:
    """
    Return the day in UTC.
    """
    return fakes.clock.now().date()


def midnight_after(fakes: Fakes) -> datetime:
    """
    Return when the next day begins in UTC.
    """
    tomorrow = today(fakes) + timedelta(days=1)
    return datetime(tomorrow.year, tomorrow.month, tomorrow.day, tzinfo=UTC)


def killed_then_run(fakes: Fakes, inputs: dict[str, Any] = INPUTS) -> dict[str, Any]:
    """
    Be killed with the first order on its way, and run again in a new process.
    """
    fakes.rds.fail("order_clone", Killed(), when="after")
    with pytest.raises(Killed):
        make(fakes, inputs)
    fakes.restart()
    return make(fakes, inputs)


def plain(fakes: Fakes) -> dict[str, Any]:
    """
    Run without any trouble.
    """
    return make(fakes)


def reply_lost(fakes: Fakes) -> dict[str, Any]:
    """
    Lose the reply of an order that had its effect.
    """
    fakes.rds.fail("order_clone", NO_REPLY, when="after")
    return make(fakes)


def reply_lost_unseen(fakes: Fakes) -> dict[str, Any]:
    """
    Lose the reply, and have lists show the clone later than anybody waits.
    """
    fakes.rds.tag_delay = 120
    return reply_lost(fakes)


def reply_lost_seen_late(fakes: Fakes) -> dict[str, Any]:
    """
    Lose the reply, and have lists show the clone after some seconds.
    """
    fakes.rds.tag_delay = 20
    return reply_lost(fakes)


def order_lost(fakes: Fakes) -> dict[str, Any]:
    """
    Lose the order itself.
    """
    fakes.rds.fail("order_clone", NO_REPLY)
    return make(fakes)


def orders_lost(fakes: Fakes) -> dict[str, Any]:
    """
    Lose the order as often as it is repeated but for the last time.
    """
    fakes.rds.fail("order_clone", NOT_SENT, times=5)
    return make(fakes)


def lost_both_ways(fakes: Fakes) -> dict[str, Any]:
    """
    Lose the order, then the reply.
    """
    fakes.rds.tag_delay = 120
    fakes.rds.fail("order_clone", NOT_SENT)
    fakes.rds.fail("order_clone", NO_REPLY, when="after")
    return make(fakes)


def throttled(fakes: Fakes) -> dict[str, Any]:
    """
    Be told to come back later.
    """
    fakes.rds.fail("order_clone", api_error(ThrottledError), times=2)
    return make(fakes)


def killed(fakes: Fakes) -> dict[str, Any]:
    """
    Be killed after the order.
    """
    return killed_then_run(fakes)


def killed_unseen(fakes: Fakes) -> dict[str, Any]:
    """
    Be killed, and run again before lists show the clone.
    """
    fakes.rds.tag_delay = 10_000
    return killed_then_run(fakes, FIXED)


def killed_moving_target(fakes: Fakes) -> dict[str, Any]:
    """
    Be killed, and run again when the newest second is another one.
    """
    fakes.rds.tag_delay = 20
    fakes.rds.fail("order_clone", Killed(), when="after")
    with pytest.raises(Killed):
        make(fakes)
    fakes.restart()
    fakes.rds.window = window_until(WINDOW.end + timedelta(minutes=1))
    return make(fakes)


def killed_twice(fakes: Fakes) -> dict[str, Any]:
    """
    Be killed before the order, and again when the clone is ready.
    """
    fakes.rds.fail("list_instances", Killed(), when="after")
    fakes.rds.fail("set_tags", Killed())
    with pytest.raises(Killed):
        make(fakes)
    with pytest.raises(Killed):
        make(fakes)
    fakes.restart()
    return make(fakes)


@pytest.mark.parametrize(
    "story",
    [
        plain,
        reply_lost,
        reply_lost_seen_late,
        reply_lost_unseen,
        order_lost,
        orders_lost,
        lost_both_ways,
        throttled,
        killed,
        killed_unseen,
        killed_moving_target,
        killed_twice,
    ],
    ids=lambda story: story.__name__.replace("_", " "),
)
def test_exactly_one_order(fakes: Fakes, story: Story) -> None:
    """
    One clone is billed, it is the one that is told, and it is owned at the end.
    """
    outputs = story(fakes)

    assert ["rm-clone-1"] == [made.id for made in fakes.rds.made]
    assert outputs["instance_id"] == "rm-clone-1"
    assert outputs["status"] == "Running"
    assert fakes.rds.tags_of("rm-clone-1")["rdsclone:stage"] == "owned"


def test_search_for_an_order_is_told(fakes: Fakes) -> None:
    """
    Whoever waits for a clone whose order was not answered reads why, and how long.
    """
    reply_lost_seen_late(fakes)

    assert "looking for an ordered clone for up to 30 s" in fakes.progress.shown


def test_outputs_are_inputs_completed_by_the_clone(fakes: Fakes) -> None:
    """
    The outputs are the inputs, completed by what the clone really is.
    """
    inputs = {**INPUTS, "tags": {"team": "data"}, "description": "staging"}

    assert make(fakes, inputs) == {
        "source_instance_id": "rm-source",
        "restore_point": {"latest": "time"},
        "region": "cn-hangzhou",
        "edition": "HighAvailability",
        "zones": ["cn-hangzhou-h", "cn-hangzhou-i"],
        "capacity": {
            "instance_class": "mysql.n2.medium.2c",
            "storage_gb": 100,
            "storage_type": "cloud_essd",
            "bursting": False,
            "io_acceleration": False,
        },
        "network": {
            "type": "VPC",
            "vpc_id": "vpc-1",
            "vswitch_ids": ["vsw-1"],
            "connection_prefix": "rm-clone-1",
            "port": 3306,
        },
        "payment": {"type": "PayAsYouGo"},
        "description": "staging",
        "tags": {"team": "data"},
        "deletion_protection": False,
        "instance_id": "rm-clone-1",
        "status": "Running",
        "engine": "MySQL",
        "engine_version": "8.0",
        "connection_string": "rm-clone-1.mysql.rds.aliyuncs.com",
        "port": 3306,
        "public_connection_string": None,
        "expires": None,
        "created_time": "2026-11-20T12:00:00Z",
        "restored_from": {"source_instance_id": "rm-source", "time": "2026-11-20T12:00:00Z"},
        "estimated_price": {"amount": 1.25, "currency": "CNY", "per": "hour"},
        "clone_key": KEY,
    }


@pytest.mark.parametrize(
    "error",
    [
        row("not permitted", api_error(AccessDeniedError)),
        row("refused", api_error(ApiError)),
        row("not answered", NO_REPLY),
    ],
)
def test_price_that_is_not_told(fakes: Fakes, error: ApiError) -> None:
    """
    A price that nobody tells is no output, and no reason to order nothing.
    """
    fakes.rds.fail("price", error)

    assert "estimated_price" not in make(fakes)


def test_price_is_the_one_of_the_order(fakes: Fakes) -> None:
    """
    What the clone costs is asked for its own size and terms, right before the order.
    """
    fakes.rds.cost = replace(PRICE, amount=300, per="2 Month")
    payment = {"type": "Subscription", "period": "Month", "duration": 2}
    inputs = {**INPUTS, "payment": payment, "capacity": {"storage_gb": 200}}

    outputs = make(fakes, inputs)

    (asked,) = [given for name, given in fakes.rds.asked if name == "price"]
    assert asked[1:] == ("mysql.n2.medium.2c", 200, Payment(**payment))
    assert outputs["estimated_price"] == fakes.rds.cost.tree()


@pytest.mark.parametrize(
    ("point", "time", "backup_id", "tag"),
    [
        row(
            "the newest second",
            {"latest": "time"},
            WINDOW.end,
            None,
            f"{SOURCE.id}/time/2026-11-20T12:00:00Z",
        ),
        row(
            "the newest set",
            {"latest": "backup"},
            None,
            NEWEST_SET.id,
            f"{SOURCE.id}/backup/103/2026-11-20T00:00:00Z",
        ),
        row(
            "a named set",
            {"backup_id": "102"},
            None,
            "102",
            f"{SOURCE.id}/backup/102/2026-11-19T00:00:00Z",
        ),
    ],
)
def test_order_has_one_restore_point_token_and_birth_tags(
    fakes: Fakes, point: dict[str, Any], time: datetime | None, backup_id: str | None, tag: str
) -> None:
    """
    The order names one restore point, token and birth tags, and the source's disk.
    """
    inputs = {**INPUTS, "restore_point": point, "tags": {"team": "data"}}
    make(fakes, inputs)

    (made,) = fakes.rds.made
    order = made.order
    marks = marks_of(inputs, restored=tag)
    assert (time, backup_id) == (order.restore_time, order.backup_id)
    assert order.tags == {"team": "data", **marks.tags(CREATING)}
    assert client_token(KEY, marks.spec_hash, today(fakes), 0) == order.token
    assert order.storage_type == "cloud_essd"
    assert order.source_instance_id == "rm-source"


def test_order_keeps_the_declared(fakes: Fakes) -> None:
    """
    What is declared is ordered, and the source fills in nothing.
    """
    zone, disk = "cn-hangzhou-i", "cloud_essd2"
    sold = ZoneOffer(zone=zone, edition="cluster", storage_type=disk)
    fakes.rds.zones_sell += (sold,)
    make(
        fakes,
        {
            **INPUTS,
            "edition": "cluster",
            "zones": [zone],
            "capacity": {"storage_gb": 200, "storage_type": disk},
            "network": {"vswitch_ids": ["vsw-2"]},
            "deletion_protection": True,
        },
    )

    order = fakes.rds.made[0].order
    assert order.edition == "cluster"
    assert order.zones == (zone,)
    assert order.network.vswitch_ids == ["vsw-2"]
    assert order.capacity.storage_gb == 200
    assert order.capacity.instance_class is None
    assert order.storage_type == disk
    assert order.network.vpc_id is None
    assert order.deletion_protection is True


def test_nothing_is_adopted_on_a_plain_run(fakes: Fakes) -> None:
    """
    A clone that was just ordered is progress, not an adoption.
    """
    make(fakes)

    assert fakes.progress.warned == []
    assert "rm-clone-1" in fakes.progress.shown[0]


def test_adoption_is_announced(fakes: Fakes) -> None:
    """
    A clone of an interrupted run is adopted, with its id and age told.
    """
    plant_orphan(fakes, "rm-orphan", CREATING)

    outputs = make(fakes)

    assert outputs["instance_id"] == "rm-orphan"
    assert [] == fakes.rds.made
    (warning,) = fakes.progress.warned
    assert "rm-orphan" in warning
    assert "2026-11-20T12:00:00Z" in warning


def test_clone_whose_order_was_not_answered_is_found(fakes: Fakes) -> None:
    """
    What this run has ordered itself is not told as another run's.
    """
    reply_lost(fakes)

    assert ["found rm-clone-1, whose order was not answered"] == fakes.progress.warned


def test_adopted_clone_tells_its_own_restore(fakes: Fakes) -> None:
    """
    What an adopted clone holds is read from its tag, not resolved anew.
    """
    plant_orphan(fakes, "rm-orphan", CREATING, restored="rm-src/backup/7/2026-11-01T00:00:00Z")

    assert make(fakes)["restored_from"] == {
        "source_instance_id": "rm-source",
        "backup_id": "7",
        "time": "2026-11-01T00:00:00Z",
    }


@pytest.mark.parametrize("end", [GONE, "Deleting"])
def test_dead_answer_gives_way(fakes: Fakes, end: str) -> None:
    """
    A token that answers with an instance gone or going is followed by the next one.
    """
    make(fakes, FIXED)
    fakes.rds.alter("rm-clone-1", status=end)
    fakes.restart()

    outputs = make(fakes, FIXED)

    first, second = fakes.rds.made
    assert outputs["instance_id"] == second.id == "rm-clone-2"
    assert replace(first.order, token="") == replace(second.order, token="")
    token = client_token(KEY, marks_of(FIXED).spec_hash, today(fakes), 1)
    assert token == second.order.token


def test_daily_clone_costs_one_order_a_day(fakes: Fakes) -> None:
    """
    A clone that is made and released every day meets no token of an earlier day.
    """
    for _ in range(5):
        outputs = make(fakes, FIXED)
        fakes.rds.remove(outputs["instance_id"])
        fakes.clock.sleep(timedelta(days=1).total_seconds())
        fakes.restart()

    assert 5 == fakes.rds.count("order_clone") == len(fakes.rds.made)


@pytest.mark.parametrize("seconds_before", [1, 60, 800])
def test_order_of_the_day_before(fakes: Fakes, seconds_before: int) -> None:
    """
    An order right before midnight, in UTC, is looked for before another one is made.
    """
    ahead = (midnight_after(fakes) - fakes.clock.now()).total_seconds()
    fakes.clock.sleep(ahead - seconds_before)
    fakes.rds.fail("order_clone", Killed(), when="after")
    with pytest.raises(Killed):
        make(fakes, FIXED)
    fakes.rds.tag_delay = seconds_before + 20
    fakes.clock.sleep(seconds_before)
    fakes.restart()

    make(fakes, FIXED)

    assert 1 == len(fakes.rds.made)


def test_fresh_clone_that_cannot_be_described_yet_is_no_dead_answer(fakes: Fakes) -> None:
    """
    A describe that lags behind the order does not make a second one.
    """
    missing = api_error(NotFoundError)
    fakes.rds.inside["order_clone"] = lambda: fakes.rds.fail("instance", missing)
    fakes.rds.tag_delay = 20

    outputs = make(fakes, FIXED)

    assert outputs["instance_id"] == "rm-clone-1"
    assert 1 == len(fakes.rds.made)


def test_used_token_of_a_dead_clone_gives_way(fakes: Fakes) -> None:
    """
    A token that stands for another order, whose clone is gone, is followed by the next.
    """
    make(fakes)
    fakes.rds.remove("rm-clone-1")
    fakes.restart()
    fakes.rds.window = window_until(WINDOW.end + timedelta(minutes=20))

    outputs = make(fakes)

    assert outputs["instance_id"] == "rm-clone-2"
    assert len(fakes.rds.made) == 2
    token = client_token(KEY, marks_of().spec_hash, today(fakes), 1)
    assert token == fakes.rds.made[1].order.token


def test_two_matches_are_refused(fakes: Fakes) -> None:
    """
    Of two instances with our key none is taken and none is added.
    """
    plant_orphan(fakes, "rm-one", CREATING)
    plant_orphan(fakes, "rm-two", CREATING)

    with pytest.raises(RefusedError, match=r"rm-one, rm-two .* release all but one"):
        make(fakes)
    assert [] == fakes.rds.writes


@pytest.mark.parametrize(
    ("stage", "marks", "reason"),
    [
        row("an owned one", OWNED, {}, "finished clone"),
        row("one without a stage", "", {}, "finished clone"),
        row("another order", CREATING, {"spec_hash": "other"}, "other inputs"),
    ],
)
def test_strangers_are_refused(
    fakes: Fakes, stage: str, marks: dict[str, str], reason: str
) -> None:
    """
    An instance with our key that may not be adopted is named, and none is added.
    """
    plant_orphan(fakes, "rm-orphan", stage, "Running", **marks)

    with pytest.raises(RefusedError, match=f"rm-orphan .*{reason}.*release rm-orphan"):
        make(fakes)
    assert [] == fakes.rds.writes


def test_contradicting_answers_order_nothing(fakes: Fakes, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    An instance that is listed by our key is not passed over where its tags lack it.
    """
    plant_orphan(fakes, "rm-orphan", CREATING)
    monkeypatch.setattr(fakes.rds, "tags", lambda _: {})

    with pytest.raises(RefusedError, match="rm-orphan was found by the key tag"):
        make(fakes)
    assert [] == fakes.rds.writes


@pytest.mark.parametrize("stage", [OWNED, CREATING])
def test_dying_instance_is_no_match(fakes: Fakes, stage: str) -> None:
    """
    An instance with our key that is being released stands in nobody's way.
    """
    plant_orphan(fakes, "rm-orphan", stage, "Deleting")

    assert make(fakes)["instance_id"] == "rm-clone-1"


def no_source(fakes: Fakes) -> None:
    """
    Lose the source.
    """
    fakes.rds.remove("rm-source")


def stopped(fakes: Fakes) -> None:
    """
    Stop the source.
    """
    fakes.rds.alter("rm-source", status="Stopped")


def no_logs(fakes: Fakes) -> None:
    """
    Switch log backup off.
    """
    fakes.rds.policy = replace(POLICY, log=False)
    fakes.rds.window = NoWindow.LOG_BACKUP_OFF


def no_stock(fakes: Fakes) -> None:
    """
    Sell the source's class no more.
    """
    fakes.rds.classes_sold = CLASS_OFFERS[:1]


def no_addresses(fakes: Fakes) -> None:
    """
    Use up the addresses of the source's vSwitch.
    """
    fakes.rds.switches["vpc-1"] = (replace(VSWITCHES[0], free=0),)


def no_sight_of_the_source(fakes: Fakes) -> None:
    """
    Forbid to look at the source.
    """
    fakes.rds.fail("instance", api_error(AccessDeniedError))


def no_sight_of_the_window(fakes: Fakes) -> None:
    """
    Forbid to look at the window.
    """
    fakes.rds.fail("recovery_window", api_error(AccessDeniedError))


DAMAGES = [
    row("no source", no_source, "source-exists"),
    row("a source that is stopped", stopped, "source-running"),
    row("no logs", no_logs, "log-backup-on"),
    row("a class that is not sold", no_stock, "class-sold"),
    row("no addresses", no_addresses, "vswitch-room"),
    row("no sight of the source", no_sight_of_the_source, "may-look"),
    row("no sight of the window", no_sight_of_the_window, "may-look"),
]


@pytest.mark.parametrize(("damage", "check"), DAMAGES)
def test_prerequisites_come_first(
    fakes: Fakes, damage: Callable[[Fakes], None], check: str
) -> None:
    """
    What preview would see is seen, and nothing is written when it is gone.
    """
    damage(fakes)

    with pytest.raises(PrerequisiteError) as refusal:
        make(fakes)
    assert [check] == [problem.check for problem in refusal.value.problems]
    assert [] == fakes.rds.writes


@pytest.mark.parametrize(("damage", "check"), DAMAGES)
def test_what_changed_since_preview_refuses(
    fakes: Fakes, damage: Callable[[Fakes], None], check: str
) -> None:
    """
    Facts of preview are not trusted: what broke since then refuses the order.
    """
    preview = check_inputs(PROGRAM, {}, KEY, fakes.regions)
    fakes.clock.sleep(10)
    damage(fakes)

    with pytest.raises(PrerequisiteError) as refusal:
        make(fakes)
    assert () == preview.problems
    assert [check] == [problem.check for problem in refusal.value.problems]
    assert [] == fakes.rds.writes


def test_facts_of_a_moment_ago_are_trusted(fakes: Fakes) -> None:
    """
    What was learnt in the burst of orders is not asked for again.
    """
    check_inputs(PROGRAM, {}, KEY, fakes.regions)
    asked = Counter(fakes.rds.calls)
    make(fakes)

    assert asked["recovery_window"] == fakes.rds.count("recovery_window") == 1
    assert asked["price"] == fakes.rds.count("price") == 1


@pytest.mark.parametrize("kind", [UnavailableError, ThrottledError], ids=lambda kind: kind.__name__)
def test_source_that_cannot_be_asked_about(fakes: Fakes, kind: type[ApiError]) -> None:
    """
    A source of which nothing is told for a passing reason is told with that reason.
    """
    fakes.rds.fail("instance", api_error(kind))

    with pytest.raises(kind):
        make(fakes)
    assert [] == fakes.rds.writes


@pytest.mark.parametrize("call", ["instance", "recovery_window"])
def test_slow_facts_order_nothing(call: str) -> None:
    """
    What is to be restored must be known: an answer that is late orders nothing.
    """
    fakes = Fakes(read_timeout=timedelta(milliseconds=50))
    gate = fakes.rds.hold(call)

    with pytest.raises(PrerequisiteError, match=r"or run again later if they are"):
        make(fakes)
    gate.set()
    assert [] == fakes.rds.writes


@pytest.mark.parametrize(
    "call", ["backup_policy", "tasks", "zone_offers", "class_offers", "vswitches", "price"]
)
@pytest.mark.parametrize("kind", [AccessDeniedError, UnavailableError, ApiError])
def test_facts_that_an_order_can_do_without(fakes: Fakes, call: str, kind: type[ApiError]) -> None:
    """
    What only advises is left to the API when it cannot be learnt.
    """
    fakes.rds.fail(call, api_error(kind))

    assert make(fakes)["instance_id"] == "rm-clone-1"


def test_unverifiable_facts_can_refuse(fakes: Fakes) -> None:
    """
    Who relies on the checks can have everything refused that cannot be verified.
    """
    fakes.rds.fail("vswitches", api_error(AccessDeniedError, "DescribeVSwitches"))

    with pytest.raises(PrerequisiteError, match=r"vpc:DescribeVSwitches .*may-look"):
        make(fakes, {**INPUTS, "checks": {"on_unverifiable": "fail"}})
    assert [] == fakes.rds.writes


@pytest.mark.parametrize(
    ("declared", "configured"),
    [row("by the clone", ["source-running"], ()), row("by the stack", [], ("source-running",))],
)
def test_skipped_checks_are_skipped(declared: list[str], configured: tuple[str, ...]) -> None:
    """
    What preview was told to skip keeps nothing from being ordered.
    """
    fakes = Fakes(skip_checks=configured)
    fakes.rds.alter("rm-source", status="Stopped")

    outputs = make(fakes, {**INPUTS, "checks": {"skip": declared}})

    assert outputs["instance_id"] == "rm-clone-1"


def test_other_checks_are_made(fakes: Fakes) -> None:
    """
    What is not skipped refuses as ever.
    """
    fakes.rds.alter("rm-source", status="Stopped", lock_mode="ManualLock")

    with pytest.raises(PrerequisiteError) as refusal:
        make(fakes, {**INPUTS, "checks": {"skip": ["source-running"]}})
    assert ["source-unlocked"] == [p.check for p in refusal.value.problems]
    assert [] == fakes.rds.writes


def test_advice_keeps_nothing_from_being_ordered(fakes: Fakes) -> None:
    """
    A warning is no refusal.
    """
    fakes.rds.tasks_running = ("BackupDBInstance",)

    assert make(fakes)["instance_id"] == "rm-clone-1"


def test_all_prerequisites_are_told(fakes: Fakes) -> None:
    """
    Every prerequisite that does not hold is told at once.
    """
    fakes.rds.alter("rm-source", status="Stopped", lock_mode="ManualLock")

    with pytest.raises(PrerequisiteError) as refusal:
        make(fakes)
    assert ["source-running", "source-unlocked"] == [
        problem.check for problem in refusal.value.problems
    ]
    assert str(refusal.value).count("\n") == 1


def test_named_set_needs_no_sight_of_the_sets(fakes: Fakes) -> None:
    """
    A set that is named can be ordered by who may not list the sets.
    """
    fakes.rds.fail("backup_sets", api_error(AccessDeniedError))

    outputs = make(fakes, {**INPUTS, "restore_point": {"backup_id": "102"}})

    assert outputs["restored_from"]["backup_id"] == "102"


def test_unchecked_inputs_are_refused(fakes: Fakes) -> None:
    """
    Inputs that check never gave are refused before anything is asked.
    """
    with pytest.raises(InvalidSpecError, match="zones: must be a list"):
        make(fakes, {**INPUTS, "zones": "h"})
    assert [] == fakes.rds.calls


def test_unknown_inputs_are_refused(fakes: Fakes) -> None:
    """
    Nothing is ordered while an input is unknown.
    """
    with pytest.raises(PrerequisiteError):
        make(fakes, {**INPUTS, "source_instance_id": UNKNOWN})
    assert [] == fakes.rds.writes


def test_refused_order_is_not_repeated(fakes: Fakes) -> None:
    """
    An order that the API refuses leaves nothing behind, and is not repeated.
    """
    fakes.rds.fail("order_clone", api_error(ApiError))

    with pytest.raises(ApiError):
        make(fakes)
    assert fakes.rds.count("order_clone") == 1
    assert [] == fakes.rds.made


@pytest.mark.parametrize(
    ("error", "most", "told"),
    [
        row(
            "no reply",
            NO_REPLY,
            2,
            "may have been ordered at 2026-11-20T12:00:00Z and 2026-11-20T12:00:30Z",
        ),
        row("not sent", NOT_SENT, 6, "said the API"),
    ],
)
def test_order_that_never_comes_through(
    fakes: Fakes, error: ApiError, most: int, told: str
) -> None:
    """
    An order that may have had its effect is repeated once, with one token, then told.
    """
    fakes.rds.fail("order_clone", error, times=100)

    with pytest.raises(UnavailableError, match=told):
        make(fakes)
    orders = [order for name, order in fakes.rds.asked if name == "order_clone"]
    assert len(orders) == most
    assert len({order.token for order in orders}) == 1
    assert [] == fakes.rds.made


@pytest.mark.parametrize(
    ("timeout", "declared", "seconds"),
    [
        row("the declared time", None, "2m", 120),
        row("the engine's time", timedelta(minutes=1), "2m", 60),
    ],
)
def test_clone_that_is_late_is_kept_with_what_comes_next(
    fakes: Fakes, timeout: timedelta | None, declared: str, seconds: int
) -> None:
    """
    A clone that is not ready in time is kept, with id, outputs and what comes next.
    """
    with pytest.raises(UnfinishedError) as failure:
        make(fakes, {**INPUTS, "create_timeout": declared}, timeout=timeout)

    outputs = failure.value.outputs
    assert outputs["instance_id"] == "rm-clone-1"
    assert outputs["status"] == "Creating"
    assert outputs["clone_key"] == KEY
    assert outputs["region"] == "cn-hangzhou"
    assert outputs["restored_from"]["source_instance_id"] == "rm-source"
    assert str(failure.value) == (
        f"rm-clone-1 is still Creating after {seconds // 60}m — rm-clone-1 is kept "
        "in the state, and the next pulumi up continues to wait"
    )
    assert fakes.rds.tags_of("rm-clone-1")["rdsclone:stage"] == "creating"


@pytest.mark.parametrize(
    ("end", "status"), [row("being released", "Deleting", "Deleting"), row("gone", GONE, "unknown")]
)
def test_clone_that_will_not_be_usable_is_kept(fakes: Fakes, end: str, status: str) -> None:
    """
    A clone that will not become usable is kept too, with the way to replace it.
    """
    fakes.rds.script = ((0, "Creating"), (60, end))

    with pytest.raises(
        UnfinishedError, match=r"rm-clone-1 is .* run pulumi refresh to remove .* then pulumi up"
    ) as failure:
        make(fakes)

    assert failure.value.outputs["instance_id"] == "rm-clone-1"
    assert status == failure.value.outputs["status"]
    assert failure.value.outputs["clone_key"] == KEY


def test_a_cancelled_run_does_not_wait_for_a_lost_order(fakes: Fakes) -> None:
    """
    Whoever stops the run after a lost reply is not kept, and told what may have been.
    """

    def lose() -> None:
        fakes.progress.is_cancelled = True
        raise api_error(UnavailableError)

    fakes.rds.inside["order_clone"] = lose

    with pytest.raises(RefusedError, match=r"cancelled, and the clone may have been order"):
        make(fakes)

    assert [] == fakes.clock.slept


def test_a_cancelled_run_does_not_wait_for_its_last_look(
    fakes: Fakes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    Where the cloud answers no more, the clone is kept as it was declared.
    """
    monkeypatch.setattr(finishing, "_LAST_LOOK", 0.05)
    fakes.rds.script = ((0, "Creating"), (60, "Running"))
    gates: list[threading.Event] = []

    def cancel() -> None:
        if fakes.rds.made:
            fakes.progress.is_cancelled = True
            gates.append(fakes.rds.hold("instance"))

    fakes.rds.inside["list_instances"] = cancel

    with pytest.raises(UnfinishedError, match="when the wait was cancelled") as failure:
        make(fakes)
    gates[0].set()

    assert failure.value.outputs["instance_id"] == "rm-clone-1"
    assert failure.value.outputs["status"] == "unknown"


def test_a_cancelled_run_does_not_wait_for_a_look(
    fakes: Fakes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    A clone that is ready and cannot be read keeps nobody who has cancelled the run.
    """
    monkeypatch.setattr(finishing, "_LAST_LOOK", 0.05)
    gate = threading.Event()

    def cancel() -> None:
        fakes.progress.is_cancelled = True
        gate.wait(PATIENCE)

    def wait_for_ready() -> None:
        if fakes.rds.made:
            fakes.rds.inside["tags"] = cancel

    fakes.rds.inside["list_instances"] = wait_for_ready

    with pytest.raises(UnfinishedError, match="when the wait was cancelled"):
        make(fakes)
    gate.set()


def test_nothing_is_ordered_for_a_cancelled_run(fakes: Fakes) -> None:
    """
    A run that was cancelled before the order places none.
    """
    fakes.progress.is_cancelled = True

    with pytest.raises(RefusedError, match="cancelled before the clone was ordered"):
        make(fakes)
    assert [] == fakes.rds.made


def test_nothing_is_ordered_for_nobody(fakes: Fakes) -> None:
    """
    Nor one whose engine is gone.
    """
    fakes.progress.leave()

    with pytest.raises(AbandonedError):
        make(fakes)
    assert [] == fakes.rds.made


def test_abandoned_create_finishes_nothing(fakes: Fakes) -> None:
    """
    A run that lost its engine finishes nothing: the next one finds its clone.
    """
    fakes.rds.inside["list_instances"] = lambda: fakes.progress.leave() if fakes.rds.made else None
    with pytest.raises(AbandonedError):
        make(fakes)
    stage = fakes.rds.tags_of("rm-clone-1")["rdsclone:stage"]
    fakes.rds.inside.clear()
    fakes.restart()

    outputs = make(fakes)

    assert stage == "creating"
    assert outputs["instance_id"] == "rm-clone-1"
    assert len(fakes.rds.made) == 1


def fail_after_order(fakes: Fakes, call: str, error: Exception, when: str = "before") -> None:
    """
    Have *call* fail as soon as a clone was ordered, and work again the next time.
    """

    def arm() -> None:
        fakes.rds.fail(call, error, when=when)

    fakes.rds.inside["order_clone"] = arm


@pytest.mark.parametrize(
    "error",
    [
        row("a bug", RuntimeError("a bug")),
        row("no permission", api_error(AccessDeniedError)),
        row("an unknown code", api_error(ApiError)),
        row("no answer", NO_REPLY),
    ],
)
@pytest.mark.parametrize("call", ["instance", "list_instances", "set_tags", "tags"])
def test_failure_after_the_order(fakes: Fakes, call: str, error: Exception) -> None:
    """
    Whatever fails once a clone is ordered, it is finished, or kept with its id.
    """
    fail_after_order(fakes, call, error)

    try:
        outputs = make(fakes)
    except UnfinishedError as failure:
        outputs = dict(failure.outputs)

    assert outputs["instance_id"] == "rm-clone-1"
    assert outputs["clone_key"] == KEY
    assert outputs["source_instance_id"] == "rm-source"
    assert len(fakes.rds.made) == 1


def test_lasting_failure_after_the_order(fakes: Fakes) -> None:
    """
    The id is kept even when nothing works any more.
    """

    def break_everything() -> None:
        for call in ("instance", "list_instances", "tags", "set_tags"):
            fakes.rds.fail(call, RuntimeError("a bug"), times=100)

    fakes.rds.inside["order_clone"] = break_everything

    with pytest.raises(UnfinishedError, match="a bug") as failure:
        make(fakes)

    assert failure.value.outputs == {
        **INPUTS,
        "estimated_price": PRICE.tree(),
        "instance_id": "rm-clone-1",
        "status": "unknown",
        "created_time": "2026-11-20T12:00:00Z",
    }


def test_row_that_breaks(fakes: Fakes) -> None:
    """
    Telling the user is no reason to lose a clone.
    """
    fakes.progress = FakeProgress(broken=RuntimeError("no row"))

    with pytest.raises(UnfinishedError) as failure:
        make(fakes)

    assert failure.value.outputs["instance_id"] == "rm-clone-1"


def test_failure_before_the_order(fakes: Fakes) -> None:
    """
    What fails while nothing is ordered is told as it is.
    """
    fakes.rds.fail("list_instances", api_error(AccessDeniedError))

    with pytest.raises(AccessDeniedError):
        make(fakes)
    assert [] == fakes.rds.writes


def test_orphan_that_vanishes_is_told_as_it_is(fakes: Fakes) -> None:
    """
    An orphan that vanishes between being listed and being read is told as it is.
    """
    plant_orphan(fakes, "rm-orphan", CREATING)
    fakes.rds.fail("tags", api_error(NotFoundError))

    with pytest.raises(NotFoundError):
        make(fakes)
    assert [] == fakes.rds.writes


def test_lifetime_counts_from_the_creation_that_the_cloud_tells(fakes: Fakes) -> None:
    """
    The order carries the lifetime, the finished clone the instant at which it ends.
    """
    inputs = {**INPUTS, "ttl": "48h"}
    fakes.rds.fail("order_clone", Killed(), when="after")
    with pytest.raises(Killed):
        make(fakes, inputs)
    (ordered,) = fakes.rds.list_clones("shop/dev")
    tag = ordered.tags["rdsclone:expires"]
    fakes.restart()

    made = make(fakes, inputs)

    created = datetime.fromisoformat(made["created_time"])
    assert "48h" == tag
    assert created + timedelta(hours=48) == datetime.fromisoformat(made["expires"])
    assert made["expires"] == fakes.rds.tags_of(made["instance_id"])["rdsclone:expires"]
