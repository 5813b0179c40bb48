"""
Runs of a program that declares one clone, *ID*.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

import pytest

from pulumi_rdsclone.domain.errors import UnfinishedError
from pulumi_rdsclone.lifecycle.observing import Reading
from tests.domain.samples import values
from tests.lifecycle.fakes import Fakes, Killed
from tests.support.verbs import create, delete, read, update

ID: Final = "rm-clone-1"
KEY: Final = "key-1"
INPUTS: Final = values(region="cn-hangzhou", clone_key=KEY)
FIXED: Final = {**INPUTS, "restore_point": {"time": "2026-11-20T04:00:00Z"}}

Tree = Mapping[str, Any]


def make(fakes: Fakes, inputs: Tree = INPUTS, **options: Any) -> dict[str, Any]:
    return create(inputs, fakes.regions, fakes.progress, stack="shop/dev", **options)


def made(fakes: Fakes, inputs: Tree = INPUTS) -> dict[str, Any]:
    """
    Return the outputs of a clone that an earlier run has made.
    """
    outputs = make(fakes, inputs)
    fakes.forget()
    return outputs


def change(fakes: Fakes, olds: Tree, inputs: Tree, **options: Any) -> dict[str, Any]:
    return update(ID, olds, inputs, fakes.regions, fakes.progress, **options)


def release(fakes: Fakes, olds: Tree, **options: Any) -> None:
    delete(ID, olds, fakes.regions, fakes.progress, **options)


def refreshed(fakes: Fakes, olds: Tree, inputs: Tree | None = INPUTS) -> Reading:
    """
    Return what a refresh reads of a clone that exists.
    """
    reading = read(ID, olds, inputs, fakes.regions)
    assert reading is not None
    return reading


def unfinished(run: Callable[[], object], match: str | None = None) -> UnfinishedError:
    """
    Return the error with which *run* leaves an unfinished clone in the state.
    """
    with pytest.raises(UnfinishedError, match=match) as failure:
        run()
    return failure.value


def kill(fakes: Fakes, inputs: Tree = INPUTS) -> None:
    """
    Have a run killed right after its order had its effect, and begin another.
    """
    fakes.rds.fail("order_clone", Killed(), when="after")
    with pytest.raises(Killed):
        make(fakes, inputs)
    fakes.restart()
