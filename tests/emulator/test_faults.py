import http.client
import re
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from aliyunsdkcore.acs_exception.exceptions import ClientException, ServerException
from aliyunsdkcore.client import AcsClient
from aliyunsdkrds.request.v20140815.CloneDBInstanceRequest import CloneDBInstanceRequest

from rds_emulator import Emulator
from rds_emulator.faults import KINDS
from rds_emulator.state.document import DocumentError
from tests.emulator.wire import FINE, ORDER, Client, Refusal
from tests.support.rows import row

ROOT = Path(__file__).parents[2]
RESET = "ConnectionResetError"
NO_JSON = "JSONDecodeError"
THROTTLED = (400, "Throttling.User")
UNAVAILABLE = (503, "ServiceUnavailable")
BY_CODE = {"code": "ServiceUnavailable"}
QUOTA = (403, "QuotaExceeded.CreateInstance")
ODD = (404, "Odd")
EXPIRED = (400, "InvalidSecurityToken.Expired")
SKEWED = (400, "IllegalTimestamp")
BROKEN = (500, "InternalError")
BEFORE: dict[str, object] = {"phase": "before"}
SHORTLY: dict[str, object] = {"seconds": 0.05}
KIND_ROWS = [
    row("throttled", "throttled", {}, THROTTLED, (*THROTTLED, False)),
    row("throttled by a code", "throttled", BY_CODE, UNAVAILABLE, (*UNAVAILABLE, False)),
    row("refused by a code", "refused", {"code": QUOTA[1]}, QUOTA, (*QUOTA, False)),
    row("refused by any code", "refused", {"code": "Odd", "status": 404}, ODD, (*ODD, False)),
    row("expired token", "expired_token", {}, EXPIRED, (*EXPIRED, False)),
    row("clock skew", "clock_skew", {}, SKEWED, (*SKEWED, False)),
    row("failed after the effect", "failed", {}, BROKEN, (*BROKEN, True)),
    row("failed with 503", "failed", BY_CODE, UNAVAILABLE, (*UNAVAILABLE, True)),
    row("dropped", "dropped", {}, RESET, (0, None, True)),
    row("dropped before", "dropped", BEFORE, RESET, (0, None, False)),
    row("delayed", "delayed", SHORTLY, FINE, (200, None, True)),
    row("delayed before", "delayed", SHORTLY | BEFORE, UNAVAILABLE, (*UNAVAILABLE, False)),
    row("empty", "empty", {}, FINE, (200, None, True)),
    row("empty before", "empty", BEFORE, FINE, (200, None, False)),
    row("garbage", "garbage", {}, NO_JSON, (200, None, True)),
    row("garbage before", "garbage", BEFORE | {"status": 502}, NO_JSON, (502, None, False)),
    row("truncated", "truncated", {}, NO_JSON, (200, None, True)),
    row("truncated before", "truncated", BEFORE, NO_JSON, (200, None, False)),
    row("bare", "bare", {}, FINE, (200, None, True)),
    row("bare before", "bare", BEFORE, FINE, (200, None, False)),
]
A, B = "DescribeRegions", "DescribeTags"
BAD_FAULTS = [
    row("kind", {"kind": "tired"}, "kind: there is no 'tired'; known are"),
    row("no kind", {}, "kind: "),
    row("field", {"kind": "bare", "tmes": 1}, "tmes: there is no such"),
    row("action", {"kind": "bare", "action": "Fly*"}, "action: there is no action"),
    row("times", {"kind": "bare", "times": 0}, "times: must be 1 or more"),
    row("text", {"kind": "bare", "times": "x"}, "times: must be a whole"),
    row("sure", {"kind": "bare", "probability": 1.5}, "probability: must be above 0"),
    row("never", {"kind": "bare", "probability": 0.0}, "probability: must be above 0"),
    row("after", {"kind": "bare", "after": -1}, "after: must be 0"),
    row(
        "phase of the kind",
        {"kind": "throttled", "phase": "after"},
        "phase: must be before for 'throttled', not 'after'",
    ),
    row("phase", {"kind": "bare", "phase": "during"}, "phase: must be after or before"),
    row("code", {"kind": "refused"}, "code: is required for 'refused'"),
    row("seconds", {"kind": "delayed"}, "seconds: is required"),
    row("back", {"kind": "delayed", "seconds": -1}, "seconds: must be 0 or more"),
    row("other detail", {"kind": "dropped", "code": "Odd"}, "code: means nothing for"),
    row("status", {"kind": "throttled", "status": 200}, "status: must be 400 to 599"),
]


def seen(client: Client, action: str, **parameters: str) -> Refusal | str:
    """
    Return status and code of an answer, or what happened in its place.
    """
    try:
        return client.call(action, **parameters).refusal
    except (OSError, http.client.HTTPException, ValueError) as error:
        return type(error).__name__


