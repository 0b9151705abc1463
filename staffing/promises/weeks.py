"""Days of a promise become whole weeks, each with its interval and a verdict."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import polars as pl

from staffing.promises.sampling import Days, Interval, Numbers, intervals
from staffing.promises.tables import PromiseWeeks
from staffing.standards import Promises

MONDAY = date(1900, 1, 1)
CONFIDENCE = 0.95


@dataclass(frozen=True)
class Aim:
    """What a promise asks: a share, at least or (`at_most`) no more than that."""

    promise: str
    target: float
    at_most: bool = False

    def verdict(self, low: float, high: float) -> str:
        """What an interval says: "kept" or "missed" where all of it does, or "unclear"."""
        if not np.isfinite(low):
            return "unclear"
        above, below = low >= self.target, high < self.target
        if self.at_most:
            above, below = high <= self.target, low > self.target
        return "kept" if above else "missed" if below else "unclear"


@dataclass(frozen=True)
class Span:
    """Which weeks to tell: whole ones of the `weeks` up to and with the Monday `last`.

    `is_whole` says of a location and a Monday whether the sources tell of all of it,
    `open_days` how many days it was open.
    """

    last: date
    weeks: int
    is_whole: Callable[[str, date], bool]
    open_days: Callable[[str, date], int]

    @property
    def first(self) -> date:
        """The Monday of the first week."""
        return self.last - timedelta(weeks=self.weeks - 1)


def promise_weeks(
    days: pl.DataFrame,
    aim: Aim,
    span: Span,
    policy: Promises,
    notes: Mapping[str, str] | None = None,
) -> pl.DataFrame:
    """The `PromiseWeeks` of one promise, from its `PromiseDays`.

    Only whole weeks are told and learned from; those before the span are learned from.
    `notes` says of locations why what is known there does not measure the promise.
    """
    said = notes or {}
    parts = days.sort("day").partition_by("location", as_dict=True)
    rows = [
        row
        for (location,), own in sorted(parts.items())
        for row in _of_location(str(location), own, aim, span, policy, said)
    ]
    schema = PromiseWeeks.create_empty().schema
    return PromiseWeeks.validate(pl.DataFrame(rows, schema=schema))


def _of_location(
    location: str,
    days: pl.DataFrame,
    aim: Aim,
    span: Span,
    policy: Promises,
    notes: Mapping[str, str],
) -> list[dict[str, object]]:
    note = notes.get(location)
    whole = [
        week
        for week in days["day"].dt.truncate("1w").unique().sort().to_list()
        if week <= span.last and span.is_whole(location, week)
    ]
    rows = days.filter(pl.col("day").dt.truncate("1w").is_in(whole))
    shares = _intervals(rows, "asked", "hits", policy)
    means = _intervals(rows, "measured", "amount", policy)
    return [
        {
            "promise": aim.promise, "location": location, "week": week,
            **_counts(rows, week),
            "open_days": span.open_days(location, week),
            "target": aim.target, "note": note,
            **_judged(shares.get(_number(week)), aim, note),
            **_mean(means.get(_number(week))),
        } | _hidden(rows, week, policy.least)
        for week in whole
        if week >= span.first
    ]  # fmt: skip


def _intervals(
    rows: pl.DataFrame, size: str, total: str, policy: Promises
) -> dict[int, Interval]:
    days = Days(
        np.array([_number(day) for day in rows["day"]], dtype=np.int64),
        rows["day"].dt.weekday().cast(pl.Int64).to_numpy(),
        _values(rows[size]),
        _values(rows[total]),
    )
    return intervals(
        days,
        weeks=policy.weeks_alike,
        confidence=CONFIDENCE,
        share=total == "hits",
    )


def _values(column: pl.Series) -> Numbers:
    return column.cast(pl.Float64).to_numpy()


def _number(day: date) -> int:
    """The number of the week of a day: successive weeks have successive numbers."""
    return (day - MONDAY).days // 7


def _of_week(rows: pl.DataFrame, week: date) -> pl.DataFrame:
    end = week + timedelta(days=6)
    return rows.filter(pl.col("day").is_between(week, end), pl.col("asked") > 0)


def _counts(rows: pl.DataFrame, week: date) -> dict[str, object]:
    own = _of_week(rows, week)
    return {
        "asked": float(own["asked"].sum()),
        "hits": float(own["hits"].sum()),
        "days": own.height,
    }


def _judged(found: Interval | None, aim: Aim, note: str | None) -> dict[str, object]:
    if found is None:
        return {"share": None, "low": None, "high": None, "verdict": "few"}
    verdict = aim.verdict(found.low, found.high) if note is None else "unjudged"
    bounds = {"low": _known(found.low), "high": _known(found.high)}
    return {"share": found.middle, **bounds, "verdict": verdict}


def _mean(found: Interval | None) -> dict[str, object]:
    if found is None:
        return {"mean": None, "mean_low": None, "mean_high": None}
    bounds = {"mean_low": _known(found.low), "mean_high": _known(found.high)}
    return {"mean": found.middle, **bounds}


def _known(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def _hidden(rows: pl.DataFrame, week: date, least: int) -> dict[str, object]:
    """What is not told of a week with few contacts, since they may be known persons."""
    if float(_of_week(rows, week)["asked"].sum()) >= least:
        return {}
    names = ("asked", "hits", "share", "low", "high", "mean", "mean_low", "mean_high")
    return {**dict.fromkeys(names), "verdict": "few"}
