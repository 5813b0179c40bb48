"""
Checks the clones of a program together, as far as this process knows them.
"""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from pulumi_rdsclone.adapters.calls import Call
from pulumi_rdsclone.adapters.neighbours import Neighbours
from pulumi_rdsclone.adapters.program import Program
from pulumi_rdsclone.adapters.rest import Rest
from pulumi_rdsclone.adapters.siblings import Sibling, siblings_of
from pulumi_rdsclone.domain.checks.program import TOGETHER
from pulumi_rdsclone.domain.clone_state import CloneState
from pulumi_rdsclone.domain.desired import DesiredClone
from pulumi_rdsclone.domain.errors import PrerequisiteError
from pulumi_rdsclone.domain.neighbours import (
    Neighbour,
    kept_prefixes,
    neighbour_of,
    who_takes,
)
from pulumi_rdsclone.domain.problems import Problem, Severity, errors_in
from pulumi_rdsclone.domain.urn import name_in, stack_in
from pulumi_rdsclone.domain.values import Properties, PropertyValue
from pulumi_rdsclone.lifecycle.checking import Checked, judge_together
from pulumi_rdsclone.lifecycle.coming import Coming, applicants_of
from pulumi_rdsclone.lifecycle.demands import Applicant
from pulumi_rdsclone.lifecycle.region import Regions
from pulumi_rdsclone.presentation.spelling import to_message


@dataclass(frozen=True)
class _Expected:
    """
    The declared clones that the engine may still check.
    """

    applicants: tuple[Applicant, ...] = ()
    neighbours: tuple[Neighbour, ...] = ()


class Together:
    """
    The clones of one run, as the engine checks them.

    Args:
        regions: Returns the configured regions.
        new_key: Returns the key of a new clone, by its URN.
    """

    def __init__(
        self, regions: Callable[[], Regions], new_key: Callable[[str, Program], str]
    ) -> None:
        self.rest = Rest()
        self._regions = regions
        self._new_key = new_key
        self._neighbours = Neighbours()
        self._lock = threading.Lock()
        self._expecting = threading.Lock()
        self._crowded: dict[str, DesiredClone] = {}
        self._program = Program()
        self._expected: dict[str, tuple[Program, _Expected]] = {}
        self._is_full = False

    def enter(
        self, urn: str, inputs: Properties, *, region: PropertyValue
    ) -> tuple[Neighbour, ...]:
        """
        Note the declaration of a clone, and return those of the clones before it.

        Args:
            urn: The clone's.
            inputs: As written, a tree in snake_case.
            region: Its region, unless it declares one.
        """
        region = region or self._regions().default_region
        return self._neighbours.enter(
            urn, neighbour_of(name_in(urn), inputs, region=region)
        )

    def note_kept_names(
        self, urn: str, recorded: CloneState, *, desired: DesiredClone
    ) -> list[Problem]:
        """
        Note the endpoint names that a clone keeps, and return conflicts with others.

        Args:
            urn: The clone's.
            recorded: Its recorded outputs.
            desired: What is asked for.
        """
        clone = neighbour_of(name_in(urn), desired.inputs, region=recorded.at("region"))
        kept = kept_prefixes(recorded.outputs, desired.inputs)
        keeping = replace(clone, prefixes=clone.prefixes | kept)
        others = self._neighbours.enter(urn, keeping)
        return list(who_takes(kept, keeping, others=others))

    def set_program(self, program: Program) -> None:
        """
        Set the declared clones, if *program* names them.
        """
        if program.clones:
            self._program = program

    def note(self, urn: str, checked: Checked) -> bool:
        """
        Note, and return, whether there is no room for a clone and the others.
        """
        is_crowded = any(map(_is_shared, checked.problems))
        with self._lock:
            self._crowded.pop(urn, None)
            if is_crowded:
                self._crowded[urn] = DesiredClone.from_inputs(checked.inputs)
        return is_crowded

    def errors(self, first: str) -> Iterator[tuple[str, str]]:
        """
        Yield the errors of clones without room, each once, with a clone's URN.

        More clones may be known than when that clone was checked. A clone whose URN is
        not known has its name instead.

        Args:
            first: The URN of the clone that is checked before the others.
        """
        yielded = set()
        with self._lock:
            crowded = sorted(self._crowded.items(), key=lambda entry: entry[0] != first)
        for urn, desired in crowded:
            for problem in judge_together(desired, self._regions()):
                text = to_message(problem)
                if _is_shared(problem) and text not in yielded:
                    yielded.add(text)
                    yield urn, text

    def refuse(self, call: Call, desired: DesiredClone) -> None:
        """
        Refuse to order a clone while there is no room for all that are known.

        Where the program has declared all its clones and there is room for them, this
        does not wait. Otherwise the engine gets time to check more. It checks clones of
        this run, and a program may declare others (--target): they count only where
        the engine cannot have checked all of its own.

        Raises:
            PrerequisiteError: There is no room.
        """
        expected = self._expect(call.urn, desired)
        if self._program.clones and not self._errors(call, desired, expected=expected):
            return
        self.rest.wait(call)
        # A refused clone makes room at the engine, not in the cloud.
        if not self._is_full and not self.rest.may_ask_more(self._program.parallel):
            expected = _Expected()
        if errors := self._errors(call, desired, expected=expected):
            self._is_full = True
            raise PrerequisiteError(errors)

    def _errors(
        self, call: Call, desired: DesiredClone, *, expected: _Expected
    ) -> list[Problem]:
        beside = self._neighbours.beside(call.urn)
        known = {name_in(call.urn), *(clone.name for clone in beside)}
        more = (clone for clone in expected.neighbours if clone.name not in known)
        others = (*beside, *more)
        problems = judge_together(
            desired, self._regions(), expected=expected.applicants, others=others
        )
        return errors_in(problems)

    def _expect(self, urn: str, desired: DesiredClone) -> _Expected:
        """
        Return the clones of the program that would be ordered in the same region.
        """
        program, region_id = self._program, str(desired.inputs.get("region"))
        with self._expecting:
            known = self._expected.get(region_id)
            if known is None or known[0] is not program:
                known = (program, self._expected_in(program, urn, region_id=region_id))
                self._expected[region_id] = known
            return known[1]

    def _expected_in(self, program: Program, urn: str, *, region_id: str) -> _Expected:
        default = self._regions().default_region
        siblings = [
            sibling
            for sibling in siblings_of(urn, program)
            if sibling.is_to_be_made
            and (sibling.inputs.get("region") or default) == region_id
        ]
        coming = [self._coming(sibling, program) for sibling in siblings]
        region = self._regions().at(region_id)
        return _Expected(
            applicants=tuple(
                applicants_of(coming, region_id, region=region, stack=stack_in(urn))
            ),
            neighbours=tuple(
                neighbour_of(s.name, s.inputs, region=region_id) for s in siblings
            ),
        )

    def _coming(self, sibling: Sibling, program: Program) -> Coming:
        key = self._new_key(sibling.urn, program) if sibling.urn else ""
        return Coming(name=sibling.name, inputs=sibling.inputs, key=key)


def is_own(problem: Problem) -> bool:
    """
    Return whether *problem* is about one clone alone.
    """
    return problem.check not in TOGETHER


def _is_shared(problem: Problem) -> bool:
    return problem.severity is Severity.ERROR and not is_own(problem)
