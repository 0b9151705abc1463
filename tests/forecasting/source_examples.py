"""Small files as the real systems write them: one for each source that ships."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

from tests.forecasting.export_files import (
    Rows,
    bank_csv,
    dutch_csv,
    json_lines,
    parquet_of_times,
    plain_csv,
    workbook,
)
from tests.forecasting.outside_examples import OUTSIDE

ROWS = 120
MONDAY = date(2026, 1, 5)
TOWN_HALLS = ("Stadhuis", "Noord", "Zuid")


def moment(place: int, form: str = "%d-%m-%Y %H:%M") -> str:
    """The `place`th of many moments within opening hours, some days apart."""
    day, slot = divmod(place, 12)
    at = datetime.combine(MONDAY, datetime.min.time()) + timedelta(days=7 * (day // 5))
    at += timedelta(days=day % 5, hours=9, minutes=25 * slot)
    return f"{at:{form}}"


def reference(place: int, length: int = 24) -> str:
    digest = f"{(place + 1) * 0x9E3779B97F4A7C15F39CC0605CEDC834:032x}{place:04x}"
    return f"r{digest[-length + 1 :]}"


def uuid(place: int) -> str:
    text = reference(place, 33)[1:]
    return f"{text[:8]}-{text[8:12]}-4{text[13:16]}-a{text[17:20]}-{text[20:32]}"


def jcc(i: int) -> dict[str, object]:
    names = ("Paspoort", "Rijbewijs", "Identiteitskaart", "Verhuizing doorgeven")
    return {
        "publicId": reference(i),
        "creationDateTime": moment(i),
        "startDateTime": moment(i + 60),
        "endDateTime": moment(i + 61),
        "acitivityList": names[i % 4],
        "appointmentDuration": 12.5 if i % 2 else 15.0,
        "location": TOWN_HALLS[i % 3],
        "status": "noshow" if i % 29 == 7 else "cancelled" if i % 31 == 9 else "kept",
    }


def qmatic(i: int) -> dict[str, object]:
    names = ("Afhalen paspoort", "Afhalen rijbewijs", "Uittreksel BRP")
    left = i % 17 == 3
    return {
        "publicId": reference(i),
        "service": names[i % 3],
        "location": TOWN_HALLS[i % 3],
        "created": moment(i, "%Y-%m-%d %H:%M:%S"),
        "waitingTime": 60 + 7 * i % 600,
        "duration": 0 if left else 180 + 11 * i % 300,
        "additionalCustomerDuration": 0 if i % 4 else 45,
        "left": "true" if left else "false",
    }


def telephony(i: int) -> dict[str, object]:
    queues = ("Paspoort en ID-kaart", "Rijbewijs", "Verhuizen", "Overige vragen")
    offered = i % 9
    day, slot = divmod(i // 4, 34)
    at = datetime.combine(MONDAY + timedelta(day), datetime.min.time())
    at += timedelta(hours=8, minutes=30 + 15 * slot)
    return {
        "Interval start": f"{at:%d-%m-%Y %H:%M}",
        "Wachtrij": queues[i % 4],
        "Aangeboden": offered,
        "Beantwoord": offered - offered // 4,
        "Afgehaakt": offered // 4,
        "Beantwoord binnen 25 s": offered // 2,
        "Gem. gesprekstijd (s)": 180.5 + i if offered else None,
        "Gem. nawerktijd (s)": 30.0 if offered else None,
    }


def call_log(i: int) -> dict[str, object]:
    at = datetime(2026, 1, 5, 8) + timedelta(seconds=97 * i)  # noqa: DTZ001 (local)
    wait, gave_up = (13 * i) % 80, i % 11 == 5
    served = 0 if gave_up else 60 + (37 * i) % 400

    def clock(seconds: int) -> str:
        late = at + timedelta(seconds=seconds)
        return f"{late.hour}:{late:%M:%S}"

    return {
        "vru_line": f"AA01{i % 16:02d}",
        "call_id": 33000 + i,
        "priority": i % 3,
        "type": "PS",
        "date": f"{at:%Y-%m-%d}",
        "vru_entry": clock(-6),
        "vru_exit": clock(0),
        "vru_time": 6,
        "q_start": clock(0),
        "q_exit": clock(wait),
        "q_time": wait,
        "outcome": "HANG" if gave_up else "PHANTOM" if i % 40 == 39 else "AGENT",
        "ser_start": clock(wait),
        "ser_exit": clock(wait + served),
        "ser_time": served,
        "server": "NO_SERVER" if gave_up else f"S{i % 5}",
    }


def klantcontact(i: int) -> dict[str, object]:
    channels = ("e-mail", "terugbelverzoek", "e-mail", "telefoon", "contactformulier")
    return {
        "uuid": uuid(i),
        "kanaal": channels[i % 5],
        "onderwerp": ("Verhuizing", "Paspoort", "Rijbewijs")[i % 3],
        "plaatsgevondenOp": moment(i, "%Y-%m-%dT%H:%M:%S+01:00"),
        "indicatieContactGelukt": i % 7 != 0,
    }


def interne_taak(i: int) -> dict[str, object]:
    done = i % 6 != 0
    return {
        "uuid": uuid(i),
        "nummer": f"{i:010d}"[-6:],
        "gevraagdeHandeling": "Terugbellen",
        "status": "verwerkt" if done else "te_verwerken",
        "toegewezenOp": moment(i, "%Y-%m-%dT%H:%M:%SZ"),
        "afgehandeldOp": moment(i + 20, "%Y-%m-%dT%H:%M:%SZ") if done else None,
    }


def zaak(i: int) -> dict[str, object]:
    types = ("Verhuizing doorgeven", "Uittreksel BRP", "Rijbewijs verlengen")
    day = MONDAY + timedelta(i // 2)
    return {
        "uuid": uuid(i),
        "identificatie": f"ZAAK-2026-{i:06d}",
        "zaaktype": types[i % 3],
        "registratiedatum": day.isoformat(),
        "startdatum": day.isoformat(),
        "einddatum": (day + timedelta(i % 9)).isoformat() if i % 5 else None,
        "einddatumGepland": (day + timedelta(5)).isoformat(),
        "uiterlijkeEinddatumAfdoening": (day + timedelta(7)).isoformat(),
        "communicatiekanaal": "balie" if i % 13 == 4 else "website",
    }


def expiries(i: int) -> dict[str, object]:
    return {
        "Peildatum": "2026-09-30",
        "Document": ("Paspoort", "Identiteitskaart", "Rijbewijs")[i % 3],
        "Week van afloop": (MONDAY + timedelta(weeks=52 + i // 12)).isoformat(),
        "Leeftijdsklasse": ("18-64", "65+")[i // 3 % 2],
        "Wijk": ("Binnenstad", "Noordoever")[i // 6 % 2],
        "Soort": "outstanding" if i >= 60 else "issued",
        "Aantal": 5 + i % 40,
    }


def references(i: int) -> dict[str, object]:
    return {
        "Referentie": reference(i),
        "Document": ("Paspoort", "Identiteitskaart", "Rijbewijs")[i % 3],
        "Geldig tot": (MONDAY + timedelta(400 + i)).strftime("%d-%m-%Y"),
        "Wijk": ("Binnenstad", "Noordoever")[i % 2],
        "Leeftijdsklasse": ("18-64", "65+")[i % 2],
    }


def outcomes(i: int) -> dict[str, object]:
    return {
        "batch": f"2026-{i // 40 + 1:02d}",
        "arm": ("mailed", "held out")[i % 2],
        "stratum": ("passport 18-64", "passport 65+")[i // 2 % 2],
        "request_week": (MONDAY + timedelta(weeks=i // 4 % 10)).isoformat(),
        "count": i % 30,
    }


def requests(i: int) -> dict[str, object]:
    return {"reference": reference(i), "request_date": moment(i, "%Y-%m-%d")}


def suppressions(i: int) -> dict[str, object]:
    codes = ("geblokkeerd", "al aangevraagd", "afspraak gemaakt", "bezwaar")
    return {"batch": f"2026-{i // 4 + 1:02d}", "reason": codes[i % 4], "count": 3 * i}


def office_daily(i: int) -> dict[str, object]:
    return {
        "date": (MONDAY + timedelta(i // 2)).isoformat(),
        "source": ("essen", "graz")[i % 2],
        "name": ("Bürgeramt Essen", "Servicestelle Graz")[i % 2],
        "booked": 20 + i % 50,
        "cancelled": i % 9,
        "calendars": 22,
        "snapshots": 57 if i % 25 == 3 else 96,
    }


def office_hourly(i: int) -> dict[str, object]:
    day, hour = divmod(i // 2, 24)
    at = datetime.combine(MONDAY + timedelta(day), datetime.min.time())
    return {
        "hour": (at + timedelta(hours=hour)).isoformat(timespec="microseconds"),
        "source": ("essen", "frankfurtba")[i % 2],
        "booked": float(i % 7),
        "cancelled": float(i % 3),
    }


def cbs(i: int) -> dict[str, object]:
    months, regions = divmod(i, 6)
    region = ("NL01", "GM0014", "GM0344", "GM0363", "GM0599", "GM0855")[regions]
    moves = {"im_gm": 700 + i, "em_gm": 690, "im_nl": 120, "em_nl": 80, "corr": -4}
    return {
        "region": region,
        "period_start": date(2012 + months // 12, months % 12 + 1, 1).isoformat(),
        "ndays": 30,
        "pop_chg": 40 - i,
        "births": 200 + i,
        "deaths": 150,
        **moves,
    }


def weekly(i: int) -> dict[str, object]:
    names = ("Paspoort", "Identiteitskaart", "Rijbewijs")
    return {
        "Week": f"2026-W{i // 6 + 1:02d}",
        "Dienst": names[i % 3],
        "Kanaal": ("balie afspraak", "balie vrij")[i // 3 % 2],
        "Aantal": 4 + i % 25,
    }


def online(i: int) -> dict[str, object]:
    names = ("Rijbewijs", "Verhuizing doorgeven", "Uittreksel BRP")
    return {
        "Datum": MONDAY + timedelta(i // 3),
        "Product": names[i % 3],
        "Aantal": i % 40,
    }


EXAMPLES: dict[
    str,
    tuple[str, str, Callable[[int], dict[str, object]], Callable[[Path, Rows], None]],
] = {
    "jcc csv": ("jcc", ".csv", jcc, dutch_csv),
    "jcc parquet": (
        "jcc",
        ".parquet",
        jcc,
        parquet_of_times("creationDateTime", "startDateTime", "endDateTime"),
    ),
    "qmatic": ("qmatic", ".csv", qmatic, dutch_csv),
    "telephony": ("telephony", ".csv", telephony, dutch_csv),
    "call log": (
        "call_log",
        ".csv",
        call_log,
        bank_csv,
    ),
    "klantcontact csv": ("open_klant", ".csv", klantcontact, plain_csv),
    "klantcontact jsonl": ("open_klant", ".jsonl", klantcontact, json_lines),
    "messages": ("open_klant_messages", ".jsonl", klantcontact, json_lines),
    "tasks csv": ("open_klant_tasks", ".csv", interne_taak, plain_csv),
    "tasks jsonl": ("open_klant_tasks", ".jsonl", interne_taak, json_lines),
    "zaak csv": ("zaak", ".csv", zaak, plain_csv),
    "zaak jsonl": ("zaak", ".jsonl", zaak, json_lines),
    "expiries": ("registry_expiries", ".csv", expiries, dutch_csv),
    "references": ("registry_references", ".csv", references, dutch_csv),
    "outcomes": ("batch_outcomes", ".csv", outcomes, dutch_csv),
    "requests": ("batch_requests", ".csv", requests, dutch_csv),
    "suppressions": ("suppressions", ".csv", suppressions, dutch_csv),
    "cbs": ("cbs_monthly", ".csv", cbs, plain_csv),
    "office daily": ("office_daily", ".csv", office_daily, plain_csv),
    "office hourly": ("office_hourly", ".csv", office_hourly, plain_csv),
    "weekly": ("weekly_counts", ".xlsx", weekly, workbook("Tellingen")),
    "online": ("online_daily", ".xlsx", online, workbook("Aanvragen")),
    **OUTSIDE,
}
"""By name: the source, the suffix, a row by its place, and how the system writes it."""


def write_example(name: str, folder: Path, rows: int = ROWS) -> tuple[Path, str]:
    """Write an example; the file, and the source that reads it."""
    source, suffix, row, write = EXAMPLES[name]
    file = folder / f"{name.replace(' ', '_')}{suffix}"
    write(file, [row(i) for i in range(rows)])
    return file, source
