"""
What must hold before a clone is ordered: one function, one rule.
"""

from pulumi_rdsclone.domain.checks import (
    backups,
    naming,
    payment,
    restore_point,
    source,
)

CHECKS = (
    *restore_point.RULES,
    *payment.RULES,
    *naming.RULES,
    *source.RULES,
    *backups.RULES,
)
"""All rules, in the order in which their findings are told."""
