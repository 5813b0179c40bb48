import json
from operator import itemgetter
from pathlib import Path

import pytest

from rds_emulator import Emulator
from rds_emulator.market import engine_parameters
from rds_emulator.market.engine_parameters import EngineParameter
from tests.emulator.wire import Answer, Client
from tests.support.rows import row

DYNAMIC = {"connect_timeout": "30"}
STATIC = {"back_log": "1000"}


def modify(client: Client, values: object, **parameters: str) -> Answer:
    given = {"DBInstanceId": "rm-mine", "Parameters": json.dumps(values), **parameters}
    return client.call("ModifyParameter", **given)


def values(client: Client, instance_id: str = "rm-mine") -> tuple[str, str, str]:
    """
    Return the values in use of both parameters, and the one of the second that waits.
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


def test_value_that_needs_a_restart_is_in_use_after_it(emulator: Emulator, client: Client) -> None:
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
        row("a value needs it", {**DYNAMIC, **STATIC}, "Rebooting"),
        row("no value needs it", DYNAMIC, "Running"),
        row("the value in use", {"back_log": "3000"}, "Running"),
    ],
)
def test_forced_restart_happens_if_a_value_waits_for_one(
    emulator: Emulator, client: Client, given: dict[str, str], status: str
) -> None:
    emulator.add("rm-mine")
    modify(client, given, Forcerestart="true")
    begun = emulator.instance("rm-mine").status
    emulator.clock.advance(2)
    running = values(client)

    assert status == begun
    assert (given.get("connect_timeout", "10"), given.get("back_log", "3000"), "") == running


def test_value_that_is_set_back_no_longer_waits(emulator: Emulator, client: Client) -> None:
    emulator.add("rm-mine", parameters={"back_log": "2000"})
    seen = []
    for value in ("1000", "2000"):
        modify(client, {"back_log": value})
        seen.append(values(client)[1:])

    assert [("2000", "1000"), ("2000", "")] == seen


def test_clone_has_its_source_s_values_in_use_and_those_that_wait(db: Path) -> None:
    with Emulator(db=db, speed=0) as emulator:
        emulator.add("rm-mine")
        modify(Client(emulator), {**DYNAMIC, **STATIC})
    with Emulator(db=db) as emulator:
        client = Client(emulator)
        clone_id = client.clone("rm-mine")

        assert ("30", "3000", "1000") == values(client)
        assert ("30", "1000", "") == values(client, clone_id)


@pytest.mark.parametrize(
    ("engine", "version", "told"),
    [
        row("MySQL", "mysql", "8.0", "mysql"),
        row("SQL Server", "SQLServer", "2022_std_ha", "mssql"),
        row("PostgreSQL", "PostgreSQL", "16.0", "PostgreSQL"),
        row("MariaDB", "MariaDB", "10.6", "MariaDB"),
    ],
)
def test_templates_list_parameters_of_both_kinds(
    client: Client, engine: str, version: str, told: str
) -> None:
    given = {"Engine": engine, "EngineVersion": version}
    body = client.call("DescribeParameterTemplates", **given).body
    records = body["Parameters"]["TemplateRecord"]
    restarts = [record for record in records if record["ForceRestart"] == "true"]

    assert (told, version, str(len(records))) == itemgetter(
        "Engine", "EngineVersion", "ParameterCount"
    )(body)
    assert 2 <= len(restarts) < len(records)
    assert {"true", "false"} >= {record["ForceModify"] for record in records}


@pytest.mark.parametrize("engine", engine_parameters.PARAMETERS)
def test_defaults_are_in_their_ranges(engine: str) -> None:
    known = engine_parameters.of_engine(engine).values()

    assert [] == [parameter.name for parameter in known if not parameter.accepts(parameter.default)]


@pytest.mark.parametrize(
    ("allowed", "accepted", "refused"),
    [
        row("whole", "[1-100]", ("1", "100"), ("0", "101", "1.5", "x", "")),
        row("from below zero", "[-1-100]", ("-1", "0"), ("-2",)),
        row("fraction", "[0.03-30]", ("0.03", "1", "29.5"), ("0.02", "31")),
        row("words", "[ON|OFF]", ("ON", "OFF"), ("on", "ON|OFF", "")),
    ],
)
def test_range_accepts_numbers_or_a_choice_of_words(
    allowed: str, accepted: tuple[str, ...], refused: tuple[str, ...]
) -> None:
    parameter = EngineParameter(name="p", default="", allowed=allowed)

    assert all(parameter.accepts(value) for value in accepted)
    assert not any(parameter.accepts(value) for value in refused)


def test_no_parameter_is_set_during_an_unseen_restart(emulator: Emulator, client: Client) -> None:
    emulator.add("rm-mine")
    emulator.set_temper(change_lag_seconds=5)
    client.call("RestartDBInstance", DBInstanceId="rm-mine")

    assert (403, "OperationDenied.DBInstanceStatus") == modify(client, DYNAMIC).refusal
