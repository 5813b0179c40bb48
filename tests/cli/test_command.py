"""
The command as a process: exit codes, streams, signals, start-up.
"""

import json
import os
import signal
import subprocess
import sys
import time
from importlib.metadata import version

import pytest

from pulumi_rdsclone.cli.command import app
from pulumi_rdsclone.cli.guarding import run
from pulumi_rdsclone.domain.checks import CHECKS
from rds_emulator import Emulator
from tests.cli.conftest import Shell, Told

HEAVY = {"pulumi", "grpc", "pydantic", "aliyunsdkcore", "alibabacloud_credentials"}
CHECK = ("check", "--latest", "backup", "--source")

ID_PLACES = {
    "source": CHECK,
    "backup": ("check", "--source", "rm-a", "--backup"),
    "points": ("restore-points",),
    "adopt": ("clones", "adopt"),
    "release": ("clones", "release"),
}
COMMANDS = (
    (*CHECK, "rm-a"),
    ("restore-points", "rm-a"),
    ("reap",),
    ("clones", "list"),
    ("clones", "adopt", "rm-a"),
    ("clones", "release", "rm-a", "--yes"),
    ("import-file", "a=rm-a"),
)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        pytest.param((*CHECK, "rm-healthy"), 0, id="accepted"),
        pytest.param((*CHECK, "rm-locked"), 1, id="refused"),
        pytest.param(("restore-points", "rm-healthy"), 0, id="something"),
        pytest.param(("restore-points", "rm-no-backup"), 1, id="nothing"),
    ],
)
def test_answers_are_plain(
    shell: Shell, emulator: Emulator, arguments: tuple[str, ...], code: int
) -> None:
    """
    An answer goes to stdout, without colours even where somebody asks for them.
    """
    shell.env["FORCE_COLOR"] = "1"

    told = shell.outside(*arguments, "--endpoint", emulator.url)

    assert (code, "") == (told.code, told.err)
    assert arguments[-1] in told.out
    assert "\x1b" not in told.out


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        pytest.param((), "Missing command", id="nothing"),
        pytest.param(("clones",), "Missing command", id="nothing to do"),
        pytest.param(("clones", "adopt"), "Missing argument 'ID'", id="no clone"),
        pytest.param(("clone",), "No such command 'clone'", id="command"),
        pytest.param(("check",), "Missing option '--source'", id="source"),
        pytest.param((*CHECK, "a", "--colour"), "--colour", id="option"),
        pytest.param(
            (*CHECK, "a", "--set", "zones"), "'zones' is not PATH=VALUE", id="set"
        ),
        pytest.param(
            (*CHECK, "a", "--endpoint", "http://"), "is no host", id="endpoint"
        ),
        pytest.param(
            (*CHECK, "a", "--profile", "p"), "'p' gives no credentials", id="profile"
        ),
    ],
)
def test_misuse_is_one_sentence(
    shell: Shell, arguments: tuple[str, ...], sentence: str
) -> None:
    """
    A mistake of the caller is one line on stderr and exit code 2.
    """
    told = shell.outside(*arguments)

    assert (2, "", 1) == (told.code, told.out, told.err.count("\n"))
    assert told.err.startswith("rdsclone: ")
    assert sentence in told.err


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        *(
            pytest.param((*command, *tail), sentence, id=f"{command[-1]} {name}")
            for command in COMMANDS
            for tail, sentence, name in (
                (
                    ("--region", "cn hangzhou"),
                    "'cn hangzhou' is not a region",
                    "region",
                ),
                (("--region", "CN-HANGZHOU"), "is not a region id", "upper case"),
                (("--region", "hangzhou"), "'hangzhou' is not a region id", "city"),
                (("--region", ""), "'' is not a region id", "empty region"),
                (("--endpoint", " "), "' ' is blank", "blank endpoint"),
                (("--profile", ""), "'' is blank", "empty profile"),
                (("--nonsense",), "No such option", "no option"),
            )
        ),
        *(
            pytest.param(
                (*command, wrong), f"{wrong!r} is not an id", id=f"{place} {wrong!r}"
            )
            for place, command in ID_PLACES.items()
            for wrong in ("", " ", "rm uf6", "rm/uf6", "rm_uf6", "x\ny", "r\u00fc")
        ),
        *(
            pytest.param(
                (*command, "--stack", wrong), sentence, id=f"{command[0]} of {wrong!r}"
            )
            for command in (("reap",), ("clones", "list"))
            for wrong, sentence in (
                ("", "'' is not PROJECT/STACK"),
                ("dev", "'dev' is not PROJECT/STACK, such as shop/dev"),
                ("shop/", "is not PROJECT/STACK"),
                ("shop dev/x", "is not PROJECT/STACK"),
                ("acme/shop/dev", "leave the organization out"),
            )
        ),
        pytest.param(("reap", "--max", "many"), "'--max'", id="max"),
        pytest.param(("reap", "--max", "-1"), "'--max'", id="minus"),
        pytest.param(("reap", "--grace", "soon"), "'soon' is not a dur", id="grace"),
        pytest.param(("reap", "--grace", ""), "'' is not a duration", id="no grace"),
        pytest.param(("reap", "now"), "unexpected extra argument", id="argument"),
        pytest.param(("import-file", "a"), "as NAME=ID", id="no id to import"),
        pytest.param(("import-file", "=rm-a"), "'': give each", id="no name"),
        pytest.param(("import-file", "a=r m"), "'r m' is not an id", id="import id"),
        pytest.param(("import-file", "a=x/rm-a"), "'x' is not a region", id="place"),
        pytest.param(("import-file", "a=b/c/d/e"), "too many parts", id="four parts"),
        pytest.param((*CHECK, "a", "--time", ""), "'' is blank", id="no time"),
        pytest.param(
            (*CHECK, "a", "--set", "region=x y"), "is not a region", id="set it"
        ),
    ],
)
def test_malformed_arguments(
    capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], sentence: str
) -> None:
    """
    What is malformed is told in one line, before anything is asked or done.
    """
    code = run(lambda: app([*arguments], standalone_mode=False))

    out, err = capsys.readouterr()
    assert (2, "", 1) == (code, out, err.count("\n"))
    assert err.startswith("rdsclone: ")
    assert sentence in err


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param(("--skip", "source-idel"), id="a check that there is not"),
        pytest.param(("--set", "colour=red"), id="an input that there is not"),
        pytest.param(("--set", "capacity.storageGb=lots"), id="a value of wrong form"),
        pytest.param(("--set", "createTimeout=soon"), id="a duration that is none"),
    ],
)
def test_inputs_of_wrong_form(
    shell: Shell, emulator: Emulator, wrong: tuple[str, ...]
) -> None:
    """
    Where only the form of the inputs is wrong, all of it is told, with exit code 2.
    """
    told = shell.inside(*CHECK, "rm-healthy", "--endpoint", emulator.url, *wrong)

    assert (2, "") == (told.code, told.err)
    assert "verdict  refused, 1 error" in told.out


