"""Personal data is seen by heading and by content; ordinary codes are let through."""

import random
import shlex
import uuid
from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest

from forecasting.errors import InputError
from forecasting.ingest.personal.refusing import refuse_personal, strip_remedy
from forecasting.ingest.readers.reading import read_file
from tests.forecasting.malformed import FIRST, MAPPINGS, SEEDS

RNG = random.Random(7)  # noqa: S311  # no secret


def passes(number: int) -> bool:
    """The 11-test, digit by digit."""
    digits = f"{number:09d}"
    weighed = sum((9 - i) * int(digits[i]) for i in range(8)) - int(digits[8])
    return weighed % 11 == 0


def numbers(count: int, *, good: bool, seed: int = 0) -> list[str]:
    """Numbers of nine digits that pass the test, or that do not."""
    rng = random.Random(seed)  # noqa: S311  # no secret
    found: list[str] = []
    while len(found) < count:
        number = rng.randrange(100_000_000, 1_000_000_000)
        if passes(number) == good and str(number) not in found:
            found.append(str(number))
    return found


BSN = numbers(40, good=True)
NO_BSN = numbers(400, good=False)


def what_of(values: Iterable[object], name: str = "kenmerk") -> str | None:
    """What a column is taken for, or nothing."""
    series = values if isinstance(values, pl.Series) else pl.Series(name, list(values))
    try:
        refuse_personal(Path("x.csv"), pl.DataFrame([series]).lazy(), (), "")
    except InputError as refusal:
        return str(refusal)
    return None


@pytest.mark.parametrize("distinct", [20, 21, 40])
def test_more_than_half_of_twenty_numbers_that_pass_is_always_refused(distinct):
    good = distinct // 2 + 1
    values = [*BSN[:good], *NO_BSN[: distinct - good]]
    assert "BSN" in (what_of(values) or "")
    assert "BSN" in (what_of(values * 50) or "")
    assert "BSN" in (what_of([int(value) for value in values]) or "")
    assert "BSN" in (what_of([float(value) for value in values]) or "")
    assert "BSN" in (what_of([f"{v[:4]}.{v[4:6]}.{v[6:]}" for v in values]) or "")


def test_numbers_of_which_one_in_eleven_passes_are_harmless():
    for seed in range(50):
        rng = random.Random(seed)  # noqa: S311  # no secret
        values = [str(rng.randrange(10**8, 10**9)) for _ in range(60)]
        assert what_of(values) is None


TEXTS = [
    "tel. met {} over paspoort",
    "Verzoek van burger, BSN {}, spoed",
    "zie dossier {} en bel terug",
]
NAMES = [
    ["J. de Vries", "A.B. Jansen", "P. van den Berg", "M.J.C. Bakker", "K. El Amrani"],
    ["Mevr. Jansen", "Dhr. de Boer", "mw. Smit", "De heer Visser", "Fam. Mulder"],
    ["Jansen, J.", "Vries, A.B. de", "Berg, P. van den", "Bakker, M."],
    [
        f"{first} {last}"
        for first in ("Jan", "Fenna", "Tygo", "Sanne")
        for last in ("Jansen", "de Vries", "Aalbers", "Zonneveld")
    ],
]
PEOPLE: dict[str, tuple[Iterable[object], str]] = {
    "in a text": ([TEXTS[i % 3].format(b) for i, b in enumerate(BSN)], "BSN"),
    "one in a text": ([TEXTS[0].format(123456782)], "BSN"),
    "seldom": ([*(f"vraag {i} over verhuizing" for i in range(900)), *BSN], "BSN"),
    "mail in a text": (["bel", "mail aan j.jansen@example.nl gestuurd"], "e-mail"),
    "initials": (NAMES[0], "a name"),
    "saluted": (NAMES[1] * 30, "a name"),
    "last name first": (NAMES[2], "a name"),
    "first and last": (NAMES[3], "a name"),
    "phones": ([f"06 {RNG.randrange(10**7, 10**8)}" for _ in range(30)], "phone"),
    "landlines": ([f"(0321) {RNG.randrange(10**5, 10**6)}" for _ in range(9)], "phone"),
    "without zero": ([RNG.randrange(610000000, 659999999) for _ in range(50)], "phone"),
    "abroad": ([f"+49{RNG.randrange(10**9, 10**10)}" for _ in range(9)], "phone"),
    "mobile in a text": (
        [f"terugbellen op 06-{RNG.randrange(10**7, 10**8)} na 5" for _ in range(9)],
        "phone",
    ),
    "postcodes": ([f"{1000 + 7 * i} AB" for i in range(30)], "address"),
    "whole addresses": ([f"Hof {i}, {8250 + i} CD Dronten" for i in range(9)], "addr"),
    "born": ([date(1930, 1, 1) + timedelta(days=997 * i) for i in range(30)], "birth"),
    "short years": (
        [
            (date(1970, 1, 1) + timedelta(days=397 * i)).strftime("%d-%m-%y")
            for i in range(12)
        ],
        "birth",
    ),
}


