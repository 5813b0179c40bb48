"""
The command ``clones release``.
"""

import sys
from collections.abc import Callable

from pulumi_rdsclone.adapters.reports import report_document
from pulumi_rdsclone.cli import output
from pulumi_rdsclone.cli.guarding import Code, tell
from pulumi_rdsclone.cli.inventory import about
from pulumi_rdsclone.cli.reach import default_region
from pulumi_rdsclone.cloud.regions import Regions
from pulumi_rdsclone.domain.errors import ConfigurationError
from pulumi_rdsclone.lifecycle import releasing
from pulumi_rdsclone.lifecycle.inventory import Clone, find


class Progress:
    """
    `lifecycle.ports.Progress` of whoever waits at a terminal.
    """

    has_listener = True
    is_cancelled = False

    def show(self, text: str) -> None:
        """
        See *Progress.show*.
        """
        if sys.stderr.isatty():
            self.warn(text)

    def after_recorded(self, action: Callable[[], None]) -> None:
        """
        See *Progress.after_recorded*.
        """
        action()

    def warn(self, text: str) -> None:
        """
        See *Progress.warn*.
        """
        tell(f"{text}\n")


def release(instance_id: str, sites: Regions, *, yes: bool, as_json: bool) -> Code:
    """
    Release the clone *instance_id*, unless somebody says no.

    Args:
        instance_id: The clone.
        sites: Where.
        yes: Whether nobody is asked.
        as_json: Whether a program reads the outcome.

    Raises:
        RefusedError: It is no clone, protected, or a subscription.
        ConfigurationError: There is nobody to ask, no region is given, or the
            credentials are refused.
        CloneError: The cloud gave no usable answer, or it is not gone in time.
    """
    if not yes and not (sys.stdin.isatty() and sys.stderr.isatty()):
        msg = (
            "there is no terminal to ask for a confirmation — add --yes to release "
            "without confirmation"
        )
        raise ConfigurationError(msg)
    site = sites.at(default_region(sites))
    clone = find(instance_id, site)
    releasing.refuse_release(clone.seen.instance)
    released = yes or _is_confirmed(clone, sites.emulator)
    if released:
        releasing.release(clone.id, site, Progress())
    if as_json:
        output.document(report_document({**clone.tree(), "released": released}))
    else:
        output.rows([(f"{clone.id} is {'released' if released else 'kept'}",)])
    return Code.FINE if released else Code.REFUSED


def _is_confirmed(clone: Clone, emulator: str) -> bool:
    """
    Ask on stderr: what is piped into a program is the outcome alone.
    """
    output.rows([*about(clone, emulator), ()], labelled=True, stream=sys.stderr)
    sys.stderr.write("Release it for good, with all its data? [y/N] ")
    sys.stderr.flush()
    return sys.stdin.readline().strip().casefold() in ("y", "yes")
