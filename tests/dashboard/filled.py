"""A home folder with small frames made up for these tests, in the stored schemas."""

import atexit
import shutil
import tempfile
from datetime import timedelta
from functools import cache
from pathlib import Path

import polars as pl

from forecasting.records import ImportRecord
from forecasting.settings import Settings
from forecasting.tables import Contacts, Rejects
from forecasting.workspace import Workspace
from tests.adopting import adopt
from tests.dashboard import made_up_promises
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
    beside,
    causes,
    peaks,
)
from tests.dashboard.made_up_simulation import SIMULATE
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
                **beside(),
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
            SIMULATE,
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
