"""
The code that an import writes: it declares the clone as it is, and a second one.

The code of clones of every engine stands in snapshots; RDSCLONE_SNAPSHOTS=write writes
them anew.
"""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final, Literal

import pytest

from rds_emulator import Emulator
from rds_emulator.state.model import Instance
from tests.e2e.test_properties import STORIES, declare
from tests.support.languages import RUNTIMES
from tests.support.snapshots import is_writing
from tests.support.stacks import Stack

pytestmark = [pytest.mark.engine, pytest.mark.parametrize("border", ["plugin"], indirect=True)]

Language = Literal["python", "yaml"]

_SNAPSHOTS: Final = Path(__file__).parent / "snapshots"
_INSTANT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_FIRST: Final = "first_"
_SECOND: Final = "second_"
"""What the names of imported clones begin with, and those of the same code again."""

_NOT_TOLD: Final[Mapping[str, str]] = {
    "accounts": "nobody tells passwords",
    "accounts-of-the-program": "nobody tells passwords",
    "ssl-of-clients": "nobody tells private keys",
    "encryption": "nobody tells the role by which RDS uses a key",
    "parameters": "most parameters are not the program's",
    "payment": "nobody tells how long a subscription is paid for",
    "auto-renewal": "nobody tells how long a subscription is paid for",
}
"""Why a second clone of the story's is not like the first one."""

_OF_ONE: Final = {"endpoint", "public-endpoint", "network"}
"""The stories of names and addresses that only one instance can have."""


def write(stack: Stack, language: Language, code: str) -> None:
    about = {"name": "shop", "runtime": RUNTIMES[language]}
    about["plugins"] = {"providers": [{"name": "rdsclone", "path": "bin"}]}
    head = "".join(f"{key}: {json.dumps(value)}\n" for key, value in about.items())
    text = code if language == "yaml" else ""
    (stack.folder / "Pulumi.yaml").write_text(head + text, "utf-8")
    (stack.folder / "__main__.py").write_text(code, "utf-8")


def imported_code(stack: Stack, language: Language) -> str:
    """
    Forget all clones of *stack*, import them, and return the code that this writes.
    """
    clones = [
        {"type": stack.type, "name": _FIRST + name, "id": clone["id"]}
        for name, clone in sorted(stack.resources().items())
    ]
    stack.must(stack.run("state", "delete", "--all", "--yes"))
    write(stack, language, "resources: {}" if language == "yaml" else "")
    file, code = stack.folder / "clones.json", stack.folder / "code.txt"
    file.write_text(json.dumps({"resources": clones}), "utf-8")
    options = ("--file", str(file), "--out", str(code), "--yes", "--protect=false")
    stack.must(stack.run("import", *options))
    return code.read_text("utf-8")


def declared_in(code: str) -> list[str]:
    _, *blocks = re.split(rf"^(?= *{_FIRST})", code, flags=re.MULTILINE)
    return [block.strip("\n") for block in blocks]


def with_second_clones(code: str) -> str:
    """
    Return *code* with a second clone of another name beside each.
    """
    seconds = [one.replace(_FIRST, _SECOND) for one in declared_in(code)]
    return "\n".join([code, *seconds])


def clone_again(
    stack: Stack, emulator: Emulator, language: Language, code: str
) -> dict[str, tuple[Instance, Instance]]:
    """
    Run imported *code*, then the same with second clones; return both by their names.
    """
    write(stack, language, code)
    stack.must(stack.preview("--expect-no-changes"))
    stack.must(stack.run("refresh", "--yes", "--expect-no-changes"))
    before = {name: clone["id"] for name, clone in stack.resources().items()}

    write(stack, language, with_second_clones(code))
    previewed = stack.must(stack.preview())
    stack.must(stack.up())
    after = {name: clone["id"] for name, clone in stack.resources().items()}

    assert f"+ {len(before)} to create\n" in previewed.text
    assert before == {name: after[name] for name in before}
    stack.must(stack.preview("--expect-no-changes"))
    names = [name.removeprefix(_FIRST) for name in before]
    return {
        name: (emulator.instance(after[_FIRST + name]), emulator.instance(after[_SECOND + name]))
        for name in names
    }


