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
from tests.support.rows import case, row
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
        row("accepted", (*CHECK, "rm-healthy"), 0),
        row("refused", (*CHECK, "rm-locked"), 1),
        row("something", ("restore-points", "rm-healthy"), 0),
        row("nothing", ("restore-points", "rm-no-backup"), 1),
    ],
)
def test_stdout_has_no_colours(
    shell: Shell, emulator: Emulator, arguments: tuple[str, ...], code: int
) -> None:
    shell.env["FORCE_COLOR"] = "1"

    told = shell.outside(*arguments, "--endpoint", emulator.url)

    assert (code, "") == (told.code, told.err)
    assert arguments[-1] in told.out
    assert "\x1b" not in told.out


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        row("nothing", (), "missing command — see rdsclone --help"),
        row("no verb", ("clones",), "missing command — see rdsclone clones --help"),
        case("no clone")(
            ("clones", "adopt"), "missing argument 'ID' — see rdsclone clones adopt --help"
        ),
        row("no source", ("restore-points",), "missing argument 'ID'"),
        row("command", ("clone",), "no such command 'clone'. Did you mean 'clones'?"),
        row("source", ("check",), "missing option '--source'"),
        row("option", (*CHECK, "a", "--colour"), "--colour"),
        case("set")(
            (*CHECK, "a", "--set", "zones"), "'zones' is not PATH=VALUE — see rdsclone check --help"
        ),
        row("endpoint", (*CHECK, "a", "--endpoint", "http://"), "is not a host"),
        row("profile", (*CHECK, "a", "--profile", "p"), "'p' has no credentials"),
    ],
)
def test_misuse_is_one_line_and_exit_code_2(
    shell: Shell, arguments: tuple[str, ...], sentence: str
) -> None:
    told = shell.outside(*arguments)

    assert (2, "", 1) == (told.code, told.out, told.err.count("\n"))
    assert told.err.startswith("rdsclone: ")
    assert sentence in told.err


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        *(
            row(f"{command[-1]} {name}", (*command, *tail), sentence)
            for command in COMMANDS
            for tail, sentence, name in (
                (("--region", "cn hangzhou"), "'cn hangzhou' is not a region", "region"),
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
            row(f"{place} {wrong!r}", (*command, wrong), f"{wrong!r} is not an id")
            for place, command in ID_PLACES.items()
            for wrong in ("", " ", "rm uf6", "rm/uf6", "rm_uf6", "x\ny", "r\u00fc")
        ),
        *(
            row(f"{command[0]} of {wrong!r}", (*command, "--stack", wrong), sentence)
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
            case(f"max {wrong!r}", ("reap", "--max", wrong))(
                f"'--max': {wrong!r} is not a whole number; write it like 0 or 5"
            )
            for wrong in ("", " ", "many", "-1", "1.5", "\u0663", "9" * 20)
        ),
        row("grace", ("reap", "--grace", "soon"), "'soon' is not a dur"),
        row("no grace", ("reap", "--grace", ""), "'' is not a duration"),
        row("argument", ("reap", "now"), "unexpected extra argument"),
        row("no id to import", ("import-file", "a"), "'a' is not NAME=ID"),
        row("no name", ("import-file", "=rm-a"), "'=rm-a' is not NAME=ID"),
        row("twice", ("import-file", "a=rm-a", "a=rm-b"), "the name a is used twice"),
        row("nowhere", ("import-file", "a=rm-a"), "no region is given"),
        row("source", ("import-file", "a=rm-x/rm-y"), "'rm-x' is not a region id"),
        row("import id", ("import-file", "a=r m"), "'r m' is not an id"),
        row("place", ("import-file", "a=x/rm-a"), "'x' is not a region"),
        row("four parts", ("import-file", "a=b/c/d/e"), "too many parts"),
        row("no time", (*CHECK, "a", "--time", ""), "'' is blank"),
        row("set it", (*CHECK, "a", "--set", "region=x y"), "is not a region"),
    ],
)
def test_malformed_arguments_are_one_line_before_any_call(
    capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], sentence: str
) -> None:
    code = run(lambda: app([*arguments], standalone_mode=False))

    out, err = capsys.readouterr()
    assert (2, "", 1) == (code, out, err.count("\n"))
    assert err.startswith("rdsclone: ")
    assert sentence in err


@pytest.mark.parametrize(
    ("wrong", "check"),
    [
        row("no check", ("--skip", "source-idel"), "skip-known"),
        row("an empty check", ("--skip", ""), "skip-known"),
        row("no input", ("--set", "colour=red"), "input-form"),
        row("no value", ("--set", "capacity.storageGb=lots"), "input-form"),
        row("no duration", ("--set", "createTimeout=soon"), "input-form"),
        row("no table", ("--set", "tables.t=u"), "tables-form"),
        row("two points", ("--time", "2026-11-20T00:00:00Z"), "restore-point-form"),
        case("two expiries")(
            ("--set", 'ttl="1d"', "--set", "expiresAt=2027-01-01T00:00:00Z"), "one-expiry"
        ),
    ],
)
@pytest.mark.parametrize("source", ["rm-healthy", "rm-locked", "rm-gone"])
def test_wrong_inputs_are_told_without_any_call(
    shell: Shell, emulator: Emulator, source: str, wrong: tuple[str, ...], check: str
) -> None:
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
        problem["check"] for problem in document["problems"] if problem["severity"] == "error"
    ]
    assert [] == emulator.journal.calls()


