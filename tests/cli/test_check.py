import json
from datetime import timedelta

import pytest

from pulumi_rdsclone.cloud import regions
from pulumi_rdsclone.cloud.regions import CloudRegions
from pulumi_rdsclone.domain.checks import CHECKS
from pulumi_rdsclone.domain.parsing import parse
from pulumi_rdsclone.lifecycle.examining import examine
from pulumi_rdsclone.lifecycle.fact_reading import PREVIEW_MAX_AGE
from pulumi_rdsclone.presentation.documents import to_document
from rds_emulator import Emulator
from tests.cli.conftest import Shell, Told
from tests.cloud.stub import settings_of

ADVICE = "inherited-access"
"""The warning that every short clone would get."""

ALL = len(CHECKS) - 1
"""How many others there are."""


def check(shell: Shell, *options: str, source: str = "rm-healthy") -> Told:
    """
    Run the command inside, without the advice that every short clone would get.
    """
    url = f"http://{shell.endpoint}"
    told = ("check", "--source", source, "--endpoint", url, f"--skip={ADVICE}")
    return shell.inside(*told, *options)


def test_accepted_clone_is_told_in_aligned_lines(shell: Shell) -> None:
    told = check(shell, "--latest", "time")

    assert told == Told(
        0,
        "source   rm-healthy in cn-hangzhou (emulator at HERE)\n"
        "engine   MySQL 8.0\n"
        "restore  2026-11-20T03:59:55Z, 5s ago\n"
        "window   2026-11-18T04:25:00Z to 2026-11-20T03:59:55Z\n"
        "price    N CNY per hour\n"
        f"checks   {ALL} passed, 1 skipped\n"
        "\n"
        "verdict  accepted\n",
        "",
    )


def test_backup_set_is_named_without_a_window(shell: Shell) -> None:
    told = check(shell, "--latest", "backup", "--before", "2026-11-19T00:00:00Z")

    assert told.out.splitlines()[2:4] == [
        "restore  backup set 101 of 2026-11-18T04:25:00Z, 1d 23h ago",
        "price    N CNY per hour",
    ]


def test_finding_is_one_line_and_is_counted(shell: Shell) -> None:
    told = check(shell, "--latest", "backup", source="rm-locked")

    assert told.code == 1
    assert told.out.splitlines()[-3:] == [
        "",
        (
            "error    sourceInstanceId: rm-locked is locked because its disk is full — "
            "increase the storage of the source (source-unlocked)"
        ),
        "verdict  refused, 1 error",
    ]


def test_remedy_names_the_window_and_the_nearest_second(shell: Shell) -> None:
    told = check(shell, "--time", "2026-11-20T13:00:00+08:00")

    assert told == Told(
        1,
        "source   rm-healthy in cn-hangzhou (emulator at HERE)\n"
        "engine   MySQL 8.0\n"
        "restore  2026-11-20T05:00:00Z\n"
        "window   2026-11-18T04:25:00Z to 2026-11-20T03:59:55Z\n"
        "price    N CNY per hour\n"
        f"checks   {ALL - 1} passed, 1 failed, 1 skipped\n"
        "\n"
        "error    restorePoint.time: 2026-11-20T05:00:00Z is after the newest "
        "restorable time — choose a time from 2026-11-18T04:25:00Z to "
        "2026-11-20T03:59:55Z; the nearest is 2026-11-20T03:59:55Z (time-in-window)\n"
        "verdict  refused, 1 error\n",
        "",
    )


SUBSCRIPTION = (
    "--set=payment.type=subscription",
    "--set=payment.period=Month",
    "--set=payment.duration=1",
)


def test_all_findings_are_shown_errors_first(shell: Shell) -> None:
    told = check(shell, "--backup=103", *SUBSCRIPTION, source="rm-locked")

    _, _, findings = told.out.partition("\n\n")
    assert told.code == 1
    assert findings.splitlines() == [
        (
            "error    sourceInstanceId: rm-locked is locked because its disk is full — "
            "increase the storage of the source (source-unlocked)"
        ),
        (
            "error    restorePoint.backupId: rm-locked has no backup set 103 — "
            "choose another backup set; the newest usable one is 1000000011 of "
            "2026-11-19T04:25:00Z (backup-exists)"
        ),
        (
            "warning  payment.type: pulumi destroy cannot release a subscription "
            "before it expires — set onDelete to convertAndRelease or retain, or "
            "payment.type to PayAsYouGo (subscription-release)"
        ),
        "verdict  refused, 2 errors, 1 warning",
    ]


