"""How residents renew and react: shares, conservation of visits, measured timing."""

from datetime import timedelta

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forecasting.catalogue import Catalogue
from forecasting.errors import InputError
from forecasting.insight_tables import RenewalTiming
from forecasting.models.expiry import renewal_timing, standings
from forecasting.tuning import load_tuning
from staffing.reminders.moving import counter_hours, expected_visits, moved_visits
from staffing.reminders.response import LAGS, Assumption, Document, Response
from staffing.reminders.timing import timings_of
from tests.benches.forecast.planted_documents import (
    FIRST,
    WEEKS,
    make_documents,
    service,
)
from tests.staffing.reminder_cases import response

SHARES = st.lists(st.floats(0, 1), min_size=2, max_size=12)


def one_by_one(visits: np.ndarray, arrivals: np.ndarray, mailing: int) -> np.ndarray:
    """Each resident of each week, each reaction: who reacts earlier comes then."""
    change = np.zeros(len(visits))
    for week, share in enumerate(visits):
        for delay, reacts in enumerate(arrivals):
            if mailing + delay < week:
                change[week] -= share * reacts
                change[mailing + delay] += share * reacts
    return change


@settings(max_examples=40, deadline=None)
@given(SHARES, SHARES, st.integers(0, 6))
def test_a_letter_moves_visits_as_counting_residents_one_by_one_says(
    visits: list[float], reactions: list[float], mailing: int
) -> None:
    before = np.concatenate([np.array(visits), np.zeros(6)])
    arrivals = np.array(reactions) / max(1.0, sum(reactions))
    change = moved_visits(before, arrivals, mailing)
    assert change == pytest.approx(one_by_one(before, arrivals, mailing), abs=1e-12)
    assert change.sum() == pytest.approx(0.0, abs=1e-9)
    assert (before + change >= -1e-12).all()


def test_visits_only_ever_move_to_earlier_weeks() -> None:
    arrivals = response().arrivals("letter", 12, 2)
    timing = response().timing_of("passport", "35-64")
    visits = expected_visits(timing, 20, -8, 60)
    change = moved_visits(visits, arrivals, 8)
    assert (np.cumsum(change) >= -1e-12).all()
    assert change[:8].tolist() == [0.0] * 8


def test_nobody_comes_sooner_than_the_wait_for_an_appointment() -> None:
    assert response().arrivals("letter", 12, 3)[:3].tolist() == [0, 0, 0]
    assert response().arrivals("letter", 12, 3)[3] > 0


def test_readers_of_the_message_box_are_those_the_press_counted() -> None:
    reads = response().channel["message_box"].reads()
    assert reads[:3].sum() == pytest.approx(0.58)
    assert reads.sum() == pytest.approx(0.63)


def test_a_letter_far_ahead_moves_fewer_people() -> None:
    near, far = (response().arrivals("letter", lead, 2).sum() for lead in (6, 26))
    assert near > far > 0


def test_renewals_still_expected_are_those_of_who_has_not_come_yet() -> None:
    """By the rule of conditional chance, from the weights themselves."""
    timing = response().timing_of("licence", "35-64")
    weights = timing.weights()
    visits = expected_visits(timing, 10, 0, 40)
    passed = weights[LAGS <= -10].sum()
    assert visits[10] == pytest.approx(weights[LAGS == 0][0] / (1 - passed))
    assert visits[0] == 0.0
    assert visits.sum() == pytest.approx((0.75 - passed) / (1 - passed))


def test_collection_follows_a_week_after_application() -> None:
    document = Document(application_hours=0.2, collection_hours=0.1, validity_weeks=520)
    hours = counter_hours(np.array([10.0, 0.0, 5.0, 0.0]), document)
    assert hours.tolist() == pytest.approx([2.0, 1.0, 1.0, 0.5])


def test_the_letter_of_the_road_authority_is_part_of_the_baseline() -> None:
    weights = response().timing_of("licence", "18-34").weights()
    after_letter = weights[(LAGS >= -18) & (LAGS <= -15)].mean()
    assert after_letter > 5 * weights[LAGS == -20][0]


def test_an_unknown_service_has_no_timing() -> None:
    with pytest.raises(InputError, match="'fishing', age band '65\\+'"):
        response().timing_of("fishing", "65+")


def test_an_assumption_outside_its_range_is_refused() -> None:
    with pytest.raises(ValueError, match=r"0\.9 is outside 0\.1\.\.0\.6"):
        Assumption(value=0.9, low=0.1, high=0.6, source="assumed")


def boxed(lead: int) -> np.ndarray:
    return response().arrivals("message_box", lead, 0)


