"""
How kind the emulated cloud is: each habit of the real one is a trait, listed once.

With the temper ``ideal`` everything is seen at once; with ``real`` the emulator does
what public evidence says of the cloud. `table` writes the traits for the reader.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Final

from rds_emulator.state import document
from rds_emulator.state.document import DocumentError

Order = str | Mapping[str, object]
"""The name of a temper, or an object of traits with, where needed, a ``base``."""

_HEAD: Final = (
    "| Trait | Meaning | `ideal` | `real` | Evidence |\n|---|---|---|---|---|"
)
_TRAIT: Final = "trait"

BOTH: Final = "both"
IGNORED: Final = "ignored"
UNKNOWN_ID: Final = "InvalidDBInstanceId.NotFound"


@dataclass(frozen=True, kw_only=True)
class Trait:
    """
    What is to be known of a trait besides its type and its value in ``ideal``.

    *choices* are the texts that it may have; none means any.
    """

    real: object
    meaning: str
    evidence: str
    choices: Collection[str] = ()


def _trait(
    ideal: object, real: object, meaning: str, evidence: str, *choices: str
) -> Any:
    trait = Trait(real=real, meaning=meaning, evidence=evidence, choices=choices)
    return field(default=ideal, metadata={_TRAIT: trait})


@dataclass(frozen=True, kw_only=True)
class Temper:
    """
    The traits; all seconds are emulated. The defaults are those of ``ideal``.
    """

    attribute_lag_seconds: float = _trait(
        0.0,
        3.0,
        "How long DescribeDBInstanceAttribute does not know a new id",
        "Just created instances were unknown while they were waited for"
        " (alibaba/terraform-provider, issues 147 and 185); how long is inferred, from"
        " Terraform's provider, which waits three minutes before it looks.",
    )
    attribute_lag_code: str = _trait(
        BOTH,
        BOTH,
        f"Which code that answer has; with `{BOTH}` InvalidDBInstanceId.NotFound for"
        " the first half of the time, and then Forbidden.InstanceNotFound",
        "Both codes were met (the same issues); which of them is when is ours."
        " Forbidden.InstanceNotFound stands in the table of common errors.",
        BOTH,
        UNKNOWN_ID,
        "Forbidden.InstanceNotFound",
    )
    sub_read_lag_seconds: float = _trait(
        0.0,
        130.0,
        "How long a new instance is InvalidDBInstanceId.NotFound for every call that"
        " names it, DescribeDBInstanceAttribute and the lists excepted",
        "ModifySQLCollectorPolicy did not know an instance that was Running"
        " (terraform-provider-alicloud, issue 4776). That it is all calls, and for how"
        " long, is inferred: longer than a clone takes here.",
    )
    list_lag_seconds: float = _trait(
        0.0,
        5.0,
        "How long lists do not show a new instance",
        "Inferred; neither documented nor measured.",
    )
    tag_lag_seconds: float = _trait(
        0.0,
        20.0,
        "How long lists show the tags from before a change, and none of a new"
        " instance, in answers as in filters",
        "Inferred; neither documented nor measured.",
    )
    tag_filter: str = _trait(
        "all",
        "any",
        "Which of several Tags an instance must have in DescribeDBInstances and"
        " DescribeTags: all of them, or any",
        'The text of the parameter: it "matches any of the specified tags" (SDK'
        " 16.0.2).",
        "all",
        "any",
    )
    untagged_regions: tuple[str, ...] = _trait(
        (),
        ("cn-shanghai",),
        "The regions that ignore Tag.N of CloneDBInstance, as names or patterns such as"
        " `*`; TagResources works in all of them",
        "Tag.N is absent from SDK 15.9.1 (2026-05) and there in 16.0.0 (2026-10);"
        " Terraform's provider tags after the creation. It is not known which regions"
        " ignore it, or whether any does: this is the second one of the demo.",
    )
    client_token: str = _trait(
        "honoured",
        "honoured",
        "Whether a repeated ClientToken of CloneDBInstance gets the first answer, or is"
        " an order of its own",
        "Documented as making an order idempotent; nothing speaks against it.",
        "honoured",
        IGNORED,
    )
    order_rate: float = _trait(
        0.0,
        10.0,
        "How many calls of CloneDBInstance are let through in an emulated second, the"
        " others being Throttling.User; 0 is no limit, and while the clock stands"
        " still there is none either",
        "API page of CloneDBInstance: 10 in one second.",
    )
    cloning_status: str = _trait(
        "none",
        "clone",
        "Which instance shows INS_CLONING: the clone for the second half of its"
        " creation, or the source for all of it, so that it takes no other order",
        "The table of states has INS_CLONING, of an instance that is being cloned;"
        " which of both that is stands nowhere.",
        "none",
        "clone",
        "source",
    )
    change_lag_seconds: float = _trait(
        0.0,
        2.0,
        "How long a status does not show that a slow change has begun",
        "Terraform's provider waits before it first looks at the status of a change;"
        " how long it takes is inferred.",
    )
    encryption_status: str = _trait(
        "Rebooting",
        "specific",
        "What status a change of SSL or TDE has: Rebooting, or SSL_MODIFYING,"
        " TDE_MODIFYING and, with a key of one's own, CONFIG_ENCRYPTING",
        "Terraform's provider waits through these three (2bccd85ed). Which of the last"
        " two is when is inferred.",
        "Rebooting",
        "specific",
    )
    payment_lag_seconds: float = _trait(
        0.0,
        30.0,
        "How long TransformDBInstancePayType does not show; until then the instance is"
        " Running and takes neither another one (InvalidOrderTask.NotSupport) nor a"
        " slow change",
        "Terraform's provider waits up to five minutes for the new PayType"
        " (ee50f872c); how long it takes, and the code, are inferred.",
    )
    account_seconds: float = _trait(
        0.0,
        30.0,
        "How long a new account is Unavailable; until then its privileges cannot be"
        " changed (OperationDenied.OutofUsage)",
        "Terraform's provider waits for Available and repeats grants for minutes, on"
        " this code among others. A grant was refused for more than 10 s and worked"
        " after 60 s (php-sdk, issue 8).",
    )
    cloned_accounts: str = _trait(
        "now",
        "restore_point",
        "Whose accounts a clone has: those of its source now, or at the restore point",
        'The user guide clones "data and accounts" of the restore point'
        " (doc-detail/44709).",
        "now",
        "restore_point",
    )
    account_privileges: str = _trait(
        "as_granted",
        "as_logged",
        "How DescribeAccounts tells privileges: as they were granted; or those of"
        " PostgreSQL not at all, and DBOwner of SQL Server as DbOwner;"
        " DescribeDatabases has both engines' own words always",
        "An answer of PostgreSQL with an empty list is pasted in"
        " terraform-provider-alicloud, issue 1887. DbOwner is what Terraform's provider"
        " expects of DescribeDatabases (9a8159c10); that DescribeAccounts has it too is"
        " inferred.",
        "as_granted",
        "as_logged",
    )
    account_total: str = _trait(
        "told",
        "missing",
        "Whether DescribeAccounts tells TotalRecordCount",
        "The answer of issue 1887 has none; newer pages do.",
        "told",
        "missing",
    )
    reserved_connections: float = _trait(
        0.0,
        520.0,
        "By how much the max_connections of MySQL is told higher than it was set",
        "Terraform's provider ignores what it reads of it (5f0868c1e, pull request"
        ' 9529), for the system "will use 520 or 532 connections". That it is told'
        " higher, not lower, and of MySQL alone, is inferred.",
    )
    backup_lag_seconds: float = _trait(
        0.0,
        60.0,
        "How long DescribeBackups does not show a set that has finished",
        "Terraform's provider waits a minute for it (resource_alicloud_rds_backup.go).",
    )
    vswitch_ids: str = _trait(
        "all",
        "first",
        "Which vSwitches of an instance in several zones its VSwitchId names: all of"
        " them, or that of the primary",
        "Terraform's documentation of a clone: \"the query only returns that [first]"
        ' vswitch" (rds_clone_db_instance, vswitch_id).',
        "all",
        "first",
    )
    zone_ids: str = _trait(
        "primary",
        "combined",
        "What the ZoneId of an instance in several zones is: the zone of the primary,"
        " or all of them in one, as in cn-hangzhou-MAZ9(g,h)",
        "Text of ZoneId in DescribeAvailableClasses (SDK 16.0.2), and Terraform's"
        " acceptance test of an instance ordered in such a zone. That it is told of"
        " every instance in several zones is inferred; the number is ours.",
        "primary",
        "combined",
    )
    unsold_classes: str = _trait(
        "empty",
        "refused",
        "What DescribeAvailableClasses says where nothing is sold: an empty list, or"
        " InvalidCondition.NotFound (404)",
        "Terraform's provider expects the code"
        " (data_source_alicloud_db_instance_classes.go), and an account met it"
        " (boardx/workspacex, clone plan of 2026-10-03); the HTTP status is inferred.",
        "empty",
        "refused",
    )
    unnamed_serverless: str = _trait(
        "listed",
        "hidden",
        "Whether DescribeAvailableZones and DescribeAvailableClasses list serverless"
        " editions to who names neither CommodityCode nor InstanceChargeType",
        "Terraform's provider names both always, and 5c6e77e08 mends just that. The"
        " same account met InvalidCondition.NotFound before it named"
        " rds_serverless_public_cn. That it is hidden is inferred.",
        "listed",
        "hidden",
    )


TRAITS: Final[Mapping[str, Trait]] = {
    trait.name: trait.metadata[_TRAIT] for trait in fields(Temper)
}
"""All traits, by name."""

TEMPERS: Final[Mapping[str, Temper]] = {
    "ideal": Temper(),
    "real": Temper(**{name: trait.real for name, trait in TRAITS.items()}),  # type: ignore[arg-type]
}
"""The tempers that have a name."""


def read(order: object, *, before: Temper, at: str = "") -> Temper:
    """
    Return the temper that is asked for.

    Args:
        order: A name; or an object of traits, which has *before* or what it names as
            ``base`` in the traits that it leaves out.
        before: The temper until now.
        at: Where *order* stands, for messages.

    Raises:
        DocumentError: When there is no such temper, trait or value.
    """
    prefix = f"{at}." if at else ""
    if isinstance(order, str):
        return _named(order, at=at or "temper")
    given = dict(document.read(Mapping[str, object], order, at=at))  # type: ignore[type-abstract]
    if "base" in given:
        before = _named(given.pop("base"), at=f"{prefix}base")
    temper = document.read(Temper, {**vars(before), **given}, at=at)
    for name, value in vars(temper).items():
        _check(value, TRAITS[name].choices, at=prefix + name)
    return temper


def table() -> str:
    """
    Return one row of Markdown for each trait.
    """
    ideal, real = (vars(TEMPERS[name]) for name in ("ideal", "real"))
    rows = (
        f"| `{name}` | {trait.meaning}{_choices(trait)} | {_shown(ideal[name])}"
        f" | {_shown(real[name])} | {trait.evidence} |"
        for name, trait in TRAITS.items()
    )
    return "\n".join((_HEAD, *rows))


def _named(name: object, *, at: str) -> Temper:
    if not isinstance(name, str) or name not in TEMPERS:
        message = f"{at}: must be one of {', '.join(TEMPERS)}, not {name!r}"
        raise DocumentError(message)
    return TEMPERS[name]


def _check(value: object, choices: Collection[str], *, at: str) -> None:
    if isinstance(value, float) and value < 0:
        message = f"{at}: must be 0 or more, not {value:g}"
        raise DocumentError(message)
    if choices and value not in choices:
        message = f"{at}: must be one of {', '.join(choices)}, not {value!r}"
        raise DocumentError(message)


def _choices(trait: Trait) -> str:
    words = ", ".join(f"`{choice}`" for choice in trait.choices)
    return f": {words}" if words else ""


def _shown(value: object) -> str:
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, tuple):
        return ", ".join(f"`{item}`" for item in value) or "none"
    return f"`{value}`"
