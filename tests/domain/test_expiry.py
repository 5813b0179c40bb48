from datetime import datetime, timedelta

import pytest

from pulumi_rdsclone.domain.expiry import expires_at
from tests.domain.samples import NOW


@pytest.mark.parametrize(
    ("tag", "created", "end"),
    [
        pytest.param("2026-11-20T12:00:00Z", None, NOW, id="an instant"),
        pytest.param("48h", NOW - timedelta(days=2), NOW, id="a lifetime"),
        pytest.param("48h", None, None, id="a lifetime from nobody knows when"),
        pytest.param("999999999999h", NOW, None, id="a lifetime without end"),
        pytest.param("70000000h", NOW, None, id="a lifetime until the year 10000"),
        pytest.param("soon", NOW, None, id="what cannot be read"),
        pytest.param("", NOW, None, id="nothing"),
    ],
)
def test_end(tag: str, created: datetime | None, end: datetime | None) -> None:
    """
    A lifetime counts from the creation that the cloud tells.
    """
    assert end == expires_at({"rdsclone:expires": tag}, created)
