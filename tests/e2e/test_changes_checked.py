from collections.abc import Mapping
from typing import Any, Final

import pytest

from rds_emulator import Emulator
from tests.support.stacks import Stack

pytestmark = pytest.mark.engine

PROGRAM: Final = """
for name, arguments in {clones!r}.items():
    rdsclone.CloneInstance(
        name,
        source_instance_id="rm-demo-mysql80",
        restore_point={{"latest": "backup"}},
        **arguments,
    )
"""

REFUSED: Final[Mapping[str, tuple[dict[str, Any], str]]] = {
    "class": (
        {"capacity": {"instance_class": "mysql.n9.medium.2c"}},
        "capacity.instanceClass: mysql.n9.medium.2c is not available",
    ),
    "storage": ({"capacity": {"storage_gb": 100000}}, "does not support 100000 GB"),
    "parameter": ({"parameters": {"innodb_lock_wait_timeout": "0"}}, "does not accept '0'"),
    "unheard-of": (
        {"parameters": {"innodb_lock_wait_timeouts": "1"}},
        "the engine has no parameter 'innodb_lock_wait_timeouts' — did you mean ",
    ),
    "tags": ({"tags": {"acs:x": "y"}}, "the tag key 'acs:x' is reserved"),
    "port": ({"network": {"port": 99}}, "does not accept port 99"),
    "vswitch": ({"network": {"vswitch_ids": ["vsw-nowhere"]}}, "has no vSwitch vsw-nowhere"),
    "engine": ({"pg_hba": [{}]}, "MySQL does not support pgHba"),
}
"""Changes that the cloud refuses, and what preview says of them."""

UNCHANGED: Final[Mapping[str, dict[str, Any]]] = {name: {} for name in REFUSED}


def declare(stack: Stack, clones: Mapping[str, Mapping[str, Any]]) -> None:
    stack.write(PROGRAM.format(clones={k: dict(v) for k, v in clones.items()}))


def test_refused_changes_are_told_in_preview(stack: Stack, emulator: Emulator) -> None:
    """
    Nothing changes, and the source is gone by then.

    The engine ends a preview of dynamic clones at the first whose Diff refuses.
    """
    declare(stack, UNCHANGED)
    stack.must(stack.up())
    emulator.remove("rm-demo-mysql80")
    before = len(emulator.journal.writes())

    declared = {name: change for name, (change, _) in REFUSED.items()}
    together = stack.border == "plugin"
    runs = [declared] if together else [{name: declared[name]} for name in declared]
    told = ""
    for changes in runs:
        declare(stack, {**UNCHANGED, **changes})
        run = stack.preview()
        assert run.code != 0
        told += run.text

    for _, sentence in REFUSED.values():
        assert sentence in told
    assert before == len(emulator.journal.writes())


def test_preview_tells_the_price_after_a_change_and_that_a_subscription_stays(stack: Stack) -> None:
    declare(stack, {"larger": {}, "longer": {}})
    stack.must(stack.up())
    monthly = {"type": "Subscription", "period": "Month", "duration": 2}
    declare(stack, {"larger": {"capacity": {"storage_gb": 500}}, "longer": {"payment": monthly}})

    text = stack.must(stack.preview()).text

    assert "changes in place: capacity.storageGb · price after the change: " in text
    assert "CNY per hour" in text
    assert "changes in place: payment.type · price after the change: " in text
    assert "CNY per 2 Month" in text
    assert "pulumi destroy cannot release a subscription" in text


def test_an_unchanged_clone_asks_nothing_of_the_market(stack: Stack, emulator: Emulator) -> None:
    declare(stack, {"kept": {"capacity": {"storage_gb": 200}}})
    stack.must(stack.up())
    emulator.remove("rm-demo-mysql80")
    emulator.journal.clear()

    stack.must(stack.preview("--expect-no-changes"))

    assert [] == emulator.journal.calls()
