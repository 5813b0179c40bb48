import json
import re
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from rds_emulator import Emulator, __version__, fidelity
from rds_emulator.state.document import DocumentError
from rds_emulator.state.temper import TEMPERS
from tests.support.rows import row

COMMAND = [sys.executable, "-m", "rds_emulator"]
FULL = Path("/dev/full")
ROOT = Path(__file__).parents[2]


def test_json_prints_one_line_and_sigterm_ends_well() -> None:
    command = [*COMMAND, "serve", "--json", "--speed", "60"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        ready = json.loads(process.stdout.readline())
        url = f"http://{ready['endpoint']}/_emulator/clock"
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(url) as answer:
            clock = json.load(answer)
            headers = dict(answer.headers)
        process.send_signal(signal.SIGTERM)
        rest = process.stdout.read()

    assert ["endpoint", "accessKeyId", "accessKeySecret", "region"] == list(ready)
    assert 60 == clock["speed"]
    assert __version__ == headers["x-rds-emulator"]
    assert ("", 0) == (rest, process.returncode)


def test_command_sets_the_temper() -> None:
    command = [*COMMAND, "serve", "--json", "--temper"]
    with subprocess.Popen([*command, "real"], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        ready = json.loads(process.stdout.readline())
        url = f"http://{ready['endpoint']}/_emulator/temper"
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(url) as answer:
            found = json.load(answer)
        process.send_signal(signal.SIGTERM)
    refused = subprocess.run([*command, "rude"], check=False, capture_output=True, text=True)

    assert json.loads(json.dumps(vars(TEMPERS["real"]))) == found
    assert 2 == refused.returncode
    assert "rds-emulator: temper: must be one of ideal, real, not 'rude'\n" == refused.stderr


def test_without_json_endpoint_keys_sources_and_how_to_stop_are_printed() -> None:
    with subprocess.Popen([*COMMAND, "serve"], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        lines = []
        for line in process.stdout:
            lines.append(line)
            if "Stop it" in line:
                break
        process.send_signal(signal.SIGINT)
    text = "".join(lines)

    assert re.search(r"endpoint +127\.0\.0\.1:\d+", text)
    assert "rm-demo-locked-diskquota" in text
    assert 0 == process.returncode


@pytest.mark.parametrize(
    ("arguments", "seed", "sentence"),
    [
        row("port", ["--port", "x"], None, "'--port'"),
        row("unknown option", ["--sped", "2"], None, "--sped"),
        row("no such port", ["--port", "70000"], None, "is not a port"),
        row("reachable host", ["--host", "192.0.2.1"], None, "add --allow-remote"),
        row("host", ["--allow-remote", "--host", "192.0.2.1"], None, "cannot listen on 192.0.2.1:"),
        row("no name", ["--allow-remote", "--host", "\u00fc" * 70], None, "not an address"),
        row("two lines", ["--allow-remote", "--host", "a\nb"], None, "cannot listen on a b:"),
        row("empty token", ["--control-token", ""], None, "'' is blank"),
        row(
            "no certificate", ["--tls-cert", "/none", "--tls-key", "/none"], None, "cannot use the"
        ),
        row("empty host", ["--host", ""], None, "'' is blank"),
        row("blank host", ["--host", " "], None, "' ' is blank"),
        row("empty db", ["--db", ""], None, "'' is blank"),
        row("blank seed", ["--seed", " "], None, "' ' is blank"),
        *(
            row(f"{speed!r}", ["--speed", speed], None, f"{speed!r} is not a speed")
            for speed in ("inf", "nan", "-1", "1e308", "1000001", "fast", "")
        ),
        row("db", ["--db", "/none/x"], None, "cannot open the database"),
        row("seed", ["--seed", "/none"], None, "cannot read the seed file"),
        row("no JSON", [], "{", "is not JSON"),
        row("list", [], "[]", "one JSON object"),
        row("abyss", [], "[" * 99_999, "nested too deeply"),
        row("key", [], '{"instances": [{"id": "a", "lok": 1}]}', "instances[0].lok"),
    ],
)
def test_mistake_of_the_caller_is_one_line_on_stderr_and_exit_code_2(
    tmp_path: Path, arguments: list[str], seed: str | None, sentence: str
) -> None:
    if seed is not None:
        path = tmp_path / "seed.json"
        path.write_text(seed)
        arguments = ["--seed", str(path)]
    done = subprocess.run(
        [*COMMAND, "serve", *arguments], capture_output=True, text=True, check=False
    )

    assert (2, "", 1) == (done.returncode, done.stdout, done.stderr.count("\n"))
    assert sentence in done.stderr


@pytest.mark.skipif(not FULL.exists(), reason="needs a device that is full")
@pytest.mark.parametrize(
    ("streams", "arguments", "sentence"),
    [
        row("full disk", ">/dev/full", (), "cannot print the endpoint"),
        row("nobody to tell", "2>/dev/full", ("--port", "x"), ""),
        row("no stderr", "2>&-", ("--port", "x"), ""),
    ],
)
def test_endpoint_that_cannot_be_printed_is_a_mistake(
    streams: str, arguments: tuple[str, ...], sentence: str
) -> None:
    command = ["/bin/sh", "-c", f'exec "$@" {streams}', "sh", *COMMAND, "serve"]
    done = subprocess.run([*command, *arguments], capture_output=True, text=True, check=False)

    assert (2, "") == (done.returncode, done.stdout)
    assert sentence in done.stderr
    assert bool(sentence) == done.stderr.count("\n")


@pytest.mark.parametrize(
    ("seed", "message"),
    [
        row("top", {"colour": 1}, "colour: there is no such field"),
        row("no region", {"regions": []}, "regions: at least one"),
        row("no key", {"access_keys": []}, "access_keys: at least one"),
        row("secret", {"access_keys": [{"id": "a"}]}, "secret: is required"),
        row("id", {"instances": [{}]}, r"instances\[0\].id: is required"),
        row("twice", {"instances": [{"id": "a"}, {"id": "a"}]}, "already taken"),
        row("unknown site", {"site": "mars"},
            "site: must be one of china, international, not 'mars'"),
        row("engine", {"instances": [{"id": "a", "engine": "Oracle"}]},
            r"instances\[0\].engine: 'Oracle' is none of"),
        row("region", {"instances": [{"id": "a", "region": "x"}]}, "region: 'x' is not among"),
        row("time", {"instances": [{"id": "a", "created": "yesterday"}]},
            "created: 'yesterday' is no instant"),
        row("zone", {"now": "2026-11-01T00:00:00"}, "now: .* has no time zone"),
        row("boolean", {"clone_seconds": True}, "must be a number"),
    ],
)  # fmt: skip
def test_faulty_seed_is_refused_with_its_place(seed: dict[str, object], message: str) -> None:
    with pytest.raises(DocumentError, match=message), Emulator(seed=seed):
        pass


def test_now_of_a_seed_with_a_time_is_that_time() -> None:
    seed = {"now": "2026-01-10T00:00:00Z", "instances": [{"id": "a"}]}
    with Emulator(seed=seed, speed=0) as emulator:
        created = emulator.instance("a").created

        assert "2026-01-10T00:00:00+00:00" == emulator.clock.now().isoformat()
        assert "2025-12-11T00:00:00+00:00" == created.isoformat()


def test_fidelity_table_is_fresh() -> None:
    assert fidelity.table() in (ROOT / "docs" / "emulator.md").read_text("utf-8")


def test_missing_extra_is_answered_with_how_to_install_it() -> None:
    code = (
        "import sys; sys.modules['uvicorn'] = None; from rds_emulator.__main__ import main; main()"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    assert (2, "") == (done.returncode, done.stdout)
    assert done.stderr == (
        "rds-emulator: uvicorn is not installed: the emulator comes with "
        "pip install 'pulumi-rdsclone[emulator]'\n"
    )
