"""The exports of the synthetic municipality: as real systems write them."""

from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest

from forecasting.reference import Export, write_town
from forecasting.reference.assumptions import BANDS
from forecasting.reference.truth import draw_truth
from tests.forecasting.reference_cases import (
    BOOKINGS,
    CALENDAR,
    CALLS,
    CATALOGUE,
    LOCATIONS,
    UNTIL,
    ZONE,
    bookings,
    digests,
    moment,
    read_dutch,
    small,
)


@pytest.fixture(scope="module")
def exports(tmp_path_factory: pytest.TempPathFactory) -> list[Export]:
    return write_town(tmp_path_factory.mktemp("town"), until=UNTIL, policy=small())


@pytest.fixture(scope="module")
def folder(exports: list[Export]) -> Path:
    return exports[0].file.parent


def test_the_files_come_in_the_order_of_import(exports):
    assert [(e.file.name, e.source) for e in exports] == [
        ("bookings_2013_2022.parquet", "jcc"),
        ("bookings_2023_now.csv", "jcc"),
        ("visits.parquet", "qmatic"),
        ("telephony.csv", "telephony"),
        ("klantcontact.csv", "open_klant_messages"),
        ("interne_taken.csv", "open_klant_tasks"),
        ("online.xlsx", "online_daily"),
        ("expiries.parquet", "registry_expiries"),
        ("team.xlsx", "people"),
        ("team.xlsx", "absence"),
    ]
    assert all(export.file.is_file() for export in exports)
    assert isinstance(exports[0], Export)


def test_the_folder_says_that_all_of_it_is_synthetic(folder):
    assert "SYNTHETIC" in (folder / "README.txt").read_text("utf-8")


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(folder, tmp_path):
    write_town(tmp_path / "same", until=UNTIL, policy=small(), seed=0)
    write_town(tmp_path / "other", until=UNTIL, policy=small(), seed=1)
    first, other = digests(folder), digests(tmp_path / "other")
    assert digests(tmp_path / "same") == first
    assert all(other[name] != digest for name, digest in first.items())


def test_bookings_have_the_columns_of_the_booking_system(folder):
    old = pl.read_parquet(folder / "bookings_2013_2022.parquet")
    new = read_dutch(folder / "bookings_2023_now.csv")
    assert old.columns == new.columns == BOOKINGS
    assert old["startDateTime"].dt.year().max() == 2022
    assert new.select(moment("startDateTime").dt.year().min()).item() == 2023


def test_the_booking_csv_is_windows_1252_with_semicolons_and_decimal_commas(folder):
    raw = (folder / "bookings_2023_now.csv").read_bytes()
    with pytest.raises(UnicodeDecodeError):
        raw.decode("utf-8")
    text = raw.decode("cp1252")
    assert "coördinatie" in text
    assert ";12,5;" in text


def test_every_product_booked_is_in_the_catalogue_unless_it_was_cancelled(folder):
    booked = bookings(folder).filter(pl.col("status") != "cancelled")
    known = {service.name_nl for service in CATALOGUE.service}
    assert set(booked["acitivityList"]) <= known
    assert set(booked["status"]) == {"kept", "noshow", "planned"}


def test_bookings_after_the_last_day_are_planned_and_made_before_it(folder):
    frame = bookings(folder).filter(pl.col("status") != "cancelled")
    future = frame.filter(pl.col("startDateTime").dt.date() > UNTIL)
    assert set(future["status"]) == {"planned"}
    assert future.height == (frame["status"] == "planned").sum()
    assert max(future["startDateTime"].dt.date().to_list()) > UNTIL + timedelta(days=21)
    assert (frame["creationDateTime"].dt.date() <= UNTIL).all()


def test_every_booking_is_made_before_it_starts_and_ends_before_closing(folder):
    frame = bookings(folder)
    assert (frame["creationDateTime"] < frame["startDateTime"]).all()
    last = frame.group_by(
        pl.col("startDateTime").dt.date().alias("day"), "location"
    ).agg(pl.col("endDateTime").max())
    for day, location, end in last.iter_rows():
        opening = CALENDAR.opening(LOCATIONS[location], "counter", day)
        assert opening is not None, f"booking on a closed day: {day} {location}"
        assert end <= opening[1].astimezone(CALENDAR.tz).replace(tzinfo=None)


