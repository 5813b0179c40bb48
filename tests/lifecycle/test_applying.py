"""
Changes in place, whatever happens between any two of them.
"""

from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from typing import Any, Final

import pytest

from pulumi_rdsclone.domain.aspects import Aspect
from pulumi_rdsclone.domain.changes import AspectChange
from pulumi_rdsclone.domain.clone_state import CloneState
from pulumi_rdsclone.domain.engine_parameters import ParameterTemplate
from pulumi_rdsclone.domain.errors import (
    AbandonedError,
    AccessDeniedError,
    ApiError,
    ChangeError,
    ConflictError,
    UnavailableError,
    UnfinishedError,
)
from pulumi_rdsclone.domain.identity import CREATING, FINISHED, OWNED, STAGE_TAG
from pulumi_rdsclone.domain.paths import get_value
from tests.domain.samples import values, with_value
from tests.lifecycle import runs
from tests.lifecycle.fakes import Fakes, FakeTiming, api_error
from tests.lifecycle.runs import ID, refreshed, unfinished
from tests.support.rows import row
from tests.support.verbs import diff

CREATED: Final = values(
    region="cn-hangzhou",
    clone_key="key-1",
    description="staging",
    security_ips={"default": ["10.0.0.0/8"]},
    maintenance_window="02:00Z-03:00Z",
    accounts={"ci": {"password": "One-1234"}, "owner": {"password": "Two-1234"}},
    ssl={"enabled": True, "ca_type": "custom", "server_cert": "one", "server_key": "key-1"},
    sql_audit=True,
    parameters={"wait_timeout": "60"},
)
STEPS: Final = [
    Aspect.WHITELIST,
    Aspect.MAINTENANCE_WINDOW,
    Aspect.ACCOUNTS,
    Aspect.SSL,
    Aspect.SQL_AUDIT,
    Aspect.PARAMETERS,
]
"""What these inputs change in place of a new clone, in its order."""

WITH_SECRETS: Final = {Aspect.ACCOUNTS, Aspect.SSL}

CHANGED: Final = {
    **CREATED,
    "description": "testing",
    "security_ips": {"default": ["10.0.0.0/8"], "office": ["10.9.9.9"]},
    "accounts": {
        "ci": {"password": "New-1234", "privileges": {"shop": "ReadOnly"}},
        "web": {"password": "Web-1234"},
    },
    "ssl": {**CREATED["ssl"], "server_key": "key-2", "server_cert": "two"},
    "parameters": {"wait_timeout": "70", "open_files": "2000"},
}
CHANGES: Final = {
    Aspect.WHITELIST: ["security_ips"],
    Aspect.DESCRIPTION: ["description"],
    Aspect.ACCOUNTS: ["accounts"],
    Aspect.SSL: ["ssl.server_cert", "ssl.server_key"],
    Aspect.PARAMETERS: ["parameters"],
}
"""The fields in which these inputs differ from those, by the aspects to change."""

REFUSAL: Final = api_error(ApiError)
SAID: Final = "said the API (AnyAction: Code)"
GOES_ON: Final = f"{ID} is kept in the state, and the next pulumi up continues"


def prepared() -> Fakes:
    """
    Return a source that is open to everybody.
    """
    fakes = Fakes()
    fakes.rds.alter(
        "rm-source", engine="PostgreSQL", engine_version="16.0", maintenance_window="18:00Z-22:00Z"
    )
    fakes.rds.show(
        "rm-source",
        {
            "security_ips": {"default": ["0.0.0.0/0"]},
            "accounts": {"owner": {"type": "Super", "description": "", "privileges": {}}},
            "ssl.enabled": False,
            "sql_audit": False,
            "parameters": {"wait_timeout": "10", "open_files": "1000"},
        },
    )
    return fakes


@pytest.fixture
def fakes() -> Fakes:
    return prepared()


def make(fakes: Fakes, inputs: dict[str, Any] = CREATED) -> dict[str, Any]:
    return runs.make(fakes, inputs)


def made(fakes: Fakes, inputs: dict[str, Any] = CREATED) -> dict[str, Any]:
    return runs.made(fakes, inputs)


def change(
    fakes: Fakes, olds: Mapping[str, Any], inputs: dict[str, Any] = CHANGED
) -> dict[str, Any]:
    return runs.change(fakes, olds, inputs)


def refuse(fakes: Fakes, aspect: Aspect) -> None:
    fakes.rds.fail(f"change {aspect}", REFUSAL)


