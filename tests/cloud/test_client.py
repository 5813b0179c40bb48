from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from pulumi_rdsclone.cloud.client import RdsClient
from pulumi_rdsclone.cloud.settings import Settings
from pulumi_rdsclone.domain.errors import (
    ApiError,
    ConflictError,
    NotFoundError,
    TokenUsedError,
    UnavailableError,
)
from pulumi_rdsclone.domain.instances import BackupSet, NoWindow, RecoveryWindow
from pulumi_rdsclone.domain.ordering import CloneOrder
from pulumi_rdsclone.domain.spec import Capacity, Network, Payment
from rds_emulator import Emulator
from tests.cloud.stub import stub
from tests.lifecycle.fakes import FakeClock

Connect = Callable[[Settings], RdsClient]

SOURCE = "rm-demo-mysql80"
NOBODY = "rm-nobody"
KEYS = {"access_key_id": "k", "access_key_secret": "s"}
ORDER = CloneOrder(
    source_instance_id=SOURCE,
    restore_time=None,
    backup_id="1000000109",
    edition=None,
    zones=(),
    capacity=Capacity(),
    storage_type="cloud_essd",
    network=Network(),
    payment=Payment(),
    description="staging",
    deletion_protection=False,
    tags={"rdsclone:key": "key-1", "team": "data"},
    token="token-1",  # noqa: S106 - no secret
)
BUSY = (503, '{"Code": "ServiceUnavailable", "Message": "Later.", "RequestId": "R-1"}')


def unsigned(url: str) -> Settings:
    """
    Give settings for a server that checks no signature.
    """
    return Settings(endpoint=url, **KEYS)


def test_instance(rds: RdsClient, emulator: Emulator) -> None:
    """
    An instance is described in our words.
    """
    told = emulator.instance(SOURCE)

    found = rds.instance(SOURCE)

    assert found.id == SOURCE
    assert found.region == "cn-hangzhou"
    assert found.status == "Running"
    assert found.lock_mode == "Unlock"
    assert found.role == "Primary"
    assert (found.engine, found.engine_version) == ("MySQL", "8.0")
    assert found.edition == "HighAvailability"
    assert found.zones == ("cn-hangzhou-h", "cn-hangzhou-i")
    assert found.instance_class == "mysql.n2.medium.2c"
    assert (found.storage_gb, found.storage_type) == (100, "cloud_essd")
    assert found.payment == "PayAsYouGo"
    assert (found.network_type, found.vpc_id) == ("VPC", "vpc-demo")
    assert found.vswitch_ids == ("vsw-demo-h",)
    assert found.connection_string == told.connection_string
    assert found.port == 3306
    assert found.created == told.created.replace(microsecond=0)
    assert found.expires is None
    assert found.deletion_protection is False
    assert found.serverless is None


def test_instance_of_another_kind(rds: RdsClient, emulator: Emulator) -> None:
    """
    Payment, end, protection and scaling limits are told where there are any.
    """
    emulator.add(
        "rm-serverless",
        pay_type="Serverless",
        serverless={"min_capacity": 0.5, "max_capacity": 8, "auto_pause": True},
        deletion_protection=True,
    )

    subscribed = rds.instance("rm-demo-subscription")
    scaling = rds.instance("rm-serverless")

    assert subscribed.payment == "Subscription"
    assert subscribed.expires is not None
    assert scaling.payment == "Serverless"
    assert scaling.serverless == {"min_rcu": 0.5, "max_rcu": 8.0, "auto_pause": True}
    assert scaling.deletion_protection is True


@pytest.mark.parametrize(
    "call",
    [
        pytest.param(lambda rds: rds.instance(NOBODY), id="describe"),
        pytest.param(lambda rds: rds.backup_sets(NOBODY), id="backup sets"),
        pytest.param(lambda rds: rds.recovery_window(NOBODY), id="window"),
        pytest.param(lambda rds: rds.release(NOBODY), id="release"),
        pytest.param(lambda rds: rds.set_description(NOBODY, "ab"), id="rename"),
        pytest.param(
            lambda rds: rds.set_deletion_protection(NOBODY, on=True), id="protect"
        ),
        pytest.param(
            lambda rds: rds.order_clone(replace(ORDER, source_instance_id=NOBODY)),
            id="clone",
        ),
    ],
)
def test_not_found(rds: RdsClient, call: Callable[[RdsClient], object]) -> None:
    """
    What does not exist is told as that, whatever is asked of it.
    """
    with pytest.raises(NotFoundError) as failure:
        call(rds)

    assert failure.value.fault.request_id


def test_empty_description_is_not_found(connect: Connect) -> None:
    """
    An answer that holds no instance means that there is none.
    """
    nothing = '{"RequestId": "R-1", "Items": {"DBInstanceAttribute": []}}'

    with stub((200, nothing)) as server, pytest.raises(NotFoundError):
        connect(unsigned(server.url)).instance(SOURCE)


