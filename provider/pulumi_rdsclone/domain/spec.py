"""
The specification of a clone: every input, described here and nowhere else.

Defaults that come from the source are written as None and filled when the clone
is ordered; defaults in this file are static. Limits that only the cloud can know
are judged by checks, not here.
"""

from typing import Annotated, Any

from pydantic import BeforeValidator
from pydantic import Field as Described

from pulumi_rdsclone.domain.identity import BIRTH_TAGS
from pulumi_rdsclone.domain.part import Change, Choices, Part
from pulumi_rdsclone.domain.problems import FormError
from pulumi_rdsclone.domain.times import Duration, Instant, parse_duration

USER_TAG_LIMIT = 20 - len(BIRTH_TAGS)
"""Tags left to the user: an instance takes 20, some mark its birth."""

EDITIONS = Choices(
    "Basic",
    "HighAvailability",
    "cluster",
    "AlwaysOn",
    "Finance",
    "serverless_basic",
    "serverless_standard",
    "serverless_ha",
    closed=False,
)
STORAGE_TYPES = Choices(
    "local_ssd",
    "general_essd",
    "cloud_ssd",
    "cloud_essd",
    "cloud_essd2",
    "cloud_essd3",
    closed=False,
)


def _in_steps_of_five(value: Any) -> Any:
    """
    Refuse a storage size that is no multiple of 5 GB (CloneDBInstance's step).
    """
    try:
        size = float(value)
    except (TypeError, ValueError):
        return value
    if size <= 0 or size % 5:
        what = f"{size:g} is not a positive multiple of 5"
        raise FormError(what, "storage comes in 5 GB steps")
    return value


class RestorePoint(Part):
    """
    The moment to copy: exactly one of *time*, *backup_id* and *latest*.
    """

    time: Annotated[Instant | None, Change.REPLACE] = Described(
        None,
        description=(
            "The second to restore: RFC 3339 with any offset, such as "
            "2026-11-20T04:00:00Z. It must lie inside the restorable window."
        ),
    )
    backup_id: Annotated[str | None, Change.REPLACE] = Described(
        None, description="The backup set to restore, one of the source's own."
    )
    latest: Annotated[str | None, Choices("time", "backup"), Change.REPLACE] = (
        Described(
            None,
            description=(
                "`time` for the newest restorable second, `backup` for the newest "
                "usable backup set. It is resolved once, when the clone is ordered; "
                "`restored_from` tells the result, and later runs change nothing."
            ),
        )
    )
    before: Annotated[Instant | None, Change.REPLACE] = Described(
        None,
        description=(
            "With `latest: backup`: take the newest set that ended before this."
        ),
    )


class Serverless(Part):
    """
    The limits between which a serverless clone scales.
    """

    min_rcu: Annotated[float, Change.REPLACE] = Described(
        description="Lower limit, in RDS capacity units (RCU).",
        gt=0,
        allow_inf_nan=False,
    )
    max_rcu: Annotated[float, Change.REPLACE] = Described(
        description="Upper limit, in RDS capacity units (RCU).",
        gt=0,
        allow_inf_nan=False,
    )
    auto_pause: Annotated[bool | None, Change.REPLACE] = Described(
        None,
        description="Whether an idle clone pauses itself (MySQL and PostgreSQL).",
    )
    switch_force: Annotated[bool | None, Change.REPLACE] = Described(
        None,
        description=(
            "Whether scaling may interrupt connections (MySQL and PostgreSQL)."
        ),
    )


class Capacity(Part):
    """
    Size and kind of the clone's machine and disk.
    """

    instance_class: Annotated[str | None, Change.REPLACE] = Described(
        None,
        description=(
            "Instance class such as mysql.n2.medium.2c; default: the source's. A "
            "smaller class makes the restore slower."
        ),
    )
    storage_gb: Annotated[
        int | None, BeforeValidator(_in_steps_of_five), Change.REPLACE
    ] = Described(
        None,
        description=(
            "Storage in GB, in steps of 5, not below the source's; default: the "
            "source's."
        ),
    )
    storage_type: Annotated[str | None, STORAGE_TYPES, Change.REPLACE] = Described(
        None, description="Kind of disk; default: the source's."
    )
    serverless: Annotated[Serverless | None, Change.REPLACE] = Described(
        None, description="Scaling limits of a clone that is paid as Serverless."
    )


class Network(Part):
    """
    Where the clone is reached from.
    """

    type: Annotated[str | None, Choices("VPC", "Classic"), Change.REPLACE] = Described(
        None, description="Network type; default: the source's."
    )
    vpc_id: Annotated[str | None, Change.REPLACE] = Described(
        None, description="VPC of the clone, in the source's region."
    )
    vswitch_ids: Annotated[list[str] | None, Change.REPLACE] = Described(
        None, description="vSwitches of the clone, one per zone, in the zones' order."
    )
    private_ip_address: Annotated[str | None, Change.REPLACE] = Described(
        None,
        description=(
            "Private address inside the first vSwitch's range; default: any free one."
        ),
    )


