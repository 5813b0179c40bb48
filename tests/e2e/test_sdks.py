import re
from pathlib import Path

import pytest

from pulumi_rdsclone.adapters.schema import schema
from pulumi_rdsclone.domain.type_tokens import CLONE_TYPE
from rds_emulator import Emulator
from sandbox import environment
from tests.support.languages import ROOT, make_project

pytestmark = pytest.mark.engine

TOOLBOXES = {
    "yaml": "toolbox",
    "python": "toolbox",
    "typescript": "typescript_toolbox",
    "go": "go_toolbox",
    "java": "java_toolbox",
}


def example(language: str) -> str:
    """
    Return the schema's example in *language*, for a source that the emulator has.
    """
    page = schema()["resources"][CLONE_TYPE]["description"]
    (code,) = re.findall(rf"```{language}\n(.*?)```", page, re.DOTALL)
    return str(code).replace("rm-uf6wjk5xxxx", "rm-demo-mysql80")


@pytest.mark.parametrize("language", TOOLBOXES)
def test_example_is_previewed_made_and_released(
    language: str, tmp_path: Path, cli: Path, emulator: Emulator, request: pytest.FixtureRequest
) -> None:
    stack = make_project(
        language,
        example(language),
        folder=tmp_path / "project",
        env=environment(tmp_path, cli),
        emulator=emulator,
        toolbox=request.getfixturevalue(TOOLBOXES[language]),
    )

    stack.must(stack.preview())
    stack.must(stack.up())

    (clone,) = [i for i in emulator.instances() if i.restored_from]
    assert 150 == clone.storage_gb
    assert stack.outputs()["endpoint"].startswith(clone.id)

    stack.must(stack.run("destroy", "--yes", "--skip-preview"))

    assert [] == [i for i in emulator.instances() if i.restored_from]


def test_go_cache_has_the_modules_of_the_sdk(sdk_folder: Path) -> None:
    fetched = (ROOT / "tools/go/generated/go.mod").read_text("utf-8")

    assert fetched == (sdk_folder / "go/go.mod").read_text("utf-8")
