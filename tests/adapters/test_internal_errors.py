import pytest

from pulumi_rdsclone.presentation.internal_errors import describe_internal_error


@pytest.mark.parametrize(
    ("secret", "text", "told"),
    [
        pytest.param("a-long-secret", "of a-long-secret", "of ***", id="a secret"),
        pytest.param("y", "'NoneType'", "'NoneType'", id="a letter"),
        pytest.param("fifth", "a fifth", "a fifth", id="a word"),
        pytest.param("six-66", "six-66", "***", id="the shortest"),
        pytest.param("", "anything", "anything", id="none"),
    ],
)
@pytest.mark.parametrize(
    "name", ["ALIBABA_CLOUD_ACCESS_KEY_SECRET", "ALICLOUD_SECURITY_TOKEN"]
)
def test_secrets_are_taken_out(
    monkeypatch: pytest.MonkeyPatch, name: str, secret: str, text: str, told: str
) -> None:
    """
    A secret of the environment is taken out; what is too short for one is not.
    """
    monkeypatch.setenv(name, secret)

    assert f"RuntimeError: {told} — run again" in describe_internal_error(
        RuntimeError(text)
    )
