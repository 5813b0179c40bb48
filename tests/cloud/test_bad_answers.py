"""
Bad answers end in a clear error or in correct behaviour, whatever is wrong with them.
"""

import contextlib
import functools
import itertools
import json
import math
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, is_dataclass, replace
from datetime import UTC, datetime, timedelta
from types import UnionType
from typing import Any, Final, Union, get_args, get_origin, get_type_hints

import pytest
from hypothesis import HealthCheck, given, note
from hypothesis import seed as repeatable
from hypothesis import settings as profile
from hypothesis import strategies as st

from pulumi_rdsclone.cloud.aspects import CODECS
from pulumi_rdsclone.cloud.client import RdsClient
from pulumi_rdsclone.cloud.credentials import Keyring
from pulumi_rdsclone.cloud.transport import RDS, VPC, Transport
from pulumi_rdsclone.domain.adoption import Claim
from pulumi_rdsclone.domain.aspects import Aspect
from pulumi_rdsclone.domain.backups import Span
from pulumi_rdsclone.domain.errors import (
    CloneError,
    NotFoundError,
    UnavailableError,
    WaitTimedOutError,
)
from pulumi_rdsclone.domain.identity import CREATING, KEY_TAG, STACK_TAG, STAGE_TAG, CloneMarks
from pulumi_rdsclone.domain.restoring import Restore
from pulumi_rdsclone.domain.spec import Payment, Serverless
from pulumi_rdsclone.lifecycle.ordering import OrderedClone, adopt_or_order
from pulumi_rdsclone.lifecycle.ports import Rds
from pulumi_rdsclone.lifecycle.region import RegionContext
from pulumi_rdsclone.lifecycle.waiting import wait_until_gone, wait_until_ready
from tests.cloud.damage import DAMAGES, DROPPED, VALUES, Damage, every_damage, with_status
from tests.cloud.stub import Stub, settings_of, stub, unsigned
from tests.domain.samples import OFFER_QUERY, alteration, order
from tests.lifecycle.fakes import SCHEDULE, FakeClock, FakeProgress, api_error
from tests.support.emulators import Emulator
from tests.support.rows import row

Call = Callable[[RdsClient], object]
Spoil = Callable[[Any], Any]
Good = Callable[[str], list[dict[str, Any]]]

CASES: Final = int(os.environ.get("RDSCLONE_CASES", "500"))
SEED: Final = int(os.environ.get("RDSCLONE_SEED", "20261123"))
REGION: Final = "cn-hangzhou"
SOURCE: Final = "rm-demo-mysql80"
LOCAL: Final = "rm-demo-mysql57-local"
SQL_SERVER: Final = "rm-demo-sqlserver-migration"
BUSY: Final = "rm-demo-task-running"
MARKED: Final = "rm-marked"
POSTGRESQL: Final = "rm-demo-postgresql16"
MOST_CALLS: Final = 12
"""No read of these small answers needs more, its repeats included."""

ORDER: Final = order(
    source_instance_id=SOURCE, backup_id="1000000109", description="staging", tags={"team": "data"}
)


NOW: Final = datetime.now(UTC)
LAST_HOUR: Final = Span(NOW - timedelta(hours=1), NOW)
"""The emulator begins with this machine's time."""


def read_aspect(aspect: Aspect) -> Call:
    """
    Return the call that reads *aspect* of an instance that has it.
    """
    instance = POSTGRESQL if aspect in (Aspect.PG_HBA, Aspect.SSL) else MARKED
    return lambda rds: rds.read_aspects(instance, [aspect])


READ: Final = [aspect for aspect in Aspect if CODECS[aspect].read_action]

