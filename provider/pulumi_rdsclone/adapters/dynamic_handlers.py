"""
Serves the engine's calls as a dynamic provider.

Loaded by the provider's process with its first call, not by programs.
"""

from collections.abc import Callable
from typing import Final

from pulumi.dynamic import (
    CheckFailure,
    CheckResult,
    CreateResult,
    DiffResult,
    ReadResult,
    UpdateResult,
)
from pulumi.dynamic.dynamic import PROVIDER_KEY

from pulumi_rdsclone.adapters.calls import Call, run_guarded
from pulumi_rdsclone.adapters.handlers import Handlers, top_level
from pulumi_rdsclone.adapters.program import program_from
from pulumi_rdsclone.adapters.pulumi_server import (
    current_call,
    patch_cancel,
    raise_worker_cap,
)
from pulumi_rdsclone.adapters.run import exit_with_engine
from pulumi_rdsclone.debugging import log_calls
from pulumi_rdsclone.domain.values import Properties

WORKERS: Final = 128
"""How many clones may be made at once; the engine's --parallel limits it further."""


class DynamicHandlers:
    """
    Answers the calls that Pulumi's Python server passes on.
    """

    def __init__(self) -> None:
        self._handlers = Handlers()

    def configure(self, config: Callable[[str], str | None]) -> None:
        """
        Use the ``rdsclone`` namespace of the stack's configuration.

        Args:
            config: Returns the value of a name such as ``rdsclone:region``.
        """
        raise_worker_cap(WORKERS)
        exit_with_engine()
        patch_cancel()
        log_calls()
        self._handlers.configure(lambda name: config(f"rdsclone:{name}"))

    def check(self, olds: Properties, news: Properties) -> CheckResult:
        """
        Serve Check.
        """
        call = current_call()
        inputs, errors = run_guarded(call, self._check, olds=olds, news=news)
        if errors:
            call.reword_error(errors[0])
        # An empty property name: a named one makes the engine print the value.
        failures = [CheckFailure("", error) for error in errors]
        return CheckResult(dict(inputs), failures)

    def _check(
        self, call: Call, *, olds: Properties, news: Properties
    ) -> tuple[Properties, list[str]]:
        answer = self._handlers.check(
            call, olds=olds, news=news, program=program_from(news)
        )
        errors = answer.errors
        if errors or answer.is_crowded:
            errors = [*errors, *self._handlers.report_together(call)]
        return answer.inputs, errors

    def diff(self, olds: Properties, news: Properties) -> DiffResult:
        """
        Serve Diff.
        """
        differences = run_guarded(
            current_call(), self._handlers.diff, olds=olds, news=news
        )
        return DiffResult(
            # The state of a clone from the plugin lacks the dynamic provider.
            changes=bool(differences) or PROVIDER_KEY not in olds,
            replaces=top_level(differences.replaces),
        )

    def create(self, inputs: Properties) -> CreateResult:
        """
        Serve Create.
        """
        outputs = run_guarded(current_call(), self._handlers.create, inputs)
        return CreateResult(outputs["instanceId"], dict(outputs))

    def read(self, instance_id: str, outputs: Properties) -> ReadResult:
        """
        Serve Read.
        """
        call = current_call()
        inputs = call.recorded_inputs
        reading = run_guarded(
            call, self._handlers.read, instance_id, outputs=outputs, inputs=inputs
        )
        if reading is None:
            return ReadResult("", {})
        declared = None if reading.inputs is None else dict(reading.inputs)
        return ReadResult(instance_id, dict(reading.outputs), declared)

    def update(
        self, instance_id: str, olds: Properties, news: Properties
    ) -> UpdateResult:
        """
        Serve Update.
        """
        call = current_call()
        outputs = run_guarded(
            call, self._handlers.update, instance_id, olds=olds, news=news
        )
        return UpdateResult(dict(outputs))

    def delete(self, instance_id: str, outputs: Properties) -> None:
        """
        Serve Delete.
        """
        run_guarded(current_call(), self._handlers.delete, instance_id, outputs=outputs)


HANDLERS: Final = DynamicHandlers()
"""The handlers of this process; the engine starts a process per run."""
