"""
Keys, tokens and tags, pinned.

The literal values here live in users' clouds: a changed one is a broken promise, and
no test must ever be adapted to it.
"""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulumi_rdsclone.domain import identity
from pulumi_rdsclone.domain.identity import (
    CloneMarks,
    client_token,
    first_key,
    generation_of,
    hash_spec,
    key_in,
    next_key,
    own_tags,
    root_of,
)
from tests.support.rows import row

URN = "urn:pulumi:dev::shop::pulumi-python:dynamic/rds:CloneInstance::staging"
KEY = first_key(identity="", urn=URN)
SPEC = "0123456789abcdef"
DAY = date(2026, 11, 23)
MARKS = CloneMarks(
    key=KEY, spec_hash=SPEC, stack="shop/dev", restored="rm-src/time/2026-11-20T04:00:00Z"
)


def test_keys_are_frozen() -> None:
    """
    Clones of released versions carry them.
    """
    assert first_key(identity="", urn=URN) == "e8df50ab4483547b10e00f8d785876de"
    assert first_key(identity="team-a", urn=URN) == "2df91ac33aeaedd64c7c2073ff517190"
    assert next_key(KEY) == "e8df50ab4483547b10e00f8d785876de.1"
    assert next_key(next_key(KEY)) == "e8df50ab4483547b10e00f8d785876de.2"


def test_hashes_are_frozen() -> None:
    """
    Clones of released versions carry them.
    """
    values = {
        "source_instance_id": "rm-source",
        "restore_point.latest": "time",
        "capacity.storage_gb": 100,
        "zones": ["cn-hangzhou-h"],
    }

    assert hash_spec(values) == "bc4014ad460ec034"


def test_tokens_are_frozen() -> None:
    """
    Orders of released versions were sent with them.
    """
    assert (
        client_token(KEY, spec_hash=SPEC, day=DAY, attempt=0) == "3ece9803de776b2eb2eb7e6bf746ba99"
    )
    assert (
        client_token(KEY, spec_hash=SPEC, day=DAY, attempt=1) == "48c05d10c4e75e3b20d13706ed4bce46"
    )


def test_birth_tags_are_frozen() -> None:
    """
    Clones of released versions carry them.
    """
    assert MARKS.tags("creating") == {
        "rdsclone:key": KEY,
        "rdsclone:generation": "0",
        "rdsclone:spec": "0123456789abcdef",
        "rdsclone:stack": "shop/dev",
        "rdsclone:restored": "rm-src/time/2026-11-20T04:00:00Z",
        "rdsclone:stage": "creating",
    }
    assert identity.CREATING == "creating"
    assert identity.FINISHED == "finished"
    assert identity.OWNED == "owned"


@given(st.text(), st.text(), st.text(), st.text())
def test_keys_are_equal_only_where_identity_and_urn_are(
    one: str, urn: str, other: str, other_urn: str
) -> None:
    same = (one, urn) == (other, other_urn)
    separated = "\0" not in one + urn + other + other_urn

    keys = {first_key(identity=one, urn=urn), first_key(identity=other, urn=other_urn)}

    assert not separated or same == (len(keys) == 1)


def test_identity_and_urn_do_not_run_together() -> None:
    assert first_key(identity="a", urn="bc") != first_key(identity="ab", urn="c")


def test_each_replacement_has_a_key_of_its_own() -> None:
    chain = [KEY]
    for _ in range(10):
        chain.append(next_key(chain[-1]))

    assert len(set(chain)) == 11
    assert [*range(11)] == [generation_of(key) for key in chain]
    assert {KEY} == {root_of(key) for key in chain}
    assert chain == [key_in(replace(MARKS, key=key).tags("owned")) for key in chain]


def test_foreign_tags_tell_no_key() -> None:
    assert key_in({"team": "data"}) == ""


@given(st.text(), st.text(), st.dates(), st.integers(min_value=0, max_value=10**6))
def test_token_has_at_most_64_ascii_characters(
    key: str, spec_hash: str, day: date, attempt: int
) -> None:
    token = client_token(key, spec_hash=spec_hash, day=day, attempt=attempt)

    assert 0 < len(token) <= 64
    assert token.isascii()
    assert token.isalnum()
    assert token == client_token(key, spec_hash=spec_hash, day=day, attempt=attempt)


@pytest.mark.parametrize(
    ("key", "spec_hash", "day", "attempt"),
    [
        row("another key", "other", "spec", DAY, 0),
        row("another specification", "key", "other", DAY, 0),
        row("another day", "key", "spec", date(2026, 11, 24), 0),
        row("the next attempt", "key", "spec", DAY, 1),
    ],
)
def test_each_order_has_its_own_token(key: str, spec_hash: str, day: date, attempt: int) -> None:
    assert client_token("key", spec_hash="spec", day=DAY, attempt=0) != client_token(
        key, spec_hash=spec_hash, day=day, attempt=attempt
    )


def test_hash_depends_on_values_and_not_on_their_order() -> None:
    assert hash_spec({"a": 1, "b": [1, 2]}) == hash_spec({"b": [1, 2], "a": 1})
    assert hash_spec({"a": 1, "b": [1, 2]}) != hash_spec({"a": 1, "b": [2, 1]})


def test_tags_are_no_longer_than_the_cloud_allows() -> None:
    long = CloneMarks(
        key=KEY, spec_hash="h", stack="s" * 500, restored="time/x", expires="2026-11-21T04:00:00Z"
    )

    tags = long.tags("creating")

    assert tags["rdsclone:stack"] == "s" * 128
    assert all(len(key) <= 64 and len(value) <= 128 for key, value in tags.items())
    assert set(tags) == identity.BIRTH_TAGS


def test_only_the_stage_changes_from_creating_to_owned() -> None:
    changed = MARKS.tags("creating").items() ^ MARKS.tags("owned").items()

    assert {("rdsclone:stage", "creating"), ("rdsclone:stage", "owned")} == changed


def test_own_tags_are_without_birth_tags_and_those_of_the_cloud() -> None:
    tags = {
        **MARKS.tags("owned"),
        "team": "data",
        "acs:rds:network": "x",
        "aliyun-x": "y",
        "my-aliyun": "z",
    }

    assert own_tags(tags) == {"team": "data", "my-aliyun": "z"}
