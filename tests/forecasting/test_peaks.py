"""Peaks stand out of the year around them, and each is told in one sentence."""

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest
from scipy.stats import poisson

from forecasting.catalogue import Catalogue
from forecasting.explaining.peaks import peak_weeks, stretches, with_seasons
from forecasting.explaining.sentences import told_peaks
from forecasting.explaining.weekly import drawn_weeks, groups_of, whole_weeks
from forecasting.insight_tables import Issued
from forecasting.policy import load_policy
from forecasting.sampling import samples
from forecasting.settings import Settings
from forecasting.tables import QUANTILE_NAMES
from forecasting.tuning import load_tuning

TUNING = load_tuning().explaining
CATALOGUE = load_policy(Settings().config / "catalogue.toml", Catalogue)
MONDAY = date(2027, 1, 4)
PEAK = date(2027, 6, 7)
LICENCE = "licence"


def weeks(count: int, first: date = MONDAY) -> list[date]:
    return [first + timedelta(weeks=i) for i in range(count)]


def ahead(expected: dict[date, float], usual: float, margin: float) -> pl.DataFrame:
    mean = [float(expected.get(week, usual)) for week in weeks(52)]
    frame = pl.DataFrame({"group": LICENCE, "week": weeks(52), "expected": mean})
    return frame.with_columns((pl.col("expected") + margin).alias("q75"))


PAST = pl.DataFrame(
    {"group": LICENCE, "week": weeks(26, date(2026, 7, 6))}
).with_columns(pl.lit(100.0).alias("count"))


def found(frame: pl.DataFrame) -> list[date]:
    return peak_weeks(frame, PAST, TUNING)["week"].to_list()


def test_a_week_is_a_peak_above_a_fifth_more_than_usual():
    assert found(ahead({PEAK: 121.0}, 100, 0)) == [PEAK]
    assert found(ahead({PEAK: 119.0}, 100, 0)) == []


def test_the_upper_quartile_decides_and_not_the_mean():
    frame = ahead({PEAK: 115.0}, 100, 5)
    wide = pl.when(pl.col("week") == PEAK).then(pl.lit(140.0)).otherwise("q75")
    assert found(frame) == []
    assert found(frame.with_columns(wide.alias("q75"))) == [PEAK]


def test_a_wide_interval_alone_is_no_peak():
    """More must be expected than usual, and not only be possible."""
    frame = ahead({PEAK: 114.0}, 100, 0)
    wide = pl.when(pl.col("week") == PEAK).then(pl.lit(160.0)).otherwise("q75")
    assert found(frame.with_columns(wide.alias("q75"))) == []


def test_a_group_of_few_contacts_has_no_peak_in_every_week():
    """Of 3 a week the upper quartile is 4: a third above the median, each week."""
    few = ahead({}, 3, 1.2)
    assert peak_weeks(few, PAST.with_columns(count=pl.lit(3.0)), TUNING).is_empty()


def test_poisson_counts_of_an_ordinary_year_hold_no_peak():
    """Upper quartiles of whole counts leap over the ratio where few come."""
    season = 1 + 0.1 * np.sin(np.arange(52) / 52 * 2 * np.pi)
    for usual in (0.5, 1, 2, 3, 5, 8, 13, 30, 80):
        mean = usual * season
        frame = pl.DataFrame({"group": LICENCE, "week": weeks(52), "expected": mean})
        frame = frame.with_columns(q75=pl.Series(np.asarray(poisson(mean).ppf(0.75))))
        past = PAST.with_columns(count=pl.lit(float(usual)))
        assert peak_weeks(frame, past, TUNING).is_empty()


def test_fewer_contacts_than_are_worth_attention_are_no_peak():
    least = TUNING.peak_least
    past = PAST.with_columns(count=pl.lit(least / 2))
    for expected, peaks in ((least - 0.1, []), (least, [PEAK])):
        frame = ahead({PEAK: expected}, least / 2, 0)
        assert peak_weeks(frame, past, TUNING)["week"].to_list() == peaks


def test_peak_weeks_near_each_other_are_one_season_with_a_top():
    rows = [("a", 0, 130.0), ("a", 1, 150.0), ("a", 4, 150.0), ("a", 8, 140.0)]
    rows += [("b", 8, 90.0)]
    peaks = pl.DataFrame(
        {
            "group": [group for group, _, _ in rows],
            "week": [weeks(52)[number] for _, number, _ in rows],
            "expected": [expected for _, _, expected in rows],
        }
    )
    told = with_seasons(peaks.sample(fraction=1, shuffle=True, seed=1))
    first, last = (told[name].dt.to_string("%G-W%V") for name in ("first", "last"))
    assert first.to_list() == ["2027-W01"] * 3 + ["2027-W09"] * 2
    assert last.to_list() == ["2027-W05"] * 3 + ["2027-W09"] * 2
    assert told["top"].to_list() == [False, True, False, True, True]
    assert with_seasons(told).equals(told)
    assert stretches(told).equals(told.filter("top").drop("top"))


def test_a_plateau_of_a_year_is_no_peak():
    plateau = ahead(dict.fromkeys(weeks(52)[26:], 200.0), 100, 0)
    late = [week for week in found(plateau) if week >= weeks(52)[39]]
    assert late == []


