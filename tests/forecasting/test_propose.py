"""A draft mapping from a file alone, for every export like a real one and for others."""

import contextlib
import json
import shutil
import tomllib
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import settings as limits
from hypothesis import strategies as st

from dashboard.intake import TARGETS as ALL_TARGETS
from forecasting.catalogue import Catalogue
from forecasting.errors import InputError
from forecasting.ingest import CONTACT_TARGETS, REGISTRY_TARGETS, propose_mapping
from forecasting.ingest.drafting import draft_import
from forecasting.ingest.mapping import SourceMapping, read_mapping
from forecasting.ingest.preview import check_file
from forecasting.ingest.products import check_products
from forecasting.ingest.proposals.guessing import guess_product
from forecasting.policy import load_policy
from forecasting.settings import Settings
from tests.forecasting.source_examples import EXAMPLES, write_example
from tests.typed import typed

CONFIG = Settings().config
CATALOGUE = load_policy(CONFIG / "catalogue.toml", Catalogue)
TARGETS = {**CONTACT_TARGETS, **REGISTRY_TARGETS}


def proposed(file: Path) -> SourceMapping:
    text = propose_mapping(file, ALL_TARGETS, CATALOGUE)
    return SourceMapping.model_validate(tomllib.loads(text))


def accepted(file: Path, mapping: SourceMapping) -> pl.DataFrame:
    draft = draft_import(file, "draft", mapping, TARGETS[mapping.kind])
    return draft.accepted().collect()


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_proposal_for_an_export_reads_it_as_its_own_mapping_does(tmp_path, name):
    file, source = write_example(name, tmp_path)
    own, draft = read_mapping(CONFIG, source), proposed(file)
    draft = draft.model_copy(update={"harmless": own.harmless})
    check_products(CONFIG, "draft", draft)
    assert draft.kind == own.kind
    assert file.suffix != ".csv" or draft.csv.separator == own.csv.separator
    mine, theirs = accepted(file, draft), accepted(file, own)
    assert mine.height >= 0.9 * theirs.height
    if own.kind == "contacts" and source != "call_log":  # which is moved by years
        assert set(theirs["start"]) <= set(mine["start"])
        assert set(theirs["period_s"]) == set(mine["period_s"])


UNTOUCHED = ["jcc csv", "jcc parquet", "qmatic", "telephony", "expiries", "outcomes"]


@pytest.mark.parametrize("name", UNTOUCHED)
def test_the_proposal_needs_no_change_to_give_the_same_contacts(tmp_path, name):
    file, source = write_example(name, tmp_path)
    own, draft = read_mapping(CONFIG, source), proposed(file)
    columns = TARGETS[own.kind].schema.column_names()
    same = [c for c in columns if c not in ("row_id", "source")]
    mine, theirs = accepted(file, draft)[same], accepted(file, own)[same]
    assert mine.equals(theirs)


def test_a_proposal_saved_in_the_folder_of_sources_checks_its_file(tmp_path):
    shutil.copytree(CONFIG, tmp_path / "config")
    file, _ = write_example("telephony", tmp_path)
    text = propose_mapping(file, TARGETS, CATALOGUE)
    (tmp_path / "config" / "sources" / "queues.toml").write_text(text, "utf-8")
    settings = Settings(home=tmp_path / "home", config=tmp_path / "config")
    rows = check_file(settings, file, "queues", TARGETS, rows=120)
    assert rows["problem"].null_count() == 120


def test_the_command_prints_the_proposal_and_where_it_belongs(tmp_path):
    file, _ = write_example("qmatic", tmp_path)
    words = ("check", str(file), "--propose", "--source", "tickets", "--json")
    done = typed(*words, home=tmp_path / "home")
    assert done.returncode == 0, done.stderr
    toml = json.loads(done.stdout)["toml"]
    assert toml.startswith("# Save as ")
    assert "sources/tickets.toml" in toml.splitlines()[0]
    assert SourceMapping.model_validate(tomllib.loads(toml)).kind == "contacts"


