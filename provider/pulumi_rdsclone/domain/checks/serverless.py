"""
Serverless clones.
"""

from math import inf
from typing import Final

from pulumi_rdsclone.domain.checking import Finding, Rules
from pulumi_rdsclone.domain.instances import SQL_SERVER, Instance
from pulumi_rdsclone.domain.model import value_at
from pulumi_rdsclone.domain.problems import listed, named
from pulumi_rdsclone.domain.shape import (
    SERVERLESS_DISKS,
    Shape,
    is_serverless,
    is_serverless_class,
)
from pulumi_rdsclone.domain.spec import CloneSpec

RULES = Rules()

_WITHOUT_SERVERLESS: Final = ("MariaDB",)


@RULES.check("serverless-edition", "payment.type", "edition")
def serverless_payment_and_edition_agree(
    source: Instance, shape: Shape
) -> Finding | None:
    """
    A serverless edition is paid as Serverless, and no other one is.

    Source: CloneDBInstance, Category and PayType.
    """
    if is_serverless(shape.edition) == (shape.payment == "Serverless"):
        return None
    if source.engine in _WITHOUT_SERVERLESS:
        return None
    if shape.payment == "Serverless":
        return Finding(
            f"{named(shape.edition)} is not a serverless edition, but payment.type is "
            "Serverless",
            "choose one of serverless_basic, serverless_standard, serverless_ha, or "
            "another payment.type",
        )
    return Finding(
        f"{named(shape.edition)} is a serverless edition, but payment.type is "
        f"{shape.payment}",
        "set payment.type to Serverless, or choose another edition and another "
        "capacity.instance_class",
    )


@RULES.check("serverless-class", "capacity.instance_class", "edition", "payment.type")
def serverless_payment_and_class_agree(shape: Shape) -> Finding | None:
    """
    A serverless class goes with Serverless payment, and no other one does.

    Source: CreateDBInstance, the table of serverless classes.
    """
    serverless = is_serverless_class(shape.instance_class)
    if serverless == (shape.payment == "Serverless"):
        return None
    if is_serverless(shape.edition) != (shape.payment == "Serverless"):
        return None
    kind = "a serverless class" if serverless else "not a serverless class"
    return Finding(
        f"{named(shape.instance_class)} is {kind}, but payment.type is {shape.payment}",
        "choose another class or another payment.type",
    )


_LEAST_RCU: Final = {SQL_SERVER: 2.0}
_MOST_RCU: Final = {"MySQL": (1, 32), SQL_SERVER: (2, 16), "PostgreSQL": (1, 14)}
_HALF: Final = 0.5


@RULES.check("serverless-engine", "payment.type")
def serverless_is_sold_for_the_engine(
    spec: CloneSpec, source: Instance
) -> Finding | None:
    """
    Serverless is not available for MariaDB.

    Source: CloneDBInstance, PayType.
    """
    if spec.payment.type != "Serverless" or source.engine not in _WITHOUT_SERVERLESS:
        return None
    return Finding(
        f"Serverless is not available for {source.engine}",
        "set payment.type to PayAsYouGo or Subscription",
    )


@RULES.check("serverless-least", "capacity.serverless.min_rcu")
def serverless_minimum_is_sold(spec: CloneSpec, source: Instance) -> Finding | None:
    """
    A serverless clone scales from 0.5 RCU at least, SQL Server from 2.

    Source: CloneDBInstance, ServerlessConfig.
    """
    limits = spec.capacity.serverless if spec.capacity else None
    least = _LEAST_RCU.get(source.engine, 0.5)
    if limits is None or limits.min_rcu >= least:
        return None
    return Finding(
        f"{limits.min_rcu:g} RCU is less than the {least:g} RCU that {source.engine} "
        "needs",
        f"use at least {least:g}",
    )


@RULES.check("serverless-most", "capacity.serverless.max_rcu")
def serverless_maximum_is_sold(spec: CloneSpec, source: Instance) -> Finding | None:
    """
    A serverless clone scales up to 32 RCU at most, SQL Server to 16, PostgreSQL to 14.

    It does up to 1 at least, SQL Server up to 2.

    Source: CreateDBInstance and ModifyDBInstanceSpec, MaxCapacity, in their newest
    edition; older pages have lower limits.
    """
    limits = spec.capacity.serverless if spec.capacity else None
    least, most = _MOST_RCU.get(source.engine, (0, inf))
    if limits is None or least <= limits.max_rcu <= most:
        return None
    return Finding(
        f"{source.engine} does not scale up to {limits.max_rcu:g} RCU",
        f"use {least} to {most}",
    )


@RULES.check(
    "serverless-step", "capacity.serverless.min_rcu", "capacity.serverless.max_rcu"
)
def serverless_limits_are_in_step(spec: CloneSpec, source: Instance) -> Finding | None:
    """
    The upper limit of scaling is whole; the lower one has halves, of SQL Server none.

    Source: CreateDBInstance, MaxCapacity and MinCapacity. That the lower one goes by
    halves is inferred from its least value.
    """
    limits = spec.capacity.serverless if spec.capacity else None
    if limits is None:
        return None
    step = 1 if source.engine == SQL_SERVER else _HALF
    for path, limit, its_step in (
        ("capacity.serverless.min_rcu", limits.min_rcu, step),
        ("capacity.serverless.max_rcu", limits.max_rcu, 1),
    ):
        kind = f"multiple of {_HALF}" if its_step == _HALF else "whole number"
        if limit > its_step and limit % its_step:
            what = f"{limit:g} RCU is not a {kind}"
            return Finding(what, f"use a {kind}", path)
    return None


_SWITCHES: Final = (
    "capacity.serverless.auto_pause",
    "capacity.serverless.switch_force",
)
_WITHOUT_SWITCHES: Final = (SQL_SERVER,)


@RULES.check("serverless-switches", *_SWITCHES)
def engine_has_the_switches(spec: CloneSpec, source: Instance) -> Finding | None:
    """
    SQL Server neither pauses by itself nor scales by force.

    Source: CreateDBInstance and ModifyDBInstanceSpec, AutoPause and SwitchForce.
    """
    declared = [path for path in _SWITCHES if value_at(spec, path) is not None]
    if not declared or source.engine not in _WITHOUT_SWITCHES:
        return None
    return Finding(
        f"{source.engine} does not support {', '.join(declared)}",
        f"remove {' and '.join(declared)}",
        declared[0],
    )


@RULES.check("serverless-storage", "capacity.storage_type", "payment.type")
def serverless_storage_is_essd(shape: Shape) -> Finding | None:
    """
    A serverless clone is on cloud_essd or general_essd.

    Source: CloneDBInstance, ServerlessConfig.
    """
    if shape.payment != "Serverless" or shape.storage_type in SERVERLESS_DISKS:
        return None
    return Finding(
        f"serverless clones do not support {named(shape.storage_type)}",
        f"choose one of {listed(sorted(SERVERLESS_DISKS))}",
    )
