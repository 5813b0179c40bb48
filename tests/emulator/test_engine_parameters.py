"""
The parameters of an engine, and the restart that some of them need.
"""

import json
from pathlib import Path

import pytest

from rds_emulator import Emulator
from rds_emulator.market import engine_parameters
from rds_emulator.market.engine_parameters import EngineParameter
from tests.emulator.wire import Answer, Client

DYNAMIC = {"connect_timeout": "30"}
STATIC = {"back_log": "1000"}


def modify(client: Client, values: object, **parameters: str) -> Answer:
    """
    Set parameters of the instance.
    """
    given = {"DBInstanceId": "rm-mine", "Parameters": json.dumps(values), **parameters}
    return client.call("ModifyParameter", **given)


def values(client: Client, instance_id: str = "rm-mine") -> tuple[str, str, str]:
    """
    Return the values in use of both parameters, and what waits of the second.
    """
    body = client.call("DescribeParameters", DBInstanceId=instance_id).body
    running, waiting = (
        {
            parameter["ParameterName"]: parameter["ParameterValue"]
            for parameter in body[group]["DBInstanceParameter"]
        }
        for group in ("RunningParameters", "ConfigParameters")
    )
    assert waiting.keys() <= STATIC.keys()
    return running["connect_timeout"], running["back_log"], waiting.get("back_log", "")


def test_values_wait_for_a_restart(emulator: Emulator, client: Client) -> None:
    """
    What needs no restart is in use at once, the rest when the instance is back.
    """
    emulator.add("rm-mine")
    seen = [values(client)]
    modify(client, {**DYNAMIC, **STATIC})
    seen.append(values(client))
    client.call("RestartDBInstance", DBInstanceId="rm-mine")
    seen.append(values(client))
    status = emulator.instance("rm-mine").status
    emulator.clock.advance(2)
    seen.append(values(client))

    assert [
        ("10", "3000", ""),
        ("30", "3000", "1000"),
        ("30", "3000", "1000"),
        ("30", "1000", ""),
    ] == seen
    assert ("Rebooting", "Running") == (status, emulator.instance("rm-mine").status)


@pytest.mark.parametrize(
    ("given", "status"),
    [
        pytest.param({**DYNAMIC, **STATIC}, "Rebooting", id="a value needs it"),
        pytest.param(DYNAMIC, "Running", id="no value needs it"),
        pytest.param({"back_log": "3000"}, "Running", id="the value in use"),
    ],
)
def test_forced_restart_happens_if_a_value_waits_for_one(
    emulator: Emulator, client: Client, given: dict[str, str], status: str
) -> None:
    """
    A restart is made if a value of the call waits for one.
    """
    emulator.add("rm-mine")
    modify(client, given, Forcerestart="true")
    begun = emulator.instance("rm-mine").status
    emulator.clock.advance(2)
    running = values(client)

    assert status == begun
    assert (given.get("connect_timeout", "10"), given.get("back_log", "3000"), "") == running


def test_value_in_use_no_longer_waits(emulator: Emulator, client: Client) -> None:
    """
    Who sets back a value that waits has nothing to wait for.
    """
    emulator.add("rm-mine", parameters={"back_log": "2000"})
    seen = []
    for value in ("1000", "2000"):
        modify(client, {"back_log": value})
        seen.append(values(client)[1:])

    assert [("2000", "1000"), ("2000", "")] == seen


def test_parameters_outlive_the_process_and_are_cloned(tmp_path: Path) -> None:
    """
    A clone starts with what is in use at its source, and with what waits there.
    """
    db = tmp_path / "rds.sqlite"
    with Emulator(db=db, speed=0) as emulator:
        emulator.add("rm-mine")
        modify(Client(emulator), {**DYNAMIC, **STATIC})
    with Emulator(db=db) as emulator:
        client = Client(emulator)
        order = {
            "DBInstanceId": "rm-mine",
            "PayType": "Postpaid",
            "BackupId": emulator.backups("rm-mine")[0].id,
        }
        clone_id = client.call("CloneDBInstance", **order).body["DBInstanceId"]

        assert ("30", "3000", "1000") == values(client)
        assert ("30", "1000", "") == values(client, clone_id)


@pytest.mark.parametrize(
    ("engine", "version", "told"),
    [
        pytest.param("mysql", "8.0", "mysql", id="MySQL"),
        pytest.param("SQLServer", "2022_std_ha", "mssql", id="SQL Server"),
        pytest.param("PostgreSQL", "16.0", "PostgreSQL", id="PostgreSQL"),
        pytest.param("MariaDB", "10.6", "MariaDB", id="MariaDB"),
    ],
)
def test_templates_list_parameters_of_both_kinds(
    client: Client, engine: str, version: str, told: str
) -> None:
    """
    Every engine has parameters of both kinds, each with a default in its range.
    """
    given = {"Engine": engine, "EngineVersion": version}
    body = client.call("DescribeParameterTemplates", **given).body
    records = body["Parameters"]["TemplateRecord"]
    restarts = [record for record in records if record["ForceRestart"] == "true"]

    assert (told, version, str(len(records))) == (
        body["Engine"],
        body["EngineVersion"],
        body["ParameterCount"],
    )
    assert 2 <= len(restarts) < len(records)
    assert {"true", "false"} >= {record["ForceModify"] for record in records}


@pytest.mark.parametrize("engine", engine_parameters.PARAMETERS)
def test_defaults_are_in_their_ranges(engine: str) -> None:
    """
    The table contradicts itself nowhere.
    """
    known = engine_parameters.of_engine(engine).values()

    assert [] == [parameter.name for parameter in known if not parameter.accepts(parameter.default)]


@pytest.mark.parametrize(
    ("allowed", "accepted", "refused"),
    [
        pytest.param("[1-100]", ("1", "100"), ("0", "101", "1.5", "x", ""), id="whole"),
        pytest.param("[-1-100]", ("-1", "0"), ("-2",), id="from below zero"),
        pytest.param("[0.03-30]", ("0.03", "1", "29.5"), ("0.02", "31"), id="fraction"),
        pytest.param("[ON|OFF]", ("ON", "OFF"), ("on", "ON|OFF", ""), id="words"),
    ],
)
def test_range_accepts_numbers_or_a_choice_of_words(
    allowed: str, accepted: tuple[str, ...], refused: tuple[str, ...]
) -> None:
    """
    A range is one of numbers or a choice of words.
    """
    parameter = EngineParameter(name="p", default="", allowed=allowed)

    assert all(parameter.accepts(value) for value in accepted)
    assert not any(parameter.accepts(value) for value in refused)


def test_nothing_is_set_while_a_change_has_begun(emulator: Emulator, client: Client) -> None:
    """
    The status may not show it yet: a restart that has begun takes no other values.
    """
    emulator.add("rm-mine")
    emulator.set_temper(change_lag_seconds=5)
    client.call("RestartDBInstance", DBInstanceId="rm-mine")

    assert (403, "OperationDenied.DBInstanceStatus") == modify(client, DYNAMIC).refusal
