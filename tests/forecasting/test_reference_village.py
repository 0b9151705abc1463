"""The synthetic village, the days of the clock change, and what cannot be written."""

from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from forecasting.errors import InputError
from forecasting.reference import write_town
from forecasting.reference.demand import build_world
from forecasting.reference.messages import _instants
from tests.forecasting.reference_cases import CALENDAR, CATALOGUE, UNTIL, ZONE, small


@pytest.fixture(scope="module")
def village(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("village")
    write_town(folder, town="village", until=date(2026, 11, 20))
    return folder / "gemeente_klein.xlsx"


@pytest.mark.parametrize(
    ("day", "hours"), [(date(2023, 3, 26), 23), (date(2023, 10, 29), 25)]
)
def test_the_days_of_the_clock_change_last_23_and_25_hours(day, hours):
    policy = small()
    world = build_world(
        policy.places["town"], policy, CALENDAR, CATALOGUE, until=UNTIL, seed=0
    )
    many = np.full(20_000, world.days.index(day))
    at = _instants(world, many, ZONE, np.random.default_rng(0))
    local = pl.Series(at.astype("datetime64[us]")).dt.replace_time_zone("UTC")
    local = local.dt.convert_time_zone(ZONE)
    assert local.dt.date().unique().to_list() == [day]
    assert local.dt.to_string("%H%:z").n_unique() == hours


def test_a_history_under_a_year_is_refused(tmp_path):
    with pytest.raises(InputError, match="at least a year after 2013-01-01"):
        write_town(tmp_path, until=date(2013, 6, 1))
    assert not list(tmp_path.iterdir())


def test_the_village_is_one_workbook_with_three_sheets(village):
    counts = pl.read_excel(village, sheet_name="Tellingen")
    assert counts.columns == ["Week", "Dienst", "Kanaal", "Aantal"]
    assert counts["Week"].n_unique() > 6 * 52
    assert counts["Week"].str.contains(r"^\d{4}-W\d\d$").all()
    assert set(counts["Dienst"]) == {service.name_nl for service in CATALOGUE.service}
    assert counts.select("Week", "Dienst", "Kanaal").is_unique().all()
    people = pl.read_excel(village, sheet_name="Medewerkers")
    assert people.height == 6
    assert people["Bevoegdheden"].str.contains("phone;counter").all()
    assert pl.read_excel(village, sheet_name="Afwezigheid").height > 0


def test_the_village_sees_the_crest_too(village):
    counts = pl.read_excel(village, sheet_name="Tellingen").filter(
        (pl.col("Dienst") == "Paspoort") & (pl.col("Kanaal") == "balie afspraak")
    )
    year = pl.col("Week").str.slice(0, 4).cast(int)
    a_year = dict(counts.group_by(year).agg(pl.col("Aantal").sum()).iter_rows())
    assert a_year[2025] > 1.8 * a_year[2022]


def test_a_last_day_beyond_the_policy_is_refused(tmp_path):
    with pytest.raises(InputError, match="no later than 2032-12-31, came 2040-01-01"):
        write_town(tmp_path, until=date(2040, 1, 1))
