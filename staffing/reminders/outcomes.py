"""What came of batches, week by week since mailing, both arms side by side."""

from typing import NoReturn

import dataframely as dy
import polars as pl
from dataframely.exc import SchemaError, ValidationError

from forecasting.errors import InputError
from forecasting.registry_tables import ARMS, Outcomes
from staffing.reminders.batches.tables import BatchArms
from staffing.reminders.effect_tables import Watched

MAILED, HELD_OUT = ARMS
CELL = ("batch", "stratum")
LEFT = "left"


def checked_arms(arms: pl.DataFrame) -> dy.DataFrame[BatchArms]:
    """The arms of batches, typed.

    Raises:
        InputError: a row cannot be; the message says which rule it breaks.
    """
    try:
        return BatchArms.validate(arms.select(BatchArms.column_names()), cast=True)
    except (SchemaError, ValidationError, pl.exceptions.PolarsError) as error:
        raise InputError(f"expected the arms of batches; {error}") from error


def watch(arms: pl.DataFrame, outcomes: pl.DataFrame) -> dy.DataFrame[Watched]:
    """Documents and applications of both arms by week since mailing.

    A batch is watched until the last week in which anybody of it came. Who applied
    before the mailing is taken out of both arms; strata with only one arm are left out,
    as are outcomes of batches without arms (`unknown_batches`).

    Args:
        arms: typed `BatchArms`.
        outcomes: typed `Outcomes`.

    Raises:
        InputError: more came of a stratum than were in it, or of one that is not in it.
    """
    documents = _documents(checked_arms(arms))
    came = _came(documents, outcomes)
    early = came.filter(pl.col("week") < 0).group_by(*CELL, "arm")
    sizes = documents.join(
        early.agg(early=pl.col("count").sum()), on=[*CELL, "arm"], how="left"
    ).with_columns(pl.col("count") - pl.col("early").fill_null(0))
    rows = _by_week(sizes, came.filter(pl.col("week") >= 0))
    found = _side_by_side(rows)
    _check_sums(found)
    both = found.filter(pl.col("mailed") > 0, pl.col("held_out") > 0)
    return Watched.validate(both.select(Watched.column_names()).sort(*CELL, "week"))


def unknown_batches(arms: pl.DataFrame, outcomes: pl.DataFrame) -> int:
    """How many batches have outcomes but no arms: they cannot be compared."""
    told = set(outcomes["batch"]) - set(arms["batch"])
    return len(told)


def outcomes_of(
    requests: pl.DataFrame, references: pl.DataFrame
) -> dy.DataFrame[Outcomes]:
    """Requests by reference, counted per batch, arm, stratum and week.

    The first request of a reference counts; of a reference in several batches, in each.

    Args:
        requests: typed `OutcomeReferences`.
        references: typed `BatchReferences`.
    """
    first = requests.group_by("reference").agg(day=pl.col("request_date").min())
    known = first.join(references, on="reference")
    week = pl.col("day").dt.truncate("1w").alias("request_week")
    keys = ["batch", "arm", "stratum", "request_week"]
    counted = known.with_columns(week).group_by(keys).agg(count=pl.len())
    return Outcomes.validate(counted.sort(keys), cast=True)


def _documents(arms: pl.DataFrame) -> pl.DataFrame:
    """Documents per stratum and arm, with the mean lead of the stratum."""
    weeks = (pl.col("expiry_week") - pl.col("mailing_week")).dt.total_days() / 7
    lead = (weeks * pl.col("count")).sum().over(CELL) / pl.col("count").sum().over(CELL)
    keys = [*CELL, "service", "channel", "mailing_week", "arm"]
    whole = arms.with_columns(lead=lead.fill_nan(0.0))
    return whole.group_by(keys).agg(pl.col("count").sum(), pl.col("lead").first())


def _came(documents: pl.DataFrame, outcomes: pl.DataFrame) -> pl.DataFrame:
    """Applications by week since mailing, of batches that are known."""
    batches = documents.select("batch", "mailing_week").unique()
    strange = outcomes.join(batches, on="batch", how="semi").join(
        documents, on=[*CELL, "arm"], how="anti"
    )
    if not strange.filter(pl.col("count") > 0).is_empty():
        _refuse(strange.sort(CELL).row(0, named=True), 0)
    since = (pl.col("request_week") - pl.col("mailing_week")).dt.total_days() // 7
    return outcomes.join(batches, on="batch").with_columns(week=since.cast(pl.Int32))


def _by_week(sizes: pl.DataFrame, came: pl.DataFrame) -> pl.DataFrame:
    """Every arm of every stratum in every week it was watched, with who came by then."""
    last = came.group_by("batch").agg(last=pl.col("week").max())
    weeks = pl.int_ranges(0, pl.col("last") + 1, dtype=pl.Int32).alias("week")
    grid = sizes.join(last, on="batch").with_columns(weeks).explode("week")
    keys = [*CELL, "arm", "week"]
    counts = came.group_by(keys).agg(came=pl.col("count").sum())
    whole = grid.join(counts, on=keys, how="left").sort(keys)
    by_then = pl.col("came").fill_null(0).cum_sum().over([*CELL, "arm"])
    return whole.with_columns(came=by_then)


def _side_by_side(rows: pl.DataFrame) -> pl.DataFrame:
    keys = [*CELL, "week"]
    told = rows.filter(arm=MAILED).rename({"count": "mailed", "came": "mailed_came"})
    held = rows.filter(arm=HELD_OUT).select(
        *keys, held_out="count", held_out_came="came"
    )
    return told.join(held, on=keys)


def _check_sums(found: pl.DataFrame) -> None:
    for arm in ("mailed", "held_out"):
        more = found.filter(pl.col(f"{arm}_came") > pl.col(arm))
        if not more.is_empty():
            row = more.sort(*CELL, "week").row(0, named=True)
            shown = {**row, "arm": arm.replace("_", " "), "count": row[f"{arm}_came"]}
            _refuse(shown, row[arm])


def _refuse(row: dict[str, object], most: int) -> NoReturn:
    raise InputError(
        f"batch {row['batch']}, stratum {row['stratum']}, {row['arm']}: expected at most "
        f"{most} documents that were applied for, came {row['count']}",
        column="count",
        remedy="Export the outcomes by the batches and strata of the product.",
    )
