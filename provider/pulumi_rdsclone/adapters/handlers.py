"""
Handlers of the engine's calls, shared by dynamic provider and plugin.

The two differ in how a call reaches them and in how the answer is written.
"""

import os
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import uuid4

from pulumi_rdsclone.adapters.calls import Call, CallProgress
from pulumi_rdsclone.adapters.engine import is_unknown, log_on_stack, make_unknown
from pulumi_rdsclone.adapters.news import News
from pulumi_rdsclone.adapters.program import Program
from pulumi_rdsclone.adapters.reports import REPORT, ReportFile
from pulumi_rdsclone.adapters.run import do_at_goodbye
from pulumi_rdsclone.adapters.siblings import Sibling, siblings_of
from pulumi_rdsclone.adapters.together import Together, is_own
from pulumi_rdsclone.adapters.totals import Totals
from pulumi_rdsclone.cloud.regions import CloudRegions
from pulumi_rdsclone.cloud.settings import Settings
from pulumi_rdsclone.domain.changes import explain_kept, summarize
from pulumi_rdsclone.domain.clone_state import CloneState
from pulumi_rdsclone.domain.desired import DesiredClone
from pulumi_rdsclone.domain.differences import Differences
from pulumi_rdsclone.domain.errors import CloneError, PrerequisiteError
from pulumi_rdsclone.domain.expiry import expiry_warning
from pulumi_rdsclone.domain.facts import known_or_none
from pulumi_rdsclone.domain.identity import first_key, next_key
from pulumi_rdsclone.domain.live_state import preview_outputs
from pulumi_rdsclone.domain.market import Price
from pulumi_rdsclone.domain.problems import Problem, errors_in
from pulumi_rdsclone.domain.unknown import has_unknown
from pulumi_rdsclone.domain.urn import name_in, stack_in
from pulumi_rdsclone.domain.values import Properties
from pulumi_rdsclone.lifecycle import (
    checking,
    checking_changes,
    creating,
    deleting,
    diffing,
    importing,
    observing,
    reading,
    updating,
)
from pulumi_rdsclone.lifecycle.checking import Checked
from pulumi_rdsclone.presentation.configuration import configured_settings
from pulumi_rdsclone.presentation.internal_errors import describe_internal_error
from pulumi_rdsclone.presentation.messages import emulator_note
from pulumi_rdsclone.presentation.properties import from_properties, to_properties
from pulumi_rdsclone.presentation.spelling import spell, to_camel, to_message


@dataclass(frozen=True, kw_only=True)
class CheckAnswer:
    """
    The answer of Check.

    Attributes:
        inputs: The normalised inputs.
        errors: What is wrong, one line each; empty when the clone can be made.
        is_crowded: Whether there is no room for this clone and others of the program,
            of which more may be known later.
    """

    inputs: Properties
    errors: list[str]
    is_crowded: bool


@dataclass(frozen=True, kw_only=True)
class ReadAnswer:
    """
    The answer of Read.

    Attributes:
        outputs: All outputs.
        inputs: The inputs as they are now; None when they are not known.
    """

    outputs: Properties
    inputs: Properties | None


