"""
What is judged of all clones of a program together.
"""

from collections.abc import Iterator
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from pulumi_rdsclone.adapters.calls import Call
from pulumi_rdsclone.adapters.program import Program
from pulumi_rdsclone.adapters.together import Together
from pulumi_rdsclone.domain.desired import DesiredClone
from pulumi_rdsclone.domain.errors import PrerequisiteError
from pulumi_rdsclone.domain.values import Properties
from pulumi_rdsclone.lifecycle.checking import Member, check
from tests.domain.samples import VSWITCHES, values
from tests.lifecycle.fakes import REGION, Fakes

HEAD = "urn:pulumi:dev::shop::pulumi-python:dynamic:Clone::"
FREE = 2


class Run:
    """
    A run whose clones are all declared in one program.

    Args:
        names: Of the clones.
        parallel: How many clones the engine makes at once.
    """

    def __init__(self, *names: str, parallel: int = 0) -> None:
        self.fakes = Fakes()
        self.fakes.rds.switches["vpc-1"] = tuple(
            replace(vswitch, free=FREE) for vswitch in VSWITCHES
        )
        self.together = Together(lambda: self.fakes.regions, lambda urn, _: urn[-1])
        inputs = {"sourceInstanceId": "rm-source", "restorePoint": {"latest": "time"}}
        notes = {"inputs": inputs, "nested": False, "recorded": None}
        clones: list[dict[str, Any]] = [{"name": name, **notes} for name in names]
        self.together.set_program(Program(clones=clones, parallel=parallel))

    def check(self, name: str) -> Properties:
        urn = f"{HEAD}{name}"
        news = values(region=REGION)
        with self.together.rest.asking(urn):
            others = self.together.enter(urn, news, region=None)
            member = Member(name=name, others=others)
            checked = check(news, {}, new_key=name, regions=self.fakes.regions, member=member)
        self.together.note(urn, checked)
        return checked.inputs

    def refuse(self, name: str, inputs: Properties) -> None:
        """
        Judge a clone before it is ordered.
        """
        with self.together.rest.making():
            call = Call(SimpleNamespace(urn=f"{HEAD}{name}"))
            self.together.refuse(call, DesiredClone.from_inputs(inputs))

    def errors(self) -> Iterator[str]:
        return (text for _, text in self.together.errors(""))


def test_two_clones_fit_in_two_addresses() -> None:
    run = Run("a", "b")

    run.refuse("a", run.check("a"))
    run.refuse("b", run.check("b"))

    assert [] == list(run.errors())


def test_one_that_waits_behind_others_counts() -> None:
    """
    An engine that makes one clone at once has not asked about the third one yet.
    """
    run = Run("a", "b", "c", parallel=1)

    with pytest.raises(PrerequisiteError, match=r"3 clones .* 'a', 'b', 'c'"):
        run.refuse("a", run.check("a"))


def test_one_that_the_engine_leaves_out_does_not_count() -> None:
    """
    An engine that could make more asks about no more: the third one is no target.
    """
    run = Run("a", "b", "c", parallel=9)
    first, second = run.check("a"), run.check("b")

    run.refuse("a", first)
    run.refuse("b", second)


def test_a_refusal_makes_no_room_for_those_that_follow() -> None:
    run = Run("a", "b", "c", parallel=2)
    first, second = run.check("a"), run.check("b")
    with run.together.rest.making(), pytest.raises(PrerequisiteError):
        run.refuse("a", first)

    with pytest.raises(PrerequisiteError, match="3 clones"):
        run.refuse("b", second)


def test_a_third_clone_is_told_with_the_names_of_all() -> None:
    run = Run("a", "b", "c", "d")
    for name in ("a", "b", "c", "d"):
        run.check(name)

    [text] = run.errors()

    assert "4 clones of this program need an IP address in the vSwitch vsw-1" in text
    assert "2 are free: 'a', 'b', 'c', 'd'" in text
