"""
Secrets of a call stay secrets in its answer, by the engine's own rule.
"""

from typing import Any

import pytest
from google.protobuf import json_format
from pulumi.runtime.proto import provider_pb2, status_pb2
from pytest_mock import MockerFixture

from pulumi_rdsclone.adapters.calls import Call, to_struct
from pulumi_rdsclone.adapters.secret_marks import (
    OUTPUT,
    SECRET,
    SIGNATURE,
    copy_marks,
    mark_declared,
)
from pulumi_rdsclone.domain.model import FieldGroup
from pulumi_rdsclone.domain.spec import Account, CloneSpec


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

    copy_marks(struct, to_struct({"name": asked, "third": secret("x")}))

    assert {"name": kept, "other": "plain"} == json_format.MessageToDict(struct)


def test_a_clone_that_is_not_finished_keeps_its_secrets(mocker: MockerFixture) -> None:
    """
    What the engine is to save beside an error is marked like an answer.
    """
    context = mocker.Mock()
    inputs = to_struct({"tags": {"token": secret("s3cret")}})
    call = Call(provider_pb2.CreateRequest(properties=inputs), context)

    call.fail_but_save(
        "rm-1", {"instanceId": "rm-1", "tags": {"token": "s3cret"}}, "not done"
    )

    (((_, status),),) = context.set_trailing_metadata.call_args.args
    detail = provider_pb2.ErrorResourceInitFailed()
    status_pb2.Status.FromString(status).details[0].Unpack(detail)
    saved = json_format.MessageToDict(detail.properties)
    assert saved == {"instanceId": "rm-1", "tags": {"token": secret("s3cret")}}


@pytest.mark.parametrize(
    ("inputs", "hidden"),
    [
        pytest.param({"description": "a"}, {"description": "a"}, id="nothing secret"),
        pytest.param(
            {"accounts": {"c_i": {"password": "p", "type": "Super"}, "web": {}}},
            {
                "accounts": {
                    "c_i": {"password": secret("p"), "type": "Super"},
                    "web": {},
                }
            },
            id="passwords, in a map",
        ),
        pytest.param(
            {"ssl": {"serverKey": "k", "serverCert": "c"}},
            {"ssl": {"serverKey": secret("k"), "serverCert": "c"}},
            id="a key, in a group",
        ),
        pytest.param(
            {"accounts": {"ci": {"password": secret("p")}}},
            {"accounts": {"ci": {"password": secret("p")}}},
            id="marked already",
        ),
        pytest.param(
            {"accounts": secret({"ci": {"password": "p"}})},
            {"accounts": secret({"ci": {"password": "p"}})},
            id="marked as a whole",
        ),
        pytest.param(
            {"accounts": {"ci": output("p", is_secret=False)}},
            {"accounts": {"ci": output("p", is_secret=False)}},
            id="not known yet",
        ),
        pytest.param(
            {"accounts": {"ci": {"password": output("p", is_secret=False)}}},
            {"accounts": {"ci": {"password": secret(output("p", is_secret=False))}}},
            id="an output",
        ),
        pytest.param(
            {"accounts": "p", "ssl": ["k"], "pgHba": [{"user": "u"}, "x"]},
            {"accounts": "p", "ssl": ["k"], "pgHba": [{"user": "u"}, "x"]},
            id="of another form",
        ),
        pytest.param(
            {"tags": {"password": "p"}, "password": "p", "serverKey": "k"},
            {"tags": {"password": "p"}, "password": "p", "serverKey": "k"},
            id="names that stand elsewhere",
        ),
    ],
)
def test_what_nobody_may_read_is_hidden(
    inputs: dict[str, Any], hidden: dict[str, Any]
) -> None:
    """
    What is described as a secret is marked as one, wherever it stands.
    """
    struct = to_struct(inputs)

    mark_declared(struct, CloneSpec)

    assert hidden == json_format.MessageToDict(struct)


class Listed(FieldGroup):
    """
    A list of groups with a secret.
    """

    items: list[Account]


def test_secrets_in_lists_are_hidden() -> None:
    """
    In a list each group has its secret marked.
    """
    struct = to_struct({"items": [{"password": "a"}, {"password": "b"}]})

    mark_declared(struct, Listed)

    assert json_format.MessageToDict(struct) == {
        "items": [{"password": secret("a")}, {"password": secret("b")}]
    }
