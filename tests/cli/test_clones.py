import json
import os
import pty
import subprocess
from contextlib import suppress
from datetime import timedelta

import pytest

from pulumi_rdsclone.cloud.clock import SystemClock
from pulumi_rdsclone.domain.identity import CREATING, OWNED, CloneMarks
from rds_emulator import Emulator
from tests.cli.conftest import Shell, Told
from tests.support.rows import case, row

KEY = "e8df50ab4483547b10e00f8d785876de"
OLD = "rm-8tev9u8zuet20l4i6"
NEW = "rm-8tev9u8zuet20l4i7"


def marks(stage: str = OWNED, stack: str = "shop/dev") -> dict[str, str]:
    """
    Return the tags that a clone is born with.
    """
    restored = "rm-demo-mysql80/time/2026-11-18T03:00:00Z"
    marks = CloneMarks(key=KEY, spec_hash="0" * 16, stack=stack, restored=restored)
    return marks.tags(stage)


@pytest.fixture(autouse=True)
def _some_clones(emulator: Emulator, shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    Have a finished clone and one of an interrupted run; waiting makes time pass.
    """
    emulator.add(OLD, tags=marks(), created="now", backups=[])
    emulator.clock.advance(timedelta(hours=26))
    young = {"created": "now", "status": "Creating", "backups": []}
    emulator.add(NEW, tags=marks(CREATING), **young)
    emulator.clock.advance(60)
    emulator.journal.clear()
    monkeypatch.setattr(
        SystemClock, "sleep", lambda _, seconds, *__: emulator.clock.advance(seconds)
    )
    shell.env["COLUMNS"] = "80"


def clones(shell: Shell, *arguments: str) -> Told:
    """
    Run the command inside.
    """
    url = f"http://{shell.endpoint}"
    return shell.inside("clones", *arguments, "--endpoint", url)


def at_terminal(shell: Shell, answer: str, *arguments: str, piped: bool = True) -> tuple[Told, str]:
    """
    Run the command at a terminal of 80 columns whose user types *answer*.
    """
    keyboard, terminal = pty.openpty()
    os.write(keyboard, answer.encode())
    done = subprocess.run(
        shell.command("clones", *arguments, "--endpoint", f"http://{shell.endpoint}"),
        env={**os.environ, **shell.env, "TERM": "dumb"},
        stdin=terminal,
        stdout=subprocess.PIPE if piped else terminal,
        stderr=terminal,
        text=True,
        check=False,
    )
    os.close(terminal)
    shown = b""
    # A terminal that nobody has open any more ends with an error.
    with suppress(OSError):
        while part := os.read(keyboard, 4096):
            shown += part
    os.close(keyboard)
    text = shown.decode().replace("\r\n", "\n")
    return Told(done.returncode, done.stdout or "", ""), text


def released(emulator: Emulator) -> list[str]:
    """
    Return the names of the instances whose release was begun.
    """
    calls = emulator.journal.calls("DeleteDBInstance")
    return [call.parameters["DBInstanceId"] for call in calls]


def test_clones_are_listed_oldest_first(shell: Shell) -> None:
    assert clones(shell, "list") == Told(
        0,
        "2 clones in cn-hangzhou (emulator at HERE)\n"
        "\n"
        "clone                 stage     status    age    a day      stack\n"
        "rm-8tev9u8zuet20l4i6  owned     Running   1d 2h  N CNY  shop/dev\n"
        "rm-8tev9u8zuet20l4i7  creating  Creating  1m     N CNY  shop/dev\n",
        "",
    )


def test_stack_folds_in_a_list_at_a_terminal(shell: Shell, emulator: Emulator) -> None:
    stack = "a-project-with-a-long-name/a-stack-with-a-long-name"
    emulator.add("rm-8tev9u8zuet20l4i8", tags=marks(stack=stack), created="now")

    _, shown = at_terminal(shell, "\n", "list", piped=False)

    lines = shown.splitlines()[1:]
    assert max(map(len, lines)) <= 80
    assert [OLD, NEW, "rm-8tev9u8zuet20l4i8"] == [
        line.split()[0] for line in lines if line.startswith("rm-")
    ]
    assert stack == "".join(line.split()[-1] for line in lines[5:])


def test_list_makes_few_calls(shell: Shell, emulator: Emulator) -> None:
    """
    One call finds all clones, one each describes them, one tells their price.
    """
    clones(shell, "list")

    assert {"ListTagResources": 1, "DescribeDBInstanceAttribute": 2, "DescribePrice": 1} == {
        call.action: emulator.journal.count(call.action) for call in emulator.journal.calls()
    }


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        row("stack", ("--stack", "shop/prod"), "no clones of shop/prod in cn-hangzhou"),
        row("all", ("--region", "cn-shanghai"), "no clones in cn-shanghai"),
    ],
)
def test_empty_list_is_one_sentence_and_no_failure(
    shell: Shell, options: tuple[str, ...], sentence: str
) -> None:
    told = clones(shell, "list", *options)

    assert Told(0, f"{sentence} (emulator at HERE)\n", "") == told


def test_clones_of_one_stack_are_listed_alone(shell: Shell, emulator: Emulator) -> None:
    emulator.add("rm-prod", tags=marks(stack="shop/prod"))

    told = clones(shell, "list", "--stack", "shop/prod")

    first, *_, last = told.out.splitlines()
    assert "1 clone of shop/prod in cn-hangzhou (emulator at HERE)" == first
    assert last.startswith("rm-prod ")


def test_clones_are_listed_without_denied_prices(shell: Shell, emulator: Emulator) -> None:
    emulator.deny("rds:DescribePrice")

    told = clones(shell, "list")

    assert 0 == told.code
    assert [line.split() for line in told.out.splitlines()[3:]] == [
        [OLD, "owned", "Running", "1d", "2h", "shop/dev"],
        [NEW, "creating", "Creating", "1m", "shop/dev"],
    ]


@pytest.mark.parametrize("action", ["ListTagResources", "DescribeDBInstanceAttribute"])
def test_list_names_a_missing_permission(shell: Shell, emulator: Emulator, action: str) -> None:
    emulator.deny(f"rds:{action}")

    told = clones(shell, "list")

    assert (3, "", 1) == (told.code, told.out, told.err.count("\n"))
    assert f"grant the caller the RAM permission rds:{action}" in told.err


def test_list_as_json_is_one_document(shell: Shell) -> None:
    document = json.loads(clones(shell, "list", "--json").out)

    assert "cn-hangzhou" == document["region"]
    assert [OLD, NEW] == [clone["instanceId"] for clone in document["clones"]]
    first = document["clones"][0]
    assert "day" == first.pop("price")["per"]
    assert first == {
        "instanceId": OLD,
        "region": "cn-hangzhou",
        "stack": "shop/dev",
        "stage": "owned",
        "cloneKey": KEY,
        "description": OLD,
        "status": "Running",
        "createdTime": "2026-11-20T04:00:00Z",
        "expires": None,
        "ageSeconds": 93660,
        "restoredFrom": {
            "sourceInstanceId": "rm-demo-mysql80",
            "backupId": None,
            "time": "2026-11-18T03:00:00Z",
        },
    }


def test_adopt_prints_the_steps_and_changes_nothing(shell: Shell, emulator: Emulator) -> None:
    told = clones(shell, "adopt", OLD)

    assert (0, "") == (told.code, told.err)
    assert told.out.splitlines()[:11] == [
        "clone     rm-8tev9u8zuet20l4i6 in cn-hangzhou (emulator at HERE)",
        "stack     shop/dev",
        "stage     owned",
        "status    Running",
        "age       1d 2h",
        "restored  2026-11-18T03:00:00Z",
        f"key       {KEY}",
        "urn       urn:pulumi:dev::shop::…",
        "",
        (
            "step 1    in the program of shop/dev, give its CloneInstance "
            f'adopt="always", and keep the inputs with which {OLD} was ordered'
        ),
        (
            "step 2    keep the resource's name and rdsclone:identity: they make the "
            "key, and with another key a new clone would be ordered"
        ),
    ]
    assert "pulumi preview for shop/dev" in told.out.splitlines()[11]
    assert [] == emulator.journal.writes()


def test_adopt_as_json_lists_the_steps_and_the_clone(shell: Shell) -> None:
    document = json.loads(clones(shell, "adopt", NEW, "--json").out)

    assert "urn:pulumi:dev::shop::" == document["urnPrefix"]
    assert ("creating", KEY) == (document["stage"], document["cloneKey"])
    assert [f"keep the inputs with which {NEW} was ordered"] == document["steps"][:1]


@pytest.mark.parametrize("command", [("adopt",), ("release", "--yes")])
@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        row("source", "rm-healthy", "rm-healthy does not carry the tag rdsclone:key"),
        row("nobody", "rm-gone", "there is no instance rm-gone in cn-hangzhou"),
    ],
)
def test_instance_that_no_stack_ordered_is_left_alone(
    shell: Shell, emulator: Emulator, command: tuple[str, ...], name: str, sentence: str
) -> None:
    told = clones(shell, *command, name)

    assert (1, "", 1) == (told.code, told.out, told.err.count("\n"))
    assert told.err.startswith(f"rdsclone: {sentence}")
    assert [] == released(emulator)


def test_release_with_yes_asks_nobody_and_waits(shell: Shell, emulator: Emulator) -> None:
    told = clones(shell, "release", OLD, "--yes")

    assert Told(0, f"{OLD} is released\n", "") == told
    assert OLD not in {instance.id for instance in emulator.instances()}


def test_release_as_json_tells_the_outcome_and_the_clone(shell: Shell, emulator: Emulator) -> None:
    told = clones(shell, "release", OLD, "--yes", "--json")

    document = json.loads(told.out)
    assert (OLD, "owned", True) == tuple(
        document[name] for name in ("instanceId", "stage", "released")
    )
    assert [OLD] == released(emulator)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        case("protected", {"deletion_protection": True})(
            f"{OLD} is protected against release — set deletionProtection to false"
        ),
        case("a subscription")(
            {"pay_type": "Prepaid"}, f"{OLD} is a subscription, paid, and cannot be released"
        ),
    ],
)
def test_protected_clone_is_kept_without_a_question(
    shell: Shell, emulator: Emulator, changes: dict[str, object], sentence: str
) -> None:
    emulator.change(OLD, **changes)

    told = clones(shell, "release", OLD, "--yes")
    _, shown = at_terminal(shell, "y\n", "release", OLD)

    assert (1, "") == (told.code, told.out)
    assert told.err.startswith(f"rdsclone: {sentence}")
    assert f"y\n{told.err}" == shown
    assert [] == released(emulator)


def test_release_without_a_terminal_is_refused(shell: Shell, emulator: Emulator) -> None:
    assert clones(shell, "release", OLD) == Told(
        2,
        "",
        "rdsclone: there is no terminal to ask for a confirmation — add --yes to "
        "release without confirmation\n",
    )
    assert [] == emulator.journal.calls()


@pytest.mark.parametrize("answer", ["n\n", "\n", "yesterday\n", "\x04"])
def test_unconfirmed_release_keeps_the_clone(shell: Shell, emulator: Emulator, answer: str) -> None:
    told, _ = at_terminal(shell, answer, "release", OLD)

    assert Told(1, f"{OLD} is kept\n", "") == told
    assert [] == released(emulator)


def test_confirmed_release_shows_the_loss_and_progress(shell: Shell, emulator: Emulator) -> None:
    emulator.clock.set_speed(30)

    told, shown = at_terminal(shell, "Yes\n", "release", OLD, "--json")

    assert 0 == told.code, shown
    assert json.loads(told.out)["released"] is True
    assert shown.splitlines()[1:4] == [
        f"clone     {OLD} in cn-hangzhou (emulator at {shell.endpoint})",
        "stack     shop/dev",
        "stage     owned",
    ]
    assert [line.split()[0] for line in shown.splitlines()[4:7]] == ["status", "age", "restored"]
    assert "Release it for good, with all its data? [y/N] " in shown
    assert "gone" in shown.splitlines(), shown
    assert max(map(len, shown.splitlines())) <= 80
    assert [OLD] == released(emulator)
