"""Slots: error, pinball loss and coverage beside simpler ways to share out a day.

Peers: the plain profile of each weekday (no season, kind of day or shrinkage) and a flat
day, both with our forecast of the day and its spread and counts by chance within; and
the same slot last week, with the spread that it had in the four weeks before.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np
import polars as pl

import forecasting
from forecasting.calendar import Calendar
from forecasting.catalogue import Catalogue
from forecasting.intraday.counts import count_quantiles
from forecasting.intraday.slotwise import day_spread
from forecasting.policy import load_policy
from forecasting.reference.assumptions import default_policy
from forecasting.reference.calls import make_calls
from forecasting.reference.demand import build_world
from forecasting.series.cadence import by_day
from forecasting.series.panel import FloatArray
from forecasting.settings import shipped
from forecasting.tables import QUANTILE_NAMES, QUANTILES
from tests.benches.forecast.sets import SHARED

CALLS = SHARED / "phone" / "call_log_1999_01.csv"
HOURLY = SHARED / "counter" / "bookings_hourly_2_offices.csv"
HOURS = {5: (7, 14), 6: (20, 24)}
"""Opening of the bank by weekday; else 7 to 24."""
KEYS = ["series", "start"]
DAY = pl.col("start").dt.date()


@dataclass(frozen=True)
class Slots:
    """A slot history, and the ends from which its next days are forecast."""

    name: str
    history: pl.DataFrame
    country: str
    days_back: tuple[int, ...]
    horizon_days: int

    def cuts(self) -> Iterator[tuple[pl.DataFrame, pl.DataFrame]]:
        """What was known at each end, and what came."""
        last: date = self.history["start"].dt.date().max()  # type: ignore[assignment]  # polars types a maximum loosely
        for back in self.days_back:
            origin = last - timedelta(days=back)
            end = origin + timedelta(days=self.horizon_days)
            yield (
                self.history.filter(origin >= DAY),
                self.history.filter((origin < DAY) & (end >= DAY)),
            )


def measure(seed: int = 0) -> dict[str, object]:
    """Figures per set of slots; the sets of real data only where they are."""
    sets = [_town(seed)]
    if SHARED.is_dir():
        sets += [*(_calls(minutes) for minutes in (5, 15, 30)), _hourly()]
    return {each.name: measured(each) for each in sets}


def _town(seed: int) -> Slots:
    """The phone queues of the reference town, per quarter-hour."""
    policy, config = default_policy(), shipped("config", "config")
    town = policy.places["town"].model_copy(update={"start": date(2021, 1, 1)})
    world = build_world(
        town,
        policy,
        load_policy(config / "calendar.toml", Calendar),
        load_policy(config / "catalogue.toml", Catalogue),
        until=date(2024, 6, 28),
        seed=seed,
    )
    rows = make_calls(world).select(
        pl.format("stadhuis/{}/question/phone", "Wachtrij").alias("series"),
        pl.col("Interval start").cast(pl.Datetime("us")).alias("start"),
        pl.col("Aangeboden").cast(pl.Float64).alias("count"),
    )
    return Slots("reference town", rows.sort(KEYS), "NL", (28, 112), 28)


def _calls(minutes: int) -> Slots:
    """Calls of a bank in its opening hours; slots without a call are zeros."""
    log = pl.read_csv(CALLS, separator=";", infer_schema_length=None)
    moment = pl.col("date") + " " + pl.col("vru_entry").str.zfill(8)
    start = moment.str.to_datetime("%Y-%m-%d %H:%M:%S", time_unit="us")
    counted = (
        log.filter(pl.col("outcome") != "PHANTOM")
        .group_by(start.dt.truncate(f"{minutes}m").alias("start"))
        .agg(pl.len().cast(pl.Float64).alias("count"))
    )
    first, last = datetime(1999, 1, 1), datetime(1999, 1, 31, 23, 59)  # noqa: DTZ001  local times of the log
    slots = pl.datetime_range(first, last, f"{minutes}m", eager=True)
    weekday = pl.col("start").dt.weekday()
    opens = weekday.replace_strict({d: h[0] for d, h in HOURS.items()}, default=7)
    closes = weekday.replace_strict({d: h[1] for d, h in HOURS.items()}, default=24)
    hour = pl.col("start").dt.hour()
    grid = slots.to_frame("start").filter((hour >= opens) & (hour < closes))
    rows = grid.join(counted, on="start", how="left").select(
        pl.lit("bank").alias("series"), "start", pl.col("count").fill_null(0.0)
    )
    return Slots(f"calls per {minutes} minutes", rows.sort(KEYS), "IL", (7,), 7)


def _hourly() -> Slots:
    """Appointments booked per hour at two offices, night and day."""
    rows = pl.read_csv(HOURLY, try_parse_dates=True).select(
        pl.col("source").alias("series"),
        pl.col("hour").cast(pl.Datetime("us")).alias("start"),
        pl.col("booked").cast(pl.Float64).alias("count"),
    )
    return Slots("bookings per hour", rows.sort(KEYS), "DE", (28, 84, 180, 270), 28)


def measured(slots: Slots) -> dict[str, object]:
    """Figures over all ends together, per way."""
    found: dict[str, list[pl.DataFrame]] = {}
    for known, came in slots.cuts():
        for way, answer in _answers(known, came, slots.country).items():
            rows = came.join(answer, on=KEYS)
            if rows.height != came.height:
                raise RuntimeError(f"{slots.name}: {way} left slots without answer")
            found.setdefault(way, []).append(rows)
    return {way: _scores(pl.concat(rows)) for way, rows in found.items()}


def _answers(
    known: pl.DataFrame, came: pl.DataFrame, country: str
) -> dict[str, pl.DataFrame]:
    wanted = came.select(KEYS)
    ours = forecasting.forecast(known, future=wanted, country=country)
    days = wanted.select("series", DAY.alias("start")).unique().sort(KEYS)
    of_day = forecasting.forecast(by_day(known), future=days, country=country)
    spread = of_day.select(
        "series",
        pl.col("start").alias("day"),
        "mean",
        pl.Series("r", day_spread(of_day)),
    )
    columns = [*KEYS, "mean", *QUANTILE_NAMES]
    return {
        "ours": ours.select(columns),
        "plain weekday profile": _shared(wanted, _plain(known, wanted), spread),
        "flat day": _shared(wanted, wanted.with_columns(share=1.0), spread),
        "same slot last week": _last_week(known, wanted),
    }


def _plain(known: pl.DataFrame, wanted: pl.DataFrame) -> pl.DataFrame:
    """The mean of each time of the week over the last two years."""
    at = pl.col("start").dt.weekday().alias("weekday"), pl.col("start").dt.time()
    recent = pl.col("start") > pl.col("start").max() - timedelta(days=730)
    keys = ["series", "weekday", "time"]
    timed = known.filter(recent).with_columns(at[0], at[1].alias("time"))
    mean = timed.group_by(keys).agg(pl.col("count").mean().alias("share"))
    asked = wanted.with_columns(at[0], at[1].alias("time"))
    joined = asked.join(mean, on=keys, how="left").fill_null(0.0)
    return joined.select(*KEYS, "share")


def _shared(
    wanted: pl.DataFrame, weights: pl.DataFrame, days: pl.DataFrame
) -> pl.DataFrame:
    """Our forecast of the day by weights; its spread, and counts by chance within."""
    whole = pl.col("share").sum().over("series", "day")
    part = pl.when(whole > 0).then(pl.col("share") / whole).otherwise(0.0)
    dated = weights.with_columns(DAY.alias("day")).with_columns(part.alias("share"))
    joined = wanted.join(dated, on=KEYS).join(days, on=["series", "day"])
    mean = (joined["mean"] * joined["share"]).to_numpy()
    return _told(joined.select(KEYS), mean, joined["r"].to_numpy())


def _last_week(known: pl.DataFrame, wanted: pl.DataFrame) -> pl.DataFrame:
    """The count a week (or as many as it takes) before, and how far off that was."""
    asked = _week_before(known, wanted)
    late = pl.col("start") > pl.col("start").max() - timedelta(days=28)
    tried = _week_before(known, known.filter(late))
    count, before = tried["count"].to_numpy(), tried["mean"].to_numpy()
    off = (count - before) ** 2 - before
    relative = max(float(off.sum() / (before**2).sum()), 0.0)
    mean = asked["mean"].to_numpy()
    return _told(asked.select(KEYS), mean, np.full(mean.size, relative))


def _week_before(known: pl.DataFrame, wanted: pl.DataFrame) -> pl.DataFrame:
    """`wanted` with the latest count of the same time of the week, at least a week ago."""
    rows = wanted.with_columns(mean=pl.lit(None, pl.Float64))
    for weeks in range(1, 9):
        before = known.select(
            "series",
            pl.col("start") + timedelta(weeks=weeks),
            pl.col("count").alias("before"),
        )
        joined = rows.join(before, on=KEYS, how="left", maintain_order="left")
        rows = joined.select(
            pl.exclude("mean", "before"), pl.coalesce("mean", "before").alias("mean")
        )
    return rows.with_columns(pl.col("mean").fill_null(0.0))


def _told(keys: pl.DataFrame, mean: FloatArray, relative: FloatArray) -> pl.DataFrame:
    found = count_quantiles(mean, relative, whole=True).T
    columns = zip(QUANTILE_NAMES, found, strict=True)
    return keys.with_columns(
        pl.Series("mean", mean), *(pl.Series(name, row) for name, row in columns)
    )


def _scores(rows: pl.DataFrame) -> dict[str, float]:
    """Errors relative to demand, and how many slots lie in their interval of 90%.

    Given the day, means are scaled to its total: the error of the profile alone. Few
    counts are whole, so that an interval of 90% holds more of them; the shares below
    and above it are right at 5% or somewhat less.
    """
    count, mean = rows["count"].to_numpy(), rows["mean"].to_numpy()
    quantiles = rows.select(QUANTILE_NAMES).to_numpy()
    gap = count[:, None] - quantiles
    levels = np.array(QUANTILES)
    pinball = np.maximum(levels * gap, (levels - 1) * gap).mean()
    by_day = ["series", DAY.alias("day")]
    scale = pl.col("count").sum().over(by_day) / pl.col("mean").sum().over(by_day)
    scaled = rows.select(pl.col("mean") * scale).to_series().fill_nan(0.0).to_numpy()
    figures = {
        "wape": np.abs(count - mean).sum() / count.sum(),
        "wape_given_day": np.abs(count - scaled).sum() / count.sum(),
        "pinball": pinball / count.mean(),
        "coverage90": ((gap[:, 0] >= 0) & (gap[:, -1] <= 0)).mean(),
        "below05": (gap[:, 0] < 0).mean(),
        "above95": (gap[:, -1] > 0).mean(),
        "slots": float(rows.height),
    }
    return {name: round(float(value), 4) for name, value in figures.items()}
