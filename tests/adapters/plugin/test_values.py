from typing import Any, Final

import pytest
from google.protobuf import struct_pb2

from pulumi_rdsclone.adapters.engine import make_unknown
from pulumi_rdsclone.adapters.plugin.values import from_struct

SIGNATURE: Final = "4dabf18193072939515e22adb298388d"
NUMBER: Final = "3eeb2bf0-c639-47a8-9e75-3b44932eb421"
ASSET: Final = {SIGNATURE: "c44067f5952c0a294b673a41bacd8c17", "text": "told"}


def secret(value: Any) -> dict[str, Any]:
    """
    Mark *value* as secret.
    """
    return {SIGNATURE: "1b47061264138c4ac30d75fd1eb44270", "value": value}


def output(**told: Any) -> dict[str, Any]:
    """
    Make an output; one without a value is not known yet.
    """
    return {SIGNATURE: "d0e6a833031e9bbcd3f4e8bde6ca49a4", **told}


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        pytest.param("text", "text", id="text"),
        pytest.param(5, 5.0, id="number"),
        pytest.param(False, False, id="no"),
        pytest.param(None, None, id="nothing"),
        pytest.param({}, {}, id="empty group"),
        pytest.param(secret("x"), "x", id="secret"),
        pytest.param(secret({"a": secret(["x"])}), {"a": ["x"]}, id="secret in secret"),
        pytest.param([{"a": secret("x")}], [{"a": "x"}], id="secret in a list"),
        pytest.param(output(value="x"), "x", id="output"),
        pytest.param(output(value=None), None, id="output of nothing"),
        pytest.param(output(value="x", secret=True), "x", id="secret output"),
        pytest.param(output(value={"a": secret(1)}), {"a": 1.0}, id="group in output"),
        pytest.param(output(), make_unknown(), id="unknown output"),
        pytest.param([output(secret=True)], [make_unknown()], id="unknown secret"),
        pytest.param(secret(make_unknown()), make_unknown(), id="secret unknown"),
        pytest.param({"a": [NUMBER]}, {"a": [NUMBER]}, id="mark of another type"),
        pytest.param(ASSET, ASSET, id="what no input takes"),
    ],
)
def test_value(value: Any, plain: Any) -> None:
    """
    Secrets are read in plain text, what is not known as its mark, at any depth.
    """
    properties = struct_pb2.Struct()
    properties.update({"told": value, "deeper": {"inside": [value]}})

    assert {"told": plain, "deeper": {"inside": [plain]}} == from_struct(properties)
