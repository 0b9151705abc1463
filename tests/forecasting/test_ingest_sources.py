"""The sources that ship, each on a small file like the real thing."""

from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import pytest

from forecasting.catalogue import Catalogue
from forecasting.ingest import CONTACT_TARGETS, REGISTRY_TARGETS, import_file
from forecasting.ingest.mapping import read_mapping
from forecasting.policy import load_policy
from forecasting.settings import Settings
from forecasting.tables import CHANNELS, Contacts
from forecasting.workspace import Workspace
from tests.forecasting.source_examples import EXAMPLES, ROWS, write_example

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
CONFIG = Settings().config
TARGETS = {**CONTACT_TARGETS, **REGISTRY_TARGETS}
SOURCES = sorted(file.stem for file in (CONFIG / "sources").glob("*.toml"))


def bring(workspace: Workspace, file: Path, source: str) -> pl.DataFrame:
    result = import_file(workspace, file, source, now=NOW)
    assert result.rows_rejected == 0
    return workspace.imported(result.kind).collect()


def series(frame: pl.DataFrame) -> list[str]:
    place = pl.concat_str("location", "service", "step", "channel", separator="/")
    return frame.select(place).to_series().to_list()


@pytest.mark.parametrize("source", SOURCES)
def test_every_product_of_a_source_stands_in_the_catalogue(source):
    catalogue = load_policy(CONFIG / "catalogue.toml", Catalogue)
    mapping = read_mapping(CONFIG, source)
    product = mapping.fields.get("product")
    found = [*(product.values.values() if product else ())]
    found += [mapping.constants["product"]] if "product" in mapping.constants else []
    for triple in found:
        service, step, channel = str(triple).split("/")
        known = catalogue.find_step(service, step)
        assert known is not None, triple
        assert channel in known.channels, triple
        assert channel in CHANNELS, triple


def test_every_countable_step_of_the_catalogue_has_a_name_in_the_weekly_workbook():
    catalogue = load_policy(CONFIG / "catalogue.toml", Catalogue)
    product = read_mapping(CONFIG, "weekly_counts").fields["product"]
    wanted = {
        f"{service.id}/{step.id}/{channel}"
        for service in catalogue.service
        for step in service.step
        for channel in step.channels
    }
    assert set(product.values.values()) == wanted


JCC = pl.DataFrame(
    {
        "publicId": ["a1", "a2", "a3"],
        "creationDateTime": [datetime.fromisoformat("2026-01-05T12:00")] * 3,
        "startDateTime": [datetime.fromisoformat("2026-01-12T09:20")] * 3,
        "endDateTime": [datetime.fromisoformat("2026-01-12T09:32")] * 3,
        "acitivityList": ["Paspoort", "Aangifte geboorte", "Rijbewijs"],
        "appointmentDuration": [12.5, 25.0, 10.0],
        "location": ["Stadhuis", "Stadhuis", "Noord"],
        "status": ["kept", "noshow", "cancelled"],
    }
)


@pytest.mark.parametrize("suffix", [".parquet", ".csv"])
def test_jcc_bookings_come_in_both_formats_and_cancelled_ones_do_not(
    workspace, tmp_path, suffix
):
    file = tmp_path / f"bookings{suffix}"
    if suffix == ".csv":
        text = JCC.write_csv(
            separator=";", decimal_comma=True, datetime_format="%d-%m-%Y %H:%M"
        )
        file.write_bytes(text.encode("cp1252"))
    else:
        JCC.write_parquet(file)
    found = Contacts.validate(bring(workspace, file, "jcc")).sort("service")
    assert series(found) == [
        "stadhuis/birth/declaration/appointment",
        "stadhuis/passport/application/appointment",
    ]
    assert found["no_show"].to_list() == [1.0, 0.0]
    assert found["handling_s"].to_list() == [1500.0, 750.0]
    assert found["start"].to_list() == [datetime(2026, 1, 12, 8, 20, tzinfo=UTC)] * 2
    assert found["requested"].to_list() == [datetime(2026, 1, 5, 11, tzinfo=UTC)] * 2


def test_the_two_formats_of_a_booking_name_the_same_row(workspace, tmp_path):
    JCC.write_parquet(tmp_path / "a.parquet")
    text = JCC.write_csv(
        separator=";", decimal_comma=True, datetime_format="%d-%m-%Y %H:%M"
    )
    (tmp_path / "b.csv").write_bytes(text.encode("cp1252"))
    bring(workspace, tmp_path / "a.parquet", "jcc")
    both = bring(workspace, tmp_path / "b.csv", "jcc")
    assert both.height == 2


def test_qmatic_visitors_who_left_count_as_given_up(workspace, tmp_path):
    frame = pl.DataFrame(
        {
            "publicId": ["v1", "v2"],
            "service": ["Afhalen paspoort", "Uittreksel BRP"],
            "location": ["Noord", "Zuid"],
            "created": [datetime.fromisoformat("2026-07-06T09:00")] * 2,
            "waitingTime": [120, 900],
            "duration": [200, 0],
            "additionalCustomerDuration": [60, 0],
            "left": [False, True],
        }
    )
    frame.write_parquet(tmp_path / "visits.parquet")
    found = bring(workspace, tmp_path / "visits.parquet", "qmatic").sort("location")
    assert series(found) == [
        "noord/passport/collection/walk_in",
        "zuid/extract/application/walk_in",
    ]
    assert found["abandoned"].to_list() == [0.0, 1.0]
    assert found["handling_s"].to_list() == [260.0, 0.0]
    assert found["wait_s"].to_list() == [120.0, 900.0]


