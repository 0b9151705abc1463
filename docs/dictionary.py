"""Writes data/README.md: every stored table with its columns, from schemas and records.

Run with `make docs`; a test fails when the page is behind the schemas.
"""

import inspect
import sys
from pathlib import Path

import dataframely as dy

import forecasting.insight_tables
import forecasting.opening
import forecasting.outside_tables
import forecasting.reactions.measured
import forecasting.registry_tables
import forecasting.tables
import staffing.agenda
import staffing.promises
import staffing.reminders.effect_tables
import staffing.reminders.scenarios.tables
import staffing.staff_tables
import staffing.tables
import staffing.whatif
from forecasting.records.ledger import Base

PAGE = Path(__file__).resolve().parents[1] / "data" / "README.md"
DATASETS = {
    "contacts": forecasting.tables.Contacts,
    "slots": forecasting.tables.SlotContacts,
    "bookings": forecasting.tables.BookedDays,
    "expiries": forecasting.tables.Expiries,
    "references": forecasting.registry_tables.References,
    "outcomes": forecasting.registry_tables.Outcomes,
    "outcome_references": forecasting.registry_tables.OutcomeReferences,
    "suppressions": forecasting.registry_tables.Suppressions,
    "planned_letters": forecasting.outside_tables.PlannedLetters,
    "outside_forecasts": forecasting.outside_tables.OutsideForecasts,
    "outside_applied": forecasting.outside_tables.OutsideApplied,
    "rejects": forecasting.tables.Rejects,
    "people": staffing.staff_tables.People,
    "absence": staffing.staff_tables.Absence,
    "availability": staffing.staff_tables.Availability,
    "wishes": staffing.staff_tables.Wishes,
    "protected_time": staffing.staff_tables.ProtectedTime,
    "opening": forecasting.opening.Opening,
    "closures": forecasting.opening.Closures,
    "limits": staffing.staff_tables.Limits,
    "published_shifts": staffing.staff_tables.PublishedShifts,
    "demand, requests": forecasting.tables.Demand,
    "handling_times": forecasting.tables.HandlingTimes,
    "no_shows": forecasting.tables.NoShows,
    "planned_visits": forecasting.tables.PlannedVisits,
    "booked_ahead": forecasting.tables.BookedAhead,
    "gaps": forecasting.tables.Gaps,
    "unmet": forecasting.tables.Unmet,
    "slot_demand": forecasting.tables.SlotDemand,
    "forecast": forecasting.tables.StoredForecast,
    "forecast_slots": forecasting.tables.SlotForecast,
    "accuracy": forecasting.tables.Accuracy,
    "causes": forecasting.insight_tables.Causes,
    "peaks": forecasting.insight_tables.Peaks,
    "effects": forecasting.insight_tables.Effects,
    "second_visits": forecasting.insight_tables.SecondVisits,
    "outlook": forecasting.insight_tables.Outlook,
    "issued": forecasting.insight_tables.Issued,
    "renewal_timing": forecasting.insight_tables.RenewalTiming,
    "dependence": forecasting.insight_tables.Dependence,
    "notices": forecasting.insight_tables.Notices,
    "verification": forecasting.insight_tables.Verification,
    "changes": forecasting.insight_tables.Changes,
    "requirement": staffing.tables.Requirement,
    "requirement_weeks": staffing.tables.RequirementWeeks,
    "closing": staffing.tables.Closing,
    "pooled": staffing.tables.Pooled,
    "weekly_load": staffing.tables.WeeklyLoad,
    "work": staffing.tables.SeriesWork,
    "agenda": staffing.agenda.Agenda,
    "agenda_days": staffing.agenda.AgendaDays,
    "agenda_staff": staffing.agenda.AgendaStaff,
    "what_if_people": staffing.whatif.WhatIfPeople,
    "what_if_targets": staffing.whatif.WhatIfTargets,
    "shifts": staffing.tables.Shifts,
    "activities": staffing.tables.Activities,
    "coverage": staffing.tables.Coverage,
    "simulated_slots": staffing.tables.SimulatedSlots,
    "promise_weeks": staffing.promises.PromiseWeeks,
    "promise_expected": staffing.promises.PromiseExpected,
    "letters": staffing.tables.Letters,
    "smoothing": staffing.tables.Smoothing,
    "letter_effects": staffing.reminders.effect_tables.LetterEffects,
    "letters_did": staffing.reminders.effect_tables.LettersDid,
    "measured_response": forecasting.reactions.measured.MeasuredResponse,
    "mailing_gains": staffing.tables.MailingGains,
    "mailing_scenarios": staffing.reminders.scenarios.tables.MailingScenarios,
}
HEAD = """\
# Data

This folder holds the database migrations (`migrations/`). What the product stores lives
in the home folder (`--home`), which is never part of the repository:

    home/piekwijzer.db     the database: imports, runs, roster versions, notes, batches, audit
    home/lake/DATASET/source=S/month=YYYY-MM/PART.parquet    rows of imports
    home/lake/DATASET/RUN.parquet                            tables that a run made
    home/exports/          what was handed out
    home/jobs/, uploads/   tasks started from the dashboard, a folder each

Rows of imports lie by source, and those with a time by their month as well. Beside the
rows of `contacts` lie their counts, `slots` and `bookings`: history reads the counts, and
they stay when rows are forgotten. A file in the lake counts only once its import or run
is committed in the database; see
[the store](../docs/store.md) for the database, the audit trail, backup and retention.
Times are UTC; weeks are named by their Monday; durations are seconds, work is hours.
No table holds data of residents beyond counts and opaque references.

The tables below are written from the schemas by `make docs`: those of the lake first,
then [those of the database](#the-database).
"""
LEDGER = """\
# The database

Its tables, as migrations make them in SQLite and in PostgreSQL. Columns with `by` and
`at` say who did it and when; rows of notes, kept standards and lines of the board are
never changed, only taken back (`withdrawn`).
"""


