"""A home folder with small frames made up for these tests, in the stored schemas."""

import atexit
import shutil
import tempfile
from collections.abc import Iterator
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Protocol

import polars as pl
import pytest
from playwright.sync_api import Browser
from streamlit import config
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

import dashboard.app.script
from forecasting.records import ImportRecord
from forecasting.settings import Settings
from forecasting.tables import Contacts, Rejects
from forecasting.workspace import Workspace
from tests.adopting import adopt
from tests.dashboard import made_up_promises
from tests.dashboard.chromium import launched
from tests.dashboard.made_up_agenda import (
    agenda,
    agenda_figures,
    what_if,
    what_if_figures,
)
from tests.dashboard.made_up_demand import (
    NOW,
    SERIES,
    WEEK,
    accuracy,
    demand,
    forecast,
    gaps,
    unmet,
)
from tests.dashboard.made_up_reasons import (
    causes,
    changes,
    effects,
    notices,
    outlook,
    outside,
    peaks,
    second_visits,
    verification,
)
from tests.dashboard.made_up_staffing import (
    closing,
    peak_weeks,
    people,
    pooled,
    reminder_figures,
    reminders,
    requirement,
    requirement_weeks,
    roster,
    simulated_slots,
    weekly_load,
    work,
)
from tests.empty_home import open_home