def test_malformed_region_of_the_environment(shell: Shell) -> None:
    """
    A region that the environment names is judged like one that is typed.
    """
    shell.env["ALIBABA_CLOUD_REGION_ID"] = "Hangzhou"

    told = shell.inside("reap")

    assert told == Told(
        2,
        "",
        "rdsclone: the environment's region 'Hangzhou' is not a region id; write it "
        "like cn-hangzhou — correct it, or add --region\n",
    )


@pytest.mark.parametrize(
    ("variable", "value", "sentence"),
    [
        pytest.param(
            "ACCESS_KEY_SECRET",
            "wrong-secret",
            "the credentials were refused (DescribeDBInstanceAttribute: "
            "InvalidAccessKeySecret)",
            id="wrong secret",
        ),
        pytest.param("ACCESS_KEY_ID", "", "no credentials were found", id="no keys"),
        pytest.param("REGION_ID", "", "no region is given — add --region", id="region"),
    ],
)
@pytest.mark.parametrize("command", [CHECK, ("restore-points",), ("clones", "adopt")])
def test_configuration(
    shell: Shell,
    emulator: Emulator,
    command: tuple[str, ...],
    variable: str,
    value: str,
    sentence: str,
) -> None:
    """
    A configuration that reaches nothing is one line, which tells no secret.
    """
    shell.env[f"ALIBABA_CLOUD_{variable}"] = value

    # The credentials library reads the environment once in each process.
    told = shell.outside(*command, "rm-healthy", "--endpoint", emulator.url)

    assert (2, "", 1) == (told.code, told.out, told.err.count("\n"))
    assert sentence in told.err
    assert "wrong-secret" not in told.err


