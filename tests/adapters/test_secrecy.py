"""
Secrets of a call stay secrets in its answer, by the engine's own rule.
"""

from typing import Any

import pytest
from google.protobuf import json_format
from pulumi.runtime.proto import provider_pb2, status_pb2
from pytest_mock import MockerFixture

from pulumi_rdsclone.adapters.calls import Call, to_struct
from pulumi_rdsclone.adapters.secrecy import OUTPUT, SECRET, SIGNATURE, keep_secrets


def secret(value: Any) -> dict[str, Any]:
    """
    Mark *value* as a secret.
    """
    return {SIGNATURE: SECRET, "value": value}


def output(value: Any, *, is_secret: bool) -> dict[str, Any]:
    """
    Mark *value* as an output.
    """
    return {SIGNATURE: OUTPUT, "value": value, "secret": is_secret}


@pytest.mark.parametrize(
    ("asked", "answer", "kept"),
    [
        pytest.param("a", "a", "a", id="nothing secret"),
        pytest.param(secret("a"), "a", secret("a"), id="secret"),
        pytest.param(secret("a"), "b", secret("b"), id="normalised"),
        pytest.param(secret("a"), secret("a"), secret("a"), id="marked already"),
        pytest.param({"x": secret("a")}, {"x": "a"}, {"x": secret("a")}, id="nested"),
        pytest.param(
            {"x": secret("a")}, {"x": "a", "y": "b"}, {"x": secret("a"), "y": "b"}
        ),
        pytest.param({"x": secret("a")}, {"y": "b"}, {"y": "b"}, id="gone"),
        pytest.param({"x": secret("a")}, "b", secret("b"), id="of another form"),
        pytest.param(
            ["a", secret("b")], ["a", "b"], secret(["a", "b"]), id="list as a whole"
        ),
        pytest.param(secret({"x": 1.0}), {"x": 1.0}, secret({"x": 1.0}), id="object"),
        pytest.param(output("a", is_secret=True), "a", secret("a"), id="secret output"),
        pytest.param(output("a", is_secret=False), "a", "a", id="output"),
    ],
)
def test_secrets_are_kept(asked: Any, answer: Any, kept: Any) -> None:
    """
    What stands under the name of a secret is one; nothing else is.
    """
    struct = to_struct({"name": answer, "other": "plain"})

    keep_secrets(struct, to_struct({"name": asked, "third": secret("x")}))

    assert {"name": kept, "other": "plain"} == json_format.MessageToDict(struct)


def test_a_clone_that_is_not_finished_keeps_its_secrets(mocker: MockerFixture) -> None:
    """
    What the engine is to save beside an error is marked like an answer.
    """
    context = mocker.Mock()
    inputs = to_struct({"tags": {"token": secret("s3cret")}})
    call = Call(provider_pb2.CreateRequest(properties=inputs), context)

    call.keep("rm-1", {"instanceId": "rm-1", "tags": {"token": "s3cret"}}, "not done")

    (((_, status),),) = context.set_trailing_metadata.call_args.args
    detail = provider_pb2.ErrorResourceInitFailed()
    status_pb2.Status.FromString(status).details[0].Unpack(detail)
    saved = json_format.MessageToDict(detail.properties)
    assert saved == {"instanceId": "rm-1", "tags": {"token": secret("s3cret")}}
