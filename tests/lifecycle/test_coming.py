"""
The clones of a program that the engine has not asked about yet.
"""

from dataclasses import replace
from typing import Any

import pytest

from pulumi_rdsclone.domain.errors import AccessDeniedError
from pulumi_rdsclone.domain.identity import CREATING, CloneMarks
from pulumi_rdsclone.domain.unknown import UNKNOWN
from pulumi_rdsclone.lifecycle.coming import Coming, applicants_of
from pulumi_rdsclone.lifecycle.demands import Applicant
from tests.domain.samples import SOURCE, values
from tests.lifecycle.fakes import REGION, Fakes, api_error

STACK = "shop/dev"
PLACED: dict[str, Any] = {"network": {"vswitch_ids": ["vsw-2"]}}


def coming(name: str, *, key: str = "", **inputs: Any) -> Coming:
    return Coming(name=name, inputs=values(**inputs), key=key or f"key-{name}")


def told(fakes: Fakes, *clones: Coming) -> list[Applicant]:
    """
    Return those that would be ordered.
    """
    return list(applicants_of(clones, REGION, region=fakes.region, stack=STACK))


def made_before(fakes: Fakes, key: str) -> None:
    marks = CloneMarks(key=key, spec_hash="hash", stack=STACK, restored="")
    clone = replace(SOURCE, id=f"rm-{key}")
    fakes.rds.plant(clone, tags=marks.tags(CREATING))


@pytest.fixture
def fakes() -> Fakes:
    return Fakes()


def test_clone_is_in_its_vswitch_or_its_sources(fakes: Fakes) -> None:
    fakes.rds.fail("instance", api_error(AccessDeniedError))
    clones = [
        coming("a", **PLACED),
        coming("b", source_instance_id=UNKNOWN, **PLACED),
        coming("c", network={"vswitch_ids": UNKNOWN}),
        coming("d"),
    ]

    assert ["vsw-2", "vsw-2", "", ""] == [demand.vswitch_id for demand in told(fakes, *clones)]
    fakes.restart()
    assert ["vsw-2", "vsw-2", "", "vsw-1"] == [o.vswitch_id for o in told(fakes, *clones)]


def test_clone_ordered_before_is_not_coming_but_its_replacement_is(fakes: Fakes) -> None:
    made_before(fakes, "key-a")
    clones = [coming("a"), coming("b"), coming("c", key="key-a.1")]

    assert ["b", "c"] == [demand.name for demand in told(fakes, *clones)]


def test_clone_without_a_key_counts_where_no_earlier_run_ordered_any(fakes: Fakes) -> None:
    nested = Coming(name="a", inputs=values(), key="")

    assert ["a"] == [demand.name for demand in told(fakes, nested)]
    fakes.restart()
    made_before(fakes, "key-b")
    assert [] == told(fakes, nested)
