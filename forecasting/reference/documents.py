"""Visits for documents: applications, online renewals, collections."""

from datetime import date, timedelta

import numpy as np

from forecasting.calendar import monday
from forecasting.catalogue import Catalogue
from forecasting.reference.assumptions import Document
from forecasting.reference.cohorts import Cohorts, Inflow, rush_by_week, simulate
from forecasting.reference.days import shock_factor, weekday_factor
from forecasting.reference.setting import Series, Setting, share_over_time
from forecasting.reference.streams import Counts, Numbers, gamma_factors, stream


def live_documents(
    setting: Setting, document: Document, catalogue: Catalogue
) -> Cohorts:
    """Run the cohorts of a document under the conditions of the place."""
    policy, days = setting.policy, setting.days
    first = monday(policy.warm_up)
    weeks = ((days.first - first).days + days.number) // 7
    rng = stream(setting.seed, f"cohorts/{document.service}")
    shares = np.array(policy.band_shares.values)
    population = setting.place.population * shares
    growth = (1 + policy.growth_a_year.value) ** (np.arange(weeks) / 52.18)
    first_documents = np.array(document.first_per_1000) * population / 1000 / 52.18
    surges = [s for s in policy.surge if s.service == document.service]
    scale = setting.place.population / policy.national_population
    inflow = Inflow(
        pressure=_pressure(setting, document.service, first, weeks, rng),
        first_documents=growth[:, None]
        * first_documents
        * setting.truth.level[document.service],
        rush=rush_by_week(surges, first, weeks, scale, shares),
    )
    return simulate(
        document,
        catalogue.services[document.service],
        setting.truth.renewal[document.service],
        inflow,
        population=population * setting.truth.level[document.service],
        first=first,
        as_of=quarter_ends(days.start, days.until),
        rng=rng,
    )


def _pressure(
    setting: Setting, service: str, first: date, weeks: int, rng: np.random.Generator
) -> Numbers:
    """Per week: season, shocks, open days and chance, as a factor on applications."""
    middles = [first + timedelta(weeks=i, days=2) for i in range(weeks)]
    day_of_year = np.array([day.timetuple().tm_yday for day in middles])
    season = np.ones(weeks)
    for bump in setting.policy.bump:
        away = (day_of_year - bump.day_of_year + 182) % 365 - 182
        season += bump.height * np.exp(-0.5 * (away / bump.width_days) ** 2)
    noise = gamma_factors(rng, setting.policy.figure["week_cv"].value, weeks)
    shocks = _weekly_shocks(setting, service, middles)
    pressure: Numbers = season * shocks * noise * _open_part(setting, weeks)
    return pressure


def _weekly_shocks(setting: Setting, service: str, wednesdays: list[date]) -> Numbers:
    """The mean over the working days of each week of what shocks do to applications."""
    working_days = [
        [wednesday + timedelta(days=shift) for wednesday in wednesdays]
        for shift in range(-2, 3)
    ]
    shocks = setting.policy.shock
    factors = [shock_factor(shocks, d, service, "appointment") for d in working_days]
    mean: Numbers = np.mean(factors, axis=0)
    return mean


def _open_part(setting: Setting, weeks: int) -> Numbers:
    """Part of the usual opening time per week (1 before the history); some is made up."""
    open_time = setting.opening_weights().sum(axis=1).reshape(-1, 7).sum(axis=1)
    part = np.ones(weeks)
    part[weeks - len(open_time) :] = (open_time / np.median(open_time)) ** 0.7
    return part


def document_contacts(
    setting: Setting, document: Document, lived: Cohorts
) -> dict[Series, Counts]:
    """Applications, online renewals and the collections that follow them."""
    rng = stream(setting.seed, f"days/{document.service}")
    days, service = setting.days, document.service
    weeks = lived.since(days.first)
    renewals = lived.renewals[weeks].sum(axis=1)
    share = share_over_time(document.online_share, days)[::7]
    online = rng.binomial(renewals, share)
    visits = renewals - online + lived.others[weeks].sum(axis=1)
    cv = setting.policy.figure["day_cv"].value
    at_counter = _spread(visits, setting.opening_weights(), cv, rng)
    anywhere = weekday_factor(setting.policy, "online", days)[:, None]
    by_day = _spread(online, anywhere, cv, rng)[:, 0]
    found = {
        Series(location, service, "application", "appointment"): at_counter[:, i]
        for i, location in enumerate(setting.locations())
    }
    if any(document.online_share):
        found[Series(setting.place.desk, service, "renewal", "online")] = by_day
    shares = np.array(list(setting.locations().values()))
    applied = at_counter + rng.multinomial(by_day, shares)
    for i, location in enumerate(setting.locations()):
        key = Series(location, service, "collection", "walk_in")
        found[key] = _collections(setting, location, applied[:, i], rng)
    return found


def _collections(
    setting: Setting, location: str, applied: Counts, rng: np.random.Generator
) -> Counts:
    """Second visits, a number of open days after the application, less home delivery."""
    to_collect = rng.binomial(applied, 1 - setting.truth["home_delivery"])
    lags = np.array(setting.policy.collection_days.values)
    by_lag = rng.multinomial(to_collect, lags / lags.sum())
    open_days = np.flatnonzero(setting.days.is_open(location, "counter"))
    place = np.searchsorted(open_days, np.arange(len(applied)), side="right") - 1
    found = np.zeros(len(applied), dtype=np.int64)
    for lag in range(lags.size):
        target = place + lag
        known = target < open_days.size
        np.add.at(found, open_days[np.maximum(target[known], 0)], by_lag[known, lag])
    return found


def _spread(
    weekly: Counts, weights: Numbers, cv: float, rng: np.random.Generator
) -> Counts:
    """Share out weekly totals over days and columns: weights with overdispersion.

    `weekly` has a number per week, `weights` days x columns; a total stays what it was.
    """
    noisy = weights * gamma_factors(rng, cv, weights.shape)
    by_week = noisy.reshape(len(weekly), -1)
    total = by_week.sum(axis=1, keepdims=True)
    even = np.full_like(by_week, 1 / by_week.shape[1])
    chances = np.divide(by_week, total, out=even, where=total > 0)
    counts = rng.multinomial(np.where(total[:, 0] > 0, weekly, 0), chances)
    shared: Counts = counts.reshape(weights.shape)
    return shared


def quarter_ends(start: date, until: date) -> list[date]:
    """The last day of each quarter from the end of the first year on, and `until`."""
    ends = [
        date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
        for year in range(start.year, until.year + 1)
        for month in (3, 6, 9, 12)
    ]
    first = date(start.year, 12, 31)
    return [day for day in ends if first <= day < until] + [until]
