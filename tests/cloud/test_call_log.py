"""
What is logged of each call of the API for somebody who debugs.
"""

import logging
import re
from collections.abc import Iterator

import pytest

from pulumi_rdsclone.cloud.client import RdsClient
from pulumi_rdsclone.debugging import CALLS, DEBUG, log_calls
from pulumi_rdsclone.domain.aspects import Aspect
from pulumi_rdsclone.domain.errors import ApiError
from rds_emulator import Emulator
from tests.domain.samples import alteration
from tests.support.rows import row

PASSWORD = "Not-to-be-shown-1"  # noqa: S105 - no secret


@pytest.fixture(autouse=True)
def _quiet_afterwards() -> Iterator[None]:
    before = (CALLS.level, CALLS.propagate, list(CALLS.handlers))
    yield
    CALLS.level, CALLS.propagate, CALLS.handlers = before


def _lines(caplog: pytest.LogCaptureFixture) -> list[str]:
    """
    Return what was logged of calls.
    """
    told = (record for record in caplog.records if record.name == CALLS.name)
    return [record.getMessage() for record in told]


@pytest.mark.parametrize(
    ("variable", "arguments", "is_told"),
    [
        row("the environment", "1", [], True),
        row("plugin", "", ["127.0.0.1:1", "-logtostderr", "-v=9"], True),
        row("an engine that logs nothing", "", ["127.0.0.1:1"], False),
        row("an engine that is quiet", "", ["-v=0"], False),
        row("nonsense", "", ["-v=high"], False),
    ],
)
def test_calls_are_logged_on_demand(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    rds: RdsClient,
    variable: str,
    arguments: list[str],
    *,
    is_told: bool,
) -> None:
    monkeypatch.setenv(DEBUG, variable)

    log_calls(arguments)
    log_calls(arguments)
    rds.instance("rm-demo-mysql80")

    assert (1 if is_told else 0) == len(capsys.readouterr().err.splitlines())


def test_line_of_a_call(
    caplog: pytest.LogCaptureFixture, rds: RdsClient, emulator: Emulator
) -> None:
    """
    A line names the action, the instance, the endpoint, the outcome and the request id.
    """
    caplog.set_level(logging.DEBUG, CALLS.name)
    place = emulator.url.removeprefix("http://")

    rds.instance("rm-demo-mysql80")
    with pytest.raises(ApiError) as refused:
        rds.backup_policy("rm-nobody")

    first, second = _lines(caplog)
    assert re.fullmatch(
        rf"DescribeDBInstanceAttribute rm-demo-mysql80 at {place}: answered after "
        r"\d+\.\d{3} s, request id [\w-]{8,}",
        first,
    )
    request_id = refused.value.fault.request_id
    assert re.fullmatch(
        rf"DescribeBackupPolicy rm-nobody at {place}: NotVisibleError "
        r"InvalidDBInstanceName\.NotFound after \d+\.\d{3} s, "
        f"request id {request_id}",
        second,
    )


def test_nothing_secret_is_logged(
    caplog: pytest.LogCaptureFixture, rds: RdsClient, emulator: Emulator
) -> None:
    caplog.set_level(logging.DEBUG, CALLS.name)
    new = {"accounts": {"fresh": {"password": PASSWORD}}}

    rds.apply(alteration(Aspect.ACCOUNTS, new, id="rm-demo-mysql80"))

    log = "\n".join(_lines(caplog))
    assert "CreateAccount" in log
    for hidden in (PASSWORD, "Signature", emulator.access_key_secret):
        assert hidden not in log