def test_unreachable_cloud(shell: Shell) -> None:
    """
    Where nobody answers the exit code is 3.
    """
    nowhere = ("rm-healthy", "--endpoint", "http://127.0.0.1:1")

    told = shell.outside(*CHECK, *nowhere)

    assert told == shell.inside("restore-points", *nowhere)
    assert told == Told(
        3,
        "",
        "rdsclone: connection refused (DescribeDBInstanceAttribute: SDK.HttpError) — "
        "check the network and, if it is set, rdsclone:endpoint, then run again\n",
    )


_LOGGING = """
import logging, sys
from pulumi_rdsclone.cli import listing
from pulumi_rdsclone.cli.__main__ import main
listing.checks = lambda **_: logging.getLogger("library").error("Traceback") or 0
sys.argv = ["rdsclone", "checks"]
main()
"""


def test_libraries_are_quiet() -> None:
    """
    What libraries log, tracebacks included, is for those who debug.
    """
    done = subprocess.run(
        [sys.executable, "-c", _LOGGING], capture_output=True, text=True, check=True
    )

    assert "" == done.stdout + done.stderr


def test_interrupt_is_quiet(shell: Shell, emulator: Emulator) -> None:
    """
    Ctrl-C ends the command at once, without a word.
    """
    emulator.delay("DescribeDBInstanceAttribute", 5)
    with subprocess.Popen(
        shell.command(*CHECK, "rm-healthy", "--endpoint", emulator.url),
        env={**os.environ, **shell.env},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        while not emulator.journal.count("DescribeDBInstanceAttribute"):
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate()

    assert (130, "", "") == (process.returncode, out, err)


def test_closed_pipe_is_quiet(shell: Shell) -> None:
    """
    A reader that has seen enough is no error.
    """
    with subprocess.Popen(
        shell.command("checks"), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        err = process.stderr.read()

    assert (141, b"") == (process.returncode, err)


def test_locale_without_dashes(shell: Shell) -> None:
    """
    An old locale costs a sign, not the answer.
    """
    shell.env["PYTHONIOENCODING"] = "ascii"

    told = shell.outside("order")

    assert "rdsclone: No such command 'order' \\u2014 see rdsclone --help\n" == told.err


def test_version(shell: Shell) -> None:
    """
    The version is the package's.
    """
    expected = f"rdsclone {version('pulumi-rdsclone')}\n"

    assert Told(0, expected, "") == shell.inside("--version")


def test_checks_are_listed(shell: Shell) -> None:
    """
    Each check has its line, and its entry for programs.
    """
    lines = shell.inside("checks").out.splitlines()
    entries = json.loads(shell.inside("checks", "--json").out)

    ids = [entry.id for entry in CHECKS]
    assert ids == [line.split()[0] for line in lines] == [e["id"] for e in entries]
    assert entries[ids.index("source-unlocked")] == {
        "id": "source-unlocked",
        "severity": "error",
        "mustHold": "The source is not locked.",
        "canSkip": True,
    }
    assert lines[ids.index("region-known")].split(maxsplit=2)[1:] == [
        "error",
        (
            "Source and clone are in one region, which is declared or configured. "
            "(cannot be skipped)"
        ),
    ]


_LOADED = """
import atexit, sys
from pulumi_rdsclone.cli.__main__ import main
names = lambda: {name.partition(".")[0] for name in sys.modules}
atexit.register(lambda: sys.stderr.write(" ".join(sorted(names()))))
sys.argv = ["rdsclone", "--help"]
main()
"""


def test_help_loads_nothing_heavy() -> None:
    """
    Help is there at once: neither Pulumi nor the cloud's SDK is imported for it.
    """
    done = subprocess.run(
        [sys.executable, "-c", _LOADED],
        capture_output=True,
        text=True,
        check=True,
    )

    assert "restore-points" in done.stdout
    assert not HEAVY & {*done.stderr.split()}