def test_all_faults_of_form_are_shown_without_asking_the_cloud(shell: Shell) -> None:
    told = check(
        shell,
        "--backup=103",
        "--skip=source-idel",
        "--set=capacity.storagGb=200",
        "--set=zones=cn-hangzhou-h",
        *SUBSCRIPTION,
    )

    assert told.code == 2
    assert told.out.splitlines() == [
        "error    zones: must be a list — correct the value (input-form)",
        ("error    capacity.storagGb: no such property — did you mean storageGb? (input-form)"),
        (
            "error    checks.skip: there is no check 'source-idel' — did you mean "
            "source-idle? (skip-known)"
        ),
        (
            "warning  payment.type: pulumi destroy cannot release a subscription "
            "before it expires — set onDelete to convertAndRelease or retain, or "
            "payment.type to PayAsYouGo (subscription-release)"
        ),
        "verdict  refused, 3 errors, 1 warning, the cloud was not asked",
    ]


def test_facts_of_a_missing_source_are_shown_as_unknown(shell: Shell) -> None:
    told = check(shell, "--latest", "time", source="rm-gone")

    assert told.code == 1
    assert told.out.splitlines()[1:5] == [
        "engine   not known",
        "restore  not known",
        "window   not known",
        "price    not known",
    ]


def test_missing_permission_is_a_warning_or_an_error(shell: Shell, emulator: Emulator) -> None:
    emulator.deny("rds:DescribeLocalAvailableRecoveryTime")
    finding = (
        "restorePoint: rds:DescribeLocalAvailableRecoveryTime is not permitted, so "
        "this was not verified: window-known, time-in-window — allow this RAM action "
        "to have it checked in preview (may-look)"
    )

    warned = check(shell, "--latest", "time")
    failed = check(shell, "--latest", "time", "--fail-unverifiable")

    assert (0, 1) == (warned.code, failed.code)
    assert warned.out.splitlines()[-2:] == [f"warning  {finding}", "verdict  accepted, 1 warning"]
    assert failed.out.splitlines()[-2:] == [f"error    {finding}", "verdict  refused, 1 error"]


def test_cloud_that_forbids_everything_has_answered(shell: Shell, emulator: Emulator) -> None:
    emulator.deny("rds:*", "vpc:*")

    told = check(shell, "--latest", "time")

    assert (0, "") == (told.code, told.err)
    assert "source-exists" in told.out


@pytest.mark.usefixtures("emulator")
def test_source_that_does_not_answer_is_not_accepted(
    shell: Shell, emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(regions, "READ_TIMEOUT", timedelta(seconds=0.5))
    emulator.delay("DescribeDBInstanceAttribute", 2)

    told = check(shell, "--latest", "time")

    assert told == Told(
        3,
        "",
        "rdsclone: no answer came within 0.5s — check the network and the endpoint, if "
        "one is set\n",
    )


def test_json_option_prints_the_document_alone(shell: Shell, emulator: Emulator) -> None:
    options = ("--latest", "time", *SUBSCRIPTION, "--json")
    told = check(shell, *options, source="rm-locked")

    document = json.loads(told.out)
    inputs = {
        "source_instance_id": "rm-locked",
        "region": "cn-hangzhou",
        "restore_point": {"latest": "time"},
        "payment": {"type": "subscription", "period": "Month", "duration": 1},
        "checks": {"skip": [ADVICE]},
    }
    report = examine(parse(inputs), CloudRegions(settings_of(emulator)), max_age=PREVIEW_MAX_AGE)
    assert (1, "") == (told.code, told.err)
    assert document == to_document(report.tree())
    assert [
        *("verdict", "sourceInstanceId", "region", "engine", "engineVersion"),
        *("backupId", "time", "ageSeconds", "window", "estimatedPrice"),
        *("whitelist", "checks", "problems"),
    ] == list(document)


def test_skipped_check_does_not_refuse(shell: Shell) -> None:
    told = check(shell, "--latest=backup", "--skip=source-unlocked", source="rm-locked")

    assert told.code == 0
    assert f"checks   {ALL - 1} passed, 2 skipped" in told.out


def test_internal_error_tells_no_secret(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = shell.env["ALIBABA_CLOUD_ACCESS_KEY_SECRET"]

    def fail(*_: object, **__: object) -> None:
        msg = f"signed\nwith {secret}"
        raise RuntimeError(msg)

    monkeypatch.setattr("pulumi_rdsclone.cli.check.examine", fail)

    assert check(shell, "--latest", "time") == Told(
        70,
        "",
        "rdsclone: internal error in pulumi-rdsclone: RuntimeError: signed with *** — "
        "run again with RDSCLONE_DEBUG=1 in the environment and report what it "
        "prints\n",
    )
