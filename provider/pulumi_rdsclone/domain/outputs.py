"""
The outputs of a clone beyond its inputs.

Outputs that carry an input's name (edition, zones, capacity, network …) hold the
effective value and are not repeated here.
"""

from pydantic import Field as Described

from pulumi_rdsclone.domain.model import FieldGroup


class RestoredFrom(FieldGroup):
    """
    What was really restored.
    """

    source_instance_id: str = Described(description="The instance that was copied.")
    backup_id: str | None = Described(
        None, description="The backup set, where the clone was made from one."
    )
    time: str | None = Described(
        None,
        description=(
            "The restored instant in UTC: the second asked for, or the end of the "
            "backup set."
        ),
    )


class EstimatedPrice(FieldGroup):
    """
    What a clone costs, as the cloud tells before it is ordered.
    """

    amount: float = Described(description="The price, discounts included.")
    currency: str = Described(description="Currency of the amount, such as CNY.")
    per: str = Described(
        description="What the amount is for: hour, or the term of a subscription."
    )


class CloneOutputs(FieldGroup):
    """
    Everything that is only known once the clone exists.
    """

    instance_id: str = Described(description="Id of the clone; the resource's id too.")
    status: str = Described(
        description="DBInstanceStatus of the clone when it was last read."
    )
    engine: str = Described(description="Database engine, the source's.")
    engine_version: str = Described(description="Engine version, the source's.")
    connection_string: str | None = Described(
        None, description="Host name of the clone's private endpoint."
    )
    port: int | None = Described(None, description="Port of the private endpoint.")
    public_connection_string: str | None = Described(
        None, description="Host name of the clone's public endpoint, where it has one."
    )
    created_time: str | None = Described(
        None, description="When the clone was created, in UTC."
    )
    expires: str | None = Described(
        None,
        description="From when on `rdsclone reap` releases the clone, if ever.",
    )
    restored_from: RestoredFrom = Described(
        description="What was really restored: source, backup set, instant."
    )
    estimated_price: EstimatedPrice | None = Described(
        None,
        description="What the clone costs, where the cloud told before it was ordered.",
    )
    clone_key: str = Described(
        description=(
            "Marks the clone as this resource's own; kept so that a repeated order "
            "finds it."
        )
    )
