"""What was measured of handling times and missed visits replaces what is assumed."""

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from forecasting.catalogue import Catalogue
from forecasting.errors import InputError, PolicyError
from forecasting.policy import load_policy
from forecasting.tables import HandlingTimes, NoShows
from staffing.standards import Missed, NoShow
from staffing.workload import Evidence, match_series, measured_share, slot_workload
from tests.staffing import forecast_cases as cases
from tests.staffing.forecast_cases import BOOKED, CALLS, MONDAY, VISITS

MILL = "mill/info/visit/walk_in"
RULE = NoShow(share=0.1, per_week=0.02, weight=50, source="t")


def times(**rows: tuple[float, float | None, float, int, str]) -> pl.DataFrame:
    names = {"calls": CALLS, "visits": VISITS, "mill": MILL, "booked": BOOKED}
    frame = pl.DataFrame(
        [(names[name], *row) for name, row in rows.items()],
        schema=HandlingTimes.create_empty().schema,
        orient="row",
    )
    return HandlingTimes.validate(frame)


def work_of(*series: str, evidence: Evidence | None = None) -> pl.DataFrame:
    names = pl.Series(series, dtype=pl.String)
    rule = RULE
    return match_series(names, cases.catalogue(), no_show=rule, evidence=evidence)[0]


def told(handling: pl.DataFrame, *series: str) -> dict[str, dict[str, object]]:
    found = work_of(*series, evidence=Evidence(handling=handling))
    return {row["series"]: row for row in found.iter_rows(named=True)}


def test_without_measurements_the_catalogue_is_taken_and_says_so() -> None:
    row = work_of(CALLS).row(0, named=True)
    assert (row["handling_s"], row["handling_cv"]) == (240, 0.6)
    assert row["source"] == "assumed"


def test_many_timed_contacts_outweigh_the_catalogue() -> None:
    row = told(times(calls=(300.0, 1.2, 1e9, 10**9, "measured")), CALLS)[CALLS]
    assert row["handling_s"] == pytest.approx(300)
    assert row["handling_cv"] == pytest.approx(1.2)
    assert row["source"] == "measured"


def test_few_timed_contacts_move_the_catalogue_a_little() -> None:
    """Four contacts weigh 4 against (0.6 / 0.3)^2 = 4 of the step; of the series then
    4 against (0.6 / 0.1)^2 = 36."""
    row = told(times(calls=(300.0, None, 4.0, 0, "measured")), CALLS)[CALLS]
    step = 240 + 0.5 * 60
    assert row["handling_s"] == pytest.approx(step + 0.1 * (300 - step))
    assert row["handling_cv"] == 0.6


def test_the_weight_of_few_contacts_is_that_of_least_squared_error() -> None:
    """Means of four contacts about truths that lie 30% (sd) about the assumption: no
    other weight of the measured mean errs less."""
    rng = np.random.default_rng(1)
    truth = 240 * (1 + 0.3 * rng.standard_normal(20_000))
    measured = truth + 240 * 0.6 / 2 * rng.standard_normal(truth.size)
    weights = np.linspace(0, 1, 21)
    errors = [np.mean((240 + w * (measured - 240) - truth) ** 2) for w in weights]
    assert weights[int(np.argmin(errors))] == pytest.approx(0.5, abs=0.051)


def test_a_location_without_times_takes_those_of_the_step_elsewhere() -> None:
    found = told(times(mill=(500.0, 0.9, 1e9, 10**9, "measured")), VISITS, MILL, BOOKED)
    assert [row["handling_s"] for row in found.values()] == pytest.approx([500] * 3)
    assert found[VISITS]["handling_cv"] == pytest.approx(0.9)


def test_a_location_keeps_its_own_pace() -> None:
    found = told(
        times(
            mill=(500.0, 0.9, 1e9, 10**9, "measured"),
            visits=(700.0, 0.5, 1e9, 10**9, "measured"),
        ),
        VISITS,
        MILL,
    )
    assert found[VISITS]["handling_s"] == pytest.approx(700)
    assert found[MILL]["handling_s"] == pytest.approx(500)


def test_lengths_of_places_in_an_agenda_do_not_replace_handling_times() -> None:
    row = told(times(booked=(900.0, 0.0, 1e9, 10**9, "planned")), BOOKED)[BOOKED]
    assert (row["handling_s"], row["handling_cv"]) == (600, 0.6)
    assert row["source"] == "assumed"


def test_the_share_of_work_that_was_measured_is_by_hours() -> None:
    """120 calls of 300 s measured beside 60 visits of 600 s assumed: half."""
    evidence = Evidence(handling=times(calls=(300.0, 1.0, 1e9, 10**9, "measured")))
    means = {CALLS: 120.0, VISITS: 60.0}
    work = work_of(*means, evidence=evidence)
    assert measured_share(cases.forecast(means), work) == pytest.approx(0.5)
    assert measured_share(cases.forecast(means).clear(), work) == 0


