"""
The rules that must hold before a clone is ordered, one function each.
"""

from pulumi_rdsclone.domain.checks import (
    access,
    accounts,
    backup_policy,
    backups,
    databases,
    endpoints,
    naming,
    network,
    parameters,
    payment,
    privileges,
    program,
    restore_point,
    serverless,
    settings,
    shape,
    source,
    whitelist,
)

CHECKS = (
    *restore_point.RULES,
    *source.RULES,
    *backups.RULES,
    *shape.RULES,
    *serverless.RULES,
    *network.RULES,
    *program.RULES,
    *databases.RULES,
    *payment.RULES,
    *naming.RULES,
    *endpoints.RULES,
    *settings.RULES,
    *whitelist.RULES,
    *accounts.RULES,
    *privileges.RULES,
    *access.RULES,
    *backup_policy.RULES,
    *parameters.RULES,
)
"""All rules, in the order in which their findings are shown."""
