"""
Clone keys, ClientTokens and birth tags, which bind a clone to its resource.

Frozen once released: instances in the cloud and states of users carry these.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from pulumi_rdsclone.domain.values import Properties

KEY_TAG: Final = "rdsclone:key"
GENERATION_TAG: Final = "rdsclone:generation"
SPEC_TAG: Final = "rdsclone:spec"
STACK_TAG: Final = "rdsclone:stack"
STAGE_TAG: Final = "rdsclone:stage"
RESTORED_TAG: Final = "rdsclone:restored"
EXPIRES_TAG: Final = "rdsclone:expires"
BIRTH_TAGS: Final = frozenset(
    {
        KEY_TAG,
        GENERATION_TAG,
        SPEC_TAG,
        STACK_TAG,
        STAGE_TAG,
        RESTORED_TAG,
        EXPIRES_TAG,
    }
)

OWN_PREFIX: Final = "rdsclone:"
CLOUD_PREFIXES: Final = ("acs:", "aliyun")
"""Prefixes of the keys of the cloud's own tags."""

CREATING: Final = "creating"
"""Stage of a clone that was ordered and is not in anybody's state as finished."""

FINISHED: Final = "finished"
"""Stage of a clone that is ready: its resource is just about to be recorded so."""

OWNED: Final = "owned"
"""Stage of a clone whose resource is recorded as created."""

RETAINED: Final = "retained"
"""Stage of a clone whose resource was deleted, and which was to stay: nobody's."""

_TAG_VALUE_LIMIT = 128


def first_key(*, identity: str, urn: str) -> str:
    """
    Return the key of the first clone of a resource.

    Args:
        identity: Sets apart two stacks of one name in one account; may be empty.
        urn: The resource's URN; it holds stack, project and name.
    """
    return _digest("key", identity, urn)


def next_key(key: str) -> str:
    """
    Return the key of the clone that replaces the one with *key*.
    """
    return f"{root_of(key)}.{generation_of(key) + 1}"


def root_of(key: str) -> str:
    """
    Return the part that the keys of all clones of a resource have in common.
    """
    return key.partition(".")[0]


def generation_of(key: str) -> int:
    """
    Return how many clones of its resource the clone with *key* has replaced.
    """
    number = key.partition(".")[2]
    return int(number) if number.isdecimal() else 0


def client_token(key: str, *, spec_hash: str, day: date, attempt: int) -> str:
    """
    Return the ClientToken of an order: 32 ASCII characters, 64 are allowed.

    Args:
        key: The clone key.
        spec_hash: See *hash_spec*; another specification is another order.
        day: In UTC; a clone that is made and released every day has a new token each
            time, not one more that is used up.
        attempt: Counts up when a token answers with an instance that is gone.
    """
    return _digest("token", key, spec_hash, day.isoformat(), str(attempt))


def hash_spec(values: Properties) -> str:
    """
    Return a short hash of what was ordered, equal for equal *values*.
    """
    return _digest("spec", json.dumps(values, sort_keys=True))[:16]


@dataclass(frozen=True, kw_only=True)
class CloneMarks:
    """
    The values of the birth tags that an order carries.

    Attributes:
        key: The clone key.
        spec_hash: See *hash_spec*.
        stack: Project and stack, for people who look at tags.
        restored: What was restored, as `Restore.to_tag` writes it.
        expires: When it expires, as a text; None for never.
    """

    key: str
    spec_hash: str
    stack: str
    restored: str
    expires: str | None = None

    @property
    def stack_tag(self) -> str:
        """
        The value of the tag that names the stack.
        """
        return stack_tag_of(self.stack)

    def tags(self, stage: str) -> dict[str, str]:
        """
        Return the birth tags for *stage*.
        """
        return {
            **key_tags(self.key),
            SPEC_TAG: self.spec_hash,
            STACK_TAG: self.stack_tag,
            RESTORED_TAG: self.restored,
            STAGE_TAG: stage,
            **({EXPIRES_TAG: self.expires} if self.expires else {}),
        }


def key_tags(key: str) -> dict[str, str]:
    """
    Return the birth tags that hold the *key*.
    """
    return {KEY_TAG: root_of(key), GENERATION_TAG: str(generation_of(key))}


def key_in(tags: Mapping[str, str]) -> str:
    """
    Return the key in *tags*; empty without one.
    """
    root, number = tags.get(KEY_TAG, ""), tags.get(GENERATION_TAG, "0")
    return root if number == "0" else f"{root}.{number}"


def stack_tag_of(stack: str) -> str:
    """
    Return the value of the tag that names *stack*.
    """
    return stack[:_TAG_VALUE_LIMIT]


def own_tags(tags: Mapping[str, str]) -> dict[str, str]:
    """
    Return *tags* without birth tags and the cloud's own.
    """
    return {
        key: value
        for key, value in tags.items()
        if key not in BIRTH_TAGS and not key.startswith(CLOUD_PREFIXES)
    }


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]
