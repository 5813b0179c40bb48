from typing import Any, Final

import pytest
from google.protobuf import struct_pb2

from pulumi_rdsclone.adapters.engine import make_unknown
from pulumi_rdsclone.adapters.plugin.values import from_struct
from tests.support.rows import row

SIGNATURE: Final = "4dabf18193072939515e22adb298388d"
NUMBER: Final = "3eeb2bf0-c639-47a8-9e75-3b44932eb421"
ASSET: Final = {SIGNATURE: "c44067f5952c0a294b673a41bacd8c17", "text": "told"}


def secret(value: Any) -> dict[str, Any]:
    return {SIGNATURE: "1b47061264138c4ac30d75fd1eb44270", "value": value}


def output(**told: Any) -> dict[str, Any]:
    """
    Make an output; one without a value is not known yet.
    """
    return {SIGNATURE: "d0e6a833031e9bbcd3f4e8bde6ca49a4", **told}


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        row("text", "text", "text"),
        row("number", 5, 5.0),
        row("no", False, False),
        row("nothing", None, None),
        row("empty group", {}, {}),
        row("secret", secret("x"), "x"),
        row("secret in secret", secret({"a": secret(["x"])}), {"a": ["x"]}),
        row("secret in a list", [{"a": secret("x")}], [{"a": "x"}]),
        row("output", output(value="x"), "x"),
        row("output of nothing", output(value=None), None),
        row("secret output", output(value="x", secret=True), "x"),
        row("group in output", output(value={"a": secret(1)}), {"a": 1.0}),
        row("unknown output", output(), make_unknown()),
        row("unknown secret", [output(secret=True)], [make_unknown()]),
        row("secret unknown", secret(make_unknown()), make_unknown()),
        row("mark of another type", {"a": [NUMBER]}, {"a": [NUMBER]}),
        row("what no input takes", ASSET, ASSET),
    ],
)
def test_secrets_and_unknown_values_are_read_at_any_depth(value: Any, plain: Any) -> None:
    properties = struct_pb2.Struct()
    properties.update({"told": value, "deeper": {"inside": [value]}})

    assert {"told": plain, "deeper": {"inside": [plain]}} == from_struct(properties)