@pytest.mark.parametrize("language", ["python", "yaml"])
def test_code_of_every_engine_is_what_one_would_write_and_clones_again(
    stack: Stack, emulator: Emulator, language: Language
) -> None:
    engines = {
        "mysql": "rm-demo-mysql80",
        "postgresql": "rm-demo-postgresql16",
        "sqlserver": "rm-demo-sqlserver2022",
        "mariadb": "rm-demo-mariadb106",
        "local": "rm-demo-mysql57-local",
    }
    declared = [
        f"""
rdsclone.CloneInstance(
    "{engine}{"_public" if is_public else ""}",
    source_instance_id="{source}",
    restore_point={{"latest": "{"time" if is_public else "backup"}"}},
    network={{"public_endpoint": {is_public}}},
)
"""
        for engine, source in engines.items()
        for is_public in (False, True)
    ]
    stack.write("".join(declared))
    stack.must(stack.up())

    code = imported_code(stack, language)
    both = clone_again(stack, emulator, language, code)

    assert len(declared) == len(both)
    for name, clones in both.items():
        there = [one.public_endpoint is not None for one in clones]
        assert there == [name.endswith("_public")] * 2
    expect(code, f"import-{language}.txt")


def expect(code: str, name: str) -> None:
    """
    Compare generated *code* with the snapshot *name*, its clones in order.
    """
    path = _SNAPSHOTS / name
    dated = sorted(_INSTANT.sub("TIME", block) for block in declared_in(code))
    told = "\n".join([*dated, ""])
    if is_writing():
        path.write_text(told, "utf-8")
    assert path.read_text("utf-8") == told


def own(instance: Instance, code: str) -> list[str]:
    """
    Return what stands in *code* and only *instance* can have.
    """
    hosts = [instance.connection_string]
    if instance.public_endpoint:
        hosts.append(instance.public_endpoint.connection_string)
    prefixes = [host.partition(".")[0] for host in hosts]
    return [one for one in (*prefixes, instance.private_ip) if one in code]


@pytest.mark.parametrize("turn", ["first", "second"])
def test_code_of_every_property_clones_alike(stack: Stack, emulator: Emulator, turn: str) -> None:
    declare(stack, turn)
    stack.must(stack.up())

    code = imported_code(stack, "yaml")
    both = clone_again(stack, emulator, "yaml", code)

    assert STORIES.keys() == both.keys()
    shown = {
        name: tuple(map(STORIES[name].seen, clones))
        for name, clones in both.items()
        if name not in _NOT_TOLD and name not in _OF_ONE
    }
    assert {} == {name: two for name, two in shown.items() if two[0] != two[1]}
    assert [] == [one for first, _ in both.values() for one in own(first, code)]
    for first, second in (both[name] for name in _OF_ONE):
        assert (first.port, first.vpc_id) == (second.port, second.vpc_id)
        assert (first.public_endpoint is None) == (second.public_endpoint is None)


def test_code_keeps_place_edition_and_restore_point(stack: Stack, emulator: Emulator) -> None:
    clones = {
        "zones": {
            "zones": ["cn-hangzhou-j", "cn-hangzhou-k"],
            "network": {"vswitch_ids": ["vsw-demo-j", "vsw-demo-k"]},
        },
        "primary": {"zones": ["cn-hangzhou-i"], "network": {"vswitch_ids": ["vsw-demo-i"]}},
        "edition": {"edition": "Basic", "capacity": {"instance_class": "mysql.n2.medium.1"}},
        "network": {"network": {"type": "VPC"}},
        "backup": {"restore_point": {"backup_id": "1000000107"}},
    }
    lines = [
        f"rdsclone.CloneInstance({name!r}, **{{**COMMON, **{declared!r}}})"
        for name, declared in clones.items()
    ]
    common = {"source_instance_id": "rm-demo-mysql80", "restore_point": {"latest": "backup"}}
    stack.write("\n".join([f"COMMON = {common!r}", *lines]))
    # A second vSwitch that the cloud does not tell cannot be imported.
    emulator.set_temper(vswitch_ids="all")
    stack.must(stack.up())
    # The cloud chooses the standby's zone where none is declared.
    primary = stack.resources()["primary"]["id"]
    emulator.change(primary, zones=["cn-hangzhou-i", "cn-hangzhou-k"])

    code = imported_code(stack, "python")
    both = clone_again(stack, emulator, "python", code)

    (block,) = (one for one in declared_in(code) if f'"{_FIRST}primary"' in one)
    assert 'zones=["cn-hangzhou-i"]' in block
    for name, (first, second) in both.items():
        alike = slice(0, 1) if name == "primary" else slice(None)
        assert first.zones[alike] == second.zones[alike]
        assert first.vswitch_ids == second.vswitch_ids
        assert first.category == second.category
        assert first.restored_from == second.restored_from
