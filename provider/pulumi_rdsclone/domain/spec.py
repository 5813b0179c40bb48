"""
The specification of a clone: its inputs, with types, docs and defaults.

Defaults that come from the source are written as None and filled when the clone
is ordered; defaults in this file are static. Limits that only the cloud can know
are judged by checks, not here.
"""

from functools import partial
from math import ceil, isfinite
from typing import Annotated, Final, TypeGuard

from pydantic import BeforeValidator, Field, model_validator

from pulumi_rdsclone.domain.aspects import Aspect
from pulumi_rdsclone.domain.identity import BIRTH_TAGS
from pulumi_rdsclone.domain.model import (
    Change,
    Choices,
    Effect,
    ExceptWhen,
    FieldGroup,
    MapOwnership,
    Secret,
)
from pulumi_rdsclone.domain.problems import FormError, quoted
from pulumi_rdsclone.domain.times import (
    WEEKDAYS,
    Duration,
    Instant,
    in_week_order,
    parse_duration,
)
from pulumi_rdsclone.domain.values import Properties, PropertyValue

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


def _names(value: object, remedy: str = "give it a value, or remove it") -> object:
    """
    Refuse a name or id, or one in a list, that is blank or cannot be printed.
    """
    for name in value if isinstance(value, list) else [value]:
        if not isinstance(name, str):
            continue
        if not name.strip():
            what = f"{quoted(name)} is blank"
            raise FormError(what, remedy)
        if not name.isprintable():
            what = f"{quoted(name)} contains characters that cannot be printed"
            raise FormError(what, "remove these characters")
    return value


def _names_of(value: object) -> object:
    """
    Refuse a map in which something has a blank name.
    """
    for name in value if isinstance(value, dict) else ():
        if isinstance(name, str) and not name.strip():
            what = f"the name {quoted(name)} is blank"
            raise FormError(what, "give every entry a name")
    return value


NAMED: Final = BeforeValidator(_names)
NEEDED: Final = BeforeValidator(partial(_names, remedy="give it a value"))
_BY_NAME: Final = BeforeValidator(_names_of)


def _in_steps_of_five(value: PropertyValue) -> PropertyValue:
    """
    Refuse a storage size that is no multiple of 5 GB (CloneDBInstance's step).
    """
    try:
        size = float(value)
    except (TypeError, ValueError):
        return value
    if size <= 0 or size % 5:
        what = f"{size:g} is not a positive multiple of 5"
        example = max(5, ceil(size / 5) * 5)
        raise FormError(what, f"use a multiple of 5 GB, such as {example}")
    return value


_PRIVILEGES: Final = Choices("ReadWrite", "ReadOnly", "DDLOnly", "DMLOnly", "DBOwner")
"""Source: GrantAccountPrivilege, AccountPrivilege."""


def _privileges(value: object) -> object:
    """
    Correct the case of privileges and refuse words that are none.
    """
    if not isinstance(value, dict):
        return value
    return {name: _PRIVILEGES.correct(word) for name, word in value.items()}


_PERIODS = (5, 10, 60, 300)


def _one_of_periods(value: PropertyValue) -> PropertyValue:
    """
    Refuse a monitoring period that ModifyDBInstanceMonitor does not take.
    """
    try:
        period = float(value)
    except (TypeError, ValueError):
        return value
    if period not in _PERIODS:
        what = f"{period:g} is not one of {', '.join(map(str, _PERIODS))}"
        raise FormError(what, "use one of them")
    return value


def _weekdays(value: object) -> object:
    """
    Refuse what is not a weekday, and sort the others.
    """
    if not _is_texts(value):
        return value
    for day in value:
        if not in_week_order([day]):
            what = f"{quoted(day)} is not a weekday"
            raise FormError(what, f"use {', '.join(WEEKDAYS)}")
    return in_week_order(value)


DEFAULT_GROUP: Final = "default"
"""The group of a whitelist that is always there, written Default in some pages."""

NOBODY: Final = "127.0.0.1"
"""The default group of a whitelist without addresses. Source: ModifySecurityIps."""