FOREIGN = """\
Date,Time,Service,Site,Talk time,Phone
1/13/2026,9:05,Passport renewal,City Hall,3:25,0612345678
1/14/2026,14:10,Driving licence,City Hall,1:02:05,0612345679
1/15/2026,10:00,Something else,West Office,0:45,0612345670
"""


def test_a_foreign_file_is_read_by_evidence_and_its_personal_column_is_named(tmp_path):
    file = tmp_path / "visits.csv"
    file.write_text(FOREIGN, "utf-8")
    text = propose_mapping(file, TARGETS, CATALOGUE)
    draft = SourceMapping.model_validate(tomllib.loads(text))
    assert draft.fields["start"].formats == ("%m/%d/%Y %H:%M",)
    assert "'Phone' looks personal and must not be read" in text
    assert "Phone" not in draft.columns
    stripped = tmp_path / "stripped.csv"
    pl.read_csv(file).drop("Phone").write_csv(stripped)
    found = accepted(stripped, draft)
    assert found["handling_s"].to_list() == [205.0, 3725.0, 45.0]
    assert found["start"][0] == datetime(2026, 1, 13, 8, 5, tzinfo=UTC)
    assert found["service"].to_list() == ["passport", "licence", "general"]
    assert set(found["location"]) == {"city_hall", "west_office"}


def test_totals_per_interval_become_a_mean_per_call(tmp_path):
    file = tmp_path / "queues.csv"
    file.write_text(
        "Interval;Queue;Offered;Answered;Abandoned;Total talk time (min)\n"
        "05-01-2026 09:00;Verhuizen;10;8;2;40,0\n"
        "05-01-2026 09:30;Verhuizen;0;0;0;0,0\n",
        "utf-8",
    )
    found = accepted(file, proposed(file))
    assert found["handling_s"].to_list() == [300.0, 0.0]
    assert found["period_s"].to_list() == [1800, 1800]
    assert found["channel"].to_list() == ["phone", "phone"]


@pytest.mark.parametrize(
    ("dates", "form", "unsure"),
    [
        (["13-01-2026", "02-03-2026"], "%d-%m-%Y", False),
        (["01/13/2026", "02/03/2026"], "%m/%d/%Y", False),
        (["01-02-2026", "03-04-2026"], "%d-%m-%Y", True),
        (["2026-W01", "2026-W53"], "%G-W%V", False),
        (["2026-01", "2026-12"], "%Y-%m", False),
        (["13.01.2026 09:00:00", "14.01.2026 23:59:59"], "%d.%m.%Y %H:%M:%S", False),
    ],
)
def test_the_form_of_dates_is_found_by_what_can_be_read(tmp_path, dates, form, unsure):
    file = tmp_path / "f.csv"
    pl.DataFrame({"Datum": dates, "Product": "Paspoort", "Aantal": 2}).write_csv(file)
    text = propose_mapping(file, TARGETS, CATALOGUE)
    assert tomllib.loads(text)["fields"]["start"]["formats"] == [form]
    assert ("day first or month first?" in text) is unsure


@pytest.mark.parametrize(
    ("text", "channel", "product", "sure"),
    [
        ("Ophalen rijbewijs", "walk_in", "licence/collection/walk_in", True),
        ("Rijbewijs", "walk_in", "licence/collection/walk_in", False),
        ("VOG aanvragen", "walk_in", "conduct/application/walk_in", True),
        ("Aangifte geboorte", "appointment", "birth/declaration/appointment", True),
        ("Vestiging vanuit het buitenland", "appointment", None, True),
        ("Rijbewijs", "callback", "general/message/callback", False),
        ("Kapvergunning", "phone", "general/question/phone", False),
    ],
)
def test_a_product_is_guessed_from_its_name_and_channel(text, channel, product, sure):
    wanted = product or "registration_abroad/application/appointment"
    assert guess_product(text, channel, CATALOGUE) == (wanted, sure)


TEAM = """\
Code;Weergavenaam;Locatie;Contracturen;Werkdagen;Bevoegdheden
T01;Medewerker 01;Stadhuis;28;ma di wo;phone counter
T02;Medewerker 02;Noord;36,5;ma di do vr;counter
"""


