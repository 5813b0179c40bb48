from collections.abc import Mapping
from typing import Any, Final

import pytest

from pulumi_rdsclone.domain.aspects import Aspect
from pulumi_rdsclone.domain.clone_state import CloneState
from pulumi_rdsclone.domain.live_state import (
    preview_outputs,
    with_last_applied,
    with_pending_changes,
    without_optional_ssl,
    without_secrets,
)
from pulumi_rdsclone.domain.outputs import CloneOutputs
from pulumi_rdsclone.domain.unknown import UNKNOWN
from tests.domain.samples import values, with_value
from tests.lifecycle.fakes import Fakes
from tests.support.rows import row
from tests.support.verbs import create, desired, preview_update

INPUTS: Final = values(region="cn-hangzhou", description="old", clone_key="key-1")
COMPUTED: Final = [name for name in CloneOutputs.model_fields if name not in INPUTS]


@pytest.fixture
def made(fakes: Fakes) -> dict[str, Any]:
    return create(INPUTS, fakes.regions, fakes.progress, stack="shop/dev")


def at(tree: Mapping[str, Any], path: str) -> Any:
    """
    Return what stands in *tree* at the dotted *path*; None where it ends early.
    """
    value: Any = tree
    for step in path.split("."):
        value = value.get(step) if isinstance(value, dict) else None
    return value


@pytest.mark.parametrize("name", COMPUTED)
def test_what_is_computed_is_not_foretold(name: str) -> None:
    assert preview_outputs(INPUTS)[name] is UNKNOWN


@pytest.mark.parametrize(
    ("path", "declared", "told"),
    [
        row("the source's", "zones", None, UNKNOWN),
        row("declared", "zones", ["cn-hangzhou-h"], ["cn-hangzhou-h"]),
        row("no tags", "tags", None, UNKNOWN),
        row("unknown tag", "tags", {"a": UNKNOWN}, {"a": UNKNOWN}),
        row("in a group", "capacity.storage_gb", None, UNKNOWN),
        row("declared in a group", "capacity.storage_gb", 100, 100),
        row("a group of few clones", "capacity.serverless", None, None),
        row("of this one", "capacity.serverless", {"min_rcu": 1}, {"min_rcu": 1}),
        row("payment", "payment.type", "Subscription", "Subscription"),
        row("what nobody reads", "databases", None, None),
        row("but may declare", "databases", {"a": "b"}, {"a": "b"}),
    ],
)
def test_what_is_declared_is_foretold(path: str, declared: Any, told: Any) -> None:
    inputs = INPUTS if declared is None else with_value(INPUTS, path, declared)

    assert told == at(preview_outputs(inputs), path)


def test_unknown_group_hides_what_is_in_it() -> None:
    outputs = preview_outputs({**INPUTS, "network": UNKNOWN, "restore_point": UNKNOWN})

    assert outputs["network"] is UNKNOWN
    assert outputs["restore_point"] is UNKNOWN


def test_ssl_that_is_turned_off_may_lose_its_settings(made: dict[str, Any]) -> None:
    ssl = {"enabled": True, "force_encryption": True, "tls_version": "1.2"}
    inputs = with_value(INPUTS, "ssl", {"enabled": False, "tls_version": "1.2"})

    told = preview_update({**made, "ssl": ssl}, inputs)["ssl"]

    assert told["force_encryption"] is UNKNOWN
    assert (False, "1.2") == (told["enabled"], told["tls_version"])


@pytest.mark.parametrize(
    ("path", "declared"),
    [
        row("text", "description", "new"),
        row("unknown", "description", UNKNOWN),
        row("map", "tags", {"team": "data"}),
        row("flag", "deletion_protection", True),
        row("what is so already", "capacity.storage_gb", 100),
        row("what changes nothing", "adopt", "always"),
    ],
)
def test_update_changes_what_is_declared_alone(
    made: dict[str, Any], path: str, declared: Any
) -> None:
    told = preview_update(made, with_value(INPUTS, path, declared))

    assert with_value(made, path, declared) == told


def test_disk_that_is_declared_smaller_keeps_its_size(made: dict[str, Any]) -> None:
    inputs = {**INPUTS, "description": "new", "capacity": {"storage_gb": 50}}

    told = preview_update(made, inputs)

    assert made["capacity"] == told["capacity"]


def test_update_without_changes_keeps_the_outputs(made: dict[str, Any]) -> None:
    assert made == preview_update(made, INPUTS)


def test_what_is_no_longer_declared_returns_to_its_default(made: dict[str, Any]) -> None:
    was = {**made, "deletion_protection": True, "tags": {"team": "data"}}

    told = preview_update(was, {**INPUTS, "clone_key": "key-2"})

    assert {**made, "clone_key": "key-2"} == told


@pytest.mark.parametrize("status", ["Creating", "unknown", None])
def test_endpoint_may_change_before_it_is_ready(made: dict[str, Any], status: str) -> None:
    told = preview_update({**made, "status": status}, INPUTS)

    changed = {name for name in told if told[name] is UNKNOWN}
    assert {"status", "connection_string", "port"} == changed


# What is recorded of what nobody tells


ACCOUNTS: Final = {
    "ci": {"password": "New-1234", "description": "pipeline"},
    "web": {"password": "Web-1234"},
}
BARE: Final = {"ci": {"description": "pipeline"}, "web": {}}