def missed(*rows: tuple[str, int, float, float]) -> Evidence:
    schema = NoShows.create_empty().schema
    return Evidence(missed=pl.DataFrame(list(rows), schema=schema, orient="row"))


def test_missed_visits_are_those_of_the_leads_that_a_series_has() -> None:
    """Of 150 visits of the first week and 50 of the fourth; the rule weighs as 50."""
    found = work_of(BOOKED, evidence=missed((BOOKED, 0, 150, 30), (BOOKED, 3, 50, 30)))
    near, far = (30 + 50 * 0.1) / 200, (30 + 50 * 0.14) / 100
    assert found["comes"][0] == pytest.approx(1 - (150 * near + 50 * far) / 200)


def test_a_series_whose_bookings_are_unknown_misses_what_is_assumed() -> None:
    assert work_of(BOOKED)["comes"].to_list() == pytest.approx([0.9])
    own = NoShow(share=0.1, service={"info": Missed(share=0.3, source="t")}, source="t")
    names = pl.Series([BOOKED, VISITS])
    work, _ = match_series(names, cases.catalogue(), no_show=own)
    assert work["comes"].to_list() == pytest.approx([0.7, 1.0])


def test_spreads_of_a_slot_are_those_within_steps_and_between_them() -> None:
    """Two thirds of 300 s and a third of 900 s, each of cv 0.5, by drawing them."""
    short, long = "hall/info/visit/video", VISITS
    means = {short: 48.0, long: 24.0}
    seconds = pl.when(pl.col("series") == short).then(300.0).otherwise(900.0)
    work = work_of(*means).with_columns(seconds.alias("handling_s"), handling_cv=0.5)
    found, _ = slot_workload(
        cases.slots(means), cases.forecast(means), work, cases.calendar()
    )
    rng = np.random.default_rng(2)
    mean = np.where(rng.random(200_000) < 2 / 3, 300.0, 900.0)
    drawn = mean * rng.gamma(4, 1 / 4, mean.size)
    assert found["handling_s"][0] == pytest.approx(500)
    cv = float(drawn.std() / drawn.mean())
    assert found["handling_cv"][0] == pytest.approx(cv, rel=0.01)


def noise_of(cvs: dict[str, float | None], arrival_cv: float) -> float:
    means = dict.fromkeys(cvs, 12.0)
    slots = cases.slots(means).with_columns(
        pl.col("series").replace_strict(cvs, return_dtype=pl.Float64).alias("cv")
    )
    found, _ = slot_workload(
        slots,
        cases.forecast(means),
        work_of(*means),
        cases.calendar(),
        arrival_cv={"counter": arrival_cv},
    )
    return float(found.filter(pl.col("skill") == "counter")["noise_cv"][0])


def test_noise_of_series_adds_up_in_squares_and_is_assumed_where_untold() -> None:
    other = "hall/info/visit/video"
    assert noise_of({VISITS: 0.3, other: 0.4}, 0.9) == pytest.approx(0.25)
    assert noise_of({VISITS: None, other: None}, 0.2) == pytest.approx(0.2)
    assert noise_of({VISITS: 0.3, BOOKED: 0.9}, 0.9) == pytest.approx(0.3)


def test_contacts_in_a_slot_that_is_closed_are_refused_by_name() -> None:
    slots = cases.slots({CALLS: 120.0}).with_columns(pl.col("start").dt.offset_by("9h"))
    with pytest.raises(InputError, match=rf"{CALLS} at {MONDAY} 18:00.*closed"):
        slot_workload(
            slots, cases.forecast({CALLS: 120.0}), work_of(CALLS), cases.calendar()
        )


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("handling_s = -5", "came -5"),
        ("handling_s = 0", "came 0"),
        ("handling_cv = 1.0", "came None"),
        ("handling_s = 60, handling_cv = -0.1", r"handling_cv .* came -0\.1"),
    ],
)
def test_a_wrong_handling_time_is_refused_with_its_step(
    tmp_path: Path, wrong: str, said: str
) -> None:
    step = f'{{ id = "ask", skill = "phone", channels = ["phone"], source = "t", {wrong} }}'
    file = tmp_path / "catalogue.toml"
    file.write_text(
        f'[[service]]\nid = "info"\nname_nl = "I"\nname_en = "I"\nstep = [{step}]\n'
    )
    with pytest.raises(PolicyError, match=rf"step 'info/ask': .*{said}"):
        load_policy(file, Catalogue)
