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
    CloneError,
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
)
from tests.lifecycle.fakes import GONE, PATIENCE, FakeProgress, Fakes, Killed, api_error
from tests.lifecycle.runs import FIXED, ID, INPUTS, KEY, kill, make, unfinished
from tests.support.rows import row

PROGRAM = {name: value for name, value in INPUTS.items() if name != "clone_key"}
NO_REPLY = api_error(UnavailableError)
NOT_SENT = api_error(UnavailableError)
NOT_SENT.may_be_done = False  # type: ignore[attr-defined] # of UnavailableError


def marks_of(inputs: dict[str, Any] = INPUTS, **changes: Any) -> CloneMarks:
    spec = read({name: inputs[name] for name in inputs if name != "clone_key"})
    marks = CloneMarks(
        key=KEY,
        spec_hash=hash_order(spec),
        stack="shop/dev",
        restored=f"{SOURCE.id}/time/2026-11-20T12:00:00Z",
    )
    return replace(marks, **changes)


def window_until(end: datetime) -> RecoveryWindow:
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
    return fakes.clock.now().date()


def midnight_after(fakes: Fakes) -> datetime:
    tomorrow = today(fakes) + timedelta(days=1)
    return datetime(tomorrow.year, tomorrow.month, tomorrow.day, tzinfo=UTC)


def assert_one_order(fakes: Fakes, outputs: dict[str, Any]) -> None:
    """
    Fail unless one clone was ordered, and is told, ready and owned.
    """
    assert [ID] == [made.id for made in fakes.rds.made]
    assert outputs["instance_id"] == ID
    assert outputs["status"] == "Running"
    assert fakes.rds.tags_of(ID)["rdsclone:stage"] == "owned"


SOME_SECONDS, LONGER_THAN_ANYBODY_WAITS = 20, 120


@pytest.mark.parametrize(
    ("faults", "tag_delay"),
    [
        row("none", [], 0),
        row("reply lost", [(NO_REPLY, "after")], 0),
        row("reply lost, seen late", [(NO_REPLY, "after")], SOME_SECONDS),
        row("reply lost, unseen", [(NO_REPLY, "after")], LONGER_THAN_ANYBODY_WAITS),
        row("order lost", [(NO_REPLY, "before")], 0),
        row("lost but for the last time", [(NOT_SENT, "before")] * 5, 0),
        row(
            "lost both ways",
            [(NOT_SENT, "before"), (NO_REPLY, "after")],
            LONGER_THAN_ANYBODY_WAITS,
        ),
        row("throttled", [(api_error(ThrottledError), "before")] * 2, 0),
    ],
)
def test_faults_lead_to_exactly_one_order(
    fakes: Fakes, faults: list[tuple[ApiError, str]], tag_delay: int
) -> None:
    fakes.rds.tag_delay = tag_delay
    for error, when in faults:
        fakes.rds.fail("order_clone", error, when=when)

    assert_one_order(fakes, make(fakes))


@pytest.mark.parametrize(
    ("inputs", "tag_delay", "later"),
    [
        row("seen", INPUTS, 0, timedelta()),
        row("unseen in the next run", FIXED, 10_000, timedelta()),
        row("the newest second is another one", INPUTS, SOME_SECONDS, timedelta(minutes=1)),
    ],
)
def test_kill_leads_to_exactly_one_order(
    fakes: Fakes, inputs: dict[str, Any], tag_delay: int, later: timedelta
) -> None:
    fakes.rds.tag_delay = tag_delay
    kill(fakes, inputs)
    fakes.rds.window = window_until(WINDOW.end + later)

    assert_one_order(fakes, make(fakes, inputs))


def test_kills_before_the_order_and_at_the_end_lead_to_exactly_one_order(fakes: Fakes) -> None:
    fakes.rds.fail("list_instances", Killed(), when="after")
    fakes.rds.fail("set_tags", Killed())
    for _ in range(2):
        with pytest.raises(Killed):
            make(fakes)
    fakes.restart()

    assert_one_order(fakes, make(fakes))


