"""The roster of a week for the wall: an overview, a sheet per location, all shifts."""

from datetime import date
from pathlib import Path

from xlsxwriter.worksheet import Worksheet

from staffing.publish.duties import Duty
from staffing.publish.marks import PAUSE_MARK, Shown, skill_name
from staffing.publish.naming import sheet_names
from staffing.publish.sheets import WeekSheet, day_name
from staffing.publish.table import HEADINGS, table_rows
from staffing.publish.workbook import A4, ROW, SHORT_MARK, Workbook, number

OVERVIEW, TABLE = "Overzicht", "Diensten"
LETTERS = 30
"""So many small letters fit in the width of a day."""

WIDTHS = {
    "status": 13,
    "medewerker": 26,
    "locatie": 18,
    "pauze": 14,
    "hoofdactiviteit": 20,
    "activiteiten": 40,
    "blokken": 60,
    "begin_iso": 24,
    "einde_iso": 24,
}
LAST_PRINTED = "hoofdactiviteit"
"""The table is there to filter; on paper it goes no further than this column."""

FREE = "\u2013"


def write_wall(week: WeekSheet, file: Path) -> Path:
    """Write the overview, a sheet per location, and all shifts row by row."""
    book = Workbook(file, week)
    _overview(book, week)
    names = sheet_names(week.locations, (OVERVIEW, TABLE))
    for name, location in zip(names, week.locations, strict=True):
        _location(book, week, name, location)
    _table(book, week)
    book.save()
    return file


def _overview(book: Workbook, week: WeekSheet) -> None:
    headings = ["Locatie", "Werk", *(day_name(day) for day in week.days)]
    headings += ["Nodig", "Ingeroosterd", "Tekort (uur)"]
    title = f"Rooster {week.name}: bezetting per dag"
    sheet = book.sheet(OVERVIEW, title, len(headings))
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    note = f"Uren ingeroosterd / nodig; {SHORT_MARK} waar kwartieren tekortkomen."
    sheet.write_string(2, 0, note, book.stamp)
    book.headings(sheet, 3, headings)
    sheet.set_column(0, 1, 18)
    sheet.set_column(2, len(headings) - 1, 13)
    sheet.freeze_panes(4, 2)
    pairs = sorted({(cover.location, cover.skill) for cover in week.cover})
    for row, place in enumerate(pairs, 4):
        _cover_row(book, sheet, row, week, place)


def _cover_row(
    book: Workbook, sheet: Worksheet, row: int, week: WeekSheet, place: tuple[str, str]
) -> None:
    sheet.set_row(row, ROW)
    sheet.write_string(row, 0, place[0], book.name)
    sheet.write_string(row, 1, skill_name(place[1]), book.name)
    own = [c for c in week.cover if (c.location, c.skill) == place]
    by_day = {cover.day: cover for cover in own}
    for column, day in enumerate(week.days, 2):
        cover = by_day.get(day)
        short = cover is not None and cover.short > 0
        text = f"{cover.rostered:.1f} / {cover.required:.1f}" if cover else "-"
        text = text.replace(".", ",") + (f" {SHORT_MARK}" if short else "")
        sheet.write_string(row, column, text, book.short if short else book.plain)
    last = 2 + len(week.days)
    sheet.write_number(row, last, sum(c.required for c in own), book.hours)
    sheet.write_number(row, last + 1, sum(c.rostered for c in own), book.hours)
    missing = sum(cover.short for cover in own)
    sheet.write_number(row, last + 2, missing, book.short if missing else book.hours)


def _location(book: Workbook, week: WeekSheet, name: str, location: str) -> None:
    headings = ["Medewerker", *(day_name(day) for day in week.days), "Uren"]
    sheet = book.sheet(name, f"Rooster {week.name}: {location}", len(headings))
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    shown = week.shown(location)
    book.legend(sheet, 2, shown, first=1)
    sheet.write_string(2, 0, "Kleur: meeste uren", book.stamp)
    book.headings(sheet, 3, headings)
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, len(week.days), 21)
    sheet.set_column(len(week.days) + 1, len(week.days) + 1, 9)
    sheet.freeze_panes(4, 1)
    people = week.people_at(location)
    for row, (code, label) in enumerate(people.items(), 4):
        sheet.write_string(row, 0, label, book.name)
        by_day = week.shifts_of(code)
        sheet.set_row(row, _height(by_day, shown))
        for column, day in enumerate(week.days, 1):
            duties = by_day.get(day, [])
            _day_cell(book, sheet, (row, column), duties, location, shown)
        hours = _hours(by_day)
        sheet.write_number(row, len(week.days) + 1, hours, book.hours)


def _height(by_day: dict[date, list[Duty]], shown: dict[str, Shown]) -> int:
    """Points for the times and the activities, with room for those that need two lines."""
    long = any(
        len(_brief(duties, shown)) > LETTERS or len(duties) > 1
        for duties in by_day.values()
    )
    return 43 if long else 31


def _hours(by_day: dict[date, list[Duty]]) -> float:
    return sum(duty.hours for duties in by_day.values() for duty in duties)


def _day_cell(
    book: Workbook,
    sheet: Worksheet,
    at: tuple[int, int],
    duties: list[Duty],
    location: str,
    shown: dict[str, Shown],
) -> None:
    here = [duty for duty in duties if duty.location == location]
    if not here:
        elsewhere = "\n".join(f"{duty.times}\n{duty.location}" for duty in duties)
        sheet.write_string(*at, elsewhere or FREE, book.away)
        return
    duty = here[0]
    times = " ".join(one.times for one in here)
    main = shown.get(duty.main_activity)
    cell = book.cell(main)
    sheet.write_rich_string(
        *at, book.bold, times, book.small, f"\n{_brief(here, shown)}", cell
    )


def _brief(duties: list[Duty], shown: dict[str, Shown]) -> str:
    """Hours per activity by mark, and the break: `B 5  T 2,5  p 12:00-12:30`."""
    parts = [
        f"{shown[skill].mark} {number(hours)}"
        for duty in duties
        for skill, hours in duty.activities
        if skill in shown
    ]
    parts += [f"{PAUSE_MARK} {duty.pause}" for duty in duties if duty.pause]
    return "  ".join(parts) or "-"


def _table(book: Workbook, week: WeekSheet) -> None:
    sheet = book.book.add_worksheet(TABLE)
    sheet.set_paper(A4)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    book.marginals(sheet)
    book.headings(sheet, 0, HEADINGS)
    sheet.freeze_panes(1, 0)
    for column, name in enumerate(HEADINGS):
        sheet.set_column(column, column, WIDTHS.get(name, 10))
    rows = table_rows(week)
    sheet.print_area(0, 0, max(len(rows), 1), HEADINGS.index(LAST_PRINTED))
    for place, cells in enumerate(rows, 1):
        for column, cell in enumerate(cells):
            if isinstance(cell, float):
                sheet.write_number(place, column, cell)
            else:
                sheet.write_string(place, column, cell)
    sheet.autofilter(0, 0, max(len(rows), 1), len(HEADINGS) - 1)
