"""
Every rule with names and texts that nobody should write, told as users read it.

One row of each rule is varied: one text, or one key of a map, is replaced.
"""

import re
from collections.abc import Iterator
from typing import Any, Final

import pytest

from pulumi_rdsclone.domain.checks import CHECKS
from pulumi_rdsclone.domain.judging import judge
from pulumi_rdsclone.domain.model import FieldGroup, fields_of, groups_of
from pulumi_rdsclone.domain.parsing import parse
from pulumi_rdsclone.domain.spec import CloneSpec
from pulumi_rdsclone.domain.unknown import is_unknown
from pulumi_rdsclone.presentation.spelling import to_message
from tests.domain.checks.rows import Row
from tests.domain.test_checks import FIRST_FAILING

PARTS: Final[tuple[type[FieldGroup], ...]] = (
    CloneSpec,
    *(group for _, group in groups_of(CloneSpec)),
)
MAPS: Final = {field.name for part in PARTS for field in fields_of(part) if field.kind is dict}
"""The inputs whose keys are the user's."""

LIKE_AN_INPUT: Final = "tcp_connection_type"
"""The name of an input that no rule reads."""

HOSTILE: Final = {
    "nothing": "",
    "blank": "  ",
    "a line break and a colour": "a\nb\x1b[31m",
    "an emoji": "\N{PILE OF POO}",
    "300 characters": "x" * 300,
    "an apostrophe": "it's a_b",
    "both quotes": "'\"",
    "a backslash": "\\'",
    "a dash": "a — b",
    "an input's name": LIKE_AN_INPUT,
}

QUOTED: Final = re.compile(r"""(?<!\w)('([^'\\]|\\.)*'|"([^"\\]|\\.)*")""")
LONGEST: Final = 600


def variants(node: Any, value: str, *, has_keys: bool = False) -> Iterator[Any]:
    """
    Yield *node* with *value* in each place in turn where a user's text stands.
    """
    if isinstance(node, str):
        yield value
    elif isinstance(node, list):
        for place, item in enumerate(node):
            for other in variants(item, value):
                yield [*node[:place], other, *node[place + 1 :]]
    elif isinstance(node, dict):
        for key, item in node.items():
            for other in variants(item, value, has_keys=key in MAPS):
                yield {**node, key: other}
            if has_keys:
                yield {**{k: v for k, v in node.items() if k != key}, value: item}


def told(row: Row, value: str) -> Iterator[str]:
    """
    Yield what is told of the variants of *row*.
    """
    for tree in variants(row.tree, value):
        parsed = parse(tree)
        yield from map(to_message, parsed.problems)
        if is_unknown(parsed.spec.source_instance_id) or is_unknown(parsed.spec.region):
            continue  # Nothing is asked about it then, so no fact is known.
        yield from map(to_message, judge(CHECKS, parsed.spec, facts=row.facts).problems)


@pytest.mark.parametrize("value", HOSTILE.values(), ids=HOSTILE)
def test_value_in_a_message_is_quoted_on_one_line_and_cut(value: str) -> None:
    texts = {text for row in FIRST_FAILING.values() for text in told(row, value)}

    assert len(texts) > len(CHECKS)
    for text in texts:
        plain = QUOTED.sub("Q", text)
        assert text.isprintable()
        assert len(text) < LONGEST, text
        assert not re.search(r"  | [,:;)]|\(\)|x{41}|\x1b|\N{PILE OF POO}", plain), text
        assert plain.count(" — ") == 1, text
        assert "tcpConnectionType" not in text


def test_a_value_is_told_as_it_was_written() -> None:
    """
    What looks like the name of an input is the user's own word nevertheless.
    """
    texts = [text for row in FIRST_FAILING.values() for text in told(row, LIKE_AN_INPUT)]

    assert any(f"'{LIKE_AN_INPUT}'" in text for text in texts)
