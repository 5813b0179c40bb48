"""
In which condition a source can be cloned.
"""

from pulumi_rdsclone.domain.checking import Finding, Rules
from pulumi_rdsclone.domain.instances import Instance
from pulumi_rdsclone.domain.spec import CloneSpec

RULES = Rules()


@RULES.check("source-primary", "source_instance_id")
def source_is_a_primary(spec: CloneSpec, source: Instance) -> Finding | None:
    """
    Only a primary instance can be cloned.

    Source: product documentation ("primary instance"); CloneDBInstance answers
    IncorrectCharacterType.
    """
    if source.role == "Primary":
        return None
    return Finding(
        f"{spec.source_instance_id} is a {source.role} instance",
        "name the primary instance it belongs to",
    )


@RULES.check("source-running", "source_instance_id")
def source_is_running(spec: CloneSpec, source: Instance) -> Finding | None:
    """
    The source is Running.

    Source: the prerequisites of cloning in the product documentation.
    """
    if source.status == "Running":
        return None
    return Finding(
        f"{spec.source_instance_id} is {source.status}", "wait until it is Running"
    )


_LOCKS = {
    "ManualLock": ("locked by hand", "unlock it in the console"),
    "LockByExpiration": ("locked because it expired", "renew it"),
    "LockByRestoration": ("locked by a rollback", "wait for the rollback to end"),
    "LockByDiskQuota": ("locked because its disk is full", "extend its storage"),
    "LockReadInstanceByDiskQuota": (
        "locked because its disk is full",
        "extend its storage",
    ),
}
"""Source: DescribeDBInstanceAttribute, LockMode."""


@RULES.check("source-unlocked", "source_instance_id")
def source_is_unlocked(spec: CloneSpec, source: Instance) -> Finding | None:
    """
    The source is not locked.

    Source: the prerequisites of cloning in the product documentation.
    """
    if source.lock_mode in ("Unlock", ""):
        return None
    what, remedy = _LOCKS.get(
        source.lock_mode, (f"locked ({source.lock_mode})", "unlock it")
    )
    return Finding(f"{spec.source_instance_id} is {what}", remedy)
