import json
from pathlib import Path
from threading import Thread

import pytest

from pulumi_rdsclone.adapters.reports import ReportFile
from pulumi_rdsclone.domain.errors import ConfigurationError
from pulumi_rdsclone.presentation.documents import to_document


def test_document_is_spelt_for_users() -> None:
    report = {
        "source_instance_id": "rm-my_source",
        "checks": {"passed": 3},
        "problems": [{"check": "x-y", "path": "restore_point.backup_id", "what": "storage_gb"}],
        "window": None,
    }

    assert {
        "sourceInstanceId": "rm-my_source",
        "checks": {"passed": 3},
        "problems": [{"check": "x-y", "path": "restorePoint.backupId", "what": "storageGb"}],
        "window": None,
    } == to_document(report)


def test_file_holds_all_clones_by_name(tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    reports = ReportFile(str(path))
    for name, verdict in (("b", "refused"), ("a", "accepted"), ("b", "accepted")):
        reports.add(name, {"verdict": verdict})

    assert {
        "version": 1,
        "program": {},
        "clones": [{"name": "a", "verdict": "accepted"}, {"name": "b", "verdict": "accepted"}],
    } == json.loads(path.read_text("utf-8"))
    assert [path] == list(tmp_path.iterdir())


def test_many_clones_at_once_lose_no_entry(tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    reports = ReportFile(str(path))
    threads = [
        Thread(target=reports.add, args=(f"clone-{n}", {"verdict": "accepted"})) for n in range(50)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert 50 == len(json.loads(path.read_text("utf-8"))["clones"])


def test_nothing_is_written_unasked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    ReportFile("").add("a", {})

    assert [] == list(tmp_path.iterdir())


def test_path_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "nowhere" / "report.json"

    with pytest.raises(ConfigurationError) as told:
        ReportFile(str(path)).add("a", {})

    assert str(told.value) == (
        f"the report cannot be written to {path} (No such file or directory) — set "
        "RDSCLONE_REPORT to a path that can be written"
    )
