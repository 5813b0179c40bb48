from typing import Any

import pytest

from pulumi_rdsclone.cloud.errors import reject_malformed
from pulumi_rdsclone.cloud.reading import (
    read_bool,
    read_float,
    read_id,
    read_int,
    read_records,
    read_required_text,
    read_text,
)
from pulumi_rdsclone.domain.errors import UnavailableError

NAN = float("nan")


@pytest.mark.parametrize(
    ("read", "value", "found"),
    [
        (read_records, [{"a": 1}], [{"a": 1}]),
        (read_records, None, []),
        (read_text, "Running", "Running"),
        (read_text, "", ""),
        (read_text, None, ""),
        (read_required_text, "x", "x"),
        (read_id, "rm-uf6wjk5_1.x", "rm-uf6wjk5_1.x"),
        (read_id, 1000000109, "1000000109"),
        (read_int, 105, 105),
        (read_int, "105", 105),
        (read_int, "", 0),
        (read_int, None, 0),
        (read_float, 0.5, 0.5),
        (read_float, "8", 8.0),
        (read_float, 0, 0.0),
        (read_float, None, None),
        (read_bool, True, True),
        (read_bool, "False", False),
        (read_bool, 1, True),
        (read_bool, "0", False),
        (read_bool, "", None),
        (read_bool, None, None),
    ],
)
def test_value_is_read_in_each_known_form(read: Any, value: object, found: object) -> None:
    assert found == read({"Name": value}, "Name")


@pytest.mark.parametrize(
    ("read", "values"),
    [
        (read_records, [{}, {"a": 1}, "", 0, [None], ["a"]]),
        (read_text, [5, True, [], {}, "half a \ud800"]),
        (read_required_text, ["", None, ["x"]]),
        (read_id, ["", None, True, 1.5, "a b", "a\nb", "x" * 129]),
        (read_int, [True, 1.5, [], "five", 10**30, NAN]),
        (read_float, [True, [], "", "nan", NAN, 10**400]),
        (read_bool, ["maybe", 2, [True], NAN]),
    ],
)
def test_value_of_another_form_is_an_error(read: Any, values: list[Any]) -> None:
    for value in values:
        with pytest.raises(UnavailableError, match="not understood"):
            reject_malformed("AnyAction")(read)({"Name": value}, "Name")
