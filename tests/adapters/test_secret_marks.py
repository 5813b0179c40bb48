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
from tests.support.rows import row


def secret(value: Any) -> dict[str, Any]:
    return {SIGNATURE: SECRET, "value": value}


def output(value: Any, *, is_secret: bool) -> dict[str, Any]:
    """
    Mark *value* as an output.
    """
    return {SIGNATURE: OUTPUT, "value": value, "secret": is_secret}


@pytest.mark.parametrize(
    ("asked", "answer", "kept"),
    [
        row("nothing secret", "a", "a", "a"),
        row("secret", secret("a"), "a", secret("a")),
        row("normalised", secret("a"), "b", secret("b")),
        row("marked already", secret("a"), secret("a"), secret("a")),
        row("nested", {"x": secret("a")}, {"x": "a"}, {"x": secret("a")}),
        pytest.param({"x": secret("a")}, {"x": "a", "y": "b"}, {"x": secret("a"), "y": "b"}),
        row("gone", {"x": secret("a")}, {"y": "b"}, {"y": "b"}),
        row("of another form", {"x": secret("a")}, "b", secret("b")),
        row("list as a whole", ["a", secret("b")], ["a", "b"], secret(["a", "b"])),
        row("object", secret({"x": 1.0}), {"x": 1.0}, secret({"x": 1.0})),
        row("secret output", output("a", is_secret=True), "a", secret("a")),
        row("output", output("a", is_secret=False), "a", "a"),
    ],
)
def test_what_stands_under_the_name_of_a_secret_is_one(asked: Any, answer: Any, kept: Any) -> None:
    struct = to_struct({"name": answer, "other": "plain"})

    copy_marks(struct, to_struct({"name": asked, "third": secret("x")}))

    assert {"name": kept, "other": "plain"} == json_format.MessageToDict(struct)


def test_a_clone_that_is_not_finished_keeps_its_secrets(mocker: MockerFixture) -> None:
    context = mocker.Mock()
    inputs = to_struct({"tags": {"token": secret("s3cret")}})
    call = Call(provider_pb2.CreateRequest(properties=inputs), context)

    call.fail_but_save("rm-1", {"instanceId": "rm-1", "tags": {"token": "s3cret"}}, text="not done")

    (((_, status),),) = context.set_trailing_metadata.call_args.args
    detail = provider_pb2.ErrorResourceInitFailed()
    status_pb2.Status.FromString(status).details[0].Unpack(detail)
    saved = json_format.MessageToDict(detail.properties)
    assert saved == {"instanceId": "rm-1", "tags": {"token": secret("s3cret")}}


@pytest.mark.parametrize(
    ("inputs", "hidden"),
    [
        row(
            "passwords, in a map",
            {"accounts": {"c_i": {"password": "p", "type": "Super"}, "web": {}}},
            {"accounts": {"c_i": {"password": secret("p"), "type": "Super"}, "web": {}}},
        ),
        row(
            "a key, in a group",
            {"ssl": {"serverKey": "k", "serverCert": "c"}},
            {"ssl": {"serverKey": secret("k"), "serverCert": "c"}},
        ),
        row(
            "an output",
            {"accounts": {"ci": {"password": output("p", is_secret=False)}}},
            {"accounts": {"ci": {"password": secret(output("p", is_secret=False))}}},
        ),
    ],
)
def test_what_nobody_may_read_is_hidden(inputs: dict[str, Any], hidden: dict[str, Any]) -> None:
    struct = to_struct(inputs)

    mark_declared(struct, CloneSpec)

    assert hidden == json_format.MessageToDict(struct)


@pytest.mark.parametrize(
    "inputs",
    [
        row("nothing secret", {"description": "a"}),
        row("marked already", {"accounts": {"ci": {"password": secret("p")}}}),
        row("marked as a whole", {"accounts": secret({"ci": {"password": "p"}})}),
        row("not known yet", {"accounts": {"ci": output("p", is_secret=False)}}),
        row("of another form", {"accounts": "p", "ssl": ["k"], "pgHba": [{"user": "u"}, "x"]}),
        row("elsewhere", {"tags": {"password": "p"}, "password": "p", "serverKey": "k"}),
    ],
)
def test_other_values_are_left_as_they_are(inputs: dict[str, Any]) -> None:
    struct = to_struct(inputs)

    mark_declared(struct, CloneSpec)

    assert inputs == json_format.MessageToDict(struct)


class Listed(FieldGroup):
    """
    A list of groups with a secret.
    """

    items: list[Account]


def test_secrets_in_lists_are_hidden() -> None:
    struct = to_struct({"items": [{"password": "a"}, {"password": "b"}]})

    mark_declared(struct, Listed)

    assert json_format.MessageToDict(struct) == {
        "items": [{"password": secret("a")}, {"password": secret("b")}]
    }
