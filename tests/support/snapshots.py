"""
Texts that tests expect, each by a name; RDSCLONE_SNAPSHOTS=write writes them anew.
"""

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

_FOLDER: Final = Path(__file__).resolve().parents[1] / "e2e" / "snapshots"
_BLOCK: Final = re.compile(r"^(\S.*)\n((?:    .*\n)+)", re.MULTILINE)
_INDENT: Final = "    "


def is_writing() -> bool:
    """
    Return whether what is seen becomes what is expected.
    """
    return os.environ.get("RDSCLONE_SNAPSHOTS") == "write"


def read_snapshot(name: str) -> dict[str, list[str]]:
    """
    Return the lines of the snapshot *name*, by what they are about.
    """
    blocks = _BLOCK.findall(_path(name).read_text("utf-8"))
    return {
        about: [line.removeprefix(_INDENT) for line in text.splitlines()] for about, text in blocks
    }


def write_snapshot(name: str, told: Mapping[str, list[str]]) -> None:
    """
    Write *told* to the snapshot *name*; what is not told anew stays.
    """
    path = _path(name)
    path.parent.mkdir(exist_ok=True)
    path.touch()
    noted = {**read_snapshot(name), **told}
    lines = (
        line
        for about in sorted(noted)
        for line in (about, *(f"{_INDENT}{text}" for text in noted[about]))
    )
    path.write_text("\n".join(lines) + "\n", "utf-8")


def _path(name: str) -> Path:
    return _FOLDER / f"{name}.txt"
