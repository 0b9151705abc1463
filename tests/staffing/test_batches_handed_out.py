"""The files of a batch: what they hold, that they stay the same, and that they are safe."""

import csv
import hashlib
import json
from datetime import date, timedelta
from zipfile import ZipFile

import polars as pl
import pytest

from forecasting.errors import InputError, MissingStepError
from forecasting.registry_tables import Suppressions
from staffing.pipeline.exporting_batch import export_batch, known_batches, not_sent
from staffing.pipeline.withdrawing import withdraw_batch
from staffing.reminders.batches.stored import batch_arms
from staffing.reminders.batches.tables import HELD_OUT, MAILED
from tests.adopting import adopt, record_of
from tests.staffing.batch_cases import (
    NEXT,
    NOW,
    WEEK,
    approved,
    cohorts,
    documents,
    letters,
    set_otherwise,
    write,
)
from tests.staffing.test_approving import named


@pytest.fixture
def home(new_home):
    workspace = new_home("home")
    approved(workspace, None, WEEK, NEXT)
    return workspace


def export(home, folder, **how):
    return export_batch(home, **{"week": WEEK, "now": NOW, "out": folder, **how})


def rows(file):
    with file.open(encoding="utf-8-sig", newline="") as handle:
        return list(csv.DictReader(handle, delimiter=";"))


def manifest(files):
    return json.loads(files[-1].read_text("utf-8"))


def reason(number: int) -> str:
    return "objected" if number % 9 == 0 else "applied" if number % 31 == 0 else ""


def stock(folder, each: int = 12):
    return write(folder / "refs.csv", documents(each, reason=reason))


def test_quotas_add_up_to_the_letters_approved_and_none_is_small(home, tmp_path):
    done = export(home, tmp_path / "out")
    names = [file.name for file in done.files]
    assert names == [
        "brieven-2027-W05.csv",
        "controlegroep-2027-W05.csv",
        "brieven-2027-W05-manifest.json",
    ]
    found = rows(done.files[0])
    planned = letters().filter(mailing_week=WEEK)
    for service in ("passport", "id_card", "licence"):
        told = sum(int(row["aantal"]) for row in found if row["document"] == service)
        assert told == planned.filter(service=service)["letters"].sum()
    assert all(int(row["aantal"]) >= 5 for row in found)
    assert {row["groep"] for row in found} == {"mailed"}
    assert {row["upl"] for row in found} == {
        "paspoort",
        "identiteitskaart",
        "rijbewijs",
    }
    whole = {
        (row["document"], row["vervalweek"], row["leeftijdsklasse"], row["wijk"])
        for row in found
    }
    assert len(whole) == len(found)
    assert any(row["wijk"] != "rest" for row in found)
    assert any(row["wijk"] == "rest" for row in found)


def test_the_quotas_told_are_those_of_the_plan(home, tmp_path):
    found = rows(export(home, tmp_path / "out").files[0])
    planned = {
        (service, f"{week:%G-W%V}", band, district): count
        for service, week, band, district, _, count in letters()
        .filter(mailing_week=WEEK)
        .iter_rows()
    }
    own = [row for row in found if row["wijk"] != "rest"]
    for row in own:
        key = (row["document"], row["vervalweek"], row["leeftijdsklasse"], row["wijk"])
        assert planned[key] == int(row["aantal"])


def test_the_manifest_says_why_who_when_how_many_and_how_long(home, tmp_path):
    done = export(home, tmp_path / "out", references=stock(tmp_path))
    told = manifest(done.files)
    assert told["purpose"]
    assert told["legal_basis"]
    assert told["objections"]
    assert told["made"] == {
        "by": "planner",
        "at": "2026-11-22T09:00:00+00:00",
        "login": "unverified",
    }
    assert told["approved"]["by"] == "Anna"
    assert told["approved"]["login"] == "unverified"
    assert told["channel"] == "letter"
    assert told["content"] == "references"
    last = max(cohort[1] for cohort in cohorts())
    assert told["retention"] == {
        "personal_data": "opaque references",
        "weeks_after_expiry": 26,
        "references_go_by": str(last + timedelta(weeks=27)),
    }
    assert told["hold_out"]["share"] == 0.1
    for file in done.files[:2]:
        digest = hashlib.sha256(file.read_bytes()).hexdigest()
        assert told["files_sha256"][file.name] == digest


def test_the_counts_of_the_manifest_are_those_of_the_lists_and_lose_nobody(
    home, tmp_path
):
    done = export(home, tmp_path / "out", references=stock(tmp_path))
    told = {row["service"]: row for row in manifest(done.files)["counts"]}
    lists = {MAILED: rows(done.files[0]), HELD_OUT: rows(done.files[1])}
    for service in ("passport", "id_card", "licence"):
        assert told[service]["all"] == 12 * 4 * 3 * 4
        for arm, found in lists.items():
            mine = [row for row in found if row["document"] == service]
            assert told[service][arm] == len(mine)
        parts = [
            n for name, n in told[service].items() if name not in ("service", "all")
        ]
        known = [n for n in parts if n is not None]
        assert sum(known) <= told[service]["all"]
        assert len(parts) > len(known)
    objected = told["all"]["suppressed: objected"]
    assert objected is not None
    assert objected > 100


