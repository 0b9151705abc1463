"""Planned letters: requests move to the weeks after the letter, and stay as many."""

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

from forecasting.insight_tables import RenewalTiming
from forecasting.outside import Mail, exposures_with_letters, with_letters
from forecasting.outside.moving import moved_visits
from forecasting.outside_tables import KnownLetters
from forecasting.policy import load_policy
from forecasting.reactions import Reactions
from forecasting.series.exposure import Exposure
from forecasting.settings import Settings
from staffing.reminders import moving as planned
from staffing.reminders.policy import ReminderSettings

REACTIONS = load_policy(Settings().config / "reminders.toml", Reactions)
FIRST = date(2027, 1, 4)
LAGS = range(-20, 14)


def monday(week: int) -> date:
    return FIRST + timedelta(weeks=week)


def timing(**bands: float) -> pl.DataFrame:
    """When holders renew: a bump before expiry; in all the share given for each band."""
    shape = np.array([np.exp(-0.5 * ((lag + 4) / 4) ** 2) for lag in LAGS])
    rows = []
    for band, renews in bands.items():
        weights = renews * shape / shape.sum()
        left = 1 - np.concatenate([[0], np.cumsum(weights)[:-1]])
        for lag, weight, before in zip(LAGS, weights, left, strict=True):
            row = {"service": "passport", "age_band": band, "lag": lag}
            shares = {"hazard": weight / before, "weight": weight}
            rows.append(row | shares | {"low": weight, "high": weight})
    return RenewalTiming.validate(pl.DataFrame(rows), cast=True)


TIMING = timing(**{"18-64": 0.85, "65+": 0.6})


def exposure(level: float = 900.0, known: date = date(2027, 2, 1)) -> Exposure:
    return Exposure("passport", known, np.datetime64(FIRST), np.full(80, level))


def batch(**change: object) -> pl.DataFrame:
    row: dict[str, object] = {
        "batch": "2027-01",
        "service": "passport",
        "mailing_week": monday(20),
        "expiry_week": monday(32),
        "age_band": "18-64",
        "district": "",
        "count": 500,
        "decided": date(2027, 2, 1),
        "channel": "",
    }
    return KnownLetters.validate(pl.DataFrame([row | change]), cast=True)


def mail(letters: pl.DataFrame) -> Mail:
    return Mail(letters, REACTIONS)


def moved(letters: pl.DataFrame, known_at: date | None = None) -> np.ndarray:
    after = with_letters(exposure(), mail(letters), TIMING, known_at=known_at)
    return after.weekly - exposure().weekly


def test_who_reacts_comes_earlier_and_nobody_is_lost():
    change = moved(batch())
    assert change.sum() == pytest.approx(0, abs=1e-9)
    assert (change[:22] == 0).all()
    come, gone = np.flatnonzero(change > 0.01), np.flatnonzero(change < -0.01)
    assert 22 <= come.min() <= 23
    assert gone.max() > come.max()
    assert (change * np.arange(80)).sum() < -1
    reacting = change[change > 0].sum()
    assert 0.03 * 500 < reacting < 0.35 * 500


def residents(number: int = 400_000) -> tuple[np.ndarray, np.ndarray]:
    """Weeks in which residents come by themselves, and with a letter; 10,000 is never."""
    rng = np.random.default_rng(0)
    mailing, expiry = 20, 32
    weights = TIMING.filter(age_band="18-64").sort("lag")["weight"].to_numpy()
    weeks = expiry + np.array(LAGS)
    later = np.where(weeks >= mailing, weights, 0)
    outstanding = 1 - (weights.sum() - later.sum())
    chances = np.append(later, outstanding - later.sum()) / outstanding
    own = np.append(weeks, 10_000)[rng.choice(weeks.size + 1, number, p=chances)]
    arrivals = REACTIONS.arrivals("letter", expiry - mailing)
    each = np.append(arrivals, 1 - arrivals.sum())
    after = np.append(np.arange(arrivals.size), 20_000)
    reacted = mailing + after[rng.choice(each.size, number, p=each)]
    return own, np.minimum(own, np.where(own < 10_000, reacted, 10_000))


def per_letter(weeks: np.ndarray) -> np.ndarray:
    return np.bincount(weeks[weeks < 80], minlength=80) / weeks.size


def test_the_change_is_what_following_every_resident_gives():
    own, came = residents()
    brute = 500 * (per_letter(came) - per_letter(own))
    assert moved(batch(count=500)) == pytest.approx(brute, abs=0.6)


def test_letters_move_what_the_mailing_plan_says_they_move():
    policy = load_policy(Settings().config / "reminders.toml", ReminderSettings)
    for lead in (6, 12, 25):
        wait = policy.plan.appointment_wait_weeks
        theirs = policy.response.arrivals(policy.plan.channel, lead, wait)
        assert REACTIONS.arrivals("", lead) == pytest.approx(theirs)
    rng = np.random.default_rng(2)
    visits, arrivals = rng.uniform(0, 0.02, 60), rng.uniform(0, 0.05, 9)
    ours = moved_visits(visits, arrivals, 7)
    assert ours == pytest.approx(planned.moved_visits(visits, arrivals, 7))


