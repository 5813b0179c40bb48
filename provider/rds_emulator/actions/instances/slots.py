"""
Replication slots: there are none.
"""

from rds_emulator.actions.registry import Answer, Invocation, action
from rds_emulator.rules.preconditions import check_engine


@action(
    "DescribeSlots",
    models=(
        "An empty list, for PostgreSQL: replication slots are not modelled. ClientToken"
        " and ResourceGroupId are ignored."
    ),
    evidence=(
        "Parameters and response tree of SDK 16.0.2. Inferred: that other engines are"
        " refused (IncorrectDBInstanceEngine)."
    ),
    not_found="InvalidDBInstanceName.NotFound",
)
def describe_slots(invocation: Invocation) -> Answer:
    """
    List the replication slots of an instance: none.
    """
    check_engine(invocation.instance(), ("PostgreSQL",))
    return {"Slots": []}