def test_bookings_are_made_longer_ahead_in_the_crest_than_in_the_dip(folder):
    lead = bookings(folder).select(
        pl.col("startDateTime").dt.date().alias("day"),
        (pl.col("startDateTime") - pl.col("creationDateTime")).dt.total_hours(),
    )
    crest = lead.filter(pl.col("day").is_between(date(2024, 4, 1), date(2024, 6, 1)))
    dip = lead.filter(pl.col("day").is_between(date(2023, 9, 1), date(2023, 11, 1)))
    assert (
        crest["startDateTime"].to_numpy().mean()
        > 1.5 * dip["startDateTime"].to_numpy().mean()
    )


def test_naive_local_times_exist_and_are_never_ambiguous(folder):
    visits = pl.read_parquet(folder / "visits.parquet")["created"]
    calls = read_dutch(folder / "telephony.csv").select(moment("Interval start"))
    made = bookings(folder)
    times = [visits, calls.to_series()]
    times += [made[c] for c in ("creationDateTime", "startDateTime", "endDateTime")]
    for column in times:
        column.dt.replace_time_zone(ZONE)  # raises when a time is missing or doubled


def test_visits_fall_within_opening_hours(folder):
    visits = pl.read_parquet(folder / "visits.parquet")
    assert visits.columns == [
        "publicId",
        "service",
        "location",
        "created",
        "waitingTime",
        "duration",
        "additionalCustomerDuration",
        "left",
    ]
    spans = visits.group_by(pl.col("created").dt.date().alias("day"), "location").agg(
        pl.col("created").min(), pl.col("created").max().alias("last")
    )
    for day, location, first, last in spans.iter_rows():
        opening = CALENDAR.opening(LOCATIONS[location], "counter", day)
        assert opening is not None, f"visit on a closed day: {day} {location}"
        opened, closed = (
            t.astimezone(CALENDAR.tz).replace(tzinfo=None) for t in opening
        )
        assert opened <= first <= last <= closed


def test_who_left_was_not_served(folder):
    visits = pl.read_parquet(folder / "visits.parquet")
    gone = visits.filter("left")
    assert gone.height > 0
    assert gone["duration"].null_count() == gone.height
    assert (visits.filter(~pl.col("left"))["duration"] > 0).all()


def test_the_exchange_reports_each_open_quarter_hour_and_queue_once(folder):
    calls = read_dutch(folder / "telephony.csv")
    assert calls.columns == CALLS
    first = date(2022, 1, 1)
    days = [first + timedelta(days=i) for i in range((UNTIL - first).days + 1)]
    open_slots = sum(len(CALENDAR.slots("stadhuis", "phone", day)) for day in days)
    assert calls.height == 4 * open_slots
    assert calls.select("Interval start", "Wachtrij").is_unique().all()
    assert (calls["Aangeboden"] == 0).any()


def test_calls_are_answered_or_given_up(folder):
    calls = read_dutch(folder / "telephony.csv")
    parts = calls["Beantwoord"] + calls["Afgehaakt"]
    assert (calls["Aangeboden"] == parts).all()
    assert (calls["Beantwoord binnen 25 s"] <= calls["Beantwoord"]).all()
    none = calls["Beantwoord"] == 0
    assert (calls["Gem. gesprekstijd (s)"].is_null() == none).all()
    assert (
        0.005
        < calls["Afgehaakt"].to_numpy().sum() / calls["Aangeboden"].to_numpy().sum()
        < 0.2
    )


def test_messages_carry_the_offset_of_their_moment(folder):
    messages = pl.read_csv(folder / "klantcontact.csv")
    assert messages.columns == [
        "uuid",
        "kanaal",
        "onderwerp",
        "plaatsgevondenOp",
        "indicatieContactGelukt",
    ]
    assert set(messages["kanaal"]) == {"e-mail", "terugbelverzoek"}
    assert messages["uuid"].is_unique().all()
    written = pl.col("plaatsgevondenOp")
    again = (
        written.str.to_datetime("%Y-%m-%dT%H:%M:%S%z", time_zone="UTC")
        .dt.convert_time_zone(ZONE)
        .dt.to_string("%Y-%m-%dT%H:%M:%S%:z")
    )
    assert messages.select((again == written).all()).item()
    weekend = messages.select(written.str.slice(0, 10).str.to_date().dt.weekday() > 5)
    assert weekend.to_series().any()


