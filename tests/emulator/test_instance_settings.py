"""
Small settings of an instance that take effect at once.
"""

from pathlib import Path

import pytest

from rds_emulator import Emulator
from tests.emulator.wire import Client
from tests.support.rows import row


@pytest.mark.parametrize(
    ("action", "name", "value"),
    [
        row("window", "ModifyDBInstanceMaintainTime", "MaintainTime", "22:00Z-02:00Z"),
        row("minor version", "ModifyDBInstanceAutoUpgradeMinorVersion", "AutoUpgradeMinorVersion",
            "Manual"),
    ],
)  # fmt: skip
def test_setting_outlives_a_restart_and_is_not_cloned(
    db: Path, action: str, name: str, value: str
) -> None:
    with Emulator(db=db, speed=0) as emulator:
        client = Client(emulator)
        emulator.add("rm-mine")
        before = client.attribute("rm-mine")[name]
        client.call(action, DBInstanceId="rm-mine", **{name: value})
        at_once = client.attribute("rm-mine")[name]
    with Emulator(db=db) as emulator:
        client = Client(emulator)
        kept = client.attribute("rm-mine")[name]
        clone_id = client.clone("rm-mine")
        cloned = client.attribute(clone_id)[name]

    assert value not in (before, cloned)
    assert (value, value) == (at_once, kept)
    assert before == cloned


def test_mariadb_upgrades_no_minor_versions(emulator: Emulator, client: Client) -> None:
    emulator.add("rm-mine", engine="MariaDB")

    assert "AutoUpgradeMinorVersion" not in client.attribute("rm-mine")


def test_description_and_protection_change_at_once(emulator: Emulator, client: Client) -> None:
    name = "rm-demo-mysql80"
    client.call("ModifyDBInstanceDescription", DBInstanceId=name, DBInstanceDescription="other")
    client.call("ModifyDBInstanceDeletionProtection", DBInstanceId=name, DeletionProtection="true")
    changed = emulator.instance(name)

    assert ("other", True) == (changed.description, changed.deletion_protection)