@pytest.mark.parametrize(
    ("declared", "bare"),
    [
        row("accounts", {"accounts": ACCOUNTS}, {"accounts": BARE}),
        row("no accounts", {"accounts": {}}, {"accounts": {}}),
        row(
            "a key",
            {"ssl": {"server_key": "key", "server_cert": "one"}},
            {"ssl": {"server_key": None, "server_cert": "one"}},
        ),
        row("no key", {"ssl": {"acl": "cert"}}, {"ssl": {"acl": "cert"}}),
        row("a list", {"pg_hba": [{"user": "ci"}]}, {"pg_hba": [{"user": "ci"}]}),
        row("a tag", {"tags": {"password": "x"}}, {"tags": {"password": "x"}}),
    ],
)
def test_untouched_clone_has_no_secrets(declared: dict[str, Any], bare: dict[str, Any]) -> None:
    assert {**INPUTS, **bare} == without_secrets({**INPUTS, **declared})


@pytest.mark.parametrize(
    ("declared", "olds", "known"),
    [
        row(
            "accounts",
            {"accounts": ACCOUNTS},
            {"accounts": {"ci": {"password": "Old-1234"}, "owner": {"password": "x"}}},
            {"accounts": {"ci": {"password": "Old-1234"}, "owner": {"password": "x"}}},
        ),
        row("no accounts so far", {"accounts": ACCOUNTS}, {}, {"accounts": None}),
        row("only accounts so far", {}, {"accounts": ACCOUNTS}, {"accounts": ACCOUNTS}),
        row(
            "a key, what was not set, what was",
            {"ssl": {"server_key": "two", "acl": "cert"}},
            {"ssl": {"server_key": "one", "ca_type": "custom"}},
            {"ssl": {"server_key": "one", "acl": None, "ca_type": "custom"}},
        ),
        row(
            "a role",
            {"encryption": {"enabled": True, "role_arn": "two"}},
            {"encryption": {"enabled": False, "role_arn": "one"}},
            {"encryption": {"enabled": False, "role_arn": "one"}},
        ),
        row("an end", {"ttl": "2h"}, {"ttl": "1h"}, {"ttl": "1h"}),
        row(
            "what does not change in place",
            {"edition": "cluster", "create_timeout": "5h"},
            {"edition": "Basic", "create_timeout": "1h"},
            {"edition": "cluster", "create_timeout": "5h"},
        ),
        row(
            "what every look tells, or takes no call",
            {"description": "new", "on_delete": "retain"},
            {"description": "old", "tags": {"a": "b"}, "on_delete": "release"},
            {"description": "new", "on_delete": "retain"},
        ),
    ],
)
def test_what_the_attributes_do_not_tell_counts_as_it_was_set_last(
    declared: dict[str, Any], olds: dict[str, Any], known: dict[str, Any]
) -> None:
    base = values(region="cn-hangzhou", clone_key="key-1")

    assert {**base, **known} == with_last_applied({**base, **declared}, CloneState(olds))


@pytest.mark.parametrize(
    ("ssl", "told"),
    [
        row("a text", {"acl": "cert"}, {"acl": None}),
        row("an empty text", {"acl": ""}, {"acl": ""}),
        row("a secret", {"server_key": "k"}, {"server_key": "k"}),
        row(
            "switches",
            {"enabled": True, "ca_type": "custom", "force_encryption": True},
            {"enabled": True, "ca_type": None, "force_encryption": True},
        ),
        row("no SSL", {"enabled": False, "acl": "cert"}, {"enabled": False, "acl": "cert"}),
    ],
)
def test_optional_value_without_an_answer_is_not_set(
    ssl: dict[str, Any], told: dict[str, Any]
) -> None:
    assert {**INPUTS, "ssl": told} == without_optional_ssl({**INPUTS, "ssl": ssl})


@pytest.mark.parametrize(
    ("olds", "done", "left"),
    [
        row(
            "one of two",
            {"description": "old", "sql_audit": False},
            {Aspect.DESCRIPTION},
            {"sql_audit": False},
        ),
        row(
            "both",
            {"description": "old", "sql_audit": False},
            {Aspect.DESCRIPTION, Aspect.SQL_AUDIT},
            {},
        ),
        row("nothing to do", {"description": "new", "sql_audit": True}, set(), {}),
        row("new", {}, set(), {"description": None, "sql_audit": None}),
    ],
)
def test_unmade_change_is_told_as_it_was_recorded(
    olds: dict[str, Any], done: set[Aspect], left: dict[str, Any]
) -> None:
    inputs = values(description="new", sql_audit=True)
    after = {**inputs, "status": "Running"}

    assert {**after, **left} == with_pending_changes(
        after, CloneState(olds), desired=desired(inputs), done=done
    )


def test_unmade_change_of_a_map_tells_the_programs_keys_alone() -> None:
    new = desired(values(accounts=ACCOUNTS))
    olds = {"accounts": {"ci": {"password": "Old"}, "gone": {"password": "Secret"}}}

    told = with_pending_changes({"accounts": ACCOUNTS}, CloneState(olds), desired=new, done=set())

    assert {"ci": {"password": "Old"}} == told["accounts"]


def test_unmade_change_keeps_what_only_the_state_knows() -> None:
    new = desired(values(on_delete="retain", description="new"))

    told = with_pending_changes(
        {"on_delete": "retain", "description": "new"}, CloneState({}), desired=new, done=set()
    )

    assert {"on_delete": "retain", "description": None} == told