def test_search_for_an_unanswered_order_is_told(fakes: Fakes) -> None:
    fakes.rds.tag_delay = SOME_SECONDS
    fakes.rds.fail("order_clone", NO_REPLY, when="after")
    make(fakes)

    assert "looking for an ordered clone for up to 30 s" in fakes.progress.shown


def test_outputs_are_inputs_completed_by_the_clone(fakes: Fakes) -> None:
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
            "connection_prefix": ID,
            "port": 3306,
        },
        "payment": {"type": "PayAsYouGo"},
        "description": "staging",
        "tags": {"team": "data"},
        "deletion_protection": False,
        "instance_id": ID,
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
def test_price_that_is_not_told_is_no_output(fakes: Fakes, error: ApiError) -> None:
    fakes.rds.fail("price", error)

    assert "estimated_price" not in make(fakes)


def test_price_is_the_one_of_the_order(fakes: Fakes) -> None:
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
        row("a second", {"latest": "time"}, WINDOW.end, None, "time/2026-11-20T12:00:00Z"),
        row("a set", {"latest": "backup"}, None, NEWEST_SET.id, "backup/103/2026-11-20T00:00:00Z"),
        row("a named set", {"backup_id": "102"}, None, "102", "backup/102/2026-11-19T00:00:00Z"),
    ],
)
def test_order_has_one_restore_point_token_and_birth_tags(
    fakes: Fakes, point: dict[str, Any], time: datetime | None, backup_id: str | None, tag: str
) -> None:
    inputs = {**INPUTS, "restore_point": point, "tags": {"team": "data"}}
    make(fakes, inputs)

    (made,) = fakes.rds.made
    order = made.order
    marks = marks_of(inputs, restored=f"{SOURCE.id}/{tag}")
    assert (time, backup_id) == (order.restore_time, order.backup_id)
    assert order.tags == {"team": "data", **marks.tags(CREATING)}
    assert client_token(KEY, spec_hash=marks.spec_hash, day=today(fakes), attempt=0) == order.token
    assert order.storage_type == "cloud_essd"
    assert order.source_instance_id == "rm-source"


def test_order_keeps_what_is_declared(fakes: Fakes) -> None:
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
    make(fakes)

    assert fakes.progress.warned == []
    assert ID in fakes.progress.shown[0]


def test_adoption_is_announced_with_id_and_age(fakes: Fakes) -> None:
    plant_orphan(fakes, "rm-orphan", CREATING)

    outputs = make(fakes)

    assert outputs["instance_id"] == "rm-orphan"
    assert [] == fakes.rds.made
    (warning,) = fakes.progress.warned
    assert "rm-orphan" in warning
    assert "2026-11-20T12:00:00Z" in warning


def test_clone_of_an_unanswered_order_is_told_as_this_runs_own(fakes: Fakes) -> None:
    fakes.rds.fail("order_clone", NO_REPLY, when="after")
    make(fakes)

    assert ["found rm-clone-1, whose order was not answered"] == fakes.progress.warned


def test_clone_of_an_earlier_runs_unanswered_order_is_told_as_such(fakes: Fakes) -> None:
    fakes.rds.tag_delay = SOME_SECONDS
    fakes.rds.fail("order_clone", Killed(), when="after")
    with pytest.raises(Killed):
        make(fakes)
    fakes.restart()
    make(fakes)

    assert ["found rm-clone-1, whose order was not answered"] == fakes.progress.warned


def test_throttled_order_is_repeated_without_a_search(fakes: Fakes) -> None:
    """
    It cannot have had an effect, and a search would be throttled as well.
    """
    make(quiet := Fakes())
    fakes.rds.fail("order_clone", api_error(ThrottledError))
    make(fakes)

    assert quiet.rds.count("list_instances") == fakes.rds.count("list_instances")
    assert fakes.rds.count("order_clone") == 2


