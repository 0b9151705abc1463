"""A town of three series, in a home of its own, for tests of runs."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import polars as pl

from forecasting.calendar import Calendar
from forecasting.policy import load_policy
from forecasting.records import ImportRecord
from forecasting.settings import Settings
from forecasting.tables import Contacts
from forecasting.workspace import Workspace
from tests.adopting import adopt
from tests.empty_home import open_home
from tests.forecasting.counted import counts_of

NOW = datetime(2026, 11, 21, 8, tzinfo=UTC)
CALENDAR = load_policy(Path(__file__).parents[2] / "config" / "calendar.toml", Calendar)
LAST = date(2026, 11, 20)
AWAY = [date(2026, 2, 2) + timedelta(days=i) for i in range(12)]
"""Days of which the export of the counter holds nothing."""


def contacts() -> pl.DataFrame:
    """Visits and calls of 18 months, and a service that stopped a year ago.

    Of the visits two weeks are missing; of the callers one in ten gave up.
    """
    rng = np.random.default_rng(0)
    rows = [
        ("stadhuis", service, step, channel, opening + timedelta(minutes=int(minute)))
        for service, step, channel, skill, mean, days, end in (
            ("passport", "application", "appointment", "counter", 12.0, 550, LAST),
            ("general", "question", "phone", "phone", 20.0, 550, LAST),
            (
                "extract",
                "application",
                "walk_in",
                "counter",
                5.0,
                100,
                date(2025, 11, 21),
            ),
        )
        for back in range(days)
        if (span := CALENDAR.opening("stadhuis", skill, end - timedelta(days=back)))
        for opening in span[:1]
        for minute in rng.integers(0, 450, rng.poisson(mean))
        if not (service == "passport" and end - timedelta(days=back) in AWAY)
    ]
    place = ["location", "service", "step", "channel", "start"]
    frame = pl.DataFrame(rows, schema=place, orient="row").with_columns(
        pl.col("start").dt.cast_time_unit("us"),
        row_id=pl.int_range(pl.len(), dtype=pl.UInt64),
        source=pl.when(pl.col("channel") == "phone")
        .then(pl.lit("phone"))
        .otherwise(pl.lit("test")),
        requested=None,
        period_s=0,
        count=1.0,
        abandoned=(pl.col("channel") == "phone")
        * (pl.col("start").dt.minute() < 6).cast(pl.Float64),
        no_show=0.0,
        in_time=None,
        handling_s=600.0,
        wait_s=None,
    )
    return Contacts.validate(frame.select(Contacts.column_names()), cast=True)


def workspace_with(home: Path, frame: pl.DataFrame, executor: str) -> Workspace:
    settings = Settings.model_validate({"home": home, "executor": executor})
    workspace = open_home(settings)
    record = ImportRecord(
        id="import-1",
        source="test",
        kind="contacts",
        file="test.csv",
        sha256="0",
        rows_imported=frame.height,
        rows_rejected=0,
        at=NOW,
    )
    counted = counts_of(frame.lazy(), CALENDAR.zone)
    tables = {
        "contacts": frame,
        "slots": counted.slots.collect(),
        "bookings": counted.bookings.collect(),
    }
    adopt(workspace, record, tables, now=NOW)
    return workspace
