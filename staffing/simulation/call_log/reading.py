"""Read a log of calls; rows that cannot be right are left out, counted by reason."""

from dataclasses import dataclass
from pathlib import Path

import dataframely as dy
import polars as pl

from forecasting.errors import InputError
from staffing.simulation.call_log.layout import CallLogLayout, Columns

REMEDY = "Name the log's own columns and separator in config/call_log.toml."


class Calls(dy.Schema):
    """Calls that asked for an agent. `agent` numbers heads within this reading only."""

    arrival = dy.Datetime(nullable=False)
    answered = dy.Bool(nullable=False)
    wait_s = dy.Float64(nullable=False, min=0)
    handling_s = dy.Float64(nullable=False, min=0)
    answer = dy.Datetime(nullable=True)
    agent = dy.UInt32(nullable=True)


@dataclass(frozen=True)
class CallLog:
    """The calls of a log, how many rows it has, and how many were left out and why."""

    calls: dy.DataFrame[Calls]
    rows: int
    left_out: dict[str, int]


def read_calls(file: Path, layout: CallLogLayout) -> CallLog:
    """Read `file`; agents' codes become numbers at once and are kept nowhere.

    Raises:
        InputError: there is no such file, it is no table, it lacks a column, or no call
            of it can be used.
    """
    raw = _table(file, layout)
    missing = [name for name in layout.columns.names if name not in raw.columns]
    if missing:
        raise InputError(
            f"expected columns {', '.join(missing)}, came {', '.join(raw.columns)}",
            file=file,
            remedy=REMEDY,
        )
    told = _translate(raw, layout).with_columns(_reason(layout).alias("reason"))
    calls = told.filter(pl.col("reason").is_null())
    left_out = dict(sorted(told["reason"].drop_nulls().value_counts().rows()))
    if calls.is_empty():
        raise _nothing_left(file, left_out)
    kept = calls.select(Calls.column_names()).sort("arrival", maintain_order=True)
    return CallLog(Calls.validate(kept), raw.height, left_out)


def _nothing_left(file: Path, left_out: dict[str, int]) -> InputError:
    """The error of a log without a call that can be used: why its rows were left out."""
    reasons = "; ".join(f"{reason} {rows}" for reason, rows in left_out.items())
    return InputError(
        "expected calls that asked for an agent, came none "
        f"(rows left out: {reasons or 'none'})",
        file=file,
        remedy="Its formats, values and limits are told in config/call_log.toml.",
    )


def _table(file: Path, layout: CallLogLayout) -> pl.DataFrame:
    try:
        return pl.read_csv(
            file, separator=layout.separator, infer_schema=False, encoding="utf8-lossy"
        )
    except FileNotFoundError:
        raise InputError("expected a log of calls, found no file", file=file) from None
    except pl.exceptions.PolarsError as error:
        problem = f"expected a table with one row a call; {str(error).splitlines()[0]}"
        raise InputError(problem, file=file, remedy=REMEDY) from None


def _translate(raw: pl.DataFrame, layout: CallLogLayout) -> pl.DataFrame:
    """The log in our words, one row for each of its rows."""
    names, values = layout.columns, layout.values
    outcome = pl.col(names.outcome)
    agent = pl.col(names.agent)
    arrival, answer = _moment(names.arrival, layout), _moment(names.answer, layout)
    overnight = pl.when(answer < arrival - pl.duration(hours=12)).then(1).otherwise(0)
    return raw.select(
        arrival.alias("arrival"),
        outcome.is_in(values.answered).alias("answered"),
        outcome.is_in(values.given_up).alias("given_up"),
        outcome.is_in(values.no_call).alias("no_call"),
        pl.col(names.queued).is_in(values.never_queued).alias("never_queued"),
        _seconds(names.wait_s).alias("wait_s"),
        _seconds(names.handling_s).alias("handling_s"),
        _least_duration(names).alias("least_s"),
        (answer + pl.duration(days=overnight)).alias("answer"),
        pl.when(~agent.is_in(values.nobody)).then(agent.rank("dense")).alias("agent"),
        pl.struct(names.call).is_first_distinct().not_().alias("again"),
    )


def _moment(clock: str, layout: CallLogLayout) -> pl.Expr:
    text = pl.concat_str(pl.col(layout.columns.day), pl.lit(" "), pl.col(clock))
    shape = f"{layout.day_format} {layout.clock_format}"
    return text.str.to_datetime(shape, time_unit="us", strict=False)


def _seconds(column: str) -> pl.Expr:
    return pl.col(column).cast(pl.Float64, strict=False)


def _least_duration(names: Columns) -> pl.Expr:
    durations = [names.wait_s, names.handling_s, *names.other_s]
    return pl.min_horizontal(_seconds(name) for name in durations)


def _reason(layout: CallLogLayout) -> pl.Expr:
    """Why a row is left out, the first that holds; null where it counts."""
    unreadable = pl.any_horizontal(pl.col("arrival", "wait_s", "handling_s").is_null())
    reasons = {
        "no call (phantom)": pl.col("no_call"),
        "outcome unknown": ~(pl.col("answered") | pl.col("given_up")),
        "hung up before the queue": pl.col("given_up") & pl.col("never_queued"),
        "unreadable time": unreadable,
        "negative time": pl.col("least_s") < 0,
        "wait too long": pl.col("wait_s") > layout.limits.wait_s,
        "handling too long": pl.col("handling_s") > layout.limits.handling_s,
        "call id for the second time": pl.col("again"),
    }
    return pl.coalesce(
        pl.when(holds).then(pl.lit(reason)) for reason, holds in reasons.items()
    )