def _whitelist(value: object) -> object:
    """
    Return a whitelist as the API will report it.

    Addresses are in order, a group without any is none, and a default group that is
    empty or not named lets nobody in.

    Raises:
        FormError: The default group is there in two spellings.
    """
    if not isinstance(value, dict):
        return value
    groups: dict[object, object] = {}
    for name, ips in value.items():
        group = _group_name(name)
        if group in groups:
            what = f"{group} is declared twice"
            raise FormError(what, "write all its addresses in one list")
        groups[group] = sorted(dict.fromkeys(ips)) if _is_texts(ips) else ips
    if groups.get(DEFAULT_GROUP, []) == []:
        groups[DEFAULT_GROUP] = [NOBODY]
    return {name: ips for name, ips in groups.items() if ips != []}


def _group_name(name: object) -> object:
    is_default = isinstance(name, str) and name.casefold() == DEFAULT_GROUP
    return DEFAULT_GROUP if is_default else name


def _or_none(value: object) -> object:
    """
    Return None for an empty text: the API reports neither.
    """
    return None if value == "" else value


def _is_texts(value: object) -> TypeGuard[list[str]]:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _scalars_as_texts(value: object) -> object:
    """
    Return a map with its numbers and booleans as texts: 5 and 5.0 are "5".

    A tag's value is a text (TagResources), a program's may be a number; a whole one
    arrives as a float, because the engine's protocol has no other numbers.
    """
    if not isinstance(value, dict):
        return value
    return {key: _scalar_as_text(item) for key, item in value.items()}


def _scalar_as_text(value: object) -> object:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    # What is no number, infinity included, is nothing that anybody has written.
    is_number = isinstance(value, int | float) and isfinite(value)
    return str(value) if is_number else value


class RestorePoint(FieldGroup):
    """
    The moment to copy: exactly one of *time*, *backup_id* and *latest*.
    """

    time: Annotated[Instant | None, Change.REPLACE] = Field(
        None,
        description=(
            "The second to restore: RFC 3339 with any offset, such as "
            "2026-11-20T04:00:00Z. It must lie inside the restorable window."
        ),
    )
    backup_id: Annotated[str | None, NAMED, Change.REPLACE] = Field(
        None, description="The backup set to restore, one of the source's own."
    )
    latest: Annotated[str | None, Choices("time", "backup"), Change.REPLACE] = Field(
        None,
        description=(
            "`time` for the newest restorable second, `backup` for the newest "
            "usable backup set. It is resolved once, when the clone is ordered; "
            "`restored_from` tells the result, and later runs change nothing."
        ),
    )
    before: Annotated[Instant | None, Change.REPLACE] = Field(
        None,
        description=(
            "With `latest: backup`: take the newest set that ended before this."
        ),
    )


class Serverless(FieldGroup):
    """
    The limits between which a serverless clone scales.
    """

    min_rcu: Annotated[float, Change.UPDATE, Aspect.SERVERLESS] = Field(
        description="Lower limit, in RDS capacity units (RCU).",
        gt=0,
        allow_inf_nan=False,
    )
    max_rcu: Annotated[float, Change.UPDATE, Aspect.SERVERLESS] = Field(
        description="Upper limit, in RDS capacity units (RCU).",
        gt=0,
        allow_inf_nan=False,
    )
    auto_pause: Annotated[bool | None, Change.UPDATE, Aspect.SERVERLESS] = Field(
        None,
        description="Whether an idle clone pauses itself (MySQL and PostgreSQL).",
    )
    switch_force: Annotated[bool | None, Change.UPDATE, Aspect.SERVERLESS] = Field(
        None,
        description=(
            "Whether scaling may interrupt connections (MySQL and PostgreSQL)."
        ),
    )


_LAST_DISKS: Final = ("local_ssd", "general_essd")
"""Disks that an instance keeps."""

_FIRST_DISKS: Final = ("local_ssd", "cloud_ssd")
"""Disks that an instance has from the beginning, or never."""


