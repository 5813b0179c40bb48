"""
The rules that must hold before a clone is ordered, one function each.
"""

from pulumi_rdsclone.domain.checks import (
    access,
    backup_policy,
    backups,
    databases,
    naming,
    network,
    parameters,
    payment,
    program,
    restore_point,
    settings,
    shape,
    source,
)

CHECKS = (
    *restore_point.RULES,
    *source.RULES,
    *backups.RULES,
    *shape.RULES,
    *network.RULES,
    *program.RULES,
    *databases.RULES,
    *payment.RULES,
    *naming.RULES,
    *settings.RULES,
    *access.RULES,
    *backup_policy.RULES,
    *parameters.RULES,
)
"""All rules, in the order in which their findings are shown."""
