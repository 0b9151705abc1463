"""What a forecast run answers in plain words, and the headlines behind it."""

from datetime import date
from typing import Any

import polars as pl

from forecasting.explaining.peaks import with_seasons
from forecasting.insight_tables import Effects, Notices, Peaks, Verification
from forecasting.outside_tables import STATES, OutsideApplied
from forecasting.pipeline.headlines import explained_figures, with_shifts
from forecasting.pipeline.spoken import UNHEARD, spoken
from forecasting.rolling.explained import SHIFTS

BASE: dict[str, object] = {
    "series": 3,
    "horizon_days": 420,
    "wape": 0.1,
    "wape_last_year": 0.2,
    "failures": {},
}


def peak(group: str, week: date, expected: float) -> dict[str, object]:
    texts = {"text_nl": f"{group} {week}.", "text_en": f"{group} {week}."}
    numbers = {"expected": expected, "q75": 1.1 * expected, "usual": 100.0}
    return {"group": group, "week": week, **numbers, **texts}


PEAKS = Peaks.validate(
    with_seasons(
        pl.DataFrame(
            [
                peak("passport", date(2027, 3, 1), 130.0),
                peak("passport", date(2027, 3, 15), 150.0),
                peak("passport", date(2027, 8, 2), 190.0),
                peak("move", date(2027, 8, 30), 180.0),
            ]
        )
    ),
    cast=True,
)


def judged(
    run: str, origin: date, series: str, ahead: int, **said
) -> dict[str, object]:
    usual = {"periods": 20, "demand": 100.0, "wape": 0.1, "bias": 0.0, "outside": 0.1}
    bound = {"expected_outside": 0.4, "warning": False}
    key = {"run": run, "origin": origin, "series": series, "ahead": ahead}
    return {**key, **usual, **bound, **said}


def verification(*rows: dict[str, object]) -> pl.DataFrame:
    return Verification.validate(pl.DataFrame(list(rows)), cast=True)


SHIFT = pl.DataFrame(
    [("a/b/c/d", date(2026, 3, 2), date(2026, 11, 20), 1.3, 1.2, 1.4, 180)],
    schema=SHIFTS,
    orient="row",
)


def figures(**tables: pl.DataFrame) -> dict[str, Any]:
    none = {
        "peaks": Peaks.create_empty(),
        "verification": Verification.create_empty(),
        "effects": Effects.create_empty(),
        "notices": Notices.create_empty(),
        "outside_applied": OutsideApplied.create_empty(),
    }
    return {**BASE, **explained_figures({**none, **tables})}


def test_the_next_peak_of_a_group_is_the_highest_week_of_its_next_stretch():
    told = figures(peaks=PEAKS)["peaks"]
    assert [(row["group"], row["week"], row["first"]) for row in told] == [
        ("move", "2027-W35", "2027-W35"),
        ("passport", "2027-W11", "2027-W09"),
    ]


def test_peaks_are_said_in_their_own_sentence():
    lines = spoken(figures(peaks=PEAKS)).splitlines()
    assert lines[1:] == [
        "Peak ahead. move 2027-08-30.",
        "Peak ahead. passport 2027-03-15.",
    ]


def test_the_newest_run_that_was_followed_for_over_a_week_is_reported():
    old, newer, newest = date(2026, 6, 1), date(2026, 9, 1), date(2026, 11, 13)
    table = verification(
        judged("r1", old, "", 28, outside=0.9, warning=True),
        judged("r2", newer, "", 7, periods=10, outside=0.0),
        judged("r2", newer, "", 28, periods=30, outside=0.2, wape=0.3, demand=300.0),
        judged("r2", newer, "a/b/c/d", 28, outside=0.6, warning=True),
        judged("r3", newest, "", 7, outside=0.5),
    )
    told = figures(verification=table)["verification"]
    assert (told["run"], told["origin"], told["periods"]) == ("r2", str(newer), 40)
    assert round(told["wape"], 3) == 0.25
    assert round(told["outside"], 3) == 0.15
    assert (told["warnings"], told["all_warn"]) == (["a/b/c/d"], False)