def test_adopted_clone_tells_its_own_restore(fakes: Fakes) -> None:
    plant_orphan(fakes, "rm-orphan", CREATING, restored="rm-src/backup/7/2026-11-01T00:00:00Z")

    assert make(fakes)["restored_from"] == {
        "source_instance_id": "rm-source",
        "backup_id": "7",
        "time": "2026-11-01T00:00:00Z",
    }


@pytest.mark.parametrize("end", [GONE, "Deleting"])
def test_token_of_a_dead_clone_is_followed_by_the_next(fakes: Fakes, end: str) -> None:
    make(fakes, FIXED)
    fakes.rds.alter(ID, status=end)
    fakes.restart()

    outputs = make(fakes, FIXED)

    first, second = fakes.rds.made
    assert outputs["instance_id"] == second.id == "rm-clone-2"
    assert replace(first.order, token="") == replace(second.order, token="")
    token = client_token(KEY, spec_hash=marks_of(FIXED).spec_hash, day=today(fakes), attempt=1)
    assert token == second.order.token


def test_daily_clone_costs_one_order_a_day(fakes: Fakes) -> None:
    for _ in range(5):
        outputs = make(fakes, FIXED)
        fakes.rds.remove(outputs["instance_id"])
        fakes.clock.sleep(timedelta(days=1).total_seconds())
        fakes.restart()

    assert 5 == fakes.rds.count("order_clone") == len(fakes.rds.made)


@pytest.mark.parametrize("seconds_before", [1, 60, 800])
def test_order_right_before_midnight_is_looked_for(fakes: Fakes, seconds_before: int) -> None:
    ahead = (midnight_after(fakes) - fakes.clock.now()).total_seconds()
    fakes.clock.sleep(ahead - seconds_before)
    kill(fakes, FIXED)
    fakes.rds.tag_delay = seconds_before + 20
    fakes.clock.sleep(seconds_before)

    make(fakes, FIXED)

    assert 1 == len(fakes.rds.made)


def test_fresh_clone_that_cannot_be_described_yet_is_no_dead_answer(fakes: Fakes) -> None:
    missing = api_error(NotFoundError)
    fakes.rds.inside["order_clone"] = lambda: fakes.rds.fail("instance", missing)
    fakes.rds.tag_delay = 20

    outputs = make(fakes, FIXED)

    assert outputs["instance_id"] == ID
    assert 1 == len(fakes.rds.made)


def test_used_token_of_a_dead_clone_is_followed_by_the_next(fakes: Fakes) -> None:
    make(fakes)
    fakes.rds.remove(ID)
    fakes.restart()
    fakes.rds.window = window_until(WINDOW.end + timedelta(minutes=20))

    outputs = make(fakes)

    assert outputs["instance_id"] == "rm-clone-2"
    assert len(fakes.rds.made) == 2
    token = client_token(KEY, spec_hash=marks_of().spec_hash, day=today(fakes), attempt=1)
    assert token == fakes.rds.made[1].order.token


def test_two_matches_are_refused(fakes: Fakes) -> None:
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
def test_instance_with_our_key_that_may_not_be_adopted_is_refused(
    fakes: Fakes, stage: str, marks: dict[str, str], reason: str
) -> None:
    plant_orphan(fakes, "rm-orphan", stage, "Running", **marks)

    with pytest.raises(RefusedError, match=f"rm-orphan .*{reason}.*release rm-orphan"):
        make(fakes)
    assert [] == fakes.rds.writes


