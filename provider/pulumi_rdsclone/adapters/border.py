"""
What both borders do in each of the engine's calls: convert, hand on, convert.

The dynamic provider and the plugin differ in how a call reaches them and in how the
answer is written; what happens in between is here.
"""

import os
import re
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from pulumi_rdsclone.adapters.blunders import internal
from pulumi_rdsclone.adapters.calls import Call, CallRow
from pulumi_rdsclone.adapters.engine import is_unknown, make_unknown
from pulumi_rdsclone.adapters.neighbours import Neighbours
from pulumi_rdsclone.adapters.program import Program
from pulumi_rdsclone.adapters.properties import (
    from_properties,
    spell,
    to_camel,
    to_message,
    to_properties,
)
from pulumi_rdsclone.adapters.reports import REPORT, ReportFile
from pulumi_rdsclone.adapters.siblings import Sibling, name_in, siblings_of
from pulumi_rdsclone.cloud.regions import Regions
from pulumi_rdsclone.cloud.settings import Settings
from pulumi_rdsclone.domain.altering import announce, announce_kept
from pulumi_rdsclone.domain.checking import MAY_LOOK
from pulumi_rdsclone.domain.differences import Differences
from pulumi_rdsclone.domain.errors import CloneError, PrerequisiteError
from pulumi_rdsclone.domain.expiry import foretell_expiry
from pulumi_rdsclone.domain.identity import first_key, next_key
from pulumi_rdsclone.domain.market import Price
from pulumi_rdsclone.domain.neighbours import Neighbour, neighbour_of
from pulumi_rdsclone.domain.problems import Problem, Severity
from pulumi_rdsclone.domain.reporting import Report, join_statements
from pulumi_rdsclone.lifecycle import (
    changing,
    checking,
    checking_changes,
    creating,
    importing,
    releasing,
)
from pulumi_rdsclone.lifecycle.checking import Checked
from pulumi_rdsclone.lifecycle.telling import foretold, is_unfinished

Properties = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """
    What Check answers.

    Attributes:
        inputs: The normalised inputs.
        errors: What is wrong, one line each; empty when the clone can be made.
    """

    inputs: Properties
    errors: list[str]


@dataclass(frozen=True, kw_only=True)
class Reading:
    """
    What Read answers.

    Attributes:
        outputs: All outputs.
        inputs: The inputs as they are now; None when they are not known.
    """

    outputs: Properties
    inputs: Properties | None