def test_references_are_of_the_file_not_suppressed_and_in_one_arm(home, tmp_path):
    done = export(home, tmp_path / "out", references=stock(tmp_path))
    mailed, held = ({row["referentie"] for row in rows(f)} for f in done.files[:2])
    free = documents(12, reason=reason).filter(reason="")["reference"]
    assert mailed | held <= set(free)
    assert not mailed & held
    arms = batch_arms(home).filter(batch="2027-W05")
    assert arms.filter(arm=MAILED)["count"].sum() == len(mailed)
    assert arms.filter(arm=HELD_OUT)["count"].sum() == len(held)


@pytest.mark.parametrize("form", ["csv", "xlsx", "json"])
@pytest.mark.parametrize("referred", [False, True])
def test_exporting_twice_gives_the_same_bytes(home, tmp_path, form, referred):
    given = {"references": stock(tmp_path)} if referred else {}
    one = export(home, tmp_path / "one", format=form, **given).files
    later = NOW + timedelta(days=40)
    two = export(home, tmp_path / "two", format=form, now=later).files
    assert [file.read_bytes() for file in one] == [file.read_bytes() for file in two]
    if referred:
        again = export(home, tmp_path / "three", format=form, **given).files
        assert [f.read_bytes() for f in again] == [f.read_bytes() for f in one]


def test_excel_and_json_hold_what_csv_holds(home, tmp_path):
    given = {"references": stock(tmp_path)}
    plain = rows(export(home, tmp_path, **given).files[0])
    book = export(home, tmp_path, format="xlsx").files[0]
    sheet = pl.read_excel(book, sheet_name="Zending")
    assert sheet.to_dicts() == plain
    found = json.loads(export(home, tmp_path, format="json").files[0].read_text())
    assert [row["reference"] for row in found] == [row["referentie"] for row in plain]


def test_a_reference_that_looks_like_a_formula_is_text(home, tmp_path):
    table = documents(12).with_columns(
        reference=pl.concat_str(pl.lit("=cmd-"), "reference")
    )
    file = write(tmp_path / "r.csv", table)
    done = export(home, tmp_path, references=file)
    assert all(row["referentie"].startswith("'=cmd-") for row in rows(done.files[0]))
    book = export(home, tmp_path, format="xlsx").files[0]
    texts = pl.read_excel(book, sheet_name="Zending")["referentie"]
    assert texts.str.starts_with("=cmd-").all()
    with ZipFile(book) as inside:
        assert b"<f>" not in inside.read("xl/worksheets/sheet1.xml")


def test_a_link_that_leaves_the_folder_is_refused_before_anything_is_settled(
    home, tmp_path
):
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "brieven-2027-W05.csv").symlink_to(tmp_path / "elsewhere.csv")
    with pytest.raises(InputError, match="would leave the folder"):
        export(home, folder, references=stock(tmp_path))
    assert known_batches(home)[0][0].content is None


def test_other_references_than_before_are_refused(home, tmp_path):
    export(home, tmp_path, references=stock(tmp_path))
    other = write(tmp_path / "other.csv", documents(3))
    with pytest.raises(InputError, match="already with references of another file"):
        export(home, tmp_path, references=other)
    export(home, tmp_path, week=NEXT)
    with pytest.raises(InputError, match="already with quotas"):
        export(home, tmp_path, week=NEXT, references=other)


def test_a_file_that_is_refused_settles_nothing(home, tmp_path):
    before = home.ledger.trail()[-1].place
    bsn = documents(1).with_columns(
        reference=pl.when(pl.int_range(pl.len()) == 7)
        .then(pl.lit("123456782"))
        .otherwise("reference")
    )
    with pytest.raises(InputError, match="line 9, column 'reference'"):
        export(home, tmp_path / "out", references=write(tmp_path / "r.csv", bsn))
    far = [("passport", date(2029, 1, 1), "65+", "A")]
    file = write(tmp_path / "far.csv", documents(9, of=far))
    with pytest.raises(InputError, match="came none; nothing was changed"):
        export(home, tmp_path / "out", references=file)
    assert known_batches(home)[0][0].content is None
    assert home.ledger.trail()[-1].place == before
    assert list((tmp_path / "out").glob("*")) == []


