"""Home delivery as it is stored with a run: of every series that follows another."""

import pytest

from forecasting.models.visits import visit_shares
from forecasting.pipeline.visiting import second_visits
from forecasting.rolling.beside import Beside
from forecasting.rolling.tasks import Task
from tests.forecasting.test_visits import LAGS, TUNING, lived


def task(seed: int) -> Task:
    past, _ = lived(seed)
    beside = Beside(leading=past.leading)
    none = past.series.starts[:0]
    return Task(past.series, "day", 28, (), none, {}, beside=beside)


def test_the_share_that_never_comes_is_stored_as_it_was_measured():
    past, truth = lived(4)
    row = second_visits([task(4)], {}, TUNING).row(0, named=True)
    told = (row["never"], row["low"], row["high"])
    assert told == pytest.approx(visit_shares(past, TUNING.visits).delivered)
    assert row["low"] <= 1 - truth.sum() <= row["high"]
    assert row["after"] == pytest.approx(LAGS @ truth / truth.sum(), abs=0.3)
    assert row["last"] == past.series.starts[-1].astype(object)


def test_a_series_that_follows_nothing_or_failed_has_no_row():
    alone = Task(**{**vars(task(4)), "beside": Beside()})
    assert second_visits([alone], {}, TUNING).is_empty()
    assert second_visits([task(4)], {"c": "RuntimeError: no"}, TUNING).is_empty()