def test_telephony_counts_keep_what_gave_up_and_the_mean_handling_time(
    workspace, tmp_path
):
    text = (
        "Interval start;Wachtrij;Aangeboden;Beantwoord;Afgehaakt;"
        "Beantwoord binnen 25 s;Gem. gesprekstijd (s);Gem. nawerktijd (s)\r\n"
        "05-01-2026 09:00;Overige vragen;10;9;1;8;200,5;30,0\r\n"
        "05-01-2026 09:15;Verhuizen;0;0;0;0;;\r\n"
    )
    (tmp_path / "t.csv").write_bytes(text.encode("cp1252"))
    found = bring(workspace, tmp_path / "t.csv", "telephony").sort("start")
    assert series(found)[0] == "stadhuis/general/question/phone"
    assert found.select("count", "abandoned", "in_time", "handling_s").rows() == [
        (10.0, 1.0, 8.0, 230.5),
        (0.0, 0.0, 0.0, None),
    ]
    assert found["period_s"].to_list() == [900, 900]


def test_online_requests_come_from_their_sheet_with_excel_dates(workspace, tmp_path):
    frame = pl.DataFrame(
        {
            "Datum": [date(2026, 7, 6), date(2026, 7, 6)],
            "Product": ["Rijbewijs", "Uittreksel BRP"],
            "Aantal": [3, 0],
        }
    )
    frame.write_excel(tmp_path / "online.xlsx", worksheet="Aanvragen")
    found = bring(workspace, tmp_path / "online.xlsx", "online_daily").sort("service")
    assert series(found) == [
        "stadhuis/extract/processing/online",
        "stadhuis/licence/renewal/online",
    ]
    assert found["count"].to_list() == [0.0, 3.0]
    assert found["start"].to_list() == [datetime(2026, 7, 5, 22, tzinfo=UTC)] * 2


def test_weekly_counts_are_dated_by_their_monday(workspace, tmp_path):
    frame = pl.DataFrame(
        {
            "Week": ["2026-W01", "2026-W53"],
            "Dienst": ["Paspoort", "Algemene vraag"],
            "Kanaal": ["balie vrij", "e-mail"],
            "Aantal": [7, 2],
        }
    )
    frame.write_excel(tmp_path / "w.xlsx", worksheet="Tellingen")
    found = bring(workspace, tmp_path / "w.xlsx", "weekly_counts").sort("start")
    assert series(found) == [
        "gemeentehuis/passport/collection/walk_in",
        "gemeentehuis/general/message/callback",
    ]
    local = found["start"].dt.convert_time_zone("Europe/Amsterdam").dt.date()
    assert local.to_list() == [date(2025, 12, 29), date(2026, 12, 28)]


def test_a_mapping_of_every_kind_of_this_room_ships():
    kinds = {read_mapping(CONFIG, source).kind for source in SOURCES}
    assert {*CONTACT_TARGETS, *REGISTRY_TARGETS} <= kinds


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_export_like_the_real_one_comes_in_whole(workspace, tmp_path, name):
    file, source = write_example(name, tmp_path)
    result = import_file(workspace, file, source, targets=TARGETS, now=NOW)
    assert result.rows_rejected == 0
    measures = (
        len(unpivot.on) if (unpivot := read_mapping(CONFIG, source).unpivot) else 1
    )
    assert result.rows_imported + result.rows_left_out == ROWS * measures
    kept = workspace.imported(result.kind).collect()
    assert kept.height == result.rows_imported
    TARGETS[result.kind].schema.validate(kept)


def test_the_real_call_log_gives_the_figures_known_of_it(workspace, shared_data):
    file = shared_data / "phone" / "call_log_1999_01.csv"
    result = import_file(workspace, file, "call_log", now=NOW)
    assert result.rows_read + result.rows_left_out == 31_599
    assert result.rows_rejected == 36
    calls = Contacts.validate(workspace.imported("contacts").collect())
    assert calls["in_time"].sum() / calls.height == pytest.approx(0.571, abs=0.002)
    assert calls["abandoned"].sum() / calls.height == pytest.approx(0.103, abs=0.002)
    assert calls["start"].dt.weekday().value_counts().height == 7


def test_the_real_bookings_and_register_counts_come_in_whole(workspace, shared_data):
    daily = shared_data / "counter" / "bookings_daily_4_offices.csv"
    found = bring(workspace, daily, "office_daily")
    assert found.height == 4_227
    assert set(found["location"]) == {
        "essen",
        "frankfurtba",
        "graz",
        "schwaebischhallkfz",
    }
    monthly = shared_data / "registry" / "cbs_37230ned_monthly_2012_2017.csv"
    import_file(workspace, monthly, "cbs_monthly", now=NOW)
    births = workspace.imported("contacts").filter(
        pl.col("service") == "birth", pl.col("location") == "groningen"
    )
    wide = pl.read_csv(monthly).filter(pl.col("region") == "GM0014")
    assert births.collect()["count"].sum() == wide["births"].sum()
