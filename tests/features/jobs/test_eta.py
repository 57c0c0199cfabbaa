"""What is told of the time left: a pace where there is one, windows of the budget where work comes in bursts."""

from datetime import UTC, datetime, timedelta

import pytest

from mxm.features.jobs.rules import Allowance, Course, Mark, eta_seconds

BEGAN = datetime(2026, 1, 1, tzinfo=UTC)
MXROUTE = Allowance(19, 60)


def after(seconds: float) -> datetime:
    return BEGAN + timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("done", "before", "seconds", "eta"),
    [(0, 0, 100, None), (5, 0, 5, None), (10, 0, 20, 180), (10, 10, 20, None), (60, 50, 20, 80), (100, 0, 20, None)],
)
def test_the_rest_is_told_from_the_pace_so_far(done: int, before: int, seconds: int, eta: int | None) -> None:
    assert eta_seconds(Course(100, done, Mark(BEGAN, before)), None, after(seconds)) == eta


def test_a_pace_takes_in_the_wait_that_the_work_has_led_to() -> None:
    waiting = Course(100, 20, Mark(BEGAN, 0), Mark(after(60), 20))
    assert eta_seconds(waiting, None, after(12)) == 240


def burst(second: int, in_a_window: int = 19, rows: int = 100) -> Course:
    """An import that does all that a window allows in five seconds; its waits are noted two seconds later."""
    window, within = divmod(second, 60)
    done = min(rows, in_a_window * window + min(in_a_window, round(within * in_a_window / 5)))
    noted = window + 1 if within >= 7 else window
    waited = Mark(after(60 * noted), min(rows, in_a_window * noted)) if noted else None
    return Course(rows, done, Mark(BEGAN, 0), waited)


def test_an_import_in_bursts_is_told_truly_from_the_beginning() -> None:
    """A hundred rows at nineteen a minute: five waits, and five rows after the last."""
    for second in range(300):
        found = eta_seconds(burst(second), MXROUTE, after(second))
        assert found is not None
        assert abs(found - (300 - second)) <= 1, second


def test_an_import_that_fits_into_one_window_has_a_pace() -> None:
    assert eta_seconds(Course(10, 0, Mark(BEGAN, 0)), MXROUTE, after(5)) is None
    assert eta_seconds(Course(10, 6, Mark(BEGAN, 0)), MXROUTE, after(12)) == 8


def test_who_shares_the_budget_with_others_is_told_of_what_is_left_to_them() -> None:
    """Ten a window instead of nineteen: ten windows, nine of them waited out."""
    found = eta_seconds(burst(130, in_a_window=10), MXROUTE, after(130))
    assert found == 540 - 130


def test_rows_that_needed_no_work_are_not_counted_in_windows() -> None:
    assert eta_seconds(Course(100, 60, Mark(BEGAN, 60)), MXROUTE, BEGAN) == 120


def test_who_is_slower_than_the_budget_has_a_pace() -> None:
    """No wait was noted for more than a window: it is not the budget that holds it up."""
    assert eta_seconds(Course(100, 20, Mark(BEGAN, 0)), MXROUTE, after(100)) == 400