@pytest.mark.parametrize(("kind", "fields", "answer", "journal"), KIND_ROWS)
def test_each_kind_spoils_one_answer_and_is_in_the_journal(
    emulator: Emulator,
    client: Client,
    kind: str,
    fields: dict[str, Any],
    answer: Refusal | str,
    journal: tuple[int, str | None, bool],
) -> None:
    before = len(emulator.instances())
    emulator.faults.order(kind, "CloneDBInstance", **fields)
    first = seen(client, "CloneDBInstance", **ORDER)
    made = len(emulator.instances()) - before
    second = seen(client, "CloneDBInstance", **ORDER)
    call, after = emulator.journal.calls()

    assert (answer, FINE) == (first, second)
    assert (*journal, kind) == (call.status, call.error, call.effective, call.fault)
    assert (made, None) == (int(call.effective), after.fault)
    assert [(kind, "CloneDBInstance", call.request_id)] == [
        (fault.kind, fault.action, fault.id) for fault in emulator.faults.fired()
    ]


def test_every_kind_is_tested_and_documented() -> None:
    text = (ROOT / "docs" / "emulator.md").read_text("utf-8")

    assert set(KINDS) == {row.values[0] for row in KIND_ROWS}
    assert [] == [kind for kind in KINDS if f"| `{kind}` |" not in text]


def test_message_and_retry_after_can_be_chosen(emulator: Emulator, client: Client) -> None:
    emulator.faults.order("throttled", retry_after=3)
    emulator.faults.order("refused", code="Odd", status=404, message="Not today.")
    emulator.faults.order("refused", code="Odd")
    answers = [client.call("DescribeRegions") for _ in range(3)]

    assert ["3", None, None] == [answer.headers.get("retry-after") for answer in answers]
    assert [
        "Request was denied due to user flow control.",
        "Not today.",
        "This call was refused on order.",
    ] == [answer.body["Message"] for answer in answers]


@pytest.mark.parametrize(
    ("kind", "fields", "status", "content"),
    [
        row("500", "failed", {}, 500, '{"RequestId": ".+InternalError.+}'),
        row("delayed", "delayed", {"seconds": 0.01}, 404, '{"RequestId": ".+}'),
        row("empty", "empty", {"status": 503}, 503, ""),
        row("garbage", "garbage", {}, 200, "<html>.+</html>"),
        row("truncated", "truncated", {}, 200, '{"RequestId": "[^}]+'),
        row("bare", "bare", {}, 200, '{"RequestId": "[A-F0-9-]{36}"}'),
    ],
)
def test_fault_after_the_effect_spoils_a_refusal_too(
    emulator: Emulator, client: Client, kind: str, fields: dict[str, Any], status: int, content: str
) -> None:
    emulator.faults.order(kind, **fields)
    answer = client.call("DescribeDBInstanceAttribute", DBInstanceId="rm-none")
    html = answer.headers["content-type"].startswith("text/html")

    assert (status, kind == "garbage") == (answer.status, html)
    assert re.fullmatch(content, answer.content.decode())


def test_truncated_answer_is_half_of_the_true_one(emulator: Emulator, client: Client) -> None:
    emulator.faults.order("truncated", "DescribeRegions")
    half, whole = (client.call("DescribeRegions").content for _ in range(2))
    begin = len('{"RequestId": "01234567-89AB-CDEF-0123-456789ABCDEF"')

    assert whole[begin : len(half)] == half[begin:]
    assert len(whole) // 2 == len(half)


@pytest.mark.parametrize(
    ("orders", "calls", "struck"),
    [
        row("once by default", [{}], [A, A], "x."),
        row("twice", [{"times": 2}], [A, B, A], "xx."),
        row("without end", [{"probability": 1}], [A] * 4, "xxxx"),
        row("up to", [{"probability": 1, "times": 2}], [A] * 3, "xx."),
        row("later", [{"after": 2}], [A] * 4, "..x."),
        row("one action", [{"action": A}], [B, A], ".x"),
        row("a pattern", [{"action": "*Tags"}], [A, B], ".x"),
        row("other calls do not count", [{"action": A, "after": 1}], [B, A, A], "..x"),
        row("one after another", [{}, {"action": A}], [A, A, A], "xx."),
        row("all orders count a call", [{}, {"after": 1}], [A, A, A], "xx."),
    ],
)
def test_fault_strikes_so_often_from_a_call_on_and_for_its_actions(
    emulator: Emulator, client: Client, orders: list[dict[str, Any]], calls: list[str], struck: str
) -> None:
    for order in orders:
        emulator.faults.order("throttled", **order)

    assert struck == "".join("." if client.call(action).status == 200 else "x" for action in calls)


def test_same_seed_of_chance_strikes_the_same_calls(emulator: Emulator, client: Client) -> None:
    def statuses(number: int) -> list[int]:
        emulator.faults.forget()
        emulator.faults.seed(number)
        emulator.faults.order("throttled", probability=0.5)
        return [client.call(A).status for _ in range(20)]

    first, second, third = statuses(1), statuses(1), statuses(2)

    assert first == second != third
    assert {200, 400} == set(first)


