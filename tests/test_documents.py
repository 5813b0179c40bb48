"""
Documents name files that exist.
"""

import re

import pytest

from tests.support.naming import ROOT

BASES = (
    ROOT,
    ROOT / "tests",
    ROOT / "provider",
    ROOT / "provider/pulumi_rdsclone",
    ROOT / "provider/pulumi_rdsclone/adapters",
    ROOT / "provider/rds_emulator",
)
_FILE = re.compile(r"`([\w.-]+/[\w./-]*|[\w-]+\.(?:py|sh))(?:::[^`]*)?`")
"""A folder, a file in one, or a file of Python or of the shell, as code."""

_OURS = re.compile(
    r"(provider|tests|tools|domain|lifecycle|cloud|presentation|adapters|cli"
    r"|control|seeds|server|actions|rules|market|faults|state|protocol)/|\w+\.py"
)
"""Others are paths of users, or of other projects."""


@pytest.mark.parametrize("document", ["CONTRIBUTING.md", "docs/architecture.md"])
def test_every_file_of_ours_that_a_document_names_exists(document: str) -> None:
    named = set(_FILE.findall((ROOT / document).read_text("utf-8")))
    ours = {name for name in named if _OURS.match(name)}

    assert len(ours) > 40
    assert not [name for name in sorted(ours) if not any((b / name).exists() for b in BASES)]


def test_index_of_scenarios_names_each_file_of_e2e_and_no_other() -> None:
    folder = ROOT / "tests/e2e"
    named = re.findall(r"`(test_\w+\.py)`", (folder / "README.md").read_text("utf-8"))

    assert sorted(named) == sorted(file.name for file in folder.glob("test_*.py"))