CALLS: Final[Mapping[str, Call]] = {
    "instance": lambda rds: rds.instance(SOURCE),
    "list_instances": lambda rds: rds.list_instances({STACK_TAG: "p/s"}),
    "count_instances": lambda rds: rds.count_instances(),
    "list_clones": lambda rds: rds.list_clones("p/s"),
    "backup_sets": lambda rds: rds.backup_sets(SOURCE),
    "recovery_window": lambda rds: rds.recovery_window(SOURCE),
    "backup_policy": lambda rds: rds.backup_policy(SOURCE),
    "log_backups": lambda rds: rds.log_backups(SQL_SERVER, LAST_HOUR),
    "migrations": lambda rds: rds.migrations(SQL_SERVER),
    "tasks": lambda rds: rds.tasks(BUSY),
    "contents": lambda rds: rds.contents(
        LOCAL, Restore(time=None, backup_id="1000000601"), databases=("app",)
    ),
    "zone_offers": lambda rds: rds.zone_offers("MySQL", "8.0"),
    "class_offers": lambda rds: rds.class_offers(OFFER_QUERY),
    "vswitches": lambda rds: rds.vswitches("vpc-demo"),
    "price": lambda rds: rds.price(
        OFFER_QUERY, "mysql.n2.medium.2c", storage_gb=100, payment=Payment()
    ),
    "serverless_price": lambda rds: rds.serverless_price(
        OFFER_QUERY,
        "mysql.n2.serverless.2c",
        storage_gb=100,
        serverless=Serverless(min_rcu=1, max_rcu=8),
    ),
    "parameter_templates": lambda rds: rds.parameter_templates("MySQL", "8.0"),
    "parameters": lambda rds: rds.parameters(SOURCE),
    "accounts": lambda rds: rds.accounts(SOURCE),
    "tags": lambda rds: rds.tags(MARKED),
    "tags_by_key": lambda rds: rds.tags_by_key(STACK_TAG),
    "order_clone": lambda rds: rds.order_clone(ORDER),
    "set_tags": lambda rds: rds.set_tags(MARKED, {"a": "1"}),
    **{f"read_aspects: {aspect}": read_aspect(aspect) for aspect in READ},
    "apply": lambda rds: rds.apply(
        alteration(Aspect.DESCRIPTION, {"description": "renamed"}, id=MARKED)
    ),
    "release": lambda rds: rds.release(MARKED),
}
"""
One call of each method, one of *read_aspects* for each aspect; the last ones change
what the first ones see.
"""


def method_of(call: str) -> str:
    """
    Return the method that an entry of *CALLS* calls.
    """
    return call.partition(":")[0]


METHODS: Final = {method_of(call) for call in CALLS}


class Wire(Transport):
    """
    The way to an emulator; remembers what came over it, and spoils it.

    Attributes:
        answers: What was answered, as it was before it was spoilt.
        spoils: What becomes of the answers to an action.
    """

    def __init__(self, emulator: Emulator, product: tuple[str, str]) -> None:
        settings = settings_of(emulator)
        super().__init__(settings.rds, Keyring(settings), region=REGION, product=product)
        self.answers: list[dict[str, Any]] = []
        self.spoils: dict[str, Spoil] = {}

    def call(
        self, action: str, parameters: Mapping[str, str], *, read_seconds: int = 10
    ) -> dict[str, Any]:
        answer = super().call(action, parameters, read_seconds=read_seconds)
        self.answers.append(dict(answer))
        return handed_on(action, self.spoils.get(action, lambda same: same)(answer))


class Canned(Transport):
    """
    Answers one after the other without any wire; after the last, nothing.
    """

    def __init__(self, answers: Iterable[Any]) -> None:
        self.asked = 0
        self._answers = iter(answers)

    def ask(self, call: Call) -> object:
        """
        Make *call* of a client that is given these answers.
        """
        return call(RdsClient(self, vpc=self, region=REGION, clock=FakeClock()))

    def call(
        self, action: str, parameters: Mapping[str, str], *, read_seconds: int = 10
    ) -> dict[str, Any]:
        del parameters, read_seconds
        self.asked += 1
        return handed_on(action, next(self._answers, None))


def handed_on(action: str, answer: Any) -> dict[str, Any]:
    """
    Return *answer* as every transport does: not at all, unless it is one of the API.
    """
    if isinstance(answer, dict) and "RequestId" in answer:
        return answer
    raise api_error(UnavailableError, action)


