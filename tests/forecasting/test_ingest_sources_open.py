"""Sources of the open standards: contacts and tasks of Open Klant, cases of ZGW."""

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

from forecasting.ingest import import_file
from forecasting.ingest.mapping import read_mapping
from forecasting.settings import Settings
from forecasting.workspace import Workspace
from tests.forecasting.export_files import json_lines
from tests.forecasting.source_examples import (
    interne_taak,
    klantcontact,
    uuid,
    write_example,
    zaak,
)

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
CONFIG = Settings().config


def bring(workspace: Workspace, file: Path, source: str) -> pl.DataFrame:
    result = import_file(workspace, file, source, now=NOW)
    assert result.rows_rejected == 0
    return workspace.imported(result.kind).filter(pl.col("source") == source).collect()


def series(frame: pl.DataFrame) -> list[str]:
    place = pl.concat_str("location", "service", "step", "channel", separator="/")
    return frame.select(place).to_series().to_list()


def test_open_klant_is_read_by_its_offsets_and_its_contents_never(workspace, tmp_path):
    text = (
        "uuid,kanaal,onderwerp,plaatsgevondenOp,indicatieContactGelukt,inhoud\n"
        "u1,e-mail,Verhuizing,2026-07-06T09:00:00+02:00,true,geheim\n"
    )
    (tmp_path / "k.csv").write_text(text, "utf-8")
    found = bring(workspace, tmp_path / "k.csv", "open_klant")
    assert found["start"].to_list() == [datetime(2026, 7, 6, 7, tzinfo=UTC)]
    assert series(found) == ["stadhuis/general/message/callback"]
    assert "geheim" not in str(found.rows())
    for source in ("open_klant", "open_klant_messages", "open_klant_tasks"):
        reads = read_mapping(CONFIG, source).columns
        assert not {"inhoud", "reactie", "toelichting", "gevraagdeHandeling"} & set(
            reads
        )


def test_calls_and_visits_in_the_contact_register_are_left_to_other_sources(
    workspace, tmp_path
):
    file, source = write_example("klantcontact jsonl", tmp_path)
    assert bring(workspace, file, source).height == 120 * 4 // 5


def test_both_formats_of_the_contact_register_name_the_same_rows(workspace, tmp_path):
    one = bring(workspace, *write_example("klantcontact csv", tmp_path))
    both = bring(workspace, *write_example("klantcontact jsonl", tmp_path))
    assert one.height == both.height


def test_a_task_waits_from_its_assignment_until_it_was_done(workspace, tmp_path):
    rows = [
        interne_taak(0)
        | {"toegewezenOp": "2026-10-24T12:00:00Z", "afgehandeldOp": None},
        interne_taak(1)
        | {
            "toegewezenOp": "2026-10-24T12:00:00+02:00",
            "afgehandeldOp": "2026-10-25T12:00:00+01:00",
        },
    ]
    json_lines(tmp_path / "t.jsonl", rows)
    found = bring(workspace, tmp_path / "t.jsonl", "open_klant_tasks").sort("start")
    assert found["wait_s"].to_list() == [25 * 3600.0, None]
    assert found["handling_s"].to_list() == [None, None]
    assert set(found["channel"]) == {"callback"}


def test_a_task_that_was_done_before_it_was_assigned_is_rejected(workspace, tmp_path):
    rows = [interne_taak(i) for i in range(99)]
    odd = interne_taak(100) | {"afgehandeldOp": "2025-01-01T09:00:00Z"}
    json_lines(tmp_path / "t.jsonl", [*rows, odd])
    result = import_file(workspace, tmp_path / "t.jsonl", "open_klant_tasks", now=NOW)
    assert result.reasons == {"afgehandeldOp: negative": 1}


def test_messages_and_tasks_together_count_each_request_once(workspace, tmp_path):
    contacts = [klantcontact(i) for i in range(100)]
    asked = [i for i in range(100) if contacts[i]["kanaal"] == "terugbelverzoek"]
    tasks = [
        interne_taak(i)
        | {"uuid": uuid(1000 + i), "aanleidinggevendKlantcontact": {"uuid": uuid(i)}}
        for i in asked
    ]
    json_lines(tmp_path / "k.jsonl", contacts)
    json_lines(tmp_path / "t.jsonl", tasks)
    alone = bring(workspace, tmp_path / "k.jsonl", "open_klant").height
    messages = bring(workspace, tmp_path / "k.jsonl", "open_klant_messages").height
    callbacks = bring(workspace, tmp_path / "t.jsonl", "open_klant_tasks").height
    assert callbacks == len(asked)
    assert messages + callbacks == alone