def stopped_at(aspect: Aspect, fakes: Fakes) -> UnfinishedError:
    """
    Return the error of a create that is refused the change of *aspect*.
    """
    refuse(fakes, aspect)
    failure = unfinished(lambda: make(fakes))
    fakes.forget()
    return failure


def stopped_update(
    aspect: Aspect, fakes: Fakes, olds: dict[str, Any], inputs: dict[str, Any] = CHANGED
) -> dict[str, Any]:
    """
    Return the outputs of an update that is refused the change of *aspect*.
    """
    refuse(fakes, aspect)
    outputs = unfinished(lambda: change(fakes, olds, inputs)).outputs
    fakes.forget()
    return dict(outputs)


def steps(fakes: Fakes) -> list[Aspect]:
    return [change.aspect for change in fakes.rds.changes]


def stage(fakes: Fakes) -> str:
    return fakes.rds.tags_of(ID)[STAGE_TAG]


# Create


def test_new_clone_is_changed_in_order_and_marked_afterwards(fakes: Fakes) -> None:
    outputs = make(fakes)

    assert STEPS == steps(fakes)
    marks = ["set_tags", "set_tags"]
    changes = [f"change {aspect}" for aspect in STEPS]
    assert ["order_clone", *changes, *marks] == fakes.rds.writes
    assert OWNED == stage(fakes)
    assert not diff(outputs, CREATED)
    assert CREATED == {name: outputs[name] for name in CREATED}


def test_whitelist_comes_first(fakes: Fakes) -> None:
    """
    Nobody can reach a clone by its source's whitelist when anything else is done to it.
    """
    seen: list[tuple[str, Any]] = []

    def look() -> None:
        live = fakes.region.rds.read_aspects(ID, [Aspect.WHITELIST]).at("security_ips")
        seen.append((stage(fakes), live))

    for call in (*(f"change {aspect}" for aspect in STEPS), "set_tags"):
        fakes.rds.inside[call] = look

    make(fakes)

    before, *after = seen
    assert (CREATING, {"default": ["0.0.0.0/0"]}) == before
    assert {str({"default": ["10.0.0.0/8"]})} == {str(live) for _, live in after}
    assert [CREATING] * len(STEPS) + [FINISHED] == [told for told, _ in after]


def test_clone_that_declares_nothing_is_not_read_or_changed(fakes: Fakes) -> None:
    make(fakes, values(region="cn-hangzhou", clone_key="key-1"))

    assert [] == steps(fakes)
    assert fakes.rds.count("read_aspects") == 0


@pytest.mark.parametrize("aspect", STEPS)
def test_refused_step_of_a_new_clone_names_what_was_done(fakes: Fakes, aspect: Aspect) -> None:
    done = STEPS[: STEPS.index(aspect)]
    refuse(fakes, aspect)

    failure = unfinished(lambda: make(fakes))

    so_far = f"; already changed: {', '.join(done)}" if done else ""
    assert f"the {aspect} of {ID} could not be changed{so_far}: {SAID} — {GOES_ON}" == (
        str(failure)
    )
    assert done == steps(fakes)
    assert ID == failure.outputs["instance_id"]
    assert CREATING == stage(fakes)


@pytest.mark.parametrize("aspect", STEPS)
def test_next_run_takes_what_is_left_and_sets_all_secrets(fakes: Fakes, aspect: Aspect) -> None:
    left = STEPS[STEPS.index(aspect) :]
    failure = stopped_at(aspect, fakes)

    outputs = change(fakes, failure.outputs, CREATED)

    assert [aspect for aspect in STEPS if aspect in left or aspect in WITH_SECRETS] == steps(fakes)
    assert OWNED == stage(fakes)
    assert make(prepared()) == outputs


@pytest.mark.parametrize("aspect", STEPS)
def test_what_a_new_clone_lacks_is_recorded(fakes: Fakes, aspect: Aspect) -> None:
    outputs = stopped_at(aspect, fakes).outputs

    differing = diff(outputs, CREATED).updates
    left = STEPS[STEPS.index(aspect) :]
    paths = {
        Aspect.WHITELIST: {"security_ips"},
        Aspect.MAINTENANCE_WINDOW: {"maintenance_window"},
        Aspect.ACCOUNTS: {"accounts"},
        Aspect.SSL: {f"ssl.{name}" for name in CREATED["ssl"]},
        Aspect.SQL_AUDIT: {"sql_audit"},
        Aspect.PARAMETERS: {"parameters"},
    }
    assert set().union(*(paths[step] for step in left)) == set(differing)


