"""Small files of what others plan or expect: letters of batches, forecasts from outside."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

from tests.forecasting.export_files import Rows, dutch_csv, workbook

MONDAY = date(2026, 1, 5)


def planned_letters(i: int) -> dict[str, object]:
    mailing = MONDAY + timedelta(weeks=56 + i // 12)
    return {
        "Zending": f"2027-{i // 40 + 1:02d}",
        "Document": ("Paspoort", "Identiteitskaart", "Rijbewijs")[i % 3],
        "Verzendweek": mailing.isoformat(),
        "Week van afloop": (mailing + timedelta(weeks=10 + i % 2)).isoformat(),
        "Leeftijdsklasse": ("18-64", "65+")[i // 3 % 2],
        "Wijk": ("Binnenstad", "Noordoever")[i // 6 % 2],
        "Aantal brieven": 20 + i % 50,
        "Besloten op": "2026-11-16",
    }


def rvig_outlook(i: int) -> dict[str, object]:
    return {
        "Product": ("Paspoort", "Identiteitskaart")[i % 2],
        "Jaar": 2027 + i // 2,
        "Stijging in procenten": 12.5 - i % 50,
        "Basisjaar": 2025,
    }


def own_outlook(i: int) -> dict[str, object]:
    subjects = ("passport", "*/licence/application/*", "move")
    return {
        "Dienst of reeks": subjects[i % 3],
        "Periode": f"{2027 + i // 36}-{i // 3 % 12 + 1:02d}",
        "Aantal verwacht": 300.5 + i,
        "Volgens": "teamleider",
    }


Row = Callable[[int], dict[str, object]]
OUTSIDE: dict[str, tuple[str, str, Row, Callable[[Path, Rows], None]]] = {
    "planned letters": ("planned_letters", ".csv", planned_letters, dutch_csv),
    "rvig": ("rvig_outlook", ".xlsx", rvig_outlook, workbook("Prognose")),
    "outlook": ("own_outlook", ".csv", own_outlook, dutch_csv),
}
