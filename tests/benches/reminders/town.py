"""The reference municipality around the crest: its stock, a load with futures, a policy.

The stock is that of the reference municipality at the end of September 2026: passports,
identity cards and licences by week, six age bands and ten districts. The load of the 60
weeks from 23 November on is what the renewal of these documents asks for, by the timing
that ships, and as much other work at the counter, with the seasons of the reference
municipality (before the May holiday and before summer, August, December). Its futures differ from it by
errors that weeks share and errors of their own, together 8%. Capacity is 1.1 times the
median week.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import numpy as np
import polars as pl

from forecasting.calendar import Calendar, monday
from forecasting.catalogue import Catalogue
from forecasting.policy import load_policy
from forecasting.reference.assumptions import default_policy
from forecasting.reference.demand import build_world
from forecasting.reference.stock import make_stock
from forecasting.settings import shipped
from staffing.reminders import MailingPolicy, ReminderSettings, Response
from staffing.reminders.moving import collection_shares, counter_hours, expected_visits
from staffing.reminders.timing import Timing

AS_OF = date(2026, 9, 30)
FIRST = date(2026, 11, 23)
WEEKS = 60
FUTURES = 200
ERROR = 0.08
ROOM = 1.1


@dataclass(frozen=True)
class Town:
    """What a mailing plan is made of."""

    expiries: pl.DataFrame
    hours: np.ndarray
    other: np.ndarray
    futures: np.ndarray
    capacity: np.ndarray
    response: Response
    policy: MailingPolicy

    @property
    def weeks(self) -> list[date]:
        """The Mondays of the plan."""
        return [FIRST + timedelta(weeks=week) for week in range(WEEKS)]

    @property
    def demand(self) -> pl.DataFrame:
        """The load as a plan takes it, with its futures."""
        samples = [row.tolist() for row in self.futures.T]
        told = {"week": self.weeks, "hours": self.hours, "hours_samples": samples}
        return pl.DataFrame(told)

    @property
    def at_hand(self) -> pl.DataFrame:
        """The capacity as a plan takes it."""
        return pl.DataFrame({"week": self.weeks, "hours": self.capacity})


@cache
def reference_town(seed: int = 0) -> Town:
    """The town of a seed; the same seed gives the same."""
    settings = load_policy(_config() / "reminders.toml", ReminderSettings)
    catalogue = load_policy(_config() / "catalogue.toml", Catalogue)
    response = settings.response.with_documents(catalogue)
    expiries = _stock(seed, catalogue)
    renewals = _renewal_hours(expiries, response, settings.plan.production_days)
    other = renewals.mean() * _season()
    hours = renewals + other
    random = np.random.default_rng([seed, 1])
    noise = ERROR * np.sqrt(0.5)
    shared = random.normal(0, noise, (FUTURES, 1))
    futures = hours * np.exp(shared + random.normal(0, noise, (FUTURES, WEEKS)))
    futures *= hours / futures.mean(axis=0)
    capacity = np.full(WEEKS, ROOM * np.median(hours))
    return Town(expiries, hours, other, futures, capacity, response, settings.plan)


def with_letters_for(town: Town, times: float) -> Town:
    """The town with so many times the letters a week and in all."""
    policy = town.policy
    changed = {
        "weekly_quota": round(times * policy.weekly_quota),
        "budget": round(times * policy.budget),
    }
    return replace(town, policy=policy.model_copy(update=changed))


def with_timing(town: Town, timing: tuple[Timing, ...]) -> Town:
    """The town with other times of renewal, and the same load: other work is the rest.

    Where renewals alone would be more than the load, the load is as much more.
    """
    response = town.response.model_copy(update={"timing": timing})
    days = town.policy.production_days
    renewals = _renewal_hours(town.expiries, response, days)
    return replace(town, response=response, other=np.maximum(0, town.hours - renewals))


def _config() -> Path:
    return shipped("config", "config")


def _season() -> np.ndarray:
    """The reference municipality's rises and falls around days of the year, by week."""
    days = [
        (FIRST + timedelta(weeks=w, days=2)).timetuple().tm_yday for w in range(WEEKS)
    ]
    season = np.ones(WEEKS)
    for bump in default_policy().bump:
        apart = (np.array(days) - bump.day_of_year + 182) % 365 - 182
        season += bump.height * np.exp(-0.5 * (apart / bump.width_days) ** 2)
    return season


def _stock(seed: int, catalogue: Catalogue) -> pl.DataFrame:
    policy = default_policy()
    calendar = load_policy(_config() / "calendar.toml", Calendar)
    place = policy.places["town"]
    world = build_world(place, policy, calendar, catalogue, until=AS_OF, seed=seed)
    listed = make_stock(world).filter(pl.col("Peildatum") == AS_OF)
    ids = {service.name_nl: service.id for service in catalogue.service}
    return listed.select(
        as_of="Peildatum",
        service=pl.col("Document").replace_strict(ids),
        expiry_week=pl.col("Week van afloop").cast(pl.Date),
        age_band="Leeftijdsklasse",
        district="Wijk",
        basis="Soort",
        count="Aantal",
    ).filter(pl.col("expiry_week") >= monday(AS_OF))


def _renewal_hours(
    expiries: pl.DataFrame, response: Response, production_days: int
) -> np.ndarray:
    known = (AS_OF - timedelta(days=AS_OF.weekday()) - FIRST).days // 7
    kinds = ["service", "age_band", "expiry_week"]
    total = np.zeros(WEEKS)
    counts = expiries.group_by(kinds).agg(pl.col("count").sum()).sort(kinds)
    for service, band, week, count in counts.iter_rows():
        timing = response.timing_of(service, band)
        visits = expected_visits(timing, (week - FIRST).days // 7, known, WEEKS)
        document = response.document_of(service)
        shares = collection_shares(production_days)
        total += count * counter_hours(visits, document, shares)
    return total