def test_letters_of_all_batches_add_up():
    first, second = batch(), batch(batch="2027-02", mailing_week=monday(24), count=80)
    both = moved(pl.concat([first, second]))
    assert both == pytest.approx(moved(first) + moved(second), abs=1e-9)


def test_a_moment_before_the_decision_knows_of_no_letters():
    early, late = date(2027, 1, 31), date(2027, 2, 1)
    assert (moved(batch(), known_at=early) == 0).all()
    assert (moved(batch(), known_at=late) != 0).any()
    unsaid = batch(decided=None)
    assert (moved(unsaid, known_at=monday(20) - timedelta(days=1)) == 0).all()
    assert (moved(unsaid, known_at=monday(20)) != 0).any()


def test_the_exposures_of_a_backtest_change_on_the_day_a_batch_is_decided():
    plain = [exposure(known=date(2027, 3, 31)), exposure(known=date(2027, 1, 1))]
    letters = pl.concat(
        [batch(), batch(batch="b", decided=date(2027, 4, 5)), batch(service="licence")]
    )
    found = exposures_with_letters(plain, mail(letters), TIMING)
    days = [date(2027, 1, 1), date(2027, 2, 1), date(2027, 3, 31), date(2027, 4, 5)]
    assert [one.known_at for one in found] == days
    changes = [np.abs(one.weekly - 900).sum() for one in found]
    assert changes[0] == 0
    assert changes[1] == pytest.approx(changes[2])
    assert changes[3] == pytest.approx(2 * changes[1])
    origins = [date(2026, 6, 1), date(2027, 3, 1)]
    asked = exposures_with_letters(plain, mail(letters), TIMING, moments=origins)
    assert [one.known_at for one in asked] == [days[0], origins[1], days[2]]
    assert asked[1].weekly == pytest.approx(found[1].weekly)


def test_who_reacted_before_a_stock_was_counted_is_not_taken_from_it_again():
    """What the stock of week 27 calls for, moved, is what those left in it really do."""
    own, came = residents()
    week = 27
    counted = Exposure("passport", monday(week), np.datetime64(FIRST), np.full(80, 9e2))
    change = with_letters(counted, mail(batch()), TIMING).weekly - 900
    assert change[:week] == pytest.approx(moved(batch())[:week])
    usual = per_letter(own)[week:] / (own >= week).mean()
    called_for = 500 * (came >= week).mean() * usual
    really = 500 * per_letter(came)[week:]
    assert called_for + change[week:] == pytest.approx(really, abs=0.6)
    assert np.abs(change[week:]).sum() < np.abs(moved(batch())[week:]).sum() / 2


def test_another_service_an_unknown_one_and_no_letters_move_nothing():
    assert (moved(batch(service="licence")) == 0).all()
    assert (moved(batch().clear()) == 0).all()
    unknown = with_letters(exposure(), mail(batch()), TIMING.clear())
    assert (unknown.weekly == 900).all()


def test_a_band_without_a_timing_of_its_own_goes_by_the_mean_of_all():
    mean = timing(**{"18-64": 0.725})
    found = moved(batch(age_band=""))
    expected = with_letters(exposure(), mail(batch()), mean).weekly - 900
    assert found == pytest.approx(expected, abs=0.35)


def test_never_more_leaves_a_week_than_was_expected_in_it():
    small = exposure(level=3.0)
    after = with_letters(small, mail(batch(count=5000)), TIMING)
    assert (after.weekly >= 0).all()
    assert after.weekly.sum() == pytest.approx(small.weekly.sum())


def test_requests_that_move_past_the_end_of_the_exposure_are_not_lost_twice():
    beyond = batch(mailing_week=monday(900), expiry_week=monday(910))
    assert (moved(beyond) == 0).all()
    late = batch(mailing_week=monday(74), expiry_week=monday(82))
    change = moved(late)
    assert np.isfinite(change).all()
    assert change.sum() > 0


def test_weeks_to_come_of_the_newest_exposure_are_left_to_the_forecast():
    """Its letters stand in the weeks up to the last day of the history, and no later."""
    newest, last = exposure(known=monday(30)), monday(30) + timedelta(days=2)
    (found,) = exposures_with_letters([newest], mail(batch()), TIMING, last=monday(30))
    change = found.weekly - 900
    assert (change[31:] == 0).all()
    full = with_letters(newest, mail(batch()), TIMING).weekly - 900
    assert change[:31] == pytest.approx(full[:31])
    assert full[31:].any()
    (earlier,) = exposures_with_letters([newest], mail(batch()), TIMING, last=last)
    assert earlier.weekly - 900 == pytest.approx(full)


def test_letters_go_by_the_channel_they_are_sent_in():
    """An unknown channel is that of the plan; a message moves others than a letter."""
    letter, told = moved(batch(channel="letter")), moved(batch(channel="message_box"))
    assert moved(batch(channel="pigeon")) == pytest.approx(letter)
    assert moved(batch()) == pytest.approx(letter)
    assert np.abs(told - letter).max() > 1