Stored = tuple[str, dict[str, str], dict[str, pl.DataFrame], dict[str, object]]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A real Chromium for the tests of one file, with an empty profile."""
    with launched() as browser:
        yield browser


def _record_imports(workspace: Workspace) -> None:
    contacts = Contacts.create_empty()
    rejects = pl.DataFrame(
        {
            "source": ["telephony"] * 3,
            "file": ["telefonie_2026.csv"] * 3,
            "line": [7, 19, 230],
            "column": ["offered", "offered", "start"],
            "value": ["-3", "-1", "31-02-2026"],
            "reason": ["negative count", "negative count", "unreadable date"],
        }
    )
    stored = (
        ("telephony", "contacts", "telefonie_2026.csv", 5200, 3, "contacts", contacts),
        ("people", "people", "medewerkers.xlsx", 20, 0, "people", people()),
    )
    for source, kind, file, rows, refused, dataset, frame in stored:
        owner = f"import-{source}"
        tables = {dataset: frame}
        if refused:
            tables["rejects"] = Rejects.validate(rejects, cast=True)
        record = ImportRecord(
            id=owner,
            source=source,
            kind=kind,
            file=file,
            sha256="0" * 64,
            rows_imported=rows,
            rows_rejected=refused,
            at=NOW - timedelta(hours=1),
        )
        adopt(workspace, record, tables, now=NOW)


def fill(home: Path) -> Workspace:
    """Store a made-up chain: every step has run once.

    It is made once and copied after that. A home that is there already keeps its files.
    """
    shutil.copytree(_filled(), home, dirs_exist_ok=True)
    return Workspace.open(Settings(home=home))


@cache
def _filled() -> Path:
    """A home with the made-up chain, to copy."""
    home = Path(tempfile.mkdtemp(prefix="piekwijzer-filled-")) / "home"
    atexit.register(shutil.rmtree, home.parent)
    _make(home).ledger.engine.dispose()
    return home


def _make(home: Path) -> Workspace:
    workspace = open_home(Settings(home=home))
    _record_imports(workspace)
    (home / "SYNTHETIC.txt").write_text("Made up for tests.\n", "utf-8")
    week = {"week": WEEK}
    short = {
        "location": "stadhuis",
        "skill": "counter",
        "start": "2027-01-11T09:00:00+00:00",
        "end": "2027-01-11T10:30:00+00:00",
        "short": 2,
        "quarters": 6,
        "reason": "Everyone who may do this already works.",
        "reason_nl": "Iedereen die dit mag, werkt al.",
    }
    runs: tuple[Stored, ...] = (
        (
            "forecast",
            {},
            {
                "demand": demand(),
                "forecast": forecast(),
                "accuracy": accuracy(),
                "gaps": gaps(),
                "unmet": unmet(),
                "causes": causes(),
                "peaks": peaks(),
                "verification": verification(),
                "changes": changes(),
                "effects": effects(),
                "second_visits": second_visits(),
                "outside_applied": outside(),
                "outlook": outlook(),
                "notices": notices(),
            },
            {
                "series": len(SERIES),
                "horizon_days": 180,
                "wape": 0.112,
                "wape_last_year": 0.163,
                "coverage90": 0.894,
                "history_first": "2024-01-01",
                "history_last": "2026-11-20",
            },
        ),
        (
            "requirement",
            {},
            {
                "requirement": requirement(),
                "requirement_weeks": requirement_weeks(),
                "closing": closing(),
                "pooled": pooled(),
                "weekly_load": weekly_load(),
                "work": work(),
            },
            {
                "required_hours": {WEEK: 430.0},
                "peak_weeks": peak_weeks(),
                "handling_measured": 0.43,
            },
        ),
        ("agenda", {}, agenda(), agenda_figures()),
        ("what_if", {}, what_if(), what_if_figures()),
        (
            "roster",
            week,
            roster(),
            {
                "required_hours": 430.0,
                "rostered_hours": 455.5,
                "people_rostered": 20,
                "hard_violations": 0,
                "gap": 0.012,
                "shortfalls": [short],
            },
        ),
        (
            "simulate",
            week,
            {"simulated_slots": simulated_slots()},
            {
                "within_25s": {"mean": 0.831, "low": 0.822, "high": 0.840},
                "weeks": {"q10": 0.76, "q90": 0.89},
                "skills": {
                    "phone": {
                        "within_target": {"mean": 0.831, "low": 0.822, "high": 0.840},
                        "abandoned_share": {"mean": 0.031, "low": 0.02, "high": 0.04},
                        "mean_wait_s": {"mean": 14.2, "low": 12.0, "high": 16.0},
                        "occupancy": 0.74,
                        "weeks": {"q10": 0.76, "q90": 0.89},
                        "weeks_on_target": 0.71,
                        "reasons": {"chance": 0.4, "absence": 0.35, "forecast": 0.25},
                        "after_closing_minutes": 12.0,
                        "target": 0.8,
                        "threshold_s": 25.0,
                    },
                    "counter": {
                        "within_target": {"mean": 0.874, "low": 0.861, "high": 0.887},
                        "abandoned_share": {"mean": 0.0, "low": 0.0, "high": 0.0},
                        "mean_wait_s": {"mean": 246.0, "low": 222.0, "high": 270.0},
                        "occupancy": 0.81,
                        "weeks": {"q10": 0.81, "q90": 0.93},
                        "weeks_on_target": 0.38,
                        "reasons": {"chance": 0.3, "absence": 0.5, "forecast": 0.2},
                        "after_closing_minutes": 85.0,
                        "target": 0.9,
                        "threshold_s": 900.0,
                    },
                },
            },
        ),
        (
            "reminders",
            {},
            reminders(),
            reminder_figures(),
        ),
        (
            "promises",
            {},
            made_up_promises.stored(),
            made_up_promises.promise_figures(),
        ),
    )
    made: dict[str, str] = {}
    for i, (kind, parameters, tables, figures) in enumerate(runs):
        inputs = [made["forecast"]] if kind == "requirement" else []
        key = workspace.key(kind, inputs, parameters, seed=0)
        workspace.store(key, tables, figures, now=NOW + timedelta(minutes=i))
        made[kind] = key.id
    exports = home / "exports"
    exports.mkdir()
    (exports / f"rooster_{WEEK}.csv").write_text("persoon;dag\n", "utf-8")
    return workspace


@pytest.fixture(scope="session", autouse=True)
def served_here_only() -> None:
    """Pages drawn without a server take themselves for one on this machine only."""
    config.set_option("server.address", "127.0.0.1")


@pytest.fixture(scope="session")
def full_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("full")
    fill(home)
    return home


@pytest.fixture
def empty_home(tmp_path: Path) -> Path:
    return tmp_path / "empty"


class Open(Protocol):
    """Opens a page of a home, with choices in its address."""

    def __call__(self, home: Path, page: str, **params: str) -> AppTest: ...


@pytest.fixture
def open_page(monkeypatch: pytest.MonkeyPatch) -> Open:
    first = next(iter(dashboard.app.script.PAGES))

    def open_page(home: Path, page: str, **params: str) -> AppTest:
        monkeypatch.setenv("PIEKWIJZER_HOME", str(home))
        test = AppTest.from_file(dashboard.app.script.__file__, default_timeout=60)
        for name, value in params.items():
            test.query_params[name] = value
        test._page_hash = calc_hash("" if page == first else page)
        return test.run()

    return open_page
