"""Staff hours at hand per location, skill and week; no hour is counted twice."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache, partial

import numpy as np
import polars as pl
from numpy.typing import NDArray

from forecasting.calendar import Calendar
from staffing.supply.patterns import days_at_work, spells_by_person
from staffing.workload.opening import Place, open_hours, open_minutes

Floats = NDArray[np.float64]

ROUNDS = 60


def capacity_hours(
    people: pl.DataFrame,
    availability: pl.DataFrame,
    load: pl.DataFrame,
    calendar: Calendar,
    *,
    shrinkage: float,
    shared: Mapping[str, str] | None = None,
) -> pl.DataFrame:
    """`load` (`location, skill, week, hours`) with a column `hours_at_hand`.

    A person brings the hours of the pattern (or of the contract), less what is lost to
    absence and closure, at most the hours that the days worked are open, less shrinkage.
    `availability` is a table `Availability` or `Absence`. They go to the person's
    skills at the home location (elsewhere only when none of them is asked for at home)
    and to skills that locations have `shared`, at the location of their queue, divided so that skills which share people come to the same ratio of hours at hand to
    hours asked, as far as people allow: each round moves everybody's hours toward the
    skills that are shortest. Null: nobody can do it.
    """
    pairs = load.select("location", "skill").unique().sort("location", "skill")
    weeks = load["week"].unique().sort().to_list()
    able = _able(people, pairs, shared or {})
    places = [list(pairs.filter(pl.Series(can)).iter_rows()) for can in able]
    hours = _hours(people, places, availability, weeks, calendar) * (1 - shrinkage)
    given = _divide(hours, able, _asked(load, pairs, weeks))
    table = pairs.with_columns(
        pl.Series("hours_at_hand", given.T.tolist(), dtype=pl.List(pl.Float64)),
        pl.Series("someone", able.any(axis=0)),
        pl.lit(weeks, dtype=pl.List(pl.Date)).alias("week"),
    ).explode("week", "hours_at_hand")
    known = pl.when("someone").then("hours_at_hand").alias("hours_at_hand")
    keys = ["location", "skill", "week"]
    return load.join(table.select(*keys, known), on=keys, how="left").sort(keys)


def _able(
    people: pl.DataFrame, pairs: pl.DataFrame, shared: Mapping[str, str]
) -> NDArray[np.bool_]:
    """Who (rows) may serve which location and skill (columns), home first."""
    result = np.zeros((people.height, pairs.height), dtype=bool)
    joint = [shared.get(skill) == place for place, skill in pairs.iter_rows()]
    for i, person in enumerate(people.iter_rows(named=True)):
        skilled = pairs["skill"].is_in(person["skills"]).to_numpy()
        here = (pairs["location"] == person["location"]).to_numpy()
        home = skilled & (here | np.array(joint, dtype=bool))
        result[i] = home if home.any() else skilled
    return result


def _hours(
    people: pl.DataFrame,
    places: list[list[Place]],
    availability: pl.DataFrame,
    weeks: Sequence[date],
    calendar: Calendar,
) -> Floats:
    """Hours per week (rows) and person (columns), less days not worked.

    Contract hours beyond the opening of a person's places serve nobody there.
    """
    spells = spells_by_person(availability)
    open_on = cache(lambda i, day: open_hours(places[i], day, calendar))
    open_from = cache(lambda i, day: open_minutes(places[i], day, calendar))
    result = np.zeros((len(weeks), people.height))
    for i, person in enumerate(people.iter_rows(named=True)):
        own, opening = spells.get(person["code"], []), partial(open_from, i)
        for w, week in enumerate(weeks):
            days = days_at_work(person, week, own, opening)
            hours = sum(work.hours for day, work in days.items() if open_on(i, day))
            result[w, i] = min(hours, sum(open_on(i, day) for day in days))
    return result


def _asked(load: pl.DataFrame, pairs: pl.DataFrame, weeks: Sequence[date]) -> Floats:
    """Hours asked per week (rows) and pair (columns)."""
    grid = pairs.join(pl.DataFrame({"week": weeks}), how="cross")
    full = grid.join(load, on=["location", "skill", "week"], how="left")
    asked = full.sort("week", "location", "skill")["hours"].fill_null(0.0)
    return np.reshape(asked.to_numpy(), (len(weeks), pairs.height))


def _divide(hours: Floats, able: NDArray[np.bool_], asked: Floats) -> Floats:
    """Hours at hand per week and pair: people's hours levelled over what is asked."""
    pull, given = np.maximum(asked, 1e-9), np.zeros_like(asked)
    for _ in range(ROUNDS):
        weight = pull[:, None, :] * able
        total = np.maximum(weight.sum(axis=2, keepdims=True), 1e-300)
        given = (hours[:, :, None] * weight / total).sum(axis=1)
        short = asked / np.maximum(given, 1e-9)
        pull = np.clip(pull * np.where(given > 0, np.sqrt(short), 1), 1e-9, 1e12)
    return given
