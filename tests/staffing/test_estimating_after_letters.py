"""Letters in the history do not pass for habits: timing comes back as without them."""

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

from forecasting.errors import InputError
from forecasting.outside import Mail
from forecasting.outside_tables import KnownLetters
from forecasting.policy import load_policy
from forecasting.reactions import Reactions
from staffing.reminders import estimate_timing
from staffing.reminders.estimating import Estimate
from staffing.reminders.timing import LAGS
from staffing.reminders.unlettered import without_letters
from tests.staffing.reminder_cases import CONFIG, response

WEEKS, LEAD, SHARE = 420, 12, 0.9
START = date(2015, 1, 5)
NEVER = 10_000
REACTIONS = load_policy(CONFIG / "reminders.toml", Reactions)


def planted() -> np.ndarray:
    return response().timing_of("passport", "18-34").weights()


def world(
    seed: int, *, mailed: range = range(WEEKS)
) -> tuple[pl.DataFrame, pl.DataFrame, Mail]:
    """Holders lived through one by one; letters to most who expire in some weeks."""
    random = np.random.default_rng(seed)
    counts = random.integers(200, 900, WEEKS)
    expiry = np.repeat(np.arange(WEEKS), counts)
    chances = np.append(planted(), 1 - planted().sum())
    drawn = random.choice(chances.size, expiry.size, p=chances)
    lag = np.append(LAGS, NEVER)[drawn]
    came = np.where(lag == NEVER, NEVER, expiry + lag)
    mailing = expiry - LEAD
    chosen = np.isin(expiry, mailed) & (mailing >= 0)
    chosen &= (came >= mailing) & (random.random(came.size) < SHARE)
    arrivals = REACTIONS.arrivals("letter", LEAD)
    each = np.append(arrivals, 1 - arrivals.sum())
    after = np.append(np.arange(arrivals.size), NEVER)
    reacted = mailing + after[random.choice(each.size, came.size, p=each)]
    came = np.where(chosen & (came < NEVER), np.minimum(came, reacted), came)
    weekly = np.bincount(came[(came >= 0) & (came < WEEKS)], minlength=WEEKS)
    days = [START + timedelta(weeks=week) for week in range(WEEKS)]
    sent = pl.DataFrame({"expiry": expiry[chosen], "mailing_week": mailing[chosen]})
    return (
        pl.DataFrame({"week": days, "count": counts}),
        pl.DataFrame({"week": days, "count": weekly + random.poisson(30, WEEKS)}),
        Mail(letters(sent), REACTIONS),
    )


def letters(sent: pl.DataFrame, band: str = "") -> pl.DataFrame:
    """Letters, one a row, counted by cohort."""

    def monday(name: str) -> pl.Expr:
        return pl.lit(START) + pl.duration(weeks=pl.col(name))

    rows = sent.group_by("expiry", "mailing_week").len("count").sort("expiry")
    told = rows.select(
        batch=pl.lit("all"),
        service=pl.lit("passport"),
        mailing_week=monday("mailing_week"),
        expiry_week=monday("expiry"),
        age_band=pl.lit(band),
        district=pl.lit(""),
        count=pl.col("count"),
        decided=monday("mailing_week"),
        channel=pl.lit("letter"),
    )
    return KnownLetters.validate(told, cast=True)


def off(found: Estimate) -> float:
    """Mean weeks from expiry to application, beside the truth."""
    (weights,) = found.weights.mean(axis=0)
    truth = planted() @ LAGS / planted().sum()
    return float(weights @ LAGS / weights.sum() - truth)


def test_timing_is_learnt_from_a_history_full_of_letters_as_from_one_without():
    """The same residents, nine in ten of them mailed 12 weeks ahead, and none of them."""
    issued, applications, mail = world(0)
    _, untouched, _ = world(0, mailed=range(0))
    taught, fooled, plain = (
        off(estimate_timing("passport", issued, came, mail=letters))
        for came, letters in (
            (applications, mail),
            (applications, None),
            (untouched, None),
        )
    )
    assert fooled < plain - 0.7
    assert abs(taught - plain) < 0.25 * (plain - fooled)
    assert abs(taught) < 0.5


def test_moving_back_gives_the_applications_that_came_without_letters():
    """The same residents with a burst of letters and without: who came early, and who not."""
    _, without, _ = world(3, mailed=range(0))
    _, lettered, mail = world(3, mailed=range(200, 226))
    weights = planted()
    left = 1 - np.concatenate([[0], np.cumsum(weights)[:-1]])
    table = pl.DataFrame(
        {
            "service": "passport",
            "age_band": "",
            "lag": LAGS,
            "hazard": weights / left,
            "weight": weights,
            "low": weights,
            "high": weights,
        }
    )
    back = without_letters(lettered, mail, "passport", table)["count"].to_numpy()
    usual = without["count"].to_numpy()
    moved, wrong = lettered["count"].to_numpy() - usual, back - usual
    for sooner in (slice(190, 205), slice(215, 235)):
        assert abs(moved[sooner].sum()) > 400
        assert abs(wrong[sooner].sum()) < 0.2 * abs(moved[sooner].sum())
    assert wrong.sum() == pytest.approx(0, abs=1)


def test_letters_without_an_age_are_refused_beside_applications_with_one():
    issued, applications, mail = world(0)
    banded = pl.lit("18+").alias("age_band")
    with pytest.raises(InputError, match="letters by the age bands"):
        estimate_timing(
            "passport",
            issued.with_columns(banded),
            applications.with_columns(banded),
            mail=mail,
        )
