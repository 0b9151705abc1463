"""Who is there beside appointments, and what else they are needed for."""

from datetime import date, timedelta

import polars as pl

from forecasting.catalogue import Catalogue
from forecasting.tables import split_series
from staffing import store
from staffing.agenda import Supply
from staffing.agenda.at_hand import Hours, hours_by_day
from staffing.agenda.supplying import Key, by_slot
from staffing.pipeline.agenda_inputs import APPLICATION, BOOKED, AgendaInputs
from staffing.requirement import requirement
from staffing.staff_tables import People
from staffing.standards import Standards
from staffing.workload import capacity_hours
from staffing.workload.periods import days_of_periods

WALK_IN = "walk_in"
AFTER = timedelta(weeks=3)
"""Days after an agenda on which its last visits may be planned."""


def supply_of(inputs: AgendaInputs) -> Supply:
    """Walk-ins, people at hand, rosters and limits beside an agenda."""
    workspace = inputs.workspace
    return Supply(
        calendar=store.calendar(workspace),
        limits=store.limits(workspace),
        desk_skills=desk_skills(inputs.catalogue),
        walk_ins=_walk_ins(inputs),
        at_hand=_at_hand(inputs),
        rostered=_rostered(inputs),
        ordered=_ordered(inputs),
    )


def _at_hand(inputs: AgendaInputs) -> Hours:
    """Hours of people at work, whatever printers let through: that is a limit apart."""
    workspace = inputs.workspace
    known = workspace.has_imported("people")
    people = store.people(workspace) if known else People.create_empty()
    away = store.availability(workspace)
    asked = workspace.table(inputs.requirement_run, "weekly_load").collect()
    load = capacity_hours(
        people,
        away,
        asked.select("location", "skill", "week", "hours"),
        store.calendar(workspace),
        shrinkage=inputs.standards.lost,
        shared=inputs.shared,
    )
    return hours_by_day(load, people, away, store.calendar(workspace))


def desk_skills(catalogue: Catalogue) -> frozenset[str]:
    """The skills that receive people, each at a desk."""
    steps = (step for service in catalogue.service for step in service.step)
    return frozenset(
        step.skill for step in steps if {BOOKED, WALK_IN} & set(step.channels)
    )


def _walk_ins(inputs: AgendaInputs) -> dict[Key, float]:
    """People at work whom walk-ins need by the standard of their skill.

    Without its minimum presence: who is there for appointments is present too.
    """
    here = pl.col("skill").is_in(sorted(desk_skills(inputs.catalogue)))
    work = inputs.work.filter(~pl.col("booked"), ~pl.col("waits"), here)
    if work.is_empty():
        return {}
    inside = inputs.workload_of(work).filter(pl.col("day") <= inputs.last + AFTER)
    alone = _without_minimum(inputs.standards)
    futures = inputs.futures(work, inputs.drawn(inputs.seed))
    chosen = requirement(inside, alone, futures, seed=inputs.seed).filter("chosen")
    needed = chosen.with_columns(pl.col("people") * inputs.standards.at_work)
    return by_slot(needed, "people")


def _without_minimum(standards: Standards) -> Standards:
    alone = {
        skill: standard.model_copy(update={"minimum_people": 0})
        for skill, standard in standards.skill.items()
    }
    return standards.model_copy(update={"skill": alone})


def _rostered(inputs: AgendaInputs) -> dict[Key, float]:
    found: dict[Key, float] = {}
    for run in inputs.rosters:
        cover = inputs.workspace.table(run, "coverage").collect()
        there = pl.col("rostered") * inputs.standards.at_work
        found |= by_slot(cover.with_columns(there), "rostered")
    return found


def _ordered(inputs: AgendaInputs) -> dict[tuple[str, date], float]:
    """Documents that walk-ins are expected to order, per location and day."""
    part = split_series().struct
    papers = [s.id for s in inputs.catalogue.service if s.expires]
    rows = inputs.forecast.filter(
        part.field("channel") == WALK_IN,
        part.field("step") == APPLICATION,
        part.field("service").is_in(papers),
    ).with_row_index("row")
    daily = days_of_periods(rows).with_columns(
        pl.col("mean") / pl.len().over("row"), part.field("location")
    )
    sums = daily.group_by("location", "day").agg(pl.col("mean").sum())
    return {(place, day): mean for place, day, mean in sums.iter_rows()}