def test_sightings(rds: RdsClient, emulator: Emulator) -> None:
    """
    Instances are listed that carry all of the tags, with status and age.
    """
    emulator.add("rm-both", tags={"a": "1", "b": "2"}, status="Rebooting")
    emulator.add("rm-one", tags={"a": "1"})
    emulator.add("rm-other", tags={"a": "1", "b": "3"})
    emulator.add(
        "rm-elsewhere", tags={"a": "1", "b": "2"}, region="cn-shanghai", zones=[]
    )

    (seen,) = rds.sightings({"a": "1", "b": "2"})

    created = emulator.instance("rm-both").created.replace(microsecond=0)
    assert (seen.id, seen.status, seen.created) == ("rm-both", "Rebooting", created)
    assert rds.sightings({"a": "2"}) == ()


def test_sightings_have_pages(rds: RdsClient, emulator: Emulator) -> None:
    """
    More instances than a page holds are listed with as few calls as can be.
    """
    names = {f"rm-{number}" for number in range(201)}
    for name in names:
        emulator.add(name, tags={"many": "yes"}, backups=[])

    seen = [sighting.id for sighting in rds.sightings({"many": "yes"})]

    assert len(seen) == 201
    assert names == set(seen)
    assert emulator.journal.count("DescribeDBInstances") == 3


def test_answer_that_miscounts_ends(connect: Connect) -> None:
    """
    A list that promises more than it holds is not asked for without end.
    """
    page = '{"RequestId": "R", "TotalRecordCount": 5, "PageRecordCount": 0}'

    with stub((200, page)) as server:
        assert connect(unsigned(server.url)).sightings({"a": "1"}) == ()
        assert len(server.asked) < 2000


def test_backup_sets(rds: RdsClient, emulator: Emulator) -> None:
    """
    All sets are listed, with what makes them usable.
    """
    sets = {backup.id: backup for backup in rds.backup_sets(SOURCE)}

    ended = {b.id: b.ended.replace(microsecond=0) for b in emulator.backups(SOURCE)}
    assert len(sets) == 9
    assert sets["1000000109"] == BackupSet(
        id="1000000109",
        succeeded=True,
        available=True,
        logical=False,
        ended=ended["1000000109"],
    )
    assert {"1000000105"} == {b.id for b in sets.values() if not b.succeeded}
    assert {"1000000105"} == {b.id for b in sets.values() if not b.available}
    assert {"1000000108"} == {b.id for b in sets.values() if b.logical}


def test_backup_sets_have_pages(rds: RdsClient, emulator: Emulator) -> None:
    """
    More sets than a page holds are all listed.
    """
    emulator.add(
        "rm-old",
        backups=[{"id": str(n), "started": f"now-{n}h"} for n in range(1, 152)],
    )

    assert {str(n) for n in range(1, 152)} == {b.id for b in rds.backup_sets("rm-old")}
    assert emulator.journal.count("DescribeBackups") == 2


def test_window(rds: RdsClient, emulator: Emulator) -> None:
    """
    The window is told with both of its ends.
    """
    window = rds.recovery_window("rm-demo-mysql80")

    assert isinstance(window, RecoveryWindow)
    now = emulator.clock.now()
    assert now - window.end < timedelta(seconds=10)
    assert timedelta(days=6) < window.end - window.begin < timedelta(days=8)
    assert timedelta() == window.begin.utcoffset()


@pytest.mark.parametrize(
    ("instance_id", "reason"),
    [
        pytest.param(
            "rm-demo-no-log-backup", NoWindow.LOG_BACKUP_OFF, id="no log backup"
        ),
        pytest.param("rm-demo-no-backup", NoWindow.NO_BACKUP, id="no usable set"),
        pytest.param("rm-demo-sqlserver2022", NoWindow.NOT_TOLD, id="SQL Server"),
        pytest.param("rm-demo-stopped", NoWindow.NOT_NOW, id="stopped"),
        pytest.param("rm-demo-locked-manual", NoWindow.NOT_NOW, id="locked"),
        pytest.param("rm-demo-readonly", NoWindow.NOT_NOW, id="read-only"),
    ],
)
def test_no_window(rds: RdsClient, instance_id: str, reason: NoWindow) -> None:
    """
    Where there is no window the reason is told, not an error.
    """
    assert rds.recovery_window(instance_id) is reason


def test_order(rds: RdsClient, emulator: Emulator) -> None:
    """
    An order makes a clone with its tags, in one call.
    """
    clone = emulator.instance(rds.order_clone(ORDER))

    assert clone.status == "Creating"
    assert clone.description == "staging"
    assert clone.tags == {"rdsclone:key": "key-1", "team": "data"}
    assert clone.restored_from is not None
    assert clone.restored_from.backup_id == "1000000109"
    assert ["CloneDBInstance"] == [call.action for call in emulator.journal.calls()]
    assert emulator.journal.calls()[0].parameters["ClientToken"] == "token-1"


def test_repeated_order(rds: RdsClient, emulator: Emulator) -> None:
    """
    The same order again gives the same clone.
    """
    first = rds.order_clone(ORDER)

    assert first == rds.order_clone(ORDER)
    assert len(emulator.journal.writes()) == 1


