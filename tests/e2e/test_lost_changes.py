"""
The reply to each changing call is lost once, and the same run makes the change.

The clones are those of the stories of all properties, and a few that take the calls
which no story takes. All that may become of the reply to an order stands in
test_lost_replies.py.
"""

import subprocess
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import pytest

from rds_emulator import Emulator
from rds_emulator.actions import ACTIONS
from rds_emulator.server.call_hook import CallEvent
from rds_emulator.server.journal import Call
from rds_emulator.state.model import Instance
from tests.e2e.test_properties import STORIES, Story, public_endpoint_of, write
from tests.support.clones import clone_ids
from tests.support.sandboxes import PROVIDER
from tests.support.stacks import Stack

pytestmark = pytest.mark.engine

CHANGING: Final = frozenset(one.name for one in ACTIONS.values() if one.writes)
"""All actions of the emulator that change something."""

FAULTS: Final[Mapping[str, Mapping[str, Any]]] = {
    "connection dropped": {"kind": "dropped"},
    "HTTP status 500": {"kind": "failed"},
    "no answer in time": {"kind": "delayed", "seconds": 60},
}
"""What is ordered of the emulator by what becomes of a reply, after the effect."""

UNANSWERED: Final = {
    "accounts": "CreateAccount",
    "parameters": "ModifyParameter",
    "public-endpoint": "AllocateInstancePublicConnection",
    "whitelist": "ModifySecurityIps",
}
"""The calls that are waited for until their time is over, by their clones."""

ONCE: Final = frozenset(
    {
        "AllocateInstancePublicConnection",
        "CreateAccount",
        "DeleteAccount",
        "DeleteDBInstance",
        "ReleaseInstancePublicConnection",
        "TransformDBInstancePayType",
    }
)
"""What makes, ends or is paid for, and has its effect on one thing once."""

NAMES: Final = {
    "connection_prefix": "shop-orders",
    "public_endpoint": True,
    "public_connection_prefix": "shop-open",
}


def names_of(instance: Instance) -> tuple[str, str]:
    public, _ = public_endpoint_of(instance) or ("", 0)
    return instance.connection_string.partition(".")[0], public


TOLD: Final[Mapping[str, Story]] = {
    **STORIES,
    "tag-that-goes": Story(
        covers=("tags",),
        first={"tags": {"team": "data", "cost": "low"}},
        second={"tags": {"team": "data"}},
        seen=lambda instance: {key for key in instance.tags if ":" not in key},
        shows=({"team", "cost"}, {"team"}),
        drift={},
    ),
    "public-endpoint-that-goes": Story(
        covers=("network.public_endpoint",),
        first={"network": {"public_endpoint": True}},
        second={"network": {"public_endpoint": False}},
        seen=lambda instance: public_endpoint_of(instance) is not None,
        shows=(True, False),
        drift={},
    ),
    "account-that-the-cloud-keeps": Story(
        source="rm-demo-postgresql16",
        covers=("accounts_exclusive",),
        first={},
        second={"accounts_exclusive": True},
        seen=lambda instance: [
            (one.description, one.password.startswith("By-hand"))
            for one in instance.accounts
            if one.name == "hand"
        ],
        shows=([], [("closed-by-rdsclone", False)]),
        drift={
            "accounts": [
                {"name": "hand", "password": "By-hand-1", "privileges": {"app": "DBOwner"}}
            ]
        },
    ),
    "names-that-are-handed-over": Story(
        covers=("network.connection_prefix", "network.public_connection_prefix"),
        first={"network": NAMES},
        second={"network": NAMES, "refresh_trigger": "again"},
        seen=names_of,
        shows=(("shop-orders", "shop-open"), ("shop-orders", "shop-open")),
        drift={},
    ),
}
"""The stories that are told here; what drifts does so before the second turn."""

TURNS: Final = ("first", "second")

ON_DELETE: Final = {"auto-renewal": "convertAndRelease", "payment": "retain"}
"""What becomes of the subscriptions; one cannot be converted twice in 15 minutes."""


@dataclass
class Losses:
    """
    Loses the first reply to each call that changes something.

    Calls of one action are different if their parameters are. The password of an
    account may be another one in each call.

    Args:
        emulator: Who does not answer.
        fault: What becomes of the reply.
        actions: The calls.
    """

    emulator: Emulator
    fault: Mapping[str, Any]
    actions: Collection[str] = CHANGING
    seen: set[frozenset[tuple[str, str]]] = field(default_factory=set)

    def __call__(self, event: CallEvent) -> None:
        """
        Have the call fail that is about to have its effect, if it is a new one.
        """
        parameters = {**event.parameters, "AccountPassword": "", "": event.action}
        call = frozenset(parameters.items())
        is_meant = event.phase == "before" and event.action in self.actions
        if is_meant and call not in self.seen:
            self.seen.add(call)
            self.emulator.faults.order(action=event.action, **self.fault)


