"""
The demo: two clones by the real Pulumi in an emulated ApsaraDB RDS.

    python tools/demo.py run      from scratch, then stop
    python tools/demo.py shell    a shell in which the demo's stack can be used
    python tools/demo.py clean    remove it

Its files are in the folder .demo of this checkout.
"""

import json
import os
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sandbox import environment

ROOT = Path(__file__).resolve().parent.parent
HOME = ROOT / ".demo"
QUICKSTART = HOME / "quickstart"
SPEED = 30
"""Emulated seconds per second: the two minutes that a clone takes last four."""


class DemoError(Exception):
    """
    Ends the demo with one line.
    """


def run() -> None:
    """
    Show preview and up of the quickstart example, from scratch.
    """
    cli = _cli()
    shutil.rmtree(HOME, ignore_errors=True)
    shutil.copytree(ROOT / "examples/quickstart", QUICKSTART)
    with _emulator() as access:
        env = _environment(cli)
        _configure(access, env)
        _say(
            "Preview asks for the source and its backups, and tells what would go "
            "wrong. It orders nothing."
        )
        _pulumi(env, "preview")
        _say("Up orders one clone for each declaration and waits for them.")
        _pulumi(env, "up", "--yes", "--skip-preview")
        _say("And a source that cannot be cloned is refused before anything is paid:")
        _refusal(env)
        _summary(env)


def shell() -> None:
    """
    Open a shell with the demo's emulator running and Pulumi set up for it.
    """
    if not QUICKSTART.is_dir():
        _fail("there is no demo yet: run make demo first")
    cli = _cli()
    with _emulator() as access:
        env = _environment(cli)
        _configure(access, env)
        _say(
            "The emulator runs until you leave this shell. Try: pulumi stack output, "
            "pulumi preview --diff, pulumi refresh, pulumi destroy; or edit "
            "__main__.py and pulumi up."
        )
        shell_program = os.environ.get("SHELL", "/bin/sh")
        subprocess.run([shell_program], cwd=QUICKSTART, env=env, check=False)


def clean() -> None:
    """
    Remove the files of the demo.
    """
    shutil.rmtree(HOME, ignore_errors=True)


def _cli() -> Path:
    command = [sys.executable, str(ROOT / "tools/pulumi/setup.py")]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        sys.exit(done.returncode)
    return Path(done.stdout.splitlines()[-1])


def _environment(cli: Path) -> dict[str, str]:
    env = environment(HOME, cli)
    # In a checkout Pulumi does not see that a program needs the dynamic resource alone.
    env["PULUMI_IGNORE_AMBIENT_PLUGINS"] = "true"
    return env | {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{env['PATH']}"}


@contextmanager
def _emulator() -> Iterator[dict[str, str]]:
    """
    Run the emulator on a free port; its state is kept.
    """
    database = str(HOME / "rds.db")
    HOME.mkdir(exist_ok=True)
    command = [sys.executable, "-m", "rds_emulator", "serve", "--json", "--db"]
    server = subprocess.Popen(
        [*command, database, "--speed", str(SPEED)], stdout=subprocess.PIPE, text=True
    )
    try:
        line = server.stdout.readline() if server.stdout else ""
        if not line:
            _fail("the emulator did not start")
        access: dict[str, str] = json.loads(line)
        yield access
    finally:
        server.terminate()
        server.communicate()


def _configure(access: dict[str, str], env: dict[str, str]) -> None:
    hour_ago = datetime.now(UTC) - timedelta(hours=1)
    settings = {
        "source": "rm-demo-mysql80",
        "rdsclone:region": access["region"],
        "rdsclone:endpoint": f"http://{access['endpoint']}",
        "rdsclone:accessKeyId": access["accessKeyId"],
    }
    if not (QUICKSTART / "Pulumi.dev.yaml").exists():
        _quietly(env, "stack", "init", "dev")
        settings["time"] = f"{hour_ago:%Y-%m-%dT%H:%M:%SZ}"
    plain = [
        part for pair in settings.items() for part in ("--plaintext", "=".join(pair))
    ]
    secret = f"rdsclone:accessKeySecret={access['accessKeySecret']}"
    _quietly(env, "config", "set-all", *plain, "--secret", secret)


def _refusal(env: dict[str, str]) -> None:
    _quietly(env, "config", "set", "source", "rm-demo-locked-diskquota")
    _quietly(env, "stack", "init", "refused", "--copy-config-from", "dev")
    _pulumi(env, "preview", "--stack", "refused", must=False)
    _quietly(env, "stack", "rm", "refused", "--yes")
    _quietly(env, "stack", "select", "dev")
    _quietly(env, "config", "set", "source", "rm-demo-mysql80")


def _summary(env: dict[str, str]) -> None:
    outputs = json.loads(_quietly(env, "stack", "output", "--json"))
    _say("Two clones are up:")
    for name in ("byTime", "byBackup"):
        restored = outputs[f"{name}RestoredFrom"]
        what = (
            f"backup set {restored['backupId']} of"
            if "backupId" in restored
            else "as of"
        )
        _print(f"  {outputs[f'{name}Endpoint']}")
        _print(f"    {restored['sourceInstanceId']} {what} {restored['time']}")
    _say("To look further: make demo-shell    To clean up: make demo-clean")


def _pulumi(env: dict[str, str], *command: str, must: bool = True) -> None:
    """
    Run the CLI in the user's own terminal.
    """
    _print(f"$ pulumi {shlex.join(command)}")
    begun = time.monotonic()
    done = subprocess.run(["pulumi", *command], cwd=QUICKSTART, env=env, check=False)
    if must and done.returncode:
        _fail(f"pulumi {command[0]} ended with exit code {done.returncode}")
    _print(f"({time.monotonic() - begun:.1f} s, exit code {done.returncode})")


def _quietly(env: dict[str, str], *command: str) -> str:
    done = subprocess.run(
        ["pulumi", *command, "--non-interactive"],
        cwd=QUICKSTART,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        _fail(f"pulumi {shlex.join(command)}: {done.stderr.strip()}")
    return done.stdout


def _say(text: str) -> None:
    _print(f"\n\033[1m{text}\033[0m" if sys.stdout.isatty() else f"\n{text}")


def _print(text: str) -> None:
    print(text, flush=True)


def _fail(text: str) -> None:
    raise DemoError(text)


COMMANDS = {"run": run, "shell": shell, "clean": clean}

if __name__ == "__main__":
    try:
        COMMANDS[sys.argv[1]]()
    except DemoError as error:
        sys.exit(f"demo: {error}")
    except KeyboardInterrupt:
        sys.exit(130)
