"""The documents are true: generated ones are up to date, commands named in them exist."""

import re
import runpy
from pathlib import Path

import dataframely as dy
import pytest
from sqlalchemy import inspect

import forecasting.insight_tables
import forecasting.opening
import forecasting.outside_tables
import forecasting.reactions.measured
import forecasting.registry_tables
import forecasting.tables
import staffing.agenda.tables
import staffing.promises.tables
import staffing.reminders.effect_tables
import staffing.reminders.scenarios.tables
import staffing.staff_tables
import staffing.tables
import staffing.whatif.tables
from dashboard.cli import app
from forecasting.settings import Settings
from forecasting.workspace import Workspace

ROOT = Path(__file__).resolve().parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


def test_the_data_dictionary_is_what_the_schemas_say():
    dictionary = runpy.run_path(str(ROOT / "docs" / "dictionary.py"))
    assert dictionary["PAGE"].read_text("utf-8") == dictionary["page"]()


def test_every_table_that_the_migrations_make_stands_in_the_data_dictionary(
    tmp_path: Path,
):
    ledger = Workspace.open(Settings(home=tmp_path)).ledger
    made = set(inspect(ledger.engine).get_table_names()) - {"alembic_version"}
    told = (ROOT / "data" / "README.md").read_text("utf-8")
    assert {name for name in made if f"## {name} (database)" not in told} == set()
    assert len(made) > 15


def test_every_stored_table_stands_in_the_data_dictionary():
    described = runpy.run_path(str(ROOT / "docs" / "dictionary.py"))[
        "DATASETS"
    ].values()
    modules = (forecasting.tables, forecasting.registry_tables, staffing.tables)
    more = (
        forecasting.insight_tables,
        forecasting.opening,
        forecasting.outside_tables,
        forecasting.reactions.measured,
        staffing.agenda.tables,
        staffing.promises.tables,
        staffing.reminders.effect_tables,
        staffing.reminders.scenarios.tables,
        staffing.staff_tables,
        staffing.whatif.tables,
    )
    schemas = {
        found
        for module in (*modules, *more)
        for found in vars(module).values()
        if isinstance(found, type) and issubclass(found, dy.Schema)
    }
    passed_on = {
        dy.Schema,
        forecasting.tables.Forecast,  # stored with more columns
        forecasting.outside_tables.KnownLetters,  # made of imports and batches
        staffing.agenda.tables.VisitsBooked,  # handed over, never stored
        staffing.promises.tables.PromiseDays,  # handed over, never stored
        staffing.reminders.effect_tables.BatchReferences,  # kept in the database
        staffing.reminders.effect_tables.Watched,  # handed over, never stored
    }
    assert schemas - passed_on == set(described)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_in_the_documents_exists(page: Path):
    import typer.main

    root = typer.main.get_command(app)
    commands = set(getattr(root, "commands"))  # noqa: B009
    named = re.findall(
        r"^\s*(?:\$ )?(?:\S*/)?piekwijzer ([\w-]+)", page.read_text(), re.M
    )
    assert set(named) <= commands


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_inside_the_project_leads_somewhere(page: Path):
    for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text()):
        assert (page.parent / target).exists(), target


def test_no_address_of_a_package_registry_stands_in_the_pins():
    pins = (ROOT / "constraints.txt").read_text()
    assert all(re.fullmatch(r"[\w.\-]+==[\w.+]+", pin) for pin in pins.split())