@dataclass(frozen=True)
class Cloud:
    """
    An emulator, and two wires to it that share one client.
    """

    emulator: Emulator
    rds: Wire
    vpc: Wire

    def client(self, clock: FakeClock) -> RdsClient:
        """
        Return a client.
        """
        return RdsClient(self.rds, vpc=self.vpc, region=REGION, clock=clock)

    @contextlib.contextmanager
    def spoilt(self, spoils: Mapping[str, Spoil]) -> Iterator[FakeClock]:
        """
        Spoil the answers to some actions for a while.
        """
        self.rds.spoils = dict(spoils)
        try:
            yield FakeClock()
        finally:
            self.rds.spoils = {}


@pytest.fixture(scope="module")
def cloud() -> Iterator[Cloud]:
    """
    Return a cloud whose time stands still.
    """
    with Emulator(speed=0) as emulator:
        emulator.add(MARKED, tags={STACK_TAG: "p/s", "team": "data"})
        emulator.add("rm-creating", status="Creating", tags={STAGE_TAG: CREATING})
        yield Cloud(emulator, Wire(emulator, RDS), Wire(emulator, VPC))


@pytest.fixture(scope="module")
def good(cloud: Cloud) -> Good:
    """
    Return a function from each method to the answers that it gets from the emulator.
    """
    client = cloud.client(FakeClock())
    found = {}
    for method, call in CALLS.items():
        cloud.rds.answers, cloud.vpc.answers = [], []
        assert fits(call(client), returned(method)), method
        found[method] = cloud.rds.answers + cloud.vpc.answers
    return lambda method: found[method]


@dataclass(frozen=True)
class Tube:
    """
    A stub and the wires to it.
    """

    server: Stub
    rds: Transport
    vpc: Transport

    def ask(self, call: Call, answers: list[tuple[int, str]]) -> object:
        """
        Make *call* of a client that is given *answers*; "busy" when they are used up.
        """
        busy = (503, '{"Code": "ServiceUnavailable", "Message": "", "RequestId": "R"}')
        self.server.answers[:] = [*answers, busy]
        self.server.asked.clear()
        return call(RdsClient(self.rds, vpc=self.vpc, region=REGION, clock=FakeClock()))


@pytest.fixture(scope="module")
def tube() -> Iterator[Tube]:
    """
    Return a stub that is asked many things.
    """
    with stub((200, "{}")) as server:
        settings = unsigned(server.url)
        ring = Keyring(settings)
        yield Tube(
            server,
            Transport(settings.rds, ring, region=REGION, product=RDS),
            Transport(settings.vpc, ring, region=REGION, product=VPC),
        )


def returned(method: str) -> Any:
    """
    Return the type that *method* is declared to return.
    """
    return get_type_hints(getattr(RdsClient, method_of(method)))["return"]


def fits(value: Any, form: Any) -> bool:
    """
    Return whether *value*, and all that it holds, is what *form* declares.
    """
    origin, parts = get_origin(form), get_args(form)
    if is_dataclass(form):
        fields = get_type_hints(form)
        return type(value) is form and all(
            fits(getattr(value, name), field) for name, field in fields.items()
        )
    if origin in (Union, UnionType):
        return any(fits(value, part) for part in parts)
    if origin in (dict, Mapping):
        return isinstance(value, dict) and all(
            fits(item, part)
            for pair in value.items()
            for item, part in zip(pair, parts, strict=True)
        )
    if origin in (tuple, frozenset):
        return isinstance(value, origin) and all(fits(item, parts[0]) for item in value)
    if form in (object, Any):
        is_number = type(value) is bool or fits(value, float)
        return is_number or (form is Any and is_plain(value))
    return type(value) is form and is_sound(value)


def is_plain(value: object) -> bool:
    """
    Return whether *value* is a tree of what inputs can hold.
    """
    if isinstance(value, dict):
        return all(map(is_plain, (*value, *value.values())))
    if isinstance(value, list):
        return all(map(is_plain, value))
    return type(value) in (str, int, float, bool) and is_sound(value)


def is_sound(value: object) -> bool:
    """
    Return whether *value* can be counted with, written and sent.
    """
    if isinstance(value, float):
        return math.isfinite(value)
    if isinstance(value, int):
        return abs(value) < 2**63
    return str(value).encode(errors="ignore").decode() == str(value)


