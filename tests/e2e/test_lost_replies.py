"""
The reply to the order is lost in every way there is, and one clone is made.

The same runs of a provider that orders without token and look-up show what would be
made otherwise. README.md has the outcome as a table, which is compared with what is
measured here.
"""

import os
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, Final

import pytest

from pulumi_rdsclone.cloud import client
from pulumi_rdsclone.cloud.regions import CloudRegions
from pulumi_rdsclone.cloud.settings import Settings
from pulumi_rdsclone.domain.errors import ApiError
from pulumi_rdsclone.lifecycle.checking import check
from rds_emulator import Emulator
from rds_emulator.server.call_hook import CallEvent
from tests.lifecycle.fakes import FakeProgress
from tests.support import naive
from tests.support.processes import kill, providers
from tests.support.stacks import Stack
from tests.support.verbs import create

ROOT: Final = Path(__file__).parents[2]
ORDER: Final = "CloneDBInstance"
DEMO: Final = "rm-demo-"

FAULTS: Final[dict[str, dict[str, Any]]] = {
    "connection dropped before the order takes effect": {"kind": "dropped", "phase": "before"},
    "connection dropped": {"kind": "dropped"},
    "HTTP status 500": {"kind": "failed"},
    "HTTP status 503": {"kind": "failed", "code": "ServiceUnavailable"},
    "no answer in time": {"kind": "delayed", "seconds": 60},
    "empty body": {"kind": "empty"},
    "a proxy's web page": {"kind": "garbage"},
    "half of the JSON": {"kind": "truncated"},
    "JSON without the instance's id": {"kind": "bare"},
}
"""What is ordered of the emulator, once, by what becomes of the reply."""

OFFLINE: Final = "network gone, for the rest of the run"
KILLED: Final = "provider killed"

Config = dict[str, str]
Run = Callable[[Config], str]
"""One `pulumi up` without the engine: it gives the id that the state gets."""


def run_ours(config: Config) -> str:
    """
    Make a clone as our provider's Check and Create do, in a process of their own.
    """
    settings = Settings(
        region=config["rdsclone:region"],
        endpoint=config["rdsclone:endpoint"],
        access_key_id=config["rdsclone:accessKeyId"],
        access_key_secret=config["rdsclone:accessKeySecret"],
    )
    sites, stack = CloudRegions(settings), "shop/dev"
    wanted = {"source_instance_id": naive.SOURCE, "restore_point": {"latest": "time"}}
    checked = check(wanted, {}, new_key="key-of-staging", regions=sites, stack=stack)
    made = create(checked.inputs, sites, FakeProgress(), stack=stack)
    return str(made["instance_id"])


def run_naive(config: Config) -> str:
    return naive.order(config.get)


RUNS: Final[dict[str, Run]] = {"ours": run_ours, "naive": run_naive}
PROGRAMS: Final = {
    "ours": f"""
    clone = rdsclone.CloneInstance(
        "staging",
        source_instance_id={naive.SOURCE!r},
        restore_point={{"latest": "time"}},
    )
    pulumi.export("id", clone.id)
    """,
    "naive": """
    from tests.support.naive import NaiveClone
    pulumi.export("id", NaiveClone("staging").id)
    """,
}
both = pytest.mark.parametrize("who", ["ours", "naive"])


def told_in_readme() -> dict[str, dict[str, int]]:
    """
    Return the instances that README.md tells, by the reply and by who ordered.
    """
    text = (ROOT / "README.md").read_text("utf-8")
    _, _, rest = text.partition("<!-- begin lost replies -->\n")
    table, _, _ = rest.partition("\n<!-- end lost replies -->")
    rows = [line.strip("| ").split(" | ") for line in table.splitlines()[2:]]
    return {row[0]: {"ours": int(row[1]), "naive": int(row[2])} for row in rows}


