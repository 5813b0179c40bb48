from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulumi_rdsclone.domain.errors import (
    AccessDeniedError,
    ConflictError,
    UnavailableError,
)
from pulumi_rdsclone.domain.instances import NoWindow
from pulumi_rdsclone.domain.problems import Severity
from pulumi_rdsclone.domain.unknown import UNKNOWN
from pulumi_rdsclone.lifecycle.checking import Checked, check
from tests.domain.samples import LEAVES, NOW, complete, values, with_value
from tests.lifecycle.fakes import World, api_error


def checked(
    world: World, news: dict[str, Any], olds: dict[str, Any] | None = None
) -> Checked:
    """
    Check *news*.
    """
    return check(news, olds or {}, "new-key", world.sites)


def trees(*, faults: bool) -> st.SearchStrategy[dict[str, Any]]:
    """
    Give inputs in which any value may be missing, unknown or, on demand, wrong.
    """

    def plant(leaves: dict[str, Any]) -> dict[str, Any]:
        tree: dict[str, Any] = {}
        for path, value in leaves.items():
            tree = with_value(tree, path, value)
        return tree

    wrong: list[object] = [[], {"x": 1}, "at: noon"] if faults else []
    return st.fixed_dictionaries(
        {},
        optional={
            path: st.sampled_from([*known, UNKNOWN, *wrong])
            for path, known in LEAVES.items()
        },
    ).map(plant)


@given(trees(faults=True), st.booleans())
def test_idempotent(news: dict[str, Any], exists: bool) -> None:  # noqa: FBT001
    """
    The normalised inputs, checked again, give themselves, whatever was wrong.
    """
    world = World()
    olds = {"region": "cn-beijing", "clone_key": "old-key"} if exists else {}

    once = checked(world, news, olds)
    twice = checked(world, once.inputs, olds)

    assert once.inputs == twice.inputs


@given(trees(faults=False), st.booleans())
def test_deterministic(news: dict[str, Any], exists: bool) -> None:  # noqa: FBT001
    """
    The same inputs give the same inputs and problems, asked again or of a new process.
    """
    olds = {"region": "cn-beijing", "clone_key": "old-key"} if exists else {}
    world = World()

    first = checked(world, news, olds)

    assert first == checked(world, news, olds)
    assert first == checked(World(), news, olds)


def test_well_formed_inputs(world: World) -> None:
    """
    Inputs without a fault pass, completed by region and clone key alone.
    """
    result = checked(world, values())

    assert result.problems == ()
    assert result.inputs == values(region="cn-hangzhou", clone_key="new-key")


@pytest.mark.parametrize(
    ("news", "olds", "region"),
    [
        pytest.param({}, {}, "cn-hangzhou", id="the configured one"),
        pytest.param({"region": "cn-beijing"}, {}, "cn-beijing", id="the one written"),
        pytest.param(
            {}, {"region": "cn-shanghai"}, "cn-shanghai", id="the one of the clone"
        ),
        pytest.param(
            {"region": "cn-beijing"},
            {"region": "cn-shanghai"},
            "cn-beijing",
            id="a new one written",
        ),
    ],
)
def test_region(
    world: World, news: dict[str, Any], olds: dict[str, Any], region: str
) -> None:
    """
    A clone stays in its region when another one is configured later.
    """
    assert region == checked(world, values(**news), olds).inputs["region"]


@pytest.mark.parametrize("olds", [{}, {"clone_key": "old-key"}], ids=["new", "old"])
def test_no_region(world: World, olds: dict[str, Any]) -> None:
    """
    Without any region nothing is asked, and a new clone is refused.
    """
    world.sites.default_region = None

    result = checked(world, values(), olds)

    assert [] == world.rds.calls
    assert "region" not in result.inputs
    assert ([] if olds else ["region-known"]) == [p.check for p in result.problems]


@pytest.mark.parametrize(
    ("news", "olds", "key"),
    [
        pytest.param({}, {}, "new-key", id="a clone that is to be made"),
        pytest.param({}, {"clone_key": "old-key"}, "old-key", id="one that exists"),
        pytest.param({"clone_key": "kept"}, {}, "kept", id="inputs checked before"),
    ],
)
def test_clone_key(
    world: World, news: dict[str, Any], olds: dict[str, Any], key: str
) -> None:
    """
    A clone keeps the key it was ordered with.
    """
    assert key == checked(world, values(**news), olds).inputs["clone_key"]


def test_removed_restore_point_is_kept(world: World) -> None:
    """
    A restore point that is no longer written stays what it was.
    """
    point = {"time": "2026-11-20T04:00:00Z"}
    olds = values(restore_point=point, clone_key="old-key")

    result = checked(world, {"source_instance_id": "rm-source"}, olds)

    assert result.problems == ()
    assert point == result.inputs["restore_point"]


def test_changed_restore_point_counts(world: World) -> None:
    """
    A restore point that is written counts, whatever it was before.
    """
    olds = values(restore_point={"time": "2026-11-20T04:00:00Z"}, clone_key="old-key")

    result = checked(world, values(), olds)

    assert result.inputs["restore_point"] == {"latest": "time"}


def test_clone_that_exists_needs_no_source(world: World) -> None:
    """
    The source of a clone that exists is not asked about: it may be long gone.
    """
    world.rds.remove("rm-source")

    result = checked(world, values(), values(clone_key="old-key"))

    assert [] == world.rds.calls
    assert result.problems == ()