def test_secrets_are_set_again_when_a_create_is_resumed(fakes: Fakes) -> None:
    """
    Of a clone that was not finished nobody knows which secrets it has got.
    """
    failure = stopped_at(Aspect.SQL_AUDIT, fakes)
    rotated = {**CREATED, "accounts": {"ci": {"password": "New-1234"}}}

    change(fakes, failure.outputs, rotated)

    secrets = fakes.rds.secrets_of(ID)
    assert secrets["accounts.ci.password"] == "New-1234"
    assert Aspect.ACCOUNTS in steps(fakes)
    assert Aspect.SSL in steps(fakes)


def test_state_of_a_clone_that_is_not_ready_holds_no_secrets(fakes: Fakes) -> None:
    failure = unfinished(lambda: runs.make(fakes, CREATED, timeout=timedelta(minutes=1)))

    assert [] == steps(fakes)
    assert "1234" not in str(failure.outputs)
    assert "server_key" not in {name for name, value in failure.outputs["ssl"].items() if value}


# Waiting


def test_next_step_waits_for_one_that_keeps_the_clone_busy(fakes: Fakes) -> None:
    olds = made(fakes)
    fakes.rds.timings[Aspect.SSL] = FakeTiming(lag=40, busy=200)
    began: list[float] = []
    fakes.rds.inside[f"change {Aspect.PARAMETERS}"] = lambda: began.append(sum(fakes.clock.slept))

    outputs = change(fakes, olds)

    assert list(CHANGES) == steps(fakes)
    assert [240] == began == [sum(fakes.clock.slept)]
    assert not diff(outputs, CHANGED)


@pytest.mark.parametrize("aspect", [Aspect.SSL, Aspect.WHITELIST])
def test_quick_change_is_waited_for_until_it_shows(fakes: Fakes, aspect: Aspect) -> None:
    olds = made(fakes)
    fakes.rds.timings[aspect] = FakeTiming(lag=90)

    outputs = change(fakes, olds, {**CREATED, **_only(aspect)})

    assert 90 == sum(fakes.clock.slept)
    assert not diff(outputs, {**CREATED, **_only(aspect)})


def _only(aspect: Aspect) -> dict[str, Any]:
    """
    Return the changed inputs of one aspect.
    """
    roots = {path.partition(".")[0] for path in CHANGES[aspect]}
    return {root: CHANGED[root] for root in roots}


def test_clone_that_shows_its_values_while_busy_is_not_done(fakes: Fakes) -> None:
    olds = made(fakes)
    fakes.rds.timings[Aspect.SSL] = FakeTiming(lag=5, busy=5)
    inside = fakes.rds.inside

    def take_time(name: str) -> None:
        del inside[name]
        fakes.clock.sleep(6)

    def slow_down() -> None:
        for name in ("instance", "read_aspects"):
            inside[name] = partial(take_time, name)

    inside["change SSL"] = slow_down
    outputs = change(fakes, olds, {**CREATED, "ssl": CHANGED["ssl"]})

    assert inside.keys() == {"change SSL"}
    assert "Running" == outputs["status"]


def test_first_declaration_is_waited_for_although_its_lack_is_not_told(fakes: Fakes) -> None:
    olds = made(fakes)
    fakes.rds.timings[Aspect.SSL] = FakeTiming(lag=30, busy=50)
    inputs = with_value(CREATED, "ssl.client_ca_cert", "authority")

    outputs = change(fakes, olds, inputs)

    assert 80 == sum(fakes.clock.slept)
    assert "authority" == outputs["ssl"]["client_ca_cert"]


def test_change_that_is_never_told_is_waited_for_as_if_late(fakes: Fakes) -> None:
    olds = made(fakes)
    fakes.rds.silent = {"ssl.client_ca_cert"}
    inputs = {**CHANGED, "ssl": {**CREATED["ssl"], "client_ca_cert": "authority"}}

    outputs = change(fakes, olds, inputs)

    assert 180 == sum(fakes.clock.slept)
    assert list(CHANGES) == steps(fakes)
    assert not diff(outputs, inputs)


