"""
What is judged of all clones of a program together, as far as this process knows them.
"""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from pulumi_rdsclone.adapters.calls import Call
from pulumi_rdsclone.adapters.neighbours import Neighbours
from pulumi_rdsclone.adapters.program import Program
from pulumi_rdsclone.adapters.rest import Rest
from pulumi_rdsclone.adapters.siblings import Sibling, siblings_of
from pulumi_rdsclone.domain.checks.program import TOGETHER
from pulumi_rdsclone.domain.errors import PrerequisiteError
from pulumi_rdsclone.domain.neighbours import (
    Neighbour,
    kept_prefixes,
    neighbour_of,
    who_takes,
)
from pulumi_rdsclone.domain.problems import Problem, Severity
from pulumi_rdsclone.domain.urn import name_in, stack_in
from pulumi_rdsclone.lifecycle.checking import Checked, judge_together
from pulumi_rdsclone.lifecycle.coming import Coming, applicants_of
from pulumi_rdsclone.lifecycle.demands import Applicant
from pulumi_rdsclone.lifecycle.region import Regions
from pulumi_rdsclone.presentation.spelling import to_message


@dataclass(frozen=True)
class _Expected:
    """
    The clones that a program has told of, and that the engine may still ask about.
    """

    applicants: tuple[Applicant, ...] = ()
    neighbours: tuple[Neighbour, ...] = ()


class Together:
    """
    The clones of one run, as the engine asks about them.

    Args:
        sites: Gives where they are made.
        new_key: Gives the key of a clone that is to be made, by its URN.
    """

    def __init__(
        self, sites: Callable[[], Regions], new_key: Callable[[str, Program], str]
    ) -> None:
        self.rest = Rest()
        self._sites = sites
        self._new_key = new_key
        self._neighbours = Neighbours()
        self._lock = threading.Lock()
        self._expecting = threading.Lock()
        self._crowded: dict[str, dict[str, Any]] = {}
        self._program = Program()
        self._expected: dict[str, tuple[Program, _Expected]] = {}
        self._is_full = False

    def enter(
        self, urn: str, inputs: dict[str, Any], region: Any
    ) -> tuple[Neighbour, ...]:
        """
        Note what a clone declares, and return what others have declared before it.

        Args:
            urn: The clone's.
            inputs: As written, a tree in snake_case.
            region: Where it is, unless it declares a region.
        """
        region = region or self._sites().default_region
        return self._neighbours.enter(urn, neighbour_of(name_in(urn), inputs, region))

    def keep(
        self, urn: str, recorded: dict[str, Any], wanted: dict[str, Any]
    ) -> list[Problem]:
        """
        Note which names a clone keeps, and return what is wrong with that.

        Args:
            urn: The clone's.
            recorded: Its outputs, a tree in snake_case.
            wanted: Its inputs, likewise.
        """
        clone = neighbour_of(name_in(urn), wanted, recorded.get("region"))
        kept = kept_prefixes(recorded, wanted)
        keeping = replace(clone, prefixes=clone.prefixes | kept)
        others = self._neighbours.enter(urn, keeping)
        return list(who_takes(kept, keeping, others))

    def hear(self, program: Program) -> None:
        """
        Note what the *program* declares, if it tells.
        """
        if program.clones:
            self._program = program

    def note(self, urn: str, checked: Checked) -> bool:
        """
        Note whether there is no room for a clone and the others; tell it, too.
        """
        is_crowded = any(map(_is_shared, checked.problems))
        with self._lock:
            self._crowded.pop(urn, None)
            if is_crowded:
                self._crowded[urn] = checked.inputs
        return is_crowded

    def errors(self, first: str) -> Iterator[tuple[str, str]]:
        """
        Return for what there is no room, each once, with a clone's URN.

        By now more clones may be known than when that clone was checked. A clone
        whose URN is not known has its name instead.

        Args:
            first: The URN of the clone that is judged before the others.
        """
        told = set()
        with self._lock:
            crowded = sorted(self._crowded.items(), key=lambda one: one[0] != first)
        for urn, inputs in crowded:
            for problem in judge_together(inputs, self._sites()):
                text = to_message(problem)
                if _is_shared(problem) and text not in told:
                    told.add(text)
                    yield urn, text

    def refuse(self, call: Call, inputs: dict[str, Any]) -> None:
        """
        Order nothing while there is no room for all, as far as it is known.

        Where the program has told of all its clones and they find room, nobody waits.
        Otherwise the engine is given time to ask about more. It asks about clones that
        are to be made in this run, and a program may tell of others (--target): they
        count only where the engine cannot have asked about all of its own.

        Raises:
            PrerequisiteError: There is none.
        """
        expected = self._expect(call.urn, inputs)
        if self._program.clones and not self._errors(call, inputs, expected):
            return
        self.rest.wait(call)
        # One that was refused makes room at the engine, not in the cloud.
        if not self._is_full and not self.rest.may_ask_more(self._program.parallel):
            expected = _Expected()
        if errors := self._errors(call, inputs, expected):
            self._is_full = True
            raise PrerequisiteError(errors)

    def _errors(
        self, call: Call, inputs: dict[str, Any], expected: _Expected
    ) -> list[Problem]:
        beside = self._neighbours.beside(call.urn)
        known = {one.name for one in beside}
        more = (one for one in expected.neighbours if one.name not in known)
        own = name_in(call.urn)
        others = (*beside, *(one for one in more if one.name != own))
        problems = judge_together(inputs, self._sites(), expected.applicants, others)
        return [one for one in problems if one.severity is Severity.ERROR]

    def _expect(self, urn: str, inputs: dict[str, Any]) -> _Expected:
        """
        Return the clones of the program that would be ordered in the same region.
        """
        program, region = self._program, str(inputs.get("region"))
        with self._expecting:
            known = self._expected.get(region)
            if known is None or known[0] is not program:
                known = (program, self._told_in(program, urn, region))
                self._expected[region] = known
            return known[1]

    def _told_in(self, program: Program, urn: str, region: str) -> _Expected:
        default = self._sites().default_region
        siblings = [
            one
            for one in siblings_of(urn, program)
            if one.is_to_be_made and (one.inputs.get("region") or default) == region
        ]
        coming = [self._coming(one, program) for one in siblings]
        site = self._sites().at(region)
        return _Expected(
            applicants=tuple(applicants_of(coming, region, site, stack_in(urn))),
            neighbours=tuple(neighbour_of(s.name, s.inputs, region) for s in siblings),
        )

    def _coming(self, sibling: Sibling, program: Program) -> Coming:
        key = self._new_key(sibling.urn, program) if sibling.urn else ""
        return Coming(name=sibling.name, inputs=sibling.inputs, key=key)


def is_own(problem: Problem) -> bool:
    """
    Tell whether *problem* is about one clone alone.
    """
    return problem.check not in TOGETHER


def _is_shared(problem: Problem) -> bool:
    return problem.severity is Severity.ERROR and not is_own(problem)
