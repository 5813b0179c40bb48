"""
The outputs of a clone beyond its inputs.

Outputs that carry an input's name (edition, zones, capacity, network …) hold the
effective value and are not repeated here.
"""

from pydantic import Field

from pulumi_rdsclone.domain.model import FieldGroup


class RestoredFrom(FieldGroup):
    """
    What was really restored.
    """

    source_instance_id: str = Field(description="The instance that was copied.")
    backup_id: str | None = Field(
        None, description="The backup set, where the clone was made from one."
    )
    time: str | None = Field(
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

    amount: float = Field(description="The price, discounts included.")
    currency: str = Field(description="Currency of the amount, such as CNY.")
    per: str = Field(
        description="What the amount is for: hour, or the term of a subscription."
    )


class CloneOutputs(FieldGroup):
    """
    Everything that is only known once the clone exists.
    """

    instance_id: str = Field(description="Id of the clone; the resource's id too.")
    status: str = Field(
        description="DBInstanceStatus of the clone when it was last read."
    )
    engine: str = Field(description="Database engine, the source's.")
    engine_version: str = Field(description="Engine version, the source's.")
    connection_string: str | None = Field(
        None, description="Host name of the clone's private endpoint."
    )
    port: int | None = Field(None, description="Port of the private endpoint.")
    public_connection_string: str | None = Field(
        None, description="Host name of the clone's public endpoint, where it has one."
    )
    created_time: str | None = Field(
        None, description="When the clone was created, in UTC."
    )
    expires: str | None = Field(
        None,
        description="From when on `rdsclone reap` releases the clone, if ever.",
    )
    restored_from: RestoredFrom = Field(
        description="What was really restored: source, backup set, instant."
    )
    estimated_price: EstimatedPrice | None = Field(
        None,
        description="What the clone costs, where the cloud told before it was ordered.",
    )
    clone_key: str = Field(
        description=(
            "Marks the clone as this resource's own; kept so that a repeated order "
            "finds it."
        )
    )
