"""Small series: the pooled method beside own fits, against rates that are known.

Real offices (bookings per day) are thinned: each contact goes with its own chance to one
of eight services, so a service's true rate is its share of the office's count, and what a
small series adds is chance alone. WAPE says little of counts of one a day: scored are the
mean absolute error to the true rate and the pinball loss of the blend, both divided by
demand.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl

from forecasting.accuracy import pinball
from forecasting.backtesting import settle
from forecasting.rolling.beside import besides_of
from forecasting.rolling.fanout import predict_all
from forecasting.rolling.tasks import tasks_of
from forecasting.series.knowndays import known_days
from forecasting.series.panel import FloatArray, Panel, Series
from forecasting.settings import Settings
from forecasting.tuning import Tuning, load_tuning
from tests.conftest import SHARED

COUNTER = SHARED / "data" / "counter" / "bookings_daily_4_offices.csv"
PLACES = {
    "essen": ("DE", "NW"),
    "frankfurtba": ("DE", "HE"),
    "graz": ("AT", "6"),
    "schwaebischhallkfz": ("DE", "BW"),
}
RATES = (0.3, 1.0, 3.0)
SERVICES = 8
CUTS = ((28, 28), (28, 140), (182, 182))
"""Horizon, and days held back at the end."""
LEAST_SNAPSHOTS = 90
KEY = ["series", "start"]


@dataclass(frozen=True)
class Office:
    """One office, thinned: its series, and the true rate of each."""

    place: str
    panel: Panel
    rates: dict[str, FloatArray]


def offices(rate: float, seed: int) -> Iterator[Office]:
    """The offices with their services at about `rate` contacts a day each."""
    rows = pl.read_csv(COUNTER, try_parse_dates=True)
    rows = rows.filter(pl.col("snapshots") >= LEAST_SNAPSHOTS).sort("source", "date")
    rng = np.random.default_rng(seed)
    for place in PLACES:
        part = rows.filter(pl.col("source") == place)
        days = part["date"].to_numpy().astype("datetime64[D]")
        counts = np.clip(part["booked"].to_numpy(), 0, None).astype(np.int64)
        chances = rate * rng.lognormal(0, 0.7, SERVICES) / counts.mean()
        chances /= max(1.0, chances.sum())
        chances = np.append(chances, 1 - chances.sum())
        drawn = rng.multinomial(counts, chances)[:, :SERVICES]
        names = [f"{place}/service_{i}/request/phone" for i in range(SERVICES)]
        series = [
            Series(name, days, column.astype(float))
            for name, column in zip(names, drawn.T, strict=True)
        ]
        true = {n: c * counts for n, c in zip(names, chances[:-1], strict=True)}
        yield Office(place, Panel("day", tuple(series)), true)


def measure(seeds: int = 3) -> dict[str, object]:
    """Losses by rate, with pooling and without, means over offices, cuts and seeds."""
    tuning = load_tuning()
    found: dict[str, object] = {}
    for rate in RATES:
        rows = pl.concat(
            _scored(office, horizon, back, tuning)
            for seed in range(seeds)
            for office in offices(rate, seed)
            for horizon, back in CUTS
        )
        found[f"{rate:g} a day"] = {
            str(row[0]): round(row[1], 4) for row in _means(rows).iter_rows()
        }
    return found


def _means(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.group_by("measure").agg(pl.col("loss").mean()).sort("measure")


def _scored(office: Office, horizon: int, back: int, tuning: Tuning) -> pl.DataFrame:
    """`measure, loss` of one office at one cut."""
    last = office.panel.last - np.timedelta64(back, "D")
    past = Panel("day", tuple(s.until(last) for s in office.panel.series))
    came = pl.concat(
        _came(s, office.rates[s.name], last, horizon) for s in office.panel.series
    )
    known = known_days(*PLACES[office.place], (2021, 2027))
    tasks = tasks_of(past, came.select(KEY), known, tuning, 4, besides_of(past))
    answers = predict_all(tasks, tuning, Settings(executor="sequential"))
    own = pl.col("method") != "pooled"
    blends = {
        "blend with pooled": settle(answers.past, answers.future, tuning),
        "blend without": settle(
            answers.past.filter(own), answers.future.filter(own), tuning
        ),
    }
    losses = []
    for name, said in blends.items():
        both = said.drop("actual").join(came, on=KEY)
        losses.append((f"{name}: pinball", _ratio(both, pinball())))
        losses.append((f"{name}: error to the rate", _ratio(both, _error())))
    for part in answers.future.partition_by("method"):
        both = part.drop("actual").join(came, on=KEY)
        losses.append(
            (f"{part['method'][0]}: error to the rate", _ratio(both, _error()))
        )
    return pl.DataFrame(losses, schema=["measure", "loss"], orient="row")


def _came(
    series: Series, rate: FloatArray, last: np.datetime64, days: int
) -> pl.DataFrame:
    inside = (series.starts > last) & (
        series.starts <= last + np.timedelta64(days, "D")
    )
    return pl.DataFrame(
        {
            "series": series.name,
            "start": series.starts[inside],
            "actual": series.counts[inside],
            "rate": rate[inside],
        }
    )


def _error() -> pl.Expr:
    return (pl.col("mean") - pl.col("rate")).abs()


def _ratio(rows: pl.DataFrame, loss: pl.Expr) -> float:
    """The loss of each series over its rate, mean over series."""
    each = rows.group_by("series").agg(loss.sum() / pl.col("rate").sum())
    return float(each.select(pl.nth(1).mean()).item())
