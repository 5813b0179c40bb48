"""
The bugs of the existing provider: which tests show that they do not happen here.

Source: read in alicloud_rds_clone_db_instance at 81c43b67, 2026-08-21. The tests that
need no engine stand here.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

import pytest

from pulumi_rdsclone.cloud.regions import CLOUD_SCHEDULE
from pulumi_rdsclone.cloud.retry import ATTEMPTS, call_with_retries
from pulumi_rdsclone.domain.errors import UnavailableError
from pulumi_rdsclone.domain.identity import CREATING
from pulumi_rdsclone.domain.parsing import parse
from pulumi_rdsclone.domain.problems import Severity
from pulumi_rdsclone.lifecycle.checking import check
from pulumi_rdsclone.lifecycle.waiting import wait_until_ready
from pulumi_rdsclone.lifecycle.watching import Watch
from tests.domain.samples import SOURCE, values
from tests.lifecycle.fakes import Fakes, api_error
from tests.support.naming import all_in, exists

_HERE: Final = "tests/terraform_parity/test_bugs.py"
_ENGINE: Final = "tests/e2e/test_terraform_bugs.py"


@dataclass(frozen=True)
class Bug:
    """
    What is wrong there.

    Attributes:
        what: A clause.
        tests: Those that show that it is not so here.
    """

    what: str
    tests: tuple[str, ...]


BUGS: Final[Mapping[str, Bug]] = {
    "B1": Bug(
        "ssl_enabled is never refreshed, or read as 0 where an engine answers Yes",
        (f"{_ENGINE}::test_b1_ssl_is_refreshed",),
    ),
    "B2": Bug(
        "the access method `prefer` is refused, and `perfer` accepted",
        (f"{_ENGINE}::test_b2_prefer_is_sent", f"{_HERE}::test_b2_perfer_is_refused"),
    ),
    "B3": Bug(
        "port, prefix and SSL in the first apply fail after the clone was made",
        (f"{_ENGINE}::test_b3_endpoint_and_ssl_in_the_first_apply",),
    ),
    "B4": Bug("zeros are not sent", (f"{_ENGINE}::test_b4_off_is_sent",)),
    "B5": Bug(
        "a serverless range is changed right after the clone was made with it",
        (f"{_ENGINE}::test_b5_nothing_is_respecified_at_birth",),
    ),
    "B6": Bug(
        "minor-version upgrade and pg_hba.conf are dropped in the first apply",
        (f"{_ENGINE}::test_b6_nothing_waits_for_the_second_apply",),
    ),
    "B7": Bug(
        "tde_status does nothing without a key", (f"{_ENGINE}::test_b7_encryption_needs_no_key",)
    ),
    "B8": Bug(
        "another restore point is recorded, and nothing is restored",
        (f"{_ENGINE}::test_b8_other_data_is_a_new_clone",),
    ),
    "B9": Bug(
        "another private address is sent without VPC and vSwitch",
        (f"{_ENGINE}::test_b9_an_address_comes_with_its_network",),
    ),
    "B10": Bug(
        "the edition is never sent with a serverless range",
        (f"{_ENGINE}::test_b10_a_serverless_range_comes_with_its_edition",),
    ),
    "B11": Bug(
        "the billing method is changed by ModifyDBInstanceSpec",
        (f"{_ENGINE}::test_b11_payment_is_transformed",),
    ),
    "B12": Bug(
        "delete sends the region under no name, does not wait, and fails when gone",
        (f"{_ENGINE}::test_b12_release",),
    ),
    "B13": Bug(
        "unexpected JSON ends in a panic",
        (
            "tests/cloud/test_bad_answers.py::test_bad_answer_is_understood_or_reported",
            "tests/cloud/test_bad_answers.py::test_every_odd_value",
            "tests/cloud/test_bad_answers.py::test_body_that_is_no_answer",
        ),
    ),
    "B14": Bug(
        "the clone call carries no ClientToken", (f"{_ENGINE}::test_b14_orders_carry_a_token",)
    ),
    "B15": Bug(
        "the resource group is ignored at create", (f"{_ENGINE}::test_b15_resource_group_at_birth",)
    ),
    "B16": Bug(
        "waits that should grow do not",
        (f"{_HERE}::test_b16_looks_get_rarer", f"{_HERE}::test_b16_pauses_grow"),
    ),
    "B17": Bug(
        "MariaDB is ordered as Serverless, without its range",
        (f"{_HERE}::test_b17_serverless_mariadb_is_refused",),
    ),
}


def test_all_bugs_are_named() -> None:
    assert [f"B{number}" for number in range(1, 18)] == list(BUGS)


@pytest.mark.parametrize("bug", BUGS)
def test_bug_is_held(bug: str) -> None:
    assert BUGS[bug].what
    assert BUGS[bug].tests
    for test in BUGS[bug].tests:
        assert exists(test), test


def test_every_test_named_after_a_bug_is_in_the_table() -> None:
    tests = {
        (name.upper(), test)
        for test in all_in(_ENGINE) | all_in(_HERE)
        for name in test.partition("::test_")[2].split("_")[:1]
        if name.upper() in BUGS
    }

    assert tests <= {(name, test) for name, bug in BUGS.items() for test in bug.tests}


@pytest.mark.parametrize("name", ["acl", "replication_acl"])
def test_b2_perfer_is_refused(name: str) -> None:
    right, wrong = (parse(values(ssl={name: word})) for word in ("prefer", "perfer"))

    assert () == right.problems
    assert [(f"ssl.{name}", "did you mean prefer?")] == [
        (problem.path, problem.remedy) for problem in wrong.problems
    ]


def test_b16_looks_get_rarer() -> None:
    fakes, schedule = Fakes(), replace(CLOUD_SCHEDULE, jitter=0)
    watch = Watch(fakes.rds, fakes.clock, schedule=schedule, stage=CREATING)
    hour = ((0, "Creating"), (3600, "Running"))
    fakes.rds.plant(replace(SOURCE, id="rm-clone"), {}, hour)

    wait_until_ready(
        "rm-clone", watch, clock=fakes.clock, progress=fakes.progress, timeout=timedelta(hours=2)
    )
    slept = fakes.clock.slept

    assert sorted(slept) == slept
    assert (schedule.first_interval, schedule.longest_interval) == (slept[0], slept[-1])
    assert len(set(slept)) > 3


def test_b16_pauses_grow() -> None:
    paused: list[float] = []

    def fail() -> None:
        raise api_error(UnavailableError)

    with pytest.raises(UnavailableError):
        call_with_retries(fail, paused.append)

    assert ATTEMPTS - 1 == len(set(paused))
    assert sorted(paused) == paused


def test_b17_serverless_mariadb_is_refused() -> None:
    fakes = Fakes()
    fakes.rds.alter(SOURCE.id, engine="MariaDB", engine_version="10.6")
    wanted = values(
        payment={"type": "Serverless"}, capacity={"serverless": {"min_rcu": 1, "max_rcu": 4}}
    )

    checked = check(wanted, {}, new_key="key-1", regions=fakes.regions, stack="shop/dev")

    (told,) = (one for one in checked.problems if one.check == "serverless-engine")
    assert "Serverless is not available for MariaDB" == told.what
    assert Severity.ERROR is told.severity
    assert [] == fakes.rds.writes