def test_cases_are_dated_by_day_with_their_lead_time_and_legal_term(
    workspace, tmp_path
):
    base = zaak(0) | {"registratiedatum": "2026-10-23"}
    ends = {"a": "2026-10-27", "b": "2026-11-09", "c": None}
    rows = [
        base
        | {"uuid": uuid(i), "zaaktype": zaaktype, "einddatum": ends[key]}
        | {"uiterlijkeEinddatumAfdoening": "2026-10-30"}
        for i, (key, zaaktype) in enumerate(
            [("a", "Verhuismelding"), ("b", "Uittreksel BRP"), ("c", "rijbVerlengen")]
        )
    ]
    json_lines(tmp_path / "z.jsonl", rows)
    found = bring(workspace, tmp_path / "z.jsonl", "zaak").sort(
        "service", descending=True
    )
    assert series(found) == [
        "stadhuis/move/processing/online",
        "stadhuis/licence/renewal/online",
        "stadhuis/extract/processing/online",
    ]
    assert found["wait_s"].to_list() == [4 * 86400.0, None, 17 * 86400.0]
    assert found["in_time"].to_list() == [1.0, None, 0.0]
    assert found["handling_s"].to_list() == [None] * 3
    assert set(found["period_s"]) == {86400}
    assert set(found["start"]) == {datetime(2026, 10, 22, 22, tzinfo=UTC)}


def test_a_register_that_names_case_types_by_address_needs_only_its_own_values(
    tmp_path,
):
    shutil.copytree(CONFIG, tmp_path / "config")
    mapping = tmp_path / "config" / "sources" / "zaak.toml"
    with mapping.open("a", encoding="utf-8") as file:
        file.write(f'"{uuid(7)}" = "move/processing/online"\n')
    address = f"https://open-zaak.example.nl/catalogi/api/v1/zaaktypen/{uuid(7)}"
    rows = [zaak(i) | {"zaaktype": address} for i in range(20)]
    (tmp_path / "z.jsonl").write_text("\n".join(map(json.dumps, rows)), "utf-8")
    home = Settings(home=tmp_path / "home", config=tmp_path / "config")
    found = bring(Workspace.open(home), tmp_path / "z.jsonl", "zaak")
    assert set(found["service"]) == {"move"}


def test_a_case_of_another_type_is_left_out_and_counted(workspace, tmp_path):
    rows = [zaak(i) | {"communicatiekanaal": "website"} for i in range(80)]
    rows += [zaak(80 + i) | {"zaaktype": "Kapvergunning"} for i in range(20)]
    json_lines(tmp_path / "z.jsonl", rows)
    result = import_file(workspace, tmp_path / "z.jsonl", "zaak", now=NOW)
    assert (result.rows_imported, result.rows_left_out) == (80, 20)
    assert result.rows_rejected == 0


def link(kind: str, place: int) -> dict[str, object]:
    address = f"https://register.example.nl/{kind}/api/v1/{uuid(9000 + place)}"
    return {"uuid": uuid(9000 + place), "url": address}


def whole_klantcontact(i: int) -> dict[str, object]:
    """A contact with every field that the interface gives."""
    lists = {
        "gingOverOnderwerpobjecten": [link("onderwerpobjecten", i)] if i % 3 else [],
        "hadBetrokkenActoren": [link("actoren", i)],
        "hadBetrokkenen": [link("betrokkenen", i)] if i % 2 else [],
        "leiddeTotInterneTaken": [link("internetaken", i)] if i % 5 == 1 else [],
        "omvatteBijlagen": [],
    }
    plain = {"nummer": f"{i:010d}", "inhoud": "", "taal": "nld", "vertrouwelijk": False}
    return {**link("klantcontacten", i), **lists, **plain, **klantcontact(i)}


def whole_interne_taak(i: int) -> dict[str, object]:
    around = {
        "aanleidinggevendKlantcontact": link("klantcontacten", i),
        "toegewezenAanActor": link("actoren", i),
        "toegewezenAanActoren": [link("actoren", i)],
        "toelichting": "",
    }
    return {**link("internetaken", i), **around, **interne_taak(i)}


def whole_zaak(i: int) -> dict[str, object]:
    """A case as its interface gives it, with the RSIN of a municipality."""
    nothing = dict.fromkeys(
        ("publicatiedatum", "hoofdzaak", "zaakgeometrie", "resultaat")
    )
    empty = {"rollen": [], "deelzaken": [], "kenmerken": [], "toelichting": ""}
    parts = {
        "bronorganisatie": "002220647",
        "verantwoordelijkeOrganisatie": "002220647",
        "communicatiekanaalNaam": "",
        "verlenging": {"reden": "", "duur": None},
        "opschorting": {"indicatie": False, "reden": ""},
        "status": f"https://open-zaak.example.nl/zaken/api/v1/statussen/{uuid(i)}",
        "vertrouwelijkheidaanduiding": "zaakvertrouwelijk",
    }
    return {**nothing, **empty, **parts, **zaak(i)}


@pytest.mark.parametrize(
    ("row", "source", "kept"),
    [
        (whole_klantcontact, "open_klant", 96),
        (whole_klantcontact, "open_klant_messages", 72),
        (whole_interne_taak, "open_klant_tasks", 120),
        (whole_zaak, "zaak", 111),
    ],
)
def test_objects_come_in_with_all_that_the_interface_puts_around_them(
    workspace, tmp_path, row, source, kept
):
    json_lines(tmp_path / "r.jsonl", [row(i) for i in range(120)])
    assert bring(workspace, tmp_path / "r.jsonl", source).height == kept
