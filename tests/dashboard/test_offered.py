"""A forecast of others is read as an import would read it, before any of it is kept."""

from datetime import date

import polars as pl
import pytest

from dashboard.queries import (
    offered,
)
from forecasting.errors import InputError
from tests.dashboard.made_up_demand import SERIES, forecast

GOOD = "passport;2026-12;3000;team"


def _sheet(*lines: str) -> bytes:
    head = "Dienst of reeks;Periode;Aantal verwacht;Volgens"
    return "\n".join([head, *lines, ""]).encode("windows-1252")


def test_an_offered_file_is_read_as_an_import_would_and_nothing_of_it_is_kept(full):
    workspace, run = full
    sheet = _sheet(GOOD, "passport;next year;9;team", "licence;2027-01;x;team")
    found = offered.check(workspace, run, "own.csv", sheet, "own_outlook")
    assert (found.read, found.said.height) == (3, 1)
    assert found.refused["line"].to_list() == [3, 4]
    (row,) = found.beside.to_dicts()
    names = [name for name in SERIES if "/passport/application/" in name]
    days = forecast().filter(
        pl.col("series").is_in(names),
        pl.col("start").is_between(date(2026, 12, 1), date(2026, 12, 31)),
    )
    noted_4 = pl.col("start") < date(2026, 12, 5)
    ours = float(days["mean"].sum()) - 2.0 * days.filter(noted_4).height
    assert (row["said"], row["state"]) == (3000.0, "applied")
    assert row["ours"] == pytest.approx(ours)
    assert not workspace.has_imported("outside_forecasts")


def test_a_file_with_personal_data_is_refused_whole(full):
    workspace, run = full
    sheet = _sheet(GOOD).replace(b"Volgens", b"BSN")
    with pytest.raises(InputError):
        offered.check(workspace, run, "own.csv", sheet, "own_outlook")


def test_only_sources_of_forecasts_are_offered(full):
    assert list(offered.sources(full[0].settings)) == ["own_outlook", "rvig_outlook"]
