"""
The rows of every rule, and a walk over all rules that is made of them.

The rows stand in checks/, by subject. A rule without a row of either kind fails.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import fields, replace
from typing import Any, Final

import pytest

from pulumi_rdsclone.domain import judging
from pulumi_rdsclone.domain.checking import Check
from pulumi_rdsclone.domain.checks import CHECKS
from pulumi_rdsclone.domain.facts import Facts, Missing
from pulumi_rdsclone.domain.judging import READ_PERMISSION, Judgement, Outcome, UnknownFact, judge
from pulumi_rdsclone.domain.model import groups_of, leaves_of
from pulumi_rdsclone.domain.parsing import parse
from pulumi_rdsclone.domain.problems import Problem, Severity
from pulumi_rdsclone.domain.spec import CloneSpec
from pulumi_rdsclone.domain.unknown import UNKNOWN
from tests.conftest import TELL_OF_BROKEN
from tests.domain import samples
from tests.domain.checks import (
    access,
    backup_policy,
    backups,
    databases,
    naming,
    network,
    parameters,
    payment,
    program,
    restore_point,
    settings,
    shape,
    source,
)
from tests.domain.checks.rows import Row, clone, knowing
from tests.domain.samples import FACTS, SOURCE, read, with_value
from tests.support.stacks import BROKEN_CHECK

ROWS: Final = (
    *restore_point.ROWS,
    *source.ROWS,
    *backups.ROWS,
    *shape.ROWS,
    *network.ROWS,
    *program.ROWS,
    *databases.ROWS,
    *payment.ROWS,
    *naming.ROWS,
    *settings.ROWS,
    *access.ROWS,
    *backup_policy.ROWS,
    *parameters.ROWS,
)
PASSING: Final = [row for row in ROWS if not row.what]
FAILING: Final = [row for row in ROWS if row.what]
REQUIRED: Final = {"restore-point-form", "region-known", "source-exists"}
WARNING: Final = {
    "source-cloning",
    "source-idle",
    "source-expiry",
    "engine-newer",
    "engine-undocumented",
    "data-backup-on",
    "backup-fresh",
    "class-smaller",
    "subscription-release",
    "inherited-access",
}

BY_ID: Final = {check.id: check for check in CHECKS}
FIRST_FAILING: Final = {row.check: row for row in reversed(FAILING)}
LEAVES: Final = {leaf.path: leaf for leaf in leaves_of(CloneSpec)}
PATHS: Final = {*LEAVES, *(path for path, _ in groups_of(CloneSpec))}
ARTEFACTS: Final = re.compile(
    r"None|True|False|UNKNOWN|Gap\.|NoWindow|Outcome|Severity|datetime|timedelta"
    r"|(IPv4Address|IPv4Network|Instance|BackupSet|RecoveryWindow|Span|Price)\("
    r"|[<>{}\[\]\n]|  |\(\)|, ?[,.)]"
)


def named(rows: Iterable[Row]) -> list[Any]:
    """
    Name each row by its rule and what is special about it.
    """
    return [pytest.param(row, id=f"{row.check}: {row.case}") for row in rows]


def every(values: Iterable[tuple[Check, str]]) -> list[Any]:
    """
    Name each pair by the rule and the other thing.
    """
    return [pytest.param(check, thing, id=f"{check.id}: {thing}") for check, thing in values]


def read_paths() -> Iterator[tuple[Check, str]]:
    """
    Return each rule with each input that it reads, and the groups around that.
    """
    for check in CHECKS:
        steps = [path.split(".") for path in check.inputs]
        paths = {".".join(names[:n]) for names in steps for n in range(1, len(names) + 1)}
        yield from ((check, path) for path in sorted(paths))


READING: Final = every(read_paths())


def reading_items(*marks: str) -> list[Any]:
    """
    Name each rule with each map or list that it reads as one of *marks* says.
    """
    return every(
        (check, path)
        for check in CHECKS
        for path, read in zip(check.inputs, check.reads, strict=True)
        if path in LEAVES and LEAVES[path].kind in (list, dict)
        if read.removeprefix(path) in marks or ("[]" in marks and read.startswith(f"{path}[]"))
    )


NEEDING: Final = every((check, fact) for check in CHECKS for fact in check.facts if fact != "now")
EACH: Final = [pytest.param(check, id=check.id) for check in CHECKS]


def judged(check: Check, facts: Facts | None = None, **options: Any) -> Judgement:
    """
    Judge the first failing row of *check*, with other *facts* if they are given.
    """
    row = FIRST_FAILING[check.id]
    return judge([check], read(row.tree), facts=facts or row.facts, **options)


def lacking(check: Check, fact: str, gap: Missing) -> Facts:
    """
    Return the facts of the first failing row of *check* with a *gap*.
    """
    return replace(FIRST_FAILING[check.id].facts, **{fact: gap})


def only(check: Check, outcome: Outcome, *problems: Problem) -> Judgement:
    """
    Return the judgement of one check.
    """
    return Judgement(outcomes={check.id: outcome}, problems=problems)


def touches(path: str, check: Check) -> bool:
    """
    Return whether an unknown *path* keeps *check* from being applied.

    Without a source and a region nothing is asked, so that every fact is deferred.
    """
    first = {"source_instance_id", "region"} if check.facts else set()
    reads = first.union(check.inputs)
    return path in reads or any(read.startswith(f"{path}.") for read in reads)


def finding(row: Row) -> Problem:
    """
    Return the problem that *row* expects.
    """
    return Problem(
        check=row.check,
        path=row.path or BY_ID[row.check].path,
        what=row.what,
        remedy=row.remedy,
        severity=Severity.WARNING if row.check in WARNING else Severity.ERROR,
    )


@pytest.mark.parametrize("row", named(PASSING))
def test_rule_finds_nothing(row: Row) -> None:
    check = BY_ID[row.check]

    assert only(check, Outcome.PASSED) == judge([check], read(row.tree), facts=row.facts)


@pytest.mark.parametrize("row", named(FAILING))
def test_rule_says_what_is_wrong_and_what_to_do(row: Row) -> None:
    check = BY_ID[row.check]
    outcome = Outcome.WARNED if row.check in WARNING else Outcome.FAILED

    assert only(check, outcome, finding(row)) == judge([check], read(row.tree), facts=row.facts)


@pytest.mark.parametrize("rows", [PASSING, FAILING], ids=["passing", "failing"])
def test_every_rule_has_rows_that_pass_and_fail(rows: list[Row]) -> None:
    assert list(BY_ID) == list(dict.fromkeys(row.check for row in rows))


def test_rows_of_a_rule_have_different_names() -> None:
    assert len(ROWS) == len({(row.check, row.case) for row in ROWS})


@pytest.mark.parametrize("row", named(FAILING))
def test_text_of_a_rule_is_a_clause_for_people(row: Row) -> None:
    """
    Nothing of Python shows, and nothing is empty.
    """
    for text in (row.what, row.remedy):
        assert text.strip() == text
        assert text
        assert not text.endswith((".", ",", ":"))
        assert not ARTEFACTS.search(text)


@pytest.mark.parametrize(("check", "path"), READING)
def test_rule_is_deferred_by_an_unknown_input_or_group(check: Check, path: str) -> None:
    row = FIRST_FAILING[check.id]
    spec = read(with_value(row.tree, path, UNKNOWN))

    assert only(check, Outcome.DEFERRED) == judge([check], spec, facts=row.facts)


@pytest.mark.parametrize(("check", "path"), reading_items(""))
def test_rule_is_deferred_by_an_unknown_item(check: Check, path: str) -> None:
    row = FIRST_FAILING[check.id]
    leaf = LEAVES[path]
    sample, _ = samples.LEAVES[path]
    known = {} if leaf.item or leaf.kind is dict else sample[0]
    item = {"key": UNKNOWN} if leaf.kind is dict else [known, UNKNOWN]
    spec = read(with_value(row.tree, path, item))

    assert only(check, Outcome.DEFERRED) == judge([check], spec, facts=row.facts)


def with_unknown_entry(tree: dict[str, Any], path: str) -> dict[str, Any]:
    """
    Add an entry whose value is unknown to the map or list at *path* of *tree*.
    """
    group, _, name = path.rpartition(".")
    entries = (tree[group] if group else tree)[name]
    if isinstance(entries, dict):
        key = f"{next(iter(entries))}2"
        return with_value(tree, path, {**entries, key: UNKNOWN})
    return with_value(tree, path, [*entries, UNKNOWN])


def declares(row: Row, path: str) -> bool:
    """
    Return whether the map or list at *path* has entries in *row*.
    """
    group, _, name = path.rpartition(".")
    return bool((row.tree.get(group, {}) if group else row.tree).get(name))


@pytest.mark.parametrize(("check", "path"), reading_items("[]", "{}"))
def test_unknown_entry_hides_no_fault_of_the_others(check: Check, path: str) -> None:
    rows = [row for row in FAILING if row.check == check.id and declares(row, path)]

    assert rows
    for row in rows:
        spec = read(with_unknown_entry(row.tree, path))
        (problem,) = judge([check], spec, facts=row.facts).problems
        assert problem.path == finding(row).path


@pytest.mark.parametrize(("check", "path"), reading_items("[]"))
def test_rule_that_passes_the_known_entries_waits_for_the_others(check: Check, path: str) -> None:
    for row in PASSING:
        if row.check == check.id and declares(row, path):
            spec = read(with_unknown_entry(row.tree, path))
            assert only(check, Outcome.DEFERRED) == judge([check], spec, facts=row.facts)


@pytest.mark.parametrize(("check", "path"), reading_items("{}"))
def test_rule_about_keys_does_not_wait_for_values(check: Check, path: str) -> None:
    for row in PASSING:
        if row.check == check.id and declares(row, path):
            tree = row.tree[path]
            spec = read(with_value(row.tree, path, dict.fromkeys(tree, UNKNOWN)))
            assert only(check, Outcome.PASSED) == judge([check], spec, facts=row.facts)


@pytest.mark.parametrize("name", ["app", "{app}"])
def test_unknown_password_hides_no_weak_one(name: str) -> None:
    check = BY_ID["account-password"]
    random = {name: {"password": UNKNOWN}}
    weak = {"reader": {"password": "secret"}}

    waiting = judge([check], read(clone(accounts=random)), facts=FACTS)
    objecting = judge([check], read(clone(accounts={**random, **weak})), facts=FACTS)

    assert waiting == only(check, Outcome.DEFERRED)
    assert [problem.what for problem in objecting.problems] == [
        "the password of 'reader' is not accepted by RDS"
    ]


@pytest.mark.parametrize(
    ("account", "outcome"),
    [
        ({"password": UNKNOWN}, Outcome.FAILED),
        ({"password": "New-ci-1234", "type": UNKNOWN}, Outcome.DEFERRED),
        (UNKNOWN, Outcome.DEFERRED),
    ],
)
def test_rule_about_one_field_waits_for_that_field_alone(account: Any, outcome: Outcome) -> None:
    check = BY_ID["account-first"]
    spec = read(clone(accounts={"ci": account}))

    judgement = judge([check], spec, facts=FIRST_FAILING[check.id].facts)

    assert outcome is judgement.outcomes[check.id]


@pytest.mark.parametrize(
    ("gating", "severity"), [("warn", Severity.WARNING), ("fail", Severity.ERROR)]
)
def test_broken_rule_does_not_stop_the_others(
    gating: str, severity: Severity, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(judging, "problem_of_broken", TELL_OF_BROKEN)
    broken = replace(BY_ID["tags-count"], rule=lambda spec: spec.tags.nothing)
    other = BY_ID["tags-reserved"]
    spec = read(clone(tags={"acs:x": "y"}, checks={"on_unverifiable": gating}))

    judgement = judge([broken, other], spec, facts=FACTS)

    assert judgement.outcomes == {broken.id: Outcome.UNVERIFIED, other.id: Outcome.FAILED}
    told, _ = judgement.problems
    assert told.severity is severity
    assert str(told) == (
        "tags: this check was not made because of an internal error in rdsclone "
        "(AttributeError) — report the error, and check by hand what docs/checks.md "
        "says about tags-count (tags-count)"
    )
    assert BROKEN_CHECK in str(told)


@pytest.mark.parametrize("check", EACH)
def test_inputs_of_others(check: Check) -> None:
    """
    What a rule does not read may be unknown: it neither breaks the rule nor shows.
    """
    others = [path for path in sorted(PATHS) if not touches(path, check)]
    for row in (row for row in ROWS if row.check == check.id):
        for path in others:
            spec = parse(with_value(row.tree, path, UNKNOWN)).spec
            for problem in judge([check], spec, facts=row.facts).problems:
                assert not ARTEFACTS.search(problem.what + problem.remedy)


@pytest.mark.parametrize(("check", "fact"), NEEDING)
def test_rule_is_deferred_by_a_fact_that_cannot_be_asked_for(check: Check, fact: str) -> None:
    facts = lacking(check, fact, Missing.DEFERRED)
    unknown_facts = [UnknownFact(fact=fact, why="nobody answered", remedy="wait")]

    assert only(check, Outcome.DEFERRED) == judged(check, facts, unknown_facts=unknown_facts)


@pytest.mark.parametrize(("check", "fact"), NEEDING)
def test_rule_without_its_fact_is_not_verified(check: Check, fact: str) -> None:
    facts = lacking(check, fact, Missing.UNVERIFIED)
    unknown_facts = [UnknownFact(fact=fact, why="nobody answered", remedy="wait")]
    warning = Problem(
        check=READ_PERMISSION,
        path=check.path,
        what=f"nobody answered, so this was not verified: {check.id}",
        remedy="wait",
        severity=Severity.WARNING,
    )

    assert only(check, Outcome.UNVERIFIED) == judged(check, facts)
    assert only(check, Outcome.UNVERIFIED, warning) == judged(
        check, facts, unknown_facts=unknown_facts
    )


@pytest.mark.parametrize(("check", "fact"), NEEDING)
def test_rule_holds_where_nothing_depends_on_its_fact(check: Check, fact: str) -> None:
    facts = lacking(check, fact, Missing.NOT_NEEDED)

    assert only(check, Outcome.PASSED) == judged(check, facts)


@pytest.mark.parametrize("check", EACH)
def test_unwanted_rule_is_not_applied_unless_it_is_required(check: Check) -> None:
    skipped = only(check, Outcome.SKIPPED)
    refused = only(check, Outcome.FAILED, finding(FIRST_FAILING[check.id]))

    assert (refused if check.id in REQUIRED else skipped) == judged(
        check, skip={check.id, "another-check"}
    )


@pytest.mark.parametrize("check", EACH)
def test_rule_is_described(check: Check) -> None:
    """
    A rule's docstring opens with a sentence that says what holds.
    """
    sentence, _, _ = check.doc.partition("\n\n")

    assert re.match(r"[A-Z]|\*[a-z]", sentence)
    assert not re.match(r"(Check|Tell|Give|Return|Whether|Find)\b", sentence)
    assert sentence.endswith(".")


@pytest.mark.parametrize("check", EACH)
def test_rule_has_a_plain_id_and_reads_existing_inputs_and_facts(check: Check) -> None:
    facts = {field.name for field in fields(Facts)}

    assert re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)+", check.id)
    assert check.inputs
    assert set(check.inputs) <= PATHS
    assert len(check.reads) == len(set(check.reads))
    assert {*check.facts, *check.more} <= facts
    assert (check.severity is Severity.WARNING) == (check.id in WARNING)
    assert check.required == (check.id in REQUIRED)


def test_ids_are_unique() -> None:
    assert len(CHECKS) == len(BY_ID)
    assert BY_ID.keys().isdisjoint({READ_PERMISSION, "input-form", "skip-known"})


def test_healthy_clone_has_no_findings() -> None:
    declared = clone(security_ips={}, accounts_exclusive=True)

    judgement = judge(CHECKS, read(declared), facts=FACTS)

    assert judgement == Judgement(outcomes=dict.fromkeys(BY_ID, Outcome.PASSED), problems=())


def test_all_findings_come_in_the_order_of_the_table() -> None:
    spec = read(
        clone(
            restore_point={"backup_id": "999"},
            payment={"period": "Month"},
            description="1",
            network={"type": "Classic"},
            capacity={"storage_gb": 5},
        )
    )
    facts = knowing(source=replace(SOURCE, status="Stopped", lock_mode="ManualLock"))

    assert [
        "source-running",
        "source-unlocked",
        "backup-exists",
        "storage-range",
        "storage-not-smaller",
        "network-classic",
        "term-without-subscription",
        "description-form",
        "inherited-access",
    ] == [problem.check for problem in judge(CHECKS, spec, facts=facts).problems]


def test_no_rule_passes_or_fails_where_nothing_is_known() -> None:
    unknown = dict.fromkeys(CloneSpec.model_fields, UNKNOWN)
    facts = Facts(**dict.fromkeys((field.name for field in fields(Facts)), Missing.DEFERRED))

    assert judge(CHECKS, read(unknown), facts=facts) == Judgement(
        outcomes=dict.fromkeys(BY_ID, Outcome.DEFERRED), problems=()
    )