def test_instance_whose_tags_lack_our_key_is_refused(
    fakes: Fakes, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant_orphan(fakes, "rm-orphan", CREATING)
    monkeypatch.setattr(fakes.rds, "tags", lambda _: {})

    with pytest.raises(RefusedError, match="rm-orphan was found by the key tag"):
        make(fakes)
    assert [] == fakes.rds.writes


@pytest.mark.parametrize("stage", [OWNED, CREATING])
def test_dying_instance_is_no_match(fakes: Fakes, stage: str) -> None:
    plant_orphan(fakes, "rm-orphan", stage, "Deleting")

    assert make(fakes)["instance_id"] == ID


def no_source(fakes: Fakes) -> None:
    fakes.rds.remove("rm-source")


def stopped(fakes: Fakes) -> None:
    fakes.rds.alter("rm-source", status="Stopped")


def no_logs(fakes: Fakes) -> None:
    fakes.rds.policy = replace(POLICY, log=False)
    fakes.rds.window = NoWindow.LOG_BACKUP_OFF


def no_stock(fakes: Fakes) -> None:
    fakes.rds.classes_sold = CLASS_OFFERS[:1]


def no_addresses(fakes: Fakes) -> None:
    fakes.rds.switches["vpc-1"] = (replace(VSWITCHES[0], free=0),)


def no_sight_of_the_source(fakes: Fakes) -> None:
    fakes.rds.fail("instance", api_error(AccessDeniedError))


def no_sight_of_the_window(fakes: Fakes) -> None:
    fakes.rds.fail("recovery_window", api_error(AccessDeniedError))


def refused_checks(fakes: Fakes, inputs: dict[str, Any] = INPUTS) -> list[str]:
    """
    Return the checks that refuse the order; nothing may be written then.
    """
    with pytest.raises(PrerequisiteError) as refusal:
        make(fakes, inputs)
    assert [] == fakes.rds.writes
    return [problem.check for problem in refusal.value.problems]


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
def test_missing_prerequisite_is_refused_before_any_write(
    fakes: Fakes, damage: Callable[[Fakes], None], check: str
) -> None:
    damage(fakes)

    assert [check] == refused_checks(fakes)


@pytest.mark.parametrize(("damage", "check"), DAMAGES)
def test_what_broke_since_preview_is_refused(
    fakes: Fakes, damage: Callable[[Fakes], None], check: str
) -> None:
    preview = check_inputs(PROGRAM, {}, new_key=KEY, regions=fakes.regions)
    fakes.clock.sleep(10)
    damage(fakes)

    assert () == preview.problems
    assert [check] == refused_checks(fakes)


def test_facts_of_a_moment_ago_are_trusted(fakes: Fakes) -> None:
    check_inputs(PROGRAM, {}, new_key=KEY, regions=fakes.regions)
    asked = Counter(fakes.rds.calls)
    make(fakes)

    assert asked["recovery_window"] == fakes.rds.count("recovery_window") == 1
    assert asked["price"] == fakes.rds.count("price") == 1


@pytest.mark.parametrize("kind", [UnavailableError, ThrottledError], ids=lambda kind: kind.__name__)
def test_reason_is_told_where_the_source_gives_no_answer(
    fakes: Fakes, kind: type[ApiError]
) -> None:
    fakes.rds.fail("instance", api_error(kind))

    with pytest.raises(kind):
        make(fakes)
    assert [] == fakes.rds.writes


@pytest.mark.parametrize("call", ["instance", "recovery_window"])
def test_slow_facts_order_nothing(call: str) -> None:
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
    fakes.rds.fail(call, api_error(kind))

    assert make(fakes)["instance_id"] == ID


def test_unverifiable_facts_can_refuse(fakes: Fakes) -> None:
    fakes.rds.fail("vswitches", api_error(AccessDeniedError, "DescribeVSwitches"))

    with pytest.raises(PrerequisiteError, match=r"vpc:DescribeVSwitches .*may-look"):
        make(fakes, {**INPUTS, "checks": {"on_unverifiable": "fail"}})
    assert [] == fakes.rds.writes


@pytest.mark.parametrize(
    ("declared", "configured"),
    [row("by the clone", ["source-running"], ()), row("by the stack", [], ("source-running",))],
)
def test_skipped_checks_refuse_no_order(declared: list[str], configured: tuple[str, ...]) -> None:
    fakes = Fakes(skip_checks=configured)
    fakes.rds.alter("rm-source", status="Stopped")

    outputs = make(fakes, {**INPUTS, "checks": {"skip": declared}})

    assert outputs["instance_id"] == ID


def test_checks_that_are_not_skipped_refuse_the_order(fakes: Fakes) -> None:
    fakes.rds.alter("rm-source", status="Stopped", lock_mode="ManualLock")

    skipping = {**INPUTS, "checks": {"skip": ["source-running"]}}
    assert ["source-unlocked"] == refused_checks(fakes, skipping)


def test_advice_keeps_nothing_from_being_ordered(fakes: Fakes) -> None:
    fakes.rds.tasks_running = ("BackupDBInstance",)

    assert make(fakes)["instance_id"] == ID


def test_all_missing_prerequisites_are_told_at_once(fakes: Fakes) -> None:
    fakes.rds.alter("rm-source", status="Stopped", lock_mode="ManualLock")

    with pytest.raises(PrerequisiteError) as refusal:
        make(fakes)
    assert ["source-running", "source-unlocked"] == [
        problem.check for problem in refusal.value.problems
    ]
    assert str(refusal.value).count("\n") == 1


def test_named_set_needs_no_sight_of_the_sets(fakes: Fakes) -> None:
    fakes.rds.fail("backup_sets", api_error(AccessDeniedError))

    outputs = make(fakes, {**INPUTS, "restore_point": {"backup_id": "102"}})

    assert outputs["restored_from"]["backup_id"] == "102"


def test_inputs_of_a_wrong_form_are_refused_before_any_call(fakes: Fakes) -> None:
    with pytest.raises(InvalidSpecError, match="zones: must be a list"):
        make(fakes, {**INPUTS, "zones": "h"})
    assert [] == fakes.rds.calls


def test_unknown_inputs_are_refused(fakes: Fakes) -> None:
    with pytest.raises(PrerequisiteError):
        make(fakes, {**INPUTS, "source_instance_id": UNKNOWN})
    assert [] == fakes.rds.writes


def test_refused_order_is_not_repeated(fakes: Fakes) -> None:
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
            "may have been ordered at 2026-11-20T12:00:00Z and 2026-11-20T12:00:30Z "
            "nevertheless — run pulumi up again in 15 minutes",
        ),
        row("not sent", NOT_SENT, 6, "said the API"),
    ],
)
def test_order_is_repeated_with_one_token_then_told(
    fakes: Fakes, error: ApiError, most: int, told: str
) -> None:
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
    inputs = {**INPUTS, "create_timeout": declared}

    failure = unfinished(lambda: make(fakes, inputs, timeout=timeout))

    outputs = failure.outputs
    assert outputs["instance_id"] == ID
    assert outputs["status"] == "Creating"
    assert outputs["clone_key"] == KEY
    assert outputs["region"] == "cn-hangzhou"
    assert outputs["restored_from"]["source_instance_id"] == "rm-source"
    assert str(failure) == (
        f"rm-clone-1 is still Creating after {seconds // 60}m — rm-clone-1 is kept "
        "in the state, and the next pulumi up continues to wait"
    )
    assert fakes.rds.tags_of(ID)["rdsclone:stage"] == "creating"


