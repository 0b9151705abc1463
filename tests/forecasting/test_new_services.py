"""New services: shaped by one they are like, and said to be so."""

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

import forecasting
from forecasting.catalogue import Catalogue, Service, Step
from forecasting.errors import InputError
from forecasting.rolling import asked, documents
from forecasting.rolling.beside import besides_of
from forecasting.rolling.fanout import predict_all
from forecasting.rolling.kin import kin_of
from forecasting.rolling.notices import notices
from forecasting.rolling.planned import Planned
from forecasting.rolling.tasks import tasks_of
from forecasting.series.knowndays import Known
from forecasting.series.panel import Panel, as_date
from forecasting.settings import Settings
from forecasting.tables import QUANTILE_NAMES
from forecasting.tuning import load_tuning
from tests.forecasting.small_cases import town, weekdays

STEP = Step(
    id="application",
    skill="counter",
    channels=("appointment",),
    handling_s=600,
    source="assumed",
)
CATALOGUE = Catalogue(
    service=(
        Service(id="passport", name_nl="P", name_en="P", step=(STEP,)),
        Service(
            id="permit",
            name_nl="V",
            name_en="P",
            step=(STEP,),
            like="passport",
            like_share=0.25,
        ),
    )
)
OLD, NEW = (f"hall/{name}/application/appointment" for name in ("passport", "permit"))
DAYS = weekdays(400)


def history(panel: Panel) -> pl.DataFrame:
    return pl.concat(
        pl.DataFrame({"series": s.name, "start": s.starts, "count": s.counts})
        for s in panel.series
    )


@pytest.fixture
def planned(monkeypatch):
    """The public forecast with a catalogue in which a permit is like a passport."""
    for module in (asked, documents):
        monkeypatch.setattr(module, "catalogue_of_settings", lambda: CATALOGUE)


def test_a_planned_service_is_a_share_of_the_one_it_is_like(planned):
    rows = history(town({OLD: 40.0}, DAYS[:75]))
    last = rows["start"].to_list()[-1]
    starts = [last + timedelta(days=i) for i in (3, 4, 5)]
    wanted = pl.DataFrame(
        {"series": [NEW] * 3 + [OLD] * 2, "start": starts + starts[:2]}
    )
    answer = forecasting.forecast(rows, future=wanted)
    assert answer.select("series", "start").equals(wanted.sort("series", "start"))
    new, old = (answer.filter(pl.col("series") == name) for name in (NEW, OLD))
    assert new["mean"][:2].to_numpy() == pytest.approx(0.25 * old["mean"].to_numpy())
    spread = [(part["q95"] - part["q05"])[0] / part["mean"][0] for part in (new, old)]
    assert spread[0] > 2 * spread[1]
    numbers = new.select(QUANTILE_NAMES).to_numpy()
    assert (np.diff(numbers, axis=1) >= 0).all()


def test_without_a_likeness_a_series_without_history_is_refused(planned):
    rows = history(town({OLD: 40.0}, DAYS[:75]))
    wanted = pl.DataFrame(
        {"series": ["hall/tax/application/appointment"], "start": [date(2030, 1, 7)]}
    )
    with pytest.raises(InputError, match="has no history"):
        forecasting.forecast(rows, future=wanted)


def test_only_what_has_a_stand_in_at_the_same_place_is_planned():
    wanted = pl.DataFrame(
        {"series": [NEW, NEW.replace("hall", "north")], "start": [date(2030, 1, 7)] * 2}
    )
    found = Planned.of(wanted, pl.DataFrame({"series": [OLD]}), CATALOGUE)
    assert found.stand_ins.rows() == [(OLD, NEW, 0.25)]
    assert found.asked["series"].to_list() == [OLD, wanted["series"][1]]


def test_a_service_cannot_be_like_one_that_does_not_exist():
    with pytest.raises(ValueError, match="expected another service"):
        Catalogue(
            service=(Service(id="a", name_nl="A", name_en="A", step=(STEP,), like="b"),)
        )


def young() -> Panel:
    panel = town({OLD: 40.0, NEW: 6.0, "hall/tax/letter/online": 50.0}, DAYS, seed=2)
    cut = {NEW: DAYS[375], "hall/tax/letter/online": DAYS[300]}
    return Panel(
        "day", tuple(s.since(cut.get(s.name, s.starts[0])) for s in panel.series)
    )


def test_a_young_service_has_the_one_it_is_like_as_kin():
    kin = kin_of(young(), CATALOGUE)[NEW]
    assert kin.name == "kin of passport/application/appointment"
    assert kin.starts.size == 400


def test_what_is_special_about_a_series_is_said():
    panel, tuning = young(), load_tuning()
    old = panel.series[0].until(DAYS[340])
    panel = Panel("day", (old, *panel.series[1:]))
    periods = pl.DataFrame({"series": NEW, "start": [as_date(DAYS[-1] + 3)]})
    periods = pl.concat(
        [periods.with_columns(series=pl.lit(s.name)) for s in panel.series]
    )
    tasks = tasks_of(
        panel, periods, Known({}), tuning, 2, besides_of(panel, {}, CATALOGUE)
    )
    answers = predict_all(tasks, tuning, Settings(executor="sequential"))
    said = notices(tasks, answers, tuning)
    by_series = {
        name: part.select("kind", "about").rows()
        for (name,), part in said.partition_by("series", as_dict=True).items()
    }
    assert by_series[NEW] == [
        ("new series", ""),
        ("no backtest", ""),
        ("pooled", "kin of passport/application/appointment"),
    ]
    assert by_series[OLD] == [("stale", "")]
    assert by_series["hall/tax/letter/online"] == [("short history", "")]
    assert notices([], answers, tuning).is_empty()


def test_eight_weeks_of_history_claim_no_season_and_are_not_sure():
    days = weekdays(40)
    counts = np.random.default_rng(0).poisson(np.linspace(16, 24, 40))
    rows = pl.DataFrame({"series": "a", "start": days, "count": counts})
    answer = forecasting.forecast(rows)
    quarter = pl.col("start").dt.truncate("1q")
    means = answer.group_by(quarter).agg(pl.col("mean").mean())["mean"].to_numpy()
    assert means.max() < 1.08 * means.min()
    assert means.size >= 5
    width = (answer["q95"] - answer["q05"]) / answer["mean"].sqrt()
    chance_alone = 2 * 1.645
    assert (width > 1.2 * chance_alone).all()