class Capacity(FieldGroup):
    """
    Size and kind of the clone's machine and disk.
    """

    instance_class: Annotated[
        str | None, NAMED, Change.UPDATE, Effect.RESTART, Aspect.CAPACITY
    ] = Field(
        None,
        description=(
            "Instance class such as mysql.n2.medium.2c; default: the source's. A "
            "smaller class makes the restore slower."
        ),
    )
    storage_gb: Annotated[
        int | None,
        BeforeValidator(_in_steps_of_five),
        Change.UPDATE,
        Aspect.CAPACITY,
        # Source: ModifyDBInstanceSpec, UnsupportedReduceDiskSize.
        ExceptWhen(
            lambda old, new: old is not None and new < old,
            Change.CREATE_ONLY,
            "storage only grows",
        ),
    ] = Field(
        None,
        description=(
            "Storage in GB, in steps of 5, not below the source's; default: the "
            "source's. Later it only grows."
        ),
    )
    storage_type: Annotated[
        str | None,
        NAMED,
        STORAGE_TYPES,
        Change.UPDATE,
        Effect.RESTART,
        Aspect.STORAGE_TYPE,
        ExceptWhen(
            # Source: ModifyDBInstanceSpec and the user guide on general ESSDs.
            lambda old, new: old in _LAST_DISKS or new in _FIRST_DISKS,
            Change.REPLACE,
            "no instance changes from that disk to the other",
        ),
    ] = Field(
        None,
        description=(
            "Kind of disk; default: the source's. Later it only becomes faster."
        ),
    )
    bursting: Annotated[bool | None, Change.UPDATE, Aspect.DISK_IO] = Field(
        None, description="Whether a general_essd disk may be faster for a while."
    )
    io_acceleration: Annotated[bool | None, Change.UPDATE, Aspect.DISK_IO] = Field(
        None, description="Whether a general_essd disk has a buffer pool of its own."
    )
    dedicated_host_group_id: Annotated[str | None, Change.REPLACE] = Field(
        None, description="Dedicated cluster that hosts the clone."
    )
    serverless: Annotated[Serverless | None, Change.REPLACE] = Field(
        None, description="Scaling limits of a clone that is paid as Serverless."
    )


class Network(FieldGroup):
    """
    Where the clone is reached from.
    """

    type: Annotated[str | None, Choices("VPC", "Classic"), Change.REPLACE] = Field(
        None, description="Network type; default: the source's."
    )
    vpc_id: Annotated[str | None, NAMED, Change.UPDATE, Effect.MOVE, Aspect.NETWORK] = (
        Field(None, description="VPC of the clone, in the source's region.")
    )
    vswitch_ids: Annotated[
        list[str] | None,
        NAMED,
        Change.UPDATE,
        Effect.MOVE,
        Aspect.NETWORK,
        # Source: SwitchDBInstanceVpc takes one vSwitch.
        ExceptWhen(
            lambda old, new: len(old or ()) > 1 or len(new) > 1,
            Change.REPLACE,
            "only a clone in one zone moves to another vSwitch",
        ),
    ] = Field(
        None, description="vSwitches of the clone, one per zone, in the zones' order."
    )
    private_ip_address: Annotated[
        str | None, Change.UPDATE, Effect.MOVE, Aspect.NETWORK
    ] = Field(
        None,
        description=(
            "Private address in the first vSwitch's range; default: a free one."
        ),
    )
    connection_prefix: Annotated[
        str | None, Change.UPDATE, Effect.MOVE, Aspect.ENDPOINT
    ] = Field(
        None,
        description=(
            "First label of the private endpoint's host name: 5 to 40 letters, "
            "digits and hyphens, a letter first; default: the clone's id."
        ),
    )
    port: Annotated[int | None, Change.UPDATE, Effect.MOVE, Aspect.ENDPOINT] = Field(
        None,
        description=(
            "Port of the private endpoint, 1000 to 65534; default: the engine's own."
        ),
        ge=1,
    )
    public_endpoint: Annotated[
        bool, Change.UPDATE, Effect.MOVE, Aspect.PUBLIC_ENDPOINT
    ] = Field(
        default=False,
        description=(
            "Whether the clone is reached from the internet, too, by those whom its "
            "whitelist names. Never inherited from the source."
        ),
    )
    public_connection_prefix: Annotated[
        str | None, Change.UPDATE, Effect.MOVE, Aspect.PUBLIC_ENDPOINT
    ] = Field(
        None,
        description=(
            "First label of the public endpoint's host name; default: that of the "
            "private one with `-public`."
        ),
    )
    public_port: Annotated[
        int | None, Change.UPDATE, Effect.MOVE, Aspect.PUBLIC_ENDPOINT
    ] = Field(
        None,
        description="Port of the public endpoint; default: the private one's.",
        ge=1,
    )