@pytest.mark.parametrize(
    ("ssl", "taken"),
    [
        row("something that it lacks", {"ca_type": "aliyun"}, True),
        row("a certificate", CREATED["ssl"], True),
        row("something that is off", {"client_ca_cert": ""}, False),
        row("nothing else", {"enabled": True}, False),
    ],
)
def test_new_clone_that_has_ssl_gets_what_it_lacks(
    fakes: Fakes,
    ssl: dict[str, Any],
    taken: bool,  # noqa: FBT001
) -> None:
    fakes.rds.show("rm-source", {"ssl.enabled": True})

    outputs = make(fakes, values(region="cn-hangzhou", clone_key="key-1", ssl=ssl))

    assert [Aspect.SSL] * taken == steps(fakes)
    assert ssl == {name: outputs["ssl"][name] for name in ssl}


def test_ssl_settings_take_no_step_where_ssl_is_off(fakes: Fakes) -> None:
    ssl = {"enabled": False, "ca_type": "custom"}

    make(fakes, values(region="cn-hangzhou", clone_key="key-1", ssl=ssl))

    assert [] == steps(fakes)


@pytest.mark.parametrize(
    ("aspect", "paths"),
    [
        row("a slow one", Aspect.SSL, "ssl.server_cert"),
        row("a quick one", Aspect.WHITELIST, "security_ips"),
    ],
)
def test_change_that_never_shows_is_an_error(fakes: Fakes, aspect: Aspect, paths: str) -> None:
    olds = made(fakes)
    fakes.rds.timings[aspect] = FakeTiming(shows=False)

    failure = unfinished(lambda: change(fakes, olds, {**CREATED, **_only(aspect)}))

    assert 180 == sum(fakes.clock.slept)
    assert str(failure) == (
        f"{ID} still does not show these values, although the change was accepted: "
        f"{paths} — {GOES_ON}"
    )
    assert paths in diff(failure.outputs, {**CREATED, **_only(aspect)}).updates


def test_quick_changes_that_do_not_show_are_told_together(fakes: Fakes) -> None:
    olds = made(fakes)
    for aspect in (Aspect.WHITELIST, Aspect.DESCRIPTION):
        fakes.rds.timings[aspect] = FakeTiming(shows=False)
    inputs = {**CREATED, **_only(Aspect.WHITELIST), **_only(Aspect.DESCRIPTION)}

    failure = unfinished(lambda: change(fakes, olds, inputs))

    assert "was accepted: security_ips, description — " in str(failure)


def test_parameter_that_is_told_otherwise_by_design(fakes: Fakes) -> None:
    """
    `max_connections` is set once, and what is told of it later is no difference.

    Source: the system takes some connections for itself,
    github.com/aliyun/terraform-provider-alicloud/pull/9529.
    """
    fakes.rds.sets_instead = {"max_connections": "520"}
    fakes.rds.templates = (
        ParameterTemplate(name="max_connections", allowed="", modifiable=True, restarts=False),
    )
    inputs = {**CREATED, "parameters": {"max_connections": "500"}}

    olds = make(fakes, inputs)

    assert 1 == steps(fakes).count(Aspect.PARAMETERS)
    assert {"max_connections": "500"} == olds["parameters"]
    assert [] == fakes.progress.warned

    reading = refreshed(fakes, olds, inputs)
    assert inputs == reading.inputs
    assert not diff(reading.outputs, inputs)

    fakes.forget()
    more = {**inputs, "parameters": {"max_connections": "600"}}
    after = change(fakes, olds, more)

    assert [Aspect.PARAMETERS] == steps(fakes)
    assert [] == fakes.clock.slept
    assert not diff(after, more)


def test_parameter_that_reads_back_otherwise(fakes: Fakes) -> None:
    """
    A parameter for which another value is told ends no run: a warning names both.

    Source: what is told of a parameter need not be what was set, see above; the clone
    can be used with either.
    """
    olds = made(fakes)
    fakes.rds.sets_instead = {"open_files": "2048"}

    outputs = change(fakes, olds)

    warning = (
        f"{ID} tells '2048' for the parameter 'open_files', although '2000' was "
        "accepted — set the value that is told, or remove this parameter"
    )
    assert [warning] == fakes.progress.warned
    assert 180 == sum(fakes.clock.slept)
    assert {"wait_timeout": "70", "open_files": "2048"} == outputs["parameters"]
    assert ("parameters",) == diff(outputs, CHANGED).updates