def declare(stack: Stack, turn: str, names: Collection[str] = TOLD) -> None:
    clones = {
        name: {
            "source_instance_id": TOLD[name].source,
            "restore_point": {"latest": "time"},
            **({"on_delete": ON_DELETE[name]} if name in ON_DELETE else {}),
            **getattr(TOLD[name], turn),
        }
        for name in names
    }
    write(stack, clones)


def lost(emulator: Emulator) -> list[Call]:
    """
    Return the changing calls that had their effect and whose reply was lost.
    """
    return [one for one in emulator.journal.writes() if one.fault]


def run(stack: Stack, emulator: Emulator, *command: str) -> None:
    """
    Run the CLI, which must succeed, or name the actions whose reply was lost last.
    """
    try:
        stack.must(stack.run(*command, "--yes", "--parallel", "64"))
    except subprocess.TimeoutExpired:
        last = [call.action for call in lost(emulator)[-3:]]
        pytest.fail(f"pulumi {command[0]} does not end after {', '.join(last)}")


def unrepaired(stack: Stack, emulator: Emulator, turn: str) -> dict[str, Any]:
    """
    Return the lost actions of each clone that is not as declared, and what it shows.
    """
    number = TURNS.index(turn)
    ids = {name: clone["id"] for name, clone in stack.resources().items()}
    shown = {name: TOLD[name].seen(emulator.instance(ids[name])) for name in ids}
    return {
        name: ([one.action for one in lost(emulator) if is_of(one, ids[name])], look)
        for name, look in shown.items()
        if look != TOLD[name].shows[number]
    }


def is_of(call: Call, instance_id: str) -> bool:
    return instance_id in call.parameters.values()


def doubled(emulator: Emulator) -> list[tuple[str, ...]]:
    """
    Return the calls that have had their effect on one thing more than once.
    """
    names = ("DBInstanceId", "AccountName")
    times = Counter(
        (call.action, *(call.parameters.get(name, "") for name in names))
        for call in emulator.journal.writes()
        if call.action in ONCE
    )
    return [call for call, number in times.items() if number > 1]


def sent_by_the_provider() -> set[str]:
    """
    Return the changing actions that the provider's source names.
    """
    files = (PROVIDER / "pulumi_rdsclone" / "cloud").rglob("*.py")
    source = "".join(file.read_text("utf-8") for file in files)
    return {action for action in CHANGING if f'"{action}"' in source}


def tell(stack: Stack, emulator: Emulator, turn: str) -> None:
    """
    Declare all stories as of their *turn*, in one run that leaves nothing to be done.
    """
    declare(stack, turn)
    run(stack, emulator, "up", "--skip-preview")

    assert {} == unrepaired(stack, emulator, turn)
    assert len(TOLD) == len(clone_ids(emulator))
    stack.must(stack.preview("--expect-no-changes"))


def drift(stack: Stack, emulator: Emulator) -> None:
    """
    Change what is told here alone behind everybody's back.
    """
    resources = stack.resources()
    for name in TOLD.keys() - STORIES.keys():
        emulator.change(resources[name]["id"], **TOLD[name].drift)


@pytest.mark.parametrize(
    ("border", "instead"),
    [("dynamic", "connection dropped"), ("plugin", "HTTP status 500")],
    indirect=["border"],
)
def test_each_change_is_made_once_although_its_first_reply_is_lost(
    stack: Stack, emulator: Emulator, instead: str
) -> None:
    emulator.on_call(Losses(emulator, FAULTS[instead]))
    tell(stack, emulator, "first")
    drift(stack, emulator)
    tell(stack, emulator, "second")
    retained = stack.resources()["payment"]["id"]
    run(stack, emulator, "destroy")

    assert [retained] == clone_ids(emulator)
    assert [] == doubled(emulator)
    assert sent_by_the_provider() == {call.action for call in lost(emulator)}


@pytest.mark.parametrize("border", ["dynamic"], indirect=True)
def test_change_without_an_answer_in_time_is_made_once(stack: Stack, emulator: Emulator) -> None:
    fault = FAULTS["no answer in time"]
    emulator.on_call(Losses(emulator, fault, set(UNANSWERED.values())))
    declare(stack, "first", UNANSWERED)

    run(stack, emulator, "up", "--skip-preview")

    assert {} == unrepaired(stack, emulator, "first")
    assert [] == doubled(emulator)
    assert set(UNANSWERED.values()) == {call.action for call in lost(emulator)}
    stack.must(stack.preview("--expect-no-changes"))
