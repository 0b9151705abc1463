"""What a plan may be asked with: each refusal names the row and the remedy."""

from datetime import date, timedelta
from typing import NoReturn

import polars as pl
from dataframely.exc import SchemaError, ValidationError

from forecasting.calendar import monday
from forecasting.errors import InputError
from forecasting.tables import Expiries
from staffing.reminders.curve import fit_curve
from staffing.reminders.load import Load, futures_of
from staffing.reminders.policy import MailingPolicy
from staffing.reminders.response import Response
from staffing.reminders.weeks import Weeks


def checked_stock(
    expiries: pl.DataFrame, response: Response, policy: MailingPolicy
) -> pl.DataFrame:
    """The documents outstanding on the newest `as_of`, of services that are known.

    Raises:
        InputError: a negative stock, an expiry before `as_of`, a cohort without service
            or timing, a lead longer than the validity, or nothing outstanding.
    """
    _require(expiries, Expiries.column_names(), "expiries")
    rows = expiries.with_row_index("row", offset=1)
    _refuse(rows, pl.col("service").fill_null("") == "", "a service", "service")
    _refuse(rows, pl.col("count").fill_null(-1) < 0, "a count of 0 or more", "count")
    outstanding = rows.filter(pl.col("basis") == "outstanding")
    newest = outstanding.filter(pl.col("as_of") == pl.col("as_of").max())
    if newest.is_empty():
        raise InputError(
            "expected documents outstanding, found none",
            remedy="Export the stock with basis 'outstanding'.",
        )
    past = pl.col("expiry_week") < monday(newest.item(0, "as_of"))
    _refuse(newest, past, "an expiry in the week of as_of or later", "expiry_week")
    _refuse_long_leads(newest, response, policy)
    return _typed(newest.drop("row"))


def _refuse_long_leads(
    rows: pl.DataFrame, response: Response, policy: MailingPolicy
) -> None:
    for service in rows["service"].unique().sort():
        valid = response.document_of(service).validity_weeks
        if policy.earliest_lead_weeks >= valid:
            wanted = f"a lead shorter than the validity of {valid} weeks"
            _refuse(rows, pl.col("service") == service, wanted, "service")


def _typed(frame: pl.DataFrame) -> pl.DataFrame:
    try:
        return Expiries.validate(frame.select(Expiries.column_names()), cast=True)
    except (SchemaError, ValidationError) as error:
        raise InputError(f"expected expiries by cohort; {error}") from error


def checked_load(
    demand: pl.DataFrame, capacity: pl.DataFrame, seed: int
) -> tuple[Weeks, Load]:
    """The weeks of a plan and their load.

    Raises:
        InputError: a column or week is missing, double or no Monday; negative hours.
    """
    _require(demand, ["week", "hours"], "demand")
    _require(capacity, ["week", "hours"], "capacity")
    load = demand.sort("week")
    _check_hours(load, "demand")
    _check_hours(capacity, "capacity")
    weeks = _consecutive(load["week"].to_list())
    staff = "staff_hours" if "staff_hours" in capacity.columns else None
    at_hand = capacity.select(
        "week",
        capacity="hours",
        staff=pl.lit(None, pl.Float64) if staff is None else pl.col(staff),
    )
    both = load.join(at_hand, on="week", how="left", maintain_order="left")
    _refuse(_numbered(both), pl.col("capacity").is_null(), "capacity", "week")
    hours = both["hours"].cast(pl.Float64).to_numpy()
    wanted = both["staff"].cast(pl.Float64).fill_null(float("nan")).to_numpy()
    return weeks, Load(
        hours=hours,
        capacity=both["capacity"].cast(pl.Float64).to_numpy(),
        futures=futures_of(load, seed),
        staff=fit_curve(hours, wanted),
    )


def week_of_stock(stock: pl.DataFrame, weeks: Weeks) -> int:
    """The week number of the stock's `as_of`: not after the first week of the plan.

    Raises:
        InputError: letters would be planned for weeks before the stock was known.
    """
    as_of: date = stock.item(0, "as_of")
    known = weeks.index(monday(as_of))
    if known > 0:
        raise InputError(
            f"expected demand from the week of as_of {as_of} on, came {weeks.first}",
            column="week",
        )
    return known


def _check_hours(frame: pl.DataFrame, name: str) -> None:
    rows = _numbered(frame)
    sound = pl.col("hours").is_finite() & (pl.col("hours") >= 0)
    _refuse(rows, ~sound.fill_null(value=False), f"{name} of 0 hours or more", "hours")
    _refuse(rows, pl.col("week").is_duplicated(), f"each {name} week once", "week")


def _consecutive(days: list[date]) -> Weeks:
    if not days:
        raise InputError("expected demand for at least one week, found none")
    if days[0] != monday(days[0]):
        raise InputError(f"expected a Monday, came {days[0]}", column="week")
    for number, day in enumerate(days):
        if day != days[0] + timedelta(weeks=number):
            raise InputError(
                f"expected demand for each week, found {day} after {days[number - 1]}",
                column="week",
            )
    return Weeks(days[0], len(days))


def _numbered(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.with_row_index("row", offset=1)


def _require(frame: pl.DataFrame, columns: list[str], name: str) -> None:
    for column in columns:
        if column not in frame.columns:
            raise InputError(f"expected {name} with a column '{column}', found none")


def _refuse(rows: pl.DataFrame, bad: pl.Expr, expected: str, column: str) -> None:
    found = rows.filter(bad)
    if not found.is_empty():
        _name_row(found.row(0, named=True), expected, column)


def _name_row(row: dict[str, object], expected: str, column: str) -> NoReturn:
    shown = ", ".join(f"{k} {v}" for k, v in row.items() if k not in ("row", "count"))
    problem = f"row {row['row']}: expected {expected}, came {row[column]} ({shown})"
    raise InputError(problem, column=column)
