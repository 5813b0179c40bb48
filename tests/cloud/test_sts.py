"""
Whose credentials are configured.
"""

import pytest

from pulumi_rdsclone.cloud.settings import Settings
from pulumi_rdsclone.cloud.sts import account_id
from tests.support.emulators import Emulator
from tests.support.rows import row


@pytest.mark.parametrize(
    ("secret", "account"),
    [row("good keys", "s", "77"), row("keys that are refused", "wrong", None)],
)
def test_account_is_read_or_none_where_refused(secret: str, account: str | None) -> None:
    key = {"id": "k", "secret": "s", "account_id": "77"}
    with Emulator(seed={"access_keys": [key]}) as emulator:
        settings = Settings(endpoint=emulator.url, access_key_id="k", access_key_secret=secret)

        assert account == account_id(settings)


def test_account_is_none_where_nobody_answers() -> None:
    settings = Settings(
        endpoint="http://127.0.0.1:1",
        access_key_id="k",
        access_key_secret="s",  # noqa: S106 - no secret
    )

    assert account_id(settings) is None
