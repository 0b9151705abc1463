"""The synthetic town made small, and how its files are read."""

import hashlib
from datetime import date
from pathlib import Path

import polars as pl

from forecasting.calendar import Calendar
from forecasting.catalogue import Catalogue
from forecasting.policy import load_policy
from forecasting.reference import ReferencePolicy
from forecasting.reference.assumptions import default_policy
from forecasting.settings import shipped

CONFIG = shipped("config", "config")
CALENDAR = load_policy(CONFIG / "calendar.toml", Calendar)
CATALOGUE = load_policy(CONFIG / "catalogue.toml", Catalogue)
ZONE = "Europe/Amsterdam"
UNTIL = date(2024, 6, 28)
LOCATIONS = {"Stadhuis": "stadhuis", "Noord": "noord", "Zuid": "zuid"}
BOOKINGS = [
    "publicId",
    "creationDateTime",
    "startDateTime",
    "endDateTime",
    "acitivityList",
    "appointmentDuration",
    "location",
    "status",
]
CALLS = [
    "Interval start",
    "Wachtrij",
    "Aangeboden",
    "Beantwoord",
    "Afgehaakt",
    "Beantwoord binnen 25 s",
    "Gem. gesprekstijd (s)",
    "Gem. nawerktijd (s)",
]


def small() -> ReferencePolicy:
    """A sixth of the town, with history from 2022 on."""
    policy = default_policy()
    changed = {"population": 40_000, "start": date(2022, 1, 1)}
    town = policy.places["town"].model_copy(update=changed)
    return policy.model_copy(update={"places": policy.places | {"town": town}})


def read_dutch(file: Path) -> pl.DataFrame:
    text = file.read_bytes().decode("cp1252").encode()
    return pl.read_csv(
        text, separator=";", decimal_comma=True, infer_schema_length=None
    )


def moment(column: str) -> pl.Expr:
    return pl.col(column).str.to_datetime("%d-%m-%Y %H:%M")


def bookings(folder: Path) -> pl.DataFrame:
    old = pl.read_parquet(folder / "bookings_2013_2022.parquet")
    times = ("creationDateTime", "startDateTime", "endDateTime")
    new = read_dutch(folder / "bookings_2023_now.csv")
    return pl.concat([old, new.with_columns(*map(moment, times))])


def digests(folder: Path) -> dict[str, str]:
    return {
        file.name: hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(folder.iterdir())
    }