class Account(FieldGroup):
    """
    A database account of the clone.
    """

    password: Annotated[str, Change.UPDATE, Aspect.ACCOUNTS, Secret()] = Field(
        description=(
            "Its password: 8 to 32 characters of at least three of: uppercase "
            "letters, lowercase letters, digits and `!@#$%^&*()_+-=`."
        ),
        min_length=1,
    )
    type: Annotated[
        str | None,
        Choices("Normal", "Super", "Sysadmin", "GlobalRO"),
        Change.UPDATE,
        Aspect.ACCOUNTS,
    ] = Field(
        None,
        description=(
            "Kind of an account that is new: default Normal; Super is the privileged "
            "one. SQL Server also has Sysadmin, and GlobalRO, which reads everything. "
            "It cannot be changed."
        ),
    )
    description: Annotated[str | None, Change.UPDATE, Aspect.ACCOUNTS] = Field(
        None,
        description=(
            "What the account is for: 2 to 256 characters, a letter first, then "
            "letters, digits, `_` and `-`."
        ),
    )
    privileges: Annotated[
        dict[str, str] | None,
        BeforeValidator(_privileges),
        Change.UPDATE,
        Aspect.ACCOUNTS,
    ] = Field(
        None,
        description=(
            "What the account may do, by the names of databases: ReadWrite, ReadOnly, "
            "DDLOnly, DMLOnly or DBOwner. All others are revoked. Default: as they are."
        ),
    )


class Ssl(FieldGroup):
    """
    Encrypted connections to the clone.
    """

    enabled: Annotated[bool, Change.UPDATE, Effect.RESTART, Aspect.SSL] = Field(
        default=True, description="Whether connections may be encrypted."
    )
    ca_type: Annotated[
        str | None,
        Choices("aliyun", "custom"),
        Change.UPDATE,
        Effect.RESTART,
        Aspect.SSL,
    ] = Field(
        None,
        description="Whose certificate the server shows; default: the cloud's own.",
    )
    server_cert: Annotated[str | None, Change.UPDATE, Effect.RESTART, Aspect.SSL] = (
        Field(None, description="The server's own certificate (PostgreSQL).")
    )
    server_key: Annotated[
        str | None, Change.UPDATE, Effect.RESTART, Aspect.SSL, Secret()
    ] = Field(None, description="The private key of that certificate.")
    client_ca_cert: Annotated[str | None, Change.UPDATE, Effect.RESTART, Aspect.SSL] = (
        Field(
            None,
            description=(
                "Certificate of the authority that signs the clients' certificates "
                "(PostgreSQL); an empty text switches their verification off."
            ),
        )
    )
    client_cert_revocation_list: Annotated[
        str | None, Change.UPDATE, Effect.RESTART, Aspect.SSL
    ] = Field(
        None,
        description=(
            "Clients' certificates that are not valid any more (PostgreSQL); an empty "
            "text takes the list away."
        ),
    )
    acl: Annotated[
        str | None,
        Choices("cert", "prefer", "verify-ca", "verify-full"),
        Change.UPDATE,
        Effect.RESTART,
        Aspect.SSL,
    ] = Field(None, description="How clients are verified (PostgreSQL).")
    replication_acl: Annotated[
        str | None,
        Choices("cert", "prefer", "verify-ca", "verify-full"),
        Change.UPDATE,
        Effect.RESTART,
        Aspect.SSL,
    ] = Field(
        None, description="How replication connections are verified (PostgreSQL)."
    )
    force_encryption: Annotated[
        bool | None, Change.UPDATE, Effect.RESTART, Aspect.SSL
    ] = Field(None, description="Whether other connections are refused (SQL Server).")
    tls_version: Annotated[
        str | None,
        Choices("1.0", "1.1", "1.2"),
        Change.UPDATE,
        Effect.RESTART,
        Aspect.SSL,
    ] = Field(None, description="The lowest TLS version accepted (SQL Server).")