@pytest.mark.parametrize("case", PEOPLE)
def test_people_are_seen_in_a_column_with_an_innocent_name(case):
    values, what = PEOPLE[case]
    refusal = what_of(values)
    assert refusal is not None
    assert what in refusal
    assert "column 'kenmerk'" in refusal


CODES: dict[str, list[object]] = {
    "order numbers": list(range(202600001, 202600200)),
    "order numbers with zeros": [f"{i:010d}" for i in range(100000, 100500)],
    "zeros, nine digits": [f"{i:09d}" for i in range(10_000_000, 10_000_400)],
    "zaaknummers": [f"ZAAK-2026-{i:07d}" for i in range(500)],
    "a case in words": ["Zaak 202600123", "Zaak 202600124"],
    "short cases": [f"Z2026-{i:05d}" for i in range(500)],
    "uuids": [str(uuid.UUID(int=RNG.getrandbits(128))) for _ in range(500)],
    "links": [f"https://zaken.example.nl/api/v1/{i}" for i in NO_BSN],
    "products": ["Paspoort aanvragen", "Rijbewijs", "Aangifte geboorte", "VOG (COVOG)"],
    "lettered queues": ["A. Paspoort", "B. Rijbewijs", "C. Verhuizing"] * 80,
    "queues": ["KCC_Burgerzaken_NL", "14 0321", "Overige vragen", "BZ-1", "Q1"],
    "mailboxes": ["burgerzaken@dronten.nl", "info@dronten.nl"] * 40,
    "agents": [f"AG{i:03d}" for i in range(60)],
    "agent numbers": list(range(4001, 4090)),
    "own numbers": ["0321388911", "0321388912", "14 0321"] * 60,
    "stamps": [FIRST + timedelta(minutes=i) for i in range(300)],
    "written stamps": [f"2026-01-05T09:{i:02d}:00+01:00" for i in range(60)],
    "plain days": [f"{FIRST + timedelta(days=i):%Y%m%d}" for i in range(300)],
    "dutch plain days": [f"{FIRST + timedelta(days=i):%d%m%Y}" for i in range(300)],
    "end days": [date(9999, 12, 31), *(date(2026, 1, 1 + i) for i in range(8))],
    "seconds": [i * 7.25 for i in range(300)],
    "epochs": [1_767_600_000 + 900 * i for i in range(300)],
    "districts": ["Noord", "Zuid", "De Gors", "Centrum-West", "Oud-Zuilen"],
    "offices": ["Stadhuisplein 1", "Marktplein 12", "Dorpsstraat 3"] * 70,
    "weeks": ["2026-W01", "2026-W02", "2026-W53"],
    "ages": ["18-64", "65-69", "75+"],
    "yes": [True, False, True],
    "durations": [timedelta(seconds=i) for i in range(30)],
}


@pytest.mark.parametrize("case", CODES)
def test_ordinary_codes_are_no_personal_data(case):
    assert what_of(CODES[case]) is None


CALLED = [
    "BSN",
    "burgerservicenummer",
    "bsn_aanvrager",
    "Naam",
    "Achternaam",
    "voornamen",
    "volledigeNaam",
    "surname",
    "Full name",
    "customer_name",
    "Voorletters",
    "Adres",
    "Straatnaam",
    "Postcode",
    "huisnummer",
    "zip_code",
    "street",
    "E-mail",
    "emailadres",
    "email_address",
    "Telefoonnummer",
    "tel.nr",
    "phone",
    "Mobiel",
    "mobile number",
    "caller_id",
    "Geboortedatum",
    "geb. datum",
    "date of birth",
    "birthdate",
    "DOB",
    "hadBetrokkene.contactnaam.achternaam",
    "hadBetrokkene.volledigeNaam",
    "persoon.naam",
    "bezoekadres.postcode",
]


