"""The words and the look of the template, told from the mappings."""

import json
from datetime import date

import fastexcel
import pytest
from typer.testing import CliRunner

from dashboard.cli import app
from dashboard.intake import TARGETS
from dashboard.labels.words import LANGUAGES
from dashboard.queries.imports import sources
from dashboard.template.layout import layouts
from dashboard.template.making import make_template
from dashboard.template.texts import template_text
from forecasting.errors import InputError
from forecasting.settings import Settings
from staffing import store
from tests.staffing.template_cases import bring

CONFIG = Settings().config


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_column_has_a_hint_and_every_example_fits_its_headings(language):
    text = template_text(language)
    _, sheets = layouts(CONFIG, TARGETS, language)
    assert {layout.kind for layout in sheets} == set(text.sheet)
    for layout in sheets:
        words = text.sheet[layout.kind]
        assert all(words.hint(column.name) for column in layout.columns)
        shown = [c for c in layout.columns if c.name in words.example_fields]
        assert {len(row) for row in words.example} == {len(shown)}
        for row in words.example:
            for value, column in zip(row, shown, strict=True):
                assert not (value and column.choices) or value in column.choices


def test_the_english_template_leaves_no_word_in_dutch():
    _, dutch = layouts(CONFIG, TARGETS, "nl")
    bundle, english = layouts(CONFIG, TARGETS, "en")
    said = set(bundle.words["en"])
    alike = {"Code", "BABS"}
    for layout in dutch:
        words = {layout.name, *(c.heading for c in layout.columns)}
        words |= {choice for c in layout.columns for choice in c.choices}
        assert words - said <= alike
    assert [layout.kind for layout in english] == [layout.kind for layout in dutch]


def test_a_template_of_a_new_home_offers_the_hours_of_the_policy(workspace, tmp_path):
    file = make_template(workspace, tmp_path / "t.xlsx", language="nl", filled=True)
    hours = store.calendar(workspace)
    bring(workspace, file)
    imported = store.calendar(workspace)
    assert imported.imported_hours
    for place in [(h.location, s) for h in hours.hours for s in h.skills]:
        for day in (date(2027, 1, 11 + i) for i in range(7)):
            assert imported.slots(*place, day) == hours.slots(*place, day)


def test_the_workbook_has_the_instructions_first_and_never_overwrites(
    workspace, tmp_path
):
    file = make_template(workspace, tmp_path / "t.xlsx", language="en", filled=False)
    assert fastexcel.read_excel(file).sheet_names[0] == "Instructions"
    with pytest.raises(InputError, match="expected a new file"):
        make_template(workspace, file, language="en", filled=False)
    with pytest.raises(InputError, match=r"ending in .xlsx"):
        make_template(workspace, tmp_path / "t.csv", language="nl", filled=False)


def test_the_pages_offer_the_workbook_and_not_its_sheets_one_by_one():
    offered = sources(Settings())
    assert "template" in offered
    assert "people" in offered
    assert not [name for name in offered if name.startswith("template_")]


def test_the_command_line_writes_checks_and_reads_the_workbook_back(tmp_path):
    def run(*words: str):
        done = CliRunner().invoke(app, [*words, "--home", str(tmp_path / "home")])
        return done.exit_code, done.output

    file = tmp_path / "t.xlsx"
    code, said = run("template", "--filled", "--lang", "en", "--out", str(file))
    assert (code, said.startswith(f"Wrote {file}.")) == (0, True)
    code, said = run("check", str(file), "--source", "template")
    assert code == 0
    assert said.startswith("Opening hours:")
    code, said = run("import", str(file), "--source", "template")
    assert code == 0
    assert "  Opening hours: 20 rows imported\n" in said
    empty = "Staff, Availability, Wishes, Protected time, Closures, Limits"
    assert f"(no rows): {empty}" in said
    code, said = run("import", str(file), "--source", "template", "--json")
    assert (code, json.loads(said)["already"]) == (0, True)
