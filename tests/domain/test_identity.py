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
    The keys of released versions stay what they are.
    """
    assert first_key(identity="", urn=URN) == "e8df50ab4483547b10e00f8d785876de"
    assert first_key(identity="team-a", urn=URN) == "2df91ac33aeaedd64c7c2073ff517190"
    assert next_key(KEY) == "e8df50ab4483547b10e00f8d785876de.1"
    assert next_key(next_key(KEY)) == "e8df50ab4483547b10e00f8d785876de.2"


def test_hashes_are_frozen() -> None:
    """
    The spec hashes of released versions stay what they are.
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
    The tokens of released versions stay what they are.
    """
    assert (
        client_token(KEY, spec_hash=SPEC, day=DAY, attempt=0) == "3ece9803de776b2eb2eb7e6bf746ba99"
    )
    assert (
        client_token(KEY, spec_hash=SPEC, day=DAY, attempt=1) == "48c05d10c4e75e3b20d13706ed4bce46"
    )


def test_birth_tags_are_frozen() -> None:
    """
    The tags of released versions stay what they are.
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
def test_keys_differ(one: str, urn: str, other: str, other_urn: str) -> None:
    """
    Keys are equal where identity and URN are, and nowhere else.
    """
    same = (one, urn) == (other, other_urn)
    separated = "\0" not in one + urn + other + other_urn

    keys = {first_key(identity=one, urn=urn), first_key(identity=other, urn=other_urn)}

    assert not separated or same == (len(keys) == 1)


def test_identity_and_urn_do_not_run_together() -> None:
    """
    A letter that moves from the identity to the URN makes another key.
    """
    assert first_key(identity="a", urn="bc") != first_key(identity="ab", urn="c")


def test_keys_are_chained() -> None:
    """
    Each replacement has a key of its own, and the same one in every run.
    """
    chain = [KEY]
    for _ in range(10):
        chain.append(next_key(chain[-1]))

    assert len(set(chain)) == 11
    assert [*range(11)] == [generation_of(key) for key in chain]
    assert {KEY} == {root_of(key) for key in chain}
    assert chain == [key_in(replace(MARKS, key=key).tags("owned")) for key in chain]


def test_foreign_tags_tell_no_key() -> None:
    """
    Tags that are not ours tell no key.
    """
    assert key_in({"team": "data"}) == ""


@given(st.text(), st.text(), st.dates(), st.integers(min_value=0, max_value=10**6))
def test_tokens_fit(key: str, spec_hash: str, day: date, attempt: int) -> None:
    """
    A token has at most 64 characters, all of them ASCII, and is always the same.
    """
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
def test_tokens_differ(key: str, spec_hash: str, day: date, attempt: int) -> None:
    """
    Another clone, specification, day or attempt is another order.
    """
    assert client_token("key", spec_hash="spec", day=DAY, attempt=0) != client_token(
        key, spec_hash=spec_hash, day=day, attempt=attempt
    )


def test_hash_knows_no_order() -> None:
    """
    The order in which values were written does not matter, their values do.
    """
    assert hash_spec({"a": 1, "b": [1, 2]}) == hash_spec({"b": [1, 2], "a": 1})
    assert hash_spec({"a": 1, "b": [1, 2]}) != hash_spec({"a": 1, "b": [2, 1]})


def test_tags_fit() -> None:
    """
    Tag keys have at most 64 characters, values 128, however long the stack's name.
    """
    long = CloneMarks(
        key=KEY, spec_hash="h", stack="s" * 500, restored="time/x", expires="2026-11-21T04:00:00Z"
    )

    tags = long.tags("creating")

    assert tags["rdsclone:stack"] == "s" * 128
    assert all(len(key) <= 64 and len(value) <= 128 for key, value in tags.items())
    assert set(tags) == identity.BIRTH_TAGS


def test_stage_is_all_that_changes() -> None:
    """
    The stage moves from creating to owned, the other marks stay.
    """
    changed = MARKS.tags("creating").items() ^ MARKS.tags("owned").items()

    assert {("rdsclone:stage", "creating"), ("rdsclone:stage", "owned")} == changed


def test_own_tags_are_without_birth_tags() -> None:
    """
    The user's share is without birth tags and without the cloud's own.
    """
    tags = {
        **MARKS.tags("owned"),
        "team": "data",
        "acs:rds:network": "x",
        "aliyun-x": "y",
        "my-aliyun": "z",
    }

    assert own_tags(tags) == {"team": "data", "my-aliyun": "z"}
