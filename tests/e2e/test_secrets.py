"""
Secrets stay where they are: not in state, logs, messages or reports.

A whole life of a clone runs with secrets that cannot be mistaken, at the loudest
settings there are. Every file and every output is then searched for them.
"""

import gzip
import re
import urllib.request
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple
from urllib.parse import quote, quote_plus

import pytest

from tests.support.emulators import Emulator, stop_clock
from tests.support.sandboxes import environment
from tests.support.stacks import Stack, make_stack
from tests.support.vault import vault

KEY, TOKEN, TAG, PHRASE = "access key secret", "security token", "tag", "passphrase"
SECRETS: Final = {
    KEY: "sk+Secret/Of=Key7",
    TOKEN: "st+Token/Of=Sts8==",
    TAG: "tv+Value/Of=Tag9",
    PHRASE: "pp+Phrase/Of=State6",
}
CONFIGURED: Final = (KEY, TOKEN, TAG)
ACCESS_KEY: Final = "LTAI5tTemporary"
SEED: Final = {
    "clone_seconds": 0.5,
    "delete_seconds": 0.1,
    "access_keys": [{"id": ACCESS_KEY, "secret": SECRETS[KEY], "security_token": SECRETS[TOKEN]}],
    "instances": [{"id": "rm-orders"}],
}
LOUD: Final = {"DEBUG": "sdk", "RDSCLONE_DEBUG": "1", "RDSCLONE_REPORT": "report.json"}
"""The first makes the cloud's SDKs print what they send."""

ENCRYPTED: Final = b"PLOG"
"""The engine's own logs in its home begin so; the stack's passphrase is their key."""

PROGRAM: Final = """
clone = rdsclone.CloneInstance(
    "staging",
    source_instance_id="rm-orders",
    restore_point={"latest": "time"},
    tags={"NAME": pulumi.Config().require_secret("tag")},
    create_timeout="1s",
)
pulumi.export("tags", clone.tags)
"""


class Allowed(NamedTuple):
    """
    Where a secret may stand, and why nobody here can keep it from there.
    """

    file: str
    line: str
    secrets: tuple[str, ...]
    why: str


def rpc(service: str, *methods: str) -> str:
    """
    Return the pattern of a call's line in the log that PULUMI_DEBUG_GRPC asks for.
    """
    return rf'{{"method":"/pulumirpc\.{service}/({"|".join(methods)})"'


ALLOWED: Final = (
    Allowed(
        r"\.txt$",
        r'"msg":"(M|Unm)arshaling property for RPC\[',
        CONFIGURED,
        "at -v=9 the engine logs each value that a program or a provider is told",
    ),
    Allowed(
        r"\.grpc$",
        rpc("LanguageRuntime", "Run"),
        CONFIGURED,
        "the engine tells the program the configuration of its stack",
    ),
    Allowed(
        r"\.grpc$",
        rpc("ResourceProvider", "CheckConfig", "DiffConfig", "Configure"),
        CONFIGURED,
        "the engine tells every provider the configuration of the stack",
    ),
    Allowed(
        r"\.grpc$",
        rpc("ResourceMonitor", "GetDeploymentInfo", "Invoke"),
        CONFIGURED,
        "the engine tells the program the configuration, and the recorded outputs, "
        "which hold it: no call asks for those of the clones alone",
    ),
    Allowed(
        r"\.grpc$",
        rpc("ResourceMonitor", "RegisterResource", "RegisterResourceOutputs"),
        (TAG,),
        "the program tells the engine the inputs",
    ),
    Allowed(
        r"\.grpc$",
        rpc("ResourceProvider", "Check", "Diff", "Create", "Read", "Update", "Delete"),
        (TAG,),
        "the engine tells the provider inputs and outputs, and is told them",
    ),
    Allowed(r"journal\.json$", r'"Tag\.1\.Value"', (TAG,), "the cloud is told the clone's tags"),
)


def forms_of(secret: str) -> Iterator[str]:
    """
    Return *secret* as it is, encoded for URLs once and twice, and in base64.
    """
    yield secret
    for encode in (quote_plus, lambda text: quote(text, safe="")):
        yield encode(secret)
        yield encode(encode(secret))
    for before in range(3):
        encoded = b64encode(bytes(before) + secret.encode()).decode()
        inner = encoded[before + bool(before) :].rstrip("=")[:-1]
        yield inner
        yield inner.replace("+", "-").replace("/", "_")


def held_in(line: str) -> list[str]:
    return [
        name for name, secret in SECRETS.items() if any(form in line for form in forms_of(secret))
    ]


def search(folder: Path) -> tuple[list[str], set[Allowed]]:
    """
    Search all files of *folder*; return what is told, and which exceptions were needed.
    """
    leaks, needed = [], set()
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        for line in text_of(file).splitlines():
            for name in held_in(line):
                fitting = [one for one in ALLOWED if allows(one, file, line, name)]
                needed |= set(fitting)
                if not fitting:
                    leaks.append(f"{file.relative_to(folder)}: {name}: {line}")
    return leaks, needed


def text_of(file: Path) -> str:
    content = file.read_bytes()
    if content.startswith(b"\x1f\x8b"):
        content = gzip.decompress(content)
    if content.startswith(ENCRYPTED) and file.parent.name == "logs":
        return ""
    return content.decode("utf-8", "replace")


