"""Days side by side on one axis, each as wide as the hours it has.

One axis for a week is drawn several times faster than a panel per day: a browser and
Plotly take most of their time for axes.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

import polars as pl

from dashboard.charts.template import MUTED
from dashboard.labels.words import Words

QUARTER = timedelta(minutes=15)
BETWEEN = 0.8
"""Hours of white between two days."""
EVERY = 3
"""Hours between two that are named below the axis."""


@dataclass(frozen=True)
class Days:
    """Where each day begins on the axis, in hours, and its first and last hour."""

    begins: dict[date, float]
    hours: dict[date, tuple[float, float]]

    @classmethod
    def of(cls, times: Iterable[datetime]) -> "Days":
        """The days of quarter-hours that are told by their beginning."""
        hours: dict[date, tuple[float, float]] = {}
        for at in sorted(times):
            first, _ = hours.get(at.date(), (_hour(at), 0.0))
            hours[at.date()] = first, _hour(at) + 0.25
        begins, place = {}, 0.0
        for day, (first, last) in hours.items():
            begins[day] = place
            place += last - first + BETWEEN
        return cls(begins, hours)

    def at(self, moment: datetime) -> float:
        """The place of a moment of one of the days."""
        day = moment.date()
        return self.begins[day] + _hour(moment) - self.hours[day][0]

    def axis(self, words: Words) -> dict[str, object]:
        """An axis with hours below each day, so short that a telephone has room."""
        ticks = [
            (begin + hour - self.hours[day][0], str(hour))
            for day, begin in self.begins.items()
            for hour in range(24)
            if hour % EVERY == 0 and self.hours[day][0] <= hour <= self.hours[day][1]
        ]
        return {
            "title": {
                "text": words("slots.axis_hour"),
                "font": {"size": 13},
                "standoff": 6,
            },
            "ticks": "outside",
            "tickmode": "array",
            "tickvals": [place for place, _ in ticks],
            "ticktext": [text for _, text in ticks],
            "tickangle": 0,
            "tickfont": {"size": 11},
            "range": [-BETWEEN / 2, self._end + BETWEEN / 2],
            "fixedrange": True,
            "showgrid": False,
            "zeroline": False,
            "linecolor": MUTED,
        }

    def titles(self, words: Words, axis: str = "x") -> list[dict[str, object]]:
        """Weekday and date above each day, below each other so that they fit."""
        return [
            {
                "text": f"{words.weekday(day)}<br>{day.day} {words.month(day)}",
                "x": begin + (self.hours[day][1] - self.hours[day][0]) / 2,
                "xref": axis,
                "y": 1,
                "yref": "paper",
                "yanchor": "bottom",
                "showarrow": False,
                "font": {"size": 13},
            }
            for day, begin in self.begins.items()
        ]

    def steps(
        self,
        times: Sequence[datetime],
        values: Sequence[float],
        between: float | None = None,
    ) -> tuple[list[float], list[float | None], list[str]]:
        """Places, heights and clock times of a step line, each quarter-hour to its end.

        From one stretch to the next the line is at `between`, or not drawn. An area
        wants 0 there: Plotly fills it across what is not drawn.
        """
        points: list[tuple[float, float | None, datetime]] = []
        for stretch in _stretches(zip(times, values, strict=True)):
            (first, _), (last, value) = stretch[0], stretch[-1]
            end = self.at(last) + 0.25
            if between is not None:
                points.append((self.at(first), between, first))
            points += [(self.at(at), height, at) for at, height in stretch]
            points += [(end, height, last + QUARTER) for height in (value, between)]
        told = [f"{at:%H:%M}" for _, _, at in points]
        return [one[0] for one in points], [one[1] for one in points], told

    @property
    def _end(self) -> float:
        last = max(self.begins, default=None)
        if last is None:
            return 0.0
        first_hour, last_hour = self.hours[last]
        return self.begins[last] + last_hour - first_hour


def step_line(
    rows: pl.DataFrame,
    days: Days,
    name: str,
    style: Mapping[str, Any],
    words: Words,
) -> dict[str, Any]:
    """People of the column `name` per quarter-hour; an area comes down between days."""
    values = [float(value) for value in rows[name].to_list()]
    between = 0.0 if "fill" in style else None
    places, heights, told = days.steps(rows["local"].to_list(), values, between)
    return {
        "type": "scatter",
        "x": places,
        "y": heights,
        "customdata": told,
        "hovertemplate": "%{customdata}: %{y:.0f}",
        "name": words(f"slots.{name}"),
        "mode": "lines",
        **style,
    }


def moments(rows: pl.DataFrame, days: Days) -> list[float]:
    """The middle of each quarter-hour of `local`."""
    return [days.at(at) + 0.125 for at in rows["local"].to_list()]


def _stretches(
    points: Iterable[tuple[datetime, float]],
) -> list[list[tuple[datetime, float]]]:
    """Quarter-hours of one day that follow each other, together."""
    numbered = enumerate(points)
    parts = groupby(
        numbered, lambda one: (one[1][0].date(), one[1][0] - one[0] * QUARTER)
    )
    return [[point for _, point in part] for _, part in parts]


def _hour(at: datetime) -> float:
    return at.hour + at.minute / 60
