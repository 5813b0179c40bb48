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

MARKS = CloneMarks(key="key.4", spec_hash="spec", stack="shop/dev", restored="")
ORDERED = datetime(2026, 11, 1, 12, tzinfo=UTC)


def marked(
    stage: str = CREATING, status: str = "Running", **other: str
) -> TaggedInstance:
    """
    Give an instance with the marks of *BIRTH*, but for *other* ones.
    """
    marks = CloneMarks(**{**vars(MARKS), **other})
    summary = InstanceSummary(id="rm-clone", status=status, created=ORDERED)
    return TaggedInstance(summary=summary, tags=marks.tags(stage))


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        pytest.param(marked(), True, id="ours"),
        pytest.param(marked(status="Creating"), True, id="ours, being made"),
        pytest.param(marked(status="NewWord"), True, id="ours, unknown status"),
        pytest.param(marked(key="another"), False, id="another resource's"),
        pytest.param(marked(key="key.3"), False, id="the one that is replaced"),
        pytest.param(marked(key="key.5"), True, id="of a state that is lost"),
        pytest.param(marked(status="Deleting"), False, id="going"),
        pytest.param(marked(status="Released"), False, id="gone"),
    ],
)
def test_own(found: TaggedInstance, *, expected: bool) -> None:
    """
    Ours is what carries our key or a later one, and lives.
    """
    assert ([found] if expected else []) == instances_of([found], MARKS)


@pytest.mark.parametrize(
    ("own", "adopt", "objection"),
    [
        pytest.param(marked(), "interrupted", None, id="interrupted"),
        pytest.param(marked(FINISHED), "interrupted", None, id="hardly finished"),
        pytest.param(marked(), ALWAYS, None, id="interrupted, always"),
        pytest.param(marked(OWNED), ALWAYS, None, id="finished, always"),
        pytest.param(
            marked(OWNED),
            "interrupted",
            "a finished clone of this resource",
            id="finished",
        ),
        pytest.param(
            marked(spec_hash="x"), "interrupted", "with other inputs", id="other"
        ),
        pytest.param(
            marked(OWNED, spec_hash="x"),
            ALWAYS,
            "with other inputs",
            id="other, always",
        ),
    ],
)
def test_adoption(own: TaggedInstance, adopt: str, objection: str | None) -> None:
    """
    An interrupted clone with our inputs is adopted, a finished one on demand.
    """
    choice: Any = choose_adoption([own], Claim(marks=MARKS, adopt=adopt))

    if objection is None:
        assert own is choice
    else:
        assert isinstance(choice, Finding)
        assert objection in choice.what
        assert "rdsclone clones release rm-clone" in choice.remedy


def test_nothing_to_adopt() -> None:
    """
    Where there is nothing, nothing is chosen.
    """
    assert choose_adoption([], Claim(marks=MARKS, adopt=ALWAYS)) is None


def test_two_are_never_chosen_from() -> None:
    """
    Of two clones with one key none is adopted.
    """
    choice = choose_adoption([marked(), marked()], Claim(marks=MARKS, adopt=ALWAYS))

    assert isinstance(choice, Finding)
    assert "rm-clone, rm-clone" in choice.what


@pytest.mark.parametrize(
    ("own", "expected"),
    [
        pytest.param(
            marked(),
            "rm-clone, which an interrupted run ordered (2026-11-01T12:00:00Z)",
            id="interrupted",
        ),
        pytest.param(
            marked(OWNED),
            "rm-clone, which was finished before (2026-11-01T12:00:00Z)",
            id="finished",
        ),
    ],
)
def test_description(own: TaggedInstance, expected: str) -> None:
    """
    It says where it comes from and how old it is.
    """
    assert expected == own.description