def test_each_request_to_be_called_back_is_a_task_done_on_a_working_day(folder):
    messages = pl.read_csv(folder / "klantcontact.csv")
    tasks = pl.read_csv(folder / "interne_taken.csv")
    wanted = messages.filter(pl.col("kanaal") == "terugbelverzoek")
    assert tasks["toegewezenOp"].equals(wanted["plaatsgevondenOp"], check_names=False)
    asked, done = (
        tasks[name].str.to_datetime("%Y-%m-%dT%H:%M:%S%z", time_zone="UTC")
        for name in ("toegewezenOp", "afgehandeldOp")
    )
    assert ((done - asked).drop_nulls() >= timedelta(minutes=5)).all()
    days = done.drop_nulls().dt.convert_time_zone(ZONE).dt.date()
    assert all(CALENDAR.opening("stadhuis", "phone", day) for day in days.unique())
    assert set(tasks["status"]) == {"verwerkt", "te_verwerken"}
    still_open = tasks.filter(pl.col("status") == "te_verwerken")
    assert still_open["afgehandeldOp"].null_count() == still_open.height


def test_online_requests_are_a_workbook_of_days_and_products(folder):
    online = pl.read_excel(folder / "online.xlsx", sheet_name="Aanvragen")
    assert online.columns == ["Datum", "Product", "Aantal"]
    assert online["Datum"].dtype == pl.Date
    assert online["Aantal"].dtype == pl.Int64
    assert online["Datum"].max() == UNTIL
    assert (online.group_by("Datum").len()["len"] == 4).all()


def test_the_registry_gives_weeks_bands_and_districts_at_the_last_day(folder):
    stock = pl.read_parquet(folder / "expiries.parquet")
    assert stock.columns == [
        "Peildatum",
        "Document",
        "Week van afloop",
        "Leeftijdsklasse",
        "Wijk",
        "Soort",
        "Aantal",
    ]
    newest = stock.filter(pl.col("Peildatum") == UNTIL)
    assert set(newest["Wijk"]) == set(small().places["town"].districts)
    assert set(newest["Leeftijdsklasse"]) == set(BANDS)
    assert set(newest["Document"]) == {"Paspoort", "Identiteitskaart", "Rijbewijs"}
    assert (stock["Week van afloop"].dt.weekday() == 1).all()
    assert stock.drop("Aantal").is_unique().all()
    assert (stock["Aantal"] >= 1).all()
    assert max(newest["Week van afloop"].to_list()) > UNTIL + timedelta(days=9 * 365)


def test_a_district_never_gains_documents_between_two_extracts(folder):
    stock = pl.read_parquet(folder / "expiries.parquet")
    before, after = sorted(stock["Peildatum"].unique())[-3:-1]
    key = ["Document", "Week van afloop", "Leeftijdsklasse", "Wijk"]
    both = (
        stock.filter(pl.col("Peildatum") == after)
        .filter(pl.col("Week van afloop") < before + timedelta(weeks=255))
        .join(stock.filter(pl.col("Peildatum") == before), on=key, how="left")
    )
    assert both.height > 1000
    assert (both["Aantal"] <= both["Aantal_right"]).all()


def test_ninety_people_work_their_hours_on_days_that_fit(folder):
    people = pl.read_excel(folder / "team.xlsx", sheet_name="Medewerkers")
    assert people.columns == [
        "Code",
        "Weergavenaam",
        "Locatie",
        "Contracturen",
        "Werkdagen",
        "Bevoegdheden",
    ]
    assert people.height == 90
    hours = people["Contracturen"] / people["Werkdagen"].str.split(" ").list.len()
    assert hours.is_between(6, 9).all()
    able = people.filter(pl.col("Bevoegdheden").str.contains("counter"))
    at = dict(able.group_by("Locatie").len().iter_rows())
    assert at["noord"] == at["zuid"] == 11


def test_absence_names_people_and_days_and_no_reason(folder):
    absence = pl.read_excel(folder / "team.xlsx", sheet_name="Afwezigheid")
    people = pl.read_excel(folder / "team.xlsx", sheet_name="Medewerkers")
    assert absence.columns == ["Code", "Van", "Tot en met"]
    assert set(absence["Code"]) <= set(people["Code"])
    assert (absence["Van"] <= absence["Tot en met"]).all()
    assert (absence["Van"] > UNTIL).all()
    assert absence.select("Code", "Van").is_unique().all()


def test_no_file_shows_a_hidden_parameter(folder):
    truth = draw_truth(0, small())
    values = [*truth.hidden.values(), *truth.level.values(), *truth.handling.values()]
    written = [f.read_bytes() for f in folder.iterdir() if f.suffix in (".csv", ".txt")]
    for value in values:
        digits = f"{value:.6f}"
        for text in written:
            assert digits.encode() not in text
            assert digits.replace(".", ",").encode() not in text