@pytest.mark.parametrize(
    ("code", "tries"), [("IncorrectAccountStatus", 60), ("InvalidDB.NotFound", 18)]
)
def test_accounts_are_waited_for_as_long_as_it_takes(fakes: Fakes, code: str, tries: int) -> None:
    """
    Changes of accounts are repeated for ten minutes, a missing database for three.

    Source: Terraform's provider repeats grants for 3 to 10 minutes, for a database that
    was just made for 3.
    """
    olds = made(fakes)
    name = f"change {Aspect.ACCOUNTS}"
    fakes.rds.fail(name, api_error(ConflictError, code=code), times=tries + 1)

    failure = unfinished(lambda: change(fakes, olds))

    assert f"the accounts of {ID} could not be changed" in str(failure)
    assert [10] * tries == fakes.clock.slept


def test_passwords_are_not_set_again_while_a_grant_waits(fakes: Fakes) -> None:
    """
    Each try knows which passwords an earlier one has set, as nobody tells passwords.
    """
    olds = made(fakes)
    tries: list[set[str]] = []

    def refuse_once(alteration: AspectChange) -> None:
        tries.append(set(alteration.accepted))
        if len(tries) == 1:
            alteration.accepted.add("ci")
            raise api_error(ConflictError)
        original(alteration)

    original = fakes.rds.apply
    inputs = {**CREATED, "accounts": CHANGED["accounts"]}
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(fakes.rds, "apply", refuse_once)
        change(fakes, olds, inputs)

    assert [set(), {"ci"}] == tries


def test_parameters_that_wait_for_a_restart_are_named_at_once(fakes: Fakes) -> None:
    olds = made(fakes)
    fakes.rds.late = {"open_files", "wait_timeout", "never_declared"}

    failure = unfinished(lambda: change(fakes, olds))

    assert str(failure) == (
        f"{ID} needs a restart for the parameters 'open_files', 'wait_timeout' — set "
        f"allow_restart to true, or restart the clone; {GOES_ON}"
    )
    assert [] == fakes.clock.slept
    assert ("parameters",) == diff(failure.outputs, CHANGED).updates


def test_nothing_waits_for_a_restart_that_is_allowed(fakes: Fakes) -> None:
    olds = made(fakes)
    fakes.rds.late = {"open_files"}
    inputs = {**CHANGED, "allow_restart": True}

    outputs = change(fakes, olds, inputs)

    assert outputs["parameters"] == CHANGED["parameters"]
    assert outputs["allow_restart"] is True


def test_parameter_that_is_not_declared_may_wait_for_a_restart(fakes: Fakes) -> None:
    olds = made(fakes)
    fakes.rds.late = {"never_declared"}
    inputs = {**CREATED, "parameters": {"wait_timeout": "70"}}
    fakes.rds.inside["read_aspects"] = lambda: fakes.rds.let_wait(ID, "never_declared")

    assert not diff(change(fakes, olds, inputs), inputs)


def test_look_that_a_busy_clone_refuses_is_repeated(fakes: Fakes) -> None:
    olds = made(fakes)
    fakes.rds.inside[f"change {Aspect.SSL}"] = lambda: fakes.rds.fail(
        "read_aspects", api_error(ConflictError), times=3
    )

    change(fakes, olds, {**CREATED, **_only(Aspect.SSL)})

    assert [10] * 3 == fakes.clock.slept


@pytest.mark.parametrize("times", [1, 30])
def test_step_that_comes_too_early_is_repeated(fakes: Fakes, times: int) -> None:
    olds = made(fakes)
    fakes.rds.fail(f"change {Aspect.ACCOUNTS}", api_error(ConflictError), times=times)

    outputs = change(fakes, olds)

    assert list(CHANGES) == steps(fakes)
    assert [10] * times == fakes.clock.slept
    assert not diff(outputs, CHANGED)


def test_step_waits_while_the_clone_is_busy_for_another_reason(fakes: Fakes) -> None:
    olds = made(fakes)
    fakes.rds.fail(f"change {Aspect.WHITELIST}", api_error(ConflictError))
    clone = fakes.rds.instance(ID)
    tags = fakes.rds.tags_of(ID)
    live = fakes.rds.read_aspects(ID, list(Aspect))
    fakes.rds.plant(clone, tags, ((0, "Rebooting"), (95, "Running")))
    fakes.rds.show(ID, live.fields)
    began: list[float] = []
    fakes.rds.inside[f"change {Aspect.WHITELIST}"] = lambda: began.append(sum(fakes.clock.slept))

    change(fakes, olds)

    assert list(CHANGES) == steps(fakes)
    assert [0, 100] == began
    assert "0 of 30 min, Rebooting" in fakes.progress.shown