@pytest.mark.parametrize("heading", CALLED)
def test_a_heading_that_names_personal_data_is_refused(heading):
    assert "called like" in (what_of(["x", "y"], heading) or "")


INNOCENT = [
    "Wachtrij",
    "Productnaam",
    "Locatienaam",
    "queue_name",
    "zaaktype.naam",
    "kanaal.naam",
    "Gem. gesprekstijd (s)",
    "Aantal telefoongesprekken",
    "agent",
    "district",
    "Wijk",
    "Leeftijdsklasse",
    "services",
    "birth",
    "straatvegen",
    "publicId",
]


@pytest.mark.parametrize("heading", INNOCENT)
def test_an_innocent_heading_is_let_through(heading):
    assert what_of(["x", "y"], heading) is None


@pytest.mark.parametrize("heading", ["Telefoon", "E-mail", "telefoon_duplicated_0"])
def test_counts_per_channel_may_have_the_name_of_the_channel(heading):
    assert what_of(["12", "0", None, "7"], heading) is None
    assert what_of([12, 0, None, 7], heading) is None
    assert "called like" in (what_of(["12", "j@x"], heading) or "")


def test_nested_fields_and_lists_are_looked_into():
    rows = [
        {"digitaleAdressen": [{"soort": "x", "waarde": f"p{i}@example.nl"}]}
        for i in range(5)
    ]
    refusal = what_of(pl.DataFrame(rows).to_series())
    assert "digitaleAdressen.waarde" in (refusal or "")
    deep = [{"a": [{"b": {"c": [{"achternaam": "x"}]}}]}]
    assert "a.b.c.achternaam" in (what_of(pl.DataFrame(deep).to_series()) or "")


def test_what_comes_late_in_a_file_is_seen_too(tmp_path):
    late = pl.DataFrame({"id": range(60_000)}).with_columns(
        pl.when(pl.col("id") > 50_000).then(pl.lit("x@example.nl")).alias("veld")
    )
    with pytest.raises(InputError, match="column 'veld'"):
        refuse_personal(Path("a.csv"), late.lazy(), (), "")
    late.write_parquet(tmp_path / "a.parquet")
    rows = pl.scan_parquet(tmp_path / "a.parquet")
    with pytest.raises(InputError, match="column 'veld'"):
        refuse_personal(tmp_path / "a.parquet", rows, (), "")


def test_a_column_declared_harmless_is_let_through():
    rows = pl.DataFrame({"Naam": ["Stadskantoor"]}).lazy()
    refuse_personal(Path("a.csv"), rows, ("Naam",), "")


@pytest.mark.parametrize("name", ["calls.csv", "mijn export.csv", "l'an 2026.csv"])
def test_the_command_in_the_message_can_be_pasted_into_a_shell(name):
    command = strip_remedy(Path("/tmp") / name, "telephony").partition(": ")[2]  # noqa: S108  # no file is made
    words = shlex.split(command.removesuffix("."))
    assert words[:2] == ["piekwijzer", "strip"]
    assert words[2] == f"/tmp/{name}"  # noqa: S108  # no file is made
    assert words[-1] == "COPY.csv"


@pytest.mark.parametrize("seed", SEEDS, ids=lambda seed: seed.name)
def test_files_like_those_of_the_shipped_sources_hold_nothing_personal(seed, tmp_path):
    file = seed.write(tmp_path)
    mapping = MAPPINGS[seed.source].for_file(file)
    refuse_personal(file, read_file(file, mapping), mapping.harmless, "")


def test_real_exports_hold_nothing_personal(shared_data):
    for file in sorted(shared_data.rglob("*.csv")):
        separator = ";" if "call_log" in file.name else ","
        rows = pl.read_csv(file, separator=separator, infer_schema=False)
        harmless = ("name",) if "daily" in file.name else ()
        refuse_personal(file, rows.lazy(), harmless, "")
