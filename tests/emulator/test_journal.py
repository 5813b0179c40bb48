from rds_emulator import Emulator
from tests.emulator.wire import ORDER, Client


def test_journal_has_refused_calls_too_and_no_secrets(emulator: Emulator) -> None:
    client = Client(emulator)
    client.call("CloneDBInstance", **ORDER)
    client.call("CloneDBInstance", **{**ORDER, "BackupId": "7"})
    client.call("DescribeRegions")
    Client(emulator, {"secret": "wrong"}).call("DescribeRegions")
    Client(emulator).acs3("FlyToTheMoon", {})
    calls = emulator.journal.calls()

    assert [
        (1, "CloneDBInstance", 200, None, True, True),
        (2, "CloneDBInstance", 404, "InvalidBackupSetID.NotFound", True, False),
        (3, "DescribeRegions", 200, None, False, False),
        (4, "DescribeRegions", 400, "SignatureDoesNotMatch", False, False),
        (5, "FlyToTheMoon", 404, "InvalidAction.NotFound", False, False),
    ] == [
        (call.sequence, call.action, call.status, call.error, call.writes, call.effective)
        for call in calls
    ]
    assert {**ORDER, "RegionId": "cn-hangzhou"} == calls[0].parameters
    assert {emulator.access_key_id} == {call.access_key_id for call in calls}
    assert [1] == [call.sequence for call in emulator.journal.writes()]
    assert 2 == len(emulator.journal.calls("DescribeRegions"))


def test_no_number_comes_twice_after_the_journal_is_cleared(emulator: Emulator) -> None:
    client = Client(emulator)
    client.call("DescribeRegions")
    emulator.journal.clear()
    client.call("DescribeRegions")

    assert [2] == [call.sequence for call in emulator.journal.calls()]
