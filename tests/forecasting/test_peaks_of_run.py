"""The peaks of a run are of what residents still ask for."""

import polars as pl
import pytest

from forecasting.explaining.peaks import peak_weeks
from forecasting.pipeline import explaining, run_forecast
from forecasting.tuning import ExplainTuning
from tests.forecasting.pipeline_cases import NOW, contacts, workspace_with


def test_a_series_that_ended_long_ago_announces_no_peak(
    tmp_path, monkeypatch: pytest.MonkeyPatch
):
    looked_at: list[pl.DataFrame] = []

    def noted(
        ahead: pl.DataFrame, past: pl.DataFrame, tuning: ExplainTuning
    ) -> pl.DataFrame:
        looked_at.extend([ahead, past])
        return peak_weeks(ahead, past, tuning)

    monkeypatch.setattr(explaining, "peak_weeks", noted)
    run = run_forecast(workspace_with(tmp_path, contacts(), "sequential"), now=NOW)
    assert run.figures["stale_series"] == ["stadhuis/extract/application/walk_in"]
    for weeks in looked_at:
        assert set(weeks["group"]) == {"passport", "appointment", "general", "phone"}