def test_only_calls_past_the_gateway_use_up_a_fault(emulator: Emulator, client: Client) -> None:
    emulator.faults.order("throttled")
    emulator.deny("rds:DescribeTags")
    refused = [
        Client(emulator, {"secret": "wrong"}).call(A),
        client.call("FlyToTheMoon"),
        client.call(B),
    ]
    struck = client.call(A)

    assert ["SignatureDoesNotMatch", "InvalidAction.NotFound", "Forbidden.RAM"] == [
        answer.refusal[1] for answer in refused
    ]
    assert (400, "Throttling.User") == struck.refusal


def test_faults_that_are_left_are_listed_and_cleared(emulator: Emulator, client: Client) -> None:
    ordered = emulator.faults.order("dropped", A, times=3, after=1)
    seen(client, A)
    seen(client, A)
    left = emulator.faults.ordered()
    fired = emulator.faults.fired()
    emulator.faults.forget()

    assert (3, 1, "after") == (ordered.times, ordered.after, ordered.phase)
    assert [(2, 0)] == [(fault.times, fault.after) for fault in left.faults]
    assert 1 == len(fired)
    assert ((), []) == (emulator.faults.ordered().faults, emulator.faults.fired())
    assert FINE == seen(client, A)


@pytest.mark.parametrize(("order", "message"), BAD_FAULTS)
def test_bad_fault_is_refused_in_one_sentence_everywhere(
    emulator: Emulator, client: Client, order: dict[str, Any], message: str
) -> None:
    fine = {"kind": "bare"}
    answer = client.control("POST", "/faults", {"faults": [fine, order]})
    place = "faults[1]."

    assert (400, True) == (answer.status, place + message in answer.body["error"])
    assert () == emulator.faults.ordered().faults
    with (
        pytest.raises(DocumentError, match=re.escape(place + message)),
        Emulator(seed={"faults": [fine, order]}),
    ):
        pass
    if "kind" in order:
        with pytest.raises(DocumentError, match=f"^{re.escape(message)}"):
            emulator.faults.order(**order)


def test_control_api_orders_lists_and_clears_faults(client: Client) -> None:
    plan = {"faults": [{"kind": "failed", "action": A, "times": 2}], "fault_seed": 7}
    ordered = client.control("POST", "/faults", plan).body
    status = client.call(A).status
    shown = client.control("GET", "/faults").body
    call = client.control("GET", "/journal").body["calls"][-1]
    forgotten = client.control("DELETE", "/faults").body

    assert (500, "failed") == (status, call["fault"])
    assert [2, 1] == [body["faults"][0]["times"] for body in (ordered, shown)]
    assert [{"kind": "failed", "action": A, "id": call["request_id"]}] == shown["fired"]
    assert ([], [], []) == tuple(forgotten[name] for name in ("faults", "courses", "fired"))
    assert 200 == client.call(A).status


def test_faults_of_a_seed_end_with_the_process(db: Path) -> None:
    seed = {"faults": [{"kind": "throttled", "probability": 0.5}], "fault_seed": 1, "instances": []}

    def statuses() -> list[int]:
        with Emulator(seed=seed, db=db) as emulator:
            return [Client(emulator).call(A).status for _ in range(20)]

    first = statuses()
    resumed = statuses()
    db.unlink()

    assert {200, 400} == set(first)
    assert {200} == set(resumed)
    assert first == statuses()


def test_old_sdk_sees_faults_as_codes_broken_connections_and_timeouts(emulator: Emulator) -> None:
    host, port = emulator.endpoint.split(":")
    client = AcsClient(
        emulator.access_key_id,
        emulator.access_key_secret,
        emulator.region,
        port=int(port),
        timeout=0.2,
    )

    def clone() -> str:
        request = CloneDBInstanceRequest()
        request.set_endpoint(host)
        request.set_DBInstanceId(ORDER["DBInstanceId"])
        request.set_PayType(ORDER["PayType"])
        request.set_BackupId(ORDER["BackupId"])
        try:
            return str(client.do_action_with_exception(request))
        except ServerException as error:
            return f"{error.http_status} {error.error_code}"
        except ClientException as error:
            return str(error.error_code)

    answers = []
    for kind in ("throttled", "failed", "dropped", "garbage", "empty"):
        emulator.faults.order(kind)
        answers.append(clone())
    begun = time.monotonic()
    emulator.faults.order("delayed", seconds=60)
    answers.append(clone())
    took = time.monotonic() - begun

    assert ["400 Throttling.User", "500 InternalError", "SDK.HttpError"] == answers[:3]
    assert answers[3].startswith("b'<html>")
    assert ["b''", "SDK.HttpError"] == answers[4:]
    assert took < 5
    assert 5 == len(emulator.journal.writes())


def test_delayed_answer_delays_neither_others_nor_the_end() -> None:
    with Emulator() as emulator:
        client = Client(emulator)
        emulator.faults.order("delayed", A, seconds=60)
        thread = threading.Thread(target=seen, args=(client, A))
        thread.start()
        while not emulator.faults.fired():
            time.sleep(0.005)
        status = client.call(A).status
        begun = time.monotonic()
    took = time.monotonic() - begun
    thread.join()

    assert 200 == status
    assert took < 5