def test_token_of_another_order(rds: RdsClient) -> None:
    """
    A token that stands for another order is told as that.
    """
    rds.order_clone(ORDER)

    with pytest.raises(TokenUsedError):
        rds.order_clone(replace(ORDER, description="testing"))


def test_order_is_sent_once(connect: Connect, clock: FakeClock) -> None:
    """
    An order that fails is not repeated here.
    """
    with stub(BUSY) as server:
        with pytest.raises(UnavailableError):
            connect(unsigned(server.url)).order_clone(ORDER)

        assert len(server.asked) == 1
    assert clock.slept == []


def test_order_without_an_id(connect: Connect) -> None:
    """
    A success that names no instance is not taken for one: the order may be made.
    """
    with stub((200, '{"RequestId": "R-1"}')) as server:
        with pytest.raises(UnavailableError, match=r"names no instance .*R-1"):
            connect(unsigned(server.url)).order_clone(ORDER)

        assert len(server.asked) == 1


def test_release(rds: RdsClient, emulator: Emulator) -> None:
    """
    A release begins and is not waited for.
    """
    emulator.add("rm-old")

    rds.release("rm-old")

    assert emulator.instance("rm-old").status == "Deleting"


@pytest.mark.parametrize("instance_id", ["rm-demo-stopped", "rm-demo-locked-manual"])
def test_refused_release(rds: RdsClient, instance_id: str) -> None:
    """
    A release that the state forbids is told as that.
    """
    with pytest.raises(ConflictError):
        rds.release(instance_id)


def test_protected_release_is_no_conflict(rds: RdsClient, emulator: Emulator) -> None:
    """
    A protected instance is not taken for a busy one.
    """
    emulator.add("rm-safe", deletion_protection=True)

    with pytest.raises(ApiError) as failure:
        rds.release("rm-safe")

    assert type(failure.value) is ApiError
    assert failure.value.fault.code == "OperationDenied.DeletionProtection"


def test_tags(rds: RdsClient, emulator: Emulator) -> None:
    """
    Tags are added, replaced and removed, each without touching the others.
    """
    emulator.add("rm-tagged", tags={"a": "1", "b": "2", "c": "3"})

    rds.set_tags("rm-tagged", {"b": "two", "d": "4"})
    rds.remove_tags("rm-tagged", ["a", "unheard-of"])

    assert rds.tags("rm-tagged") == {"b": "two", "c": "3", "d": "4"}
    assert rds.tags("rm-demo-postgresql16") == {}


def test_tags_have_pages(connect: Connect) -> None:
    """
    Tags that come in pages are all read.
    """
    one = '{"TagResource": [{"TagKey": "a", "TagValue": "1"}]}'
    two = '{"TagResource": [{"TagKey": "b"}]}'
    pages = [
        (200, f'{{"RequestId": "R", "NextToken": "more", "TagResources": {one}}}'),
        (200, f'{{"RequestId": "R", "NextToken": "", "TagResources": {two}}}'),
    ]

    with stub(*pages) as server:
        assert connect(unsigned(server.url)).tags(SOURCE) == {"a": "1", "b": ""}
        assert [None, "more"] == [asked.get("NextToken") for asked in server.asked]


def test_description(rds: RdsClient, emulator: Emulator) -> None:
    """
    An instance is renamed, in any script.
    """
    rds.set_description(SOURCE, "测试库-2")

    assert emulator.instance(SOURCE).description == "测试库-2"


def test_deletion_protection(rds: RdsClient, emulator: Emulator) -> None:
    """
    The protection is switched on and off.
    """
    rds.set_deletion_protection(SOURCE, on=True)
    on = emulator.instance(SOURCE).deletion_protection
    rds.set_deletion_protection(SOURCE, on=False)

    assert on is True
    assert emulator.instance(SOURCE).deletion_protection is False


def test_reads_are_repeated(connect: Connect, clock: FakeClock) -> None:
    """
    A call that may have its effect twice is repeated until it is answered.
    """
    nothing = '{"RequestId": "R-1", "Items": {"Backup": []}}'

    with stub(BUSY, BUSY, (200, nothing)) as server:
        assert connect(unsigned(server.url)).backup_sets(SOURCE) == ()

        assert len(server.asked) == 3
    assert len(clock.slept) == 2


def test_reads_are_not_repeated_for_ever(connect: Connect) -> None:
    """
    A call that is never answered ends with the API's own words.
    """
    with stub(BUSY) as server:
        with pytest.raises(UnavailableError, match=r"Later .*ServiceUnavailable.*R-1"):
            connect(unsigned(server.url)).instance(SOURCE)

        assert len(server.asked) == 4


def test_region_is_sent(rds: RdsClient, emulator: Emulator) -> None:
    """
    Every call names its region.
    """
    rds.instance(SOURCE)
    rds.sightings({"a": "1"})
    rds.tags(SOURCE)
    rds.order_clone(ORDER)

    assert ["cn-hangzhou"] * 4 == [
        call.parameters.get("RegionId") for call in emulator.journal.calls()
    ]
