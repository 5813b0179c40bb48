from datetime import datetime, timedelta

import pytest

from pulumi_rdsclone.domain.expiry import expires_at
from tests.domain.samples import NOW
from tests.support.rows import row


@pytest.mark.parametrize(
    ("tag", "created", "end"),
    [
        row("an instant", "2026-11-20T12:00:00Z", None, NOW),
        row("a lifetime", "48h", NOW - timedelta(days=2), NOW),
        row("a lifetime from nobody knows when", "48h", None, None),
        row("a lifetime without end", "999999999999h", NOW, None),
        row("a lifetime until the year 10000", "70000000h", NOW, None),
        row("what cannot be read", "soon", NOW, None),
        row("nothing", "", NOW, None),
    ],
)
def test_lifetime_counts_from_the_creation(
    tag: str, created: datetime | None, end: datetime | None
) -> None:
    assert end == expires_at({"rdsclone:expires": tag}, created)
