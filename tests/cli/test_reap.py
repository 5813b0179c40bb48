import json
from datetime import timedelta

import pytest

from pulumi_rdsclone.cloud.clock import SystemClock
from pulumi_rdsclone.domain.identity import OWNED, RETAINED, Birth
from pulumi_rdsclone.domain.times import format_instant
from rds_emulator import Emulator
from tests.cli.conftest import Shell, Told


def plant(emulator: Emulator, name: str, hours: float | None, **fields: object) -> None:
    """
    Add a clone that expires in so many *hours*, or never.
    """
    end = None
    if hours is not None:
        end = format_instant(emulator.clock.now() + timedelta(hours=hours))
    birth = Birth(
        key=name.ljust(32, "0"),
        spec_hash="0" * 16,
        stack=str(fields.pop("stack", "shop/dev")),
        restored="rm-demo-mysql80/time/2026-11-18T03:00:00Z",
        expires=end,
    )
    stage = str(fields.pop("stage", OWNED))
    emulator.add(name, tags=birth.tags(stage), created="now", backups=[], **fields)


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
    Give the clones that are not gone.
    """
    return {i.id for i in emulator.instances() if "rdsclone:key" in i.tags}


def test_expired_clones_are_released(shell: Shell, emulator: Emulator) -> None:
    """
    What has expired is released, but for what may not be; the others stay.
    """
    told = reap(shell)

    assert {"rm-young", "rm-endless", "rm-left", "rm-safe"} == there(emulator)
    assert 1 == told.code
    assert "3 clones expired in cn-hangzhou" in told.out
    assert "rm-safe      kept" in told.out
    assert "deletionProtection" in told.out or "deletion_protection" in told.out


def test_nothing_is_released_in_a_dry_run(shell: Shell, emulator: Emulator) -> None:
    """
    A dry run names what has expired, and is content.
    """
    before = there(emulator)
    told = reap(shell, "--dry-run", "--json")

    fates = {one["instanceId"]: one["fate"] for one in json.loads(told.out)["clones"]}
    assert dict.fromkeys(("rm-over", "rm-over-too", "rm-safe"), "expired") == fates
    assert before == there(emulator)
    assert [] == emulator.journal.writes()
    assert 0 == told.code


def test_one_stack_is_reaped(shell: Shell, emulator: Emulator) -> None:
    """
    The clones of other stacks are none of its business.
    """
    told = reap(shell, "--stack", "shop/test")

    assert "rm-over-too" not in there(emulator)
    assert "rm-over" in there(emulator)
    assert 0 == told.code


def test_nothing_has_expired(shell: Shell, emulator: Emulator) -> None:
    """
    Nothing to do is fine.
    """
    told = reap(shell, "--stack", "shop/other")

    assert "no clones expired in cn-hangzhou" in told.out
    assert 0 == told.code
    assert [] == emulator.journal.writes()
