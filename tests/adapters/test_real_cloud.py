"""
Correct programs are carried out by a cloud that behaves as public evidence says.

Each case is one trait of the emulator (docs/emulator.md, where its source stands) and a
clone that was refused, or left unfinished, for it.
"""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

import pytest
from pulumi.dynamic.dynamic import PROVIDER_KEY

from pulumi_rdsclone.adapters.dynamic_handlers import DynamicHandlers
from rds_emulator import Emulator

PASSWORD: Final = "New-ci-1234"  # noqa: S105 - no secret
OWNED: Final = {"app": {"password": PASSWORD, "privileges": {"shop": "DBOwner"}}}
READING: Final = {"app": {"password": PASSWORD, "privileges": {"shop": "ReadOnly"}}}
SERVERLESS: Final = {
    "payment": {"type": "Serverless"},
    "capacity": {"serverless": {"minRcu": 1, "maxRcu": 4}},
}


class Case(NamedTuple):
    """
    A trait, what is cloned, and what is declared.
    """

    trait: Mapping[str, object]
    source: Mapping[str, Any]
    inputs: Mapping[str, Any]


CASES: Final = {
    "privileges of PostgreSQL that DescribeAccounts does not tell": Case(
        {"account_privileges": "as_logged"},
        {"engine": "PostgreSQL", "databases": {"shop": []}},
        {"accounts": OWNED},
    ),
    "an owner that SQL Server spells in its own way": Case(
        {"account_privileges": "as_logged"},
        {"engine": "SQLServer", "databases": {"shop": []}},
        {"accounts": {**OWNED, "owner": {"password": PASSWORD, "type": "Super"}}},
    ),
    "accounts that are made in a while": Case(
        {"account_seconds": 1}, {"databases": {"shop": []}}, {"accounts": READING}
    ),
    "accounts without a total": Case(
        {"account_total": "missing"}, {"databases": {"shop": []}}, {"accounts": READING}
    ),
    "connections that the system takes for itself": Case(
        {"reserved_connections": 520}, {}, {"parameters": {"max_connections": "500"}}
    ),
    "serverless editions that zones list under their code only": Case(
        {"unnamed_serverless": "hidden"},
        {
            "category": "serverless_standard",
            "pay_type": "Serverless",
            "serverless": {"min_capacity": 1, "max_capacity": 8},
        },
        SERVERLESS,
    ),
    "SSL of MariaDB": Case({}, {"engine": "MariaDB"}, {"ssl": {"enabled": True}}),
    "monitoring of PostgreSQL": Case({}, {"engine": "PostgreSQL"}, {"monitoringPeriod": 60}),
    "PostgreSQL that is only reached with SSL": Case(
        {}, {"engine": "PostgreSQL"}, {"ssl": {"enabled": True, "forceEncryption": True}}
    ),
    "an own certificate of MySQL": Case(
        {},
        {},
        {
            "ssl": {
                "enabled": True,
                "caType": "custom",
                "serverCert": "certificate",
                "serverKey": "key",
            }
        },
    ),
    "privileged accounts of SQL Server after others in the alphabet": Case(
        {},
        {"engine": "SQLServer", "databases": {"shop": []}, "accounts": []},
        {
            "accounts": {
                "appuser": {"password": PASSWORD, "privileges": {"shop": "DBOwner"}},
                "owner": {"password": PASSWORD, "type": "Super"},
            }
        },
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_program_is_carried_out(name: str) -> None:
    """
    The clone is made as declared in one run, and a refresh finds no drift.
    """
    trait, source, inputs = CASES[name]
    seed = {"instances": [{"id": "rm-source", **source}]}
    with Emulator(seed=seed, temper=dict(trait), clone_seconds=0, delete_seconds=0) as emulator:
        border = _configured(emulator)
        news = {**_CLONE, **inputs}
        checked = border.check({}, news)
        assert [] == checked.failures
        created = border.create(checked.inputs)
        assert created.outs is not None

        read = border.read(created.id, created.outs)
        assert read.outs is not None
        wanted = border.check(checked.inputs, news).inputs
        difference = border.diff({**read.outs, PROVIDER_KEY: "…"}, wanted)

        assert not difference.changes
        assert 1 == emulator.journal.count("CloneDBInstance")


def test_nothing_sold_is_no_gap_in_what_is_known() -> None:
    seed = {"instances": [{"id": "rm-source"}]}
    checks = {**_CLONE["checks"], "onUnverifiable": "fail"}
    inputs = {**_CLONE, "edition": "AlwaysOn", "checks": checks}
    for answer in ("empty", "refused"):
        with Emulator(seed=seed, temper={"unsold_classes": answer}) as emulator:
            failures = _configured(emulator).check({}, inputs).failures

            assert any("(edition-sold)" in failure.reason for failure in failures), answer
            assert not any("(may-look)" in failure.reason for failure in failures), answer
            assert 0 == emulator.journal.count("CloneDBInstance")


_CLONE: Final[dict[str, Any]] = {
    "sourceInstanceId": "rm-source",
    "restorePoint": {"latest": "backup"},
    "checks": {"skip": ["inherited-access"]},
}


def _configured(emulator: Emulator) -> DynamicHandlers:
    border = DynamicHandlers()
    border.configure(
        {
            "rdsclone:region": emulator.region,
            "rdsclone:endpoint": emulator.url,
            "rdsclone:accessKeyId": emulator.access_key_id,
            "rdsclone:accessKeySecret": emulator.access_key_secret,
        }.get
    )
    return border
