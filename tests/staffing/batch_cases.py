"""Small plans, stocks of references and homes for the tests of batches."""

import shutil
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import polars as pl

from forecasting.records import RunRecord
from forecasting.workspace import Workspace
from staffing.pipeline.approving import approve_batch
from staffing.reminders.batches.stored import Batch
from staffing.tables import Letters

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
WEEK = date(2027, 2, 1)
NEXT = WEEK + timedelta(weeks=1)
EXPIRY = date(2027, 5, 3)
BANDS = ("18-34", "35-64", "65+")
DISTRICTS = ("A", "B", "C", "D")
SERVICES = ("passport", "id_card", "licence")

Cohort = tuple[str, date, str, str]


def cohorts(weeks: int = 4) -> list[Cohort]:
    return [
        (service, EXPIRY + timedelta(weeks=3 * week), band, district)
        for service in SERVICES
        for week in range(weeks)
        for band in BANDS
        for district in DISTRICTS
    ]


def letters(
    *, mean: float = 4.0, weeks: tuple[date, ...] = (WEEK, NEXT), seed: int = 0
) -> pl.DataFrame:
    """Letters of a plan: a Poisson number for each cohort and mailing week."""
    random = np.random.default_rng(seed)
    rows = [
        (*cohort, week, int(number))
        for cohort in cohorts()
        for week in weeks
        if (number := random.poisson(mean)) > 0
    ]
    schema = Letters.create_empty().schema
    return Letters.validate(pl.DataFrame(rows, schema=schema, orient="row"))


def plan_of(
    workspace: Workspace,
    table: pl.DataFrame | None = None,
    again: pl.DataFrame | None = None,
    *,
    now: datetime = NOW,
) -> RunRecord:
    """A stored mailing plan, made by the actor of the workspace; `again` of second letters."""
    key = workspace.key("reminders", [], {"weeks": "52"}, 0)
    tables = {"letters": letters() if table is None else table}
    tables |= {} if again is None else {"second_letters": again}
    return workspace.store(key, tables, {}, now=now)


def approved(
    workspace: Workspace, table: pl.DataFrame | None = None, *weeks: date
) -> list[Batch]:
    """Batches of some weeks (else `WEEK`) of a plan, approved by Anna."""
    plan_of(workspace, table)
    return [
        approve_batch(workspace, week=week, now=NOW, by="Anna")
        for week in weeks or (WEEK,)
    ]


def documents(
    each: int = 12,
    *,
    reason: Callable[[int], str] = lambda _: "",
    of: Iterable[Cohort] | None = None,
) -> pl.DataFrame:
    """A registry's file: so many documents in each cohort, under opaque references."""
    rows = [
        {
            "reference": f"doc-{number:06d}xq",
            "service": service,
            "expiry_date": str(expiry + timedelta(days=number % 7)),
            "age_band": band,
            "district": district,
            "reason": reason(number),
        }
        for number, (service, expiry, band, district) in enumerate(
            cohort for cohort in (of or cohorts()) for _ in range(each)
        )
    ]
    return pl.DataFrame(rows)


def write(file: Path, table: pl.DataFrame) -> Path:
    """The file of a table, CSV or a workbook by its suffix."""
    if file.suffix == ".xlsx":
        table.write_excel(file)
    else:
        table.write_csv(file, separator=";")
    return file


def set_otherwise(workspace: Workspace, folder: Path, old: str, new: str) -> Workspace:
    """The same home under settings of letters in which a text stands for another."""
    shutil.copytree(workspace.settings.config, folder, dirs_exist_ok=True)
    policy = folder / "reminders.toml"
    assert old in policy.read_text("utf-8")
    policy.write_text(policy.read_text("utf-8").replace(old, new), "utf-8")
    settings = workspace.settings.model_copy(update={"config": folder})
    return Workspace(settings, workspace.lake, workspace.ledger)
