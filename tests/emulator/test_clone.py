import json
from datetime import timedelta

import pytest

from rds_emulator import Emulator
from rds_emulator.protocol.timestamps import to_seconds
from tests.emulator.wire import ORDER, Client
from tests.support.rows import row


def test_clone_is_creating_for_120_seconds_then_running(emulator: Emulator, client: Client) -> None:
    clone_id = client.clone()
    seen = [client.status(clone_id)]
    for seconds in (119, 1):
        emulator.clock.advance(seconds)
        seen.append(client.status(clone_id))

    assert ["Creating", "Creating", "Running"] == seen


@pytest.mark.parametrize(
    ("source", "backup", "prefix"),
    [
        row("MySQL", "rm-demo-mysql80", "1000000109", "rm-"),
        row("PostgreSQL", "rm-demo-postgresql16", "1000000203", "pgm-"),
        row("SQL Server", "rm-demo-sqlserver2022", "1000000302", "rm-"),
        row("MariaDB", "rm-demo-mariadb106", "1000000501", "rm-"),
    ],
)
def test_engine_decides_the_prefix_of_a_clone_s_id_and_host(
    emulator: Emulator, client: Client, source: str, backup: str, prefix: str
) -> None:
    answer = client.call(
        "CloneDBInstance", DBInstanceId=source, BackupId=backup, PayType="Postpaid"
    )
    clone_id = answer.body["DBInstanceId"]

    assert (True, 20) == (clone_id.startswith(prefix), len(clone_id))
    assert emulator.instance(clone_id).connection_string.startswith(f"{clone_id}.")


def test_clone_seconds_of_python_override_the_seed_s() -> None:
    with Emulator(speed=0, clone_seconds=7, delete_seconds=3) as emulator:
        client = Client(emulator)
        clone_id = client.clone()
        emulator.clock.advance(7)
        seen = [client.status(clone_id)]
        client.call("DeleteDBInstance", DBInstanceId=clone_id)
        seen.append(client.status(clone_id))
        emulator.clock.advance(3)
        seen.append(client.status(clone_id))

    assert ["Running", "Deleting", "InvalidDBInstanceId.NotFound"] == seen


def test_status_is_dated_by_when_it_was_due_not_by_who_looked() -> None:
    with Emulator(speed=10_000) as emulator:
        clone_id = Client(emulator).clone()
        created = emulator.became(clone_id, "Creating")
        emulator.clock.advance(timedelta(hours=1))

        assert emulator.became(clone_id, "Running") - created == pytest.approx(0.012, abs=0.012)


def test_clone_inherits_all_but_name_tags_and_address(emulator: Emulator, client: Client) -> None:
    clone_id = client.clone()
    made, source = emulator.instance(clone_id), emulator.instance("rm-demo-mysql80")

    assert (source.engine, source.storage_gb, source.zones, source.vswitch_ids) == (
        made.engine,
        made.storage_gb,
        made.zones,
        made.vswitch_ids,
    )
    assert ("", {}) == (made.description, made.tags)
    assert f"{clone_id}.mysql.rds.aliyuncs.com" == made.connection_string
    assert made.private_ip not in ("", source.private_ip)
    assert 20 == len(clone_id)


def test_clone_is_what_was_ordered(emulator: Emulator, client: Client) -> None:
    clone_id = client.clone(
        DBInstanceDescription="staging_db-1",
        DBInstanceClass="mysql.n4.large.2c",
        DBInstanceStorage="200",
        DBInstanceStorageType="general_essd",
        BurstingEnabled="True",
        IoAccelerationEnabled="1",
        ZoneId="cn-hangzhou-j",
        ZoneIdSlave1="cn-hangzhou-k",
        VPCId="vpc-demo",
        VSwitchId="vsw-demo-j,vsw-demo-k",
        InstanceNetworkType="VPC",
        PrivateIpAddress="10.0.2.77",
        DeletionProtection="true",
        Tag__1__Key="team",
        Tag__1__Value="dev",
        DbNames="app,reporting",
    )
    made = emulator.instance(clone_id)

    assert "staging_db-1" == made.description
    assert ("mysql.n4.large.2c", 200) == (made.instance_class, made.storage_gb)
    assert ("general_essd", True, True) == (made.storage_type, made.bursting, made.io_acceleration)
    assert ("cn-hangzhou-j", "cn-hangzhou-k") == made.zones
    assert ("vsw-demo-j", "vsw-demo-k") == made.vswitch_ids
    assert "10.0.2.77" == made.private_ip
    assert made.deletion_protection
    assert {"team": "dev"} == made.tags


