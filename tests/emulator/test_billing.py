from datetime import timedelta
from operator import itemgetter
from pathlib import Path
from typing import Any

import pytest

from rds_emulator import Emulator
from rds_emulator.protocol.timestamps import to_seconds
from tests.emulator.wire import Answer, Client
from tests.support.rows import row

MONTH = {"PayType": "Prepaid", "Period": "Month", "UsedTime": "1"}
SUBSCRIPTION = {"pay_type": "Prepaid", "expires": "now+30d"}


def transform(client: Client, **parameters: str) -> Answer:
    return client.call("TransformDBInstancePayType", DBInstanceId="rm-mine", **parameters)


def renewals(client: Client, **parameters: str) -> dict[str, Any]:
    body = client.call("DescribeInstanceAutoRenewalAttribute", **parameters).body
    return {setting["DBInstanceId"]: setting for setting in body["Items"]["Item"]}


@pytest.mark.parametrize(
    ("parameters", "days", "renewal"),
    [
        row("a month", {}, 30, (False, 1)),
        row("renewed by the month", {"AutoRenew": "true"}, 30, (True, 1)),
        row("two years, renewed by the year",
            {"Period": "Year", "UsedTime": "2", "AutoRenew": "True"}, 720, (True, 12)),
        row("any other word", {"AutoRenew": "yes"}, 30, (False, 1)),
    ],
)  # fmt: skip
def test_subscription_begins_at_once(
    emulator: Emulator,
    client: Client,
    parameters: dict[str, str],
    days: int,
    renewal: tuple[bool, int],
) -> None:
    emulator.add("rm-mine")
    expires = to_seconds(emulator.clock.now() + timedelta(days=days))
    body = transform(client, **{**MONTH, **parameters}).body
    made = emulator.instance("rm-mine")

    assert ("PREPAY", "rm-mine", expires) == itemgetter(
        "ChargeType", "DBInstanceId", "ExpiredTime"
    )(body)
    assert body["OrderId"] > 0
    assert ("Prepaid", "Running") == (made.pay_type, made.status)
    assert renewal == (made.auto_renewal.enabled, made.auto_renewal.months)
    assert emulator.clock.now() == made.converted


def test_ended_subscription_can_be_released(emulator: Emulator, client: Client) -> None:
    emulator.add("rm-mine", **SUBSCRIPTION, auto_renewal={"enabled": True})
    body = transform(client, PayType="Postpaid").body
    made = emulator.instance("rm-mine")
    released = client.call("DeleteDBInstance", DBInstanceId="rm-mine")

    assert "POSTPAY" == body["ChargeType"]
    assert "ExpiredTime" not in body
    assert ("Postpaid", None, False) == (made.pay_type, made.expires, made.auto_renewal.enabled)
    assert 200 == released.status


def test_second_change_is_refused_for_fifteen_minutes(emulator: Emulator, client: Client) -> None:
    emulator.add("rm-mine")
    transform(client, **MONTH)
    seen = []
    for seconds in (0, 900, 1):
        emulator.clock.advance(seconds)
        seen.append(transform(client, PayType="Postpaid").refusal)

    assert [(400, "OperationDenied.TimeLimit")] * 2 == seen[:2]
    assert (200, "") == seen[2]


def test_billing_method_waits_for_a_slow_change(emulator: Emulator, client: Client) -> None:
    emulator.add("rm-mine")
    client.call("ModifyDBInstanceSpec", DBInstanceId="rm-mine", DBInstanceStorage="200")

    assert (400, "InvalidOrderTask.NotSupport") == transform(client, **MONTH).refusal


def test_renewal_that_is_switched_off_keeps_its_months(emulator: Emulator, client: Client) -> None:
    emulator.add("rm-mine", **SUBSCRIPTION)
    emulator.add("rm-other")
    given = {"DBInstanceId": "rm-mine"}
    seen = [renewals(client)["rm-mine"]]
    for change in ({"AutoRenew": "True", "Duration": "3"}, {"AutoRenew": "False"}):
        client.call("ModifyInstanceAutoRenewalAttribute", **given, **change)
        seen.append(renewals(client, **given)["rm-mine"])

    assert [("False", 1), ("True", 3), ("False", 3)] == [
        (setting["AutoRenew"], setting["Duration"]) for setting in seen
    ]
    assert "cn-hangzhou" == seen[0]["RegionId"]
    assert {} == renewals(client, DBInstanceId="rm-other")


def test_payment_outlives_the_process_and_is_not_cloned(db: Path) -> None:
    with Emulator(db=db, speed=0) as emulator:
        emulator.add("rm-mine")
        transform(Client(emulator), **MONTH, AutoRenew="true")
        converted = emulator.clock.now()
    with Emulator(db=db) as emulator:
        made = emulator.instance("rm-mine")
        clone = emulator.instance(Client(emulator).clone("rm-mine"))

    assert (True, converted) == (made.auto_renewal.enabled, made.converted)
    assert (False, None) == (clone.auto_renewal.enabled, clone.converted)
