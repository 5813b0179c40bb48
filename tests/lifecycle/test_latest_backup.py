"""
`latest: backup` follows the sets that the schedule and CreateBackup make.
"""

from datetime import timedelta

from pulumi_rdsclone.cloud.regions import CloudRegions
from pulumi_rdsclone.cloud.settings import Settings
from pulumi_rdsclone.domain.parsing import parse
from pulumi_rdsclone.lifecycle.examining import examine
from tests.emulator.wire import Client
from tests.support.emulators import Emulator

SEED = {
    "now": "2026-11-09T12:00:00Z",
    "temper": "ideal",
    "instances": [{"id": "rm-x", "backups": [{"id": "1", "started": "now-1d"}]}],
}
INPUTS = {
    "region": "cn-hangzhou",
    "source_instance_id": "rm-x",
    "restore_point": {"latest": "backup"},
}


def latest(emulator: Emulator) -> str | None:
    """
    Return the set that a program would clone, read anew.
    """
    settings = Settings(
        endpoint=emulator.url,
        access_key_id=emulator.access_key_id,
        access_key_secret=emulator.access_key_secret,
    )
    report = examine(parse(INPUTS), CloudRegions(settings), max_age=timedelta(0))
    assert [] == list(report.errors)
    return report.restore.backup_id if report.restore else None


def test_latest_backup_is_the_newest_that_has_ended() -> None:
    with Emulator(seed=SEED, speed=0) as emulator:
        seeded = latest(emulator)
        emulator.clock.advance(timedelta(hours=6, minutes=10))
        during = latest(emulator)
        emulator.clock.advance(timedelta(minutes=15))
        scheduled = latest(emulator)
        Client(emulator).call("CreateBackup", DBInstanceId="rm-x")
        emulator.clock.advance(timedelta(minutes=1))
        manual = latest(emulator)
        newest = emulator.backups("rm-x")

    assert ("1", "1") == (seeded, during)
    assert [manual, scheduled] == [backup.id for backup in newest[:2]]
    assert ["Manual", "Automated"] == [backup.mode for backup in newest[:2]]