@pytest.mark.parametrize(
    ("end", "status"), [row("being released", "Deleting", "Deleting"), row("gone", GONE, "unknown")]
)
def test_clone_that_will_not_be_usable_is_kept(fakes: Fakes, end: str, status: str) -> None:
    fakes.rds.script = ((0, "Creating"), (60, end))

    way = r"rm-clone-1 is .* run pulumi refresh to remove .* then pulumi up"
    outputs = unfinished(lambda: make(fakes), match=way).outputs

    assert outputs["instance_id"] == ID
    assert status == outputs["status"]
    assert outputs["clone_key"] == KEY


def test_a_cancelled_run_does_not_wait_for_a_lost_order(fakes: Fakes) -> None:
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
    monkeypatch.setattr(finishing, "_LAST_LOOK", 0.05)
    fakes.rds.script = ((0, "Creating"), (60, "Running"))
    gates: list[threading.Event] = []

    def cancel() -> None:
        if fakes.rds.made:
            fakes.progress.is_cancelled = True
            gates.append(fakes.rds.hold("instance"))

    fakes.rds.inside["list_instances"] = cancel

    outputs = unfinished(lambda: make(fakes), match="when the wait was cancelled").outputs
    gates[0].set()

    assert (ID, "unknown") == (outputs["instance_id"], outputs["status"])


