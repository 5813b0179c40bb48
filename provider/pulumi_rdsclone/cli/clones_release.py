"""
The command ``clones release``.
"""

import sys
from collections.abc import Callable

from typing_extensions import override

from pulumi_rdsclone.cli import output
from pulumi_rdsclone.cli.clones import clone_rows
from pulumi_rdsclone.cli.connection import default_region
from pulumi_rdsclone.cli.exit_codes import ExitCode, write_error
from pulumi_rdsclone.cloud.regions import CloudRegions
from pulumi_rdsclone.domain.errors import ConfigurationError
from pulumi_rdsclone.lifecycle import releasing
from pulumi_rdsclone.lifecycle.inventory import OwnedClone, find
from pulumi_rdsclone.lifecycle.ports import Progress
from pulumi_rdsclone.presentation.documents import to_document


class TerminalProgress(Progress):
    """
    Progress that is written to the terminal.
    """

    has_listener = True
    is_cancelled = False

    @override
    def show(self, text: str) -> None:
        if sys.stderr.isatty():
            self.warn(text)

    @override
    def after_recorded(self, action: Callable[[], None]) -> None:
        action()

    @override
    def warn(self, text: str) -> None:
        write_error(f"{text}\n")


def release_clone(
    instance_id: str, regions: CloudRegions, *, yes: bool, as_json: bool
) -> ExitCode:
    """
    Release the clone *instance_id* after a confirmation.

    Args:
        instance_id: The clone.
        regions: The configured regions.
        yes: Whether to skip the confirmation.
        as_json: Whether to print JSON.

    Raises:
        RefusedError: It is not a clone, is protected, or is a subscription.
        ConfigurationError: There is no terminal, no region is given, or the
            credentials are refused.
        CloneError: The cloud gave no usable answer, or the clone is not gone in time.
    """
    if not yes and not (sys.stdin.isatty() and sys.stderr.isatty()):
        message = (
            "there is no terminal to ask for a confirmation — add --yes to release "
            "without confirmation"
        )
        raise ConfigurationError(message)
    region = regions.at(default_region(regions))
    clone = find(instance_id, region)
    releasing.refuse_release(clone.seen.instance)
    released = yes or _is_confirmed(clone, regions.emulator)
    if released:
        releasing.release(clone.id, region, progress=TerminalProgress())
    if as_json:
        output.document(to_document({**clone.tree(), "released": released}))
    else:
        output.rows([(f"{clone.id} is {'released' if released else 'kept'}",)])
    return ExitCode.SUCCESS if released else ExitCode.REFUSED


def _is_confirmed(clone: OwnedClone, emulator: str) -> bool:
    """
    Ask on stderr and return whether the answer is yes; stdout is for the outcome.
    """
    output.rows([*clone_rows(clone, emulator), ()], labelled=True, stream=sys.stderr)
    sys.stderr.write("Release it for good, with all its data? [y/N] ")
    sys.stderr.flush()
    return sys.stdin.readline().strip().casefold() in ("y", "yes")
