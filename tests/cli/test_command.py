"""
The command as a process: exit codes, streams, signals, start-up.
"""

import json
import os
import signal
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

from pulumi_rdsclone.cli.command import app
from pulumi_rdsclone.cli.exit_codes import run
from pulumi_rdsclone.domain.checks import CHECKS
from rds_emulator import Emulator
from tests.cli.conftest import Shell, Told
from tests.support.waiting import wait_for

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
        pytest.param((), "missing command — see rdsclone --help", id="nothing"),
        pytest.param(
            ("clones",), "missing command — see rdsclone clones --help", id="no verb"
        ),
        pytest.param(
            ("clones", "adopt"),
            "missing argument 'ID' — see rdsclone clones adopt --help",
            id="no clone",
        ),
        pytest.param(("restore-points",), "missing argument 'ID'", id="no source"),
        pytest.param(
            ("clone",), "no such command 'clone'. Did you mean 'clones'?", id="command"
        ),
        pytest.param(("check",), "missing option '--source'", id="source"),
        pytest.param((*CHECK, "a", "--colour"), "--colour", id="option"),
        pytest.param(
            (*CHECK, "a", "--set", "zones"),
            "'zones' is not PATH=VALUE — see rdsclone check --help",
            id="set",
        ),
        pytest.param(
            (*CHECK, "a", "--endpoint", "http://"), "is not a host", id="endpoint"
        ),
        pytest.param(
            (*CHECK, "a", "--profile", "p"), "'p' has no credentials", id="profile"
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
                (("--region", "rm-uf6wjk5"), "is not a region id", "an instance"),
                (("--region", "rm-demo"), "is not a region id", "a short instance"),
                (("--region", "pgm-uf6"), "is not a region id", "a PostgreSQL one"),
                (("--endpoint", "ftp://rds"), "is not a host", "scheme"),
                (("--endpoint", "http:/rds"), "is not a host", "half a scheme"),
                (("--endpoint", "h:99999"), "is not a host", "no such port"),
                (("--endpoint", "http://h:port"), "is not a host", "no port"),
                (("--endpoint", "::"), "is not a host", "colons"),
                (("--nonsense",), "no such option", "no option"),
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
        *(
            pytest.param(
                ("reap", "--max", wrong),
                f"'--max': {wrong!r} is not a whole number; write it like 0 or 5",
                id=f"max {wrong!r}",
            )
            for wrong in ("", " ", "many", "-1", "1.5", "\u0663", "9" * 20)
        ),
        pytest.param(("reap", "--grace", "soon"), "'soon' is not a dur", id="grace"),
        pytest.param(("reap", "--grace", ""), "'' is not a duration", id="no grace"),
        pytest.param(("reap", "now"), "unexpected extra argument", id="argument"),
        pytest.param(("import-file", "a"), "'a' is not NAME=ID", id="no id to import"),
        pytest.param(("import-file", "=rm-a"), "'=rm-a' is not NAME=ID", id="no name"),
        pytest.param(
            ("import-file", "a=rm-a", "a=rm-b"), "the name a is used twice", id="twice"
        ),
        pytest.param(("import-file", "a=rm-a"), "no region is given", id="nowhere"),
        pytest.param(
            ("import-file", "a=rm-x/rm-y"), "'rm-x' is not a region id", id="source"
        ),
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
    ("wrong", "check"),
    [
        pytest.param(("--skip", "source-idel"), "skip-known", id="no check"),
        pytest.param(("--skip", ""), "skip-known", id="an empty check"),
        pytest.param(("--set", "colour=red"), "input-form", id="no input"),
        pytest.param(("--set", "capacity.storageGb=lots"), "input-form", id="no value"),
        pytest.param(("--set", "createTimeout=soon"), "input-form", id="no duration"),
        pytest.param(("--set", "tables.t=u"), "tables-form", id="no table"),
        pytest.param(
            ("--time", "2026-11-20T00:00:00Z"), "restore-point-form", id="two points"
        ),
        pytest.param(
            ("--set", 'ttl="1d"', "--set", "expiresAt=2027-01-01T00:00:00Z"),
            "one-expiry",
            id="two expiries",
        ),
    ],
)
@pytest.mark.parametrize("source", ["rm-healthy", "rm-locked", "rm-gone"])
def test_inputs_that_are_wrong_by_themselves(
    shell: Shell, emulator: Emulator, source: str, wrong: tuple[str, ...], check: str
) -> None:
    """
    What the inputs alone decide is told with exit code 2; the cloud is not asked.
    """
    arguments = (*CHECK, source, "--endpoint", emulator.url, *wrong)
    told = shell.inside(*arguments)
    document = json.loads(shell.inside(*arguments, "--json").out)

    lines = told.out.splitlines()
    assert (2, "") == (told.code, told.err)
    assert lines[0].endswith(f"({check})")
    assert lines[-1].startswith("verdict  refused, 1 error")
    assert lines[-1].endswith(", the cloud was not asked")
    assert "refused" == document["verdict"]
    assert [check] == [
        one["check"] for one in document["problems"] if one["severity"] == "error"
    ]
    assert [] == emulator.journal.calls()