def test_emulator_keeps_what_a_clone_was_made_from(emulator: Emulator, client: Client) -> None:
    by_set = emulator.instance(client.clone()).restored_from
    instant = emulator.clock.now() - timedelta(hours=3)
    order = {"BackupId": "", "RestoreTime": to_seconds(instant)}
    by_time = emulator.instance(client.clone(**order)).restored_from

    assert by_set is not None
    assert by_time is not None
    assert ("rm-demo-mysql80", "1000000109", None) == (
        by_set.source_instance_id,
        by_set.backup_id,
        by_set.time,
    )
    assert (None, instant.replace(microsecond=0)) == (by_time.backup_id, by_time.time)


@pytest.mark.parametrize(
    ("source", "backup_id", "category", "more"),
    [
        row("MySQL", *("rm-demo-mysql80", "1000000109", "serverless_standard"),
            {"AutoPause": True}),
        row("PostgreSQL", *("rm-demo-postgresql16", "1000000203", "serverless_standard"),
            {"AutoPause": True}),
        row("SQL Server", *("rm-demo-sqlserver2022", "1000000302", "serverless_ha"), {}),
    ],
)  # fmt: skip
def test_serverless_clone_gets_edition_and_class_of_its_engine(
    client: Client, source: str, backup_id: str, category: str, more: dict[str, bool]
) -> None:
    clone_id = client.clone(
        DBInstanceId=source,
        BackupId=backup_id,
        PayType="Serverless",
        ServerlessConfig=json.dumps({"MinCapacity": 2, "MaxCapacity": 8, **more}),
    )
    shown = client.attribute(clone_id)

    assert ("SERVERLESS", category) == (shown["PayType"], shown["Category"])
    assert {"ScaleMin": 2, "ScaleMax": 8, **more} == shown["ServerlessConfig"]


def test_subscription_expires_as_ordered_and_stays(emulator: Emulator, client: Client) -> None:
    clone_id = client.clone(PayType="Prepaid", Period="Year", UsedTime="1")
    emulator.clock.advance(120)
    answer = client.call("DeleteDBInstance", DBInstanceId=clone_id)
    expires = emulator.instance(clone_id).expires

    assert (403, "OperationDenied.PayType") == answer.refusal
    assert expires is not None
    assert timedelta(days=360) <= expires - emulator.clock.now() + timedelta(minutes=3)


class TestClientToken:
    """
    Orders that are sent twice.
    """

    def test_repetition_gets_the_first_answer(self, emulator: Emulator, client: Client) -> None:
        first, second = (client.clone(ClientToken="t") for _ in range(2))

        assert first == second
        assert 1 == len(emulator.journal.writes())

    def test_repetition_outlives_the_instance(self, emulator: Emulator, client: Client) -> None:
        first = client.clone(ClientToken="t")
        emulator.remove(first)

        assert first == client.clone(ClientToken="t")

    def test_repetition_is_not_judged_again(self, emulator: Emulator, client: Client) -> None:
        """
        The source was locked after the first order.
        """
        first = client.clone(ClientToken="t")
        emulator.change("rm-demo-mysql80", lock_mode="ManualLock")

        assert first == client.clone(ClientToken="t")

    def test_other_parameters_are_refused(self, client: Client) -> None:
        client.clone(ClientToken="t")
        order = {**ORDER, "ClientToken": "t", "DBInstanceStorage": "200"}

        assert (400, "InvalidRequestId") == client.call("CloneDBInstance", **order).refusal

    def test_refused_order_does_not_use_the_token(self, emulator: Emulator, client: Client) -> None:
        emulator.change("rm-demo-mysql80", lock_mode="ManualLock")
        client.call("CloneDBInstance", **ORDER, ClientToken="t")
        emulator.change("rm-demo-mysql80", lock_mode="Unlock")

        assert client.clone(ClientToken="t")