class Encryption(FieldGroup):
    """
    Transparent data encryption (TDE) of the clone's files.
    """

    enabled: Annotated[
        bool,
        Change.UPDATE,
        Effect.RESTART,
        Aspect.ENCRYPTION,
        # Source: the user guides of TDE, which know no way back.
        ExceptWhen(
            lambda old, new: old is True and new is False,
            Change.REPLACE,
            "encrypted files are not decrypted again",
        ),
    ] = Field(
        default=True,
        description="Whether the files are encrypted; they are not decrypted again.",
    )
    key: Annotated[
        str | None,
        Change.UPDATE,
        Effect.RESTART,
        Aspect.ENCRYPTION,
        ExceptWhen(
            lambda old, new: old is not None and bool(new) and old != new,
            Change.REPLACE,
            "encrypted files keep their key",
        ),
    ] = Field(None, description="Id of the KMS key; default: the cloud's own.")
    role_arn: Annotated[str | None, Change.UPDATE, Aspect.ENCRYPTION] = Field(
        None, description="RAM role by which RDS may use that key."
    )


class HighAvailability(FieldGroup):
    """
    How the clone's nodes replicate, and what counts when one of them fails (MySQL).
    """

    mode: Annotated[
        str | None, Choices("RPO", "RTO"), Change.UPDATE, Aspect.HIGH_AVAILABILITY
    ] = Field(
        None,
        description=(
            "`RPO` keeps the data complete, `RTO` makes the failover quick; default: "
            "the cloud's choice."
        ),
    )
    sync_mode: Annotated[
        str | None,
        Choices("Async", "Semi-sync", "Sync"),
        Change.UPDATE,
        Aspect.HIGH_AVAILABILITY,
    ] = Field(
        None,
        description="How the standby follows the primary; default: the cloud's choice.",
    )


class BackupPolicy(FieldGroup):
    """
    When the clone is backed up, and for how long that is kept.
    """

    days: Annotated[
        list[str] | None,
        BeforeValidator(_weekdays),
        Change.UPDATE,
        Aspect.BACKUP_POLICY,
    ] = Field(
        None,
        description="Days of the backups, two at least, such as Monday and Thursday.",
    )
    time: Annotated[str | None, Change.UPDATE, Aspect.BACKUP_POLICY] = Field(
        None, description="Hour of the backups, HH:mmZ-HH:mmZ in UTC."
    )
    retention_days: Annotated[int | None, Change.UPDATE, Aspect.BACKUP_POLICY] = Field(
        None, description="How long data backups are kept, 7 to 730 days.", ge=1
    )
    log_backup: Annotated[bool | None, Change.UPDATE, Aspect.BACKUP_POLICY] = Field(
        None,
        description=(
            "Whether logs are backed up, so that every second can be restored; "
            "staging rarely needs it."
        ),
    )
    log_retention_days: Annotated[int | None, Change.UPDATE, Aspect.BACKUP_POLICY] = (
        Field(
            None,
            description=(
                "How long log backups are kept, in days, not longer than data backups."
            ),
            ge=1,
        )
    )


class PgHbaRule(FieldGroup):
    """
    One line of pg_hba.conf (PostgreSQL): who may connect from where, and how.
    """

    type: Annotated[
        str,
        Choices("host", "hostssl", "hostnossl"),
        Change.UPDATE,
        Aspect.PG_HBA,
    ] = Field("host", description="Kind of connection.")
    database: Annotated[str, Change.UPDATE, Aspect.PG_HBA] = Field(
        "all", description="The database, several with commas between, or `all`."
    )
    user: Annotated[str, Change.UPDATE, Aspect.PG_HBA] = Field(
        "all", description="The user, several with commas between, or `all`."
    )
    address: Annotated[str, Change.UPDATE, Aspect.PG_HBA] = Field(
        "0.0.0.0/0", description="Where the connection comes from."
    )
    mask: Annotated[
        str | None, BeforeValidator(_or_none), Change.UPDATE, Aspect.PG_HBA
    ] = Field(None, description="Mask of an address that has none in it.")
    method: Annotated[
        str,
        Choices(
            "trust",
            "reject",
            "scram-sha-256",
            "md5",
            "password",
            "gss",
            "sspi",
            "ldap",
            "radius",
            "cert",
            "pam",
        ),
        Change.UPDATE,
        Aspect.PG_HBA,
    ] = Field(
        "md5",
        description=(
            "How the user proves who they are, such as md5, scram-sha-256 or reject."
        ),
    )
    option: Annotated[
        str | None, BeforeValidator(_or_none), Change.UPDATE, Aspect.PG_HBA
    ] = Field(None, description="What the method takes.")


