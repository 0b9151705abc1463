"""Letters by cell: sums hold, and no small count follows from what is told."""

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

from staffing.reminders.heat import letter_cells
from staffing.tables import Letters
from tests.staffing.batch_attack import bounds

FEW = 5


def letters(seed: int, most: int) -> pl.DataFrame:
    random = np.random.default_rng(seed)
    rows = [
        {"service": service, "expiry_week": date(2027, 5, 3) + timedelta(weeks=4 * e),
         "age_band": band, "district": "x", "letters": int(random.integers(1, most)),
         "mailing_week": date(2027, 1, 4) + timedelta(weeks=w)}
        for service in ("passport", "licence") for e in range(4) for w in range(5)
        for band in ("18-64", "75+") if random.random() < 0.5
    ]  # fmt: skip
    return Letters.validate(pl.DataFrame(rows), cast=True)


def test_what_is_told_is_what_the_plan_sends_and_never_few():
    table = letters(1, 30)
    cells = letter_cells(table, small_cell=FEW).drop_nulls()
    assert (cells["letters"] >= FEW).all()
    for service, month, week, count in cells.iter_rows():
        own = table.filter(
            pl.col("expiry_week").dt.truncate("1mo") == month,
            service=service, mailing_week=week,
        )  # fmt: skip
        assert own["letters"].sum() == count


def test_every_cell_of_the_plan_has_a_row():
    table = letters(2, 4)
    assert letter_cells(table, small_cell=1)["letters"].sum() == table["letters"].sum()


def test_a_plan_without_letters_has_no_cells():
    assert letter_cells(Letters.create_empty(), small_cell=FEW).is_empty()


@pytest.mark.parametrize("seed", range(4))
def test_from_all_that_is_told_a_small_number_can_be_nought_or_five(seed: int):
    """An attacker solves for each of them, knowing which cells there are."""
    table = letters(seed, 9)
    key = ["service", "expiry_month", "mailing_week"]
    true = letter_cells(table, small_cell=1).sort(key)
    cells = letter_cells(table, small_cell=FEW).sort(key).with_row_index("place")
    weekly = true.with_row_index("place").group_by("service", "mailing_week").agg(
        pl.col("letters").sum(), "place"
    )  # fmt: skip
    printed = [
        ([p], float(n)) for p, n in cells.drop_nulls()["place", "letters"].rows()
    ]
    big = weekly.filter(pl.col("letters") >= FEW).select("place", "letters")
    printed += [(places, float(n)) for places, n in big.iter_rows()]
    printed.append((list(range(true.height)), float(true["letters"].sum())))
    few = [p for p, n in enumerate(true["letters"]) if n < FEW]
    assert few
    for place in few:
        least, most = bounds(true.height, printed, place)
        assert least == pytest.approx(0, abs=1e-6)
        assert most >= FEW
