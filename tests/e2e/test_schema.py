import subprocess
from pathlib import Path

import pytest

from sandbox import environment

pytestmark = pytest.mark.engine

SCHEMA = Path(__file__).resolve().parents[2] / "schema.json"


def test_schema_is_accepted(tmp_path: Path, cli: Path) -> None:
    done = subprocess.run(
        ["pulumi", "schema", "check", str(SCHEMA)],
        env=environment(tmp_path, cli),
        capture_output=True,
        text=True,
        check=False,
    )

    assert (0, "", "") == (done.returncode, done.stdout, done.stderr)
