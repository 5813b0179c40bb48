from typing import Any, Final

import pytest

from rds_emulator import Emulator
from tests.support.stacks import Stack

pytestmark = pytest.mark.engine

SUBSCRIPTION: Final = {"type": "Subscription", "period": "Month", "duration": 1}
SCALING: Final = {
    "payment": {"type": "Serverless"},
    "capacity": {"serverless": {"min_rcu": 1, "max_rcu": 8}},
}
CHEAPER: Final = "choose a smaller class or less storage, or increase the limit"


def program(**changes: Any) -> str:
    arguments = {
        "source_instance_id": "rm-demo-mysql80",
        "restore_point": {"latest": "backup"},
        **changes,
    }
    return f"rdsclone.CloneInstance('staging', **{arguments!r})\n"


@pytest.mark.parametrize(
    "inputs",
    [
        pytest.param({}, id="by the hour"),
        pytest.param({"payment": SUBSCRIPTION}, id="a subscription"),
        pytest.param(SCALING, id="serverless"),
    ],
)
def test_clone_above_its_limit_is_refused_in_preview_and_by_up(
    stack: Stack, emulator: Emulator, inputs: dict[str, Any]
) -> None:
    stack.write(program(**inputs, max_price_per_hour=0.01))

    runs = [stack.preview(), stack.up()]

    for run in runs:
        assert run.code != 0
        assert "maxPricePerHour: the clone costs " in run.text
        assert "CNY per hour, more than the limit of 0.01 CNY — " in run.text
        assert CHEAPER in run.text
        assert "(price-limit)" in run.text
    assert [] == emulator.journal.writes()

    stack.write(program(**inputs, max_price_per_hour=1000))
    stack.must(stack.preview())


def test_smaller_limit_of_stack_and_clone_counts(stack: Stack, emulator: Emulator) -> None:
    stack.set_config(maxPricePerHour="0.02")
    refused = []
    for limit in ({}, {"max_price_per_hour": 1000}, {"max_price_per_hour": 0.01}):
        stack.write(program(**limit))
        refused.append(stack.preview().text)
    stack.set_config(maxPricePerHour="1000")
    stack.write(program())
    stack.must(stack.preview())

    for text, smaller in zip(refused, ["0.02", "0.02", "0.01"], strict=True):
        assert f"the limit of {smaller} CNY" in text
    assert [] == emulator.journal.writes()


def test_limit_is_not_verified_without_permission(stack: Stack, emulator: Emulator) -> None:
    emulator.deny("rds:DescribePrice")
    stack.write(program(max_price_per_hour=0.01))

    text = stack.must(stack.preview()).text

    assert "rds:DescribePrice is not permitted" in text
    assert "so this was not verified: price-limit" in text


def test_only_a_change_above_the_limit_is_refused(stack: Stack, emulator: Emulator) -> None:
    stack.write(program(max_price_per_hour=1000))
    stack.must(stack.up())
    emulator.journal.clear()
    stack.write(program(max_price_per_hour=900))
    stack.must(stack.up())
    stack.must(stack.preview("--expect-no-changes"))
    written = emulator.journal.writes()

    stack.write(program(max_price_per_hour=0.01))
    lowered = stack.preview()
    stack.write(program(max_price_per_hour=3, capacity={"storage_gb": 20000}))
    grown = stack.preview()

    assert [] == written
    for run, limit in ((lowered, "0.01"), (grown, "3")):
        assert run.code != 0
        assert f"the limit of {limit} CNY" in run.text
    assert [] == emulator.journal.writes()