def test_step_is_refused_after_five_minutes_in_the_wrong_state(fakes: Fakes) -> None:
    olds = made(fakes)
    fakes.rds.fail(f"change {Aspect.WHITELIST}", api_error(ConflictError), times=99)

    with pytest.raises(ChangeError, match=f"the whitelist of {ID} could not be"):
        change(fakes, olds)
    assert [] == steps(fakes)
    assert [10] * 30 == fakes.clock.slept


def test_each_change_of_an_update_may_take_as_long_as_its_timeout(fakes: Fakes) -> None:
    olds = made(fakes)
    fakes.rds.timings[Aspect.SSL] = FakeTiming(busy=3600)

    two_hours = timedelta(hours=2)
    outputs = runs.change(fakes, olds, CHANGED, timeout=two_hours)

    assert list(CHANGES) == steps(fakes)
    assert not diff(outputs, CHANGED)


def test_change_of_more_than_half_an_hour_is_continued_by_the_next_run(fakes: Fakes) -> None:
    olds = made(fakes)
    fakes.rds.timings[Aspect.SSL] = FakeTiming(busy=3600)

    failure = unfinished(lambda: change(fakes, olds))

    assert f"{ID} is still Modifying after 30m" in str(failure)
    assert CloneState(failure.outputs).is_unfinished
    assert list(CHANGES)[:-1] == steps(fakes)

    fakes.forget()
    outputs = change(fakes, failure.outputs)

    assert {*WITH_SECRETS, Aspect.PARAMETERS} >= set(steps(fakes))
    assert Aspect.PARAMETERS in steps(fakes)
    assert not diff(outputs, CHANGED)


def test_conversion_is_seen_before_the_next_step(fakes: Fakes) -> None:
    olds = made(fakes)
    inputs = {
        **CREATED,
        "payment": {"type": "Subscription", "period": "Month", "duration": 1},
        "capacity": {"storage_gb": 200},
    }

    change(fakes, olds, inputs)

    payment, capacity = fakes.rds.changes
    assert ("PayAsYouGo", "Subscription") == (payment.instance.payment, capacity.instance.payment)


# The user's part


def test_cancelled_run_begins_no_further_step(fakes: Fakes) -> None:
    fakes.rds.inside[f"change {Aspect.MAINTENANCE_WINDOW}"] = lambda: setattr(
        fakes.progress, "is_cancelled", True
    )

    failure = unfinished(lambda: make(fakes))

    assert STEPS[:2] == steps(fakes)
    text = f"the run was cancelled before the accounts of {ID} could be changed"
    assert f"{text} — {GOES_ON}" == str(failure)
    assert CREATING == stage(fakes)
    fakes.forget()
    assert not diff(change(fakes, failure.outputs, CREATED), CREATED)
    assert STEPS[2:] == steps(fakes)


def test_cancelled_run_does_not_wait_for_a_slow_change(fakes: Fakes) -> None:
    olds = made(fakes)
    fakes.rds.timings[Aspect.SSL] = FakeTiming(busy=200)
    fakes.rds.inside[f"change {Aspect.SSL}"] = fakes.progress.cancel

    failure = unfinished(lambda: change(fakes, olds))

    assert "was still Modifying when the wait was cancelled after 0s" in str(failure)
    assert list(CHANGES)[:-1] == steps(fakes)
    assert [] == fakes.clock.slept
    assert "parameters" in diff(failure.outputs, CHANGED).updates


def test_run_cancelled_with_its_last_step_succeeds(fakes: Fakes) -> None:
    olds = made(fakes)
    fakes.rds.inside[f"change {Aspect.PARAMETERS}"] = lambda: setattr(
        fakes.progress, "is_cancelled", True
    )

    assert not diff(change(fakes, olds), CHANGED)


def test_run_cancelled_before_its_first_step_changes_nothing(fakes: Fakes) -> None:
    olds = made(fakes)
    fakes.progress.is_cancelled = True

    with pytest.raises(ChangeError, match="cancelled before the whitelist"):
        change(fakes, olds)
    assert [] == fakes.rds.writes


