from typing import Any

import pytest

from pulumi_rdsclone.cloud.errors import understood
from pulumi_rdsclone.cloud.reading import (
    read_id,
    read_measure,
    read_name,
    read_number,
    read_records,
    read_switch,
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
        (read_name, "x", "x"),
        (read_id, "rm-uf6wjk5_1.x", "rm-uf6wjk5_1.x"),
        (read_id, 1000000109, "1000000109"),
        (read_number, 105, 105),
        (read_number, "105", 105),
        (read_number, "", 0),
        (read_number, None, 0),
        (read_measure, 0.5, 0.5),
        (read_measure, "8", 8.0),
        (read_measure, 0, 0.0),
        (read_measure, None, None),
        (read_switch, True, True),
        (read_switch, "False", False),
        (read_switch, 1, True),
        (read_switch, "0", False),
        (read_switch, "", None),
        (read_switch, None, None),
    ],
)
def test_value(read: Any, value: object, found: object) -> None:
    """
    A value is read in each form that the API is known to give it.
    """
    assert found == read({"Name": value}, "Name")


@pytest.mark.parametrize(
    ("read", "values"),
    [
        (read_records, [{}, {"a": 1}, "", 0, [None], ["a"]]),
        (read_text, [5, True, [], {}, "half a \ud800"]),
        (read_name, ["", None, ["x"]]),
        (read_id, ["", None, True, 1.5, "a b", "a\nb", "x" * 129]),
        (read_number, [True, 1.5, [], "five", 10**30, NAN]),
        (read_measure, [True, [], "", "nan", NAN, 10**400]),
        (read_switch, ["maybe", 2, [True], NAN]),
    ],
)
def test_values_of_another_form(read: Any, values: list[Any]) -> None:
    """
    A value in any other form is complained of.
    """
    for value in values:
        with pytest.raises(UnavailableError, match="not understood"):
            understood("AnyAction")(read)({"Name": value}, "Name")
