"""
Changes in place of a clone that exists are judged like a clone that is to be made.
"""

from dataclasses import replace
from typing import Any, Final

import pytest

from pulumi_rdsclone.domain.errors import AccessDeniedError, ApiFault, UnavailableError
from pulumi_rdsclone.domain.market import Price
from pulumi_rdsclone.domain.problems import Severity
from pulumi_rdsclone.domain.unknown import UNKNOWN
from pulumi_rdsclone.lifecycle.checking_changes import CheckedChange
from tests.domain.samples import PRICE, SOURCE, values
from tests.lifecycle.fakes import Fakes
from tests.support.verbs import check_change

CLONE: Final = replace(SOURCE, id="rm-clone")
LOCAL: Final = replace(CLONE, engine="PostgreSQL", storage_type="local_ssd")

OLDS: Final = {
    "instance_id": "rm-clone",
    "engine": "MySQL",
    "engine_version": "8.0",
    "region": "cn-hangzhou",
    "status": "Running",
    "edition": "HighAvailability",
    "zones": ["cn-hangzhou-h"],
    "capacity": {
        "instance_class": "mysql.n2.medium.2c",
        "storage_gb": 100,
        "storage_type": "cloud_essd",
    },
    "payment": {"type": "PayAsYouGo"},
}
"""What the outputs of the clone tell."""


@pytest.fixture
def fakes() -> Fakes:
    """
    Return fakes in which the clone exists, and its source is gone.
    """
    found = Fakes()
    found.rds.remove(SOURCE.id)
    found.rds.plant(CLONE)
    return found


def judged(fakes: Fakes, olds: dict[str, Any], **news: Any) -> CheckedChange:
    """
    Judge the change to *news*, all of which changes.
    """
    changed = [
        f"{name}.{inner}"
        for name, value in news.items()
        if isinstance(value, dict) and name in ("capacity", "network", "payment")
        for inner in value
    ]
    wanted = values(region="cn-hangzhou", **news, clone_key="old-key")
    return check_change(wanted, olds, [*changed, *news], fakes.regions)


def ids(found: CheckedChange) -> list[str]:
    return [p.check for p in found.problems if p.severity is Severity.ERROR]


def test_privileges_of_an_account_that_has_all(fakes: Fakes) -> None:
    """
    The type of an account that is there counts, though nothing declares it.
    """
    there = {"owner": {"type": "Super", "description": "", "privileges": {}}}
    fakes.rds.show("rm-clone", {"accounts": there})
    wanted = {"owner": {"password": "New-ci-1234", "privileges": {"app": "ReadOnly"}}}

    found = judged(fakes, OLDS, accounts=wanted)

    assert ["account-privileges-type"] == ids(found)


@pytest.mark.parametrize(
    ("news", "checks"),
    [
        ({"capacity": {"instance_class": "mysql.n9.medium.2c"}}, ["class-sold"]),
        ({"capacity": {"instance_class": "mysql.n2.small.2c"}}, []),
        ({"capacity": {"storage_gb": 9000}}, ["storage-range"]),
        ({"capacity": {"storage_gb": 200}}, []),
        ({"capacity": {"storage_type": "cloud_essd3"}}, ["storage-type-sold"]),
        ({"parameters": {"wait_timeout": "0"}}, ["parameter-range"]),
        ({"parameters": {"nothing": "0"}}, ["parameter-known"]),
        ({"parameters": {"back_log": "1000"}}, ["parameter-restart"]),
        ({"parameters": {"back_log": UNKNOWN}}, []),
        ({"network": {"vswitch_ids": ["vsw-9"]}}, ["vswitch-exists"]),
        ({"network": {"port": 99}}, ["endpoint-port"]),
        ({"pg_hba": []}, ["engine-settings"]),
        ({"pg_hba": [], "checks": {"skip": ["engine-settings"]}}, []),
        ({"description": "9"}, []),
    ],
)
def test_clone_stands_in_for_its_source(
    fakes: Fakes, news: dict[str, Any], checks: list[str]
) -> None:
    """
    The source may be gone by now. What needs no facts is judged by Check.
    """
    assert checks == ids(judged(fakes, OLDS, **news))


def test_what_the_clone_is_counts_not_what_was_recorded(fakes: Fakes) -> None:
    fakes.rds.plant(LOCAL)

    assert ["disk-settings"] == ids(judged(fakes, OLDS, pg_hba=[]))


@pytest.mark.parametrize("olds", [{}, {"instance_id": "rm-clone"}])
def test_unfinished_clone_is_not_judged(fakes: Fakes, olds: dict[str, Any]) -> None:
    """
    It was judged when it was ordered.
    """
    assert CheckedChange() == judged(fakes, olds, pg_hba=[])
    assert [] == fakes.rds.calls


@pytest.mark.parametrize(
    ("news", "calls"),
    [
        ({"tags": {"team": "data"}}, []),
        ({"pg_hba": []}, ["instance"]),
        ({"parameters": {"wait_timeout": "9"}}, ["instance", "parameter_templates", "parameters"]),
    ],
)
def test_only_what_is_needed_is_asked(fakes: Fakes, news: dict[str, Any], calls: list[str]) -> None:
    judged(fakes, OLDS, **news)

    assert sorted(calls) == sorted(fakes.rds.calls)


def test_outputs_are_known_where_nobody_answers(fakes: Fakes) -> None:
    fault = ApiFault(action="DescribeDBInstanceAttribute", code="X", message="down")
    fakes.rds.fail("instance", UnavailableError(fault), times=99)

    found = judged(fakes, OLDS, pg_hba=[], parameters={"nothing": "1"})

    assert ["engine-settings"] == ids(found)
    assert ["may-look"] == [p.check for p in found.problems if p.severity is Severity.WARNING]


def test_missing_permission_is_a_warning_that_names_it(fakes: Fakes) -> None:
    fault = ApiFault(action="DescribeAvailableClasses", code="Forbidden", message="no")
    fakes.rds.fail("class_offers", AccessDeniedError(fault))

    found = judged(fakes, OLDS, capacity={"storage_gb": 200})

    (unverified,) = (p.what for p in found.problems if p.check == "may-look")
    assert unverified == (
        "rds:DescribeAvailableClasses is not permitted, so this was not verified: "
        "class-sold, storage-range"
    )


@pytest.mark.parametrize(
    ("olds", "news", "price"),
    [
        ("PayAsYouGo", {"capacity": {"storage_gb": 200}}, PRICE),
        (
            "PayAsYouGo",
            {"payment": {"type": "Subscription", "period": "Month", "duration": 1}},
            PRICE,
        ),
        ("Subscription", {"capacity": {"storage_gb": 200}}, None),
        ("Subscription", {"payment": {"type": "PayAsYouGo"}}, PRICE),
        ("PayAsYouGo", {"tags": {"team": "data"}}, None),
    ],
)
def test_another_price_is_told_but_not_of_an_upgrade_within_a_term(
    fakes: Fakes, olds: str, news: dict[str, Any], price: Price | None
) -> None:
    paid = {**OLDS, "payment": {"type": olds}}
    if olds == "Subscription" and "payment" not in news:
        news = {**news, "payment": {"type": olds, "period": "Month", "duration": 1}}

    assert price == judged(fakes, paid, **news).price


def test_skips_of_the_stack_count() -> None:
    regions = Fakes(skip_checks=("engine-settings",)).regions

    found = check_change(values(pg_hba=[]), OLDS, ["pg_hba"], regions)

    assert [] == ids(found)