def test_who_does_not_read_the_message_gets_a_letter_that_acts_as_a_letter_does() -> (
    None
):
    """Resident by resident: read in three weeks, or a letter three weeks later."""
    how = response()
    box, letter = how.channel["message_box"], how.channel["letter"]
    expected = np.zeros(40)
    for week, share in enumerate(box.reads()[:3]):
        for delay, part in enumerate(box.delay):
            acts = box.acts.value * 0.5 ** (20 / box.half_life_weeks.value)
            expected[week + delay] += share * part * acts
    unread = 1 - box.reads()[:3].sum()
    for week, share in enumerate(letter.reads()):
        for delay, part in enumerate(letter.delay):
            acts = letter.acts.value * 0.5 ** (17 / letter.half_life_weeks.value)
            expected[3 + week + delay] += unread * share * part * acts
    found = boxed(20)
    assert found == pytest.approx(expected[: found.size])
    assert expected[found.size :].sum() == 0
    assert how.second_share("message_box", 20) == pytest.approx(0.42)


def test_the_digital_box_alone_moves_fewer_than_with_paper_for_the_unread() -> None:
    how = response()
    bare = how.channel["message_box"].model_copy(update={"fallback": None})
    alone = how.with_channels({"message_box": bare})
    assert alone.arrivals("message_box", 12, 2).sum() < boxed(12).sum()
    assert alone.second_share("message_box", 12) == 0


def test_no_second_message_goes_out_after_expiry() -> None:
    how = response()
    assert how.second_share("message_box", 3) == 0
    assert how.reached("message_box", 3)[1].size == 0
    assert boxed(3).sum() == pytest.approx(
        how.channel["message_box"].acting(3) * how.channel["message_box"].reads().sum()
    )


def test_a_text_is_read_sooner_than_an_e_mail_and_an_e_mail_by_fewer_than_a_letter() -> (
    None
):
    reads = {name: how.reads() for name, how in response().channel.items()}
    assert reads["text"][0] > reads["letter"][0] > reads["email"][0]
    assert reads["letter"].sum() > reads["email"].sum()


@pytest.mark.parametrize("after", ["pigeon", "message_box"])
def test_a_fallback_must_be_a_channel_that_has_none_itself(after: str) -> None:
    plain = response().model_dump()
    plain["channel"]["message_box"]["fallback"] = {"channel": after, "after_weeks": 3}
    with pytest.raises(ValueError, match=f"without a fallback, came '{after}'"):
        Response.model_validate(plain)


def measured(**bands: float) -> pl.DataFrame:
    """A `RenewalTiming` from 40 weeks before expiry to 60 after."""
    lags = np.arange(-40, 61)
    shape = np.exp(-0.5 * ((lags + 3) / 5) ** 2)
    rows = [
        {"service": "passport", "age_band": band, "lag": lag, "hazard": 0.1}
        | {"weight": w, "low": 0.9 * w, "high": 1.1 * w}
        for band, renews in bands.items()
        for lag, w in zip(lags, renews * shape / shape.sum(), strict=True)
    ]
    return RenewalTiming.validate(pl.DataFrame(rows), cast=True)


def test_measured_timing_goes_before_assumed_and_the_rest_stays() -> None:
    table = measured(**{"18-64": 0.8, "65+": 0.6})
    known = response().with_timing(timings_of(table, "measured: here"))
    young = known.timing_of("passport", "18-64")
    assert young.source == "measured: here"
    inside = table.filter(pl.col("lag").is_between(-26, 13), age_band="18-64")
    assert young.weights() == pytest.approx(inside["weight"].to_numpy())
    assert young.renews.low == pytest.approx(0.9 * young.renews.value)
    assert known.timing_of("passport", "65+").renews.value == pytest.approx(
        0.6, abs=0.01
    )
    assert known.timing_of("passport", "0-17").source == "assumed"
    assert known.timing_of("licence", "65+").source.startswith("assumed")


def test_what_is_assumed_of_a_band_gives_way_to_what_was_measured_of_the_service() -> (
    None
):
    assumed = response().timing_of("passport", "65+")
    banded = assumed.model_copy(update={"age_bands": ("65+",)})
    before = response().model_copy(update={"timing": (banded,)})
    known = before.with_timing(timings_of(measured(**{"": 0.8}), "measured: here"))
    assert known.timing_of("passport", "65+").source == "measured: here"


def test_the_timing_that_a_forecast_stores_comes_back_near_the_truth() -> None:
    """Of an invented town with stocks by quarter, estimated by the forecast itself."""
    world = make_documents(np.random.default_rng(3), once=False)
    last = FIRST + timedelta(weeks=WEEKS, days=-1)
    catalogue, tuning = Catalogue(service=(service(),)), load_tuning().expiry
    known = standings(world.demand, world.stocks, catalogue, last, tuning)
    found = timings_of(renewal_timing(known, seed=0), "measured")
    inside = np.isin(np.arange(-40, 61), LAGS)
    for timing, truth in zip(found, world.weights[inside].T, strict=True):
        assert np.abs(timing.weights() - truth).sum() < 0.08
        assert timing.renews.low < truth.sum() < timing.renews.high
    assert [timing.age_bands for timing in found] == [("18-64",), ("65+",)]
