import pytest

from rds_emulator import Emulator
from tests.support.stacks import Stack

pytestmark = pytest.mark.engine

LINE = "pulumi_rdsclone.calls DescribeDBInstanceAttribute rm-demo-mysql80 at 127.0.0.1:"
PROGRAM = (
    'rdsclone.CloneInstance("staging", source_instance_id="rm-demo-mysql80", '
    'restore_point={"latest": "time"})'
)


def test_environment_asks_for_the_calls(stack: Stack, emulator: Emulator) -> None:
    """
    RDSCLONE_DEBUG logs each call, by both borders.

    What a plugin prints is shown by the engine with --debug only.
    """
    stack.write(PROGRAM)
    debug = ("preview", "--debug")

    assert LINE not in stack.must(stack.run(*debug)).text
    stack.env["RDSCLONE_DEBUG"] = "1"
    told = stack.must(stack.run(*debug)).text

    assert LINE in told
    assert emulator.access_key_secret not in told
    assert "Signature" not in told


@pytest.mark.parametrize("border", ["plugin"])
def test_plugin_logs_its_calls_when_the_engine_hands_its_v_on(stack: Stack) -> None:
    stack.write(PROGRAM)

    run = stack.run("preview", "--debug", "--logflow", "-v=1")

    assert LINE in stack.must(run).text