class Payment(Part):
    """
    How the clone is paid for.
    """

    type: Annotated[
        str, Choices("PayAsYouGo", "Subscription", "Serverless"), Change.REPLACE
    ] = Described(
        "PayAsYouGo",
        description=(
            "Billing method. A subscription is paid in advance and cannot be "
            "released before it expires."
        ),
    )
    period: Annotated[str | None, Choices("Month", "Year"), Change.REPLACE] = Described(
        None, description="Unit of `duration`; a subscription needs it."
    )
    duration: Annotated[int | None, Change.REPLACE] = Described(
        None,
        description="Length of a subscription: 1 to 9 months or 1 to 3 years.",
        ge=1,
    )
    auto_pay: Annotated[bool, Change.CREATE_ONLY] = Described(
        default=True,
        description=(
            "Whether the order of a subscription is paid at once; otherwise it waits "
            "in the console, unpaid."
        ),
    )


class Checks(Part):
    """
    How the prerequisites are checked.
    """

    skip: Annotated[list[str], Change.CREATE_ONLY] = Described(
        [],
        description=(
            "Ids of checks that are not made, as messages show them; all are listed in "
            "docs/checks.md. `rdsclone:skipChecks` skips for a whole stack."
        ),
    )
    on_unverifiable: Annotated[str, Choices("warn", "fail"), Change.CREATE_ONLY] = (
        Described(
            "warn",
            description=(
                "What happens when something could not be verified, because a "
                "permission to look is missing or no answer came in time: `warn`, or "
                "`fail` for pipelines that rely on the preview."
            ),
        )
    )


class CloneSpec(Part):
    """
    Everything a user may say about a clone.
    """

    source_instance_id: Annotated[str, Change.REPLACE] = Described(
        description="The RDS instance to copy; it must be a primary instance.",
        min_length=1,
    )
    restore_point: Annotated[RestorePoint, Change.REPLACE] = Described(
        description=(
            "What to restore: exactly one of `time`, `backup_id` or `latest`. A "
            "changed restore point makes a new clone."
        )
    )
    region: Annotated[str | None, Change.REPLACE] = Described(
        None,
        description=(
            "Region of source and clone, such as cn-hangzhou; default: the provider's "
            "`rdsclone:region`, then the environment."
        ),
    )
    edition: Annotated[str | None, EDITIONS, Change.REPLACE] = Described(
        None, description="RDS edition of the clone; default: the source's."
    )
    zones: Annotated[list[str] | None, Change.REPLACE] = Described(
        None,
        description=(
            "Zones of the clone, the primary's first, then the standbys'; default: "
            "the source's."
        ),
        max_length=3,
    )
    capacity: Annotated[Capacity | None, Change.REPLACE] = Described(
        None, description="Size of machine and disk; default: the source's."
    )
    network: Annotated[Network | None, Change.REPLACE] = Described(
        None, description="Network of the clone; default: the source's."
    )
    payment: Annotated[Payment, Change.REPLACE] = Described(
        Payment(), description="How the clone is paid for; default: PayAsYouGo."
    )
    databases: Annotated[dict[str, str], Change.REPLACE] = Described(
        {},
        description=(
            "Databases to restore, by their names in the source; the values are their "
            "names in the clone. Default: all of them."
        ),
    )
    tables: Annotated[dict[str, str], Change.REPLACE] = Described(
        {},
        description=(
            "Single tables to restore (MySQL), written database.table; the values are "
            "their names in the clone. Of these databases nothing else is restored."
        ),
    )
    description: Annotated[str | None, Change.UPDATE] = Described(
        None,
        description=(
            "Name shown in the console: 2 to 64 characters that start with a letter, "
            "then letters, digits, `_` and `-`."
        ),
    )
    tags: Annotated[dict[str, str], Change.UPDATE] = Described(
        {},
        description=(
            f"Tags of the clone, at most {USER_TAG_LIMIT}; set in the clone call."
        ),
    )
    deletion_protection: Annotated[bool, Change.UPDATE] = Described(
        default=False,
        description=(
            "Whether releasing the clone is refused, by the cloud and by destroy; "
            "pay-as-you-go clones only. Never inherited from the source."
        ),
    )
    adopt: Annotated[str, Choices("interrupted", "always"), Change.CREATE_ONLY] = (
        Described(
            "interrupted",
            description=(
                "Which clone of this resource is taken over instead of ordering one: "
                "the one that an `interrupted` run ordered, or `always`, a finished "
                "one too that the state has lost."
            ),
        )
    )
    create_timeout: Annotated[Duration, Change.CREATE_ONLY] = Described(
        parse_duration("90m"),
        description=(
            "How long to wait for the clone, such as 90m; afterwards it stays in the "
            "state as unfinished and the next up goes on waiting."
        ),
    )
    checks: Annotated[Checks, Change.CREATE_ONLY] = Described(
        Checks(), description="How the prerequisites are checked."
    )