@pytest.mark.parametrize("aspect", STEPS[:-1])
def test_abandoned_create_stops_and_is_completed(fakes: Fakes, aspect: Aspect) -> None:
    fakes.rds.inside[f"change {aspect}"] = fakes.progress.leave

    with pytest.raises(AbandonedError):
        make(fakes)

    assert STEPS[: STEPS.index(aspect) + 1] == steps(fakes)
    assert CREATING == stage(fakes)
    fakes.forget()
    assert not diff(make(fakes), CREATED)
    assert 1 == len(fakes.rds.made)
    assert OWNED == stage(fakes)


def test_abandoned_update_stops_and_is_completed(fakes: Fakes) -> None:
    olds = made(fakes)
    fakes.rds.inside[f"change {Aspect.ACCOUNTS}"] = fakes.progress.leave

    with pytest.raises(AbandonedError):
        change(fakes, olds)

    assert list(CHANGES)[:3] == steps(fakes)
    fakes.forget()
    assert not diff(change(fakes, olds), CHANGED)
    assert "Web-1234" == fakes.rds.secrets_of(ID)["accounts.web.password"]


# Update


def test_update_changes_what_differs_in_its_order(fakes: Fakes) -> None:
    olds = made(fakes)

    outputs = change(fakes, olds)

    assert list(CHANGES) == steps(fakes)
    told = [text for text in fakes.progress.shown if text.startswith("changing")]
    assert [f"changing the {aspect}" for aspect in CHANGES] == told
    assert not diff(outputs, CHANGED)
    assert {path for paths in CHANGES.values() for path in paths} == set(
        diff(olds, CHANGED).updates
    )


@pytest.mark.parametrize(
    "error", [row("refused", REFUSAL), row("no answer", api_error(UnavailableError))]
)
def test_update_whose_first_step_is_refused_changes_nothing(fakes: Fakes, error: ApiError) -> None:
    olds = made(fakes)
    fakes.rds.fail(f"change {Aspect.WHITELIST}", error, times=6)

    with pytest.raises(ChangeError) as failure:
        change(fakes, olds)

    assert f"the whitelist of {ID} could not be changed: {SAID}" == str(failure.value)
    assert [] == steps(fakes)


def test_failure_before_the_first_step_is_raised_as_it_is(fakes: Fakes) -> None:
    olds = made(fakes)
    fakes.rds.fail(f"change {Aspect.WHITELIST}", RuntimeError("a bug"))

    with pytest.raises(RuntimeError, match="a bug"):
        change(fakes, olds)


LATER: Final = list(CHANGES)[1:]


@pytest.mark.parametrize("aspect", LATER)
def test_update_that_stops_tells_what_is_done_and_left(fakes: Fakes, aspect: Aspect) -> None:
    olds = made(fakes)
    refuse(fakes, aspect)

    failure = unfinished(lambda: change(fakes, olds))

    done = list(CHANGES)[: list(CHANGES).index(aspect)]
    left = list(CHANGES)[len(done) :]
    assert str(failure) == (
        f"the {aspect} of {ID} could not be changed; already changed: "
        f"{', '.join(done)}: {SAID} — {GOES_ON}"
    )
    assert done == steps(fakes)
    assert [path for step in left for path in CHANGES[step]] == sorted(
        diff(failure.outputs, CHANGED).updates,
        key=[path for paths in CHANGES.values() for path in paths].index,
    )
    assert not CloneState(failure.outputs).is_unfinished
    assert OWNED == stage(fakes)


@pytest.mark.parametrize("aspect", LATER)
def test_next_update_does_what_is_left(fakes: Fakes, aspect: Aspect) -> None:
    other = prepared()
    straight = change(other, made(other))
    olds = made(fakes)
    outputs = stopped_update(aspect, fakes, olds)

    outputs = change(fakes, outputs)

    assert list(CHANGES)[list(CHANGES).index(aspect) :] == steps(fakes)
    assert straight == outputs
    secrets = fakes.rds.secrets_of(ID)
    assert "New-1234" == secrets["accounts.ci.password"]
    assert "Web-1234" == secrets["accounts.web.password"]
    assert "key-2" == secrets["ssl.server_key"]