def describe(name: str, schema: type[dy.Schema]) -> str:
    """One table in Markdown: what it is, then a line for each column."""
    doc = inspect.cleandoc(schema.__doc__ or "")
    lines = [
        f"## {name}",
        "",
        doc,
        "",
        "| column | type | key | empty |",
        "|---|---|---|---|",
    ]
    for column, rule in schema.columns().items():
        kind = str(rule.dtype).replace("time_unit='us', time_zone='UTC'", "UTC")
        key = "key" if rule.primary_key else ""
        empty = "may be" if rule.nullable else ""
        lines.append(f"| {column} | {kind} | {key} | {empty} |")
    return "\n".join(lines)


def describe_record(record: type[Base]) -> str:
    """One table of the database in Markdown, as `describe` does one of the lake."""
    table = record.__table__
    lines = [
        f"## {table.name} (database)",
        "",
        inspect.cleandoc(record.__doc__ or ""),
        "",
        "| column | type | key | empty |",
        "|---|---|---|---|",
    ]
    for column in table.columns:
        key = "key" if column.primary_key else ""
        empty = "may be" if column.nullable else ""
        kind = type(column.type).__name__
        lines.append(f"| {column.name} | {kind} | {key} | {empty} |")
    return "\n".join(lines)


def records() -> list[type[Base]]:
    """The tables of the database, by name."""
    found = [mapper.class_ for mapper in Base.registry.mappers]
    return sorted(found, key=lambda record: str(record.__tablename__))


def page() -> str:
    """The whole page."""
    tables = [describe(name, schema) for name, schema in DATASETS.items()]
    kept = [describe_record(record) for record in records()]
    return "\n\n".join([HEAD.rstrip(), *tables, LEDGER.rstrip(), *kept]) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
    sys.stdout.write(f"Wrote {PAGE}\n")
