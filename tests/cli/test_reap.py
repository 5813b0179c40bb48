import json
from datetime import timedelta

import pytest

from pulumi_rdsclone.cloud.clock import SystemClock
from pulumi_rdsclone.domain.identity import CREATING, OWNED, RETAINED, CloneMarks
from pulumi_rdsclone.domain.times import format_instant
from rds_emulator import Emulator
from tests.cli.conftest import Shell, Told
from tests.support.rows import row


def plant(emulator: Emulator, name: str, hours: float | None, **fields: object) -> None:
    """
    Add a clone that expires in so many *hours*, or never.

    Of an unfinished one *ttl* may be known instead: its tag as it was ordered.
    """
    end = fields.pop("ttl", None)
    if hours is not None:
        end = format_instant(emulator.clock.now() + timedelta(hours=hours))
    marks = CloneMarks(
        key=name.ljust(32, "0"),
        spec_hash="0" * 16,
        stack=str(fields.pop("stack", "shop/dev")),
        restored="rm-demo-mysql80/time/2026-11-18T03:00:00Z",
        expires=str(end) if end else None,
    )
    stage = str(fields.pop("stage", OWNED))
    given = {"created": "now", "backups": [], **fields}
    emulator.add(name, tags=marks.tags(stage), **given)


@pytest.fixture(autouse=True)
def _clones(emulator: Emulator, shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    Have clones of each kind; waiting makes time pass.
    """
    shell.env["COLUMNS"] = "80"
    plant(emulator, "rm-over", -1)
    plant(emulator, "rm-over-too", -30, stack="shop/test")
    plant(emulator, "rm-young", 5)
    plant(emulator, "rm-endless", None)
    plant(emulator, "rm-left", -1, stage=RETAINED)
    plant(emulator, "rm-safe", -1, deletion_protection=True)
    monkeypatch.setattr(
        SystemClock, "sleep", lambda _, seconds, *__: emulator.clock.advance(seconds)
    )


def reap(shell: Shell, *arguments: str) -> Told:
    """
    Run the command.
    """
    return shell.inside("reap", *arguments, "--endpoint", f"http://{shell.endpoint}")


def there(emulator: Emulator) -> set[str]:
    """
    Return the clones that are not gone.
    """
    return {i.id for i in emulator.instances() if "rdsclone:key" in i.tags}


def test_expired_clones_are_released(shell: Shell, emulator: Emulator) -> None:
    told = reap(shell)

    assert {"rm-young", "rm-endless", "rm-left", "rm-safe"} == there(emulator)
    assert 1 == told.code
    assert "3 clones expired in cn-hangzhou" in told.out
    assert "rm-safe      kept" in told.out
    assert "deletionProtection" in told.out or "deletion_protection" in told.out


def test_nothing_is_released_in_a_dry_run(shell: Shell, emulator: Emulator) -> None:
    before = there(emulator)
    told = reap(shell, "--dry-run", "--json")

    fates = {clone["instanceId"]: clone["fate"] for clone in json.loads(told.out)["clones"]}
    assert dict.fromkeys(("rm-over", "rm-over-too", "rm-safe"), "expired") == fates
    assert before == there(emulator)
    assert [] == emulator.journal.writes()
    assert 0 == told.code


def test_clones_of_other_stacks_are_not_reaped(shell: Shell, emulator: Emulator) -> None:
    told = reap(shell, "--stack", "shop/test")

    assert "rm-over-too" not in there(emulator)
    assert "rm-over" in there(emulator)
    assert 0 == told.code


def test_reap_succeeds_where_nothing_has_expired(shell: Shell, emulator: Emulator) -> None:
    plant(emulator, "rm-other", 1, stack="shop/other")

    told = reap(shell, "--stack", "shop/other")

    assert "no clones expired in cn-hangzhou" in told.out
    assert 0 == told.code
    assert [] == emulator.journal.writes()


@pytest.mark.parametrize("options", [(), ("--dry-run",)], ids=["reap", "dry run"])
def test_stack_without_clones_is_refused(
    shell: Shell, emulator: Emulator, options: tuple[str, ...]
) -> None:
    told = reap(shell, *options, "--stack", "shop/tset")

    assert told == Told(
        2,
        "",
        "rdsclone: there is no clone of the stack shop/tset in cn-hangzhou — run "
        "rdsclone clones list to see all stacks with clones\n",
    )
    assert [] == emulator.journal.writes()


@pytest.mark.parametrize("dry_run", [(), ("--dry-run",)])
def test_nothing_is_released_beyond_the_limit(
    shell: Shell, emulator: Emulator, dry_run: tuple[str, ...]
) -> None:
    before = there(emulator)

    told = reap(shell, "--max", "2", *dry_run)

    assert 1 == told.code
    assert "3 clones expired in cn-hangzhou" in told.out
    assert 3 == told.out.count("3 clones have expired, more than --max 2")
    assert before == there(emulator)
    assert [] == emulator.journal.writes()


def test_as_many_as_allowed_are_released(shell: Shell, emulator: Emulator) -> None:
    told = reap(shell, "--max", "1", "--stack", "shop/test")
    plant(emulator, "rm-other", 1, stack="shop/other")
    idle = reap(shell, "--max", "0", "--stack", "shop/other")

    assert (0, 0) == (told.code, idle.code)
    assert "rm-over-too" not in there(emulator)


@pytest.mark.parametrize(
    ("grace", "gone"),
    [
        row("none", "0", {"rm-over", "rm-over-too"}),
        row("shorter", "30m", {"rm-over", "rm-over-too"}),
        row("as long", "1h", {"rm-over", "rm-over-too"}),
        row("longer than one's", "61m", {"rm-over-too"}),
        row("longer than all", "31h", set()),
        row("a thousand years", "9999999h", set()),
    ],
)
def test_only_clones_past_the_grace_period_are_released(
    shell: Shell, emulator: Emulator, grace: str, gone: set[str]
) -> None:
    before = there(emulator)

    reap(shell, "--grace", grace)

    assert gone == before - there(emulator)


def test_lifetime_counts_from_the_creation_in_the_cloud(shell: Shell, emulator: Emulator) -> None:
    """
    No other clock knows when the clone of an interrupted run began.
    """
    unfinished = {"hours": None, "stage": CREATING, "ttl": "48h"}
    plant(emulator, "rm-due", **unfinished, created="now-48h")  # type: ignore[arg-type]
    plant(emulator, "rm-due-later", **unfinished, created="now-47h")  # type: ignore[arg-type]

    listed = json.loads(reap(shell, "--dry-run", "--json").out)
    reap(shell)

    ends = {clone["instanceId"]: clone["expires"] for clone in listed["clones"]}
    assert "2026-11-20T04:00:00Z" == ends["rm-due"]
    assert "rm-due" not in there(emulator)
    assert "rm-due-later" in there(emulator)