def test_a_warning_names_the_series_whose_errors_left_their_interval():
    table = verification(
        judged("r2", date(2026, 9, 1), "", 28, warning=True),
        judged("r2", date(2026, 9, 1), "a/b/c/d", 28, warning=True),
    )
    text = spoken(figures(verification=table))
    assert "Warning: all series together left their intervals" in text
    assert "Warning: 1 series left their 90% interval" in text
    assert "chance allows: a/b/c/d." in text
    calm = verification(judged("r2", date(2026, 9, 1), "", 28))
    assert "Warning" not in spoken(figures(verification=calm))


def test_a_shift_of_level_is_named_with_its_day_and_size():
    effects = with_shifts(Effects.create_empty(), SHIFT)
    assert effects["kind"].to_list() == ["level shift"]
    text = spoken(figures(effects=effects))
    assert "Level shift. a/b/c/d since 2026-03-02: 1.30 times what it was." in text


def test_a_shift_of_years_ago_is_no_news():
    old = SHIFT.with_columns(first=date(2022, 3, 2))
    assert (
        figures(effects=with_shifts(Effects.create_empty(), old))["level_shifts"] == []
    )


def test_small_new_and_failed_series_are_said():
    row = {
        "series": "a/b/c/d",
        "kind": "pooled",
        "about": "b/c/d",
        "first": date(2026, 1, 5),
        "last": date(2026, 11, 20),
        "periods": 220,
    }
    notices = Notices.validate(
        pl.DataFrame([row, {**row, "kind": "short history"}]), cast=True
    )
    fee = {"name": "2027", "service": "passport", "day": "2027-01-01"}
    told = {
        **figures(notices=notices),
        "failures": {"x": "ValueError: nothing"},
        "fees_not_reckoned": [fee],
    }
    text = spoken(told)
    assert (
        "1 series so small that they take their shape from their kin: a/b/c/d." in text
    )
    assert "1 series known for under a year" in text
    assert "A fee changes on 2027-01-01 (2027, passport)" in text
    assert "Not forecast: x (ValueError: nothing)." in text


def outside(*states: str) -> pl.DataFrame:
    row = {"subject": "passport", "source": "own_outlook", "said_by": "team"}
    sums = {"series": 1, "said": 9.0, "ours": 8.0, "before": 8.0, "after": 9.0}
    rows = [
        {"period": f"20{20 + i}", "place": i + 1, "mode": "replace", "state": state}
        | {"table": "forecast"}
        for i, state in enumerate(states)
    ]
    table = pl.DataFrame([{**row, **sums, **one} for one in rows])
    columns = OutsideApplied.column_names()
    return OutsideApplied.validate(table.select(columns), cast=True)


def test_what_others_expect_and_is_not_followed_is_said_one_line_each():
    table = outside("applied", "no such series", "outside the forecast")
    lines = spoken(figures(outside_applied=table)).splitlines()
    assert lines[1:] == [
        "team on passport in 2021: not applied: no series is of that name.",
        "team on passport in 2022: not applied: the forecast does not reach it.",
    ]
    many = spoken(figures(outside_applied=outside(*["overtaken"] * 7))).splitlines()
    assert many[-1] == "And 2 more of what others expect: see the Demand page."


def test_every_state_but_applied_has_its_words():
    assert {*UNHEARD, "applied"} == set(STATES)


def test_what_letters_change_is_said_in_one_line_and_nothing_without_them():
    rows = [
        {"week": "2027-W05", "applications": 30.0, "collections": 0.0, "calls": 45.0},
        {"week": "2027-W06", "applications": -20.0, "collections": 24.0, "calls": 0.4},
    ]
    said = (
        "Letters, from 2027-W05 on: 30 applications and 24 collections in weeks that "
        "gain them, which others lose; 45 calls."
    )
    assert said in spoken(BASE | {"letters": rows}).splitlines()
    assert "Letters" not in spoken(BASE | {"letters": []})
