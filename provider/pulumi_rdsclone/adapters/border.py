"""
What the dynamic provider does in each of Pulumi's calls: convert, hand on, convert.

Loaded by the provider's process when its first call arrives, never by a program.
"""

import os
import re
import threading
from collections.abc import Callable
from dataclasses import fields
from typing import Any, Final
from uuid import uuid4

from pulumi.dynamic import (
    CheckFailure,
    CheckResult,
    CreateResult,
    DiffResult,
    ReadResult,
    UpdateResult,
)

from pulumi_rdsclone.adapters.calls import CallRow, guarded
from pulumi_rdsclone.adapters.program import Program, told_in
from pulumi_rdsclone.adapters.properties import (
    from_properties,
    spell,
    to_camel,
    to_message,
    to_properties,
)
from pulumi_rdsclone.adapters.pulumi_server import (
    Call,
    current_call,
    end_with_engine,
    hear_cancel,
    is_unknown,
    make_unknown,
    raise_worker_cap,
)
from pulumi_rdsclone.adapters.reports import REPORT, ReportFile
from pulumi_rdsclone.adapters.siblings import Sibling, name_in, siblings_of
from pulumi_rdsclone.cloud.regions import Regions
from pulumi_rdsclone.cloud.settings import Settings
from pulumi_rdsclone.domain.checking import MAY_LOOK
from pulumi_rdsclone.domain.errors import CloneError
from pulumi_rdsclone.domain.identity import first_key, next_key
from pulumi_rdsclone.domain.problems import Problem, Severity
from pulumi_rdsclone.lifecycle import changing, checking, creating
from pulumi_rdsclone.lifecycle.checking import Checked
from pulumi_rdsclone.lifecycle.ports import Row

Properties = dict[str, Any]

