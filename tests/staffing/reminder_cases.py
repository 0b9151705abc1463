"""Small towns for the tests of the reminder plan: a stock, a load, a policy."""

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import polars as pl

from forecasting.catalogue import Catalogue
from forecasting.policy import load_policy
from staffing.reminders import MailingPlan, MailingPolicy, Response, plan
from staffing.reminders.moving import counter_hours, expected_visits
from staffing.reminders.policy import ReminderSettings

CONFIG = Path(__file__).resolve().parents[2] / "config"
AS_OF = date(2026, 9, 30)
FIRST = date(2026, 11, 23)
SCHEMA = {
    "as_of": pl.Date,
    "service": pl.String,
    "expiry_week": pl.Date,
    "age_band": pl.String,
    "district": pl.String,
    "basis": pl.String,
    "count": pl.Int64,
}


def settings() -> ReminderSettings:
    return load_policy(CONFIG / "reminders.toml", ReminderSettings)


def response(*, acts: float | None = None, sure: bool = False) -> Response:
    """The shipped response; `acts` replaces the share of readers who come."""
    catalogue = load_policy(CONFIG / "catalogue.toml", Catalogue)
    shipped = settings().response.with_documents(catalogue)
    if acts is None:
        return shipped
    letter = shipped.channel["letter"]
    low, high = (acts, acts) if sure else (0.0, 1.0)
    share = letter.acts.model_copy(update={"value": acts, "low": low, "high": high})
    channel = letter.model_copy(update={"acts": share})
    return shipped.model_copy(update={"channel": {"letter": channel}})


def policy(**changes: object) -> MailingPolicy:
    return MailingPolicy.model_validate(settings().plan.model_dump() | changes)


def stock(
    cells: list[tuple[str, int, str, str, int]], *, as_of: date = AS_OF
) -> pl.DataFrame:
    """Cells of (service, expiry week number, age band, district, count)."""
    rows = [
        (as_of, service, FIRST + timedelta(weeks=week), age, place, "outstanding", n)
        for service, week, age, place, n in cells
    ]
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def weekly(hours: list[float] | np.ndarray) -> pl.DataFrame:
    weeks = [FIRST + timedelta(weeks=i) for i in range(len(hours))]
    return pl.DataFrame({"week": weeks, "hours": [float(h) for h in hours]})


@dataclass(frozen=True)
class Town:
    expiries: pl.DataFrame
    demand: pl.DataFrame
    capacity: pl.DataFrame

    @property
    def documents(self) -> int:
        return int(self.expiries["count"].sum())

    def plan(
        self, how: Response | None = None, *, seed: int = 0, **changes: object
    ) -> MailingPlan:
        return plan(
            self.expiries,
            self.demand,
            self.capacity,
            how or response(),
            policy(**changes),
            seed=seed,
        )


def crest_town(
    *, weeks: int = 40, level: float = 150, crest: float = 3.0, seed: int = 1
) -> Town:
    """Two services whose expiries have a crest in week 24; capacity above the median."""
    random = np.random.default_rng(seed)
    cells = []
    for service in ("passport", "licence"):
        for week in range(-7, weeks + 30):
            height = level * (1 + crest * np.exp(-(((week - 24) / 2.5) ** 2)))
            for age in ("18-34", "35-64", "65+"):
                for place in ("A", "B", "C"):
                    n = int(random.poisson(height / 9))
                    cells.append((service, week, age, place, n))
    expiries = stock(cells)
    hours = renewal_hours(expiries, weeks) + 60
    capacity = np.full(weeks, 1.15 * np.median(hours))
    return Town(expiries, weekly(hours), weekly(capacity))


def renewal_hours(expiries: pl.DataFrame, weeks: int) -> np.ndarray:
    """Hours that the renewals of a stock bring per week, without letters."""
    how = response()
    known = (AS_OF - timedelta(days=AS_OF.weekday()) - FIRST).days // 7
    total = np.zeros(weeks)
    for row in expiries.iter_rows(named=True):
        timing = how.timing_of(row["service"], row["age_band"])
        expiry = (row["expiry_week"] - FIRST).days // 7
        visits = expected_visits(timing, expiry, known, weeks)
        work = counter_hours(visits, how.document_of(row["service"]))
        total += row["count"] * work
    return total
