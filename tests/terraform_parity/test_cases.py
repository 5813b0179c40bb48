"""
The cases that follow from how the existing provider fails: which test holds each.
"""

from collections.abc import Mapping
from typing import Final

import pytest

from tests.support.naming import exists

_BUGS: Final = "tests/e2e/test_terraform_bugs.py"
_CLONES: Final = "tests/e2e/test_clones.py"
_ERRORS: Final = "tests/e2e/test_checks.py::test_every_error"
_FORMS: Final = f"{_CLONES}::test_every_restore_form_restores_what_it_says"
_CHANGING: Final = "tests/lifecycle/test_changing.py"

CASES: Final[Mapping[str, tuple[str, ...]]] = {
    "minimal clone by backup": (f"{_FORMS}[a backup set]",),
    "by time": (f"{_FORMS}[a second of the window]",),
    "neither or both": (
        f"{_ERRORS}[restore-point-form none]",
        f"{_ERRORS}[restore-point-form two]",
    ),
    "foreign or failed backup": (f"{_ERRORS}[backup-exists]", f"{_ERRORS}[backup-usable failed]"),
    "time before the window, in the future, not UTC": (
        f"{_ERRORS}[time-in-window before]",
        f"{_ERRORS}[time-in-window after]",
        f"{_ERRORS}[input-form zone]",
        f"{_CLONES}::test_changed_restore_time_is_one_replacement",
    ),
    "source stopped, locked": (
        f"{_ERRORS}[source-running]",
        f"{_ERRORS}[source-unlocked manual]",
        f"{_ERRORS}[source-unlocked expired]",
        f"{_ERRORS}[source-unlocked restoration]",
        f"{_ERRORS}[source-unlocked diskquota]",
    ),
    "storage below the source": (f"{_ERRORS}[storage-not-smaller]",),
    "port, prefix and SSL in the first apply": (
        f"{_BUGS}::test_b3_endpoint_and_ssl_in_the_first_apply",
    ),
    "500 after accept": (
        "tests/e2e/test_lost_replies.py::test_reply_that_is_no_answer[HTTP status 500]",
    ),
    "kill after accept": (
        "tests/e2e/test_kills.py::test_a_killed_run_is_made_good_by_the_next",
        "tests/e2e/test_lost_replies.py::test_provider_killed_under_the_engine",
    ),
    "Restoring in mid-wait": (f"{_BUGS}::test_any_status_is_waited_through",),
    "changed backup id": (f"{_BUGS}::test_b8_other_data_is_a_new_clone",),
    "delete when gone": (
        f"{_BUGS}::test_b12_release",
        f"{_CLONES}::test_destroy_of_a_vanished_clone_succeeds",
    ),
    "delete of a subscription": (
        f"{_CHANGING}::test_clone_that_must_not_be_released_is_kept[a subscription]",
        "tests/e2e/test_lifetimes.py::test_subscription_is_converted_and_released",
    ),
    "delete under protection": (
        f"{_CHANGING}::test_clone_that_must_not_be_released_is_kept[a protected one]",
        f"{_CLONES}::test_protected_clone_is_not_destroyed",
    ),
    "delete waits": (f"{_BUGS}::test_b12_release", f"{_CHANGING}::test_release_is_waited_for"),
    "import then preview": ("tests/e2e/test_plugin.py::test_import_of_a_lost_clone",),
    "SSL on, then off": (f"{_BUGS}::test_b4_off_is_sent",),
    "tags and description at birth": (f"{_BUGS}::test_tags_and_description_at_birth",),
    "second preview empty": (
        f"{_CLONES}::test_nothing_changes_by_itself",
        "tests/e2e/test_properties.py::test_life_of_every_property",
    ),
}


def test_all_cases_are_named() -> None:
    assert 20 == len(CASES)


@pytest.mark.parametrize("case", CASES)
def test_case_is_held(case: str) -> None:
    assert CASES[case]
    for test in CASES[case]:
        assert exists(test), test


@pytest.mark.parametrize(
    "test",
    [
        pytest.param("tests/e2e/test_nothing.py::test_nothing", id="no such file"),
        pytest.param(f"{_CLONES}::test_nothing", id="no such test"),
        pytest.param(f"{_FORMS}[a miracle]", id="no such row"),
    ],
)
def test_what_is_not_there_is_not_found(test: str) -> None:
    assert not exists(test)