class Handlers:
    """
    The provider's process: its configuration, its regions, and the engine's calls.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._configured: dict[str, str] = {}
        self._regions: CloudRegions | None = None
        self._keys: dict[str, str] = {}
        self._judged: set[str] = set()
        self.together = Together(self.regions, self._new_key)
        self._totals = Totals()
        self._is_configured = False
        self._has_failed = False
        self._is_making = False
        self._news = News()
        self._reports = ReportFile(os.environ.get(REPORT, ""))

    def configure(self, config: Callable[[str], str | None]) -> None:
        """
        Use the provider's configuration.

        Args:
            config: Returns the value of a setting by its name in camelCase.
        """
        self._configured |= configured_settings(config)
        if not self._is_configured:
            self._is_configured = True
            do_at_goodbye(self._sum_up)

    def check(
        self, call: Call, *, olds: Properties, news: Properties, program: Program
    ) -> CheckAnswer:
        """
        Serve Check.

        Args:
            call: The call.
            olds: The recorded inputs; empty for a clone that is to be made.
            news: The inputs as written.
            program: The other clones of the program, if they are known.
        """
        recorded, wanted = _from_properties(olds), _from_properties(news)
        together = self.together
        together.set_program(program)
        with together.rest.asking(call.urn):
            checked = checking.check(
                wanted,
                recorded,
                new_key=self._new_key(call.urn, program),
                regions=self.regions(),
                stack=stack_in(call.urn),
                member=checking.Member(
                    name=name_in(call.urn),
                    others=together.enter(
                        call.urn, wanted, region=recorded.get("region")
                    ),
                ),
            )
        if recorded and call.urn:
            self._keys[call.urn] = str(checked.inputs["clone_key"])
        is_crowded = together.note(call.urn, checked)
        errors = self._report(call, checked, is_crowded=is_crowded)
        if errors or is_crowded:
            self._has_failed = True
            errors += self._report_siblings(call, program)
        return CheckAnswer(
            inputs=_to_properties(checked.inputs), errors=errors, is_crowded=is_crowded
        )

    def diff(self, call: Call, *, olds: Properties, news: Properties) -> Differences:
        """
        Serve Diff.
        """
        recorded, desired = _to_state(olds), _to_desired(news)
        differences = diffing.diff(recorded, desired)
        price = self._check_change(
            call, recorded, desired=desired, differences=differences
        )
        if not differences.replaces and (
            problems := self.together.note_kept_names(
                call.urn, recorded, desired=desired
            )
        ):
            raise PrerequisiteError(problems)
        costs = price or _price_in(recorded)
        self._totals.enter(name_in(call.urn), costs, is_ordered=False)
        if differences and recorded.is_unfinished:
            call.warn(
                f"{recorded.instance_id} was {recorded.at('status')} when last "
                "seen — pulumi up continues to wait"
            )
        elif line := summarize(differences, price):
            call.log_persistent(self._news.noted(spell(line)))
        warnings = [
            *explain_kept(differences),
            expiry_warning(recorded.outputs, datetime.now(UTC)),
        ]
        for line in filter(None, warnings):
            call.warn(spell(line))
        return differences

    def _check_change(
        self,
        call: Call,
        recorded: CloneState,
        *,
        desired: DesiredClone,
        differences: Differences,
    ) -> Price | None:
        """
        Check the changes in place, and return the price of the clone afterwards.

        Raises:
            DeadCloneError: The clone is gone or being released.
            PrerequisiteError: The clone cannot be changed like that.
        """
        if differences.replaces or not differences.updates:
            return None
        updating.refuse_dead(recorded, self.regions())
        checked = checking_changes.check_change(
            desired, recorded, changed=differences.updates, regions=self.regions()
        )
        if errors := errors_in(checked.problems):
            raise PrerequisiteError(errors)
        self._warn(call, checked.problems, about=recorded.instance_id)
        return checked.price

    def create(self, call: Call, inputs: Properties) -> Properties:
        """
        Serve Create.
        """
        desired = _to_desired(inputs)
        self._is_making = True
        try:
            with self.together.rest.making():
                self.together.refuse(call, desired)
                outputs = creating.create(
                    desired,
                    self.regions(),
                    progress=CallProgress(call),
                    stack=stack_in(call.urn),
                    timeout=call.timeout,
                )
        except CloneError:
            self._has_failed = True
            raise
        return _to_properties(outputs)

    def read(
        self,
        call: Call,
        instance_id: str,
        *,
        outputs: Properties,
        inputs: Properties | None,
    ) -> ReadAnswer | None:
        """
        Serve Read; None when the clone is gone.
        """
        clone = reading.read(
            instance_id,
            _to_state(outputs),
            desired=_to_desired(inputs) if inputs else None,
            regions=self.regions(),
        )
        if clone is None:
            return None
        for text in clone.warnings:
            call.warn(spell(text))
        return _to_read_answer(clone)

    def update(
        self, call: Call, instance_id: str, *, olds: Properties, news: Properties
    ) -> Properties:
        """
        Serve Update.
        """
        outputs = updating.update(
            instance_id,
            _to_state(olds),
            desired=_to_desired(news),
            regions=self.regions(),
            progress=CallProgress(call),
            timeout=call.timeout,
        )
        return _to_properties(outputs)

    def read_for_import(self, call: Call, name: str) -> ReadAnswer:
        """
        Serve Read of an instance without a state, by *name*.
        """
        reading = importing.read_for_import(
            name, new_key=self._new_key(call.urn, Program()), regions=self.regions()
        )
        return _to_read_answer(reading)

    def report_together(self, call: Call) -> list[str]:
        """
        Report for which clones there is no room, each error on the row of a clone.

        Returns:
            The errors for the row of *call*.
        """
        own = []
        for urn, text in self.together.errors(call.urn):
            if urn != call.urn and urn.startswith("urn:"):
                call.log_error(text, urn)
            else:
                own.append(text)
        return own

    def preview(self, inputs: Properties) -> Properties:
        """
        Serve Create in preview.
        """
        return _to_properties(preview_outputs(_from_properties(inputs)))

    def preview_update(self, olds: Properties, news: Properties) -> Properties:
        """
        Serve Update in preview.
        """
        return _to_properties(
            updating.preview_update(_to_state(olds), _to_desired(news))
        )

    def delete(self, call: Call, instance_id: str, *, outputs: Properties) -> None:
        """
        Serve Delete.
        """
        deleting.delete(
            instance_id,
            _to_state(outputs),
            regions=self.regions(),
            progress=CallProgress(call),
            timeout=call.timeout,
        )

    def _warn(self, call: Call, problems: Iterable[Problem], *, about: object) -> None:
        """
        Show the new warnings about *about*, a source or a clone.
        """
        for problem in self._news.warnings(problems, about):
            call.warn(to_message(problem))

    def _report(self, call: Call, checked: Checked, *, is_crowded: bool) -> list[str]:
        """
        Show warnings and the report on the clone's row, and return the errors.
        """
        self._enter(name_in(call.urn), checked)
        self._warn(
            call, checked.problems, about=checked.inputs.get("source_instance_id")
        )
        errors = _errors(checked)
        is_fine = checked.report is not None and not errors and not is_crowded
        line = self._news.line(checked.report) if checked.report and is_fine else ""
        if line:
            call.log_persistent(line)
        return errors

    def _report_siblings(self, call: Call, program: Program) -> list[str]:
        """
        Report what is wrong with the other clones: the engine will not check them.

        Returns:
            The errors of clones whose URN is not known.
        """
        failures = []
        for sibling in siblings_of(call.urn, program):
            if sibling.name in self._judged or not sibling.is_to_be_made:
                continue
            for text in self._errors_of(sibling, program, call=call):
                if sibling.urn:
                    call.log_error(text, sibling.urn)
                else:
                    failures.append(f"{sibling.name}: {text}")
        return failures

    def _errors_of(
        self, sibling: Sibling, program: Program, *, call: Call
    ) -> list[str]:
        """
        Return what is wrong with *sibling*; a failure to check it is one of its errors.
        """
        urn = sibling.urn or ""
        try:
            checked = checking.check(
                sibling.inputs,
                {},
                new_key=self._new_key(urn, program),
                regions=self.regions(),
                stack=stack_in(call.urn) if urn else "",
                member=checking.Member(
                    name=sibling.name,
                    others=self.together.enter(urn, sibling.inputs, region=None),
                ),
            )
        except CloneError as error:
            return [spell(str(error))]
        except Exception as error:  # noqa: BLE001 - an error of ours, reported as its own
            return [describe_internal_error(error)]
        self.together.note(urn or sibling.name, checked)
        self._enter(sibling.name, checked)
        return _errors(checked)

    def _enter(self, name: str, checked: Checked) -> None:
        self._judged.add(name)
        if checked.report is None:
            return
        price = known_or_none(checked.report.facts.price)
        self._totals.enter(name, price, is_ordered=checked.report.adopted is None)
        if self._reports.is_wanted:
            tree = checked.report.tree()
            self._reports.add(name, tree, program=self._totals.tree())

    def _sum_up(self) -> None:
        """
        Show on the stack's row what the clones of the program cost together.

        Nothing is shown at the end of a run that fails or is cancelled.
        """
        if self._reports.is_wanted:
            self._reports.sum_up(self._totals.tree())
        if self._has_failed or self.together.rest.is_making:
            return
        if line := self._totals.line():
            log_on_stack(line)
        if not self._is_making and (advice := self._totals.advice()):
            log_on_stack(advice, is_warning=True)

    def regions(self) -> CloudRegions:
        """
        Return the regions that the configuration reaches, made by the first call.
        """
        with self._lock:
            if self._regions is None:
                self._regions = CloudRegions(Settings.of(self._configured, os.environ))
                self._news.note = emulator_note(self._regions.emulator)
            return self._regions

    def _new_key(self, urn: str, program: Program) -> str:
        """
        Return the key of a new clone for *urn*.

        On replacement the engine checks twice, the second time without old inputs,
        on a forced one only so: the new clone's key then follows from the old one's.
        Without a URN the key is random, so that the clone is not taken for another
        resource's.
        """
        if key := self._keys.get(urn) or program.keys.get(urn):
            return next_key(key)
        return first_key(identity=self.regions().identity, urn=urn or uuid4().hex)


def _to_read_answer(reading: observing.Reading) -> ReadAnswer:
    return ReadAnswer(
        outputs=_to_properties(reading.outputs),
        inputs=None if reading.inputs is None else _to_properties(reading.inputs),
    )


def _errors(checked: Checked) -> list[str]:
    """
    Return what is wrong with a clone by itself.
    """
    errors = errors_in(checked.problems)
    return [to_message(problem) for problem in errors if is_own(problem)]


def _price_in(recorded: CloneState) -> Price | None:
    """
    Return the recorded price of a clone, that of its order.
    """
    tree = recorded.at("estimated_price")
    return Price(**tree) if isinstance(tree, dict) and not has_unknown(tree) else None


def top_level(paths: Iterable[str]) -> list[str]:
    """
    Return the names of the properties that contain *paths*.
    """
    return sorted({to_camel(path.partition(".")[0]) for path in paths})


def _to_state(outputs: Properties) -> CloneState:
    return CloneState(_from_properties(outputs))


def _to_desired(inputs: Properties) -> DesiredClone:
    return DesiredClone.from_inputs(_from_properties(inputs))


def _from_properties(properties: Properties) -> Properties:
    return from_properties(properties, is_unknown)


def _to_properties(values: Properties) -> Properties:
    return to_properties(values, make_unknown)
