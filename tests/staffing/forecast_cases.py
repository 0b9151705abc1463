"""A small made-up forecast, calendar, catalogue and team that several tests share."""

from collections.abc import Mapping
from datetime import date, time, timedelta

import polars as pl

from forecasting.calendar import Calendar, Hours
from forecasting.catalogue import Catalogue, Service, Step
from forecasting.tables import SlotForecast, StoredForecast
from staffing.staff_tables import Absence, People, completed
from staffing.standards import NoShow, Shrinkage, Standard, Standards

MONDAY = date(2027, 1, 11)
CALLS = "hall/info/question/phone"
VISITS = "hall/info/visit/walk_in"
BOOKED = "hall/info/visit/appointment"
POST = "hall/info/post/online"

_OPEN = (time(9), time(12))


def calendar(opens: tuple[time, time] = _OPEN) -> Calendar:
    hours = Hours(
        location="hall", skills=("phone", "counter", "back_office"),
        mon=opens, tue=opens, wed=opens, thu=opens, fri=opens,
    )  # fmt: skip
    return Calendar(closed_holidays=("Christmas Day",), hours=(hours,))


def catalogue() -> Catalogue:
    steps = (
        Step(id="question", skill="phone", channels=("phone",), handling_s=240, source="t"),
        Step(
            id="visit", skill="counter", channels=("walk_in", "appointment"),
            handling_s=600, source="t",
        ),
        Step(
            id="post", skill="back_office", channels=("online",), handling_s=360,
            deferrable_days=2, source="t",
        ),
    )  # fmt: skip
    service = Service(id="info", name_nl="Info", name_en="Info", step=steps)
    return Catalogue(service=(service,))


def standards(shrinkage: float = 0.0) -> Standards:
    phone = Standard(
        target=0.8, threshold_s=25, patience_s=180, minimum_people=2, source="t"
    )
    counter = Standard(target=0.9, threshold_s=900, minimum_people=2, source="t")
    skills = {"phone": phone, "counter": counter}
    lost = {"sickness": Shrinkage(share=shrinkage, per="day", source="t")}
    no_show = NoShow(share=0.1, source="t")
    return Standards(skill=skills, shrinkage=lost, no_show=no_show)


def forecast(
    means: Mapping[str, float], *, days: int = 7, cadence: str = "day"
) -> pl.DataFrame:
    """The same mean every period, sd a tenth of it; weekdays only for days."""
    step = {"day": 1, "week": 7, "month": 31}[cadence]
    starts = [MONDAY + timedelta(days=i) for i in range(0, days, step)]
    rows = [
        {"series": series, "start": start, "mean": mean, "cadence": cadence,
         "method": "made up", "q05": mean * 0.84, "q10": mean * 0.87184,
         "q25": mean * 0.93, "q50": mean, "q75": mean * 1.067, "q90": mean * 1.12816,
         "q95": mean * 1.16}
        for series, mean in means.items()
        for start in starts
        if cadence != "day" or start.weekday() < 5 or series == POST
    ]  # fmt: skip
    return StoredForecast.validate(pl.DataFrame(rows, infer_schema_length=None))


def slots(means: Mapping[str, float], *, days: int = 7) -> pl.DataFrame:
    """A day's mean evenly over its twelve open quarter-hours."""
    rows = [
        {"series": series, "start": start, "mean": mean / 12, "cv": 0.1}
        for series, mean in means.items()
        for day in (MONDAY + timedelta(days=i) for i in range(days))
        for start in calendar().slots("hall", "phone", day)
    ]
    frame = pl.DataFrame(rows).with_columns(pl.col("start").dt.cast_time_unit("us"))
    return SlotForecast.validate(frame)


def people(*team: tuple[str, str, list[str]]) -> pl.DataFrame:
    """Staff of 36 hours on four days, by code, home and skills."""
    rows = [
        {"code": code, "label": code, "location": home, "contract_hours": 36.0,
         "working_days": ["mon", "tue", "wed", "thu"], "skills": skills}
        for code, home, skills in team
    ]  # fmt: skip
    return (
        People.validate(completed(People, pl.DataFrame(rows)))
        if rows
        else People.create_empty()
    )


def absence(*spells: tuple[str, date, date]) -> pl.DataFrame:
    rows = [{"code": c, "first": a, "last": b} for c, a, b in spells]
    return Absence.validate(pl.DataFrame(rows)) if rows else Absence.create_empty()
