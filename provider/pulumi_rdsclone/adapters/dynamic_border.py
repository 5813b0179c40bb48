"""
The dynamic provider's side of the engine's calls.

Loaded by the provider's process when its first call arrives, never by a program.
"""

from collections.abc import Callable
from typing import Any, Final

from pulumi.dynamic import (
    CheckFailure,
    CheckResult,
    CreateResult,
    DiffResult,
    ReadResult,
    UpdateResult,
)
from pulumi.dynamic.dynamic import PROVIDER_KEY

from pulumi_rdsclone.adapters.border import Border, roots_of
from pulumi_rdsclone.adapters.calls import Call, serve
from pulumi_rdsclone.adapters.engine import end_with_engine
from pulumi_rdsclone.adapters.program import told_in
from pulumi_rdsclone.adapters.pulumi_server import (
    current_call,
    hear_cancel,
    raise_worker_cap,
)
from pulumi_rdsclone.debugging import tell_calls

Properties = dict[str, Any]

WORKERS: Final = 128
"""How many clones may be made at once; the engine's --parallel limits it further."""


class DynamicBorder:
    """
    Answers the calls that Pulumi's Python server hands on.
    """

    def __init__(self) -> None:
        self._border = Border()

    def configure(self, config: Callable[[str], str | None]) -> None:
        """
        Take over the ``rdsclone`` namespace of the stack's configuration.

        Args:
            config: Gives the value of a name such as ``rdsclone:region``.
        """
        raise_worker_cap(WORKERS)
        end_with_engine()
        hear_cancel()
        tell_calls()
        self._border.configure(lambda name: config(f"rdsclone:{name}"))

    def check(self, olds: Properties, news: Properties) -> CheckResult:
        """
        Serve Check.
        """
        call = current_call()
        inputs, errors = serve(call, self._check, olds, news)
        if errors:
            call.reword_error(errors[0])
        # An empty property name: a named one makes the engine print the value.
        failures = [CheckFailure("", error) for error in errors]
        return CheckResult(inputs, failures)

    def _check(
        self, call: Call, olds: Properties, news: Properties
    ) -> tuple[Properties, list[str]]:
        verdict = self._border.check(call, olds, news, told_in(news))
        errors = verdict.errors
        if errors or verdict.is_crowded:
            errors = [*errors, *self._border.tell_together(call)]
        return verdict.inputs, errors

    def diff(self, olds: Properties, news: Properties) -> DiffResult:
        """
        Serve Diff.
        """
        differences = serve(current_call(), self._border.diff, olds, news)
        return DiffResult(
            # A clone that the plugin made has a state without the dynamic provider.
            changes=bool(differences) or PROVIDER_KEY not in olds,
            replaces=roots_of(differences.replaces),
        )

    def create(self, inputs: Properties) -> CreateResult:
        """
        Serve Create.
        """
        outputs = serve(current_call(), self._border.create, inputs)
        return CreateResult(outputs["instanceId"], outputs)

    def read(self, instance_id: str, outputs: Properties) -> ReadResult:
        """
        Serve Read.
        """
        call = current_call()
        inputs = call.recorded_inputs
        reading = serve(call, self._border.read, instance_id, outputs, inputs)
        if reading is None:
            return ReadResult("", {})
        return ReadResult(instance_id, reading.outputs, reading.inputs)

    def update(
        self, instance_id: str, olds: Properties, news: Properties
    ) -> UpdateResult:
        """
        Serve Update.
        """
        call = current_call()
        return UpdateResult(serve(call, self._border.update, instance_id, olds, news))

    def delete(self, instance_id: str, outputs: Properties) -> None:
        """
        Serve Delete.
        """
        serve(current_call(), self._border.delete, instance_id, outputs)


BORDER: Final = DynamicBorder()
"""The one of this process; the engine starts a process per run."""
