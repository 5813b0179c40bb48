"""
Which instance is a resource's own clone, and which may be adopted.
"""

from datetime import UTC, datetime
from typing import Any

import pytest

from pulumi_rdsclone.domain.adoption import (
    ALWAYS,
    Claim,
    TaggedInstance,
    choose_adoption,
    instances_of,
)
from pulumi_rdsclone.domain.checking import Finding
from pulumi_rdsclone.domain.identity import CREATING, FINISHED, OWNED, CloneMarks
from pulumi_rdsclone.domain.instances import InstanceSummary
from tests.support.rows import case, row

MARKS = CloneMarks(key="key.4", spec_hash="spec", stack="shop/dev", restored="")
ORDERED = datetime(2026, 11, 1, 12, tzinfo=UTC)


def marked(stage: str = CREATING, status: str = "Running", **other: str) -> TaggedInstance:
    """
    Return an instance with the marks of *BIRTH*, but for *other* ones.
    """
    marks = CloneMarks(**{**vars(MARKS), **other})
    summary = InstanceSummary(id="rm-clone", status=status, created=ORDERED)
    return TaggedInstance(summary=summary, tags=marks.tags(stage))


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        row("ours", marked(), True),
        row("ours, being made", marked(status="Creating"), True),
        row("ours, unknown status", marked(status="NewWord"), True),
        row("another resource's", marked(key="another"), False),
        row("the one that is replaced", marked(key="key.3"), False),
        row("of a state that is lost", marked(key="key.5"), True),
        row("going", marked(status="Deleting"), False),
        row("gone", marked(status="Released"), False),
    ],
)
def test_own_instance_has_our_key_and_lives(found: TaggedInstance, *, expected: bool) -> None:
    assert ([found] if expected else []) == instances_of([found], MARKS)


@pytest.mark.parametrize(
    ("own", "adopt", "objection"),
    [
        row("interrupted", marked(), "interrupted", None),
        row("hardly finished", marked(FINISHED), "interrupted", None),
        row("interrupted, always", marked(), ALWAYS, None),
        row("finished, always", marked(OWNED), ALWAYS, None),
        row("finished", marked(OWNED), "interrupted", "a finished clone of this resource"),
        row("other", marked(spec_hash="x"), "interrupted", "with other inputs"),
        row("other, always", marked(OWNED, spec_hash="x"), ALWAYS, "with other inputs"),
    ],
)
def test_interrupted_clone_is_adopted_and_a_finished_one_on_demand(
    own: TaggedInstance, adopt: str, objection: str | None
) -> None:
    choice: Any = choose_adoption([own], Claim(marks=MARKS, adopt=adopt))

    if objection is None:
        assert own is choice
    else:
        assert isinstance(choice, Finding)
        assert objection in choice.what
        assert "rdsclone clones release rm-clone" in choice.remedy


def test_nothing_is_adopted_where_there_is_nothing() -> None:
    assert choose_adoption([], Claim(marks=MARKS, adopt=ALWAYS)) is None


def test_neither_of_two_clones_with_one_key_is_adopted() -> None:
    choice = choose_adoption([marked(), marked()], Claim(marks=MARKS, adopt=ALWAYS))

    assert isinstance(choice, Finding)
    assert "rm-clone, rm-clone" in choice.what


@pytest.mark.parametrize(
    ("own", "expected"),
    [
        case("interrupted")(
            marked(), "rm-clone, which an interrupted run ordered (2026-11-01T12:00:00Z)"
        ),
        row(
            "finished", marked(OWNED), "rm-clone, which was finished before (2026-11-01T12:00:00Z)"
        ),
    ],
)
def test_description_names_source_and_age(own: TaggedInstance, expected: str) -> None:
    assert expected == own.description