def told(causes: pl.DataFrame, issued: pl.DataFrame) -> dict[str, str]:
    peak = peak_weeks(ahead({PEAK: 1412.0}, 1000, 0), PAST.clear(), TUNING)
    rows = told_peaks(peak, causes, issued, CATALOGUE, TUNING)
    return rows.row(0, named=True)


def causes(at_peak: dict[str, float]) -> pl.DataFrame:
    rows = [
        {"group": LICENCE, "week": week, "cause": cause, "count": count}
        for week in weeks(52)
        for cause, count in (
            {"level": 1000.0, "rest": 1.0} | (at_peak if week == PEAK else {})
        ).items()
    ]
    return pl.DataFrame(rows)


ISSUED = pl.DataFrame(
    {
        "service": LICENCE,
        "week": PEAK,
        "issued": [date(2017, 5, 1), date(2017, 6, 1)],
        "share": [0.22, 0.41],
    }
)


def test_the_sentence_names_the_month_of_issue_and_the_largest_causes():
    at_peak = {"expiries": 300.0, "season": 110.0, "weekday": 2.0, "letters": -20.0}
    row = told(causes(at_peak), Issued.validate(ISSUED))
    assert row["text_en"] == (
        "Week 23 (from 7 June 2027): 1,412 contacts for Driver's licence, 41% above the "
        "usual 1,000; 41% of the applications renew documents issued in June 2017; "
        "mainly because of expiring documents (+300) and the season (+110)."
    )
    assert row["text_nl"] == (
        "Week 23 (vanaf 7 juni 2027): 1.412 contacten voor Rijbewijs, 41% boven de "
        "gewone 1.000; 41% van de aanvragen vernieuwt documenten uit juni 2017; "
        "vooral door aflopende documenten (+300) en het seizoen (+110)."
    )


def test_causes_of_less_than_half_of_the_excess_are_not_the_main_ones():
    for season, words in (
        (210.0, "mainly because of the season (+210)."),
        (200.0, "partly because of the season (+200), of the 412 above the usual."),
        (50.0, "the usual 1,000."),
    ):
        row = told(causes({"season": season}), Issued.create_empty())
        assert row["text_en"].endswith(words)


def test_the_top_of_a_season_says_from_when_till_when_it_lasts():
    high = {PEAK: 1412.0, PEAK + timedelta(weeks=1): 1300.0}
    peaks = peak_weeks(ahead(high, 1000, 0), PAST.clear(), TUNING)
    rows = told_peaks(peaks, causes({}), Issued.create_empty(), CATALOGUE, TUNING)
    top, other = rows.sort("week")["text_nl"]
    assert "; de top van week 23 tot en met 24" in top
    assert "de top" not in other


def test_what_is_always_there_is_no_reason_for_a_peak():
    row = told(causes({"event election": 400.0}), Issued.create_empty())
    assert row["text_en"].endswith("mainly because of the election (+400).")
    assert "issued" not in row["text_en"]


def test_no_single_month_is_named_where_none_stands_out():
    flat = ISSUED.with_columns(share=pl.lit(0.04))
    assert "issued" not in told(causes({}), Issued.validate(flat))["text_en"]


def day_forecast(name: str, first: date, count: int) -> pl.DataFrame:
    starts = [first + timedelta(days=i) for i in range(count)]
    spread = dict(
        zip(QUANTILE_NAMES, (2.0, 4.0, 7.0, 10.0, 13.0, 16.0, 18.0), strict=True)
    )
    frame = pl.DataFrame({"series": name, "start": starts, "cadence": "day"})
    levels = (pl.lit(value).alias(name) for name, value in spread.items())
    return frame.with_columns(pl.lit(10.0).alias("mean"), *levels)


def test_weeks_cut_off_by_the_history_or_the_horizon_do_not_count():
    forecast = day_forecast("a/b/c/d", date(2027, 1, 6), 14)
    kept = whole_weeks(forecast, date(2027, 1, 5))
    assert kept["week"].unique().to_list() == [date(2027, 1, 11)]


def test_a_series_stands_under_its_service_and_its_channel():
    groups = groups_of(["town/passport/application/appointment", "x"])
    assert set(groups.select("series", "group").rows()) == {
        ("town/passport/application/appointment", "passport"),
        ("town/passport/application/appointment", "appointment"),
        ("x", "x"),
    }


def test_the_quantile_of_a_week_is_that_of_the_sums_of_its_samples():
    names = ("a/x/s/phone", "b/x/s/phone")
    forecast = pl.concat(day_forecast(name, MONDAY, 14) for name in names)
    rows = whole_weeks(forecast, date(2027, 1, 3))
    got = drawn_weeks(rows, groups_of(names), draws=300, seed=4)
    week = pl.col("start").dt.truncate("1w").alias("week")
    drawn = (
        samples(forecast, 300, 4).group_by(week, "sample").agg(pl.col("count").sum())
    )
    want = drawn.group_by("week").agg(pl.col("count").quantile(0.75, "linear"))
    for group in ("x", "phone"):
        mine = got.filter(group=group).join(want, on="week")
        assert mine.height == 2
        assert mine["q75"].to_list() == pytest.approx(mine["count"].to_list())
        assert mine["expected"].to_list() == [140.0, 140.0]
    added_up = 7 * 2 * 13.0
    assert (got["q75"] < added_up).all()