WORKERS: Final = 128
"""How many clones may be made at once; the engine's --parallel limits it further."""


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
        self._unverified: set[str] = set()
        self._reports = ReportFile(os.environ.get(REPORT, ""))

    def configure(self, config: Callable[[str], str | None]) -> None:
        """
        Take over the ``rdsclone`` namespace of the stack's configuration.

        Args:
            config: Gives the value of a name such as ``rdsclone:region``.
        """
        raise_worker_cap(WORKERS)
        end_with_engine()
        hear_cancel()
        for setting in fields(Settings):
            if value := config(f"rdsclone:{to_camel(setting.name)}"):
                self._configured[setting.name] = value

    @guarded
    def check(self, olds: Properties, news: Properties) -> CheckResult:
        """
        Serve Check.
        """
        call = current_call()
        recorded = from_properties(olds, is_unknown)
        wanted = from_properties(news, is_unknown)
        program = told_in(news)
        checked = checking.check(
            wanted,
            recorded,
            self._new_key(call.urn, program),
            self._reach(),
            stack=_stack(call.urn),
        )
        if recorded and call.urn:
            self._keys[call.urn] = str(checked.inputs["clone_key"])
        failures = self._tell(call, checked)
        if failures:
            failures += self._tell_siblings(call, program)
        # An empty property name: a named one makes the engine print the value.
        return CheckResult(
            _told(checked.inputs), [CheckFailure("", text) for text in failures]
        )

    @guarded
    def diff(self, olds: Properties, news: Properties) -> DiffResult:
        """
        Serve Diff.
        """
        recorded = from_properties(olds, is_unknown)
        differences = changing.diff(recorded, from_properties(news, is_unknown))
        if differences and changing.is_unfinished(recorded):
            current_call().warn(
                f"{recorded['instance_id']} was {recorded.get('status')} when last "
                "seen; the update goes on waiting for it"
            )
        roots = {path.split(".")[0] for path in differences.replaces}
        return DiffResult(
            changes=bool(differences), replaces=sorted(map(to_camel, roots))
        )

    @guarded
    def create(self, inputs: Properties) -> CreateResult:
        """
        Serve Create.
        """
        call = current_call()
        outputs = creating.create(
            from_properties(inputs, is_unknown),
            self._reach(),
            self._row(call),
            stack=_stack(call.urn),
            timeout=call.timeout,
        )
        return CreateResult(outputs["instance_id"], _told(outputs))

    @guarded
    def read(self, instance_id: str, outputs: Properties) -> ReadResult:
        """
        Serve Read.
        """
        inputs = current_call().recorded_inputs
        reading = changing.read(
            instance_id,
            from_properties(outputs, is_unknown),
            from_properties(inputs, is_unknown) if inputs else None,
            self._reach(),
        )
        if reading is None:
            return ReadResult("", {})
        drifted = None if reading.inputs is None else _told(reading.inputs)
        return ReadResult(instance_id, _told(reading.outputs), drifted)

    @guarded
    def update(
        self, instance_id: str, olds: Properties, news: Properties
    ) -> UpdateResult:
        """
        Serve Update.
        """
        call = current_call()
        outputs = changing.update(
            instance_id,
            from_properties(olds, is_unknown),
            from_properties(news, is_unknown),
            self._reach(),
            self._row(call),
            timeout=call.timeout,
        )
        return UpdateResult(_told(outputs))

    @guarded
    def delete(self, instance_id: str, outputs: Properties) -> None:
        """
        Serve Delete.
        """
        call = current_call()
        changing.delete(
            instance_id,
            from_properties(outputs, is_unknown),
            self._reach(),
            self._row(call),
            timeout=call.timeout,
        )

    def _tell(self, call: Call, checked: Checked) -> list[str]:
        """
        Show warnings and the report on the clone's row, and give the errors.
        """
        self._enter(name_in(call.urn), checked)
        for problem in checked.problems:
            if problem.severity is Severity.WARNING and self._is_news(problem):
                call.warn(to_message(problem))
        errors = _errors(checked)
        if checked.report is not None and not errors:
            call.tell_to_stay(f"{checked.report.line()}{self._note()}")
        return errors

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
                self._reach(),
                stack=_stack(call.urn) if urn else "",
            )
        except CloneError as error:
            return [spell(str(error))]
        self._enter(sibling.name, checked)
        return _errors(checked)

    def _enter(self, name: str, checked: Checked) -> None:
        self._judged.add(name)
        if checked.report is not None and self._reports.is_wanted:
            self._reports.add(name, checked.report.tree())

    def _is_news(self, problem: Problem) -> bool:
        """
        Tell whether a warning is new: a permission that is missing is so for all.
        """
        if problem.check != MAY_LOOK:
            return True
        with self._lock:
            known = problem.what in self._unverified
            self._unverified.add(problem.what)
        return not known

    def _reach(self) -> Regions:
        """
        Give the regions that the configuration reaches, made when first asked.
        """
        with self._lock:
            if self._regions is None:
                self._regions = Regions(Settings.of(self._configured, os.environ))
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
        return first_key(identity=self._reach().identity, urn=urn or uuid4().hex)

    def _row(self, call: Call) -> Row:
        return CallRow(call, self._note())

    def _note(self) -> str:
        emulator = self._reach().emulator
        return f" (emulator at {emulator})" if emulator else ""


def _stack(urn: str) -> str:
    """
    Give project and stack as they stand in *urn*: urn:pulumi:STACK::PROJECT::….
    """
    match = re.match(r"urn:pulumi:(?P<stack>.+?)::(?P<project>.+?)::", urn)
    return "{project}/{stack}".format(**match.groupdict()) if match else "unknown"


def _errors(checked: Checked) -> list[str]:
    errors = (p for p in checked.problems if p.severity is Severity.ERROR)
    return [to_message(problem) for problem in errors]


def _told(values: dict[str, Any]) -> Properties:
    return to_properties(values, make_unknown)


BORDER: Final = Border()
"""The one of this process; the engine starts a process per run."""
