"""A week of a team in quarter-hours: people needed, rostered, and what came of them."""

from dataclasses import dataclass
from datetime import date

import polars as pl

from dashboard.charts.slots import week_chart
from dashboard.charts.tables import Table
from dashboard.pages.view import (
    View,
    heading,
    read,
    show_chart,
    show_data,
    show_missing,
)
from dashboard.queries import chain, slots
from forecasting.calendar import parse_week
from forecasting.records import RunRecord
from staffing.standards import Standard


@dataclass(frozen=True)
class Look:
    """The team and week that a reader looks at, and what is stored of them.

    `need` is what the requirement asks, `cover` and `sim` roster and simulation, empty
    where these have not run; `waits` marks work that can wait, without a standard.
    """

    run: RunRecord
    location: str
    skill: str
    week: str
    standard: Standard | None
    waits: bool
    need: pl.DataFrame
    cover: pl.DataFrame
    sim: pl.DataFrame

    @property
    def monday(self) -> date:
        """The Monday of the week."""
        return parse_week(self.week)


def beside(
    view: View, location: str, skill: str, week: str
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Coverage and simulation of the week, empty when these have not run."""
    monday = parse_week(week)
    found = []
    for kind, query in (("roster", slots.coverage), ("simulate", slots.simulated)):
        run = chain.newest_run(view.workspace, kind, week=week)
        rows = None if run is None else read(view, query, run, monday, view.zone)
        found.append(
            pl.DataFrame() if rows is None else slots.only(rows, location, skill)
        )
    return found[0], found[1]


def _say_missing(view: View, look: Look) -> None:
    if look.waits:
        show_missing(view, "slots.waits")
    if look.cover.is_empty():
        show_missing(view, "slots.no_roster")
    elif look.sim.is_empty() and not look.waits:
        show_missing(view, "slots.no_simulation")


def draw_slots(view: View, look: Look) -> None:
    """What is missing, the chart, and the figures behind it."""
    heading(view.words("slots.table"))
    _say_missing(view, look)
    need, cover, sim = look.need, look.cover, look.sim
    target = look.standard.target if look.standard else None
    chart = week_chart(need, cover, sim, target, view.words)
    show_chart(chart, alt=_alt(view, look), key="week")
    show_data(view, _week_table(view, need, cover, sim))


def _alt(view: View, look: Look) -> str:
    words, needed = view.words, look.need["required"].to_list()
    told = words("slots.alt", low=min(needed), high=max(needed))
    if look.sim.is_empty() or look.standard is None:
        return told
    target = look.standard.target
    said = {
        "below": look.sim.filter(pl.col("share") < target).height,
        "slots": look.sim.height,
        "target": words.share(target),
    }
    return f"{told} {words('slots.alt_share', **said)}"


def _week_table(
    view: View, need: pl.DataFrame, cover: pl.DataFrame, sim: pl.DataFrame
) -> Table:
    words = view.words
    rows = need.select("local", "offered", "required", "late")
    wanted = ((cover, "rostered"), (sim, "share"))
    for frame, name in wanted:
        if frame.is_empty():
            rows = rows.with_columns(pl.lit(None, pl.Float64).alias(name))
        else:
            rows = rows.join(frame.select("local", name), on="local", how="left")
    names = ("slot", "offered", "required", "late", "rostered", "share")
    body = [
        [
            f"{words.short_day(row['local'])} {row['local']:%H:%M}",
            words.number(row["offered"], 1),
            words.number(row["required"]),
            words.number(row["late"], 2),
            words.number(row["rostered"]),
            words.share(row["share"]),
        ]
        for row in rows.sort("local").to_dicts()
    ]
    heads = [words(f"slots.column_{name}") for name in names]
    return Table(words("slots.table"), heads, body, frozenset(range(1, 6)))