def test_what_the_registry_did_not_send_is_told_by_reason_and_few_are_not(home):
    batch = known_batches(home)[0][0]
    assert not_sent(home, batch) == {}
    rows = [
        ("2027-W05", "objected", 12),
        ("2027-W05", "applied", 3),
        ("x", "blocked", 9),
    ]
    columns = Suppressions.column_names()
    frame = Suppressions.validate(pl.DataFrame(rows, schema=columns, orient="row"))
    record = record_of("registry", "suppressions", 3, now=NOW)
    adopt(home, record, {"suppressions": frame}, now=NOW)
    assert not_sent(home, batch) == {"applied": None, "objected": 12}


def test_letters_that_found_no_document_are_seen_in_the_manifest(home, tmp_path):
    done = export(home, tmp_path, references=stock(tmp_path, 3))
    told = manifest(done.files)
    assert told["letters_approved"] == done.batch.letters
    assert told["counts"][-1]["mailed"] == len(rows(done.files[0]))
    assert len(rows(done.files[0])) < done.batch.letters


def test_what_is_not_approved_is_not_handed_out(home, tmp_path):
    with pytest.raises(MissingStepError, match="approve --week 2027-W07"):
        export(home, tmp_path, week=NEXT + timedelta(weeks=1))
    with pytest.raises(InputError, match="csv, xlsx, json; came 'pdf'"):
        export(home, tmp_path, format="pdf")


def test_the_trail_tells_each_export_and_no_reference(home, tmp_path):
    export(home, tmp_path, references=stock(tmp_path))
    export(home, tmp_path, format="json")
    told = [(e.action, e.subject, e.detail) for e in home.ledger.trail()][-2:]
    assert told == [
        ("exported", "batch 2027-W05", "references as csv, unverified"),
        ("exported", "batch 2027-W05", "references as json, unverified"),
    ]
    assert not any("doc-" in f"{e.detail}{e.subject}" for e in home.ledger.trail())


def test_a_login_stands_behind_who_hands_a_batch_out(home, tmp_path):
    """Its step and every export in the trail tell so; the settings' actor is not named."""
    export(home, tmp_path, by="cor@stad.example", verified=True)
    step = known_batches(home)[0][0].steps["exported"]
    assert (step.by, step.verified) == ("cor@stad.example", True)
    entry = home.ledger.trail()[-1]
    assert entry.by == "cor@stad.example"
    assert "unverified" not in entry.detail
    export(home, tmp_path, by="Dora")
    assert "unverified" in home.ledger.trail()[-1].detail
    assert known_batches(home)[0][0].steps["exported"] == step


def test_with_an_identity_provider_only_a_login_hands_out(home, tmp_path):
    secured = named(home, "planner", identity_provider="https://login.example.nl")
    with pytest.raises(InputError, match=r"logged in at https://login.example.nl"):
        export(secured, tmp_path / "out")
    assert known_batches(home)[0][0].content is None
    assert export(secured, tmp_path, by="cor@stad.example", verified=True).files


def test_what_another_authority_wrote_about_counts_only_where_set(new_home, tmp_path):
    file = write(tmp_path / "r.csv", documents(12, reason=lambda _: "elsewhere"))
    home = new_home("home")
    approved(home)
    with pytest.raises(InputError, match="may get a letter, came none"):
        export(home, tmp_path, references=file)
    how = ("skip_elsewhere = true", "skip_elsewhere = false")
    other = set_otherwise(new_home("other"), tmp_path / "config", *how)
    approved(other)
    done = export(other, tmp_path, references=file)
    assert len(rows(done.files[0])) > 100


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("small_cell = 5", "small_cell = 50"),
        ("skip_elsewhere = true", "skip_elsewhere = false"),
        ("retention_weeks = ", "retention_weeks = 1"),
        ('purpose = "', 'purpose = "anders: '),
    ],
)
def test_a_batch_stays_as_it_was_approved_whatever_is_set_afterwards(
    new_home, tmp_path, old, new
):
    home = new_home("home")
    approved(home)
    before = [file.read_bytes() for file in export(home, tmp_path / "a").files]
    other = set_otherwise(home, tmp_path / "config", old, new)
    assert [f.read_bytes() for f in export(other, tmp_path / "b").files] == before


def test_some_documents_without_an_age_band_are_refused_not_dropped(new_home, tmp_path):
    band = pl.when(pl.int_range(pl.len()) == 7).then(pl.lit("")).otherwise("age_band")
    told = documents(12).with_columns(band.alias("age_band"))
    home = new_home("home")
    approved(home)
    with pytest.raises(InputError, match="age_band in each row or in none, came 1 row"):
        export(home, tmp_path, references=write(tmp_path / "r.csv", told))


def test_what_a_stopped_machine_left_half_written_goes_with_the_batch(
    new_home, tmp_path
):
    home = new_home("home")
    approved(home)
    done = export(home, home.settings.exports)
    draft = done.files[0].with_name(f".{done.files[0].name}.{'0f' * 16}")
    draft.write_text("half")
    withdraw_batch(home, week=WEEK, now=NOW, reason="wrong", by="Bea", not_sent=True)
    assert not list(home.settings.exports.iterdir())