class Border:
    """
    The provider's process: its configuration, its regions, and the engine's calls.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._configured: dict[str, str] = {}
        self._regions: Regions | None = None
        self._keys: dict[str, str] = {}
        self._judged: set[str] = set()
        self._neighbours = Neighbours()
        self._warned: set[tuple[object, str, str]] = set()
        self._reported: dict[object, set[str]] = {}
        self._note = ""
        self._reports = ReportFile(os.environ.get(REPORT, ""))

    def configure(self, config: Callable[[str], str | None]) -> None:
        """
        Take over the provider's configuration.

        Args:
            config: Gives the value of a setting by its name in camelCase.
        """
        for setting in fields(Settings):
            if value := config(to_camel(setting.name)):
                self._configured[setting.name] = value

    def check(
        self, call: Call, olds: Properties, news: Properties, program: Program
    ) -> Verdict:
        """
        Serve Check.

        Args:
            call: The call.
            olds: The recorded inputs; empty for a clone that is to be made.
            news: The inputs as written.
            program: What else the program declares, as far as it told.
        """
        recorded, wanted = _read(olds), _read(news)
        checked = checking.check(
            wanted,
            recorded,
            self._new_key(call.urn, program),
            self.reach(),
            stack=_stack(call.urn),
            others=self._others(call.urn, wanted, recorded),
        )
        if recorded and call.urn:
            self._keys[call.urn] = str(checked.inputs["clone_key"])
        errors = self._tell(call, checked)
        if errors:
            errors += self._tell_siblings(call, program)
        return Verdict(inputs=_written(checked.inputs), errors=errors)

    def diff(self, call: Call, olds: Properties, news: Properties) -> Differences:
        """
        Serve Diff.
        """
        recorded, wanted = _read(olds), _read(news)
        differences = changing.diff(recorded, wanted)
        price = self._check_change(call, recorded, wanted, differences)
        if differences and is_unfinished(recorded):
            call.warn(
                f"{recorded['instance_id']} was {recorded.get('status')} when last "
                "seen — pulumi up continues to wait"
            )
        elif line := announce(differences, price):
            call.tell_to_stay(self._noted(spell(line)))
        warnings = [
            *announce_kept(differences),
            foretell_expiry(recorded, datetime.now(UTC)),
        ]
        for line in filter(None, warnings):
            call.warn(spell(line))
        return differences

    def _check_change(
        self,
        call: Call,
        recorded: dict[str, Any],
        wanted: dict[str, Any],
        differences: Differences,
    ) -> Price | None:
        """
        Judge what changes in place, and return what the clone costs afterwards.

        Raises:
            DeadCloneError: The clone is gone or going.
            PrerequisiteError: The clone cannot become that.
        """
        if differences.replaces or not differences.updates:
            return None
        changing.refuse_dead(recorded, self.reach())
        checked = checking_changes.check_change(
            wanted, recorded, differences.updates, self.reach()
        )
        errors = [p for p in checked.problems if p.severity is Severity.ERROR]
        if errors:
            raise PrerequisiteError(errors)
        self._warn(call, checked.problems, recorded["instance_id"])
        return checked.price

    def create(self, call: Call, inputs: Properties) -> Properties:
        """
        Serve Create.
        """
        outputs = creating.create(
            _read(inputs),
            self.reach(),
            CallRow(call),
            stack=_stack(call.urn),
            timeout=call.timeout,
        )
        return _written(outputs)

    def read(
        self,
        call: Call,
        instance_id: str,
        outputs: Properties,
        inputs: Properties | None,
    ) -> Reading | None:
        """
        Serve Read; None when the clone is gone.
        """
        reading = changing.read(
            instance_id,
            _read(outputs),
            None if inputs is None else _read(inputs),
            self.reach(),
        )
        if reading is None:
            return None
        for text in reading.warnings:
            call.warn(spell(text))
        return _written_reading(reading)

    def update(
        self, call: Call, instance_id: str, olds: Properties, news: Properties
    ) -> Properties:
        """
        Serve Update.
        """
        outputs = changing.update(
            instance_id,
            _read(olds),
            _read(news),
            self.reach(),
            CallRow(call),
            timeout=call.timeout,
        )
        return _written(outputs)

    def read_for_import(self, call: Call, name: str) -> Reading:
        """
        Serve Read of an instance of which only *name* is known.
        """
        reading = importing.read_for_import(
            name, self._new_key(call.urn, Program()), self.reach()
        )
        return _written_reading(reading)

    def foretell(self, inputs: Properties) -> Properties:
        """
        Serve Create in preview.
        """
        return _written(foretold(_read(inputs)))

    def foretell_update(self, olds: Properties, news: Properties) -> Properties:
        """
        Serve Update in preview.
        """
        return _written(changing.foretell_update(_read(olds), _read(news)))

    def delete(self, call: Call, instance_id: str, outputs: Properties) -> None:
        """
        Serve Delete.
        """
        releasing.delete(
            instance_id,
            _read(outputs),
            self.reach(),
            CallRow(call),
            timeout=call.timeout,
        )

    def _warn(self, call: Call, problems: Iterable[Problem], about: object) -> None:
        """
        Show the warnings about *about*, a source or a clone, that are news.
        """
        for problem in problems:
            if problem.severity is Severity.WARNING and self._is_news(problem, about):
                call.warn(to_message(problem))

    def _tell(self, call: Call, checked: Checked) -> list[str]:
        """
        Show warnings and the report on the clone's row, and give the errors.
        """
        self._enter(name_in(call.urn), checked)
        self._warn(call, checked.problems, checked.inputs.get("source_instance_id"))
        errors = _errors(checked)
        line = self._line(checked.report) if checked.report and not errors else ""
        if line:
            call.tell_to_stay(line)
        return errors

    def _line(self, report: Report) -> str:
        """
        Return what *report* says that no other clone's of the same source has said yet.
        """
        statements = report.statements()
        with self._lock:
            told = self._reported.setdefault(report.spec.source_instance_id, set())
            news = [text for key, text in statements.items() if key not in told]
            told.update(statements)
        return self._noted(join_statements(news)) if news else ""

    def _noted(self, line: str) -> str:
        """
        Return *line*; the first one in a run says where an emulator answers.
        """
        with self._lock:
            note, self._note = self._note, ""
        return f"{line}{note}"

    def _tell_siblings(self, call: Call, program: Program) -> list[str]:
        """
        Tell what is wrong with the other clones: the engine will not ask for them.

        Returns:
            The errors of those whose own row cannot be named.
        """
        failures = []
        for sibling in siblings_of(call.urn, program):
            if sibling.name in self._judged or not sibling.is_to_be_made:
                continue
            for text in self._errors_of(sibling, program, call):
                if sibling.urn:
                    call.tell_error(text, sibling.urn)
                else:
                    failures.append(f"{sibling.name}: {text}")
        return failures

    def _errors_of(self, sibling: Sibling, program: Program, call: Call) -> list[str]:
        """
        Judge *sibling*; that it cannot be asked about must hide no other's errors.
        """
        urn = sibling.urn or ""
        try:
            checked = checking.check(
                sibling.inputs,
                {},
                self._new_key(urn, program),
                self.reach(),
                stack=_stack(call.urn) if urn else "",
                others=self._others(urn, sibling.inputs, {}),
            )
        except CloneError as error:
            return [spell(str(error))]
        except Exception as error:  # noqa: BLE001 - a fault of ours, told as its own
            return [internal(error)]
        self._enter(sibling.name, checked)
        return _errors(checked)

    def _others(
        self, urn: str, inputs: dict[str, Any], olds: dict[str, Any]
    ) -> tuple[Neighbour, ...]:
        """
        Note what a clone declares, and return what others have declared before it.
        """
        region = olds.get("region") or self.reach().default_region
        clone = neighbour_of(name_in(urn), inputs, region)
        return self._neighbours.enter(urn, clone)

    def _enter(self, name: str, checked: Checked) -> None:
        self._judged.add(name)
        if checked.report is not None and self._reports.is_wanted:
            self._reports.add(name, checked.report.tree())

    def _is_news(self, problem: Problem, instance: object) -> bool:
        """
        Return whether a warning about *instance*, a source or clone, is a new one.

        A permission that is missing is missing for all.
        """
        about = None if problem.check == MAY_LOOK else instance
        told = (about, problem.path, problem.what)
        with self._lock:
            is_known = told in self._warned
            self._warned.add(told)
        return not is_known

    def reach(self) -> Regions:
        """
        Give the regions that the configuration reaches, made when first asked.
        """
        with self._lock:
            if self._regions is None:
                self._regions = Regions(Settings.of(self._configured, os.environ))
                if self._regions.emulator:
                    self._note = f" (emulator at {self._regions.emulator})"
            return self._regions

    def _new_key(self, urn: str, program: Program) -> str:
        """
        Give the key of a clone that is to be made for *urn*.

        On replacement the engine checks twice, the second time without old inputs,
        on a forced one only so: the new clone's key then follows from the old one's.
        Without a URN a clone must not be taken for another resource's, so nothing can
        be found again.
        """
        if key := self._keys.get(urn) or program.keys.get(urn):
            return next_key(key)
        return first_key(identity=self.reach().identity, urn=urn or uuid4().hex)


def _written_reading(reading: changing.Reading) -> Reading:
    return Reading(
        outputs=_written(reading.outputs),
        inputs=None if reading.inputs is None else _written(reading.inputs),
    )


def _stack(urn: str) -> str:
    """
    Give project and stack as they stand in *urn*: urn:pulumi:STACK::PROJECT::….
    """
    match = re.match(r"urn:pulumi:(?P<stack>.+?)::(?P<project>.+?)::", urn)
    return "{project}/{stack}".format(**match.groupdict()) if match else "unknown"


def _errors(checked: Checked) -> list[str]:
    errors = (p for p in checked.problems if p.severity is Severity.ERROR)
    return [to_message(problem) for problem in errors]


def roots_of(paths: Iterable[str]) -> list[str]:
    """
    Name the properties that *paths* lie in.
    """
    return sorted({to_camel(path.partition(".")[0]) for path in paths})


def _read(properties: Properties) -> dict[str, Any]:
    return from_properties(properties, is_unknown)


def _written(values: dict[str, Any]) -> Properties:
    return to_properties(values, make_unknown)
