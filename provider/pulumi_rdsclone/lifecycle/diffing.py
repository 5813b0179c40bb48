"""
Diff: compare a clone with its declaration, without asking the API.
"""

from pulumi_rdsclone.domain.clone_state import CloneState
from pulumi_rdsclone.domain.desired import DesiredClone
from pulumi_rdsclone.domain.differences import Differences, compare


def diff(olds: CloneState, desired: DesiredClone) -> Differences:
    """
    Compare a clone with what is asked for now, without asking the cloud.

    Args:
        olds: The recorded outputs.
        desired: What is asked for; may hold *UNKNOWN*.
    """
    differences = compare(olds, desired)
    if differences or not olds.is_unfinished:
        return differences
    return Differences(updates=("status",))