def test_form_of_existing_clone_is_judged(world: World) -> None:
    """
    What needs no source is judged for a clone that exists, too.
    """
    result = checked(world, values(description="1"), values(clone_key="old-key"))

    assert ["description-form"] == [p.check for p in result.problems]


@pytest.mark.parametrize(
    ("point", "calls"),
    [
        pytest.param({"latest": "time"}, ["instance", "recovery_window"], id="latest"),
        pytest.param(
            {"time": "2026-11-20T04:00:00Z"}, ["instance", "recovery_window"], id="time"
        ),
        pytest.param({"backup_id": "103"}, ["instance", "backup_sets"], id="a set"),
        pytest.param({"latest": "backup"}, ["instance", "backup_sets"], id="the last"),
        pytest.param({"time": UNKNOWN}, ["instance"], id="an unknown time"),
        pytest.param({"latest": UNKNOWN}, ["instance"], id="an unknown form"),
        pytest.param(UNKNOWN, ["instance"], id="unknown altogether"),
    ],
)
def test_reads(world: World, point: object, calls: list[str]) -> None:
    """
    Only what the restore point needs is asked for.
    """
    result = checked(world, values(restore_point=point))

    assert result.problems == ()
    assert calls == world.rds.calls


@pytest.mark.parametrize("path", ["region", "source_instance_id"])
def test_unknown_place_is_not_asked(world: World, path: str) -> None:
    """
    While region or source is unknown nothing is asked and nothing is wrong.
    """
    result = checked(world, values(**{path: UNKNOWN}))

    assert [] == world.rds.calls
    assert result.problems == ()
    assert result.inputs[path] is UNKNOWN


def test_every_problem_comes_at_once(world: World) -> None:
    """
    Faults of form, of terms and of the source come together, in the inputs' order.
    """
    world.rds.change("rm-source", status="Stopped", lock_mode="ManualLock")

    result = checked(
        world,
        values(
            restore_point={"backup_id": "999", "before": "at noon"},
            zones=5,
            payment={"duration": 1},
            descripton="staging",
        ),
    )

    assert [
        ("source-running", "source_instance_id"),
        ("source-unlocked", "source_instance_id"),
        ("input-form", "restore_point.before"),
        ("backup-exists", "restore_point.backup_id"),
        ("input-form", "zones"),
        ("term-without-subscription", "payment"),
        ("input-form", "descripton"),
    ] == [(problem.check, problem.path) for problem in result.problems]


def test_source_that_does_not_exist(world: World) -> None:
    """
    A source that does not exist is the one finding about it; nothing else is asked.
    """
    world.rds.remove("rm-source")

    result = checked(world, values())

    (problem,) = result.problems
    assert str(problem) == (
        "source_instance_id: there is no instance rm-source in cn-hangzhou — correct "
        "the id, the region or the account's credentials (source-exists)"
    )
    assert problem.severity is Severity.ERROR
    assert world.rds.calls == ["instance"]


@pytest.mark.parametrize(
    ("read", "point", "path"),
    [
        pytest.param("instance", {"latest": "time"}, "source_instance_id", id="source"),
        pytest.param(
            "backup_sets", {"latest": "backup"}, "restore_point.backup_id", id="sets"
        ),
        pytest.param(
            "recovery_window", {"latest": "time"}, "restore_point.time", id="window"
        ),
    ],
)
def test_denied_read_is_a_warning(
    world: World, read: str, point: dict[str, Any], path: str
) -> None:
    """
    Who may not look is told which RAM action to allow, and is not refused.
    """
    world.rds.fail(read, api_error(AccessDeniedError, "DescribeThis"))

    result = checked(world, values(restore_point=point))

    (problem,) = result.problems
    assert problem.severity is Severity.WARNING
    assert str(problem) == (
        f"{path}: not verified, rds:DescribeThis is not permitted — allow this RAM "
        "action to have it checked in preview (may-look)"
    )


def test_read_that_the_state_forbids_is_a_warning(world: World) -> None:
    """
    A source in a state that forbids to look is refused for its state alone.
    """
    world.rds.change("rm-source", status="Rebooting")
    world.rds.fail("backup_sets", api_error(ConflictError, "DescribeBackups"))

    result = checked(world, values(restore_point={"latest": "backup"}))

    assert [("source-running", "error"), ("may-look", "warning")] == [
        (problem.check, str(problem.severity)) for problem in result.problems
    ]


def test_read_that_fails_is_no_verdict(world: World) -> None:
    """
    A cloud that does not answer says nothing about the source: the call fails.
    """
    world.rds.fail("instance", api_error(UnavailableError))

    with pytest.raises(UnavailableError):
        checked(world, values())


def test_time_is_judged_by_the_window(world: World) -> None:
    """
    What was learnt reaches the rules.
    """
    late = f"{NOW + timedelta(hours=1):%Y-%m-%dT%H:%M:%SZ}"

    outside = checked(world, values(restore_point={"time": late}))
    world.restart()
    world.rds.window = NoWindow.LOG_BACKUP_OFF
    without = checked(world, values(restore_point={"time": late}))

    assert ["time-in-window"] == [p.check for p in outside.problems]
    assert ["log-backup-on"] == [p.check for p in without.problems]


def test_inputs_are_not_changed(world: World) -> None:
    """
    Check writes into neither the new inputs nor the old ones.
    """
    news, olds = {"source_instance_id": "rm-source"}, complete()

    checked(world, news, olds)

    assert news == {"source_instance_id": "rm-source"}
    assert complete() == olds