@pytest.mark.parametrize(
    ("options", "check"),
    [
        row("nothing to restore", (), "input-form"),
        row("two mistakes", ("--latest", "nope", "--skip", "x"), "input-form"),
        row("two points", ("--latest", "time", "--backup", "1"), "restore-point-form"),
        case("before without backup")(
            ("--latest", "time", "--before", "2026-11-20T00:00:00Z"), "restore-point-before"
        ),
        case("before a time")(
            ("--time", "2026-11-20T00:00:00Z", "--before", "2026-11-20T00:00:00Z"),
            "restore-point-before",
        ),
    ],
)
def test_contradicting_options_are_told_without_a_cloud(
    shell: Shell, options: tuple[str, ...], check: str
) -> None:
    nowhere = ("--endpoint", "http://127.0.0.1:1")

    told = shell.inside("check", "--source", "rm-healthy", *nowhere, *options)

    assert (2, "") == (told.code, told.err)
    assert f"({check})" in told.out


@pytest.mark.parametrize("region", ["rm-uf6wjk5", "Hangzhou"])
@pytest.mark.parametrize("command", COMMANDS)
def test_malformed_region_is_refused(shell: Shell, command: tuple[str, ...], region: str) -> None:
    shell.env["ALIBABA_CLOUD_REGION_ID"] = region

    told = shell.inside(*command)

    assert told == Told(
        2,
        "",
        f"rdsclone: the environment's region {region!r} is not a region id; write it "
        "like cn-hangzhou, or add --region\n",
    )


@pytest.mark.parametrize(
    "region", ["cn-hangzhou", "cn-shanghai-finance-1", "me-central-1", "rus-west-1", "xx-new-9"]
)
def test_unknown_region_is_left_to_the_cloud(shell: Shell, emulator: Emulator, region: str) -> None:
    told = shell.inside("clones", "list", "--region", region, "--endpoint", emulator.url)

    assert emulator.journal.calls()
    assert "is not a region id" not in told.err


@pytest.mark.parametrize(
    ("variable", "value", "sentence"),
    [
        case("wrong secret", "ACCESS_KEY_SECRET", "wrong-secret")(
            "the credentials were refused (DescribeDBInstanceAttribute: "
            "InvalidAccessKeySecret, request id "
        ),
        row("no keys", "ACCESS_KEY_ID", "", "no credentials were found"),
        row("region", "REGION_ID", "", "no region is given — add --region"),
    ],
)
@pytest.mark.parametrize("command", [CHECK, ("restore-points",), ("clones", "adopt")])
def test_bad_configuration_is_one_line_without_secrets(
    shell: Shell,
    emulator: Emulator,
    command: tuple[str, ...],
    variable: str,
    value: str,
    sentence: str,
) -> None:
    shell.env[f"ALIBABA_CLOUD_{variable}"] = value

    # The credentials library reads the environment once in each process.
    told = shell.outside(*command, "rm-healthy", "--endpoint", emulator.url)

    assert (2, "", 1) == (told.code, told.out, told.err.count("\n"))
    assert sentence in told.err
    assert "wrong-secret" not in told.err


def test_exit_code_is_3_where_nobody_answers(shell: Shell) -> None:
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


def test_what_libraries_log_is_shown_only_when_debugging() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _LOGGING], capture_output=True, text=True, check=True
    )

    assert "" == done.stdout + done.stderr


def test_interrupt_ends_the_command_without_a_word(shell: Shell, emulator: Emulator) -> None:
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
    "rdsclone: the output cannot be written: No space left on device — write it to another place\n"
)
NO_TERMINAL = (
    "rdsclone: there is no terminal to ask for a confirmation — add --yes to release "
    "without confirmation\n"
)


@pytest.mark.skipif(not FULL.exists(), reason="needs a device that is full")
@pytest.mark.parametrize(
    ("arguments", "streams", "code", "out", "err"),
    [
        row("full disk", ("checks",), ">/dev/full", 74, "", NO_SPACE),
        row("help", ("--help",), ">/dev/full", 74, "", NO_SPACE),
        row("version", ("--version",), ">/dev/full", 74, "", NO_SPACE),
        row("nothing but full", ("checks",), ">/dev/full 2>/dev/full", 74, "", ""),
        row("misuse, full disk", ("order",), "2>/dev/full", 2, "", ""),
        row("no stdout", ("checks",), ">&-", 0, "", ""),
        row("help, no stdout", ("--help",), ">&-", 0, "", ""),
        row("misuse, no stderr", ("order",), "2>&-", 2, "", ""),
        row("misuse, no stream", ("order",), "<&- >&- 2>&-", 2, "", ""),
        row("no stdin", ("clones", "release", "rm-a"), "<&-", 2, "", NO_TERMINAL),
        row("no stream", ("clones", "release", "rm-a"), "<&- >&- 2>&-", 2, "", ""),
    ],
)
def test_closed_stream_is_silent_and_a_full_one_is_told(
    shell: Shell, arguments: tuple[str, ...], streams: str, code: int, out: str, err: str
) -> None:
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


def test_version_is_that_of_the_package(shell: Shell) -> None:
    expected = f"rdsclone {version('pulumi-rdsclone')}\n"

    assert Told(0, expected, "") == shell.inside("--version")


def test_checks_are_listed(shell: Shell) -> None:
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
    Neither Pulumi nor the cloud's SDK is imported.
    """
    done = subprocess.run(
        [sys.executable, "-c", _LOADED], capture_output=True, text=True, check=True
    )

    assert "restore-points" in done.stdout
    assert not HEAVY & {*done.stderr.split()}
