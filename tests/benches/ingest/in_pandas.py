"""The same import of bookings written in pandas, as a good engineer would."""

from pathlib import Path

import pandas as pd

from tests.benches.ingest.files import LOCATIONS, PRODUCTS

ZONE = "Europe/Amsterdam"
PLACES = {name: name.lower() for name in LOCATIONS}
SERVICES = {name: f"service-{place}" for place, name in enumerate(PRODUCTS)}
NO_SHOW = {"kept": 0.0, "noshow": 1.0, "planned": 0.0}


def import_bookings(file: Path, folder: Path) -> int:
    """Check, name, keep per month and count per slot; gives the rows accepted."""
    raw = pd.read_parquet(file)
    raw = raw[raw["status"] != "cancelled"]
    rows = _typed(raw)
    problem = _problems(raw, rows)
    good = rows[problem.isna()].drop_duplicates("row_id", keep="last")
    folder.mkdir(parents=True, exist_ok=True)
    month = good["start"].dt.strftime("%Y-%m")
    for name, part in good.groupby(month):
        part.to_parquet(folder / f"{name}.parquet", compression="zstd")
    bad = raw[problem.notna()].assign(reason=problem)
    bad.to_parquet(folder / "rejects.parquet")
    slots = _counts(good)
    slots.to_parquet(folder / "slots.parquet", compression="zstd")
    days = _bookings(good)
    days.to_parquet(folder / "bookings.parquet", compression="zstd")
    return len(good)


def _typed(raw: pd.DataFrame) -> pd.DataFrame:
    identity = raw["publicId"].str.strip()
    return pd.DataFrame(
        {
            "row_id": pd.util.hash_array(identity.to_numpy(dtype=object)),
            "start": _moment(raw["startDateTime"]),
            "requested": _moment(raw["creationDateTime"]),
            "handling_s": raw["appointmentDuration"] * 60.0,
            "location": raw["location"].str.strip().map(PLACES),
            "service": raw["acitivityList"].str.strip().map(SERVICES),
            "no_show": raw["status"].str.strip().map(NO_SHOW),
            "count": 1.0,
        },
        index=raw.index,
    )


def _moment(local: "pd.Series[pd.Timestamp]") -> "pd.Series[pd.Timestamp]":
    early = pd.Series(data=True, index=local.index).to_numpy()
    zoned = local.dt.tz_localize(ZONE, ambiguous=early, nonexistent="NaT")
    return zoned.dt.tz_convert("UTC")


def _problems(raw: pd.DataFrame, rows: pd.DataFrame) -> "pd.Series[str]":
    """The first rule that a row breaks, by name."""
    problem = pd.Series(index=raw.index, dtype="object")
    early, late = pd.Timestamp("1950", tz="UTC"), pd.Timestamp("2151", tz="UTC")
    broken = {
        "no identity": raw["publicId"].isna(),
        "unreadable time": rows["start"].isna(),
        "unreadable request": rows["requested"].isna(),
        "start outside the years": ~rows["start"].between(early, late),
        "request outside the years": ~rows["requested"].between(early, late),
        "unknown location": rows["location"].isna(),
        "unknown product": rows["service"].isna(),
        "unknown status": rows["no_show"].isna(),
        "negative duration": rows["handling_s"] < 0,
        "too long": rows["handling_s"] > 1e7,
    }
    for reason, rule in broken.items():
        problem = problem.mask(problem.isna() & rule, reason)
    return problem


def _counts(good: pd.DataFrame) -> pd.DataFrame:
    served = good["count"] - good["no_show"]
    slot = good["start"].dt.floor("15min")
    sums = good.assign(slot=slot, timed=served, work_s=served * good["handling_s"])
    keys = ["slot", "location", "service"]
    return sums.groupby(keys, as_index=False).agg(
        {
            "count": "sum",
            "no_show": "sum",
            "timed": "sum",
            "work_s": "sum",
            "requested": "max",
        }
    )


def _bookings(good: pd.DataFrame) -> pd.DataFrame:
    asked = good["requested"].dt.tz_convert(ZONE).dt.floor("D")
    visit = good["start"].dt.tz_convert(ZONE).dt.floor("D")
    days = good.assign(asked=asked, visit=visit)
    keys = ["asked", "visit", "location", "service"]
    return days.groupby(keys, as_index=False)[["count", "no_show"]].sum()