def allows(one: Allowed, file: Path, line: str, name: str) -> bool:
    return (
        name in one.secrets
        and re.search(one.file, file.name) is not None
        and re.search(one.line, line) is not None
    )


@pytest.mark.parametrize(
    "line",
    [
        "x=tv+Value/Of=Tag9;",
        "Tag.1.Value=tv%2BValue%2FOf%3DTag9&",
        "to sign: Tag.1.Value%3Dtv%252BValue%252FOf%253DTag9%26",
        *(b64encode(b"x" * n + b"tv+Value/Of=Tag9 ").decode() for n in range(3)),
    ],
)
def test_search_finds_a_secret_in_each_form(line: str) -> None:
    assert [TAG] == held_in(line)


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    """
    Return an emulator whose only key is a temporary one.
    """
    with Emulator(seed=SEED) as running:
        yield running


@pytest.fixture
def stack(tmp_path: Path, cli: Path, emulator: Emulator, sdk: Path | None) -> Stack:
    """
    Return a project that logs everything, and keeps backups of its state.
    """
    env = environment(tmp_path, cli) | LOUD
    env["PULUMI_CONFIG_PASSPHRASE"] = SECRETS[PHRASE]
    for name in vault():
        del env[name]
    del env["PULUMI_DIY_BACKEND_DISABLE_CHECKPOINT_BACKUPS"]
    stack = make_stack(tmp_path / "project", env, emulator, sdk)
    stack.set_config(accessKeyId="", accessKeySecret="")
    set_secrets(stack, {"shop:tag": TAG})
    stack.write(PROGRAM)
    return stack


def set_secrets(stack: Stack, names: dict[str, str]) -> None:
    for key, name in names.items():
        told = ("--secret", key, SECRETS[name])
        stack.must(stack.run("config", "set", *told))


def run(stack: Stack, name: str, *command: str) -> int:
    """
    Run a command with all logs, and keep what it told; return its exit code.
    """
    folder = stack.folder.parent / "told"
    folder.mkdir(exist_ok=True)
    stack.env["PULUMI_DEBUG_GRPC"] = str(folder / f"{name}.grpc")
    done = stack.run(*command, "--logtostderr", "-v=9")
    (folder / f"{name}.txt").write_text(done.text, "utf-8")
    return done.code


def live(stack: Stack, emulator: Emulator) -> list[int]:
    """
    Run all that a clone lives through but its end; return the exit codes.
    """
    codes = [run(stack, "preview", "preview", "--diff")]
    stop_clock(emulator)
    codes.append(run(stack, "unfinished", "up", "--yes", "--skip-preview"))
    emulator.clock.set_speed(1)
    codes.append(run(stack, "up", "up", "--yes", "--diff"))
    codes.append(run(stack, "refresh", "refresh", "--yes"))
    stack.write(PROGRAM.replace("NAME", "acs:reserved"))
    codes.append(run(stack, "refused", "up", "--yes"))
    quoted = quote(quote(SECRETS[TOKEN], safe=""), safe="")
    emulator.faults.order(
        "refused", code="SignatureDoesNotMatch", message=f"to sign is:POST&{quoted}"
    )
    codes.append(run(stack, "unsigned", "refresh", "--yes"))
    emulator.unplug()
    codes.append(run(stack, "unplugged", "refresh", "--yes"))
    emulator.plug_in()
    codes.append(run(stack, "export", "stack", "export"))
    codes.append(run(stack, "history", "stack", "history", "--json"))
    return codes


def journal(emulator: Emulator) -> str:
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with direct.open(f"{emulator.url}/_emulator/journal") as answer:
        return str(answer.read().decode())


@pytest.mark.engine
def test_secrets_are_only_where_allowed(stack: Stack, emulator: Emulator, tmp_path: Path) -> None:
    stack.set_config(accessKeyId=ACCESS_KEY)
    set_secrets(
        stack, {"shop:tag": TAG, "rdsclone:accessKeySecret": KEY, "rdsclone:securityToken": TOKEN}
    )

    codes = live(stack, emulator)
    (clone,) = [one for one in emulator.instances() if one.id != "rm-orders"]
    destroyed = run(stack, "destroy", "destroy", "--yes")
    (tmp_path / "told" / "journal.json").write_text(journal(emulator), "utf-8")
    leaks, needed = search(tmp_path)

    assert [0, 1, 0, 0, 1, 1, 1, 0, 0] == [min(code, 1) for code in codes]
    assert SECRETS[TAG] == clone.tags["NAME"]
    assert 0 == destroyed
    assert [] == leaks
    assert set(ALLOWED) == needed


@pytest.mark.engine
def test_credentials_of_the_environment_are_nowhere(stack: Stack, tmp_path: Path) -> None:
    stack.env |= {
        "ALIBABA_CLOUD_ACCESS_KEY_ID": ACCESS_KEY,
        "ALIBABA_CLOUD_ACCESS_KEY_SECRET": SECRETS[KEY],
        "ALIBABA_CLOUD_SECURITY_TOKEN": SECRETS[TOKEN],
    }

    done = run(stack, "up", "up", "--yes")
    leaks, _ = search(tmp_path)
    told = [text_of(path) for path in (tmp_path / "told").iterdir()]

    assert 0 == done
    assert [] == leaks
    assert {TAG} == {name for text in told for name in held_in(text)}