@pytest.mark.parametrize(
    ("options", "check"),
    [
        pytest.param((), "input-form", id="nothing to restore"),
        pytest.param(
            ("--latest", "nope", "--skip", "x"), "input-form", id="two mistakes"
        ),
        pytest.param(
            ("--latest", "time", "--backup", "1"), "restore-point-form", id="two points"
        ),
        pytest.param(
            ("--latest", "time", "--before", "2026-11-20T00:00:00Z"),
            "restore-point-before",
            id="before without backup",
        ),
        pytest.param(
            ("--time", "2026-11-20T00:00:00Z", "--before", "2026-11-20T00:00:00Z"),
            "restore-point-before",
            id="before a time",
        ),
    ],
)
def test_contradicting_options(
    shell: Shell, options: tuple[str, ...], check: str
) -> None:
    """
    They are told even where no cloud would answer.
    """
    nowhere = ("--endpoint", "http://127.0.0.1:1")

    told = shell.inside("check", "--source", "rm-healthy", *nowhere, *options)

    assert (2, "") == (told.code, told.err)
    assert f"({check})" in told.out


@pytest.mark.parametrize("region", ["rm-uf6wjk5", "Hangzhou"])
@pytest.mark.parametrize("command", COMMANDS)
def test_malformed_region_of_the_environment(
    shell: Shell, command: tuple[str, ...], region: str
) -> None:
    """
    A region that the environment names is judged like one that is typed.
    """
    shell.env["ALIBABA_CLOUD_REGION_ID"] = region

    told = shell.inside(*command)

    assert told == Told(
        2,
        "",
        f"rdsclone: the environment's region {region!r} is not a region id; write it "
        "like cn-hangzhou, or add --region\n",
    )


@pytest.mark.parametrize(
    "region",
    ["cn-hangzhou", "cn-shanghai-finance-1", "me-central-1", "rus-west-1", "xx-new-9"],
)
def test_regions_of_the_future(shell: Shell, emulator: Emulator, region: str) -> None:
    """
    Whether a well-formed region exists is for the cloud to say.
    """
    told = shell.inside(
        "clones", "list", "--region", region, "--endpoint", emulator.url
    )

    assert emulator.journal.calls()
    assert "is not a region id" not in told.err


@pytest.mark.parametrize(
    ("variable", "value", "sentence"),
    [
        pytest.param(
            "ACCESS_KEY_SECRET",
            "wrong-secret",
            "the credentials were refused (DescribeDBInstanceAttribute: "
            "InvalidAccessKeySecret, request id ",
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
        "rdsclone: connection refused by 127.0.0.1:1 (DescribeDBInstanceAttribute: "
        "SDK.HttpError) — check the network and the endpoint, if one is set, then run "
        "again\n",
    )


_LOGGING = """
import logging, sys
from pulumi_rdsclone.cli import checks
from pulumi_rdsclone.cli.__main__ import main
checks.print_checks = lambda **_: logging.getLogger("library").error("Traceback") or 0
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
    emulator.delay("DescribeDBInstanceAttribute", 60)
    with subprocess.Popen(
        shell.command(*CHECK, "rm-healthy", "--endpoint", emulator.url),
        env={**os.environ, **shell.env},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        wait_for(lambda: emulator.journal.count("DescribeDBInstanceAttribute"))
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


FULL = Path("/dev/full")
NO_SPACE = (
    "rdsclone: the output cannot be written: No space left on device — write it to "
    "another place\n"
)
NO_TERMINAL = (
    "rdsclone: there is no terminal to ask for a confirmation — add --yes to release "
    "without confirmation\n"
)


@pytest.mark.skipif(not FULL.exists(), reason="needs a device that is full")
@pytest.mark.parametrize(
    ("arguments", "streams", "code", "out", "err"),
    [
        pytest.param(("checks",), ">/dev/full", 74, "", NO_SPACE, id="full disk"),
        pytest.param(("--help",), ">/dev/full", 74, "", NO_SPACE, id="help"),
        pytest.param(("--version",), ">/dev/full", 74, "", NO_SPACE, id="version"),
        pytest.param(
            ("checks",), ">/dev/full 2>/dev/full", 74, "", "", id="nothing but full"
        ),
        pytest.param(("order",), "2>/dev/full", 2, "", "", id="misuse, full disk"),
        pytest.param(("checks",), ">&-", 0, "", "", id="no stdout"),
        pytest.param(("--help",), ">&-", 0, "", "", id="help, no stdout"),
        pytest.param(("order",), "2>&-", 2, "", "", id="misuse, no stderr"),
        pytest.param(("order",), "<&- >&- 2>&-", 2, "", "", id="misuse, no stream"),
        pytest.param(
            ("clones", "release", "rm-a"), "<&-", 2, "", NO_TERMINAL, id="no stdin"
        ),
        pytest.param(
            ("clones", "release", "rm-a"), "<&- >&- 2>&-", 2, "", "", id="no stream"
        ),
    ],
)
def test_streams_that_take_nothing(
    shell: Shell,
    arguments: tuple[str, ...],
    streams: str,
    code: int,
    out: str,
    err: str,
) -> None:
    """
    A closed stream is silent, a full one a sentence; neither is an internal error.
    """
    done = subprocess.run(
        ["/bin/sh", "-c", f'exec "$@" {streams}', "sh", *shell.command(*arguments)],
        env={**os.environ, **shell.env},
        capture_output=True,
        text=True,
        check=False,
    )

    assert (code, out, err) == (done.returncode, done.stdout, done.stderr)


def test_locale_without_dashes(shell: Shell) -> None:
    """
    An old locale costs a sign, not the answer.
    """
    shell.env["PYTHONIOENCODING"] = "ascii"

    told = shell.outside("order")

    assert "rdsclone: no such command 'order' \\u2014 see rdsclone --help\n" == told.err


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
        [sys.executable, "-c", _LOADED], capture_output=True, text=True, check=True
    )

    assert "restore-points" in done.stdout
    assert not HEAVY & {*done.stderr.split()}