def test_a_list_of_staff_is_proposed_as_people_with_their_words(tmp_path):
    (tmp_path / "team.csv").write_text(TEAM, "utf-8")
    text = propose_mapping(tmp_path / "team.csv", ALL_TARGETS, CATALOGUE)
    draft = SourceMapping.model_validate(tomllib.loads(text))
    assert draft.kind == "people"
    found = draft_import(tmp_path / "team.csv", "d", draft, ALL_TARGETS["people"])
    people = found.accepted().collect()
    assert people["working_days"].to_list()[0] == ["mon", "tue", "wed"]
    assert people["contract_hours"].to_list() == [28.0, 36.5]
    assert people["location"].to_list() == ["stadhuis", "noord"]


def test_what_people_wrote_is_no_product_and_is_not_repeated(tmp_path):
    free = [f"Vraag van mevrouw {chr(65 + i)}. Jansen" for i in range(26)]
    named = ["Paspoort"] * 25 + ["Paspoort jan@voorbeeld.nl"]
    frame = pl.DataFrame({"Datum": "2026-01-05", "Onderwerp": free, "Dienst": named})
    for kept in ("Onderwerp", "Dienst"):
        file = tmp_path / f"{kept}.csv"
        frame.select("Datum", kept).write_csv(file)
        text = propose_mapping(file, TARGETS, CATALOGUE)
        assert "Jansen" not in text
        assert "jan@" not in text


def test_a_file_without_dates_is_refused_with_what_to_do(tmp_path):
    (tmp_path / "f.csv").write_text("a,b\n1,x\n2,y\n", "utf-8")
    with pytest.raises(InputError, match=r"found none\. Describe the source by hand"):
        propose_mapping(tmp_path / "f.csv", TARGETS, CATALOGUE)


TEXTS = st.text(
    st.characters(
        codec="utf-8", exclude_characters='\0\r\n"', exclude_categories=["Cs"]
    ),
    max_size=12,
)


@given(
    st.lists(TEXTS, min_size=1, max_size=5, unique=True),
    st.lists(st.lists(TEXTS, min_size=5, max_size=5), min_size=1, max_size=6),
)
@limits(deadline=None, max_examples=30)
def test_whatever_the_file_the_proposal_is_a_valid_mapping(
    tmp_path_factory, heads, rows
):
    file = tmp_path_factory.mktemp("any") / "f.csv"
    columns = {f"{head} {i}": [row[i] for row in rows] for i, head in enumerate(heads)}
    frame = pl.DataFrame(columns | {"Datum": ["2026-01-05"] * len(rows)})
    frame.write_csv(file, separator=";")
    with contextlib.suppress(InputError):
        assert proposed(file).fields["start"].names


def test_a_date_and_a_time_beside_a_count_are_read_together(tmp_path):
    lines = ["Datum;Tijd;Wachtrij;Aangeboden;Gesprekstijd"]
    lines += [
        f"{day:02d}-10-2026;{hour}:{quarter:02d};Rijbewijs;{hour};{hour}:05"
        for day in range(12, 17)
        for hour in (9, 10, 11)
        for quarter in (0, 15, 45)
    ]
    file = tmp_path / "queues.csv"
    file.write_text("\n".join(lines), "utf-8")
    mapping = proposed(file)
    assert mapping.fields["start"].names == ("Datum", "Tijd")
    assert mapping.constants["period_s"] == 900
    rows = accepted(file, mapping)
    assert rows["start"].n_unique() == 45
    assert rows["count"].sum() == 5 * 3 * (9 + 10 + 11)


@pytest.mark.parametrize(
    ("numbers", "total"), [(("1.200", "1.300"), 2500), (("1.250", "12.5"), 13.75)]
)
def test_thousands_of_a_dutch_spreadsheet_are_no_decimals(tmp_path, numbers, total):
    rows = [f"2026-0{n + 1};{text};Paspoort" for n, text in enumerate(numbers)]
    file = tmp_path / "months.csv"
    file.write_text("\n".join(["Maand;Aantal;Dienst", *rows]), "utf-8")
    assert accepted(file, proposed(file))["count"].sum() == total