def test_a_cancelled_run_does_not_wait_for_a_look(
    fakes: Fakes, monkeypatch: pytest.MonkeyPatch
) -> None:
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


@pytest.mark.parametrize(
    ("end", "error", "text"),
    [
        row("cancel", FakeProgress.cancel, RefusedError, "cancelled before the clone was ordered"),
        row("leave", FakeProgress.leave, AbandonedError, "nobody waits for it any more"),
    ],
)
def test_nothing_is_ordered_for_a_run_that_has_ended(
    fakes: Fakes, end: Callable[[FakeProgress], None], error: type[CloneError], text: str
) -> None:
    end(fakes.progress)

    with pytest.raises(error, match=text):
        make(fakes)
    assert [] == fakes.rds.made


def test_abandoned_create_finishes_nothing_and_is_found_by_the_next_run(fakes: Fakes) -> None:
    fakes.rds.inside["list_instances"] = lambda: fakes.progress.leave() if fakes.rds.made else None
    with pytest.raises(AbandonedError):
        make(fakes)
    stage = fakes.rds.tags_of(ID)["rdsclone:stage"]
    fakes.rds.inside.clear()
    fakes.restart()

    outputs = make(fakes)

    assert stage == "creating"
    assert outputs["instance_id"] == ID
    assert len(fakes.rds.made) == 1


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
def test_failure_after_the_order_loses_no_clone(fakes: Fakes, call: str, error: Exception) -> None:
    fakes.rds.inside["order_clone"] = lambda: fakes.rds.fail(call, error)

    try:
        outputs = make(fakes)
    except UnfinishedError as failure:
        outputs = dict(failure.outputs)

    assert outputs["instance_id"] == ID
    assert outputs["clone_key"] == KEY
    assert outputs["source_instance_id"] == "rm-source"
    assert len(fakes.rds.made) == 1


def test_id_is_kept_when_nothing_works_after_the_order(fakes: Fakes) -> None:
    def break_everything() -> None:
        for call in ("instance", "list_instances", "tags", "set_tags"):
            fakes.rds.fail(call, RuntimeError("a bug"), times=100)

    fakes.rds.inside["order_clone"] = break_everything

    failure = unfinished(lambda: make(fakes), match="a bug")

    assert failure.outputs == {
        **INPUTS,
        "estimated_price": PRICE.tree(),
        "instance_id": ID,
        "status": "unknown",
        "created_time": "2026-11-20T12:00:00Z",
    }


def test_clone_is_kept_when_progress_cannot_be_shown(fakes: Fakes) -> None:
    fakes.progress = FakeProgress(broken=RuntimeError("no row"))

    assert ID == unfinished(lambda: make(fakes)).outputs["instance_id"]


def test_failure_before_the_order_is_raised_as_it_is(fakes: Fakes) -> None:
    fakes.rds.fail("list_instances", api_error(AccessDeniedError))

    with pytest.raises(AccessDeniedError):
        make(fakes)
    assert [] == fakes.rds.writes


def test_orphan_that_vanishes_is_told_as_it_is(fakes: Fakes) -> None:
    plant_orphan(fakes, "rm-orphan", CREATING)
    fakes.rds.fail("tags", api_error(NotFoundError))

    with pytest.raises(NotFoundError):
        make(fakes)
    assert [] == fakes.rds.writes


def test_lifetime_counts_from_the_creation_that_the_cloud_tells(fakes: Fakes) -> None:
    inputs = {**INPUTS, "ttl": "48h"}
    kill(fakes, inputs)
    (ordered,) = fakes.rds.list_clones("shop/dev")
    tag = ordered.tags["rdsclone:expires"]

    made = make(fakes, inputs)

    created = datetime.fromisoformat(made["created_time"])
    assert "48h" == tag
    assert created + timedelta(hours=48) == datetime.fromisoformat(made["expires"])
    assert made["expires"] == fakes.rds.tags_of(made["instance_id"])["rdsclone:expires"]