def verify(emulator: Emulator, lost: str, who: str, known: str) -> None:
    """
    Compare what there is with README.md, and with the id that the state got.
    """
    made = [i.id for i in emulator.instances() if not i.id.startswith(DEMO)]
    orders = [call for call in emulator.journal.writes() if call.action == ORDER]

    assert known in made
    assert len(made) == len(orders)
    assert len(made) == told_in_readme()[lost][who]


def test_table_in_readme_has_these_rows_and_one_instance_each_for_ours() -> None:
    told = told_in_readme()

    assert [*FAULTS, OFFLINE, KILLED] == list(told)
    assert {1} == {row["ours"] for row in told.values()}


@pytest.fixture
def config(emulator: Emulator) -> Config:
    return {
        "rdsclone:region": emulator.region,
        "rdsclone:endpoint": emulator.url,
        "rdsclone:accessKeyId": emulator.access_key_id,
        "rdsclone:accessKeySecret": emulator.access_key_secret,
    }


@both
@pytest.mark.parametrize("lost", FAULTS)
def test_reply_that_is_no_answer(
    emulator: Emulator, config: Config, monkeypatch: pytest.MonkeyPatch, lost: str, who: str
) -> None:
    """
    Our run ends well by itself; the naive one fails and is repeated.
    """
    if FAULTS[lost]["kind"] == "delayed":
        monkeypatch.setattr(client, "_ORDER_SECONDS", 1)
        monkeypatch.setattr(naive, "READ_SECONDS", 1)
    emulator.faults.order(action=ORDER, **FAULTS[lost])
    if who == "naive":
        with pytest.raises(Exception):  # noqa: B017, PT011 - what it says is not ours
            run_naive(config)

    verify(emulator, lost, who, RUNS[who](config))
    assert 1 == len(emulator.faults.fired())


@both
def test_run_after_one_without_network_adopts(emulator: Emulator, config: Config, who: str) -> None:
    def unplug(event: CallEvent) -> None:
        if (event.action, event.phase) == (ORDER, "after"):
            emulator.unplug()

    emulator.on_call(unplug)
    with pytest.raises(Exception) as failed:  # noqa: PT011 - the naive one's is not ours
        RUNS[who](config)
    emulator.on_call(None)
    emulator.plug_in()

    verify(emulator, OFFLINE, who, RUNS[who](config))
    if who == "ours":
        assert isinstance(failed.value, ApiError)
        assert "connection refused" in str(failed.value)
        assert "then run again" in str(failed.value)


@pytest.fixture
def ready(stack: Stack) -> Stack:
    """
    Return a project that finds the naive provider, too.
    """
    stack.env["PYTHONPATH"] += f"{os.pathsep}{ROOT}"
    return stack


@pytest.mark.engine
@both
def test_one_up_is_enough_if_a_connection_drops(ready: Stack, emulator: Emulator, who: str) -> None:
    ready.write(PROGRAMS[who])
    emulator.faults.order("dropped", ORDER)

    first = ready.up()
    if who == "naive":
        ready.must(ready.up())

    assert (first.code == 0) == (who == "ours"), first.text
    verify(emulator, "connection dropped", who, ready.outputs()["id"])


@pytest.mark.engine
@both
def test_provider_killed_under_the_engine(
    ready: Stack, emulator: Emulator, tmp_path: Path, who: str
) -> None:
    """
    The provider's process is killed before the reply arrives; `pulumi up` runs again.
    """
    ready.write(PROGRAMS[who])
    run = ready.begin(tmp_path / "run.txt", "up", "--yes", "--skip-preview")
    emulator.on_call(partial(kill_provider, run.pid))
    code = run.wait(120)
    emulator.on_call(None)
    again = ready.must(ready.up())

    assert code != 0
    assert (who == "ours") == ("which an interrupted run ordered" in again.text)
    verify(emulator, KILLED, who, ready.outputs()["id"])


def kill_provider(session: int, event: CallEvent) -> None:
    """
    Kill the provider of the engine in *session* when its order has taken effect.
    """
    if (event.action, event.phase) == (ORDER, "after"):
        kill(providers(session))