class Payment(FieldGroup):
    """
    How the clone is paid for.
    """

    type: Annotated[
        str,
        Choices("PayAsYouGo", "Subscription", "Serverless"),
        Change.UPDATE,
        Aspect.PAYMENT,
        ExceptWhen(
            lambda old, new: "Serverless" in (old, new),
            Change.REPLACE,
            "an instance is serverless from the beginning, or never",
        ),
    ] = Field(
        "PayAsYouGo",
        description=(
            "Billing method. A subscription is paid in advance and cannot be "
            "released before it expires."
        ),
    )
    period: Annotated[
        str | None, Choices("Month", "Year"), Change.CREATE_ONLY, Aspect.PAYMENT
    ] = Field(
        None,
        description=(
            "Unit of `duration`; a subscription needs it when the clone is ordered, "
            "or becomes one."
        ),
    )
    duration: Annotated[int | None, Change.CREATE_ONLY, Aspect.PAYMENT] = Field(
        None,
        description="Length of a subscription: 1 to 9 months or 1 to 3 years.",
        ge=1,
    )
    auto_pay: Annotated[bool, Change.CREATE_ONLY] = Field(
        default=True,
        description=(
            "Whether the order of a subscription is paid at once; otherwise it waits "
            "in the console, unpaid."
        ),
    )
    auto_renew: Annotated[bool | None, Change.UPDATE, Aspect.AUTO_RENEWAL] = Field(
        None, description="Whether a subscription is renewed when it ends."
    )
    auto_renew_months: Annotated[int | None, Change.UPDATE, Aspect.AUTO_RENEWAL] = (
        Field(
            None,
            description="For how many months it is renewed each time, 1 to 12.",
            ge=1,
        )
    )


class Checks(FieldGroup):
    """
    How the prerequisites are checked.
    """

    skip: Annotated[list[str], Change.CREATE_ONLY] = Field(
        [],
        description=(
            "Ids of checks that are not made, as messages show them; all are listed in "
            "docs/checks.md. `rdsclone:skipChecks` skips for a whole stack."
        ),
    )
    on_unverifiable: Annotated[str, Choices("warn", "fail"), Change.CREATE_ONLY] = (
        Field(
            "warn",
            description=(
                "What happens when something could not be verified, because a "
                "permission to look is missing or no answer came in time: `warn`, or "
                "`fail` for pipelines that rely on the preview."
            ),
        )
    )