@pytest.mark.parametrize("inputs", [CREATED, CHANGED], ids=["old inputs", "new inputs"])
@pytest.mark.parametrize("aspect", LATER)
def test_refresh_forgets_nothing_of_what_is_left(
    fakes: Fakes, aspect: Aspect, inputs: dict[str, Any]
) -> None:
    """
    The engine may have recorded the inputs of that update, or those before it.
    """
    olds = made(fakes)
    outputs = stopped_update(aspect, fakes, olds)

    reading = refreshed(fakes, outputs, inputs)

    assert diff(outputs, CHANGED) == diff(reading.outputs, CHANGED)
    assert inputs.keys() == (reading.inputs or {}).keys()
    assert inputs["accounts"].keys() >= (reading.inputs or {})["accounts"].keys()
    assert not diff(change(fakes, reading.outputs), CHANGED)
    assert list(CHANGES)[list(CHANGES).index(aspect) :] == steps(fakes)


def test_secret_that_could_not_be_set_is_no_drift(fakes: Fakes) -> None:
    olds = made(fakes)
    accounts = {**CREATED["accounts"], "ci": {"password": "New-1234"}}
    inputs = {**CREATED, "description": "testing", "accounts": accounts}
    outputs = stopped_update(Aspect.ACCOUNTS, fakes, olds, inputs)

    reading = refreshed(fakes, outputs, inputs)

    assert inputs == reading.inputs
    assert ("accounts",) == diff(reading.outputs, inputs).updates


def test_state_keeps_no_secret_that_the_program_no_longer_names(fakes: Fakes) -> None:
    olds = made(fakes)
    refuse(fakes, Aspect.SSL)

    outputs = stopped_update(Aspect.ACCOUNTS, fakes, olds)

    assert {"ci": CREATED["accounts"]["ci"]} == outputs["accounts"]
    assert "Two-1234" not in str(outputs)
    assert "key-1" in str(outputs["ssl"])


def test_state_of_a_stopped_update_tells_what_is_done_and_what_drifted(fakes: Fakes) -> None:
    olds = made(fakes)
    fakes.rds.inside[f"change {Aspect.ACCOUNTS}"] = lambda: fakes.rds.alter(
        ID, maintenance_window="01:00Z-02:00Z"
    )

    outputs = stopped_update(Aspect.ACCOUNTS, fakes, olds)

    assert CHANGED["description"] == outputs["description"]
    assert CHANGED["security_ips"] == outputs["security_ips"]
    assert olds["parameters"] == outputs["parameters"]
    assert "01:00Z-02:00Z" == outputs["maintenance_window"]
    for name in ("restored_from", "estimated_price", "connection_string", "status"):
        assert olds[name] == outputs[name]


def test_id_is_kept_when_nothing_can_be_seen_after_a_refusal(fakes: Fakes) -> None:
    olds = made(fakes)
    fakes.rds.inside[f"change {Aspect.ACCOUNTS}"] = lambda: fakes.rds.fail(
        "instance", api_error(AccessDeniedError), times=2
    )

    outputs = stopped_update(Aspect.ACCOUNTS, fakes, olds)

    assert (ID, "unknown") == (outputs["instance_id"], outputs["status"])
    assert olds["accounts"]["ci"] == outputs["accounts"]["ci"]
    assert not diff(change(fakes, outputs), CHANGED)


def test_look_that_fails_after_a_step_keeps_the_changed_state(fakes: Fakes) -> None:
    olds = made(fakes)
    fakes.rds.inside[f"change {Aspect.PARAMETERS}"] = lambda: fakes.rds.fail(
        "read_aspects", api_error(AccessDeniedError)
    )

    failure = unfinished(lambda: change(fakes, olds))

    assert f"{SAID} — {GOES_ON}" == str(failure)
    assert not diff(failure.outputs, CHANGED)


def test_expiry_that_could_not_be_removed_is_recorded(fakes: Fakes) -> None:
    olds = made(fakes, {**CREATED, "ttl": "48h"})
    inputs = {**CREATED, "description": "testing"}

    outputs = stopped_update(Aspect.EXPIRY, fakes, olds, inputs)

    assert "48h" == outputs["ttl"]
    assert ("ttl",) == diff(outputs, inputs).updates


def test_group_that_could_not_be_added_is_recorded_as_absent(fakes: Fakes) -> None:
    olds = made(fakes)
    inputs = with_value(CREATED, "description", "testing")
    inputs = with_value(inputs, "encryption.key", "key-9")
    inputs = with_value(inputs, "encryption.role_arn", "acs:ram::1:role/rds")

    outputs = stopped_update(Aspect.ENCRYPTION, fakes, olds, inputs)

    left = ("encryption.enabled", "encryption.key", "encryption.role_arn")
    assert [None] * 3 == [get_value(outputs, path) for path in left]
    assert left == diff(outputs, inputs).updates
