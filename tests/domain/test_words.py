"""
One word for one thing: the sources of messages keep to the table in CONTRIBUTING.md.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

import pulumi_rdsclone

PACKAGE: Final = Path(pulumi_rdsclone.__file__).parent

SOURCES: Final = sorted((PACKAGE / "domain" / "checks").glob("*.py"))

BANNED: Final = {
    "not": r"(?<!there )\bis no (?!longer\b|IP\b)\w+",
    "accept, support": r"\b(does not|which|that RDS) takes?\b|\bdoes not have\b",
    "available": r"(?<!-)\bsold\b",
    "remove an input by its name": r"\b(leave|leaves) .*\bout\b|\bremove it\b",
    "would, must": r"\bis to (be|have)\b|\bare to be\b|\bnot to stay\b",
    "create": r"\bmake (a|an|one|it)\b|\bis made\b",
    "backup set": r"(?<!backup )\b(usable|another|newest) sets?\b",
    "log backups": r"\b(keeps no logs|logs are|retention of logs|log backup is)\b",
    "lowercase, uppercase": r"\b(small|capital) letters\b",
    "at most N, at least N": r"[\d}] at (most|least)\b|\bgive at least\b",
    "set": r"\bgive (one|a|an|it|both|exactly)\b|\bname (one|a|an|two|fewer)\b",
    "start, contain": r"\bbegin with\b|\bholds? (no|a|it)\b|\bit holds\b",
    "time": r"\binstant ahead\b|\brestorable second\b",
    "database account, credentials": r"\bthe account's\b",
}
"""Words that messages do not use any more, by the word that they use."""


def texts(source: Path) -> Iterator[str]:
    """
    Yield the texts in *source* that are no docstrings; {} stands for a value.
    """
    tree = ast.parse(source.read_text("utf-8"))
    parts = {id(part) for node in ast.walk(tree) for part in parts_of(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr):
            parts |= {id(node.value)}
        if isinstance(node, ast.JoinedStr):
            pieces = (p.value if isinstance(p, ast.Constant) else "{}" for p in node.values)
            yield "".join(map(str, pieces))
        elif (
            isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in parts
        ):
            yield node.value


def parts_of(node: ast.AST) -> list[ast.expr]:
    """
    Return the pieces of an f-string.
    """
    return node.values if isinstance(node, ast.JoinedStr) else []


@pytest.mark.parametrize("word", BANNED)
def test_one_word_for_one_thing(word: str) -> None:
    """
    No message of a check uses a word for which the glossary has another.
    """
    pattern = re.compile(BANNED[word])
    found = {
        (source.name, text) for source in SOURCES for text in texts(source) if pattern.search(text)
    }

    assert found == set()


def test_messages_are_among_the_texts() -> None:
    told = [text for source in SOURCES for text in texts(source)]

    assert "set network.type to VPC, or remove network.type" in told
    assert "{} is not an IPv4 address" in told