class CloneSpec(FieldGroup):
    """
    Everything a user may say about a clone.
    """

    @model_validator(mode="before")
    @classmethod
    def _default_group_has_one_name(cls, data: Properties) -> Properties:
        """
        Correct the name of the default group also where its addresses are unknown.
        """
        groups = data.get("security_ips") if isinstance(data, dict) else None
        if not isinstance(groups, dict):
            return data
        named = {_group_name(name): ips for name, ips in groups.items()}
        is_clear = len(named) == len(groups)
        return {**data, "security_ips": named} if is_clear else data

    source_instance_id: Annotated[str, NEEDED, Change.REPLACE] = Field(
        description="The RDS instance to copy; it must be a primary instance."
    )
    restore_point: Annotated[RestorePoint, Change.REPLACE] = Field(
        description=(
            "What to restore: exactly one of `time`, `backup_id` or `latest`. A "
            "changed restore point makes a new clone."
        )
    )
    region: Annotated[str | None, NAMED, Change.REPLACE] = Field(
        None,
        description=(
            "Region of source and clone, such as cn-hangzhou; default: the provider's "
            "`rdsclone:region`, then the environment."
        ),
    )
    edition: Annotated[str | None, NAMED, EDITIONS, Change.REPLACE] = Field(
        None, description="RDS edition of the clone; default: the source's."
    )
    zones: Annotated[list[str] | None, NAMED, Change.REPLACE] = Field(
        None,
        description=(
            "Zones of the clone, the primary's first, then the standbys'; default: "
            "the source's."
        ),
        max_length=3,
    )
    capacity: Annotated[Capacity | None, Change.REPLACE] = Field(
        None, description="Size of machine and disk; default: the source's."
    )
    network: Annotated[Network | None, Change.REPLACE] = Field(
        None, description="Network of the clone; default: the source's."
    )
    payment: Annotated[Payment, Change.REPLACE] = Field(
        Payment(), description="How the clone is paid for; default: PayAsYouGo."
    )
    max_price_per_hour: Annotated[float | None, Change.UPDATE] = Field(
        None,
        description=(
            "The most that an hour of the clone may cost, in the account's currency; "
            "a dearer one is an error in preview. A subscription is judged by what an "
            "hour of its term costs, a serverless clone at `max_rcu`. "
            "`rdsclone:maxPricePerHour` limits all clones of a stack; the smaller one "
            "counts."
        ),
        gt=0,
        allow_inf_nan=False,
    )
    databases: Annotated[dict[str, str], _BY_NAME, Change.REPLACE] = Field(
        {},
        description=(
            "Databases to restore, by their names in the source; the values are their "
            "names in the clone. Default: all of them."
        ),
    )
    tables: Annotated[dict[str, str], _BY_NAME, Change.REPLACE] = Field(
        {},
        description=(
            "Single tables to restore (MySQL), written database.table; the values are "
            "their names in the clone. Of these databases nothing else is restored."
        ),
    )
    security_ips: Annotated[
        dict[str, list[str]] | None,
        BeforeValidator(_whitelist),
        _BY_NAME,
        Change.UPDATE,
        Aspect.WHITELIST,
    ] = Field(
        None,
        description=(
            "The whitelist: addresses and CIDR blocks that may connect, by the names "
            "of their groups, such as `default`. It replaces the one that the clone "
            "inherits from the source before the clone counts as ready. Nobody comes "
            "in by a `default` that is empty or not named. Default: the source's stays."
        ),
    )
    accounts: Annotated[
        dict[str, Account],
        _BY_NAME,
        Change.UPDATE,
        Aspect.ACCOUNTS,
        MapOwnership.DECLARED,
    ] = Field(
        {},
        description=(
            "Database accounts by their names. One that the clone has from its source "
            "gets the password declared here; others are made, before the clone counts "
            "as ready. Accounts that are not named stay as they are, unless "
            "`accounts_exclusive` says otherwise."
        ),
    )
    accounts_exclusive: Annotated[bool, Change.UPDATE, Aspect.ACCOUNTS] = Field(
        default=False,
        description=(
            "Whether the clone has no other accounts than those declared: the source's "
            "are removed before the clone counts as ready, and one that the cloud does "
            "not let go gets a random password that nobody knows."
        ),
    )
    ssl: Annotated[Ssl | None, Change.UPDATE, Aspect.SSL] = Field(
        None, description="Encrypted connections; default: as the cloud makes a clone."
    )
    encryption: Annotated[Encryption | None, Change.UPDATE, Aspect.ENCRYPTION] = Field(
        None, description="Encrypted files; default: as the cloud makes a clone."
    )
    parameters: Annotated[
        dict[str, str], Change.UPDATE, Aspect.PARAMETERS, MapOwnership.DECLARED
    ] = Field(
        {},
        description=(
            "Parameters of the engine by their names. Others stay as they are: the "
            "clone has the source's."
        ),
    )
    allow_restart: Annotated[bool, Change.UPDATE, Aspect.PARAMETERS] = Field(
        default=False,
        description=(
            "Whether the clone may be restarted for parameters that take effect at a "
            "restart only; otherwise such a change is an error."
        ),
    )
    pg_hba: Annotated[list[PgHbaRule] | None, Change.UPDATE, Aspect.PG_HBA] = Field(
        None,
        description=(
            "All lines of pg_hba.conf in their order (PostgreSQL); default: the "
            "cloud's own."
        ),
    )
    high_availability: Annotated[
        HighAvailability | None, Change.UPDATE, Aspect.HIGH_AVAILABILITY
    ] = Field(
        None, description="Replication and failover; default: the cloud's choice."
    )
    tcp_connection_type: Annotated[
        str | None, Choices("SHORT", "LONG"), Change.UPDATE, Aspect.TCP_CONNECTION
    ] = Field(
        None,
        description="By what connections the cloud finds out whether the clone lives.",
    )
    backup_policy: Annotated[
        BackupPolicy | None, Change.UPDATE, Aspect.BACKUP_POLICY
    ] = Field(None, description="Backups of the clone; default: as the source's.")
    sql_audit: Annotated[bool | None, Change.UPDATE, Aspect.SQL_AUDIT] = Field(
        None,
        description=(
            "Whether statements are recorded (SQL Explorer and Audit), which is paid "
            "for; default: as the source's."
        ),
    )
    monitoring_period: Annotated[
        int | None, BeforeValidator(_one_of_periods), Change.UPDATE, Aspect.MONITORING
    ] = Field(None, description="Seconds between two measurements: 5, 10, 60 or 300.")
    minor_version_upgrade: Annotated[
        str | None, Choices("Auto", "Manual"), Change.UPDATE, Aspect.MINOR_VERSION
    ] = Field(
        None,
        description="Whether the cloud upgrades minor versions by itself.",
    )
    resource_group_id: Annotated[str | None, Change.UPDATE, Aspect.RESOURCE_GROUP] = (
        Field(
            None, description="Resource group of the clone; default: the account's own."
        )
    )
    maintenance_window: Annotated[
        str | None, Change.UPDATE, Aspect.MAINTENANCE_WINDOW
    ] = Field(
        None,
        description=(
            "When the cloud may maintain the clone: HH:mmZ-HH:mmZ in UTC, such as "
            "18:00Z-22:00Z; default: the cloud's choice."
        ),
    )
    description: Annotated[str | None, Change.UPDATE, Aspect.DESCRIPTION] = Field(
        None,
        description=(
            "Name shown in the console: 2 to 64 characters that start with a letter, "
            "then letters, digits, `_` and `-`."
        ),
    )
    tags: Annotated[
        dict[str, str],
        BeforeValidator(_scalars_as_texts),
        _BY_NAME,
        Change.UPDATE,
        Aspect.TAGS,
    ] = Field(
        {},
        description=(
            f"Tags of the clone, at most {USER_TAG_LIMIT}; set in the clone call. "
            "Numbers and booleans become strings."
        ),
    )
    deletion_protection: Annotated[bool, Change.UPDATE, Aspect.DELETION_PROTECTION] = (
        Field(
            default=False,
            description=(
                "Whether releasing the clone is refused, by the cloud and by destroy; "
                "pay-as-you-go clones only. Never inherited from the source."
            ),
        )
    )
    refresh_trigger: Annotated[str | None, Change.REPLACE] = Field(
        None,
        description=(
            "Any text; another one clones again. The new clone is made beside the old "
            "one, takes over the names of its endpoints, and the old one is released."
        ),
    )
    ttl: Annotated[Duration | None, Change.UPDATE, Aspect.EXPIRY] = Field(
        None,
        description=(
            "How long the clone is needed, such as 48h or 2d, counted from its "
            "creation. `rdsclone reap` releases clones that have expired; "
            "nothing else does."
        ),
    )
    expires_at: Annotated[Instant | None, Change.UPDATE, Aspect.EXPIRY] = Field(
        None, description="The same as an instant, RFC 3339; give one of the two."
    )
    on_delete: Annotated[
        str, Choices("release", "retain", "convertAndRelease"), Change.UPDATE
    ] = Field(
        "release",
        description=(
            "What becomes of the clone when its resource is deleted or replaced: "
            "`release` releases it, `retain` leaves it to you, `convertAndRelease` "
            "makes a subscription pay-as-you-go before it is released."
        ),
    )
    released_keep_policy: Annotated[
        str | None, Choices("None", "Latest", "All"), Change.UPDATE
    ] = Field(
        None,
        description=(
            "Which backup sets are kept when the clone is released (MySQL on local "
            "disks); default: none."
        ),
    )
    adopt: Annotated[str, Choices("interrupted", "always"), Change.CREATE_ONLY] = Field(
        "interrupted",
        description=(
            "Which clone of this resource is taken over instead of ordering one: "
            "the one that an `interrupted` run ordered, or `always`, a finished "
            "one too that the state has lost."
        ),
    )
    create_timeout: Annotated[Duration, Change.CREATE_ONLY] = Field(
        parse_duration("90m"),
        description=(
            "How long to wait for the clone, such as 90m; afterwards it stays in the "
            "state as unfinished and the next up continues to wait."
        ),
    )
    checks: Annotated[Checks, Change.CREATE_ONLY] = Field(
        Checks(), description="How the prerequisites are checked."
    )
