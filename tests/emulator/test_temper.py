from pathlib import Path
from typing import Any

import pytest

from rds_emulator import Emulator
from rds_emulator.state import temper
from rds_emulator.state.document import DocumentError
from rds_emulator.state.temper import TEMPERS, TRAITS, Temper
from tests.emulator.wire import Client
from tests.support import emulators
from tests.support.rows import row

ROOT = Path(__file__).parents[2]
IDEAL, REAL = TEMPERS["ideal"], TEMPERS["real"]


@pytest.mark.parametrize(
    ("order", "lags"),
    [
        row("name", "real", (5, 20)),
        row("base", {"base": "real"}, (5, 20)),
        row("both", {"base": "real", "tag_lag_seconds": 9}, (5, 9)),
        row("traits", {"tag_lag_seconds": 9}, (0, 9)),
        row("nothing", {}, (0, 0)),
    ],
)
def test_temper_is_a_name_or_traits_or_both(order: Any, lags: Any) -> None:
    """
    A trait that is not named has the value of the base.
    """
    with Emulator(seed={"temper": order}) as seeded, Emulator(temper=order) as told:
        for emulator in (seeded, told):
            found = emulator.temper
            assert lags == (found.list_lag_seconds, found.tag_lag_seconds)


def test_traits_from_python_leave_the_seed_s_others() -> None:
    with Emulator(seed={"temper": "real"}, temper={"list_lag_seconds": 1}) as emulator:
        assert (1, 20) == (emulator.temper.list_lag_seconds, emulator.temper.tag_lag_seconds)


def test_temper_is_ideal_unless_it_is_set(emulator: Emulator) -> None:
    assert IDEAL == emulator.temper


def test_temper_changes_at_run_time(emulator: Emulator, client: Client) -> None:
    emulator.set_temper("real", tag_lag_seconds=7)
    shown = client.control("GET", "/temper").body
    changed = client.control("POST", "/temper", {"list_lag_seconds": 8}).body
    found = emulator.temper
    back = client.control("POST", "/temper", {"base": "ideal"}).body

    assert (5, 7) == (shown["list_lag_seconds"], shown["tag_lag_seconds"])
    assert (8, 7) == (changed["list_lag_seconds"], changed["tag_lag_seconds"])
    assert (8, 7) == (found.list_lag_seconds, found.tag_lag_seconds)
    assert (TRAITS.keys(), IDEAL) == (back.keys(), emulator.temper)


def test_temper_outlives_the_process(db: Path) -> None:
    """
    Whoever opens the database may change it.
    """
    with Emulator(db=db, temper="real") as emulator:
        emulator.set_temper(tag_lag_seconds=7)
        before = emulator.temper
    with Emulator(db=db) as emulator:
        assert before == emulator.temper
    with Emulator(db=db, temper={"list_lag_seconds": 8}) as emulator:
        found = emulator.temper
        assert (8, 7) == (found.list_lag_seconds, found.tag_lag_seconds)


@pytest.mark.parametrize(
    ("order", "message"),
    [
        row("name", "rude", "must be one of ideal, real, not 'rude'"),
        row("base", {"base": 1}, "base: must be one of ideal, real"),
        row("-1", {"list_lag_seconds": -1}, "list_lag_seconds: must be 0"),
        row("x", {"tag_lag_seconds": "x"}, "tag_lag_seconds: must be a"),
        row("unknown", {"tags": 1}, "tags: there is no such field"),
    ],
)
def test_bad_temper_is_refused_everywhere_alike(order: Any, message: str, client: Client) -> None:
    with pytest.raises(DocumentError, match=f"temper.*{message}"):
        Emulator(seed={"temper": order}).__enter__()
    with pytest.raises(DocumentError, match=message):
        Emulator(temper=order).__enter__()
    if not isinstance(order, str):
        answer = client.control("POST", "/temper", order)
        assert (400, True) == (answer.status, message in answer.body["error"])


def test_every_trait_is_documented_with_both_tempers_and_its_source() -> None:
    page = (ROOT / "docs" / "emulator.md").read_text("utf-8")

    assert temper.table() in page
    assert all(trait.meaning and trait.evidence for trait in TRAITS.values())
    assert vars(Temper()).keys() == TRAITS.keys()


def test_real_differs_in_the_documented_traits_alone() -> None:
    page = (ROOT / "docs" / "emulator.md").read_text("utf-8")
    block = page.partition("<!-- begin temper -->")[2].partition("<!-- end temper")[0]
    rows = [line.split(" | ") for line in block.splitlines() if "| `" in line][1:]
    told = {row[0].strip("| `") for row in rows if row[2] != row[3]}
    changed = {name for name in TRAITS if getattr(IDEAL, name) != getattr(REAL, name)}

    assert len(rows) == len(TRAITS)
    assert told == changed
    assert {"attribute_lag_code", "client_token"} == TRAITS.keys() - changed


@pytest.mark.parametrize(
    ("settings", "lags"),
    [
        row("quick clones", {"clone_seconds": 2}, (0.05, 2 + 1 / 6)),
        row("seed", {"seed": {"clone_seconds": 2}}, (0.05, 2 + 1 / 6)),
        row("slow clones", {}, (0.05, 130 / 60 + 1 / 6)),
        row("standing clock", {"speed": 0}, (0, 0)),
        row("ideal", {"temper": "ideal"}, (0, 0)),
        row("real", {"seed": {"temper": "real"}, "speed": 0}, (3, 130)),
    ],
)
def test_emulators_of_the_suite_may_be_unkind(
    monkeypatch: pytest.MonkeyPatch, settings: dict[str, Any], lags: tuple[float, float]
) -> None:
    """
    The run's temper counts where a test sets none, and is hastened as the provider is.
    """
    monkeypatch.setattr(emulators, "TEMPER", "real")
    with emulators.Emulator(**settings) as emulator:
        found = emulator.temper
        seen = (found.attribute_lag_seconds, found.sub_read_lag_seconds)
        assert pytest.approx(lags) == seen
        unkind = settings.get("temper") != "ideal"
        assert unkind == (found.cloned_accounts == "restore_point")


def test_temper_of_the_run_does_not_change_an_existing_database(
    monkeypatch: pytest.MonkeyPatch, db: Path
) -> None:
    with Emulator(db=db):
        pass
    monkeypatch.setattr(emulators, "TEMPER", "real")
    with emulators.Emulator(db=db) as emulator:
        assert IDEAL == emulator.temper


def test_temper_of_the_run_may_be_traits(monkeypatch: pytest.MonkeyPatch) -> None:
    text = '{"base": "real", "sub_read_lag_seconds": 0}'
    monkeypatch.setattr(emulators, "TEMPER", text)
    with emulators.Emulator(clone_seconds=12) as emulator:
        found = emulator.temper
        seen = (found.attribute_lag_seconds, found.sub_read_lag_seconds)
        assert pytest.approx((0.05, 0)) == seen
