import pytest

from pulumi_rdsclone.presentation.internal_errors import describe_internal_error
from tests.support.rows import row


@pytest.mark.parametrize(
    ("secret", "text", "told"),
    [
        row("a secret", "a-long-secret", "of a-long-secret", "of ***"),
        row("a letter", "y", "'NoneType'", "'NoneType'"),
        row("a word", "fifth", "a fifth", "a fifth"),
        row("the shortest", "six-66", "six-66", "***"),
        row("none", "", "anything", "anything"),
    ],
)
@pytest.mark.parametrize("name", ["ALIBABA_CLOUD_ACCESS_KEY_SECRET", "ALICLOUD_SECURITY_TOKEN"])
def test_secrets_of_the_environment_are_taken_out(
    monkeypatch: pytest.MonkeyPatch, name: str, secret: str, text: str, told: str
) -> None:
    monkeypatch.setenv(name, secret)

    assert f"RuntimeError: {told} — run again" in describe_internal_error(RuntimeError(text))