def assert_clear(error: CloneError) -> None:
    """
    Check that an error is one sentence that anybody can read.
    """
    text = str(error)
    assert text.isprintable(), text
    assert 10 < len(text) < 1000, text
    assert not re.search(r"Traceback|<class| at 0x|\{'|\['", text), text


def cases(share: int) -> Callable[[Any], Any]:
    """
    Return the settings of a test that makes one in *share* of all cases.
    """

    def settled(test: Any) -> Any:
        examples = profile(
            max_examples=max(CASES // share, 1),
            deadline=None,
            database=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
        )
        return examples(repeatable(SEED)(test))

    return settled


def test_every_method_of_the_client_is_tried() -> None:
    methods = {name for name in vars(Rds) if callable(getattr(Rds, name))}

    assert {name for name in methods if not name.startswith("_")} == METHODS


@pytest.mark.parametrize("method", CALLS)
def test_every_odd_value(good: Good, method: str) -> None:
    """
    No odd value does harm in any one place.
    """
    answers = good(method)
    for number, answer in enumerate(answers):
        for bad in every_damage(answer):
            tin = Canned([*answers[:number], *[bad] * 2 * MOST_CALLS])
            assert_sane(functools.partial(tin.ask, CALLS[method]), method, bad)
            assert tin.asked <= MOST_CALLS, bad


def test_odd_value_hides_no_instance_from_a_list(good: Good) -> None:
    (answer,) = good("list_instances")
    for bad in every_damage(answer):
        with contextlib.suppress(CloneError):
            assert Canned([bad] * MOST_CALLS).ask(CALLS["list_instances"]), bad


@pytest.mark.parametrize("method", CALLS)
@cases(share=len(METHODS))
@given(which=st.integers(0, 5), damages=st.lists(DAMAGES, min_size=1, max_size=2))
def test_bad_answer_is_understood_or_reported(
    good: Good, tube: Tube, method: str, which: int, damages: list[Damage]
) -> None:
    """
    A damaged answer is understood or reported, in a few calls.
    """
    answers = good(method)
    *before, bad = answers[: 1 + which % len(answers)]
    for damage in damages:
        bad = damage.done_to(bad)
    note(str(bad))
    served = [*before, *[bad] * 2 * MOST_CALLS]
    texts = [(200, json.dumps(answer)) for answer in served]

    assert_sane(functools.partial(tube.ask, CALLS[method], texts), method, bad)
    assert len(tube.server.asked) <= MOST_CALLS


def assert_sane(call: Callable[[], object], method: str, bad: Any) -> None:
    """
    Check that *call* of *method* returns what it declares, or raises a clear error.
    """
    try:
        found = call()
    except CloneError as error:
        assert_clear(error)
        gone = isinstance(error, NotFoundError)
        assert not gone or holds_no_instance(bad), bad
    else:
        assert fits(found, returned(method)), (found, bad)


def holds_no_instance(answer: Any) -> bool:
    """
    Return whether *answer* says properly that there is no instance.
    """
    empty: dict[str, list[Any]] = {"DBInstanceAttribute": []}
    return isinstance(answer, dict) and answer.get("Items") == empty


REFUSAL: Final = {
    "RequestId": "R-1",
    "HostId": "rds.aliyuncs.com",
    "Code": "InvalidParameter",
    "Message": "The parameter is not valid.",
}
NOT_FOUND: Final = ("InvalidDBInstanceId.NotFound", "InvalidDBInstanceName.NotFound")
CODES: Final = (*NOT_FOUND, "SignatureDoesNotMatch", "Throttling", "Forbidden.RAM")


@pytest.mark.parametrize("method", ["instance", "vswitches", "order_clone", "release"])
@cases(share=40)
@given(
    damage=DAMAGES, code=st.sampled_from(CODES), status=st.sampled_from([400, 403, 404, 500, 503])
)
def test_refusal_in_a_bad_form_is_a_refusal(
    tube: Tube, method: str, damage: Damage, code: str, status: int
) -> None:
    bad = damage.done_to({**REFUSAL, "Code": code})

    with pytest.raises(CloneError) as failure:
        tube.ask(CALLS[method], [(status, json.dumps(bad))] * MOST_CALLS)

    assert_clear(failure.value)
    if isinstance(failure.value, NotFoundError):
        assert bad["Code"] in NOT_FOUND


@pytest.mark.parametrize("status", [200, 400, 500])
@pytest.mark.parametrize(
    "body",
    [
        row("a deep tree", "[" * 100_000),
        row("a deeper one", '{"RequestId": ' * 100_000),
        row("a number", f'{{"RequestId": "R", "Items": {"9" * 5000}}}'),
        row("nothing", "null"),
        row("five", "5"),
        row("a word", '"Code"'),
        row("a list of words", '["Code", "Message", "RequestId"]'),
        row("half an answer", '{"RequestId": "R", '),
        row("a mark of its byte order", "\ufeff{}"),
    ],
)
def test_body_that_is_no_answer(tube: Tube, body: str, status: int) -> None:
    """
    It is reported as an answer that is not the API's.
    """
    with pytest.raises(CloneError, match="did not come from the RDS API") as failure:
        tube.ask(CALLS["instance"], [(status, body)] * MOST_CALLS)

    assert_clear(failure.value)


OF_AN_ORDER: Final = (
    "CloneDBInstance",
    "DescribeDBInstances",
    "DescribeDBInstanceAttribute",
    "ListTagResources",
)
QUICK: Final = replace(SCHEDULE, list_lag=10)
KEYS: Final = itertools.count()


@cases(share=10)
@given(
    reply=st.sampled_from([{}, {"DBInstanceId": ""}, {"DBInstanceId": "rm-nobody"}]),
    action=st.sampled_from(OF_AN_ORDER),
    damage=DAMAGES,
)
def test_one_order_takes_effect(
    cloud: Cloud, reply: dict[str, str], action: str, damage: Damage
) -> None:
    """
    No bad answer makes a second clone, or passes for the id of another one.

    Where the reply to the order is of no use, the clone must be found in lists. Where
    it names an instance that no call knows, that may still show: it is kept.
    """
    key = f"key-{next(KEYS)}"
    marks = CloneMarks(key=key, spec_hash="spec", stack="p/s", restored="rm-src/backup/1/")
    claim = Claim(marks=marks, adopt="interrupted")
    found: OrderedClone | None = None

    spoils: dict[str, Spoil] = {
        "CloneDBInstance": lambda answer: {**answer, **reply},
        action: damage.done_to,
    }
    with cloud.spoilt(spoils) as clock:
        site = RegionContext.of(cloud.client(clock), clock, schedule=QUICK)
        try:
            found = adopt_or_order(site, ORDER, claim=claim, progress=FakeProgress())
        except CloneError as error:
            assert_clear(error)

    made = [instance.id for instance in cloud.client(clock).list_instances({KEY_TAG: key})]
    for clone in made:
        cloud.emulator.remove(clone)
    assert len(made) <= 1
    answered = reply.get("DBInstanceId")
    assert found is None or found.id in (*made, answered)


SAID: Final = {"Running", "Deleting", "Released"}
"""The statuses that end a wait."""


@pytest.mark.parametrize("wait", [wait_until_ready, wait_until_gone])
@cases(share=20)
@given(
    status=st.just(DROPPED)
    | (VALUES | st.text(max_size=8)).filter(lambda text: str(text) not in SAID)
)
def test_odd_status_ends_no_wait(cloud: Cloud, wait: Callable[..., None], status: Any) -> None:
    def spoil(answer: Any) -> Any:
        return with_status(answer, status)

    actions = ("DescribeDBInstances", "DescribeDBInstanceAttribute")
    with cloud.spoilt(dict.fromkeys(actions, spoil)) as clock:
        watch = RegionContext.of(cloud.client(clock), clock, schedule=QUICK).new_clones
        limit = timedelta(seconds=30)
        with pytest.raises(WaitTimedOutError) as failure:
            wait("rm-creating", watch, clock=clock, progress=FakeProgress(), timeout=limit)

    assert_clear(failure.value)
